"""The main window: the pages beside their names, and what closing it means."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QByteArray, QEvent, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.contacts import Contacts
from desk_phone.app.dialler import Dialler
from desk_phone.app.preferences import Preferences
from desk_phone.store.calls import CallFilter
from desk_phone.ui.calls_page import CallsPage
from desk_phone.ui.notices import Notices
from desk_phone.ui.pause import Pause
from desk_phone.ui.phonebook_page import PhonebookPage
from desk_phone.ui.settings_page import Section, SettingsPage
from desk_phone.ui.side_panel import Page, SidePanel
from desk_phone.ui.trouble import Act


class MainWindow(QWidget):
    """Made on first use and kept hidden after that.

    ``palette_wanted``: somebody wants to call; ``quit_wanted``: the program is to end.
    """

    palette_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        account: AccountDesk,
        preferences: Preferences,
        contacts: Contacts,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._account, self._preferences = calls, account, preferences
        self._contacts, self._dialler, self._now = contacts, dialler, now
        self._tray_present = True
        self._notices = Notices(calls, dialler, account, preferences, now)
        self._calls_page = CallsPage(calls, dialler, account, self._notices, now)
        self._phonebook_page: PhonebookPage | None = None  # made when first shown
        self._settings_page: SettingsPage | None = None
        self._side = SidePanel()
        self._pages = QStackedWidget()
        self._build()
        self._wire()
        self._restore_place()
        self._search()
        self._tell_state()

    # what others ask of it

    def present(self) -> None:
        """Show the window and bring it forward, also from its small state."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def show_calls(self, chosen: CallFilter = CallFilter.ALL) -> None:
        self.show_page(Page.CALLS)
        self._calls_page.show_filter(chosen)
        self.present()

    def show_settings(self, section: Section = Section.ACCOUNT) -> None:
        self.show_page(Page.SETTINGS)
        self._settings().reveal(section)
        self.present()

    def show_phonebook(self) -> None:
        self.show_page(Page.PHONEBOOK)
        self.present()

    def add_to_phonebook(self, number: str) -> None:
        """Open the form of a new entry with a canonical number."""
        self.show_phonebook()
        self.phonebook_page.begin_new(number)

    def tell_tray(self, present: bool) -> None:
        """Whether a tray icon can be seen; without one, closing only makes the window small."""
        self._tray_present = present
        self._notices.tell_tray(present)

    def show_page(self, page: Page) -> None:
        self._side.show_page(page)
        self._pages.setCurrentWidget(self._widget(page))

    @property
    def calls_page(self) -> CallsPage:
        return self._calls_page

    @property
    def phonebook_page(self) -> PhonebookPage:
        if self._phonebook_page is None:
            self._phonebook_page = PhonebookPage(self._contacts, self._dialler, self._now)
            self._phonebook_page.wanted.connect(self._do_for_banner)
            self._pages.addWidget(self._phonebook_page)
        return self._phonebook_page

    @property
    def notices(self) -> Notices:
        return self._notices

    @property
    def side(self) -> SidePanel:
        return self._side

    # making

    def _build(self) -> None:
        self.setWindowTitle("Desk Phone")
        self.setMinimumSize(880, 480)
        self.resize(920, 600)
        self._pages.addWidget(self._calls_page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._side)
        row.addWidget(self._pages, 1)

    def _widget(self, page: Page) -> QWidget:
        match page:
            case Page.CALLS:
                return self._calls_page
            case Page.PHONEBOOK:
                return self.phonebook_page
            case Page.SETTINGS:
                return self._settings()

    def _settings(self) -> SettingsPage:
        if self._settings_page is None:
            self._settings_page = SettingsPage(self._account, self._preferences, self._now)
            self._pages.addWidget(self._settings_page)
        return self._settings_page

    def _wire(self) -> None:
        self._side.call_pressed.connect(self.palette_wanted)
        self._side.page_chosen.connect(self.show_page)
        self._calls_page.empty_pressed.connect(self._do_for_empty)
        self._calls_page.add_wanted.connect(self.add_to_phonebook)
        self._notices.wanted.connect(self._do_for_banner)
        self._calls.line_changed.connect(self._tell_state)
        self._account.changed.connect(self._tell_state)
        self._preferences.changed.connect(self._tell_state)
        Pause(self._preferences, self._now, self).changed.connect(self._tell_state)
        keys = {
            "Ctrl+K": self.palette_wanted.emit,
            "Ctrl+1": lambda: self.show_page(Page.CALLS),
            "Ctrl+2": lambda: self.show_page(Page.PHONEBOOK),
            "Ctrl+4": lambda: self.show_page(Page.SETTINGS),
            "Ctrl+F": self._search,
            "Ctrl+Q": self.quit_wanted.emit,
            "Esc": self._escape,
        }
        for key, act in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def _tell_state(self) -> None:
        self._side.show_state(
            self._calls.line, self._account.state, self._preferences.settings, self._now()
        )

    def _search(self) -> None:
        """On the page that is shown; a page without a search leads to the calls."""
        if self._phonebook_page is not None and self._shown is self._phonebook_page:
            self._phonebook_page.search()
            return
        self.show_page(Page.CALLS)
        self._calls_page.search()

    def _escape(self) -> None:
        """Esc goes back within the page first, then closes."""
        if self._shown is self._calls_page and self._calls_page.clear():
            return
        phonebook = self._phonebook_page
        if phonebook is not None and self._shown is phonebook and phonebook.go_back():
            return
        self.close()

    @property
    def _shown(self) -> QWidget | None:
        return self._pages.currentWidget()

    def _do_for_empty(self, act: str) -> None:
        if act == "account":
            self.show_settings(Section.ACCOUNT)
        elif act == "line":
            self.show_settings(Section.LINE)
        else:
            self.palette_wanted.emit()

    def _do_for_banner(self, act: Act) -> None:
        if act is Act.ACCOUNT:
            self.show_settings(Section.ACCOUNT)
        elif act is Act.CHOOSE_LINE:
            self.show_settings(Section.LINE)
        elif act is Act.QUIT:
            self.quit_wanted.emit()

    # closing, and the place it remembers

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self._keep_place()
        if self._tray_present:
            self.hide()
        else:
            self.showMinimized()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self._calls_page.window_state_changed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._keep_place()

    def _keep_place(self) -> None:
        place = b64encode(self.saveGeometry().data()).decode("ascii")
        if place != self._preferences.settings.window_geometry:
            self._preferences.change(window_geometry=place)

    def _restore_place(self) -> None:
        """Qt itself keeps a window inside the screens there are; nonsense leaves the size alone."""
        try:
            place = b64decode(self._preferences.settings.window_geometry, validate=True)
        except ValueError:
            return
        if place:
            self.restoreGeometry(QByteArray(place))


__all__ = ["MainWindow", "Page", "Section"]
