"""Notes of calls and about people: kept, found, and recovered when they were overwritten.

A method that writes is one transaction: durable on return, or BadInput and nothing changed. Those
under "with calls" belong to the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.folding import fold, layouts
from desk_phone.model.moment import micros, moment
from desk_phone.model.notes import (
    KEPT_AT_MOST,
    SOUGHT_AT_LEAST,
    Note,
    Version,
    joined,
    kept,
    tidy,
)
from desk_phone.store.database import writing

_OF_CALL = "SELECT id, text, created, changed FROM notes WHERE call_id = ?"
_ABOUT = "SELECT id, text, created, changed FROM notes WHERE other = ?"
_SOUGHT_AT_MOST, _TERMS_AT_MOST = 128, 8
_LAYOUT_LETTERS = 3


class Notes:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    # reading

    def of_call(self, call_id: int) -> Note | None:
        """None where there never was one; an empty text where it was taken away."""
        return self._note(_OF_CALL, call_id)

    def about(self, other: str) -> Note | None:
        """The same about a canonical number."""
        return self._note(_ABOUT, other)

    def last(self, other: str) -> Note | None:
        """What was noted last of a person: about them, or of a call with them."""
        found = self._db.execute(
            "SELECT text, created, changed FROM notes WHERE other = :other AND text <> ''"
            " UNION ALL SELECT n.text, n.created, n.changed FROM calls c JOIN notes n"
            " ON n.call_id = c.id WHERE c.other = :other AND c.hidden = 0 AND n.text <> ''"
            " ORDER BY changed DESC LIMIT 1",
            {"other": other},
        ).fetchone()
        return _note(found) if other and found else None

    def of_calls(self, ids: Iterable[int]) -> dict[int, str]:
        """The texts of those that have one."""
        found = self._db.execute(
            "SELECT call_id, text FROM notes"
            " WHERE call_id IN (SELECT value FROM json_each(?)) AND text <> ''",
            (json.dumps(list(ids)),),
        )
        return dict(found.fetchall())

    def versions_of_call(self, call_id: int) -> tuple[Version, ...]:
        """The texts that the note had before, oldest first."""
        return self._versions(_OF_CALL, call_id)

    def versions_about(self, other: str) -> tuple[Version, ...]:
        return self._versions(_ABOUT, other)

    def find_calls(self, text: str) -> set[int]:
        """The calls in whose notes all words of ``text`` are, in any spelling."""
        return {call_id for call_id, _ in self._found(text) if call_id is not None}

    def find_people(self, text: str) -> set[str]:
        """The canonical numbers about which a note has all words of ``text``."""
        return {other for _, other in self._found(text) if other is not None}

    # writing

    def write_of_call(self, call_id: int, text: str, now: datetime) -> None:
        """``text`` empty takes the note away; what it was can be recovered. Raises BadInput."""
        known = self._db.execute("SELECT 1 FROM calls WHERE id = ?", (call_id,)).fetchone()
        if known is None:
            raise BadInput(tr("This call is not known any more"), tr("Nothing was saved."))
        self._write(_OF_CALL, call_id, text, now)

    def write_about(self, other: str, text: str, now: datetime) -> None:
        if not other:
            raise BadInput(
                tr("Nobody knows who called"), tr("Write it down as a note of the call.")
            )
        self._write(_ABOUT, other, text, now)

    def erase_about(self, other: str) -> None:
        """For good, with all that it was before; also the notes of the calls with this number."""
        with writing(self._db):
            self._db.execute(
                "DELETE FROM notes WHERE other = :other"
                " OR call_id IN (SELECT id FROM calls WHERE other = :other)",
                {"other": other},
            )
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the journal has them too

    # with calls

    def move(self, loser: int, winner: int) -> None:
        """Two calls turned out to be one: what was noted of either is noted of the other."""
        lost, won = self._row(_OF_CALL, loser), self._row(_OF_CALL, winner)
        if lost is None:
            return
        if won is None:
            self._db.execute("UPDATE notes SET call_id = ? WHERE id = ?", (winner, lost[0]))
            return
        self._join(lost, won)

    def leave_to_person(self, call_id: int, other: str) -> None:
        """The call never was: what was noted of it is about the person."""
        lost, won = self._row(_OF_CALL, call_id), self._row(_ABOUT, other)
        if lost is None:
            return
        if won is None:
            self._db.execute(
                "UPDATE notes SET call_id = NULL, other = ? WHERE id = ?", (other, lost[0])
            )
            return
        self._join(lost, won)

    # how

    def _note(self, select: str, key: int | str) -> Note | None:
        found = self._row(select, key)
        return None if found is None else _note(found[1:])

    def _row(self, select: str, key: int | str) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._db.execute(select, (key,)).fetchone()
        return found

    def _versions(self, select: str, key: int | str) -> tuple[Version, ...]:
        row = self._row(select, key)
        return () if row is None else self._versions_of(row[0])

    def _versions_of(self, note: int) -> tuple[Version, ...]:
        found = self._db.execute(
            "SELECT text, written FROM note_versions WHERE note = ? ORDER BY nr", (note,)
        )
        return tuple(Version(text, moment(written)) for text, written in found)

    def _found(self, text: str) -> list[tuple[int | None, str | None]]:
        return [
            where
            for terms in _ways(text)
            for where in self._db.execute(
                "SELECT call_id, other FROM notes WHERE text <> ''"
                " AND NOT EXISTS (SELECT 1 FROM json_each(?) WHERE instr(folded, value) = 0)",
                (json.dumps(terms),),
            )
        ]

    def _write(self, select: str, key: int | str, text: str, now: datetime) -> None:
        text = tidy(text)
        if len(text) > KEPT_AT_MOST:
            raise BadInput(
                tr("This note is too long"),
                tr("At most %(most)d characters.") % {"most": KEPT_AT_MOST},
            )
        row = self._row(select, key)
        if text == ("" if row is None else row[1]):
            return
        with writing(self._db):
            if row is None:
                of_call = select is _OF_CALL
                at, whose = micros(now), (key, None) if of_call else (None, key)
                self._db.execute(
                    "INSERT INTO notes (call_id, other, text, folded, created, changed)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (*whose, text, fold(text), at, at),
                )
            else:
                before = (*self._versions_of(row[0]), Version(row[1], moment(row[3])))
                self._put(row[0], text, micros(now), before)

    def _put(self, note: int, text: str, changed: int, before: Iterable[Version]) -> None:
        self._db.execute(
            "UPDATE notes SET text = ?, folded = ?, changed = ? WHERE id = ?",
            (text, fold(text), changed, note),
        )
        self._db.execute("DELETE FROM note_versions WHERE note = ?", (note,))
        self._db.executemany(
            "INSERT INTO note_versions VALUES (?, ?, ?, ?)",
            (
                (note, nr, version.text, micros(version.written))
                for nr, version in enumerate(kept(tuple(before), text))
            ),
        )

    def _join(self, lost: tuple[Any, ...], won: tuple[Any, ...]) -> None:
        """Into ``won``, in the order of their age; both stay among what it was before."""
        older, newer = sorted((lost, won), key=lambda row: (row[2], row[0]))
        text = joined(older[1], newer[1])
        both = (*self._versions_of(lost[0]), *self._versions_of(won[0]))
        before = sorted(
            (*both, *(Version(row[1], moment(row[3])) for row in (older, newer))),
            key=lambda version: version.written,
        )
        self._db.execute("DELETE FROM notes WHERE id = ?", (lost[0],))
        self._put(won[0], text, max(lost[3], won[3]), before)


def _ways(text: str) -> list[list[str]]:
    """The words that are sought: as typed, and as if typed with the wrong keyboard."""
    text = text.strip()[:_SOUGHT_AT_MOST]
    if len(text) < SOUGHT_AT_LEAST:
        return []
    spelt = [text, *(layouts(text) if len(text) >= _LAYOUT_LETTERS else ())]
    ways = [fold(one).split()[:_TERMS_AT_MOST] for one in spelt]
    return [terms for terms in ways if terms]


def _note(values: tuple[Any, ...]) -> Note:
    return Note(values[0], moment(values[1]), moment(values[2]))
