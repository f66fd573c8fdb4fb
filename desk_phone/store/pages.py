"""Reads calls as pages, newest first: filtered and sorted in SQL, and by key, so that the last page
of a million is as quick as the first."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
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
_WITH = "other IN (SELECT value FROM json_each(?))"
_KNOWN = "id IN (SELECT value FROM json_each(?))"
# By whether some ids are meant too, and whether the calls are few. The plus keeps SQLite from
# looking each number up by itself.
_AMONG = {
    (False, True): f" AND {_WITH}",
    (False, False): f" AND +{_WITH}",
    (True, True): f" AND ({_WITH} OR {_KNOWN})",
    (True, False): f" AND (+{_WITH} OR {_KNOWN})",
}
_ORDER = " ORDER BY start DESC, id DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for among the calls: those with a number that ``text`` is a part of, with one
    of ``others`` (canonical), or of which it is known otherwise, say by a note (ids in ``calls``).

    Who has which name in which spelling is best known by the directory, which then says so in
    ``others``. While it does not, ``by_name`` looks for ``text`` also in the names that we have.
    """

    text: str = ""
    others: tuple[str, ...] = ()
    calls: tuple[int, ...] = ()
    by_name: bool = True

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.others or self.calls)


class Pages:
    def __init__(self, db: sqlite3.Connection, people: People) -> None:
        self._db, self._people = db, people

    def page(
        self, chosen: CallFilter, sought: Sought, after: Call | None, limit: int
    ) -> list[Call]:
        sql = SELECT + "WHERE " + _CONDITIONS[chosen]
        values: list[str | int] = []
        if sought:
            others = {*sought.others, *self._people.matching(sought.text, sought.by_name)}
            if not others and not sought.calls:
                return []
            sql += _AMONG[bool(sought.calls), self._people.count_calls(others) <= _FEW]
            values.append(json.dumps(list(others)))
            if sought.calls:
                values.append(json.dumps(sought.calls))
        if after is not None:
            sql += " AND (start, id) < (?, ?)"
            values += [micros(after.start), after.id]
        return self._people.calls(self._db.execute(sql + _ORDER, (*values, limit)).fetchall())
