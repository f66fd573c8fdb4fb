"""A file that a person chose to import: how large, in what letters, line by line."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from desk_phone.errors import BadInput
from desk_phone.i18n import tr

BYTES_AT_MOST = 50 * 1024 * 1024
ENCODINGS = ("utf-8", "utf-16", "cp1257", "cp1252", "cp1251", "cp1250", "cp866", "koi8-r")
_CHUNK = 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

_HIGH = re.compile(rb"[\x80-\xff]+")
_WESTERN = re.compile(rb"[\x8a\x8e\x9a\x9e]")  # Š Ž š ž in cp1252, nothing in cp1257
_BALTIC = re.compile(rb"[\xd0\xde\xf0\xfe]")  # the same in cp1257, Icelandic letters in cp1252


def encoding_of(file: Path) -> str:
    """The encoding of a text, as Python names it. Raises `BadInput` for what is no text.

    UTF-8 is proved over the whole file. The Windows code pages are told apart by what Estonian,
    Russian and Latvian names look like in them: it is a guess, which a person may change.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(_CHUNK)
            _refuse(head, file.stat().st_size)
            for bom, encoding in _BOMS:
                if head.startswith(bom):
                    return encoding
            if b"\0" in head:
                return _utf_16(head)
            return "utf-8" if _is_utf_8(head, stream) else _code_page(head)
    except OSError as trouble:
        raise _unreadable(trouble) from trouble


def lines(file: Path, encoding: str) -> Iterator[str]:
    """The lines of a text with their ends, whatever those were, as ``\\n``.

    Raises `BadInput`, also for an encoding that the file is not in or that nobody knows.
    """
    try:
        with file.open(encoding=_known(encoding), newline=None) as stream:
            yield from stream
    except OSError as trouble:
        raise _unreadable(trouble) from trouble
    except UnicodeDecodeError as trouble:
        raise _other_letters(file, encoding) from trouble


def byte_lines(file: Path, encoding: str) -> Iterator[bytes]:
    """The lines without their ends; UTF-16 comes as UTF-8."""
    if encoding.startswith("utf-16"):
        yield from (line.rstrip("\n").encode() for line in lines(file, encoding))
        return
    try:
        with file.open("rb") as stream:
            for line in stream:
                yield from line.rstrip(b"\r\n").split(b"\r")
    except OSError as trouble:
        raise _unreadable(trouble) from trouble


def _is_utf_8(head: bytes, rest: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk = head
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = rest.read(_CHUNK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse(head: bytes, size: int) -> None:
    if size > BYTES_AT_MOST:
        raise BadInput(
            tr("The file is too large"),
            tr("At most %(mb)d MB can be imported at once. Divide the file.")
            % {"mb": BYTES_AT_MOST // (1024 * 1024)},
        )
    if head.startswith(_WORKBOOKS):
        raise BadInput(
            tr("This is a workbook, not a CSV file"),
            tr("Open it in the program that made it and save it as CSV."),
        )
    if not head.strip():
        raise BadInput(tr("The file is empty"), tr("Choose another file."))


def _utf_16(head: bytes) -> str:
    """Which half of each letter is empty tells the order of the bytes."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 8 or min(even, odd) * 4 > max(even, odd):
        raise BadInput(
            tr("This is not a text file"), tr("Choose a CSV file (.csv) or a vCard file (.vcf).")
        )
    return "utf-16-le" if odd > even else "utf-16-be"


def _code_page(head: bytes) -> str:
    runs = _HIGH.findall(head)
    high = sum(map(len, runs))
    if sum(len(run) for run in runs if len(run) > 2) * 2 > high:  # whole words of such letters
        return "cp1251"
    if _WESTERN.search(head) and not _BALTIC.search(head):
        return "cp1252"
    try:
        head.decode("cp1257")
    except UnicodeDecodeError:
        return "cp1252"
    return "cp1257"


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as trouble:
        title = tr("Unknown encoding: %(name)s") % {"name": encoding[:40]}
        raise BadInput(title, tr("Choose another encoding.")) from trouble


def _other_letters(file: Path, encoding: str) -> BadInput:
    """Says in which line: the decoder knows its own portion alone."""
    data = file.read_bytes()
    line = 1
    try:
        data.decode(encoding)
    except UnicodeDecodeError as trouble:
        line += data[: trouble.start].decode(encoding, "replace").count("\n")
    return BadInput(
        tr("Line %(line)d cannot be read as %(encoding)s") % {"line": line, "encoding": encoding},
        tr("Choose another encoding."),
    )


def _unreadable(trouble: OSError) -> BadInput:
    return BadInput(tr("The file cannot be read"), trouble.strerror or str(trouble))
