"""What a person did last with missed calls, and how everything was before.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk_phone.model.calls import Attention
from desk_phone.model.follow_up import Deed, Reminder, What
from desk_phone.model.moment import micros, moment
from desk_phone.store.reminders import KeptReminder
from desk_phone.store.rows import Row

_KEPT = 20


@dataclass(frozen=True, slots=True)
class CallBefore:
    """``handled`` is when a person had said that it is done; None: nobody had."""

    call_id: int
    attention: Attention
    handled: datetime | None


@dataclass(frozen=True, slots=True)
class Before:
    """How the calls that a deed changed were, and the reminder of that person."""

    calls: tuple[CallBefore, ...]
    reminder: KeptReminder | None


class Deeds:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def last(self) -> Deed | None:
        found = self._last()
        return None if found is None else found[1]

    def note(self, deed: Deed, before: Before) -> None:
        """``deed.people`` counts this one and those noted just before, at the same time."""
        self._db.execute(
            "INSERT INTO deeds (at, what, other, before) VALUES (?, ?, ?, ?)",
            (micros(deed.at), str(deed.what), deed.other, _written(before, deed.people)),
        )
        kept = max(_KEPT, deed.people)
        self._db.execute("DELETE FROM deeds WHERE id <= (SELECT max(id) FROM deeds) - ?", (kept,))

    def take_last(self) -> list[tuple[Deed, Before]]:
        """Of all to whom it was done at once, the last first; it is forgotten with that."""
        taken: list[tuple[Deed, Before]] = []
        while (found := self._last()) is not None:
            deed_id, deed, before = found
            first = taken[0][0] if taken else deed
            if len(taken) == first.people or (deed.at, deed.what) != (first.at, first.what):
                break
            self._db.execute("DELETE FROM deeds WHERE id = ?", (deed_id,))
            taken.append((deed, _read(deed.other, before)))
        return taken

    def purge(self, before: datetime) -> None:
        self._db.execute("DELETE FROM deeds WHERE at < ?", (micros(before),))

    def _last(self) -> tuple[int, Deed, str] | None:
        found = self._db.execute(
            "SELECT id, what, other, at, before FROM deeds ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if found is None:
            return None
        people = (json.loads(found[4])[2:] or [1])[0]
        return found[0], Deed(What(found[1]), found[2], moment(found[3]), people), found[4]


def calls_before(rows: Sequence[Row], handled: Mapping[int, datetime]) -> tuple[CallBefore, ...]:
    return tuple(CallBefore(row.call.id, row.told, handled.get(row.call.id)) for row in rows)


def _written(before: Before, people: int) -> str:
    calls = [
        [call.call_id, str(call.attention), None if call.handled is None else micros(call.handled)]
        for call in before.calls
    ]
    kept = before.reminder
    times: list[int] = []
    if kept is not None:
        one = kept.reminder
        times = [micros(one.due), micros(one.since), micros(kept.about), int(one.told)]
    return json.dumps([calls, times, people])


def _read(other: str, text: str) -> Before:
    calls, times = json.loads(text)[:2]
    reminder = None
    if times:
        due, since, about = map(moment, times[:3])
        reminder = KeptReminder(Reminder(other, due, since, bool(times[3])), about)
    return Before(
        tuple(
            CallBefore(call_id, Attention(attention), None if at is None else moment(at))
            for call_id, attention, at in calls
        ),
        reminder,
    )
