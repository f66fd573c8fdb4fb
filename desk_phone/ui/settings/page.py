"""The settings page, section by section. Everything applies at once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.ui import trouble
from desk_phone.ui.banner import Banners
from desk_phone.ui.behind import Behind
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.about_section import AboutSection
from desk_phone.ui.settings.account_section import AccountSection
from desk_phone.ui.settings.advanced_section import AdvancedSection
from desk_phone.ui.settings.crm_section import CrmSection
from desk_phone.ui.settings.hotkey_section import HotkeySection
from desk_phone.ui.settings.line_section import LineSection
from desk_phone.ui.settings.links_section import LinksSection
from desk_phone.ui.settings.look_section import LookSection
from desk_phone.ui.settings.names import Section
from desk_phone.ui.settings.notices_section import NoticesSection
from desk_phone.ui.settings.popups_section import PopupsSection
from desk_phone.ui.settings.section_area import SectionArea
from desk_phone.ui.settings.sources_section import SourcesSection

AnySection = (
    AccountSection
    | LineSection
    | PopupsSection
    | HotkeySection
    | LinksSection
    | SourcesSection
    | CrmSection
    | NoticesSection
    | LookSection
    | AdvancedSection
    | AboutSection
)


class SettingsPage(QWidget):
    setup_wanted = Signal()  # the steps of the first start, once more

    def __init__(self, behind: Behind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        account, preferences, now = behind.account, behind.preferences, behind.now
        self.account = AccountSection(account, preferences, behind.relay)
        self.line = LineSection(account, preferences, behind.name_of)
        self.popups = PopupsSection(preferences, now)
        self.hotkey = HotkeySection(behind.hotkey, preferences)
        self.links = LinksSection(behind.links, behind.autostart)
        self.sources = SourcesSection(behind.outside, now)
        self.crm = CrmSection(preferences, behind.crm)
        self.notices = NoticesSection(behind.notices, preferences, now, behind.relay)
        self.look = LookSection(preferences)
        self.advanced = AdvancedSection(behind.diagnosis, behind.housekeeping, preferences)
        self.about = AboutSection(behind.update, preferences)
        self._notices = Banners(("settings",))
        self._notices.pressed.connect(lambda name, _: self._notices.put(name, None))
        self.sections = SectionArea(list(self._sections().values()))
        self.again = QPushButton(tr("Set up again"))
        self._build()
        self.again.clicked.connect(self.setup_wanted)
        self.sections.entered.connect(self._enter)
        preferences.failed.connect(self._tell_failure)
        preferences.changed.connect(self._forget_failure)

    def reveal(self, section: Section) -> None:
        """Scroll to a section and put the keyboard there."""
        frame = self.frame(section)
        frame.focus_first()
        self.sections.reveal(frame)

    def frame(self, section: Section) -> AnySection:
        return self._sections()[section]

    def _sections(self) -> dict[Section, AnySection]:
        return {
            Section.ACCOUNT: self.account,
            Section.LINE: self.line,
            Section.POPUPS: self.popups,
            Section.HOTKEY: self.hotkey,
            Section.LINKS: self.links,
            Section.SOURCES: self.sources,
            Section.CRM: self.crm,
            Section.NOTICES: self.notices,
            Section.LOOK: self.look,
            Section.ADVANCED: self.advanced,
            Section.ABOUT: self.about,
        }

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)  # where other pages end
        head.addWidget(plain_label(tr("Settings"), "title"))
        head.addStretch(1)
        head.addWidget(self.again)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 8, 16)
        outer.setSpacing(12)
        outer.addLayout(head)
        outer.addWidget(self._notices)
        outer.addWidget(self.sections, 1)

    def _enter(self, frame: AnySection) -> None:
        frame.focus_first()

    def _tell_failure(self, error: PhoneError) -> None:
        self._notices.put("settings", trouble.of_error(error))

    def _forget_failure(self) -> None:
        self._notices.put("settings", None)


__all__ = ["AnySection", "Section", "SettingsPage"]
