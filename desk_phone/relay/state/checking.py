"""Whether the relay could work in its folder: looked at, nothing is made or changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from desk_phone.i18n import tr
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.state.schema import STEPS
from desk_phone.store.backups import version

ROOM = 256 * 1024 * 1024  # bytes: some years of a company's calls, or a day of a broken one's


def faults(conf: Configuration) -> Iterator[str]:
    """A sentence each; none: all is well. A folder that is not there yet is made at the start."""
    folder = conf.state_dir
    at = next(each for each in (folder, *folder.parents) if each.exists())
    if not at.is_dir():
        yield tr("%(path)s is no folder.") % {"path": at}
        return
    if shutil.disk_usage(at).free < ROOM:
        yield tr("The disk of %(path)s is nearly full.") % {"path": at}
    if at != folder:
        if not os.access(at, os.W_OK):
            yield tr("%(path)s is not there, and this user cannot make it.") % {"path": folder}
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield tr("This user may not write into %(path)s: is it the relay's?") % {"path": folder}
        return
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield tr("Others can look into %(path)s: chmod 700 it.") % {"path": folder}
    yield from _faults_of(conf.database)


def _faults_of(database: Path) -> Iterator[str]:
    if not database.exists():
        return
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            found = version(db)
    except sqlite3.Error:
        yield tr("%(path)s cannot be read. At its start the relay takes the last copy.") % {
            "path": database
        }
        return
    if found > len(STEPS):
        yield tr("%(path)s is of a newer relay.") % {"path": database}
