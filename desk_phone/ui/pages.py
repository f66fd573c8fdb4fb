"""The pages of the main window, one of which is shown; each is made when it is first needed.

Its modules are imported then, too: all of them take 3 MB, and most windows never leave the calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QWidget

from desk_phone.ui import carried
from desk_phone.ui.behind import Behind
from desk_phone.ui.calls.page import CallsPage
from desk_phone.ui.notices import Notices
from desk_phone.ui.side_panel import Page
from desk_phone.ui.trouble import Act

if TYPE_CHECKING:
    from desk_phone.ui.company_page import CompanyPage
    from desk_phone.ui.phonebook.page import PhonebookPage
    from desk_phone.ui.settings.page import SettingsPage

LOOKS_AGAIN_MS = 1000  # whether what was begun in the language of before is done


class Pages(QStackedWidget):
    """``wanted`` is what a banner asks of the window, ``empty_pressed`` what an empty page does."""

    wanted = Signal(object)  # Act
    empty_pressed = Signal(str)  # Emptiness.act
    setup_wanted = Signal()
    add_wanted = Signal(str)  # a canonical number for the phonebook

    def __init__(self, behind: Behind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._behind = behind
        self._phonebook: PhonebookPage | None = None
        self._company: CompanyPage | None = None
        self._settings: SettingsPage | None = None
        self._waiting = QTimer(self, interval=LOOKS_AGAIN_MS)
        self._waiting.timeout.connect(self._renew_phonebook)
        self.notices = self._make_notices()
        self.calls = self._make_calls(self.notices)

    @property
    def phonebook(self) -> PhonebookPage:
        if self._phonebook is None:
            from desk_phone.ui.phonebook.page import PhonebookPage

            made = self._behind
            self._phonebook = PhonebookPage(made.contacts, made.dialler, made.directory, made.now)
            self._phonebook.wanted.connect(self.wanted)
            self.addWidget(self._phonebook)
        return self._phonebook

    @property
    def company(self) -> CompanyPage:
        if self._company is None:
            from desk_phone.ui.company_page import CompanyPage

            made = self._behind
            self._company = CompanyPage(made.calls, made.dialler, made.account, made.preferences)
            self._company.account_wanted.connect(self._want_account)
            self.addWidget(self._company)
        return self._company

    @property
    def settings(self) -> SettingsPage:
        if self._settings is None:
            from desk_phone.ui.settings.page import SettingsPage

            self._settings = SettingsPage(self._behind)
            self._settings.setup_wanted.connect(self.setup_wanted)
            self.addWidget(self._settings)
        return self._settings

    @property
    def shown(self) -> Page:
        made: dict[QWidget | None, Page] = {
            self._phonebook: Page.PHONEBOOK,
            self._company: Page.COMPANY,
            self._settings: Page.SETTINGS,
        }
        return made.get(self.currentWidget(), Page.CALLS)

    def show_page(self, page: Page) -> None:
        match page:
            case Page.CALLS:
                self.setCurrentWidget(self.calls)
            case Page.PHONEBOOK:
                self.setCurrentWidget(self.phonebook)
            case Page.COMPANY:
                self.setCurrentWidget(self.company)
            case Page.SETTINGS:
                self.setCurrentWidget(self.settings)

    def search(self) -> Page:
        """On the page that is shown; a page without a search leads to the calls. Tells where."""
        if self.shown is Page.PHONEBOOK:
            self.phonebook.search()
        elif self.shown is Page.COMPANY:
            self.company.focus_search()
        else:
            self.show_page(Page.CALLS)
            self.calls.search()
        return self.shown

    def go_back(self) -> bool:
        """A step within the page; False when there is none."""
        match self.shown:
            case Page.CALLS:
                return self.calls.clear()
            case Page.PHONEBOOK:
                return self.phonebook.go_back()
            case Page.COMPANY:
                return self.company.go_back()
            case Page.SETTINGS:
                return False

    def rest(self) -> bool:
        """The keyboard to the list of the page; False where it is, or where there is none."""
        shown = [one for one in self._lists() if one.isVisible() and one.isEnabled()]
        if not shown or any(one.hasFocus() for one in shown):
            return False
        shown[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _lists(self) -> list[QAbstractItemView]:
        page = self.currentWidget()
        return page.findChildren(QAbstractItemView) if page is not None else []

    def is_at_rest(self) -> bool:
        """Whether nothing was begun on any page that would be lost with it; saves what notes it
        can."""
        if not carried.is_kept(self.calls):
            return False
        return self._phonebook is None or carried.is_finished(self._phonebook)

    # another language

    def speak_again(self) -> bool:
        """Make everything anew in the language that is spoken now; nobody loses a place or a text.

        A phonebook in which something was begun goes on in its language until that is done. False,
        and nothing happens, while a note cannot be saved.
        """
        if not carried.is_kept(self.calls):
            return False
        self._renew_calls()
        self._renew_company()
        self._renew_settings()
        self._renew_phonebook()
        return True

    def _renew_calls(self) -> None:
        shown, put, before = self.shown, carried.of_calls(self.calls), self.calls
        self.notices = self._make_notices()
        self.calls = self._make_calls(self.notices)
        self._replace(before, shown)
        put(self.calls)

    def _renew_company(self) -> None:
        if (before := self._company) is not None:
            shown, put = self.shown, carried.of_company(before)
            self._company = None
            self._replace(before, shown)
            put(self.company)

    def _renew_settings(self) -> None:
        if (before := self._settings) is not None:
            shown, put = self.shown, carried.of_settings(before)
            self._settings = None
            self._replace(before, shown)
            put(self.settings)

    def _renew_phonebook(self) -> None:
        if (before := self._phonebook) is None:
            return
        if not carried.is_finished(before):
            self._waiting.start()
            return
        self._waiting.stop()
        shown, put = self.shown, carried.of_phonebook(before)
        self._phonebook = None
        put(self.phonebook)  # before it reads, which it does as it is shown
        self._replace(before, shown)

    def _replace(self, before: QWidget, shown: Page) -> None:
        """The page that was shown is shown again before the old one goes: the keyboard stays."""
        self.show_page(shown)
        self._drop(before)

    def _drop(self, page: QWidget) -> None:
        self.removeWidget(page)
        page.hide()  # which saves what notes it has
        page.deleteLater()

    # making

    def _make_notices(self) -> Notices:
        made = self._behind
        parts = (made.calls, made.dialler, made.account, made.preferences, made.now)
        notices = Notices(*parts, parent=self)  # else a banner there is already were a window
        notices.wanted.connect(self.wanted)
        return notices

    def _make_calls(self, notices: Notices) -> CallsPage:
        made = self._behind
        page = CallsPage(
            *(made.calls, made.dialler, made.account, made.directory, notices, made.now),
            follow_up=made.follow_up,
            preferences=made.preferences,
            aside=made.contacts.aside,
        )
        page.menu.offer_crm(lambda: made.crm.can_open, made.crm.open)
        page.empty_pressed.connect(self.empty_pressed)
        page.add_wanted.connect(self.add_wanted)
        made.housekeeping.purged.connect(page.read_again)
        self.addWidget(page)
        return page

    def _want_account(self) -> None:
        self.wanted.emit(Act.ACCOUNT)
