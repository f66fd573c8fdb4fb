"""Entries of the phonebook as rows of a table.

Contents are JSON lists (name, number, second number), moments whole microseconds since 1970. Every
write here belongs to a transaction of the caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from desk_phone.model.entries import (
    Contact,
    Content,
    Flight,
    FlightState,
    GoneHow,
    Hold,
    Kind,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSERT = (
    "INSERT INTO contacts (server_id, base, want, want_deleted, may_add, flight, hold, words,"
    " missing_since, gone_at, gone_how, busy, name, number1, number2)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE = (
    "UPDATE contacts SET server_id = ?, base = ?, want = ?, want_deleted = ?, may_add = ?,"
    " flight = ?, hold = ?, words = ?, missing_since = ?, gone_at = ?, gone_how = ?, busy = ?,"
    " name = ?, number1 = ?, number2 = ? WHERE id = ?"
)
_SELECT = (
    "SELECT id, server_id, base, want, want_deleted, may_add, flight, hold, words, missing_since,"
    " gone_at, gone_how FROM contacts"
)


Calm = tuple[int, str, str]  # our id, the service's, the base as it is written


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in short. ``name`` is the person's spelling; ``busy`` as `Rows.busy`."""

    id: int
    name: str
    content: Content
    busy: bool


def dump(content: Content | None) -> str | None:
    if content is None:
        return None
    return json.dumps([content.name, content.number1, content.number2], ensure_ascii=False)


def load(text: str | None) -> Content | None:
    return None if text is None else _load_content(text)


@lru_cache(maxsize=16384)
def _load_content(text: str) -> Content:
    return Content(*json.loads(text))


