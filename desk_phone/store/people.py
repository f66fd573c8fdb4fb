"""Whom the calls were with: one row a number, with the latest name and what a search looks through.

Words are kept with a space before each, so that a word's beginning is found by ``" " + text``.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from desk_phone.model.calls import NameSource
from desk_phone.model.folding import fold, layouts, sound, t9
from desk_phone.model.moment import moment
from desk_phone.model.numbers import HOME_CODE, is_home

_SELECT = "SELECT other, name, name_source, last"
_COUNTED = "SELECT other, calls"
_NUMBER = re.compile(r"\+?[0-9\s()./-]*[0-9][0-9\s()./-]*")
_SOUGHT_AT_MOST, _TERMS_AT_MOST = 128, 8
_LONG_ENOUGH = 3  # letters before another keyboard layout or the keys of a phone are tried


@dataclass(frozen=True, slots=True)
class Person:
    """``other`` is canonical; the name is the latest known; ``last`` is the last call's start."""

    other: str
    name: str
    name_source: NameSource
    last: datetime


class People:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def refresh(self, others: Iterable[str]) -> None:
        """Bring the rows of these numbers up to date; belongs to the caller's transaction."""
        wanted = sorted(other for other in others if other)
        names: dict[str, list[tuple[int, int, str, str]]] = {other: [] for other in wanted}
        for other, name, source, last, calls in self._db.execute(
            "SELECT other, name, name_source, max(start), count(*) FROM calls"
            " WHERE other IN (SELECT value FROM json_each(?)) AND hidden = 0"
            " GROUP BY other, name, name_source",
            (json.dumps(wanted),),
        ):
            names[other].append((last, calls, name, source))
        gone = [(other,) for other, known in names.items() if not known]
        self._db.executemany("DELETE FROM people WHERE other = ?", gone)
        self._db.executemany(
            "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_values(other, known) for other, known in names.items() if known),
        )

    def named(self, other: str) -> tuple[str, NameSource]:
        found = self._db.execute(
            "SELECT name, name_source FROM people WHERE other = ?", (other,)
        ).fetchone()
        return (found[0], NameSource(found[1])) if found else ("", NameSource.NONE)

    def find(self, text: str, limit: int) -> list[Person]:
        """Who may be meant, the likeliest first, then the last; no text: the last."""
        if not text.strip():
            found = self._db.execute(_SELECT + " FROM people ORDER BY last DESC LIMIT ?", (limit,))
            return [_person(row) for row in found]
        way, values = _best_way(ways(text))
        found = self._db.execute(
            _SELECT + ", " + way + " AS way FROM people WHERE way ORDER BY way, last DESC LIMIT ?",
            (*values, limit),
        )
        return [_person(row) for row in found]

    def matching(self, text: str) -> tuple[list[str], int]:
        """All numbers that may be meant, and how many calls they have together."""
        way, values = _best_way(ways(text, with_keys=False))
        found = self._db.execute(
            _COUNTED + ", " + way + " AS way FROM people WHERE way", values
        ).fetchall()
        return [other for other, _, _ in found], sum(calls for _, calls, _ in found)


@dataclass(frozen=True, slots=True)
class Way:
    """One way a text may be meant: a condition on people."""

    condition: str
    values: tuple[str, ...]


def ways(text: str, with_keys: bool = True) -> Iterator[Way]:
    """The likeliest first. ``with_keys``: digits may also be a name on the keys of a phone."""
    text = text.strip()[:_SOUGHT_AT_MOST]
    digits = _digits(text)
    terms = fold(text).split()[:_TERMS_AT_MOST]
    if digits:
        yield Way("instr(digits, ?)", (f" {digits}",))
    if terms:
        yield _words("folded", terms)
        if all(len(sound(term)) > 1 for term in terms):
            yield _words("sounded", [sound(term) for term in terms])
        yield _inside(terms, numbers_too=not digits)
    if digits:
        yield Way("instr(digits, ?)", (digits,))
    if len(text) >= _LONG_ENOUGH and not digits:
        for other in layouts(text):
            if terms := fold(other).split()[:_TERMS_AT_MOST]:
                yield _words("folded", terms)
    if len(digits) >= _LONG_ENOUGH and with_keys:
        yield Way("instr(keyed, ?)", (f" {digits}",))


def _digits(text: str) -> str:
    """What is sought among numbers: ``372640`` of ``+372 640``; empty if the text is no number."""
    if not _NUMBER.fullmatch(text):
        return ""
    return re.sub(r"[^0-9]", "", text).removeprefix("00")


def _words(column: str, terms: list[str]) -> Way:
    """Every term begins a word."""
    condition = " AND ".join([f"instr({column}, ?)"] * len(terms))
    return Way(condition, tuple(f" {term}" for term in terms))


def _inside(terms: list[str], numbers_too: bool) -> Way:
    """Every term is anywhere in the name, or in the number."""
    if not numbers_too:
        return Way(" AND ".join(["instr(folded, ?)"] * len(terms)), tuple(terms))
    either = "(instr(folded, ?) OR instr(digits, ?))"
    return Way(
        " AND ".join([either] * len(terms)), tuple(t for term in terms for t in (term, term))
    )


def _best_way(found: Iterable[Way]) -> tuple[str, list[str]]:
    """As an expression: the place of the first way that fits, NULL for none."""
    every = list(found)
    values = [value for way in every for value in way.values]
    cases = " ".join(f"WHEN {way.condition} THEN {n}" for n, way in enumerate(every, 1))
    return (f"CASE {cases} END" if cases else "NULL"), values


def _values(other: str, known: list[tuple[int, int, str, str]]) -> tuple[object, ...]:
    """``known`` are (last start, calls, name, its source), one for each name."""
    named = max((k for k in known if k[2]), default=(0, 0, "", str(NameSource.NONE)))
    folded = [fold(name) for _, _, name, _ in known if name]
    digits = other.removeprefix("+")
    home = " " + digits.removeprefix(HOME_CODE) if is_home(other) else ""
    return (
        other,
        *named[2:],
        max(last for last, _, _, _ in known),
        sum(calls for _, calls, _, _ in known),
        "".join(f" {one}" for one in folded),
        "".join(f" {sound(one)}" for one in folded),
        "".join(f" {t9(one)}" for one in folded),
        f" {digits}{home}",
    )


def _person(row: tuple[str, str, str, int]) -> Person:
    return Person(row[0], row[1], NameSource(row[2]), moment(row[3]))
