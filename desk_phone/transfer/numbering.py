"""The numbers of a row: every one that its cells hold, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from desk_phone.i18n import tr
from desk_phone.model.finding import find
from desk_phone.model.numbers import from_service, is_e164, national, shown
from desk_phone.model.reading import AT_MOST, SCHEMES, Kind, Problem, Reading, of_key, read
from desk_phone.transfer.rows import Row

# Nearly every number of a phonebook: Estonian, as people group it. What `read` would say, sooner.
_PLAIN = re.compile(r"(?:\+?372 ?)?([2-9]\d{2,3} ?\d{3,4})")
_ROUNDED = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+", re.IGNORECASE)
_AS_DECIMAL = re.compile(r"(\+?[0-9]{7,})[.,]0")  # whole numbers, as some programs write them
_LINK = re.compile(rf"(?:{'|'.join(SCHEMES)}):", re.IGNORECASE)  # with ;ext=1
_APART = re.compile(r"\s*(?::::|[;|\r\n])\s*")  # between numbers and nowhere in one
_BETWEEN = re.compile(r"\s*(?:[,/]|\b(?:ja|või|and|or|и|или)\b)\s*")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Canonical numbers, each once, in order. ``trouble`` says why one cannot be read, and then
    the rest counts for nothing; ``remarks`` what a person should know of those that can."""

    keys: tuple[str, ...]
    trouble: str = ""
    remarks: tuple[str, ...] = ()


def numbers_of(row: Row, known: Collection[str]) -> Numbers:
    """``known``: canonical numbers of the phonebook, which are taken as they are, however odd."""
    keys: dict[str, None] = {}
    remarks: dict[str, None] = {}
    for text in _apart(row.numbers):
        key = _exact(text, row.ours, known)
        readings = () if key else _readings(text)
        found = [key] if key else [reading.key for reading in readings]
        if not found or not all(map(str.isascii, found)):
            return Numbers((), _why(text))
        keys.update(dict.fromkeys(found))
        remarks.update(dict.fromkeys(filter(None, map(_remark, readings))))
    return Numbers(tuple(keys), remarks=tuple(remarks))


def _apart(cells: Iterable[str]) -> Iterator[str]:
    for cell in cells:
        whole = cell.strip()
        parts = [whole] if _LINK.match(whole) else _APART.split(whole)
        for part in filter(None, parts):
            decimal = _AS_DECIMAL.fullmatch(part)
            yield decimal[1] if decimal else part


def _exact(text: str, ours: bool, known: Collection[str]) -> str:
    """The key of a number that needs no reading; else empty."""
    plain = _PLAIN.fullmatch(text)
    at_home = national(plain[1].replace(" ", "")) if plain else ""
    if at_home:
        return at_home
    key = from_service(text.removeprefix("tel:"))
    return key if ours or key in known else ""


def _readings(text: str) -> tuple[Reading, ...]:
    """One number, or several between commas, or numbers amid words; none where one is unclear."""
    whole = of_key(text) if text.isdigit() else read(text)
    if whole.key:
        return (whole,)
    parts = [read(part) for part in _BETWEEN.split(text) if part]
    if len(parts) > 1 and all(part.key for part in parts):
        return tuple(parts)
    return find(text) if whole.problem is Problem.LETTERS and not parts[1:] else ()


def _remark(reading: Reading) -> str:
    if reading.extension:
        return tr("The extension %(digits)s is left out: the phonebook has no place for it.") % {
            "digits": reading.extension
        }
    if reading.assumed:
        return tr("%(text)s is taken for %(number)s.") % {
            "text": reading.text,
            "number": shown(reading.key),
        }
    if reading.kind is Kind.UNPLANNED and not is_e164(reading.key):
        return tr("%(text)s is in no numbering plan.") % {"text": reading.text}
    return ""


def _why(text: str) -> str:
    if _ROUNDED.fullmatch(text):
        words = tr("“%(text)s” was rounded by a spreadsheet: write the column as text.")
        return words % {"text": text}
    words = {
        Problem.LETTERS: tr("“%(text)s” is no phone number: it has letters."),
        Problem.CODES: tr("“%(text)s” is no phone number: it has * or #."),
        Problem.TOO_SHORT: tr("“%(text)s” is too short for a phone number."),
        Problem.TOO_LONG: tr("“%(text)s” is too long for a phone number."),
        Problem.RANGE: tr("“%(text)s” is a range: write the numbers that you want."),
        Problem.DATE: tr("“%(text)s” is a date."),
    }.get(read(text[:AT_MOST]).problem, tr("“%(text)s” is no phone number."))
    return words % {"text": text[:40]}
