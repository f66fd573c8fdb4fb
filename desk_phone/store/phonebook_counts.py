"""How many entries wait, for what: asked, never counted along."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from desk_phone.model.entries import Hold

_HELD = (Hold.NOT_FOUND, Hold.REFUSED, Hold.ALREADY_THERE)
_COUNT = """SELECT
    count(*) FILTER (WHERE hold NOT IN (?1, ?2, ?3) AND NOT (
        want IS NULL AND NOT want_deleted AND NOT may_add AND flight IS NULL AND hold = '')),
    count(*) FILTER (WHERE hold IN (?1, ?2, ?3)),
    count(*) FILTER (WHERE flight IS NOT NULL),
    count(*) FILTER (WHERE missing_since IS NOT NULL),
    (SELECT count(*) FROM phonebook_conflicts WHERE decision = '')
    FROM contacts WHERE busy"""


@dataclass(frozen=True, slots=True)
class Counts:
    """``waiting``: to be sent, or to be seen on a list; ``under_way`` of them were sent. ``held``
    wait for a person, like ``conflicts``, the open ones. ``missing`` from the last list."""

    waiting: int = 0
    held: int = 0
    under_way: int = 0
    missing: int = 0
    conflicts: int = 0


class Counting:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def now(self) -> Counts:
        return Counts(*self._db.execute(_COUNT, _HELD).fetchone())

    def conflicted(self) -> frozenset[int]:
        """Our ids of the entries with an open conflict."""
        found = self._db.execute("SELECT contact FROM phonebook_conflicts WHERE decision = ''")
        return frozenset(contact for (contact,) in found)
