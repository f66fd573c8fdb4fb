"""The hotkey: what was copied or selected is read, and what it is meant for is told."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput
from desk_phone.model import shortcut
from desk_phone.model.clipping import HotkeyMode, Wish, wish
from desk_phone.settings import Settings
from desk_phone.system.bus import Bus
from desk_phone.system.clipboard import Clipboard, QtClipboard, X11Clipboard
from desk_phone.system.hotkey import Hotkey, HotkeySignals, HotkeyState, NoHotkey
from desk_phone.system.x11 import NoDisplay, is_x11

log = logging.getLogger(__name__)


class HotkeyDesk(QObject):
    """Holds the hotkey that the settings say, and tells a `Wish` when it is pressed.

    ``clipboard`` reads where X11 does not. ``state`` says whether the keys are ours.
    """

    wished = Signal(object)  # Wish
    state_changed = Signal()

    def __init__(
        self,
        preferences: Preferences,
        colleagues: Callable[[], frozenset[str]],
        bus: Bus,
        clipboard: Callable[[], str],
        app: QCoreApplication,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences, self._colleagues = preferences, colleagues
        self._bus, self._app = bus, app
        self._clipboard: Clipboard = QtClipboard(clipboard, self)
        self._hotkey: Hotkey | None = None
        self._held: tuple[bool, str] = (False, "")
        self._reading = False
        preferences.changed.connect(self._hold)

    @property
    def state(self) -> HotkeyState:
        return self._hotkey.signals.state if self._hotkey is not None else HotkeyState()

    def start(self) -> None:
        """Take the keys, where the settings say so."""
        self._hotkey = self._make()
        self._hotkey.signals.pressed.connect(self.press)
        self._hotkey.signals.told.connect(self._told)
        self._hold(self._preferences.settings)

    def try_again(self) -> None:
        """Another program may have let go of the keys."""
        self._held = (False, "")
        self._hold(self._preferences.settings)

    def press(self) -> None:
        """As if the hotkey had been pressed; a second press while the first is read is nothing."""
        if not self._reading:
            self._reading = True
            self._clipboard.read(self._read)

    def close(self) -> None:
        if self._hotkey is not None:
            self._hotkey.close()
            self._hotkey = None

    # how

    def _make(self) -> Hotkey:
        if sys.platform == "win32":
            from desk_phone.system.hotkey_windows import WindowsHotkey

            return WindowsHotkey(self._app, self)
        if sys.platform == "darwin":
            from desk_phone.system.hotkey_mac import MacHotkey

            return MacHotkey(self)
        if is_x11():
            return self._make_on_x11()
        from desk_phone.system.hotkey_portal import PortalHotkey

        return PortalHotkey(self._bus, HotkeySignals(self))

    def _make_on_x11(self) -> Hotkey:
        from desk_phone.system.hotkey_x11 import X11Hotkey
        from desk_phone.system.x11_link import X11Link

        try:
            link = X11Link(self)
        except NoDisplay:
            return NoHotkey(self)
        self._clipboard = X11Clipboard(link)
        return X11Hotkey(link, self)

    def _hold(self, settings: Settings) -> None:
        wanted = (settings.hotkey_on, settings.hotkey)
        if self._hotkey is None or wanted == self._held:
            return
        self._held = wanted
        if not settings.hotkey_on:
            self._hotkey.release()
            return
        try:
            keys = shortcut.read(settings.hotkey)
        except BadInput:  # written into the file by hand
            keys = shortcut.read(shortcut.DEFAULT)
        self._hotkey.assign(keys)

    def _told(self, state: HotkeyState) -> None:
        log.info("hotkey %s", state.standing)
        self.state_changed.emit()

    def _read(self, texts: list[str]) -> None:
        self._reading = False
        settings = self._preferences.settings
        modes = {str(mode): mode for mode in HotkeyMode}
        mode = modes.get(settings.hotkey_mode, HotkeyMode.ASK)
        meant: Wish = wish(texts, mode, settings.own_number, self._colleagues())
        self.wished.emit(meant)
