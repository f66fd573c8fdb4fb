"""A file on this computer, or on a share."""

from __future__ import annotations

import os
from pathlib import Path

from desk_phone.elsewhere.texts import BYTES_AT_MOST, listing_of, unreadable
from desk_phone.errors import BadInput, Offline
from desk_phone.i18n import tr
from desk_phone.model.elsewhere import Listing


def read_file(address: str, mark: str) -> Listing | None:
    """None: it is as it was when it got this ``mark``. Raises BadInput, or Offline while somebody
    writes it."""
    file = Path(address)
    before = _mark(file)
    if before == mark:
        return None
    listing = listing_of(file, before)
    if _mark(file) != before:
        raise Offline(
            tr("The file changed while it was read"), tr("It is looked at again in a moment.")
        )
    return listing


def _mark(file: Path) -> str:
    try:
        found = file.stat()
    except OSError as error:
        raise unreadable(error) from error
    if not file.is_file():
        raise BadInput(
            tr("This is no file"), tr("Choose a CSV file (.csv) or a vCard file (.vcf).")
        )
    if found.st_size > BYTES_AT_MOST:
        raise BadInput(
            tr("The file is too large"),
            tr("At most %(mb)d MB of contacts are read.") % {"mb": BYTES_AT_MOST // 1_000_000},
        )
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino if os.name == 'posix' else 0}"
