"""What SQLite complains about, in words for a person. Everything else it raises is our bug."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from desk_phone.errors import BadInput
from desk_phone.i18n import tr

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_REFUSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def primary(error: sqlite3.Error) -> int:
    """SQLite's primary result code; -1 for an error of the Python module itself."""
    code = getattr(error, "sqlite_errorcode", -1)
    return code & 0xFF if code >= 0 else -1


def is_damaged(error: sqlite3.Error) -> bool:
    return primary(error) in _DAMAGED


@contextmanager
def translating() -> Iterator[None]:
    """Raise BadInput where the disk, its rights or a damaged file are to blame."""
    try:
        yield
    except sqlite3.Error as error:
        told = _told(error)
        if told is None:
            raise
        raise told from error
    except OSError as error:
        raise _no_access(error.strerror or str(error)) from error


def _told(error: sqlite3.Error) -> BadInput | None:
    code = primary(error)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_TOOBIG):
        return BadInput(
            tr("No room to save"),
            tr("Nothing was changed. Make room on the disk, then try again."),
        )
    if code in _REFUSED:
        return _no_access(str(error))
    if code in _BUSY:
        return BadInput(
            tr("Another program holds the data"),
            tr("Nothing was changed. Close the other program, then try again."),
        )
    return damaged() if code in _DAMAGED else None


def _no_access(why: str) -> BadInput:
    return BadInput(
        tr("The data folder cannot be used"),
        tr("Check that it is there and that you may write to it (%(why)s).") % {"why": why},
    )


def damaged() -> BadInput:
    return BadInput(
        tr("The data file is damaged"),
        tr("Start Desk Phone again: it keeps the file aside and goes back to the last backup."),
    )
