"""What was done to the phonebook: acts of persons, writes on the wire, snapshots of the whole."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk_phone.model.entries import Content, Kind, same
from desk_phone.model.flights import Answer
from desk_phone.model.pushes import Push
from desk_phone.model.undo import Saved, Step
from desk_phone.store.phonebook_rows import dump, dump_time, load, load_time

KEPT = timedelta(days=90)
KEPT_WHOLE = 30  # so many newest snapshots; of older ones the last of each day
_PORTION = 500  # entries of a snapshot between two pauses: some milliseconds


class Why(StrEnum):
    """What a snapshot was made for."""

    DAILY = "daily"
    BEFORE_WRITING = "before writing"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The company's phonebook as a trusted list showed it."""

    id: int
    at: datetime
    why: Why
    entries: int


@dataclass(frozen=True, slots=True)
class Written:
    """One write to the company's phonebook. ``before`` is what was there: None for an add.

    ``answer`` is None while none came.
    """

    id: int
    contact: int
    server_id: str
    kind: Kind
    before: Content | None
    after: Content | None
    at: datetime
    answer: Answer | None
    words: str


class Past:
    """Its writes belong to a transaction of the caller."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._together = 0

    # acts of persons

    def new_together(self) -> int:
        """A number for acts that belong together, such as those of an import."""
        row = self._db.execute("SELECT coalesce(max(together), 0) + 1 FROM phonebook_acts")
        return int(row.fetchone()[0])

    @contextmanager
    def as_part(self, together: int) -> Iterator[None]:
        """The acts meanwhile belong to those of that number; 0: each stands alone."""
        self._together = together
        try:
            yield
        finally:
            self._together = 0

    def last_together(self) -> tuple[int, int]:
        """To which acts the newest one that is not undone belongs, and how many of them there are;
        0 and 1 where it stands alone."""
        row = self._db.execute(
            "SELECT together, count(*) FROM phonebook_acts WHERE NOT undone AND together ="
            " (SELECT together FROM phonebook_acts WHERE NOT undone ORDER BY id DESC LIMIT 1)"
        ).fetchone()
        return (row[0], row[1]) if row[0] else (0, 1)

    def part(self, together: int, at_most: int) -> list[tuple[int, Step]]:
        """As `last_act`, of those that belong together."""
        found = self._db.execute(
            "SELECT id, contact, before, after FROM phonebook_acts"
            " WHERE NOT undone AND together = ? AND together <> 0 ORDER BY id DESC LIMIT ?",
            (together, at_most),
        )
        return [(id_, Step(contact, load(b), load(a))) for id_, contact, b, a in found.fetchall()]

    def note_act(self, step: Step, now: datetime, undone: bool = False) -> None:
        """``undone``: an act that `last_act` shall not give, such as an undoing."""
        if same(step.before, step.after):
            return
        self._db.execute(
            "INSERT INTO phonebook_acts (contact, at, before, after, undone, together)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(step.contact, dump_time(now), dump(step.before), dump(step.after)),
                *(int(undone), self._together),
            ),
        )

    def last_act(self) -> tuple[int, Step] | None:
        """The newest act that is not undone, with its number; None: there is none."""
        row = self._db.execute(
            "SELECT id, contact, before, after FROM phonebook_acts WHERE NOT undone"
            " ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return None if row is None else (row[0], Step(row[1], load(row[2]), load(row[3])))

    def mark_undone(self, act: int) -> None:
        self._db.execute("UPDATE phonebook_acts SET undone = 1 WHERE id = ?", (act,))

    def deletions(self) -> dict[int, datetime]:
        """When a person deleted each entry here last; a list may have shown it gone much later."""
        found = self._db.execute(
            "SELECT contact, max(at) FROM phonebook_acts WHERE after IS NULL GROUP BY contact"
        )
        return {contact: load_time(at) for contact, at in found}

    # writes on the wire

    def note_write(self, push: Push, before: Content | None, now: datetime) -> int:
        """The number under which the answer is noted."""
        after = None if push.kind is Kind.DELETE else push.content
        done = self._db.execute(
            "INSERT INTO phonebook_audit (contact, server_id, kind, before, after, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (push.contact, push.server_id, push.kind, dump(before), dump(after), dump_time(now)),
        )
        return int(done.lastrowid or 0)

    def note_answer(self, write: int, answer: Answer, words: str, now: datetime) -> None:
        self._db.execute(
            "UPDATE phonebook_audit SET answer = ?, words = ?, answered_at = ? WHERE id = ?",
            (answer, words, dump_time(now), write),
        )

    def writes(self, limit: int = 200) -> list[Written]:
        """Newest first."""
        found = self._db.execute(
            "SELECT id, contact, server_id, kind, before, after, at, answer, words"
            " FROM phonebook_audit ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [_written(*row) for row in found]

    # snapshots

    def agreed(self) -> list[tuple[int, str]]:
        """What the service had at the last trusted list: our ids, and contents as written."""
        return self._db.execute(
            "SELECT id, base FROM contacts WHERE gone_at IS NULL AND base IS NOT NULL ORDER BY id"
        ).fetchall()

    def keep(self, why: Why, packed: bytes, entries: int, now: datetime) -> None:
        """A new snapshot, of as many entries; old ones go."""
        self._db.execute(
            "INSERT INTO phonebook_snapshots (at, why, entries, packed) VALUES (?, ?, ?, ?)",
            (dump_time(now), why, entries, packed),
        )
        self._db.execute(
            "DELETE FROM phonebook_snapshots WHERE at < ? OR id NOT IN"
            " (SELECT id FROM phonebook_snapshots ORDER BY id DESC LIMIT ?) AND id NOT IN"
            " (SELECT max(id) FROM phonebook_snapshots GROUP BY at / 86400000000)",
            (dump_time(now - KEPT), KEPT_WHOLE),
        )

    def snapshots(self) -> list[Snapshot]:
        """Newest first."""
        found = self._db.execute(
            "SELECT id, at, why, entries FROM phonebook_snapshots ORDER BY id DESC"
        )
        return [Snapshot(id_, load_time(at), Why(why), entries) for id_, at, why, entries in found]

    def snapshot_due(self, now: datetime) -> bool:
        """Whether none was made within a day."""
        row = self._db.execute("SELECT max(at) FROM phonebook_snapshots").fetchone()
        if row[0] is None:
            return True
        return not timedelta() <= now - load_time(row[0]) < timedelta(days=1)

    def saved(self, snapshot: int) -> Generator[None, None, list[Saved]]:
        """The entries of a snapshot, read in pieces; raises KeyError when it is not kept any
        more."""
        row = self._db.execute(
            "SELECT packed FROM phonebook_snapshots WHERE id = ?", (snapshot,)
        ).fetchone()
        if row is None:
            raise KeyError(snapshot)
        kept = json.loads(zlib.decompress(row[0]))
        yield
        saved: list[Saved] = []
        for at in range(0, len(kept), _PORTION):
            portion = kept[at : at + _PORTION]
            saved += [Saved(contact, Content(*content)) for contact, *content in portion]
            yield
        return saved


def pack(agreed: list[tuple[int, str]]) -> bytes:
    """As a snapshot keeps it; some milliseconds for ten thousand entries."""
    lists = (f"[{contact},{base[1:]}" for contact, base in agreed)  # a base is a list already
    return zlib.compress(f"[{','.join(lists)}]".encode(), level=1)


def _written(
    id_: int,
    contact: int,
    server_id: str,
    kind: str,
    before: str | None,
    after: str | None,
    at: int,
    answer: str,
    words: str,
) -> Written:
    return Written(
        id_,
        contact,
        server_id,
        Kind(kind),
        load(before),
        load(after),
        load_time(at),
        Answer(answer) if answer else None,
        words,
    )
