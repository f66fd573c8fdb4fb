"""A fault of our own, as a command tells it: one line for the person, the rest for the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk_phone import logs
from desk_phone.said import Said, of_bug


@contextmanager
def unseen() -> Iterator[None]:
    """Meanwhile what crashes goes into the crash log alone, not to the terminal."""
    crashes = logging.getLogger("desk_phone.crash")
    crashes.propagate = False
    try:
        yield
    finally:
        crashes.propagate = True


def written_down(bug: Exception, folder: Path | None) -> Said:
    """``folder`` is where the logs lie; None: nobody knows yet.

    Writes beside whoever holds the lock, which is rare enough and only ever adds lines.
    """
    if folder is None:
        return of_bug()
    logs.set_up(folder, verbose=False)
    with unseen():
        logging.getLogger("desk_phone.crash").critical("Unexpected error", exc_info=bug)
    logs.shut_down()
    log = folder / logs.CRASHES
    return of_bug(log if log.exists() else None)
