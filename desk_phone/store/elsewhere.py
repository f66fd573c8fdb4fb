"""Sources of others' contacts, and the people that they had at their last good reading."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.elsewhere import (
    CONFIRMED_AFTER,
    Listing,
    Outsider,
    Source,
    SourceKind,
    SourceState,
    shrank,
)
from desk_phone.model.moment import micros, moment
from desk_phone.store.database import writing

T = TypeVar("T")

_AT_ONCE = 200  # people written in one transaction, some milliseconds on a slow disk
_LOOKED_AT_ONCE = 2000  # people read at once
_STATE = (
    "SELECT id, kind, address, label, user, key, entries, left_out, read_at, trouble FROM sources"
)
_PEOPLE = (
    "SELECT source, label, outsiders.id, name, company, numbers, texts"
    " FROM outsiders JOIN sources ON sources.id = source "
)
_WITH_NUMBER = (
    "SELECT source, label, outsiders.id, name, company, numbers, texts"
    " FROM outsiders JOIN sources ON sources.id = source WHERE (source, outsiders.id) IN"
    " (SELECT source, outsider FROM outside_numbers WHERE number = ?) ORDER BY source, name"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a source at its last good reading."""

    mark: str
    digest: str
    entries: int


class Sources:
    """Every change is durable on return, or BadInput and nothing changed."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def states(self) -> tuple[SourceState, ...]:
        """In the order they were added, which is the order of their names' worth."""
        return tuple(map(_state, self._db.execute(_STATE + " ORDER BY id").fetchall()))

    def state(self, source_id: int) -> SourceState:
        """Raises BadInput where there is none."""
        row = self._db.execute(_STATE + " WHERE id = ?", (source_id,)).fetchone()
        if row is None:
            raise BadInput(
                tr("There is no source %(id)d") % {"id": source_id},
                tr("Look at the list: desk-phone sources"),
            )
        return _state(row)

    def add(self, kind: SourceKind, address: str, label: str, user: str, key: str) -> Source:
        """Raises BadInput where it is there already."""
        with suppress(sqlite3.IntegrityError), writing(self._db):
            done = self._db.execute(
                "INSERT INTO sources (kind, address, label, user, key) VALUES (?, ?, ?, ?, ?)",
                (str(kind), address, label, user, key),
            )
            return Source(done.lastrowid or 0, kind, address, label, user, key)
        raise BadInput(tr("This source is there already"), tr("Nothing was changed."))

    def call(self, source_id: int, label: str) -> None:
        """What a person calls it from now on."""
        with writing(self._db):
            self._db.execute("UPDATE sources SET label = ? WHERE id = ?", (label, source_id))

    def forget(self, source_id: int) -> None:
        """Of a source without people (`Outsiders.leaving`)."""
        with writing(self._db):
            self._db.execute("DELETE FROM sources WHERE id = ?", (source_id,))

    def known(self, source_id: int) -> Known:
        row = self._db.execute(
            "SELECT mark, digest, entries FROM sources WHERE id = ?", (source_id,)
        ).fetchone()
        return Known(*row) if row else Known("", "", 0)

    # what became of a look

    def unchanged(self, source_id: int, now: datetime, mark: str | None = None) -> None:
        """All is as it was; None: the mark too."""
        self._note(source_id, now, "mark = coalesce(?, mark)", mark)

    def failed(self, source_id: int, trouble: str) -> None:
        """People and mark stay as they were."""
        with writing(self._db):
            self._db.execute(
                "UPDATE sources SET trouble = ? WHERE id = ? AND trouble <> ?",
                (trouble, source_id, trouble),
            )

    def finished(self, source_id: int, listing: Listing, digest: str, now: datetime) -> None:
        """Its people are those of ``listing`` now."""
        values = (listing.mark, digest, len(listing.people), listing.left_out)
        self._note(source_id, now, "mark = ?, digest = ?, entries = ?, left_out = ?", *values)

    def doubt(self, source_id: int, listing: Listing, digest: str, now: datetime) -> bool:
        """Whether a list is too short to be believed: none is for ever, an empty one always."""
        known = self.known(source_id)
        if not shrank(known.entries, len(listing.people)):
            return False
        row = self._db.execute(
            "SELECT doubted, doubted_at FROM sources WHERE id = ?", (source_id,)
        ).fetchone()
        if row and row[0] == digest and listing.people:
            return now - moment(row[1]) < CONFIRMED_AFTER
        with writing(self._db):
            self._db.execute(
                "UPDATE sources SET doubted = ?, doubted_at = ? WHERE id = ?",
                (digest, micros(now), source_id),
            )
        return True

    def _note(self, source_id: int, now: datetime, what: str, *values: object) -> None:
        with writing(self._db):
            self._db.execute(
                f"UPDATE sources SET {what}, read_at = ?, trouble = '', doubted = '',"  # noqa: S608 - our own words
                " doubted_at = NULL WHERE id = ?",
                (*values, micros(now), source_id),
            )


