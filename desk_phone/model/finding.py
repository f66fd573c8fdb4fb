"""Finds phone numbers in any text: a clipboard, a selection, a line of an e-mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phonenumbers import Leniency, PhoneNumberMatcher

from desk_phone.model import numbers
from desk_phone.model.reading import Problem, Reading, normalise, range_of, read

READ_AT_MOST = 2000  # characters
WHOLE_AT_MOST = 64  # characters of a text that is one number
RANGE_AT_MOST = 10  # numbers a range is spelt out to

_RANGE = re.compile(r"(?<![\d-])\+?\d[\d ]{5,}\d-\d{1,2}(?![\d-])")
_HABITS_LAND = ("+7", "+358")
_LINES = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_CODES = frozenset("*#")
_TAIL = re.compile(r"\W*\Z")
_HABIT = re.compile(r"(?<![\w+-])(?:8[ -]?\(?\d{3}\)?|0(?:4\d|50))[ -]?\d(?:[ -]?\d){5,8}(?![\w-])")


@dataclass(frozen=True, slots=True)
class _Found:
    """Where in a line, and what; a range is several numbers."""

    start: int
    end: int
    readings: tuple[Reading, ...]


def find(text: str) -> tuple[Reading, ...]:
    """Every number in ``text``, each once, in order. Short numbers count only as the whole text.

    IBANs, personal and registry codes and dates are no numbers.
    """
    lines = [plain for line in _LINES.split(text[:READ_AT_MOST]) if (plain := normalise(line))]
    cut = len(text) > READ_AT_MOST
    if len(lines) == 1 and len(lines[0]) <= WHOLE_AT_MOST and not cut:
        whole = read(lines[0])
        if whole.key:
            return (whole,)
    found: dict[str, Reading] = {}
    for number, line in enumerate(lines, 1):
        in_line = _in_line(line)
        if cut and number == len(lines):  # half a number may be another one
            end = len(_TAIL.sub("", line))
            in_line = [each for each in in_line if each.end < end]
        for reading in (reading for each in in_line for reading in each.readings):
            found.setdefault(reading.key, reading)
    return tuple(found.values())


def _in_line(plain: str) -> list[_Found]:
    taken = [*_ranges(plain), *_habits(plain)]
    for each in taken:
        plain = plain[: each.start] + " " * (each.end - each.start) + plain[each.end :]
    return sorted((*taken, *_matches(plain)), key=lambda each: each.start)


def spell_out(plain: str) -> tuple[Reading, ...]:
    """The numbers of a range such as ``640 3231-33``; none when it is no range."""
    ends = range_of(plain)
    if ends is None:
        return ()
    first, last = ends
    plus = "+" if first.startswith("+") else ""
    low, high = int(first.removeprefix("+")), int(last.removeprefix("+"))
    return tuple(read(f"{plus}{n}") for n in range(low, min(high, low + RANGE_AT_MOST - 1) + 1))


def _ranges(plain: str) -> list[_Found]:
    found = (
        _Found(match.start(), match.end(), spell_out(match.group()))
        for match in _RANGE.finditer(plain)
    )
    return [each for each in found if each.readings]


def _habits(plain: str) -> list[_Found]:
    readings = ((match, read(match.group())) for match in _HABIT.finditer(plain))
    return [
        _Found(match.start(), match.end(), (reading,))
        for match, reading in readings
        if reading.assumed and reading.key.startswith(_HABITS_LAND)
    ]


def _matches(plain: str) -> list[_Found]:
    matcher = PhoneNumberMatcher(plain, numbers.HOME_REGION, Leniency.VALID)
    readings = (
        (match, read(match.raw_string))
        for match in matcher
        # A code that switches the phone's services, such as *21*51234567#, is no number to call.
        if not _CODES & {*plain[: match.start][-1:], *plain[match.end :][:1]}
    )
    return [
        _Found(match.start, match.end, (reading,))
        for match, reading in readings
        if reading.key and reading.problem is Problem.NONE
    ]
