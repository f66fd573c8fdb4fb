"""What becomes of missed calls: seen, put off, handled, taken up again.

Every write belongs to the caller's transaction. Whatever changes calls gives them as they were
before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from desk_phone.model.calls import Attention, Outcome
from desk_phone.model.moment import micros
from desk_phone.store.handled import Handled
from desk_phone.store.rows import NEW, SELECT, CallRows, Row, row_from
from desk_phone.store.tally import Tally

_OPEN = SELECT + "WHERE outcome = 'missed' AND attention IN ('new', 'seen', 'snoozed') "
_SNOOZED = SELECT + "WHERE outcome = 'missed' AND attention = 'snoozed' AND other = ?"
_DONE = (
    SELECT + "WHERE other = ? AND outcome = 'missed' AND attention = 'handled' AND hidden = 0"
    " ORDER BY start DESC, id DESC"
)


class Attending:
    def __init__(self, db: sqlite3.Connection, rows: CallRows, tally: Tally) -> None:
        self._db, self._rows, self._tally = db, rows, tally

    def see(self) -> list[Row]:
        return self._become(Attention.SEEN, self._found(NEW))

    def put_off(self, other: str) -> list[Row]:
        return self._become(Attention.SNOOZED, self._found(_OPEN + "AND other = ?", other))

    def wake(self, other: str, attention: Attention) -> list[Row]:
        """What was put off waits again: as new when its time came, as seen when a person says."""
        return self._become(attention, self._found(_SNOOZED, other))

    def handle(self, other: str) -> list[Row]:
        return self._become(Attention.HANDLED, self._found(_OPEN + "AND other = ?", other))

    def take_up(self, other: str) -> list[Row]:
        """The opposite of what handled the latest of them, for all that it handled: seen again."""
        return self._become(Attention.SEEN, self._handled_last(other))

    def put_back(self, row: Row, attention: Attention) -> None:
        """A person takes back what they did to this call."""
        self._become(attention, [row])

    def handle_before(self, talks: Mapping[str, datetime]) -> None:
        """What was missed of these numbers before somebody talked with them (`store.talks`)."""
        for other in talks.keys() & self._waiting():
            found = _OPEN + "AND other = ? AND start < ? AND record_id IS NOT NULL"
            rows = self._found(found, other, micros(talks[other]))
            self._become(Attention.HANDLED, rows)

    def _waiting(self) -> set[str]:
        found = self._db.execute(
            "SELECT other FROM calls WHERE outcome = 'missed' AND attention IN ('new', 'seen')"
            " UNION SELECT other FROM calls WHERE outcome = 'missed' AND attention = 'snoozed'"
        )
        return {other for (other,) in found}

    def _handled_last(self, other: str) -> list[Row]:
        done = self._found(_DONE, other)
        if not done:
            return []
        marks = Handled(self._db).of(row.call.id for row in done)
        at = marks.get(done[0].call.id)
        if at is not None:
            return [row for row in done if marks.get(row.call.id) == at]
        since = self._talked_before(other, done[0].call.start)
        return [row for row in done if row.call.id not in marks and micros(row.call.start) > since]

    def _talked_before(self, other: str, start: datetime) -> int:
        (latest,) = self._db.execute(
            "SELECT coalesce(max(start), 0) FROM calls WHERE other = ? AND start < ?"
            " AND outcome = 'answered' AND record_id IS NOT NULL",
            (other, micros(start)),
        ).fetchone()
        return int(latest)

    def _found(self, sought: str, *values: object) -> list[Row]:
        return [row_from(row) for row in self._db.execute(sought, values)]

    def _become(self, attention: Attention, rows: Iterable[Row]) -> list[Row]:
        before, after = [], []
        for row in rows:
            missed = row.call.outcome is Outcome.MISSED
            call = replace(row.call, attention=attention if missed else Attention.NONE)
            became = Row(call, attention, row.hidden)
            if became != row:
                self._tally.note(row, became)
                before.append(row)
                after.append(became)
        self._rows.update(after)
        return before
