"""Calls as rows of their table. Every write here belongs to a transaction of the caller."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk_phone.model.calls import Attention, Call, Direction, NameSource, Outcome
from desk_phone.model.moment import micros, moment
from desk_phone.store.naming import Shown

SELECT = (
    "SELECT id, own, other, other_text, direction, outcome, start, answered, released, record_id,"
    " name, name_source, attention, hidden FROM calls "
)
_NEW = SELECT + "INDEXED BY calls_new WHERE outcome = 'missed' AND attention = 'new' AND hidden = 0"
_NEWEST_FIRST = " ORDER BY start DESC, id DESC"
NEW = _NEW + _NEWEST_FIRST
NEW_OF = _NEW + " AND other = ?" + _NEWEST_FIRST


@dataclass(frozen=True, slots=True)
class Row:
    """``told`` is what became of the call once it was told as missed, even if it is not any more;
    ``call.attention`` says the same while it is missed."""

    call: Call
    told: Attention = Attention.NONE
    hidden: bool = False


def call_from(values: Sequence[Any], named: Shown | None = None) -> Call:
    """Of the values that SELECT gives; ``named`` takes the place of the name that is stored."""
    outcome = Outcome(values[5])
    shown = named or Shown(values[10], NameSource(values[11]))
    return Call(
        values[0],
        values[1],
        values[2],
        values[3],
        Direction(values[4]),
        outcome,
        moment(values[6]),
        None if values[7] is None else moment(values[7]),
        None if values[8] is None else moment(values[8]),
        values[9],
        shown.name,
        shown.source,
        Attention(values[12]) if outcome is Outcome.MISSED else Attention.NONE,
        shown.label,
    )


def row_from(values: Sequence[Any]) -> Row:
    return Row(call_from(values), Attention(values[12]), bool(values[13]))


class CallRows:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def find(self, call_id: int) -> Row | None:
        values = self._db.execute(SELECT + "WHERE id = ?", (call_id,)).fetchone()
        return None if values is None else row_from(values)

    def get(self, call_id: int) -> Row:
        """Of an id that surely is a row's."""
        found = self.find(call_id)
        if found is None:
            raise KeyError(call_id)
        return found

    def before(self, start: datetime) -> list[int]:
        found = self._db.execute("SELECT id FROM calls WHERE start < ?", (micros(start),))
        return [call_id for (call_id,) in found]

    def of(self, others: Iterable[str]) -> list[Call]:
        """The calls with these numbers that nobody hid, in the order of time."""
        found = [
            call_from(values)
            for other in others
            for values in self._db.execute(SELECT + "WHERE other = ? AND hidden = 0", (other,))
        ]
        return sorted(found, key=lambda call: (call.start, call.id))

    def last_id(self) -> int:
        """The greatest id ever given."""
        found = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'calls'").fetchone()
        return int(found[0]) if found else 0

    def insert(self, rows: Iterable[Row]) -> None:
        self._db.executemany(
            "INSERT INTO calls (own, other, other_text, direction, outcome, start, answered,"
            " released, record_id, name, name_source, attention, hidden, id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            map(_values, rows),
        )

    def update(self, rows: Iterable[Row]) -> None:
        self._db.executemany(
            "UPDATE calls SET own = ?, other = ?, other_text = ?, direction = ?, outcome = ?,"
            " start = ?, answered = ?, released = ?, record_id = ?, name = ?, name_source = ?,"
            " attention = ?, hidden = ? WHERE id = ?",
            map(_values, rows),
        )

    def delete(self, ids: Iterable[int]) -> set[str]:
        """Gives the numbers with whom these calls were."""
        found: set[str] = set()
        for call_id in ids:
            deleted = self._db.execute(
                "DELETE FROM calls WHERE id = ? RETURNING other", (call_id,)
            ).fetchall()
            found |= {other for (other,) in deleted}
        return found


def _values(row: Row) -> tuple[object, ...]:
    call = row.call
    return (
        call.own,
        call.other,
        call.other_text,
        str(call.direction),
        str(call.outcome),
        micros(call.start),
        _micros(call.answered),
        _micros(call.released),
        call.record_id,
        call.name,
        str(call.name_source),
        str(row.told),
        row.hidden,
        call.id,
    )


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)
