"""The one file with everything that exists nowhere else: opened, repaired, written to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.store.backups import back_up, back_up_file, copy_into, newest_good, sound, version
from desk_phone.store.schema import STEPS
from desk_phone.store.trouble import is_damaged, translating

__all__ = ["Opened", "Recovery", "back_up", "back_up_file", "open_database", "writing"]

_PATIENCE = 2.0  # seconds for another writer, whom the instance lock should keep away
_BESIDE = ("", "-wal", "-shm")
_ALWAYS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS: without it fsync stops at the disk's own cache
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
)


class Recovery(StrEnum):
    NONE = "none"
    RESTORED = "restored"  # from a backup
    STARTED_ANEW = "started anew"  # damaged, and there was no good backup


@dataclass(frozen=True, slots=True)
class Opened:
    """``aside`` is where the damaged file lies now, ``restored_from`` when the backup was made.

    A file that had vanished while there were backups is restored too; nothing lies aside then.
    """

    db: sqlite3.Connection
    recovery: Recovery = Recovery.NONE
    aside: Path | None = None
    restored_from: datetime | None = None


def _as_it_was(_db: sqlite3.Connection) -> None:
    """Nothing has to be done to a copy."""


def open_database(
    file: Path,
    backups: Path,
    now: datetime,
    steps: Sequence[Sequence[str]] = STEPS,
    settle: Callable[[sqlite3.Connection], object] = _as_it_was,
) -> Opened:
    """The database, sound and of this program's version; close ``db`` when done.

    A damaged file is moved aside, never deleted, and the newest good backup takes its place. Raises
    BadInput: a full disk, no permission, a file of a newer program; the file is untouched then.
    ``steps`` bring it from version to version, see `store.schema`. ``settle`` is done to a copy,
    in one transaction, before it takes the file's place: who is killed in between does it again.
    """
    with translating():
        if not file.exists() or not file.stat().st_size:
            return _restore(file, backups, now, steps, settle)
        try:
            return Opened(_ready(file, steps))
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
        return _restore(file, backups, now, steps, settle)


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it is durable afterwards, or nothing. Not to be nested.

    Raises BadInput where there is no room (`store.trouble`).
    """
    with translating():
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


@contextmanager
def without_waiting(db: sqlite3.Connection, much: bool = False) -> Iterator[None]:
    """What is written in here is whole or not there, as ever, and survives the program's end; but
    when the power goes in the same moment it may be lost. It does not wait for the disk.

    The next transaction outside makes it durable too, and does what housekeeping is due; where
    ``much`` is written, that is done in here as it falls due.
    """
    (pages,) = db.execute("PRAGMA wal_autocheckpoint").fetchone()
    db.execute("PRAGMA synchronous = NORMAL")
    if not much:
        db.execute("PRAGMA wal_autocheckpoint = 0")
    try:
        yield
    finally:
        db.execute(f"PRAGMA wal_autocheckpoint = {int(pages)}")
        db.execute("PRAGMA synchronous = FULL")


def _ready(file: Path, steps: Sequence[Sequence[str]]) -> sqlite3.Connection:
    """Open, check and bring up to date; raises sqlite3.DatabaseError for a damaged file."""
    file.touch(mode=0o600)
    file.chmod(0o600)  # and so -wal and -shm, which SQLite makes like it
    db = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
    try:
        if version(db) > len(steps):
            raise _too_new()
        for pragma in _ALWAYS:
            db.execute(pragma)
        if not sound(db):
            raise _Unsound
        _bring_up_to_date(db, steps)
    except BaseException:
        db.close()
        raise
    return db


class _Unsound(sqlite3.DatabaseError):
    """The quick check found something."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _bring_up_to_date(db: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> None:
    for done in range(version(db), len(steps)):
        with writing(db):
            for statement in steps[done]:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {done + 1}")


def _too_new() -> BadInput:
    return BadInput(
        tr("The data comes from a newer Desk Phone"),
        tr("Install the newest version, or start this one with another data folder."),
    )


def _restore(
    file: Path,
    backups: Path,
    now: datetime,
    steps: Sequence[Sequence[str]],
    settle: Callable[[sqlite3.Connection], object],
) -> Opened:
    """Put the newest good backup in the file's place, or nothing.

    The copy is made first: when there is no room for it everything stays as it was, and when we
    are killed in between, the next start finds no file and restores it.
    """
    ready = file.with_name(file.name + ".restored")
    for backup, copy in newest_good(backups, now, len(steps)):
        for beside in _BESIDE:
            ready.with_name(ready.name + beside).unlink(missing_ok=True)
        copy_into(copy, ready)
        _settled(ready, steps, settle)
        aside = _move_aside(file, now)
        ready.replace(file)
        return Opened(_ready(file, steps), Recovery.RESTORED, aside, backup.made)
    aside = _move_aside(file, now)
    return Opened(_ready(file, steps), Recovery.STARTED_ANEW if aside else Recovery.NONE, aside)


def _settled(
    ready: Path, steps: Sequence[Sequence[str]], settle: Callable[[sqlite3.Connection], object]
) -> None:
    if settle is _as_it_was:
        return
    with closing(_ready(ready, steps)) as db:
        with writing(db):
            settle(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _move_aside(file: Path, now: datetime) -> Path | None:
    """Where the file lies now, with what SQLite kept beside it; None when there was none.

    A -wal that stayed would be played into the file that comes in its place. An empty file, such as
    a start leaves that was killed, is not worth keeping.
    """
    stem = f"{file.stem}.damaged-{now.astimezone(UTC):%Y-%m-%dT%H%M%S}Z"
    taken = {other.name for other in file.parent.iterdir()}
    aside = next(
        file.with_name(name)
        for n in range(len(taken) + 1)
        if (name := f"{stem}{f'-{n + 1}' if n else ''}{file.suffix}") not in taken
    )
    was = bool(file.exists() and file.stat().st_size)
    for beside in _BESIDE:
        one = file.with_name(file.name + beside)
        if one.exists() and one.stat().st_size:
            one.rename(aside.with_name(aside.name + beside))
        else:
            one.unlink(missing_ok=True)
    return aside if was else None