def dump_time(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def load_time(moment: int) -> datetime:
    return _EPOCH + timedelta(microseconds=moment)


class Rows:
    """The table of entries, those in the trash too."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def all(self) -> list[Contact]:
        return [_contact(row) for row in self._db.execute(f"{_SELECT} ORDER BY id")]

    def live(self) -> list[Contact]:
        found = self._db.execute(f"{_SELECT} WHERE gone_at IS NULL ORDER BY id")
        return [_contact(row) for row in found]

    def gone(self) -> list[Contact]:
        """Those in the trash, the last first."""
        found = self._db.execute(
            f"{_SELECT} WHERE gone_at IS NOT NULL ORDER BY gone_at DESC, id DESC"
        )
        return [_contact(row) for row in found]

    def lines(self, after: int, limit: int) -> list[Line]:
        """Live entries above an id, in the order of ids."""
        found = self._db.execute(
            "SELECT id, CASE WHEN pretty <> '' AND pretty_for = name THEN pretty ELSE name END,"
            " name, number1, number2, busy FROM contacts"
            " WHERE id > ? AND gone_at IS NULL ORDER BY id LIMIT ?",
            (after, limit),
        )
        return [Line(id_, name, Content(*said), bool(busy)) for id_, name, *said, busy in found]

    def said(self, after: int, limit: int = 500) -> dict[int, Content | None]:
        """What entries say once everything is done, as of `Contact.effective`, by our id; those
        in the trash too. A portion at a time, as of `lines`."""
        found = self._db.execute(
            "SELECT id, gone_at IS NULL AND NOT want_deleted, coalesce(want, base) FROM contacts"
            " WHERE id > ? ORDER BY id LIMIT ?",
            (after, limit),
        )
        return {id_: load(content) if stays else None for id_, stays, content in found}

    def calm(self) -> list[Calm]:
        """Those that are not `busy`."""
        return self._db.execute(
            "SELECT id, server_id, base FROM contacts WHERE NOT busy AND gone_at IS NULL"
        ).fetchall()

    def busy(self) -> list[Contact]:
        """Those that are not simply as a list showed them."""
        return [_contact(row) for row in self._db.execute(f"{_SELECT} WHERE busy ORDER BY id")]

    def get(self, contact_id: int) -> Contact:
        """Raises KeyError: there never was such an entry, or its 90 days in the trash are over."""
        row = self._db.execute(f"{_SELECT} WHERE id = ?", (contact_id,)).fetchone()
        if row is None:
            raise KeyError(contact_id)
        return _contact(row)

    def has(self, contact_id: int) -> bool:
        found = self._db.execute("SELECT 1 FROM contacts WHERE id = ?", (contact_id,))
        return found.fetchone() is not None

    def is_taken(self, server_id: str) -> bool:
        """Whether a live entry has this id at the service."""
        found = self._db.execute(
            "SELECT 1 FROM contacts WHERE server_id = ? AND server_id <> '' AND gone_at IS NULL",
            (server_id,),
        )
        return found.fetchone() is not None

    def saying(self, content: Content) -> list[Contact]:
        """Live entries that show the same."""
        found = self._db.execute(
            f"{_SELECT} WHERE number1 IN (?, ?) AND name = ? AND gone_at IS NULL",
            (content.number1, content.number2, content.name),
        )
        contacts = (_contact(row) for row in found)
        return [c for c in contacts if c.effective and c.effective.key == content.key]

    def put(self, contact: Contact) -> Contact:
        """Write one; an entry with id 0 is given its id."""
        values = _values(contact)
        if contact.id == 0:
            return replace(contact, id=int(self._db.execute(_INSERT, values).lastrowid or 0))
        self._db.execute(_UPDATE, (*values, contact.id))
        return contact

    def put_changed(self, before: Iterable[Contact], after: Collection[Contact]) -> list[int]:
        """Write what differs; the ids of those entries."""
        was = {contact.id: contact for contact in before}
        changed = [contact for contact in after if was.get(contact.id) != contact]
        moved = [(c.id,) for c in changed if c.id and was[c.id].server_id not in ("", c.server_id)]
        if moved:  # two may change places, and an id is unique
            self._db.executemany("UPDATE contacts SET server_id = '' WHERE id = ?", moved)
        return [self.put(contact).id for contact in sorted(changed, key=_leaving_first)]

    def purge(self, before: datetime) -> None:
        """Empty the trash of what went into it earlier, unless a conflict is still open."""
        self._db.execute(
            "DELETE FROM contacts WHERE gone_at < ? AND id NOT IN"
            " (SELECT contact FROM phonebook_conflicts WHERE decision = '')",
            (dump_time(before),),
        )


class Facts:
    """Small things to remember, by name."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, name: str) -> str:
        row = self._db.execute(
            "SELECT value FROM phonebook_facts WHERE name = ?", (name,)
        ).fetchone()
        return "" if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """An empty value is none; what is so already is not written."""
        if value == self.get(name):
            return
        if value:
            self._db.execute(
                "INSERT INTO phonebook_facts VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
        else:
            self._db.execute("DELETE FROM phonebook_facts WHERE name = ?", (name,))


def _leaving_first(contact: Contact) -> bool:
    """An entry on its way to the trash frees its id for another."""
    return contact.live


def _contact(row: tuple[object, ...]) -> Contact:
    id_, server_id, base, want, deleted, may_add, flight, hold, words, missing, gone, how = row
    return Contact(
        id=int(str(id_)),
        server_id=str(server_id),
        base=load(_text(base)),
        want=load(_text(want)),
        want_deleted=bool(deleted),
        may_add=bool(may_add),
        flight=None if flight is None else _load_flight(str(flight)),
        hold=Hold(str(hold)) if hold else Hold.NONE,
        words=str(words),
        missing_since=None if missing is None else load_time(int(str(missing))),
        gone_at=None if gone is None else load_time(int(str(gone))),
        gone_how=GoneHow(str(how)) if how else GoneHow.NONE,
    )


def _values(contact: Contact) -> tuple[str | int | None, ...]:
    shown = contact.shown or Content("", "")
    busy = contact.live and not (contact.quiet and contact.missing_since is None)
    return (
        contact.server_id,
        dump(contact.base),
        dump(contact.want),
        int(contact.want_deleted),
        int(contact.may_add),
        None if contact.flight is None else _dump_flight(contact.flight),
        contact.hold.value,
        contact.words,
        None if contact.missing_since is None else dump_time(contact.missing_since),
        None if contact.gone_at is None else dump_time(contact.gone_at),
        contact.gone_how.value,
        int(busy),
        shown.name,
        shown.number1,
        shown.number2,
    )


def _dump_flight(flight: Flight) -> str:
    payload, against = dump(flight.payload), dump(flight.against)
    at = dump_time(flight.at)
    return json.dumps([flight.kind, payload, against, flight.state, at, flight.lists])


def _load_flight(text: str) -> Flight:
    kind, payload, against, state, at, lists = json.loads(text)
    return Flight(
        Kind(kind),
        _load_content(payload),
        load(against),
        FlightState(state),
        load_time(at),
        lists,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
