"""Reading vCards, as phones, Outlook, Google and Apple write them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.transfer.card_lines import WIRE, Property, properties
from desk_phone.transfer.rows import Row
from desk_phone.transfer.source import byte_lines, encoding_of

PROGRAM = "-//Desk Phone//EN"
_NO_PHONES = frozenset(("fax", "pager", "modem", "textphone"))
_LOOKED_AT = 200  # first lines that a card must begin in


def are_cards(file: Path) -> bool:
    """Whether a file holds vCards. Raises `BadInput` for one that is too large or no text."""
    first = islice(byte_lines(file, encoding_of(file)), _LOOKED_AT)
    return any(b"BEGIN:VCARD" in line[:64].upper() for line in first)


def card_rows(file: Path, encoding: str = "") -> Iterator[Row]:
    """A row for every person and company; groups are left out.

    A card that is broken becomes a row with its trouble. Raises `BadInput` for a file without
    cards.
    """
    guessed = encoding or encoding_of(file)
    # `byte_lines` gives UTF-16 as UTF-8; and a value that may be UTF-8 is nothing else.
    letters = (encoding,) if encoding and not encoding.startswith("utf-16") else ("utf-8", guessed)
    found = False
    for card in _cards(properties(byte_lines(file, guessed), letters)):
        found = True
        if not any(part.name == "KIND" and part.text.lower() == "group" for part in card):
            yield _row(card)
    if not found:
        raise BadInput(
            tr("There are no contacts in this file"), tr("Choose a vCard file (.vcf) or CSV.")
        )


def _cards(parts: Iterator[Property]) -> Iterator[list[Property]]:
    """Cards from their beginning; what is cut off lacks its end."""
    card: list[Property] = []
    for part in parts:
        if part.name == "BEGIN" and part.text.upper() == "VCARD":
            if card:
                yield card
            card = [part]
        elif card:
            card.append(part)
            if part.name == "END":
                yield card
                card = []
    if card:
        yield card


def _row(card: list[Property]) -> Row:
    line = card[0].line
    trouble = _trouble(card)
    if trouble:
        return Row(line, _name(card), trouble=trouble)
    phones = [p for p in card if p.name == "TEL" and (not p.types & _NO_PHONES or _speaks(p))]
    phones.sort(key=lambda phone: "pref" not in phone.types)
    numbers = tuple(filter(None, (phone.text for phone in phones)))
    ours = any(part.name == "PRODID" and part.text == PROGRAM for part in card)
    wire = _first(card, WIRE)
    return Row(line, _name(card), numbers, wire, ours, company=_company(card))


def _speaks(phone: Property) -> bool:
    return bool(phone.types & {"voice", "cell"})


def _trouble(card: list[Property]) -> str:
    if card[-1].name != "END":
        return tr("This card has no end.")
    for before, part in pairwise(card):
        # Elsewhere it is a note that was not folded rightly.
        if not part.name and before.name in ("FN", "N", "TEL"):
            return tr("Line %(line)d is not of a card.") % {"line": part.line}
    return ""


def _name(card: list[Property]) -> str:
    """FN; else the given, middle and family name; else the company."""
    formatted = _first(card, "FN")
    if formatted:
        return formatted
    for part in card:
        if part.name == "N":
            family, given, middle, *_ = [*part.fields, "", "", ""]
            joined = " ".join(filter(None, (given, middle, family)))
            if joined:
                return joined
    return _company(card)


def _company(card: list[Property]) -> str:
    return next((part.fields[0] for part in card if part.name == "ORG"), "")


def _first(card: list[Property], name: str) -> str:
    return next((part.text for part in card if part.name == name and part.text.strip()), "")
