"""What merely follows a list: entries that nobody here has touched, and new ones.

Each row may be written alone, and at any time, as long as its entry is as it was: whatever is left
undone the next list brings again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from desk_phone.model.entries import Contact, Content

_FOLLOW = (
    "UPDATE contacts SET base = ?, name = ?, number1 = ?, number2 = ? WHERE id = ?"
    " AND server_id = ? AND base = ? AND NOT busy AND gone_at IS NULL"
)
_COME = (
    "INSERT OR IGNORE INTO contacts (server_id, base, want_deleted, may_add, hold, words, gone_how,"
    " busy, name, number1, number2) VALUES (?, ?, 0, 0, '', '', '', 0, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Followed:
    """An entry that shall say what a list shows, ``text``, unless it is not ``was`` any more."""

    contact: Contact
    text: str | None
    was: str | None


@dataclass(frozen=True, slots=True)
class Came:
    """An entry of a list that is none of ours, unless one has its id by now."""

    server_id: str
    text: str | None
    content: Content


class Following:
    """Its writes belong to a transaction of the caller."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def follow(self, followed: Collection[Followed], came: Collection[Came]) -> list[int]:
        """Write what merely follows a list, as far as nobody wrote there since; ids of those."""
        written = []
        for each in followed:
            said = each.contact.base or Content("", "")
            values = (each.text, said.name, said.number1, said.number2)
            where = (each.contact.id, each.contact.server_id, each.was)
            if self._db.execute(_FOLLOW, (*values, *where)).rowcount:
                written.append(each.contact.id)
        if not came:
            return written
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM contacts").fetchone()
        self._db.executemany(_COME, map(_come, came))
        new = self._db.execute("SELECT id FROM contacts WHERE id > ?", (last,))
        return [*written, *(id_ for (id_,) in new)]


def _come(came: Came) -> tuple[str | None, ...]:
    said = came.content
    return came.server_id, came.text, said.name, said.number1, said.number2
