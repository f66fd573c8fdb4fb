"""Reading CSV, as Excel, Outlook, Google and people write it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.transfer.cells import harmed
from desk_phone.transfer.columns import Columns, by_content, by_head, is_head, is_ours
from desk_phone.transfer.rows import Row
from desk_phone.transfer.source import encoding_of, lines

DELIMITERS = (";", ",", "\t")
CELL_AT_MOST = 10_000  # characters
_SAMPLE = 50  # rows that guesses are made from
_SEP = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # Excel's own first line


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file and how it is read; to read it otherwise, replace what was guessed.

    ``head`` is empty when the first row is data. ``sample`` holds the first rows of data.
    """

    file: Path
    encoding: str
    delimiter: str
    head: tuple[str, ...]
    columns: Columns
    sample: tuple[tuple[str, ...], ...]

    @property
    def ours(self) -> bool:
        return is_ours(self.head)


def look_at(file: Path, encoding: str = "", delimiter: str = "") -> Sheet:
    """Finds out how ``file`` is written; what is given is taken for granted.

    Raises `BadInput` for a file that is too large, empty or no text.
    """
    encoding = encoding or encoding_of(file)
    delimiter = delimiter or _delimiter(list(islice(lines(file, encoding), 2 * _SAMPLE)))
    rows = [row for _, row in islice(_records(file, encoding, delimiter), _SAMPLE)]
    head = rows.pop(0) if rows and is_head(rows[0]) else ()
    columns = by_head(head) if head else by_content(rows)
    return Sheet(file, encoding, delimiter, head, columns, tuple(rows))


def with_columns(sheet: Sheet, columns: Columns) -> Sheet:
    return replace(sheet, columns=columns)


def rows_of(sheet: Sheet) -> Iterator[Row]:
    """Every row with something in it, one at a time.

    Raises `BadInput`, naming the line, where the file is broken, and at once where nobody said
    which columns are the name and the numbers.
    """
    if not sheet.columns.complete:
        raise BadInput(
            tr("It is not clear which columns to import"),
            tr("Choose the columns of the name and of the numbers."),
        )
    records = _records(sheet.file, sheet.encoding, sheet.delimiter)
    skipped = islice(records, 1 if sheet.head else 0, None)
    return (_row(line, cells, sheet) for line, cells in skipped)


def _records(file: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows that are not blank, each with the line it begins in."""
    text = lines(file, encoding)
    first = next(text, "")
    before = 1 if _SEP.fullmatch(first) else 0
    reader = csv.reader(text if before else _again(first, text), delimiter=delimiter, strict=True)
    begins = before + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, tuple(cell[:CELL_AT_MOST] for cell in cells)
            begins = before + reader.line_num + 1
    except csv.Error as trouble:
        title = tr("Line %(line)d: the quotation marks do not match") % {"line": begins}
        raise BadInput(title, tr("Mend that line and try again.")) from trouble


def _again(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(some: list[str]) -> str:
    """The one that makes the most rows equally wide."""
    named = _SEP.fullmatch(some[0]) if some else None
    if named:
        return named[1]

    def quality(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(some, delimiter=delimiter) if row)
        except csv.Error:  # a cell longer than any should be
            return (0, 0)
        width, rows = max(widths.items(), key=lambda found: found[1], default=(0, 0))
        return (rows, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=quality)


def _row(line: int, cells: tuple[str, ...], sheet: Sheet) -> Row:
    def texts(places: Iterable[int]) -> list[str]:
        found = (harmed(cells[place]).strip() for place in places if place < len(cells))
        return [text for text in found if text]

    def one(places: Iterable[int]) -> str:
        return " ".join(" ".join(texts(places)).split())

    columns = sheet.columns
    instead = (place for place in columns.instead if one((place,)))
    name = one(columns.name) or one(islice(instead, 1))
    numbers, wire = tuple(texts(columns.numbers)), one(columns.wire)
    return Row(line, name, numbers, wire, sheet.ours, company=one(columns.company))
