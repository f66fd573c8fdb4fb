"""The settings page: account, my line, pop-ups, look. Everything applies at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desk_phone.app.account import AccountDesk
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.ui import trouble
from desk_phone.ui.account_section import AccountSection
from desk_phone.ui.banner import Banners
from desk_phone.ui.label import plain_label
from desk_phone.ui.line_section import LineSection
from desk_phone.ui.look_section import LookSection
from desk_phone.ui.popups_section import PopupsSection

_WIDTH_AT_MOST = 720  # longer lines read badly


class Section(StrEnum):
    ACCOUNT = "account"
    LINE = "line"
    POPUPS = "pop-ups"
    LOOK = "look"


AnySection = AccountSection | LineSection | PopupsSection | LookSection


class SettingsPage(QWidget):
    def __init__(
        self,
        account: AccountDesk,
        preferences: Preferences,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.account = AccountSection(account, preferences)
        self.line = LineSection(account, preferences)
        self.popups = PopupsSection(preferences, now)
        self.look = LookSection(preferences)
        self._notices = Banners(("settings",))
        self._notices.pressed.connect(lambda name, _: self._notices.put(name, None))
        self._area = QScrollArea(widgetResizable=True)
        self._build()
        preferences.failed.connect(self._tell_failure)
        preferences.changed.connect(lambda: self._notices.put("settings", None))

    def reveal(self, section: Section) -> None:
        """Scroll to a section and put the keyboard there."""
        frame = self._sections()[section]
        self._area.ensureWidgetVisible(frame, 0, 16)
        bar = self._area.verticalScrollBar()
        bar.setValue(min(bar.value(), frame.y()))  # the top of one that is taller than the area
        frame.focus_first()

    def _sections(self) -> dict[Section, AnySection]:
        return {
            Section.ACCOUNT: self.account,
            Section.LINE: self.line,
            Section.POPUPS: self.popups,
            Section.LOOK: self.look,
        }

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "page")
        inside.setMaximumWidth(_WIDTH_AT_MOST)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(16)
        for frame in self._sections().values():
            column.addWidget(frame)
        column.addStretch(1)
        self._area.setWidget(inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(plain_label(tr("Settings"), "title"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 8, 16)
        outer.setSpacing(12)
        outer.addLayout(head)
        outer.addWidget(self._notices)
        outer.addWidget(self._area, 1)

    def _tell_failure(self, error: PhoneError) -> None:
        self._notices.put("settings", trouble.of_error(error))
