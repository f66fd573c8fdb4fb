"""Notes, and what becomes of missed calls, as the windows see them; and the next reminder."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.calls import Calls
from desk_phone.errors import PhoneError
from desk_phone.model.attention import CARDS_AT_ONCE, Announcement, Summary
from desk_phone.model.calls import Attention, Call, Change
from desk_phone.model.follow_up import Deed, Reason, Reminder
from desk_phone.model.notes import Note, Version

log = logging.getLogger(__name__)

_TRIES_AGAIN = timedelta(minutes=1)
_TOGETHER = timedelta(minutes=1)  # reminders due so near to each other are told together
_LONGEST = timedelta(days=20)  # what a timer of Qt's can count


class FollowUp(QObject):
    """`start` it once whoever hears ``due`` is there.

    A method that writes gives whether it is durable; where not, ``failed`` said why. What a
    deed does to calls is told by `Calls.changed` too.
    """

    changed = Signal()  # notes, reminders, or what became of missed calls: read again
    due = Signal(object)  # tuple[Reminder, ...]: their time has come, each told once
    announced = Signal(object)  # Announcement: the missed calls of those, as if they were new
    failed = Signal(object)  # PhoneError

    def __init__(
        self, calls: Calls, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._calls, self._now = calls, now
        self._notes, self._book = calls.ledger.notes, calls.ledger.follow_up
        self._trouble = ""  # why the last note was not saved
        self._stuck = False  # there was no room to note that it was told; said once
        self._told: dict[str, datetime] = {}  # whom of late, by the canonical number
        self._next = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._next.timeout.connect(self.look)
        calls.changed.connect(self._calls_changed)
        calls.line_changed.connect(self._maybe_due)

    # life

    def start(self) -> None:
        """What came due while the program was not running is told now."""
        self.look()

    def look(self) -> None:
        """Tell what is due; after a sleep or when the clock was set, for timers know of neither."""
        try:
            fallen = self._book.fall_due(self._now())
        except PhoneError as error:
            self._wind(at_least=_TRIES_AGAIN)
            if not self._stuck:
                self.failed.emit(error)
            self._stuck = True
            return
        self._trouble = ""  # why the last note was not saved
        self._stuck = False
        self._wind()
        if fallen.reminders:
            log.info("reminders due: %d", len(fallen.reminders))
            self._calls.take(fallen.changes)
            self.changed.emit()
            self.due.emit(fallen.reminders)
            if announcement := self._announcement(fallen.reminders):
                self.announced.emit(announcement)

    def stop(self) -> None:
        self._next.stop()

    # notes

    def call_note(self, call_id: int) -> str:
        """Empty where there is none."""
        note = self._notes.of_call(call_id)
        return "" if note is None else note.text

    def person_note(self, other: str) -> str:
        note = self._notes.about(other) if other else None
        return "" if note is None else note.text

    def last_note(self, other: str) -> Note | None:
        """What was noted last of a person: about them, or of a call with them."""
        return self._notes.last(other)

    def earlier_call_notes(self, call_id: int) -> tuple[Version, ...]:
        """What the note was before, oldest first, for taking it back."""
        return self._notes.versions_of_call(call_id)

    def earlier_person_notes(self, other: str) -> tuple[Version, ...]:
        return self._notes.versions_about(other)

    def write_call_note(self, call_id: int, text: str) -> bool:
        return self._do(lambda: self._notes.write_of_call(call_id, text, self._now()))

    def write_person_note(self, other: str, text: str) -> bool:
        return self._do(lambda: self._notes.write_about(other, text, self._now()))

    # deeds

    def snooze(self, other: str, until: datetime) -> bool:
        """Nobody counts this person's missed calls before then, unless they call again."""
        return self._change(lambda: self._book.snooze(other, until, self._now()))

    def wake(self, other: str) -> bool:
        """They are to be called back now, as before `snooze`; a reminder is forgotten."""
        return self._change(lambda: self._book.wake(other, self._now()))

    def handle(self, other: str) -> bool:
        """This person's missed calls are dealt with; empty: those with a withheld number."""
        return self.handle_all((other,))

    def handle_all(self, others: Collection[str]) -> bool:
        """So are those of all these, and `undo` takes back all."""
        return self._change(lambda: self._book.handle_all(others, self._now()))

    def take_up(self, other: str) -> bool:
        """They are not, whoever or whatever handled them last."""
        return self._change(lambda: self._book.take_up(other, self._now()))

    def undo(self) -> bool:
        """Take back the last deed that was not taken back yet (`last_deed`)."""
        return self._change(self._book.undo)

    # what is known

    def why_handled(self, other: str) -> Reason | None:
        return self._book.why_handled(other)

    def reminder(self, other: str) -> Reminder | None:
        return self._book.reminder(other)

    def reminders(self) -> tuple[Reminder, ...]:
        """In the order of time; those that came due until their person is dealt with."""
        return self._book.reminders()

    def last_deed(self) -> Deed | None:
        return self._book.last_deed()

    # how

    def _announcement(self, reminders: tuple[Reminder, ...]) -> Announcement:
        """Nobody who only is to be called, without a missed call, is in it."""
        waiting = {each.other: self._book.waiting(each.other) for each in reminders}
        fresh = {other: calls for other, calls in waiting.items() if calls}
        people = [*fresh.values(), *self._told_just_now(fresh)]
        if not fresh or len(people) <= CARDS_AT_ONCE:
            return Announcement(tuple(calls[0] for calls in fresh.values()))
        since = min(calls[-1].start for calls in people)
        return Announcement(summary=Summary(sum(map(len, people)), len(people), since))

    def _told_just_now(self, fresh: Collection[str]) -> list[list[Call]]:
        """What is still new of those before ``fresh``: many that were put off one after another
        come due so too, and are as many on the screen as if it were at once."""
        now = self._now()
        before = {o: at for o, at in self._told.items() if abs(now - at) < _TOGETHER}
        self._told = before | dict.fromkeys(fresh, now)
        waiting = (self._book.waiting(other) for other in before if other not in fresh)
        return [calls for calls in waiting if calls and calls[0].attention is Attention.NEW]

    def _do(self, deed: Callable[[], None]) -> bool:
        try:
            deed()
        except PhoneError as error:  # no room on the disk, a call that is gone
            if error.title != self._trouble:  # a field tries again and again: said once
                self.failed.emit(error)
            self._trouble = error.title
            return False
        self._trouble = ""
        self.changed.emit()
        return True

    def _change(self, deed: Callable[[], tuple[Change, ...]]) -> bool:
        try:
            changes = deed()
        except PhoneError as error:
            self.failed.emit(error)
            return False
        if changes:
            self._calls.take(changes)  # which comes back as a change
        else:
            self._calls_changed()
        return True

    def _calls_changed(self) -> None:
        """A talk may have made a reminder needless."""
        self._wind()
        self.changed.emit()

    def _maybe_due(self) -> None:
        """With each look at the history: a clock that was set is noticed without waking up."""
        due = self._book.next_due()
        if due is not None and due <= self._now():
            self.look()

    def _wind(self, at_least: timedelta = timedelta()) -> None:
        due = self._book.next_due()
        if due is None:
            self._next.stop()
            return
        left = min(max(due - self._now(), at_least), _LONGEST)
        self._next.start(max(1, left // timedelta(milliseconds=1) + 1))
