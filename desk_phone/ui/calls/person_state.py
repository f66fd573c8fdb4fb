"""What is to be done about a person's missed calls: later, done, and why they are done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desk_phone.app.follow_up import FollowUp
from desk_phone.i18n import tr
from desk_phone.model.follow_up import What
from desk_phone.store.follow_up import FollowUpBook
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.calls import follow_up_words
from desk_phone.ui.cards import deeds as card_deeds
from desk_phone.ui.label import plain_label

DONE_KEYS = "Ctrl+D"


def done_words(people: int) -> str:
    """``Done``, where several calls are chosen ``Done (38)``"""
    return f"{tr('Done')} ({people})" if people else tr("Done")


class PersonState(QWidget):
    def __init__(
        self,
        follow_up: FollowUp,
        book: FollowUpBook,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._follow_up, self._book, self._now = follow_up, book, now
        self._other = ""
        self._many: tuple[str, ...] = ()  # all whom Done is about, where several are chosen
        self._text = plain_label(wraps=True)
        self.later = push_button(tr("Later"), "clock")
        self.done = push_button(tr("Done"), "check")
        self.undo = push_button(tr("Undo"), "undo-2", kind="quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.later, self.done):
            buttons.addWidget(button)
        buttons.addStretch(1)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self._text, 1)
        said.addWidget(self.undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(said)
        column.addLayout(buttons)
        self.later.clicked.connect(self._choose_time)
        self.done.clicked.connect(self._handle)
        self.done.setToolTip(DONE_KEYS)
        self.undo.clicked.connect(self._undo)

    @property
    def text(self) -> str:
        return self._text.text()

    def show_person(self, other: str) -> None:
        """By the canonical number; empty: all withheld ones, who can only be done with."""
        self._other = other
        now, waiting = self._now(), self._book.waiting(other)
        reminder, why = self._follow_up.reminder(other), self._follow_up.why_handled(other)
        if reminder is not None:
            said = follow_up_words.reminder(reminder, now)
        elif waiting:
            said = follow_up_words.waiting(len(waiting))
        else:
            said = follow_up_words.reason(why, now) if why is not None else ""
        self._text.setText(said)
        self._text.setVisible(bool(said))
        self.done.setVisible(bool(waiting) or reminder is not None or bool(self._many))
        self.later.setVisible(bool(other) and not self._many)
        self.undo.setVisible(why is not None if reminder is None else not reminder.told)

    def choose_many(self, others: tuple[str, ...]) -> None:
        """Several people are chosen whose missed calls wait; none: the one who is shown is."""
        self._many = others
        self.done.setText(done_words(len(others)))
        self.show_person(self._other)

    def press_done(self) -> None:
        """By the keyboard: as a click on it, where it is offered."""
        if self.done.isVisible():
            self.done.click()

    def _handle(self) -> None:
        self._follow_up.handle_all(self._many or (self._other,))

    def _undo(self) -> None:
        """Take back what made it so: the very deed where it was the last, else its opposite."""
        deed = self._follow_up.last_deed()
        put_off = self._follow_up.reminder(self._other) is not None
        made = What.SNOOZED if put_off else What.HANDLED
        if deed is not None and (deed.what, deed.other) == (made, self._other):
            self._follow_up.undo()
        elif put_off:
            self._follow_up.wake(self._other)
        else:
            self._follow_up.take_up(self._other)

    def _choose_time(self) -> None:
        menu = self.later_menu(QMenu(self), self._other)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.later.mapToGlobal(QPoint(0, self.later.height())))

    def later_menu(self, menu: QMenu, other: str) -> QMenu:
        """Fill a menu with the times until which a person may be put off."""
        for said, until in card_deeds.later(self._now()):
            menu.addAction(words.menu(said)).triggered.connect(
                lambda _=False, until=until: self._follow_up.snooze(other, until)
            )
        return menu
