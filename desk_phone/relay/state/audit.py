"""What devices and the administrator did, written on and never changed. Deeds.

Each row holds the hash of the row before: who changes, removes or adds one in between has to write
all later ones anew, and then the last hash is another than the one that was noted elsewhere
(`head`). What only reads is not in it.

Of phone numbers the last digits alone are kept: enough for "who rang the number that ends in 56 at
noon?", and nothing that brings a number back. A keyed hash would: its key has to lie beside it, and
all numbers of a country are tried in a second. So a year of this log tells less of people than the
31 days of notices beside it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

KEPT = timedelta(days=365)
ADMINISTRATOR = "administrator"
DONE = "done"  # the outcome of what went well

_FORM = 1
_OWN_SHOWN, _OTHER_SHOWN = 3, 2  # digits
_HIDDEN_AT_LEAST = 4  # digits: a short number shows none
_COLUMNS = "seq, at, who, what, own, other, entry, outcome, before, hash"


class What(StrEnum):
    CODE = "code made"
    ENROL = "enrolled"
    GRANT = "rights changed"
    REVOKE = "revoked"
    UNLOCK = "unlocked"
    RESTORE = "restored"
    CALL = "call"
    NAME = "line named"
    TARGET = "notices on"
    NO_TARGET = "notices off"
    ADD = "entry added"
    UPDATE = "entry changed"
    DELETE = "entry deleted"


@dataclass(frozen=True, slots=True)
class Act:
    """``who`` is a device's id or `ADMINISTRATOR`; numbers as `own_ending` and `other_ending`
    leave them; ``entry`` is the id of a phonebook's entry, or of the device that was acted on."""

    who: str
    what: What
    own: str = ""
    other: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """``outcome`` is ``done``, or a kind of trouble with its code."""

    seq: int
    at: datetime
    act: Act
    outcome: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last row's number and hash: noted elsewhere, they prove the whole log up to there."""

    seq: int
    hash: str


def own_ending(number: str) -> str:
    return _ending(number, _OWN_SHOWN)


def other_ending(number: str) -> str:
    return _ending(number, _OTHER_SHOWN)


def append(db: sqlite3.Connection, act: Act, outcome: str, at: datetime) -> None:
    last = head(db)
    words = (act.who, act.what.value, act.own, act.other, act.entry, outcome)
    row = (last.seq + 1, int(at.timestamp()), *words, last.hash)
    db.execute(
        f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - ours
        (*row, _hash(row)),
    )


def head(db: sqlite3.Connection) -> Head:
    return Head(*_end(db, "head"))


def rows(db: sqlite3.Connection, before: int, limit: int) -> tuple[Row, ...]:
    """The newest first, those numbered below ``before``; 0: from the newest of all."""
    found = db.execute(
        "SELECT seq, at, who, what, own, other, entry, outcome FROM audit"
        " WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        (before or head(db).seq + 1, limit),
    )
    return tuple(_row(*one) for one in found)


def check(db: sqlite3.Connection) -> int:
    """The number of the first row that does not fit; 0: all do.

    Reads all of it: not for the keeper's thread while it serves.
    """
    seq, before = _end(db, "cut")
    for row in db.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq"):  # noqa: S608 - ours
        *told, found = row
        seq += 1
        if row[0] != seq or told[-1] != before or _hash(tuple(told)) != found:
            return seq
        before = found
    return 0 if Head(seq, before) == head(db) else seq + 1


def purge(db: sqlite3.Connection, now: datetime) -> int:
    """Let go of what is older than a year; the hash at the cut stays. How many went."""
    kept = int((now - KEPT).timestamp())
    (first,) = db.execute("SELECT min(seq) FROM audit WHERE at >= ?", (kept,)).fetchone()
    cut = head(db).seq if first is None else first - 1
    row = db.execute("SELECT seq, hash FROM audit WHERE seq = ?", (cut,)).fetchone()
    if row is None:
        return 0
    db.execute("UPDATE audit_ends SET seq = ?, hash = ? WHERE name = 'cut'", row)
    return db.execute("DELETE FROM audit WHERE seq <= ?", (cut,)).rowcount


def _end(db: sqlite3.Connection, name: str) -> tuple[int, str]:
    query = "SELECT seq, hash FROM audit_ends WHERE name = ?"
    seq, found = db.execute(query, (name,)).fetchone()
    return int(seq), str(found)


def _row(
    seq: int, at: int, who: str, what: str, own: str, other: str, entry: str, outcome: str
) -> Row:
    act = Act(who, What(what), own, other, entry)
    return Row(seq, datetime.fromtimestamp(at, UTC), act, outcome)


def _hash(row: tuple[object, ...]) -> str:
    """Over the row's members in their order, the hash before as the last."""
    canonical = json.dumps((_FORM, *row), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _ending(number: str, shown: int) -> str:
    digits = number.removeprefix("+")
    if not digits:
        return ""
    return f"…{digits[-shown:]}" if len(digits) >= shown + _HIDDEN_AT_LEAST else "…"
