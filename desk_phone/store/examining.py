"""A look at the database that changes nothing: also at one that is damaged, or open elsewhere."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk_phone.store.backups import every

_SOUND = "ok"
# Words of the program's own, in columns of text; all other texts may be about a person.
_OURS = frozenset(
    (
        *("direction", "outcome", "name_source", "attention", "gone_how", "decision", "kind"),
        *("event", "what", "why", "digest", "doubted", "start_time", "answer_time", "release_time"),
    )
)
_FACTS = frozenset(("facts", "phonebook_facts"))  # also of states, by a word of ours
_PLAIN = re.compile("[a-z]+")
_DEEP = 6  # levels of JSON


class Unreadable(Exception):
    """Nobody can say what else is in the file."""


@dataclass(frozen=True, slots=True)
class Examined:
    """``soundness`` is ``ok``, ``missing``, or what SQLite complains about (a word of its own);
    ``size`` in bytes, with the journal.

    ``rows``: how many each table has, as far as they could be counted; ``backups``: how many copies
    there are, the newest from ``newest`` (empty: none).
    """

    size: int
    soundness: str
    version: int = 0
    rows: tuple[tuple[str, int], ...] = ()
    backups: int = 0
    newest: str = ""

    @property
    def sound(self) -> bool:
        return self.soundness == _SOUND


def examine(file: Path, backups: Path) -> Examined:
    """For any thread. Never raises for what it finds."""
    try:
        copies = every(backups)
    except OSError:
        copies = []
    newest = f"{copies[0].made:%Y-%m-%d %H:%M}" if copies else ""
    about = len(copies), newest
    try:
        size = sum(one.stat().st_size for one in (file, *_journal(file)))
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        return Examined(0, "missing" if missing else type(error).__name__, 0, (), *about)
    try:
        with closing(_open(file)) as db:
            return Examined(size, *_looked_through(db), *about)
    except sqlite3.Error as error:
        return Examined(size, _complaint(error), 0, (), *about)


def personal_texts(file: Path) -> Iterator[str]:
    """Every text that may name a person or an address, those inside JSON apart.

    Raises Unreadable where the file cannot be read to its end.
    """
    try:
        with closing(_open(file)) as db:
            for table in _tables(db):
                for column in _text_columns(db, table):
                    yield from _texts(db, table, column)
    except sqlite3.Error as error:
        raise Unreadable(_complaint(error)) from error


def _journal(file: Path) -> Iterator[Path]:
    journal = file.with_name(f"{file.name}-wal")
    if journal.exists():
        yield journal


def _texts(db: sqlite3.Connection, table: str, column: str) -> Iterator[str]:
    for (text,) in db.execute(f'SELECT DISTINCT "{column}" FROM "{table}"'):  # noqa: S608 - our schema's own names
        if isinstance(text, str) and text and not (table in _FACTS and _PLAIN.fullmatch(text)):
            yield text
            if text[0] in '[{"':
                yield from _inside(text)


def _inside(text: str) -> Iterator[str]:
    try:
        yield from _strings(json.loads(text), _DEEP)
    except ValueError:
        return


def _strings(value: Any, deep: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif deep and isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one, deep - 1)


def _looked_through(db: sqlite3.Connection) -> tuple[str, int, tuple[tuple[str, int], ...]]:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    rows = []
    for table in _tables(db):
        try:
            (count,) = db.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - as above
        except sqlite3.DatabaseError:
            count = -1
        rows.append((table, int(count)))
    return _SOUND if said == _SOUND else "integrity check failed", int(version), tuple(rows)


def _tables(db: sqlite3.Connection) -> list[str]:
    found = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return [name for (name,) in found if not name.startswith("sqlite_")]


def _text_columns(db: sqlite3.Connection, table: str) -> list[str]:
    found = db.execute(f'PRAGMA table_info("{table}")').fetchall()
    return [name for _, name, kind, *_ in found if kind == "TEXT" and name not in _OURS]


def _open(file: Path) -> sqlite3.Connection:
    """Read only. A journal is read along; where that needs to write and may not, the file alone."""
    address = file.absolute().as_uri()
    db = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=2.0)
    try:
        db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        db.close()
        db = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _complaint(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", "") or type(error).__name__)
