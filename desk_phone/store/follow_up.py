"""What a person does about missed calls: put off, done, taken up again, taken back.

Each deed is one transaction: durable on return, or BadInput and nothing changed. What the ledger
does by itself, as when somebody talked, is in `CallLedger.record`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.calls import Attention, Call, Change
from desk_phone.model.follow_up import By, Deed, Reason, Reminder, What
from desk_phone.model.moment import micros
from desk_phone.store.attending import Attending
from desk_phone.store.changing import Changing
from desk_phone.store.deeds import Before, CallBefore, Deeds, calls_before
from desk_phone.store.handled import Handled
from desk_phone.store.reminders import KeptReminder, Reminders
from desk_phone.store.rows import SELECT, CallRows, Row, row_from
from desk_phone.store.tally import Tally

_LATEST = (
    SELECT + "WHERE other = ? AND outcome = 'missed' AND hidden = 0"
    " ORDER BY attention = 'handled', start DESC, id DESC LIMIT 1"
)
_TALK_AFTER = (
    SELECT + "WHERE other = ? AND start > ? AND outcome = 'answered' AND record_id IS NOT NULL"
    " ORDER BY start, id LIMIT 1"
)
_MADE = {
    What.HANDLED: Attention.HANDLED,
    What.SNOOZED: Attention.SNOOZED,
    What.TAKEN_UP: Attention.SEEN,
    What.WOKEN: Attention.SEEN,
}


@dataclass(frozen=True, slots=True)
class Fallen:
    """The reminders that came due, each told once, and the calls that are new again."""

    reminders: tuple[Reminder, ...]
    changes: tuple[Change, ...]


class FollowUpBook:
    def __init__(self, db: sqlite3.Connection, rows: CallRows, changing: Changing) -> None:
        self._db, self._rows, self._changing = db, rows, changing
        self._handled, self._reminders, self._deeds = Handled(db), Reminders(db), Deeds(db)

    # deeds

    def handle(self, other: str, now: datetime) -> tuple[Change, ...]:
        """The missed calls of this number are dealt with; empty: those with a withheld number."""
        return self.handle_all((other,), now)

    def handle_all(self, others: Iterable[str], now: datetime) -> tuple[Change, ...]:
        """Those of all these numbers, and `undo` takes back all."""
        with self._changing.begin() as tally:
            people = 1
            for other in dict.fromkeys(others):
                reminder = self._reminders.of(other)
                rows = self._attending(tally).handle(other)
                self._handled.mark((row.call.id for row in rows), now)
                self._reminders.forget(other)
                people += self._note(Deed(What.HANDLED, other, now, people), rows, reminder)
        return self._changing.told(tally)

    def take_up(self, other: str, now: datetime) -> tuple[Change, ...]:
        """The opposite, also of what a later talk did by itself: they wait again, as seen.

        Of several times that this person's calls were handled only the last.
        """
        with self._changing.begin() as tally:
            rows = self._attending(tally).take_up(other)
            self._note(Deed(What.TAKEN_UP, other, now), rows, self._reminders.of(other))
            self._handled.unmark(row.call.id for row in rows)
        return self._changing.told(tally)

    def snooze(self, other: str, until: datetime, now: datetime) -> tuple[Change, ...]:
        """Nobody counts this person's missed calls before ``until``, unless they call again.

        Somebody without missed calls may be put off too: a reminder. Raises BadInput for none.
        """
        if not other:
            raise BadInput(
                tr("Nobody knows who called"), tr("A withheld number cannot be called back.")
            )
        with self._changing.begin() as tally:
            reminder = self._reminders.of(other)
            rows = self._attending(tally).put_off(other)
            put_off = self._starts_put_off(other)
            kept = KeptReminder(Reminder(other, until, now), max(put_off, default=now))
            self._reminders.put(kept)
            self._note(Deed(What.SNOOZED, other, now), rows, reminder, kept)
        return self._changing.told(tally)

    def wake(self, other: str, now: datetime) -> tuple[Change, ...]:
        """A person does not want to wait for it any more: they are to be called back as before."""
        with self._changing.begin() as tally:
            reminder = self._reminders.of(other)
            rows = self._attending(tally).wake(other, Attention.SEEN)
            self._reminders.forget(other)
            self._note(Deed(What.WOKEN, other, now), rows, reminder)
        return self._changing.told(tally)

    def undo(self) -> tuple[Change, ...]:
        """Take back the last deed that was not taken back yet; what became of a call since stays.

        With whom somebody talked since the deed, they need no call any more.
        """
        with self._changing.begin() as tally:
            for deed, before in self._deeds.take_last():
                self._take_back(deed, before, self._attending(tally))
        return self._changing.told(tally)

    def fall_due(self, now: datetime) -> Fallen:
        """What came due since the last time, each once: they are new again."""
        if (due := self.next_due()) is None or due > now:
            return Fallen((), ())
        with self._changing.begin() as tally:
            fallen = self._reminders.fall_due(now)
            for reminder in fallen:
                self._attending(tally).wake(reminder.other, Attention.NEW)
        return Fallen(fallen, self._changing.told(tally))

    # reading

    def why_handled(self, other: str) -> Reason | None:
        """Of this person's latest missed calls; None while they wait, and where there are none."""
        found = self._db.execute(_LATEST, (other,)).fetchone()
        if found is None or (row := row_from(found)).told is not Attention.HANDLED:
            return None
        marked = self._handled.of([row.call.id]).get(row.call.id)
        talk = self._talk_after(other, row.call.start)
        if marked is not None or talk is None:
            return Reason(By.PERSON, marked)
        return Reason(By.TALK, talk.call.start, None if talk.hidden else talk.call)

    def waiting(self, other: str) -> list[Call]:
        """This person's missed calls that nobody handled, newest first; put off ones too."""
        found = self._db.execute(
            SELECT + "WHERE other = ? AND outcome = 'missed' AND hidden = 0"
            " AND attention IN ('new', 'seen', 'snoozed') ORDER BY start DESC, id DESC",
            (other,),
        )
        return [row_from(row).call for row in found]

    def reminder(self, other: str) -> Reminder | None:
        kept = self._reminders.of(other)
        return None if kept is None else kept.reminder

    def reminders(self) -> tuple[Reminder, ...]:
        """Those that came due too, until their person is dealt with; in the order of time."""
        return self._reminders.all()

    def next_due(self) -> datetime | None:
        return self._reminders.next_due()

    def last_deed(self) -> Deed | None:
        """What `undo` would take back."""
        return self._deeds.last()

    # with calls; within the ledger's transaction

    def purge(self, before: datetime) -> None:
        """What was done and told earlier."""
        self._deeds.purge(before)
        self._reminders.purge(before)

    # how

    def _attending(self, tally: Tally) -> Attending:
        return Attending(self._db, self._rows, tally)

    def _note(
        self,
        deed: Deed,
        rows: Sequence[Row],
        reminder: KeptReminder | None,
        after: KeptReminder | None = None,
    ) -> bool:
        """Whether anything was done that can be taken back."""
        if rows or reminder != after:
            handled = self._handled.of(row.call.id for row in rows)
            if deed.what is What.HANDLED:
                handled = {}  # those marks are the deed's own
            self._deeds.note(deed, Before(calls_before(rows, handled), reminder))
            return True
        return False

    def _starts_put_off(self, other: str) -> list[datetime]:
        return [c.start for c in self.waiting(other) if c.attention is Attention.SNOOZED]

    def _take_back(self, deed: Deed, before: Before, attending: Attending) -> None:
        talked = self._talk_after(deed.other, deed.at) is not None
        for call in before.calls:
            row = self._rows.find(call.call_id)
            if row is not None and row.told is _MADE[deed.what]:
                self._put_back(row, call, talked, attending)
        self._reminders.forget(deed.other)
        if before.reminder is not None and not talked:
            self._reminders.put(before.reminder)

    def _put_back(self, row: Row, before: CallBefore, talked: bool, attending: Attending) -> None:
        self._handled.unmark([before.call_id])
        if before.handled is not None:
            self._handled.mark([before.call_id], before.handled)
        if not talked:
            attending.put_back(row, before.attention)

    def _talk_after(self, other: str, start: datetime) -> Row | None:
        if not other:
            return None
        found = self._db.execute(_TALK_AFTER, (other, micros(start))).fetchone()
        return None if found is None else row_from(found)
