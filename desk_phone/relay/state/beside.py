"""The relay's database for a command, beside the running relay or without one."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.state.copies import brought_back, finish_restore
from desk_phone.relay.state.database import Deed
from desk_phone.relay.state.schema import STEPS
from desk_phone.store.backups import version
from desk_phone.store.database import open_database, writing
from desk_phone.store.trouble import translating
from desk_phone.system.lock import InstanceLock

R = TypeVar("R")

_PATIENCE = 10.0  # seconds for the running relay's own transactions


def do(configuration: Configuration, now: datetime, deed: Deed[R]) -> R:
    """What the deed gives, durable. Raises BadInput and what the deed raises."""
    with _opened(configuration, now) as db, writing(db):
        return deed(db)


def read(configuration: Configuration, now: datetime, deed: Deed[R]) -> R:
    """The same for a deed that only reads, however long: nobody waits for it."""
    with _opened(configuration, now) as db, translating():
        db.execute("BEGIN")
        return deed(db)


def make_folders(configuration: Configuration) -> None:
    """Those of the state, for the relay alone. Raises BadInput."""
    try:
        for folder in (configuration.state_dir, configuration.backups):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            tr("The folder %(path)s cannot be used") % {"path": configuration.state_dir},
            tr("Run this as the relay's user (%(why)s).")
            % {"why": error.strerror or type(error).__name__},
        ) from error


@contextmanager
def as_its_owner(folder: Path) -> Iterator[None]:
    """Root has the rights of the folder's owner meanwhile: the relay can put anything in there, a
    link to a file of root's, too. What is made belongs to the relay."""
    owner = folder.stat() if folder.is_dir() else None
    if owner is None or owner.st_uid == 0 or not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([owner.st_gid])
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


@contextmanager
def left_to_its_owner(folder: Path) -> Iterator[None]:
    """Whatever root makes in there meanwhile belongs to the relay afterwards: where root has to
    read or write elsewhere, too."""
    try:
        yield
    finally:
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            with suppress(OSError):
                _give(folder)


def _give(folder: Path) -> None:
    owner = folder.stat()
    for each in (*folder.iterdir(), *folder.glob("backups/*")):
        found = each.lstat()
        ours = stat.S_ISDIR(found.st_mode) or found.st_nlink == 1  # else it lies elsewhere, too
        if ours and (found.st_uid, found.st_gid) != (owner.st_uid, owner.st_gid):
            os.chown(each, owner.st_uid, owner.st_gid, follow_symlinks=False)


@contextmanager
def not_reloaded() -> Iterator[None]:
    """Who holds the lock may be taken for the server, and is not to die of a `reload`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def reload(configuration: Configuration) -> bool:
    """Have the running relay read its numbers and passwords anew; False: none hears us."""
    try:
        if not configuration.lock.exists():
            return False
        with InstanceLock(configuration.lock) as lock:
            pid = 0 if lock.take() else lock.holder()
        if pid > 0:  # 0 would be everybody here
            os.kill(pid, signal.SIGHUP)
    except (BadInput, OSError):  # another user's, or it ends in this moment
        return False
    return pid > 0


@contextmanager
def _opened(configuration: Configuration, now: datetime) -> Iterator[sqlite3.Connection]:
    """Only who holds the state's lock may mend it or bring it up to date."""
    with as_its_owner(configuration.state_dir), not_reloaded():
        make_folders(configuration)
        with InstanceLock(configuration.lock) as lock:
            if lock.take():
                finish_restore(configuration, now)
                settle = partial(brought_back, now=now)
                place = configuration.database, configuration.backups
                db = open_database(*place, now, STEPS, settle).db
            else:
                db = _of_the_running(configuration.database)
            with closing(db):
                yield db


def _of_the_running(file: Path) -> sqlite3.Connection:
    uri = f"{file.absolute().as_uri()}?mode=rw"
    with translating():
        db = sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA secure_delete = ON")
            found = version(db)
        except BaseException:
            db.close()
            raise
    if found != len(STEPS):
        db.close()
        raise BadInput(
            tr("The running relay is of another version"), tr("Restart it, then try again.")
        )
    return db
