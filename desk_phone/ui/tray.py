"""The tray icon: how things stand, and a short menu that is made as it opens."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import ntr, tr
from desk_phone.store.calls import CallFilter, Person
from desk_phone.ui import words
from desk_phone.ui.icons import icon
from desk_phone.ui.pause import Pause
from desk_phone.ui.sign import Sign, sign, state_words
from desk_phone.ui.tray_icon import tray_icon

PEOPLE_AT_MOST = 5  # with all else that is 14 entries
_NAME_AT_MOST = 40  # characters


class Tray(QObject):
    """Nothing is seen before the first `remake`. ``newer``: a version that is out; empty: none."""

    palette_wanted = Signal()
    calls_wanted = Signal(object)  # CallFilter
    call_wanted = Signal(str)  # the canonical number of somebody in the menu
    phonebook_wanted = Signal()
    settings_wanted = Signal()
    about_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        calls: Calls,
        account: AccountDesk,
        preferences: Preferences,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        click_opens_menu: bool = sys.platform == "darwin",
        newer: Callable[[], str] = str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._account, self._preferences = calls, account, preferences
        self._now, self._click_opens_menu = now, click_opens_menu
        self._newer = newer
        self._pause = Pause(preferences, now, self)
        self.menu = QMenu()
        self.menu.aboutToShow.connect(self.fill_menu)
        self.icon: QSystemTrayIcon | None = None
        self._told: tuple[object, ...] = ()
        self._icons: dict[tuple[Sign, bool], QIcon] = {}
        calls.changed.connect(self._tell)
        calls.line_changed.connect(self._tell)
        account.changed.connect(self._tell)
        preferences.changed.connect(self._tell)
        self._pause.changed.connect(self._tell)

    @staticmethod
    def is_available() -> bool:
        """Whether this desktop shows tray icons now."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def remake(self) -> None:
        """Make the icon anew: Qt picks the way to the panel once, when an icon is made."""
        self.take_over(QSystemTrayIcon(self))

    def take_over(self, icon: QSystemTrayIcon) -> None:
        """Use this icon, which may be shown already."""
        self.remove()
        self.icon = icon
        self.icon.activated.connect(self._activated)
        self.icon.setContextMenu(self.menu)
        self.fill_menu()  # some panels read the menu before they open it
        self._told = ()
        self._tell()
        self.icon.show()

    def show_balloon(self, title: str, text: str) -> None:
        """The system's own pop-up at the icon. Under Linux it may open markup: not for there."""
        if self.icon is not None:
            self.icon.showMessage(title, text, self.icon.icon())

    def remove(self) -> None:
        """Take the icon away, as at the end of the program."""
        if self.icon is not None:
            self.icon.hide()
            self.icon.deleteLater()
            self.icon = None

    # what the icon says

    def tooltip(self) -> str:
        """State, own number, last good look, people who wait: our own words alone, no caller's."""
        line, now = self._calls.line, self._now()
        shown = sign(line, self._preferences.settings, now)
        state = state_words(line, self._account.state, shown)
        said = [tr("Desk Phone: %(state)s") % {"state": state}]
        if line.own:
            said.append(tr("My line %(number)s") % {"number": words.number(line.own)})
        if line.updated is not None:
            said.append(tr("Updated %(time)s") % {"time": words.moment(line.updated, now)})
        if missed := self._calls.ledger.missed_people():
            said.append(ntr("%(n)d person missed", "%(n)d people missed", missed))
        return "\n".join(said)

    def _tell(self) -> None:
        if self.icon is None:
            return
        missed = self._calls.ledger.missed_people()
        shown = sign(self._calls.line, self._preferences.settings, self._now())
        if self._told != (shown, bool(missed)):
            self._told = (shown, bool(missed))
            self.icon.setIcon(self._painted(shown, bool(missed)))
        tooltip = self.tooltip()
        if self.icon.toolTip() != tooltip:
            self.icon.setToolTip(tooltip)

    def _painted(self, shown: Sign, missed: bool) -> QIcon:
        """Each once: Qt keeps 35 KB of pictures of every icon that it ever showed, 10 MB in all."""
        if (shown, missed) not in self._icons:
            self._icons[shown, missed] = tray_icon(shown, missed)
        return self._icons[shown, missed]

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        """A second click soon after the first is no Trigger any more, and means the same."""
        reasons = QSystemTrayIcon.ActivationReason
        if reason in (reasons.Trigger, reasons.DoubleClick) and not self._click_opens_menu:
            self.palette_wanted.emit()

    # the menu

    def fill_menu(self) -> None:
        """Say in the menu what holds now."""
        menu, missed = self.menu, self._calls.ledger.missed_people()
        menu.clear()
        self._add(self._own_words(), "", None)
        menu.addSeparator()
        self._add(tr("Call..."), "phone", self.palette_wanted.emit, "good")
        name = tr("Missed calls (%(n)d)") % {"n": missed} if missed else tr("Missed calls")
        colour = "bad" if missed else ""
        self._add(name, "phone-missed", lambda: self.calls_wanted.emit(CallFilter.MISSED), colour)
        menu.addSeparator()
        people = self._add_people()
        if people:
            menu.addSeparator()
        self._add(tr("Calls"), "history", lambda: self.calls_wanted.emit(CallFilter.ALL))
        self._add(tr("Phonebook"), "book-user", self.phonebook_wanted.emit)
        menu.addSeparator()
        self._add_pause()
        self._add(tr("Settings..."), "settings", self.settings_wanted.emit)
        if version := self._newer():
            from desk_phone.ui.settings.update_fields import is_out

            self._add(is_out(version), "download", self.about_wanted.emit)
        menu.addSeparator()
        self._add(tr("Quit"), "log-out", self.quit_wanted.emit)
        self._fit(people)

    def _add(
        self, text: str, icon_name: str, act: Callable[[], object] | None, colour: str = ""
    ) -> QAction:
        """``act`` None: a line that only says something."""
        action = QAction(words.menu(text), self.menu)
        if icon_name:
            action.setIcon(icon(icon_name, colour))
        if act is None:
            action.setEnabled(False)
        else:
            action.triggered.connect(lambda _=False: act())
        self.menu.addAction(action)
        return action

    def _own_words(self) -> str:
        settings = self._preferences.settings
        number = words.number(settings.own_number) if settings.own_number else ""
        name = words.plain(settings.own_name, _NAME_AT_MOST)
        return " · ".join(part for part in (name, number) if part) or "Desk Phone"

    def _add_people(self) -> list[QAction]:
        people = [
            person for person in self._calls.ledger.people("", PEOPLE_AT_MOST + 1) if person.other
        ]
        return [self._add_person(person) for person in people[:PEOPLE_AT_MOST]]

    def _add_person(self, person: Person) -> QAction:
        name = words.plain(person.name, _NAME_AT_MOST) or words.number(person.other)
        return self._add(name, "clock", lambda: self.call_wanted.emit(person.other))

    def _fit(self, people: list[QAction]) -> None:
        """A menu higher than the screen would hide its end, which is Quit: people make room."""
        room = self.menu.screen().availableSize().height()
        while len(people) > 1 and self.menu.sizeHint().height() > room:
            left_out = people.pop()
            self.menu.removeAction(left_out)
            left_out.deleteLater()

    def _add_pause(self) -> None:
        if not self._preferences.settings.popups:
            return
        if (until := self._pause.until) is not None:
            when = words.moment(until, self._now())
            text = tr("Resume pop-ups (paused until %(time)s)") % {"time": when}
            self._add(text, "bell", self._pause.end)
            return
        self._add(tr("Pause pop-ups for 1 h"), "bell-off", self._pause.for_an_hour)
        self._add(tr("Pause pop-ups until tomorrow"), "bell-off", self._pause.until_tomorrow)
