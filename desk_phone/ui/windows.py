"""The windows that are made on first use and kept hidden: the main window and the dial palette."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.contacts import Contacts
from desk_phone.app.dialler import Dialler
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.model.line import Link
from desk_phone.store.calls import CallFilter
from desk_phone.ui.dialer import DialPalette
from desk_phone.ui.main_window import MainWindow, Section
from desk_phone.ui.trouble import Message


class Windows(QObject):
    quit_wanted = Signal()

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        preferences: Preferences,
        account: AccountDesk,
        contacts: Contacts,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler = calls, dialler
        self._preferences, self._account, self._now = preferences, account, now
        self._contacts = contacts
        self._tray_present = True
        self._data: Message | None = None
        self._main: MainWindow | None = None
        self._palette: DialPalette | None = None

    @property
    def main(self) -> MainWindow:
        if self._main is None:
            self._main = MainWindow(
                *(self._calls, self._dialler, self._account, self._preferences),
                *(self._contacts, self._now),
            )
            self._main.palette_wanted.connect(self.show_palette)
            self._main.quit_wanted.connect(self.quit_wanted)
            self._main.tell_tray(self._tray_present)
            self._main.notices.put("data", self._data)
        return self._main

    @property
    def palette(self) -> DialPalette:
        if self._palette is None:
            self._palette = DialPalette(
                self._calls, self._dialler, self._account, self._preferences
            )
            self._palette.account_wanted.connect(lambda: self.main.show_settings(Section.ACCOUNT))
            self._palette.line_wanted.connect(lambda: self.main.show_settings(Section.LINE))
        return self._palette

    def show_first(self) -> None:
        """What the program opens with: what is missing, else the calls."""
        settings = self._preferences.settings
        if not settings.user or self._calls.line.link is Link.LOCKED:
            self.main.show_settings(Section.ACCOUNT)
        elif not settings.own_number:
            self.main.show_settings(Section.LINE)
        else:
            self.show_calls()

    def show_calls(self, chosen: CallFilter = CallFilter.ALL) -> None:
        self.main.show_calls(chosen)

    def show_phonebook(self) -> None:
        self.main.show_phonebook()

    def add_to_phonebook(self, number: str) -> None:
        self.main.add_to_phonebook(number)

    def show_settings(self) -> None:
        self.main.show_settings()

    def show_palette(self) -> None:
        self.palette.open()

    def call(self, key: str) -> None:
        """Call a canonical number chosen where nothing can tell how it goes, such as a menu."""
        self.palette.call(key)

    def tell_tray(self, present: bool) -> None:
        """Without a tray the window is the one way to the program: it must be reachable."""
        self._tray_present = present
        if self._main is not None:
            self._main.tell_tray(present)
        if not present and not self.main.isVisible():
            self.main.showMinimized()

    def tell_data(self, message: Message) -> None:
        """Something was wrong with our own files; it stands in the window until it is closed."""
        self._data = message
        if self._main is not None:
            self._main.notices.put("data", message)

    def tell_error(self, error: PhoneError) -> None:
        """A failure that nobody else shows."""
        self.main.notices.tell_error(error)
        self.main.present()

    def close(self) -> None:
        for window in (self._main, self._palette):
            if window is not None:
                window.hide()
                window.deleteLater()
