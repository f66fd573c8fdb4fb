"""The numbers of the calls and of the company, as a search of everybody wants to know them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk_phone.model.calls import NameSource
from desk_phone.model.folding import fold
from desk_phone.model.moment import moment

_AMONG = "other IN (SELECT value FROM json_each(?))"
# Other numbers that have a name are left to whoever gave them that name.
_SELECT = (
    "SELECT other, name, name_source, last, calls, folded FROM people"
    " WHERE (calls > 0 OR other IN (SELECT number FROM lines))"
)
_NAMES = (
    "SELECT other, name FROM calls WHERE other IN (SELECT value FROM json_each(?1))"
    " AND hidden = 0 AND name <> '' GROUP BY other, name ORDER BY max(start) DESC"
)
_LINES = "SELECT number, name FROM lines"
_LINE_NAMES = (
    "SELECT number, name FROM lines WHERE name <> '' AND number IN (SELECT value FROM json_each(?))"
)
_BY_CALLS = (str(NameSource.RECORD), str(NameSource.NOTICE))


@dataclass(frozen=True, slots=True)
class Caller:
    """``other`` is canonical, ``last`` the last call's start; None and no ``calls``: a line of the
    company that nobody called yet. ``name`` is what the calls are shown with; ``names`` are all
    that the calls ever said and that of the line, each once, the latest first."""

    other: str
    name: str
    name_source: NameSource
    last: datetime | None
    calls: int
    names: tuple[str, ...]


class Callers:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of(self, others: Iterable[str]) -> list[Caller]:
        """Those of the numbers that have calls or are the company's."""
        return self._callers(f"{_SELECT} AND {_AMONG}", (json.dumps(list(others)),))

    def after(self, other: str, limit: int) -> list[Caller]:
        """Of all numbers a portion: those after ``other``, in their order."""
        return self._callers(f"{_SELECT} AND other > ? ORDER BY other LIMIT ?", (other, limit))

    def briefly(self, others: Iterable[str]) -> dict[str, Caller]:
        """The same as `of`, by number and without ``names``: quicker, for what is shown."""
        found = self._db.execute(f"{_SELECT} AND {_AMONG}", (json.dumps(list(others)),))
        return {row[0]: _caller(row, ()) for row in found}

    def lines(self) -> dict[str, str]:
        """The company's own numbers, and their display names as far as they are known."""
        return dict(self._db.execute(_LINES).fetchall())

    def _callers(self, select: str, values: tuple[str | int, ...]) -> list[Caller]:
        found = self._db.execute(select, values).fetchall()
        # Most numbers only ever had the name that is shown: their calls need not be read.
        named: dict[str, tuple[str, ...]] = {
            row[0]: (row[1],) for row in found if _is_only_name(row)
        }
        named |= self._names([row[0] for row in found if row[0] not in named and row[5]])
        return [_caller(row, named.get(row[0], ())) for row in found]

    def _names(self, others: list[str]) -> dict[str, tuple[str, ...]]:
        wanted, names = (json.dumps(others),), {other: list[str]() for other in others}
        for other, name in self._db.execute(_NAMES, wanted):
            names[other].append(name)
        for other, name in self._db.execute(_LINE_NAMES, wanted):
            names[other].append(name)
        return {other: tuple(dict.fromkeys(said)) for other, said in names.items()}


def _is_only_name(row: Sequence[Any]) -> bool:
    _, name, source, _, _, folded = row
    return source in _BY_CALLS and folded == f" {fold(name)}"


def _caller(row: Sequence[Any], names: tuple[str, ...]) -> Caller:
    other, name, source, last, calls, _ = row
    at = moment(last) if calls else None
    return Caller(other, name, NameSource(source), at, calls, names)
