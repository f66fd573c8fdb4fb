"""The relay's state as one file: taken while it runs, put back while it does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.relay.company import targets
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.state import audit, devices, outbox
from desk_phone.relay.state.schema import STEPS
from desk_phone.store.backups import back_up_file, copy_into, sound, version
from desk_phone.store.database import open_database, writing
from desk_phone.store.trouble import translating

_BESIDE = ("", "-wal", "-shm")


def back_up(configuration: Configuration, file: Path) -> None:
    """Write a sound copy, for this person only. Raises BadInput; an existing file is refused."""
    if file.exists():
        raise BadInput(
            tr("%(file)s is there already") % {"file": file},
            tr("Choose another name: nothing is written over."),
        )
    _must_exist(configuration.database)
    with translating(), closing(_reading(configuration.database)) as db:
        copy_into(db, file)


def back_up_daily(configuration: Configuration, now: datetime) -> Path | None:
    """Today's copy into the state's own folder; None where there is one. Raises BadInput."""
    return back_up_file(configuration.database, configuration.backups, now)


def back_up_anew(configuration: Configuration, now: datetime) -> None:
    """Another copy of today: what a damaged state is brought back from must know what is so now.
    Raises BadInput."""
    back_up_file(configuration.database, configuration.backups, now, anew=True)


def restore(configuration: Configuration, file: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the state, which is kept aside: where, or None for no state.

    The relay must not run. Every number begins a new epoch, for desks know more than the copy; who
    was revoked since stays so. Raises BadInput, and then nothing was changed.
    """
    _check(file)
    new = configuration.database.with_name("relay.sqlite3.restoring")
    with translating():
        for end in _BESIDE:
            new.with_name(new.name + end).unlink(missing_ok=True)
        with closing(_reading(file)) as copy:
            copy_into(copy, new)
        opened = open_database(new, configuration.backups, now, STEPS)
        with closing(opened.db):
            with writing(opened.db):
                _settle(opened.db, _revoked(configuration.database), now)
            opened.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        new.replace(_restored(configuration))  # whole by now: from here on it is only renamed
        return _take_place(configuration, now)


def finish_restore(configuration: Configuration, now: datetime) -> None:
    """End a restore that was cut off among its renames; for who holds the state's lock, before the
    state is opened. Raises BadInput."""
    with translating():
        if _restored(configuration).exists():
            _take_place(configuration, now)


def _restored(configuration: Configuration) -> Path:
    """Another name than `store.database` has for what it brings back, which may be unfinished."""
    return configuration.database.with_name("relay.sqlite3.chosen")


def _take_place(configuration: Configuration, now: datetime) -> Path | None:
    aside = _put_aside(configuration.database, now)
    _restored(configuration).replace(configuration.database)
    return aside


def brought_back(db: sqlite3.Connection, now: datetime) -> None:
    """What an older state has to hear before it is used: desks and service know more. A deed."""
    outbox.begin_anew(db)
    targets.doubt(db)
    devices.withdraw_codes(db)
    devices.doubt_accounts(db)
    audit.append(db, audit.Act(audit.ADMINISTRATOR, audit.What.RESTORE), audit.DONE, now)


def _settle(db: sqlite3.Connection, revoked: frozenset[str], now: datetime) -> None:
    brought_back(db, now)
    for device in devices.listed(db):
        if device.revoked is None and device.id in revoked:
            devices.revoke(db, device.id, now)


def _revoked(database: Path) -> frozenset[str]:
    """As far as the state that is put aside can still say it."""
    if database.is_file():
        with suppress(sqlite3.Error), closing(_reading(database)) as db:
            return devices.revoked_accounts(db)
    return frozenset()


def _check(file: Path) -> None:
    _must_exist(file)
    with translating(), closing(_reading(file)) as db:
        try:
            right = sound(db) and 0 < version(db) <= len(STEPS) and _is_ours(db)
        except sqlite3.DatabaseError:
            right = False
    if not right:
        raise BadInput(
            tr("%(file)s is no backup of a relay") % {"file": file},
            tr("Nothing was changed. Choose a file that “relay backup” wrote."),
        )


def _is_ours(db: sqlite3.Connection) -> bool:
    tables = db.execute("SELECT count(*) FROM sqlite_schema WHERE name IN ('lines', 'notices')")
    return bool(tables.fetchone()[0] == 2)


def _must_exist(file: Path) -> None:
    if not file.is_file():
        raise BadInput(
            tr("%(file)s is not there") % {"file": file}, tr("Look at the path once more.")
        )


def _put_aside(database: Path, now: datetime) -> Path | None:
    aside = database.with_name(f"relay-{now.astimezone(UTC):%Y-%m-%dT%H%M%S}Z.sqlite3")
    was_there = database.exists()
    if not was_there:  # if this was cut off, what lay beside it follows it
        aside = max(database.parent.glob("relay-*Z.sqlite3"), default=aside)
    for end in _BESIDE:
        part = database.with_name(database.name + end)
        if part.exists():
            part.replace(aside.with_name(aside.name + end))
    return aside if was_there else None


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
