"""Whom a person wants to call, and when.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk_phone.model.follow_up import Reminder
from desk_phone.model.moment import micros, moment

_SELECT = "SELECT other, due, since, about, told FROM reminders "


@dataclass(frozen=True, slots=True)
class KeptReminder:
    """``about`` is the start of the latest missed call that was put off, else ``since``."""

    reminder: Reminder
    about: datetime


class Reminders:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of(self, other: str) -> KeptReminder | None:
        found = self._db.execute(_SELECT + "WHERE other = ?", (other,)).fetchone()
        return None if found is None else _kept(found)

    def all(self) -> tuple[Reminder, ...]:
        """In the order in which they are due, those that came due first."""
        return tuple(_kept(row).reminder for row in self._db.execute(_SELECT + "ORDER BY due"))

    def next_due(self) -> datetime | None:
        """Of those that were not told yet."""
        (due,) = self._db.execute("SELECT min(due) FROM reminders WHERE told = 0").fetchone()
        return None if due is None else moment(due)

    def put(self, kept: KeptReminder) -> None:
        one = kept.reminder
        times = (micros(one.due), micros(one.since), micros(kept.about))
        self._db.execute(
            "INSERT OR REPLACE INTO reminders VALUES (?, ?, ?, ?, ?)",
            (one.other, *times, one.told),
        )

    def forget(self, other: str) -> None:
        self._db.execute("DELETE FROM reminders WHERE other = ?", (other,))

    def fall_due(self, now: datetime) -> tuple[Reminder, ...]:
        """Those that are due and were not told; from now on they are."""
        found = self._db.execute(
            "UPDATE reminders SET told = 1 WHERE told = 0 AND due <= ?"
            " RETURNING other, due, since, about, told",
            (micros(now),),
        ).fetchall()
        due = (_kept(row).reminder for row in found)
        return tuple(sorted(due, key=lambda reminder: (reminder.due, reminder.other)))

    def talked(self, talks: Mapping[str, datetime]) -> None:
        """Somebody talked with these numbers, in a call that began then: nobody is waiting."""
        self._db.executemany(
            "DELETE FROM reminders WHERE other = ? AND about <= ?",
            [(other, micros(start)) for other, start in talks.items()],
        )

    def purge(self, before: datetime) -> None:
        """What came due earlier and was told."""
        self._db.execute("DELETE FROM reminders WHERE told = 1 AND due < ?", (micros(before),))


def _kept(row: tuple[str, int, int, int, int]) -> KeptReminder:
    other, due, since, about, told = row
    return KeptReminder(Reminder(other, moment(due), moment(since), bool(told)), moment(about))
