"""A table for a spreadsheet: opens right in an Estonian Excel, and holds no live formula."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.transfer.cells import harmless
from desk_phone.transfer.writing import CSV_ENCODING, DELIMITER


@dataclass(frozen=True, slots=True)
class Table:
    """Texts as a person reads them. ``title`` says what it is, on paper."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def write_table(table: Table, file: Path) -> None:
    """All or nothing. Raises BadInput where it cannot be written; a file that was there is whole
    then."""
    write_parts((head_part(table.head), rows_part(table.rows)), file)


def head_part(head: tuple[str, ...]) -> bytes:
    """The beginning of a file that `write_parts` writes."""
    return _text([head]).encode(CSV_ENCODING)


def rows_part(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Some rows of it; for a table whose rows are not all there at once."""
    return _text(rows).encode()


def write_parts(parts: Iterable[bytes], file: Path) -> None:
    """As `write_table`."""
    draft = file.with_name(f".{file.name}.new")
    try:
        with draft.open("wb") as out:
            out.writelines(parts)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        _drop(draft)
        raise BadInput(
            tr("The file could not be written"), error.strerror or tr("Choose another place.")
        ) from error


def _drop(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:  # in a place that is none, there is nothing to drop
        return


def _text(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
