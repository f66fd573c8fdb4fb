"""Writing the phonebook for other programs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO

from desk_phone.model.names import wire_name
from desk_phone.model.numbers import from_service, is_e164, shown, wire_other
from desk_phone.transfer.card_lines import WIRE
from desk_phone.transfer.cards import PROGRAM
from desk_phone.transfer.cells import harmless
from desk_phone.transfer.columns import OUR_HEADS

CSV_ENCODING = "utf-8-sig"  # without the mark Excel takes UTF-8 for a Windows code page
DELIMITER = ";"  # what Excel expects where the comma is for decimals
_FOLD = 75  # octets of a line, RFC 6350 3.2
_ESCAPED = re.compile(r"[\\,;]")


class Version(StrEnum):
    THREE = "3.0"
    FOUR = "4.0"


@dataclass(frozen=True, slots=True)
class Entry:
    """``name`` in the person's spelling, ``wire`` as the desk phones show it; canonical numbers,
    ``number2`` empty when there is none."""

    name: str
    wire: str
    number1: str
    number2: str = ""


def write_csv(entries: Iterable[Entry], out: TextIO, language: str) -> None:
    """A sheet with its head in ``language``.

    ``out`` must be open with `CSV_ENCODING` and ``newline=""``.
    """
    writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerow(OUR_HEADS.get(language, OUR_HEADS["en"]))
    for entry in entries:
        numbers = (number_text(entry.number1), number_text(entry.number2))
        writer.writerow([harmless(cell) for cell in (entry.name, _own_wire(entry), *numbers)])


def write_cards(entries: Iterable[Entry], out: TextIO, version: Version = Version.FOUR) -> None:
    """``out`` must be open with ``utf-8`` and ``newline=""``."""
    for entry in entries:
        out.writelines(folded(line) for line in _card(entry, version))


def number_text(key: str) -> str:
    """A number as people write it, that `from_service` reads back as ``key``.

    No plus: a spreadsheet would take it for a formula.
    """
    for text in (shown(key).replace("+", "00"), wire_other(key), "00" + key.removeprefix("+")):
        if from_service(text) == key:
            return text
    return key


def folded(line: str) -> str:
    """The line and its end, cut so that no part is longer than 75 octets, nor a letter divided."""
    if len(line) * 4 <= _FOLD or (line.isascii() and len(line) <= _FOLD):
        return line + "\r\n"
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _FOLD:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts) + "\r\n"


def escaped(text: str) -> str:
    return _ESCAPED.sub(r"\\\g<0>", text).replace("\n", r"\n")


def _own_wire(entry: Entry) -> str:
    """The wire's spelling where it does not follow from the name.

    Elsewhere none is written: whoever mends a name in the sheet need not mend it twice.
    """
    return "" if entry.wire == wire_name(entry.name).text else entry.wire


def _card(entry: Entry, version: Version) -> Iterable[str]:
    yield "BEGIN:VCARD"
    yield f"VERSION:{version}"
    yield f"PRODID:{PROGRAM}"
    yield f"FN:{escaped(entry.name)}"
    if version is Version.THREE:  # which demands it; nobody knows the parts of the name
        yield f"N:{escaped(entry.name)};;;;"
    if wire := _own_wire(entry):
        yield f"{WIRE}:{escaped(wire)}"
    for key in filter(None, (entry.number1, entry.number2)):
        if version is Version.FOUR and is_e164(key):
            yield f"TEL;VALUE=uri;TYPE=voice:tel:{key}"
        else:
            yield f"TEL;TYPE=voice:{key}"
    yield "END:VCARD"
