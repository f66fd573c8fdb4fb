"""What the service told, numbered and kept until every desk has it. Deeds for the database.

A notice is appended before the service is answered, told to the broker afterwards, and kept for 31
days: a desk that missed one asks for all after the last it has.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from desk_phone.model.calls import Notice
from desk_phone.model.relayed import Page, Position, Relayed

KEPT = timedelta(days=31)  # as long as the service keeps its history
_MILLISECOND = timedelta(milliseconds=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_BYTES = 8
_COLUMNS = "own, epoch, seq, at, heard, other, name, type, answer"


def append(db: sqlite3.Connection, notice: Notice, heard: datetime) -> Relayed:
    """Number it, the first of its line 1, and keep it."""
    own = notice.own
    known = last(db, own)
    position = Position(known.epoch or secrets.token_hex(_EPOCH_BYTES), known.seq + 1)
    db.execute(
        "INSERT INTO lines VALUES (?, ?, ?)"
        " ON CONFLICT (own) DO UPDATE SET epoch = excluded.epoch, last = excluded.last",
        (own, position.epoch, position.seq),
    )
    relayed = Relayed(position, max(_whole(heard), _before(db, own, known)), notice)
    db.execute(
        f"INSERT INTO notices ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - ours
        (
            own,
            position.epoch,
            position.seq,
            int(notice.at.timestamp()),
            _millis(relayed.heard),
            notice.other,
            notice.name,
            notice.type,
            notice.answer,
        ),
    )
    return relayed


def _before(db: sqlite3.Connection, own: str, known: Position) -> datetime:
    """When the last one was heard, if it waits: were the clock set back meanwhile, the next one
    would overtake it."""
    row = db.execute(
        "SELECT heard FROM notices WHERE own = ? AND epoch = ? AND seq = ? AND NOT published",
        (own, known.epoch, known.seq),
    ).fetchone()
    return _BEGINNING + (row[0] if row else 0) * _MILLISECOND


def last(db: sqlite3.Connection, own: str) -> Position:
    """How far a line has come; its epoch is empty where it has no notice yet."""
    row = db.execute("SELECT epoch, last FROM lines WHERE own = ?", (own,)).fetchone()
    return Position(*row) if row else Position("", 0)


def waiting(db: sqlite3.Connection, limit: int) -> tuple[Relayed, ...]:
    """The oldest that the broker has not taken, those of a line in their order."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM notices WHERE NOT published"  # noqa: S608 - ours
        " ORDER BY heard, own, seq LIMIT ?",
        (limit,),
    )
    return tuple(map(_relayed, rows))


def mark_published(db: sqlite3.Connection, taken: Iterable[tuple[str, Position]]) -> None:
    """The broker said that it has them; by own line and position."""
    db.executemany(
        "UPDATE notices SET published = 1 WHERE own = ? AND epoch = ? AND seq = ?",
        ((own, position.epoch, position.seq) for own, position in taken),
    )


def left(db: sqlite3.Connection) -> int:
    """How many the broker has not taken."""
    (count,) = db.execute("SELECT count(*) FROM notices WHERE NOT published").fetchone()
    return int(count)


def reached(db: sqlite3.Connection) -> dict[str, Position]:
    """Of each line the last notice before which the broker lacks none."""
    rows = db.execute(
        "SELECT own, epoch, coalesce(first - 1, last) FROM lines LEFT JOIN"
        " (SELECT own, epoch, min(seq) AS first FROM notices WHERE NOT published"
        " GROUP BY own, epoch) USING (own, epoch)"
    )
    return {own: Position(epoch, seq) for own, epoch, seq in rows}


def after(db: sqlite3.Connection, own: str, known: Position, limit: int) -> Page:
    """What a desk lacks that has come as far as ``known``; of another epoch it has nothing."""
    now = last(db, own)
    seq = known.seq if known.epoch == now.epoch else 0
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM notices WHERE own = ? AND epoch = ? AND seq > ?"  # noqa: S608
        " ORDER BY seq LIMIT ?",
        (own, now.epoch, seq, limit + 1),
    ).fetchall()
    return Page(now, tuple(map(_relayed, rows[:limit])), len(rows) > limit)


def begin_anew(db: sqlite3.Connection) -> None:
    """The state is an older one than desks have seen: number from 1 in other epochs.

    What had not reached the broker waits on under new numbers; the rest reached it before.
    """
    left = waiting(db, -1)
    db.execute("DELETE FROM notices")
    db.execute("DELETE FROM lines")
    for relayed in left:
        append(db, relayed.notice, relayed.heard)


def purge(db: sqlite3.Connection, now: datetime) -> int:
    """Let go of what is older than 31 days, published or not; how many."""
    gone = db.execute("DELETE FROM notices WHERE heard < ?", (_millis(now - KEPT),))
    return gone.rowcount


def _relayed(row: tuple[str, str, int, int, int, str, str, str, str]) -> Relayed:
    own, epoch, seq, at, heard, other, name, kind, answer = row
    notice = Notice(own, other, datetime.fromtimestamp(at, UTC), name, kind, answer)
    return Relayed(Position(epoch, seq), _BEGINNING + heard * _MILLISECOND, notice)


def _millis(moment: datetime) -> int:
    return (moment - _BEGINNING) // _MILLISECOND


def _whole(moment: datetime) -> datetime:
    """In the milliseconds that are kept."""
    return _BEGINNING + _millis(moment) * _MILLISECOND