class Outsiders:
    """People of all sources. Whatever replaces them does so in slices, of which each is durable
    and leaves names that are true: new people come before those who are gone leave, and a reading
    counts as done only after the last one, so that whatever ends it early is done at the next."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def everyone(self) -> Iterator[tuple[int, str, Outsider]]:
        """As (id of the source, its label, person), the oldest source first."""
        after = (0, "")
        while rows := self._db.execute(
            _PEOPLE + "WHERE (source, outsiders.id) > (?, ?) ORDER BY source, outsiders.id LIMIT ?",
            (*after, _LOOKED_AT_ONCE),
        ).fetchall():
            yield from map(_outsider, rows)
            after = (rows[-1][0], rows[-1][2])

    def of_source(self, source_id: int) -> Iterator[Outsider]:
        after = ""
        while rows := self._db.execute(
            _PEOPLE + "WHERE source = ? AND outsiders.id > ? ORDER BY outsiders.id LIMIT ?",
            (source_id, after, _LOOKED_AT_ONCE),
        ).fetchall():
            yield from (_outsider(row)[2] for row in rows)
            after = rows[-1][2]

    def with_number(self, number: str) -> tuple[tuple[int, str, Outsider], ...]:
        """Everybody who has a canonical number, the oldest source first."""
        rows = self._db.execute(_WITH_NUMBER, (number,))
        return tuple(map(_outsider, rows.fetchall()))

    def replacing(self, source_id: int, people: Sequence[Outsider]) -> Iterator[None]:
        """Make the source's people these and no others; a slice for each step."""
        wanted = {person.id: person for person in people}
        gone: list[str] = []
        for there in self._ids(source_id):
            gone += [id_ for id_ in there if wanted.pop(id_, None) is None]
            yield
        for some in _slices(list(wanted.values())):
            self._add(source_id, some)
            yield
        for ids in _slices(gone):
            self._take_away(source_id, ids)
            yield

    def leaving(self, source_id: int) -> Iterator[None]:
        """Take everybody of a source away; should that end early, the next reading is whole."""
        with writing(self._db):
            self._db.execute(
                "UPDATE sources SET digest = '', mark = '', entries = 0 WHERE id = ?", (source_id,)
            )
        yield from self.replacing(source_id, ())

    def _ids(self, source_id: int) -> Iterator[list[str]]:
        after = ""
        while rows := self._db.execute(
            "SELECT id FROM outsiders WHERE source = ? AND id > ? ORDER BY id LIMIT ?",
            (source_id, after, _LOOKED_AT_ONCE),
        ).fetchall():
            yield [id_ for (id_,) in rows]
            after = rows[-1][0]

    def _add(self, source_id: int, people: Sequence[Outsider]) -> None:
        with writing(self._db):
            self._db.executemany(
                "INSERT OR REPLACE INTO outsiders VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (
                        source_id,
                        p.id,
                        p.name,
                        p.company,
                        _listed(p.numbers),
                        _listed(p.number_texts),
                    )
                    for p in people
                ),
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO outside_numbers VALUES (?, ?, ?, ?)",
                ((n, source_id, p.id, p.name) for p in people for n in p.numbers),
            )

    def _take_away(self, source_id: int, ids: Sequence[str]) -> None:
        with writing(self._db):
            for id_ in ids:
                found = self._db.execute(
                    "DELETE FROM outsiders WHERE source = ? AND id = ? RETURNING numbers",
                    (source_id, id_),
                ).fetchall()
                self._db.executemany(
                    "DELETE FROM outside_numbers WHERE number = ? AND source = ? AND outsider = ?",
                    ((n, source_id, id_) for (numbers,) in found for n in json.loads(numbers)),
                )


def _slices(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]


def _listed(texts: tuple[str, ...]) -> str:
    return json.dumps(texts, ensure_ascii=False)


def _state(row: Sequence[Any]) -> SourceState:
    id_, kind, address, label, user, key, entries, left_out, read_at, trouble = row
    source = Source(id_, SourceKind(kind), address, label, user, key)
    when = None if read_at is None else moment(read_at)
    return SourceState(source, entries, left_out, when, trouble)


def _outsider(row: Sequence[Any]) -> tuple[int, str, Outsider]:
    source, label, _, name, company, numbers, texts = row
    known = tuple(json.loads(numbers)), tuple(json.loads(texts))
    return source, label, Outsider(name, *known, company)
