"""The menu of a row in the list of calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desk_phone.app.follow_up import FollowUp
from desk_phone.i18n import tr
from desk_phone.model.calls import Attention, Call, Outcome
from desk_phone.ui import words
from desk_phone.ui.calls.person_state import DONE_KEYS, done_words
from desk_phone.ui.cards import deeds as card_deeds
from desk_phone.ui.icons import icon


class CallsMenu(QObject):
    """``follow_up`` None: nobody keeps notes and reminders."""

    call_wanted = Signal(object)  # Call
    copy_wanted = Signal(object)  # Call
    add_wanted = Signal(str)  # a canonical number for the phonebook
    note_wanted = Signal(object)  # Call
    done_wanted = Signal(str)  # a canonical number, empty for withheld ones

    def __init__(
        self, follow_up: FollowUp | None, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._follow_up, self._now = follow_up, now
        self._many: tuple[str, ...] = ()
        self._can_open: Callable[[], bool] = lambda: False
        self._open: Callable[[Call], object] = lambda _: None

    def offer_crm(self, can_open: Callable[[], bool], open_: Callable[[Call], object]) -> None:
        """Where a CRM is set, calls with a number open in it."""
        self._can_open, self._open = can_open, open_

    def choose_many(self, others: tuple[str, ...]) -> None:
        """Several people are chosen whose missed calls wait; Done is about all of them."""
        self._many = others

    def of(self, call: Call, parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for action in (
            _add(menu, "phone", tr("Call"), lambda: self.call_wanted.emit(call)),
            _add(menu, "copy", tr("Copy number"), lambda: self.copy_wanted.emit(call)),
        ):
            action.setEnabled(bool(call.other))
        if call.other and not call.name:
            add = tr("Add to phonebook")
            _add(menu, "user-plus", add, lambda: self.add_wanted.emit(call.other))
        if call.other and self._can_open():
            _add(menu, "external-link", tr("Open in CRM"), lambda: self._open(call))
        if self._follow_up is not None:
            _add(menu, "square-pen", tr("Note"), lambda: self.note_wanted.emit(call))
            self._offer_later(menu, call)
        if call.outcome is Outcome.MISSED and call.attention is not Attention.HANDLED:
            self._offer_done(menu, call)
        elif call.attention is Attention.HANDLED and self._follow_up is not None:
            take_up = self._follow_up.take_up
            _add(menu, "undo-2", tr("Not done"), lambda: take_up(call.other))
        return menu

    def _offer_done(self, menu: QMenu, call: Call) -> None:
        follow_up, many = self._follow_up, self._many if call.other in self._many else ()
        if follow_up is not None and many:
            done = _add(menu, "check", done_words(len(many)), lambda: follow_up.handle_all(many))
        else:
            done = _add(menu, "check", tr("Done"), lambda: self.done_wanted.emit(call.other))
        if follow_up is not None:
            done.setShortcut(QKeySequence(DONE_KEYS))  # said there, heard by the page
            done.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def _offer_later(self, menu: QMenu, call: Call) -> None:
        follow_up = self._follow_up
        if follow_up is None or not call.other:
            return
        later = menu.addMenu(icon("clock"), tr("Later"))
        for said, until in card_deeds.later(self._now()):
            later.addAction(words.menu(said)).triggered.connect(
                lambda _=False, until=until: follow_up.snooze(call.other, until)
            )


def _add(menu: QMenu, icon_name: str, text: str, deed: Callable[[], object]) -> QAction:
    action = QAction(icon(icon_name), text, menu)
    action.triggered.connect(lambda: deed())
    menu.addAction(action)
    return action
