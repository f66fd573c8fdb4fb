"""The ledger: every call once, however often and in whatever order it is reported.

Nothing is ever deleted because a report lacks it. The rows are the memory: a restart announces
nothing twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from desk_phone.model.calls import Call, Change, NameSource, Notice, Outcome, Report
from desk_phone.model.moment import micros, moment
from desk_phone.store.attending import Attending
from desk_phone.store.callers import Callers
from desk_phone.store.changing import Changing
from desk_phone.store.database import without_waiting, writing
from desk_phone.store.follow_up import FollowUpBook
from desk_phone.store.handled import Handled
from desk_phone.store.intake import Intake
from desk_phone.store.naming import Naming, Shown
from desk_phone.store.notes import Notes
from desk_phone.store.pages import CallFilter, Pages, Sought
from desk_phone.store.people import People, Person
from desk_phone.store.regrouping import Regrouping
from desk_phone.store.reminders import Reminders
from desk_phone.store.reports import Reports
from desk_phone.store.rings import Rings
from desk_phone.store.rows import NEW, NEW_OF, SELECT, CallRows
from desk_phone.store.talks import Talks
from desk_phone.store.tally import Tally
from desk_phone.store.week import Weeks

_COUNT_NEW = (
    "SELECT count(DISTINCT other) FROM calls INDEXED BY calls_new"
    " WHERE outcome = 'missed' AND attention = 'new' AND hidden = 0"
)
_RENAMED_AT_ONCE = 66  # numbers

__all__ = ["CallFilter", "CallLedger", "Gap", "Person", "Sought"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Time of which nobody can tell any more who called ``own``."""

    own: str
    since: datetime
    until: datetime


