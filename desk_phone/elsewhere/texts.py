"""A text of contacts, CSV or vCard, wherever it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from desk_phone.elsewhere.gathering import gather
from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.elsewhere import Listing
from desk_phone.model.folding import fold
from desk_phone.transfer.cards import are_cards, card_rows
from desk_phone.transfer.rows import Row
from desk_phone.transfer.sheet import Sheet, look_at, rows_of

BYTES_AT_MOST = 20_000_000

_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_LOOKED_AT = 4096  # bytes
_SOMEBODY_ELSES = re.compile(r"\b(?:assistant|assistent|company main|main company)")


def listing_of(file: Path, mark: str = "") -> Listing:
    """Raises BadInput for what is no list of contacts, or broken."""
    try:
        with file.open("rb") as stream:
            begins = stream.read(_LOOKED_AT)
    except OSError as error:
        raise unreadable(error) from error
    if _PAGE.match(begins.removeprefix(b"\xef\xbb\xbf")):
        raise web_page()
    return gather(_rows(file), mark)


def listing_of_bytes(data: bytes, mark: str = "") -> Listing:
    """As `listing_of`. The text lies for that moment in a folder of this person only."""
    with TemporaryDirectory(prefix="desk-phone-") as folder:
        file = Path(folder) / "contacts"
        try:
            file.write_bytes(data)
        except OSError as error:
            raise unreadable(error) from error
        return listing_of(file, mark)


def web_page() -> BadInput:
    return BadInput(
        tr("A web page came instead of contacts"),
        tr("Perhaps one must log in there first. Use an address that gives the file itself."),
    )


def unreadable(error: OSError) -> BadInput:
    if isinstance(error, FileNotFoundError):
        return BadInput(
            tr("The file is not there"), tr("What it said before is kept until it is back.")
        )
    return BadInput(tr("The file cannot be read"), error.strerror or type(error).__name__)


def _rows(file: Path) -> Iterator[Row]:
    if are_cards(file):
        return card_rows(file)
    sheet = look_at(file)
    if not sheet.columns.complete:
        raise BadInput(
            tr("It is not clear which columns hold names and numbers"),
            tr("Let the first row say so: Name, Phone, Mobile phone."),
        )
    return rows_of(replace(sheet, columns=replace(sheet.columns, numbers=_own_numbers(sheet))))


def _own_numbers(sheet: Sheet) -> tuple[int, ...]:
    """Without the columns of Outlook that hold other people's: a switchboard is nobody's name."""
    return tuple(
        place
        for place in sheet.columns.numbers
        if place >= len(sheet.head) or not _SOMEBODY_ELSES.search(fold(sheet.head[place]))
    )
