"""The conflict list: texts and deletions of ours that met something else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from desk_phone.model.entries import Contact, Content, same
from desk_phone.model.merge import Clash
from desk_phone.store.phonebook_rows import dump, dump_time, load, load_time

_OPEN = (
    "SELECT id, contact, at, ours, theirs, base FROM phonebook_conflicts"
    " WHERE decision = '' ORDER BY id"
)
SETTLED = "settled"  # it came about by itself what ours asked for


@dataclass(frozen=True, slots=True)
class Conflict:
    """``ours`` None: we deleted it. ``theirs`` None: they did. ``base``: what both once had."""

    id: int
    contact: int
    at: datetime
    ours: Content | None
    theirs: Content | None
    base: Content | None


class Conflicts:
    """Its writes belong to a transaction of the caller."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def open(self) -> list[Conflict]:
        """Those that nobody has decided, oldest first."""
        return _conflicts(self._db.execute(_OPEN))

    def get(self, conflict: int) -> Conflict:
        """Raises KeyError: there is none, or it was decided."""
        for found in self.open():
            if found.id == conflict:
                return found
        raise KeyError(conflict)

    def add(self, clash: Clash, now: datetime) -> None:
        self._db.execute(
            "INSERT INTO phonebook_conflicts (contact, at, ours, theirs, base)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                clash.contact,
                dump_time(now),
                dump(clash.ours),
                dump(clash.theirs),
                dump(clash.base),
            ),
        )

    def close(self, conflict: int, decision: str, now: datetime) -> None:
        self._db.execute(
            "UPDATE phonebook_conflicts SET decision = ?, decided_at = ? WHERE id = ?",
            (decision, dump_time(now), conflict),
        )

    def settle(self, contacts: Iterable[Contact], now: datetime) -> None:
        """Close those whose wish is what a list shows by now, unless another wish is on its way."""
        unsettled = self.open()
        if not unsettled:
            return
        known = {contact.id: contact for contact in contacts}
        for conflict in unsettled:
            contact = known.get(conflict.contact)
            if contact is not None and _came_about(conflict, contact):
                self.close(conflict.id, SETTLED, now)


def _conflicts(rows: sqlite3.Cursor) -> list[Conflict]:
    return [
        Conflict(id_, contact, load_time(at), load(ours), load(theirs), load(base))
        for id_, contact, at, ours, theirs, base in rows
    ]


def _came_about(conflict: Conflict, contact: Contact) -> bool:
    if conflict.ours is None:
        return not contact.live
    return contact.live and contact.quiet and same(contact.base, conflict.ours)
