"""Whom the calls were with, and whom the phonebook and the company know: one row a number, with its
name and what a search looks through.

Words are kept with a space before each, so that a word's beginning is found by ``" " + text``.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desk_phone.model.calls import Call, NameSource
from desk_phone.model.folding import fold, layouts, sound, t9
from desk_phone.model.moment import moment
from desk_phone.model.numbers import HOME_CODE, is_home
from desk_phone.store.naming import NOBODY, Named, Naming, Shown
from desk_phone.store.rows import call_from

_SELECT = "SELECT other, name, name_source, last, name_label"
_COUNTED = "SELECT other, calls"
_NUMBER = re.compile(r"\+?[0-9\s()./-]*[0-9][0-9\s()./-]*")
_NOT_DIGIT = re.compile("[^0-9]")
_SOUGHT_AT_MOST, _TERMS_AT_MOST = 128, 8
# Which the calls do not say.
_OURS = tuple(map(str, (NameSource.PHONEBOOK, NameSource.ELSEWHERE, NameSource.COMPANY)))
_NEVER = -1  # in the place of the last call's start
_LONG_ENOUGH = 3  # letters before another keyboard layout or the keys of a phone are tried


@dataclass(frozen=True, slots=True)
class Person:
    """``other`` is canonical; the name is the phonebook's, else the latest known; ``last`` is the
    last call's start, None where there was no call yet. ``name_label`` as in `Call`."""

    other: str
    name: str
    name_source: NameSource
    last: datetime | None
    name_label: str = ""


class People:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._naming = Naming(db)

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
        named = self._naming.of(wanted)
        known = {o: calls for o, calls in names.items() if calls or named.get(o, NOBODY).is_ours}
        gone = [(other,) for other in names if other not in known]
        self._db.executemany("DELETE FROM people WHERE other = ?", gone)
        self._db.executemany(
            "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_values(other, calls, named.get(other, NOBODY)) for other, calls in known.items()),
        )

    def calls(self, rows: Sequence[Sequence[Any]]) -> list[Call]:
        """Of the values of `rows.SELECT`, with the names of now in place of those stored."""
        names = self._names_now(row[2] for row in rows)
        if not names:
            return [call_from(row) for row in rows]
        return [call_from(row, _now(names.get(row[2]), row[10])) for row in rows]

    def calling(self, calls: Sequence[Call]) -> list[Call]:
        """The same calls, with the names of now in place of the records' own."""
        names = self._names_now(call.other for call in calls)
        return [_called(call, _now(names.get(call.other), call.name)) for call in calls]

    def _names_now(self, others: Iterable[str]) -> dict[str, Shown]:
        """Names that the calls do not say, of those numbers that have one."""
        found = self._db.execute(
            "SELECT other, name, name_source, name_label FROM people WHERE name_source IN (?, ?, ?)"
            " AND other IN (SELECT value FROM json_each(?))",
            (*_OURS, json.dumps(list({other for other in others if other}))),
        )
        return {o: Shown(name, NameSource(source), label) for o, name, source, label in found}

    def named(self, other: str) -> Shown:
        """Others' contacts are asked for a number that has no row here before it calls."""
        found = self._db.execute(
            "SELECT name, name_source, name_label FROM people WHERE other = ?", (other,)
        ).fetchone()
        if found:
            return Shown(found[0], NameSource(found[1]), found[2])
        return self._naming.of([other]).get(other, NOBODY).shown()

    def find(self, text: str, limit: int) -> list[Person]:
        """Who may be meant, the likeliest first, then the last; no text: the last."""
        if not text.strip():
            found = self._db.execute(
                _SELECT + " FROM people WHERE calls > 0 ORDER BY last DESC LIMIT ?", (limit,)
            )
            return [_person(row) for row in found]
        way, values = _best_way(ways(text))
        found = self._db.execute(
            _SELECT + ", " + way + " AS way FROM people WHERE way"
            " ORDER BY way, last DESC, folded LIMIT ?",
            (*values, limit),
        )
        return [_person(row) for row in found]

    def matching(self, text: str, by_name: bool) -> list[str]:
        """All numbers with calls that may be meant; not ``by_name``: only by their digits."""
        way, values = _best_way(ways(text, with_keys=False) if by_name else digit_ways(text))
        found = self._db.execute(
            _COUNTED + ", " + way + " AS way FROM people WHERE calls > 0 AND way", values
        )
        return [other for other, _, _ in found]

    def count_calls(self, others: Iterable[str]) -> int:
        """How many calls these numbers have together."""
        (count,) = self._db.execute(
            "SELECT total(calls) FROM people WHERE other IN (SELECT value FROM json_each(?))",
            (json.dumps(list(others)),),
        ).fetchone()
        return int(count)