class CallLedger:
    """Whatever writes is one transaction: durable on return, or BadInput and nothing changed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows = CallRows(db)
        self._reports = Reports(db)
        self._people = People(db)
        self._pages = Pages(db, self._people)
        self._changing = Changing(db, self._people)
        self.callers = Callers(db)
        self.notes = Notes(db)
        self.weeks = Weeks(db)
        self.follow_up = FollowUpBook(db, self._rows, self._changing)

    # what comes in

    def record(self, *reports: Report, now: datetime, silent: bool = False) -> tuple[Change, ...]:
        """Take reports in; say which calls they brought or changed, in the order of time.

        Any order, repeats and losses of the same reports leave the same calls. Records are one
        answer of the service to one poll at ``now``. ``silent``: what is missed is seen at once.
        The first report of a dial, and the first notice of a call, always bring a change of it.
        """
        with self._changing.begin() as tally:
            intake = Intake(self._reports, now)
            intake.take(reports)
            self._regroup(intake, tally, now, silent)
            for dial in intake.dials:
                tally.mention(self._rows.get(self._reports.call_of_dial(dial)))
            rang = self._rang(intake)
            for call_id in rang:
                tally.mention(self._rows.get(call_id))
        told = self._changing.told(tally)
        return tuple(_with_ring(change, rang) for change in told) if rang else told

    def hear(self, *notices: Notice, now: datetime) -> tuple[Change, ...]:
        """Like `record`, and the disk is not waited for: the record of the call says it again."""
        with without_waiting(self._db):
            return self.record(*notices, now=now)

    def record_silently(self, *records: Report, now: datetime) -> tuple[Change, ...]:
        """A part of a first answer: the last part, by `record`, makes all of them durable."""
        with without_waiting(self._db, much=True):
            return self.record(*records, now=now, silent=True)

    def settle(self, now: datetime) -> tuple[Change, ...]:
        """The poll at ``now`` brought the same as the one before: what a record left open is over.

        A call known from notices alone never becomes missed this way, it may be talking: after a
        minute nobody knows what became of it (Outcome.UNKNOWN) until its record comes.
        """
        with self._changing.begin() as tally:
            intake = Intake(self._reports, now)
            intake.settle()
            self._regroup(intake, tally, now, silent=False)
        return self._changing.told(tally)

    def withdraw(self, call_id: int) -> None:
        """Forget a dial that surely was not made; a call that has other reports stays."""
        with self._changing.begin() as tally:
            self._reports.forget_dials(call_id)
            row = self._rows.find(call_id)
            if row is not None and not self._reports.are_of(call_id):
                self.notes.leave_to_person(call_id, row.call.other)
                tally.others |= self._rows.delete([call_id])

    def note_gap(self, own: str, since: datetime, until: datetime) -> None:
        """We were away for so long that the service forgot what happened in between."""
        with writing(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO gaps VALUES (?, ?, ?)", (own, micros(since), micros(until))
            )

    # what a person does

    def mark_seen(self) -> tuple[Change, ...]:
        """All missed calls that are new."""
        with self._changing.begin() as tally:
            self._attending(tally).see()
        return self._changing.told(tally)

    def hide(self, call_id: int) -> None:
        """Never show this call again, whatever is reported of it later."""
        with self._changing.begin() as tally:
            before = self._rows.find(call_id)
            if before:
                after = replace(before, hidden=True)
                self._rows.update([after])
                tally.note(before, after)

    def purge(self, before: datetime) -> int:
        """Delete for good the calls that began earlier, hidden ones too; gives how many.

        Their notes go with them, notes about people stay.

        What the service still tells (31 days) would come back with the next poll. Backups keep
        theirs until they are replaced.
        """
        with self._changing.begin() as tally:
            ids = self._rows.before(before)
            self._reports.delete(ids, before)
            tally.others |= self._rows.delete(ids)
            self.follow_up.purge(before)
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the journal has them too
        return len(ids)

    # names that do not come with the calls

    @property
    def names_due(self) -> bool:
        """Whether the phonebook gave names that are not taken over yet."""
        return bool(Naming(self._db).due(1))

    def rename(self) -> tuple[Change, ...]:
        """Take over names that the phonebook gave: a slice of those due, some milliseconds long.

        Gives the calls with those numbers, before and after, in the order of time. Their own names
        stay underneath, for the time when an entry is gone.
        """
        naming = Naming(self._db)
        others = naming.due(_RENAMED_AT_ONCE)
        if not others:
            return ()
        with writing(self._db):
            calls = self._rows.of(others)
            before = self._people.calling(calls)
            self._people.refresh(others)
            naming.settled(others)
        after = self._people.calling(calls)
        return tuple(Change(was, now) for was, now in zip(before, after, strict=True))

    def hear_lines(self, numbers: Iterable[str]) -> None:
        """These, canonical, are the company's own lines: they are found without any call."""
        with writing(self._db):
            self._people.refresh(Naming(self._db).keep_lines(numbers))

    def name_line(self, number: str, name: str) -> None:
        """The display name of one of the company's lines, as far as we know."""
        with writing(self._db):
            Naming(self._db).call_line(number, name)
            self._people.refresh([number])

    # what is known

    def page(
        self,
        chosen: CallFilter = CallFilter.ALL,
        text: str | Sought = "",
        after: Call | None = None,
        limit: int = 200,
    ) -> list[Call]:
        """Newest first; ``after`` is the last call of the page before.

        ``text`` is part of a number in any form, or of a name that the number ever had, in any
        spelling; or all that is `Sought`.
        """
        sought = text if isinstance(text, Sought) else Sought(text)
        return self._pages.page(chosen, sought, after, limit)

    def call(self, call_id: int) -> Call | None:
        """None where there is none, or a person hid it."""
        row = self._rows.find(call_id)
        return None if row is None or row.hidden else self._people.calling([row.call])[0]

    def people(self, text: str = "", limit: int = 50) -> list[Person]:
        """Whom ``text`` may mean, the likeliest first, then whose last call is latest."""
        return self._people.find(text, limit)

    def last_before(self, call: Call) -> Call | None:
        """The last call with the same number ahead of this one; None for withheld ones, too."""
        before = "WHERE other = ? AND hidden = 0 AND (start, id) < (?, ?)"
        latest = f"{SELECT} {before} ORDER BY start DESC, id DESC LIMIT 1"
        found = self._db.execute(latest, (call.other, micros(call.start), call.id))
        rows = found.fetchall() if call.other else []
        return self._people.calls(rows)[0] if rows else None

    def name_of(self, key: str) -> tuple[str, NameSource]:
        """What the phonebook calls a number, else its latest known name; empty for none."""
        named = self.named(key)
        return named.name, named.source

    def named(self, key: str) -> Shown:
        """The same with what a person calls its source, where that is one of several."""
        return self._people.named(key)

    def entries_named(self, key: str) -> tuple[str, ...]:
        """The names of the phonebook's entries with a number, the oldest entry first."""
        named = Naming(self._db).of([key]).get(key)
        return named.entries if named is not None else ()

    def missed_people(self) -> int:
        """How many people's missed calls nobody saw yet; all withheld numbers are one."""
        return int(self._db.execute(_COUNT_NEW).fetchone()[0])

    def missed(self, other: str | None = None) -> list[Call]:
        """The missed calls that nobody saw yet, newest first; all, or one person's."""
        of, given = (NEW, ()) if other is None else (NEW_OF, (other,))
        return self._people.calls(self._db.execute(of, given).fetchall())

    def dialled_since(self, since: datetime) -> list[tuple[str, datetime]]:
        """Own dials as (other, when), in the order of time."""
        return self._reports.dialled_since(since)

    def gaps(self, own: str) -> list[Gap]:
        """Newest first."""
        found = self._db.execute(
            "SELECT since, until FROM gaps WHERE own = ? ORDER BY since DESC", (own,)
        )
        return [Gap(own, moment(since), moment(until)) for since, until in found]

    # how

    def _attending(self, tally: Tally) -> Attending:
        return Attending(self._db, self._rows, tally)

    def _regroup(self, intake: Intake, tally: Tally, now: datetime, silent: bool) -> None:
        for key, at in self._reports.ringing_without_record():
            intake.touch_at(key, at)
        if intake.touched:
            talks = Talks(self._db)
            regrouping = Regrouping(
                *(self._reports, self._rows, talks, self._move_what_hangs_on), now, silent
            )
            regrouping.regroup(intake.touched, tally)
            self._attending(tally).handle_before(talks.latest)
            Reminders(self._db).talked(talks.latest)

    def _rang(self, intake: Intake) -> dict[int, datetime]:
        """The calls that ring and were never told to, and since when."""
        rang = intake.rang()
        ringing = [i for i in rang if self._rows.get(i).call.outcome is Outcome.RINGING]
        first = Rings(self._db).first(ringing)
        return {call_id: rang[call_id] for call_id in first}

    def _move_what_hangs_on(self, loser: int, winner: int) -> None:
        self.notes.move(loser, winner)
        Handled(self._db).move(loser, winner)
        Rings(self._db).move(loser, winner)


def _with_ring(change: Change, rang: Mapping[int, datetime]) -> Change:
    before, after = change.before, change.after
    was_another = before is not None and before.id != after.id
    if was_another or after.outcome is not Outcome.RINGING:
        return change
    return replace(change, rang=rang.get(after.id))
