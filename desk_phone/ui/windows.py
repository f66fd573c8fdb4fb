"""The windows that are made on first use and kept hidden: main, palette, first start.

Their modules are imported then, too: a day on which none is opened does without 4 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.dialing import Source
from desk_phone.model.line import Link
from desk_phone.store.calls import CallFilter
from desk_phone.ui import words
from desk_phone.ui.behind import Behind
from desk_phone.ui.settings.names import Section
from desk_phone.ui.spoken_roles import tell_roles
from desk_phone.ui.trouble import Message, of_preset, of_upgrade

if TYPE_CHECKING:
    from desk_phone.ui.dialling.dialer import DialPalette
    from desk_phone.ui.main_window import MainWindow
    from desk_phone.ui.wizard import Wizard

_SHOWN_AT_MOST = 60  # characters of what was copied
PAGE_KEYS = ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4")  # in the order of `side_panel.Page`
TRIES_AGAIN_MS = 1000  # while a note cannot be saved


class Windows(QObject):
    quit_wanted = Signal()
    anew_wanted = Signal()  # a person wants it to begin anew, after an upgrade

    def __init__(self, behind: Behind, parent: QObject | None = None) -> None:
        super().__init__(parent)
        tell_roles()
        self._behind = behind
        self._tray_present, self._upgraded = True, False
        self._data: Callable[[], Message | None] = partial(of_preset, behind.preferences.preset)
        self._main: MainWindow | None = None
        self._palette: DialPalette | None = None
        self._wizard: Wizard | None = None
        self._again = QTimer(self, singleShot=True, interval=TRIES_AGAIN_MS)
        self._again.timeout.connect(self.speak_again)

    @property
    def main(self) -> MainWindow:
        if self._main is None:
            from desk_phone.ui.main_window import MainWindow

            self._main = MainWindow(self._behind)
            self._main.palette_wanted.connect(self.show_palette)
            self._main.quit_wanted.connect(self.quit_wanted)
            self._main.anew_wanted.connect(self.anew_wanted)
            self._main.setup_wanted.connect(self.show_setup)
            self._main.tell_tray(self._tray_present)
            self._main.notices.put("data", self._data())
            self._tell_upgrade()
        return self._main

    @property
    def palette(self) -> DialPalette:
        if self._palette is None:
            from desk_phone.ui.dialling.dialer import DialPalette

            made = self._behind
            self._palette = DialPalette(
                *(made.calls, made.dialler, made.account, made.preferences),
                *(made.directory, made.now),
            )
            self._palette.account_wanted.connect(lambda: self.main.show_settings(Section.ACCOUNT))
            self._palette.line_wanted.connect(lambda: self.main.show_settings(Section.LINE))
            for number, key in enumerate(PAGE_KEYS):
                keyed = QShortcut(QKeySequence(key), self._palette)
                keyed.activated.connect(partial(self._leave_palette, number))
        return self._palette

    def _leave_palette(self, number: int) -> None:
        """For the window: whoever has no mouse comes to it by the hotkey and one of its keys."""
        from desk_phone.ui.side_panel import Page

        self.palette.hide()
        self.main.show_page(tuple(Page)[number])
        self.main.present()

    @property
    def wizard(self) -> Wizard:
        if self._wizard is None:
            from desk_phone.ui.wizard import Wizard

            self._wizard = Wizard(self._behind)
            self._wizard.finished.connect(self.show_calls)
            self._wizard.tell_tray(self._tray_present)
        return self._wizard

    def show_first(self) -> None:
        """What the program opens with: the steps of the first start while one of them is missing
        without which nothing works, what is wrong with the account, else the calls."""
        settings = self._behind.preferences.settings
        if not (settings.user and settings.own_number):
            self.wizard.open_where_needed()
        elif self._behind.calls.line.link is Link.LOCKED:
            self.main.show_settings(Section.ACCOUNT)
        else:
            self.show_calls()

    def show_calls(self, chosen: CallFilter = CallFilter.ALL) -> None:
        self.main.show_calls(chosen)

    def show_phonebook(self) -> None:
        self.main.show_phonebook()

    def add_to_phonebook(self, number: str) -> None:
        self.main.add_to_phonebook(number)

    def show_about(self) -> None:
        """Which version this is, and whether there is a newer one."""
        self.main.show_settings(Section.ABOUT)

    def show_settings(self) -> None:
        self.main.show_settings()

    def show_setup(self) -> None:
        """The steps of the first start, from the first."""
        self.wizard.open(self.wizard.account)

    def show_palette(self) -> None:
        self.palette.open()

    def fill_palette(self, text: str, source: Source) -> None:
        """The palette with what was copied."""
        self.palette.open_with(text, source)

    def tell_no_number(self, text: str) -> None:
        """What was copied, ``text`` or nothing at all, holds no number: one can be typed."""
        self.palette.open()
        self.palette.foot.say_error(
            BadInput(
                tr("There is no phone number in what was copied"),
                words.plain(text, _SHOWN_AT_MOST) or tr("Nothing was copied."),
            )
        )

    def call(self, key: str) -> None:
        """Call a canonical number chosen where nothing can tell how it goes, such as a menu."""
        self.palette.call(key)

    def tell_tray(self, present: bool) -> None:
        """Without a tray the window is the one way to the program: it must be reachable."""
        self._tray_present = present
        if self._wizard is not None:
            self._wizard.tell_tray(present)
        if self._main is not None:
            self._main.tell_tray(present)
        if not present and not self.main.isVisible():
            self.main.showMinimized()

    def tell_data(self, message: Callable[[], Message | None]) -> None:
        """Something was wrong with our own files; it stands in the window until it is closed, and
        comes before what an administrator's file has wrong."""
        self._data = message
        if self._main is not None:
            self._main.notices.put("data", message())

    def tell_upgrade(self) -> None:
        """The program was replaced under itself: it stands in the window until it begins anew."""
        self._upgraded = True
        self._tell_upgrade()

    def _tell_upgrade(self) -> None:
        if self._main is not None and self._upgraded:
            self._main.notices.put("upgrade", of_upgrade())

    def is_at_rest(self) -> bool:
        """Whether nothing in a window, shown or hidden, would be lost with it."""
        return self._main is None or self._main.is_at_rest()

    def speak_again(self) -> None:
        """Say everything in the language that is spoken now; nobody loses a place or a text."""
        if self._palette is not None:
            self._renew_palette(self._palette)
        if self._wizard is not None:
            self._renew_wizard(self._wizard)
        if self._main is None:
            return
        has_data = self._main.notices.message("data") is not None
        if not self._main.speak_again():
            self._again.start()
            return
        if has_data:
            self._main.notices.put("data", self._data())
        self._tell_upgrade()

    def _renew_palette(self, before: DialPalette) -> None:
        """One that is open stays open, with what stands in it."""
        was_open, had_keyboard = before.isVisible(), before.isActiveWindow()
        self._palette = None
        if was_open:
            self.palette.open_with(before.field.text(), before.source)
            if not had_keyboard and self._main is not None and self._main.isVisible():
                self._main.present()
        before.hide()
        before.deleteLater()

    def _renew_wizard(self, before: Wizard) -> None:
        """At the same step, with what was typed."""
        from desk_phone.ui import carried

        put, was_open = carried.of_wizard(before), before.isVisible()
        self._wizard = None
        put(self.wizard)
        if was_open:
            self.wizard.open()
        before.hide()
        before.deleteLater()

    def tell_error(self, error: PhoneError) -> None:
        """A failure that nobody else shows."""
        self.main.notices.tell_error(error)
        self.main.present()

    def note_error(self, error: PhoneError) -> None:
        """A failure of something that nobody waits for: it stands in the window, which stays where
        it is."""
        self.main.notices.tell_error(error)

    def close(self) -> None:
        self._again.stop()
        if self._main is not None:
            from desk_phone.ui.printing import finish_printing

            finish_printing(self._main)
        for window in (self._main, self._palette, self._wizard):
            if window is not None:
                window.hide()
                window.deleteLater()
        self._main = self._palette = None
