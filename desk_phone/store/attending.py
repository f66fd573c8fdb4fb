"""What becomes of missed calls: seen, handled, taken up again.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from desk_phone.model.calls import Attention
from desk_phone.model.moment import micros
from desk_phone.store.rows import NEW, SELECT, CallRows, Row, row_from
from desk_phone.store.tally import Tally

_OPEN = SELECT + "WHERE outcome = 'missed' AND attention IN ('new', 'seen') "


class Attending:
    def __init__(self, db: sqlite3.Connection, rows: CallRows, tally: Tally) -> None:
        self._db, self._rows, self._tally = db, rows, tally

    def see(self) -> None:
        self._become(Attention.SEEN, self._found(NEW))

    def handle(self, other: str) -> None:
        self._become(Attention.HANDLED, self._found(_OPEN + "AND other = ?", other))

    def take_up(self, other: str) -> None:
        """The opposite: they wait again, as seen."""
        handled = SELECT + "WHERE other = ? AND outcome = 'missed' AND attention = 'handled'"
        self._become(Attention.SEEN, self._found(handled, other))

    def handle_before(self, talks: Mapping[str, datetime]) -> None:
        """What was missed of these numbers before somebody talked with them (`store.talks`)."""
        for other in talks.keys() & self._waiting():
            found = _OPEN + "AND other = ? AND start < ? AND record_id IS NOT NULL"
            rows = self._found(found, other, micros(talks[other]))
            self._become(Attention.HANDLED, rows)

    def _waiting(self) -> set[str]:
        found = self._db.execute(
            "SELECT DISTINCT other FROM calls"
            " WHERE outcome = 'missed' AND attention IN ('new', 'seen')"
        )
        return {other for (other,) in found}

    def _found(self, sought: str, *values: object) -> list[Row]:
        return [row_from(row) for row in self._db.execute(sought, values)]

    def _become(self, attention: Attention, rows: Iterable[Row]) -> None:
        after = []
        for row in rows:
            became = Row(replace(row.call, attention=attention), attention, row.hidden)
            if became != row:
                self._tally.note(row, became)
                after.append(became)
        self._rows.update(after)
