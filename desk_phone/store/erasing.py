"""Erases what is known of one number, for good.

The service tells of the last 31 days again at each look. Calls of that time are hidden until they
are old enough to be erased too: what was asked for is remembered with the number until then.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk_phone.model.calls import Change
from desk_phone.model.moment import micros, moment
from desk_phone.store.changing import Changing
from desk_phone.store.deliveries import Deliveries
from desk_phone.store.people import People
from desk_phone.store.rows import SELECT, CallRows, row_from

TOLD_AGAIN = timedelta(days=32)  # by the service: its month, and a day for two clocks that differ
_FACT = "to be erased "

_OF_CALLS = tuple(
    f"DELETE FROM {table} WHERE call_id IN (SELECT id FROM calls WHERE other = :other{{which}})"  # noqa: S608 - three names of ours
    for table in ("records", "notices", "dials")
)
_OF_NONE = (
    "DELETE FROM records WHERE other = :other AND call_id IS NULL AND start < :old",
    "DELETE FROM notices WHERE other = :other AND at < :old",
    "DELETE FROM dials WHERE other = :other AND at < :old",
)
_OF_PERSON = (
    (
        "DELETE FROM notes WHERE other = :other"
        " OR call_id IN (SELECT id FROM calls WHERE other = :other)"
    ),
    "DELETE FROM reminders WHERE other = :other",
    "DELETE FROM deeds WHERE other = :other",
    "DELETE FROM handled WHERE call_id IN (SELECT id FROM calls WHERE other = :other)",
    "DELETE FROM names_due WHERE other = :other",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is of a number: calls, and how many of them are hidden for now when erased."""

    calls: int = 0
    recent: int = 0
    notes: int = 0
    in_phonebook: int = 0
    elsewhere: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.calls or self.notes)


class Erasing:
    """``other`` is a canonical number. Whatever writes raises BadInput where there is no room."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db, self._rows = db, CallRows(db)
        self._people = People(db)
        self._changing = Changing(db, self._people)
        self._deliveries = Deliveries(db)

    def known(self, other: str, now: datetime) -> Known:
        """The company's phonebook and others' contacts are counted, and stay."""
        words = {"other": other, "old": micros(now - TOLD_AGAIN)}
        found = self._db.execute(
            "SELECT (SELECT count(*) FROM calls WHERE other = :other),"
            " (SELECT count(*) FROM calls WHERE other = :other AND start >= :old),"
            " (SELECT count(*) FROM notes WHERE other = :other"
            "  OR call_id IN (SELECT id FROM calls WHERE other = :other)),"
            " (SELECT count(*) FROM contacts"
            "  WHERE (number1 = :other OR number2 = :other) AND gone_at IS NULL),"
            " (SELECT count(*) FROM outside_numbers WHERE number = :other)",
            words,
        )
        return Known(*found.fetchone())

    def erase(self, other: str, now: datetime) -> tuple[Change, ...]:
        """Calls, notes, reminders; gives the calls that were seen and are no more, as they were.

        `forget_told` is to follow, once those who listen know that they are gone.
        """
        before = self._db.execute(SELECT + "WHERE other = ? AND hidden = 0", (other,)).fetchall()
        gone = tuple(row_from(values).call for values in before)
        with self._changing.begin() as tally:
            self._delete(other, now - TOLD_AGAIN, " AND start < :old")
            for statement in _OF_PERSON:
                self._db.execute(statement, {"other": other})
            self._hide_the_rest(other, now)
            tally.others.add(other)
        self._sweep()
        return tuple(Change(call, call) for call in gone)

    def forget_told(self, other: str) -> None:
        """What other programs were told of a number, and what waits for them."""
        self._deliveries.forget(other)
        self._sweep()

    def erase_due(self, now: datetime) -> int:
        """What was hidden because the service would have told it again, and does no more; gives how
        many numbers were asked for."""
        due = self._due(now)
        for other in due:
            with self._changing.begin() as tally:
                self._delete(other, now - TOLD_AGAIN, " AND start < :old AND hidden = 1")
                self._db.execute("DELETE FROM facts WHERE name = ?", (_FACT + other,))
                tally.others.add(other)
        if due:
            self._sweep()
        return len(due)

    def start_of(self, place: int) -> datetime | None:
        """When the oldest call but ``place`` began, of those that can be seen; None: so many there
        are not."""
        found = self._db.execute(
            "SELECT start FROM calls WHERE hidden = 0 ORDER BY start, id LIMIT 1 OFFSET ?", (place,)
        ).fetchone()
        return None if found is None else moment(int(found[0]))

    # how

    def _due(self, now: datetime) -> list[str]:
        found = self._db.execute(
            "SELECT name, value FROM facts WHERE substr(name, 1, ?) = ?", (len(_FACT), _FACT)
        ).fetchall()
        return [name[len(_FACT) :] for name, value in found if moment(int(value)) <= now]

    def _delete(self, other: str, old: datetime, which: str) -> None:
        words = {"other": other, "old": micros(old)}
        for statement in _OF_CALLS:
            self._db.execute(statement.format(which=which), words)
        for statement in _OF_NONE:
            self._db.execute(statement, words)
        self._db.execute(f"DELETE FROM calls WHERE other = :other{which}", words)  # noqa: S608 - as above

    def _hide_the_rest(self, other: str, now: datetime) -> None:
        hidden = self._db.execute("UPDATE calls SET hidden = 1 WHERE other = ?", (other,)).rowcount
        reported = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM records WHERE other = ?)", (other,)
        ).fetchone()[0]
        if hidden or reported:
            self._db.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)",
                (_FACT + other, str(micros(now + TOLD_AGAIN))),
            )

    def _sweep(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the journal has them too
