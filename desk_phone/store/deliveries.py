"""What other programs were told of calls, and the queue of what they still have to be told.

A delivery is durable before it is sent and goes only when somebody took it. Killed in between, the
same one is sent again, under the same id: the receiver can tell.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk_phone.model.calls import Call
from desk_phone.model.crm import TOLD_FOR, Event, Happening
from desk_phone.model.crm_delivery import WAITING_AT_MOST, Delivery
from desk_phone.model.moment import micros, moment
from desk_phone.store.database import writing

_OPENED = "opened"
_MARKS_KEPT = TOLD_FOR + timedelta(days=1)
_SAME_CALL = timedelta(seconds=20)  # so far two reports of one call may be apart
_MINUTE = timedelta(minutes=1)  # what lies further ahead: the clock was set back
_EVENTS = frozenset(Event)


class Loss(StrEnum):
    """Why a delivery left the queue untold."""

    FULL = "full"
    OLD = "old"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Losses:
    full: int = 0
    old: int = 0
    refused: int = 0

    @property
    def all(self) -> int:
        return self.full + self.old + self.refused


class Deliveries:
    """Whatever writes is one transaction: durable on return, or BadInput and nothing changed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    # since when

    def begin(self, own: str, now: datetime) -> None:
        """Calls of this line are told from now on, if they were not before."""
        if own not in self.since():
            with writing(self._db):
                self._db.execute(
                    "INSERT OR IGNORE INTO told_lines VALUES (?, ?)", (own, micros(now))
                )

    def since(self) -> dict[str, datetime]:
        """Since when each own line's calls are told."""
        found = self._db.execute("SELECT own, since FROM told_lines")
        return {own: moment(since) for own, since in found}

    def cease(self) -> None:
        """Calls are told no more: forget since when. What was told stays told."""
        with writing(self._db):
            self._db.execute("DELETE FROM told_lines")

    def empty(self) -> None:
        """There is no receiver any more: nothing waits, and nothing was lost."""
        with writing(self._db):
            self._db.execute("DELETE FROM deliveries")
            self._db.execute("DELETE FROM losses")

    # what was told

    def told(self, calls: Iterable[Call]) -> frozenset[tuple[int, Event]]:
        """What was told of these calls, or of rows that turned out to be one of them."""
        wanted = [
            {"id": c.id, "own": c.own, "other": c.other, "start": micros(c.start)} for c in calls
        ]
        found = self._db.execute(
            "WITH wanted AS (SELECT value ->> 'id' AS id, value ->> 'own' AS own,"
            " value ->> 'other' AS other, value ->> 'start' AS start FROM json_each(?1))"
            " SELECT wanted.id, what FROM wanted JOIN told ON told.call_id = wanted.id"
            " UNION SELECT wanted.id, what FROM wanted JOIN told"
            " ON told.other = wanted.other AND told.own = wanted.own"
            " AND told.start BETWEEN wanted.start - ?2 AND wanted.start + ?2"
            " WHERE NOT EXISTS (SELECT 1 FROM calls WHERE calls.id = told.call_id)",
            (json.dumps(wanted), _SAME_CALL // timedelta(microseconds=1)),
        )
        return frozenset((call_id, Event(what)) for call_id, what in found if what in _EVENTS)

    def tell(
        self, happenings: Sequence[Happening], deliveries: Sequence[Delivery], now: datetime
    ) -> None:
        """These are told from here on; the deliveries, which may be none, wait in this order.

        A full queue loses its oldest ones. What is too old to be told again is forgotten.
        """
        with writing(self._db):
            for happening in happenings:
                self._mark(happening.call, happening.event.value, now)
            self._db.executemany(
                "INSERT INTO deliveries (key, call_id, event, body, made) VALUES (?, ?, ?, ?, ?)",
                [(d.id, d.call_id, d.event, d.body, micros(d.made)) for d in deliveries],
            )
            self._db.execute("DELETE FROM told WHERE start < ?", (micros(now - _MARKS_KEPT),))
            self._shorten()

    def open(self, call: Call, now: datetime, a_minute: int) -> bool:
        """Whether its page may open by itself; True only once for a call, and only ``a_minute``
        times within any minute. Remembered before it opens: a crash opens none twice."""
        with writing(self._db):
            lately = self._db.execute(
                "SELECT count(*) FROM told WHERE what = ? AND told_at BETWEEN ? AND ?",
                (_OPENED, micros(now - _MINUTE) + 1, micros(now + _MINUTE)),
            ).fetchone()[0]
            if lately >= a_minute:
                return False
            before = self._db.total_changes
            self._mark(call, _OPENED, now)
            return self._db.total_changes > before

    # the queue

    def first(self) -> Delivery | None:
        row = self._db.execute(
            "SELECT key, call_id, event, body, made, stumbles FROM deliveries ORDER BY id LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        key, call_id, event, body, made, stumbles = row
        return Delivery(key, call_id, event, body, moment(made), stumbles)

    @property
    def waiting(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM deliveries").fetchone()[0])

    @property
    def losses(self) -> Losses:
        found = self._db.execute("SELECT why, count FROM losses")
        return Losses(**{Loss(why).value: count for why, count in found})

    def stumbled(self, delivery: Delivery) -> None:
        """The receiver broke over it; it waits for the next try."""
        with writing(self._db):
            self._db.execute(
                "UPDATE deliveries SET stumbles = stumbles + 1 WHERE key = ?", (delivery.id,)
            )

    def done(self, delivery: Delivery) -> None:
        with writing(self._db):
            self._db.execute("DELETE FROM deliveries WHERE key = ?", (delivery.id,))

    def refused(self, delivery: Delivery) -> None:
        """It will never be taken: it goes, and is counted."""
        with writing(self._db):
            gone = self._db.execute("DELETE FROM deliveries WHERE key = ?", (delivery.id,))
            self._lose(Loss.REFUSED, gone.rowcount)

    def expire(self, now: datetime) -> int:
        """Let go of what waited for a week; gives how many."""
        first, too_old = self.first(), micros(now - TOLD_FOR)
        if first is None or micros(first.made) >= too_old:
            return 0
        with writing(self._db):
            gone = self._db.execute("DELETE FROM deliveries WHERE made < ?", (too_old,)).rowcount
            self._lose(Loss.OLD, gone)
        return gone

    def forget(self, other: str) -> None:
        """Nothing of a number's calls waits or is remembered any more."""
        with writing(self._db):
            self._db.execute(
                "DELETE FROM deliveries"
                " WHERE call_id IN (SELECT call_id FROM told WHERE other = ?)",
                (other,),
            )
            self._db.execute("DELETE FROM told WHERE other = ?", (other,))

    # inside

    def _mark(self, call: Call, what: str, now: datetime) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?, ?)",
            (call.id, what, call.own, call.other, micros(call.start), micros(now)),
        )

    def _shorten(self) -> None:
        gone = self._db.execute(
            "DELETE FROM deliveries WHERE id <="
            " (SELECT id FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (WAITING_AT_MOST,),
        ).rowcount
        self._lose(Loss.FULL, gone)

    def _lose(self, why: Loss, count: int) -> None:
        if count > 0:
            self._db.execute(
                "INSERT INTO losses VALUES (?, ?)"
                " ON CONFLICT (why) DO UPDATE SET count = count + excluded.count",
                (why.value, count),
            )
