"""What the steps of the first start ask. Their bodies are the sections of the settings page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.ui import trouble
from desk_phone.ui.banner import Banners
from desk_phone.ui.behind import Behind
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.account_section import AccountSection
from desk_phone.ui.settings.hotkey_section import HotkeySection
from desk_phone.ui.settings.line_section import LineSection
from desk_phone.ui.settings.links_section import LinksSection
from desk_phone.ui.settings.popups_section import PopupsSection
from desk_phone.ui.settings.section import SectionFrame
from desk_phone.ui.speech import say_aloud


class Step(QScrollArea):
    """``changed``: another answer may be had from `done` or `ready`; ``passed``: it is done, and
    whoever asked to go on can be taken on."""

    changed = Signal()
    passed = Signal()

    def __init__(self, title: str, *frames: SectionFrame) -> None:
        super().__init__(widgetResizable=True)
        self.title = title
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("role", "page")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(0, 0, 12, 0)
        self.column.setSpacing(12)
        for frame in frames:
            frame.heading.setVisible(len(frames) > 1)  # else the window has said it
            self.column.addWidget(frame)
        self.column.addStretch(1)
        self.setWidget(inside)

    @property
    def done(self) -> bool:
        """Nothing is left for later here."""
        return True

    @property
    def ready(self) -> bool:
        """Whether Next does something."""
        return True

    @property
    def way_on(self) -> str:
        """What helps somebody who is held up; empty for nobody."""
        return ""

    def begin(self) -> None:
        """It is shown."""

    def go_on(self) -> None:
        """Do what Next means here; ``passed`` follows, perhaps later."""
        self.passed.emit()

    def focus_first(self) -> None:
        """Put the keyboard where it begins."""


class AccountStep(Step):
    def __init__(self, behind: Behind) -> None:
        self.section = AccountSection(behind.account, behind.preferences, behind.relay)
        super().__init__(tr("Account"), self.section)
        self._account = behind.account
        self._going_on = False
        section = self.section
        for button in (section.test, section.relay.enrol):
            button.setProperty("kind", "")  # Next is the one that stands out here
        section.forget.hide()
        for last in (section.password, section.relay.code):
            last.returnPressed.connect(self._entered)
        for typed in (section.user, section.password, section.relay.address, section.relay.code):
            typed.textChanged.connect(self.changed)
        section.by_code.toggled.connect(self.changed)
        behind.account.changed.connect(self._answered)
        behind.relay.changed.connect(self._answered)

    @property
    def done(self) -> bool:
        state = self._account.state
        return state.password_known and state.trouble is None and not state.busy

    @property
    def ready(self) -> bool:
        busy = self.section.busy  # a button that is pressed keeps the keyboard
        return busy or self.done or self.section.can_try

    @property
    def way_on(self) -> str:
        if self.section.busy or self.done:
            return ""
        if self.section.trouble is None:
            return tr("Each step can be left for later. All of it is in the settings too.")
        return tr("Or go on without it: Later leaves it for the settings.")

    def go_on(self) -> None:
        """A password or a code that was typed is tried first."""
        if self.section.busy or self.section.can_try:
            self._going_on = True
            self.section.try_it()
        elif self.done:
            self.passed.emit()

    def forget_typed(self) -> None:
        """As of the section."""
        self.section.forget_typed()

    def focus_first(self) -> None:
        self.section.focus_first()

    def _entered(self) -> None:
        self._going_on = self.section.busy  # the section has asked already
        if not self._going_on and self.done:
            self.passed.emit()

    def _answered(self) -> None:
        self.changed.emit()
        if self.section.busy:
            return
        wished, self._going_on = self._going_on, False
        if wished and self.section.trouble is not None:
            say_aloud(self, self.section.status)
            self.section.focus_first()
        elif (
            wished and self._account.state.stored
        ):  # one that cannot be kept is told before anything else
            self.passed.emit()


class LineStep(Step):
    def __init__(self, behind: Behind) -> None:
        self.section = LineSection(behind.account, behind.preferences, behind.name_of)
        super().__init__(tr("My line"), self.section)
        self._behind = behind
        for left_for_the_settings in (
            *(self.section.use, self.section.name_label),
            *(self.section.name_sentence, self.section.own_name),
        ):
            left_for_the_settings.hide()
        self.section.numbers.currentIndexChanged.connect(self.changed)
        behind.account.changed.connect(self.changed)
        behind.account.numbers_changed.connect(self.changed)
        behind.preferences.changed.connect(self.changed)

    @property
    def done(self) -> bool:
        return bool(self._behind.preferences.settings.own_number)

    @property
    def ready(self) -> bool:
        return bool(self.section.proposed)

    @property
    def way_on(self) -> str:
        if self._behind.account.lines or self.done:
            return ""
        return tr("Go back to the account, or leave this for later.")

    def begin(self) -> None:
        account = self._behind.account
        state = account.state
        if not account.lines and state.password_known and not state.busy:
            account.refresh_numbers()

    def go_on(self) -> None:
        self.section.choose()
        self.passed.emit()

    def focus_first(self) -> None:
        self.section.focus_first()


class PopupsStep(Step):
    def __init__(self, behind: Behind) -> None:
        self.section = PopupsSection(behind.preferences, behind.now, folded=True)
        super().__init__(tr("Calls and pop-ups"), self.section)
        self.notices = Banners(("tray",))
        self.column.insertWidget(0, self.notices)
        self._stays = plain_label(
            tr("Closing its window does not end Desk Phone: its icon stays beside the clock."),
            role="muted",
            wraps=True,
        )
        self.column.insertWidget(self.column.count() - 1, self._stays)

    def tell_tray(self, present: bool) -> None:
        self._stays.setVisible(present)
        self.notices.put("tray", None if present else trouble.of_no_tray_yet())

    def focus_first(self) -> None:
        self.section.focus_first()


class KeysStep(Step):
    def __init__(self, behind: Behind) -> None:
        self.hotkey = HotkeySection(behind.hotkey, behind.preferences)
        self.links = LinksSection(behind.links, behind.autostart)
        super().__init__(tr("Hotkey and links"), self.hotkey, self.links)

    def focus_first(self) -> None:
        self.hotkey.focus_first()


def left_over(steps: Sequence[Step]) -> str:
    """What was left for later, in a sentence; empty for nothing."""
    left = [step.title for step in steps if not step.done]
    if not left:
        return ""
    return tr("Left for later, in the settings: %(what)s.") % {"what": ", ".join(left)}
