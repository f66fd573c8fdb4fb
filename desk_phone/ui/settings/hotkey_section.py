"""Settings: the keys that call the number on the clipboard, and what they do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from desk_phone.app.hotkey import HotkeyDesk
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model import shortcut
from desk_phone.model.clipping import HotkeyMode
from desk_phone.settings import Settings
from desk_phone.system.hotkey import HotkeyState, Standing
from desk_phone.ui.buttons import push_button, show_chosen, when_chosen
from desk_phone.ui.choices import wrapped
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.settings.section import SectionFrame

COMMAND = "desk-phone dial-clipboard"
_MODIFIER_KEYS = (
    *(Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr),
)
_NAMES = {
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Insert: "insert",
    Qt.Key.Key_Delete: "delete",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_End: "end",
    Qt.Key.Key_PageUp: "pageup",
    Qt.Key.Key_PageDown: "pagedown",
    Qt.Key.Key_Pause: "pause",
    Qt.Key.Key_Print: "print",
}
_HELD = {
    Qt.KeyboardModifier.ControlModifier: "Ctrl",
    Qt.KeyboardModifier.AltModifier: "Alt",
    Qt.KeyboardModifier.ShiftModifier: "Shift",
    Qt.KeyboardModifier.MetaModifier: "Super",
}


class KeysField(QLineEdit):
    """Shows the keys, and takes new ones as they are pressed; Tab and Esc go on doing their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, readOnly=True)
        self.pressed_keys = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) or (plain and key == Qt.Key.Key_Escape):
            super().keyPressEvent(event)
        elif key not in _MODIFIER_KEYS:
            held = [word for modifier, word in _HELD.items() if event.modifiers() & modifier]
            self.pressed_keys = "+".join((*held, _word(key)))
            self.returnPressed.emit()


def _word(key: Qt.Key) -> str:
    """``?`` for a key that can be none: it is refused with the reason."""
    if key in _NAMES:
        return _NAMES[key]
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F24:
        return f"f{key - Qt.Key.Key_F1 + 1}"
    return chr(key) if 0x20 < key < 0x7F else "?"


class HotkeySection(SectionFrame):
    def __init__(
        self, hotkey: HotkeyDesk, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Hotkey"), parent)
        self._hotkey, self._preferences = hotkey, preferences
        self.on = wrapped(QCheckBox(tr("Call the copied or selected number by a hotkey")))
        self.keys = KeysField()
        self.again = push_button(tr("Try again"))
        self.modes = {
            HotkeyMode.ASK: wrapped(QRadioButton(tr("Ask before the call"))),
            HotkeyMode.AT_ONCE: wrapped(
                QRadioButton(tr("Call at once if it is one ordinary Estonian number"))
            ),
            HotkeyMode.PALETTE: wrapped(QRadioButton(tr("Only open the call window"))),
        }
        self._build()
        self._status = self.add_sentence("", "small")
        self._wire()
        self._show()
        self.lock(preferences, hotkey_on=self.on, hotkey=self.keys)
        self.lock(preferences, hotkey_mode=(self._what, *self.modes.values()))

    def focus_first(self) -> None:
        self.on.setFocus()

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        self.add_sentence(
            tr("Copy or select a number in any window, then press the keys: your phone rings.")
        )
        self.column.addWidget(self.on)
        self.add_field(tr("Keys (click here and press them)"), self.keys)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.keys)
        row.addWidget(self.again)
        row.addStretch(1)
        self.column.addLayout(row)
        self._what = plain_label(tr("What the keys do"))
        self.column.addSpacing(4)
        self.column.addWidget(self._what)
        self._group = QButtonGroup(self)
        for button in self.modes.values():
            self._group.addButton(button)
            self.column.addWidget(button)

    def _wire(self) -> None:
        self.on.clicked.connect(lambda on: self._preferences.change(hotkey_on=on))
        self.keys.returnPressed.connect(self._take_keys)
        self.again.clicked.connect(self._hotkey.try_again)
        for mode, button in self.modes.items():
            when_chosen(button, partial(self._preferences.change, hotkey_mode=str(mode)))
        self._preferences.changed.connect(self._show)
        self._hotkey.state_changed.connect(self._show)

    def _take_keys(self) -> None:
        try:
            keys = str(shortcut.read(self.keys.pressed_keys))
        except BadInput as error:
            self._say(f"{error.title}. {error.message}", "bad")
        else:
            self._preferences.change(hotkey=keys)
            self._show()

    def _show(self) -> None:
        settings, state = self._preferences.settings, self._hotkey.state
        self.on.setChecked(settings.hotkey_on)
        self.keys.setText(state.shown or settings.hotkey)
        self.keys.setEnabled(settings.hotkey_on)
        known = settings.hotkey_mode in set(HotkeyMode)
        chosen = HotkeyMode(settings.hotkey_mode) if known else HotkeyMode.ASK
        show_chosen(self.modes[chosen])
        for button in self.modes.values():
            button.setEnabled(settings.hotkey_on)
        is_bad = state.standing in (Standing.TAKEN, Standing.NO_KEY, Standing.IMPOSSIBLE)
        self.again.setVisible(settings.hotkey_on and state.standing is Standing.TAKEN)
        self._say(standing(settings, state), "bad" if is_bad and settings.hotkey_on else "small")

    def _say(self, text: str, role: str) -> None:
        self._status.setText(text)
        give_role(self._status, role)


def standing(settings: Settings, state: HotkeyState) -> str:
    """How it stands with the keys, in words."""
    if not settings.hotkey_on:
        return tr("Off.")
    keys = {"keys": state.shown or settings.hotkey, "command": COMMAND}
    said = {
        Standing.OFF: tr("Off: the desktop did not give the keys."),
        Standing.ASKED: tr("Not assigned yet: choose the keys in the desktop's own settings."),
        Standing.ASSIGNED: tr("%(keys)s is ours."),
        Standing.TAKEN: tr("Another program has %(keys)s. Choose other keys, or quit it."),
        Standing.NO_KEY: tr("This keyboard cannot give %(keys)s. Choose other keys."),
        Standing.IMPOSSIBLE: tr(
            "This desktop gives no hotkeys to programs. In its keyboard settings bind a key to the "
            "command %(command)s"
        ),
    }
    return said[state.standing] % keys
