"""Finds phone numbers in any text: a clipboard, a selection, a line of an e-mail."""

from __future__ import annotations

import re

from phonenumbers import Leniency, PhoneNumberMatcher

from desk_phone.model import numbers
from desk_phone.model.reading import Kind, Problem, Reading, normalise, range_of, read

READ_AT_MOST = 2000  # characters
RANGE_AT_MOST = 10  # numbers a range is spelt out to

_RANGE = re.compile(r"(?<![\d-])\+?\d[\d ]{5,}\d-\d{1,2}(?![\d-])")
_HABIT = re.compile(r"(?<![\w+-])(?:8[ -]?\(?\d{3}\)?|0(?:4\d|50))[ -]?\d(?:[ -]?\d){5,8}(?![\w-])")


def find(text: str) -> tuple[Reading, ...]:
    """Every number in ``text``, each once, in order. Short numbers count only as the whole text.

    IBANs, personal and registry codes and dates are no numbers.
    """
    plain = normalise(text[:READ_AT_MOST])
    whole = read(plain) if len(plain) <= 64 else None
    if whole is not None and whole.key:
        return (whole,)
    found: dict[str, tuple[int, Reading]] = {}
    for start, reading in (*_ranges(plain), *_matches(plain), *_habits(plain)):
        found.setdefault(reading.key, (start, reading))
    return tuple(reading for _, reading in sorted(found.values(), key=lambda f: f[0]))


def spell_out(plain: str) -> tuple[Reading, ...]:
    """The numbers of a range such as ``640 3231-33``; none when it is no range."""
    ends = range_of(plain)
    if ends is None:
        return ()
    first, last = ends
    plus = "+" if first.startswith("+") else ""
    low, high = int(first.removeprefix("+")), int(last.removeprefix("+"))
    return tuple(read(f"{plus}{n}") for n in range(low, min(high, low + RANGE_AT_MOST - 1) + 1))


def _ranges(plain: str) -> list[tuple[int, Reading]]:
    return [
        (match.start(), reading)
        for match in _RANGE.finditer(plain)
        for reading in spell_out(match.group())
    ]


def _matches(plain: str) -> list[tuple[int, Reading]]:
    for told_apart in (_RANGE, _HABIT):
        plain = told_apart.sub(lambda m: " " * len(m.group()), plain)
    matcher = PhoneNumberMatcher(plain, numbers.HOME_REGION, Leniency.VALID)
    readings = ((match.start, read(match.raw_string)) for match in matcher)
    return [(start, r) for start, r in readings if r.key and r.problem is Problem.NONE]


def _habits(plain: str) -> list[tuple[int, Reading]]:
    readings = ((match.start(), read(match.group())) for match in _HABIT.finditer(plain))
    return [(start, r) for start, r in readings if r.assumed and r.kind is Kind.ABROAD]