@dataclass(frozen=True, slots=True)
class Way:
    """One way a text may be meant: a condition on people."""

    condition: str
    values: tuple[str, ...]


def ways(text: str, with_keys: bool = True) -> Iterator[Way]:
    """The likeliest first. ``with_keys``: digits may also be a name on the keys of a phone."""
    text = text.strip()[:_SOUGHT_AT_MOST]
    digits = _NOT_DIGIT.sub("", text) if _NUMBER.fullmatch(text) else ""
    terms = fold(text).split()[:_TERMS_AT_MOST]
    if digits:
        yield from _number_begins(text, digits)
    if terms:
        yield _words("folded", terms)
        if all(len(sound(term)) > 1 for term in terms):
            yield _words("sounded", [sound(term) for term in terms])
        yield _inside(terms, numbers_too=not digits)
    if digits and not text.startswith("+"):
        yield Way("instr(digits, ?)", (digits,))
    if len(text) >= _LONG_ENOUGH and not digits:
        for other in layouts(text):
            if terms := fold(other).split()[:_TERMS_AT_MOST]:
                yield _words("folded", terms)
    if len(digits) >= _LONG_ENOUGH and with_keys:
        yield Way("instr(keyed, ?)", (f" {digits}",))


def digit_ways(text: str) -> Iterator[Way]:
    """Only where ``text`` is part of a number."""
    text = text.strip()[:_SOUGHT_AT_MOST]
    if _NUMBER.fullmatch(text):
        digits = _NOT_DIGIT.sub("", text)
        yield from _number_begins(text, digits)
        if not text.startswith("+"):
            yield Way("instr(digits, ?)", (digits,))


def _number_begins(text: str, digits: str) -> Iterator[Way]:
    """With its country's code or without; ``+`` and ``00`` leave no choice."""
    if text.startswith("+"):
        yield Way("instr(digits, ?) = 1", (f" {digits}",))
        return
    if digits.startswith("00") and len(digits) > 2:
        yield Way("instr(digits, ?) = 1", (f" {digits[2:]}",))
    yield Way("instr(digits, ?)", (f" {digits}",))


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


def _values(other: str, known: list[tuple[int, int, str, str]], named: Named) -> tuple[object, ...]:
    """``known`` are (last start, calls, name, its source), one for each name of the calls."""
    latest = max((k for k in known if k[2]), default=(0, 0, "", str(NameSource.NONE)))
    spelt = (*(name for _, _, name, _ in known), *named.spellings, named.line)
    folded = list(dict.fromkeys(fold(name) for name in spelt if name))
    digits = other.removeprefix("+")
    home = " " + digits.removeprefix(HOME_CODE) if is_home(other) else ""
    shown = named.shown(latest[2], NameSource(latest[3]))
    return (
        other,
        shown.name,
        str(shown.source),
        max((last for last, _, _, _ in known), default=_NEVER),
        sum(calls for _, calls, _, _ in known),
        "".join(f" {one}" for one in folded),
        "".join(f" {sound(one)}" for one in folded),
        "".join(f" {t9(one)}" for one in folded),
        f" {digits}{home}",
        shown.label,
    )


def _now(named: Shown | None, name: str) -> Shown | None:
    """What takes the place of ``name``: the phonebook's always, a line's display name last."""
    return None if named is not None and name and named.source is NameSource.COMPANY else named


def _called(call: Call, named: Shown | None) -> Call:
    if named is None:
        return call
    return replace(call, name=named.name, name_source=named.source, name_label=named.label)


def _person(row: tuple[str, str, str, int, str]) -> Person:
    last = None if row[3] == _NEVER else moment(row[3])
    return Person(row[0], row[1], NameSource(row[2]), last, row[4])
