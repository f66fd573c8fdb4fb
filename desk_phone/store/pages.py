"""Reads calls as pages, newest first: filtered and sorted in SQL, and by key, so that the last page
of a million is as quick as the first."""

from __future__ import annotations

import json
import sqlite3
from enum import StrEnum

from desk_phone.model.calls import Call
from desk_phone.model.moment import micros
from desk_phone.store.people import People
from desk_phone.store.rows import SELECT

_FEW = 2000  # calls that are read and sorted sooner than all calls are gone through


class CallFilter(StrEnum):
    ALL = "all"
    MISSED = "missed"
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    CALL_BACK = "call back"  # one row a person: their latest missed call that waits for somebody


_CONDITIONS = {
    CallFilter.ALL: "hidden = 0",
    CallFilter.MISSED: "outcome = 'missed' AND hidden = 0",
    CallFilter.INCOMING: "direction = 'incoming' AND hidden = 0",
    CallFilter.OUTGOING: "direction = 'outgoing' AND hidden = 0",
    # A withheld number cannot be called back. That nobody talked since is in the attention.
    CallFilter.CALL_BACK: (
        "outcome = 'missed' AND attention IN ('new', 'seen') AND hidden = 0 AND other <> ''"
        " AND NOT EXISTS (SELECT 1 FROM calls later WHERE later.other = calls.other"
        " AND later.outcome = 'missed' AND later.attention IN ('new', 'seen')"
        " AND later.hidden = 0 AND (later.start, later.id) > (calls.start, calls.id))"
    ),
}
_ORDER = " ORDER BY start DESC, id DESC LIMIT ?"


class Pages:
    def __init__(self, db: sqlite3.Connection, people: People) -> None:
        self._db, self._people = db, people

    def page(self, chosen: CallFilter, text: str, after: Call | None, limit: int) -> list[Call]:
        sql = SELECT + "WHERE " + _CONDITIONS[chosen]
        values: list[str | int] = []
        if text.strip():
            others, calls = self._people.matching(text)
            if not others:
                return []
            sql += _among(calls)
            values.append(json.dumps(others))
        if after is not None:
            sql += " AND (start, id) < (?, ?)"
            values += [micros(after.start), after.id]
        return self._people.calls(self._db.execute(sql + _ORDER, (*values, limit)).fetchall())


def _among(calls: int) -> str:
    """Only calls with some numbers. The plus keeps SQLite from looking each number up by itself."""
    few = " AND other IN (SELECT value FROM json_each(?))"
    return few if calls <= _FEW else few.replace("other", "+other")
