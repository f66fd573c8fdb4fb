"""Copies of the database: one a day, seven days and four weeks back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk_phone.store.schema import STEPS
from desk_phone.store.trouble import damaged, translating

DAILY, WEEKLY = 7, 4
_AHEAD = timedelta(days=1)  # so far a clock may be corrected

_WHEN = "%Y-%m-%dT%H%M%S"
_UNFINISHED = ".part"
_NAME = re.compile(r"desk-phone-(\d{4}-\d{2}-\d{2}T\d{6})Z\.sqlite3")


@dataclass(frozen=True, slots=True)
class Backup:
    """``made`` is in UTC and part of the file's name."""

    file: Path
    made: datetime


def back_up(
    db: sqlite3.Connection, backups: Path, now: datetime, anew: bool = False
) -> Path | None:
    """Today's backup, made now; None when there is one already. ``anew``: in its place. Older ones
    than kept are deleted.

    Raises BadInput: no room, no permission, or a database found damaged, and then no older backup
    was touched.
    """
    made = now.astimezone(UTC).replace(microsecond=0)
    todays = [one.file for one in every(backups) if one.made.date() == made.date()]
    if todays and not anew:
        return None
    file = backups / f"desk-phone-{made:{_WHEN}}Z.sqlite3"
    with translating():
        _sweep_unfinished(backups, made)
        copy_into(db, file)
        for before in todays:
            if before != file:
                before.unlink()
        for old in _superfluous(every(backups)):
            old.file.unlink()
    return file


def back_up_file(file: Path, backups: Path, now: datetime, anew: bool = False) -> Path | None:
    """The same of a database that is open elsewhere, which may go on writing: for any thread."""
    with translating(), closing(sqlite3.connect(f"{_uri(file)}?mode=ro", uri=True)) as db:
        return back_up(db, backups, now, anew)


def every(backups: Path) -> list[Backup]:
    """Newest first; files with other names are nobody's business."""
    found = (
        Backup(file, made)
        for file in (backups.iterdir() if backups.is_dir() else ())
        if (made := _made(file.name))
    )
    return sorted(found, key=lambda b: b.made, reverse=True)


def _made(name: str) -> datetime | None:
    match = _NAME.fullmatch(name)
    try:
        return datetime.strptime(match[1], _WHEN).replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def newest_good(
    backups: Path, now: datetime, newest: int = len(STEPS)
) -> Iterator[tuple[Backup, sqlite3.Connection]]:
    """Sound backups of the version ``newest`` at most, newest first, each open for reading; those
    that a wrong clock dated into the future last, for nobody knows how old they are."""
    found = every(backups)
    for backup in sorted(found, key=lambda one: one.made > now + _AHEAD):
        with suppress(sqlite3.Error), closing(_open(backup.file)) as copy:
            if sound(copy) and version(copy) <= newest:
                yield backup, copy


def copy_into(db: sqlite3.Connection, file: Path) -> None:
    """Write a sound copy of ``db`` to ``file``: whole or not at all, for this person only.

    Raises sqlite3.Error, OSError, or BadInput where ``db`` is damaged.
    """
    part = file.with_name(file.name + _UNFINISHED)
    _sweep(part)
    try:
        part.touch(mode=0o600)
        with closing(sqlite3.connect(part)) as copy:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            if not sound(copy):
                raise damaged()
        part.replace(file)
    finally:
        _sweep(part)


def _sweep(part: Path) -> None:
    for left in part.parent.glob(part.name + "*"):
        left.unlink(missing_ok=True)


def _sweep_unfinished(backups: Path, now: datetime) -> None:
    """What a program that was killed began and never ended. Another may be making today's."""
    for left in backups.glob(f"desk-phone-*.sqlite3{_UNFINISHED}*"):
        if not left.name.startswith(f"desk-phone-{now:%Y-%m-%d}T"):
            left.unlink(missing_ok=True)


def sound(db: sqlite3.Connection) -> bool:
    """SQLite's own quick check: every page is where it should be."""
    try:
        return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        return False


def version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{_uri(file)}?mode=ro&immutable=1", uri=True)


def _uri(file: Path) -> str:
    return file.absolute().as_uri()


def _superfluous(found: list[Backup]) -> list[Backup]:
    """All but the newest seven, and the newest of each of the last four weeks there are."""
    kept = {backup.file for backup in found[:DAILY]}
    weeks: dict[tuple[int, int], Backup] = {}
    for backup in found:
        year, week, _ = backup.made.isocalendar()
        weeks.setdefault((year, week), backup)
    kept |= {backup.file for backup in list(weeks.values())[:WEEKLY]}
    return [backup for backup in found if backup.file not in kept]
