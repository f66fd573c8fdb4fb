"""The main window: the pages beside their names, and what closing it means."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, Signal
from PySide6.QtGui import QAccessible, QCloseEvent, QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk_phone.store.calls import CallFilter
from desk_phone.ui.behind import Behind
from desk_phone.ui.buttons import press_focused
from desk_phone.ui.front import bring, first_size
from desk_phone.ui.notices import Notices
from desk_phone.ui.pages import Pages
from desk_phone.ui.pause import Pause
from desk_phone.ui.pointing import has_keyboard, scroll_to
from desk_phone.ui.settings.names import Section
from desk_phone.ui.side_panel import Page, SidePanel
from desk_phone.ui.trouble import Act

if TYPE_CHECKING:
    from desk_phone.ui.calls.page import CallsPage
    from desk_phone.ui.company_page import CompanyPage
    from desk_phone.ui.phonebook.page import PhonebookPage
    from desk_phone.ui.settings.page import SettingsPage

AT_LEAST = (880, 480)  # px, across and down


class MainWindow(QWidget):
    """Made on first use and kept hidden after that.

    ``palette_wanted``: somebody wants to call; ``quit_wanted``: the program is to end;
    ``setup_wanted``: the steps of the first start are; ``anew_wanted``: it is to begin anew.
    """

    spoken_as = QAccessible.Role.Window
    palette_wanted = Signal()
    quit_wanted = Signal()
    setup_wanted = Signal()
    anew_wanted = Signal()

    def __init__(self, behind: Behind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._behind = behind
        self._tray_present = True
        self._pages = Pages(behind)
        self._side = SidePanel()
        self._row = QHBoxLayout(self)
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
        bring(self)

    def show_calls(self, chosen: CallFilter = CallFilter.ALL) -> None:
        self.show_page(Page.CALLS)
        self.calls_page.show_filter(chosen)
        self.present()

    def show_settings(self, section: Section = Section.ACCOUNT) -> None:
        self.show_page(Page.SETTINGS)
        self._pages.settings.reveal(section)
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
        self.notices.tell_tray(present)

    def show_page(self, page: Page) -> None:
        had_keyboard = has_keyboard(self._pages)
        self._side.show_page(page)
        self._pages.show_page(page)
        if had_keyboard and page is Page.SETTINGS:  # else it were on a button that begins something
            self.settings_page.sections.focus_list()

    def is_at_rest(self) -> bool:
        """Whether nothing in it would be lost with it."""
        return self._pages.is_at_rest()

    def speak_again(self) -> bool:
        """Say everything in the language that is spoken now, as `Pages.speak_again` does; banners
        that told of something past are gone."""
        self.setUpdatesEnabled(False)
        done = self._pages.speak_again()
        if done:
            self._side = self._make_side(self._side)
            self._side.show_page(self._pages.shown)
            self.tell_tray(self._tray_present)
            self._tell_state()
        self.setUpdatesEnabled(True)
        return done

    @property
    def calls_page(self) -> CallsPage:
        return self._pages.calls

    @property
    def phonebook_page(self) -> PhonebookPage:
        return self._pages.phonebook

    @property
    def company_page(self) -> CompanyPage:
        return self._pages.company

    @property
    def settings_page(self) -> SettingsPage:
        return self._pages.settings

    @property
    def notices(self) -> Notices:
        return self._pages.notices

    @property
    def side(self) -> SidePanel:
        return self._side

    # making

    def _build(self) -> None:
        self.setWindowTitle("Desk Phone")
        self.setMinimumSize(*AT_LEAST)
        self.resize(first_size(self, 920, 600))
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._side)
        self._row.addWidget(self._pages, 1)

    def _make_side(self, before: SidePanel) -> SidePanel:
        """Another one in its place."""
        side = SidePanel()
        self._row.replaceWidget(before, side)
        before.hide()
        before.deleteLater()
        self._wire_side(side)
        return side

    def _wire_side(self, side: SidePanel) -> None:
        side.call_pressed.connect(self.palette_wanted)
        side.page_chosen.connect(self.show_page)

    def _wire(self) -> None:
        self._wire_side(self._side)
        self._pages.empty_pressed.connect(self._do_for_empty)
        self._pages.add_wanted.connect(self.add_to_phonebook)
        self._pages.wanted.connect(self._do_for_banner)
        self._pages.setup_wanted.connect(self.setup_wanted)
        self._behind.calls.line_changed.connect(self._tell_state)
        self._behind.account.changed.connect(self._tell_state)
        self._behind.preferences.changed.connect(self._tell_state)
        Pause(self._behind.preferences, self._behind.now, self).changed.connect(self._tell_state)
        keys = {
            "Ctrl+K": self.palette_wanted.emit,
            "Ctrl+1": lambda: self.show_page(Page.CALLS),
            "Ctrl+2": lambda: self.show_page(Page.PHONEBOOK),
            "Ctrl+3": lambda: self.show_page(Page.COMPANY),
            "Ctrl+4": lambda: self.show_page(Page.SETTINGS),
            "Ctrl+F": self._search,
            "Ctrl+Q": self.quit_wanted.emit,
            "Esc": self._escape,
        }
        for key, act in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(act)

    def _tell_state(self) -> None:
        made = self._behind
        self._side.show_state(
            made.calls.line, made.account.state, made.preferences.settings, made.now()
        )

    def _search(self) -> None:
        self._side.show_page(self._pages.search())

    def _escape(self) -> None:
        """Esc goes back within the page, then to its list; from there, or from the side, it closes
        the window. So one Esc too many, after a dialog, is no matter."""
        if not self._pages.go_back() and (has_keyboard(self._side) or not self._pages.rest()):
            self.close()

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
        elif act is Act.SOURCES:
            self.show_settings(Section.SOURCES)
        elif act is Act.QUIT:
            self.quit_wanted.emit()
        elif act is Act.BEGIN_ANEW:
            self.anew_wanted.emit()

    # closing, and the place it remembers

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self._keep_place()
        if self._tray_present:
            self.hide()
        else:
            self.showMinimized()

    def event(self, event: QEvent) -> bool:
        """Where the words of a language, or its letters, need more room there is no less."""
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self.setMinimumWidth(max(AT_LEAST[0], self._row.minimumSize().width()))
        return done

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What scrolls shows what Tab comes to: Qt sees to it only within, not for who comes in."""
        moved = super().focusNextPrevChild(forward)
        if moved and (focused := self.focusWidget()) is not None:
            scroll_to(focused)
        return moved

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_focused(self, event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self.calls_page.window_state_changed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._keep_place()

    def _keep_place(self) -> None:
        place = b64encode(self.saveGeometry().data()).decode("ascii")
        if place != self._behind.preferences.settings.window_geometry:
            self._behind.preferences.change(window_geometry=place)

    def _restore_place(self) -> None:
        """Qt itself keeps a window inside the screens there are; nonsense leaves the size alone."""
        try:
            place = b64decode(self._behind.preferences.settings.window_geometry, validate=True)
        except ValueError:
            return
        if place:
            self.restoreGeometry(QByteArray(place))


__all__ = ["MainWindow", "Page", "Section"]
