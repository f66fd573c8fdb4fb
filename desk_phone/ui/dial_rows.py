"""What the dial palette offers for a text: people called before, and the numbers in it. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from desk_phone.app import dial
from desk_phone.i18n import tr
from desk_phone.model.dialing import Source, Verdict
from desk_phone.model.finding import READ_AT_MOST, find
from desk_phone.model.reading import Problem, Reading, normalise, read
from desk_phone.store.calls import CallLedger, Person
from desk_phone.ui import words

PEOPLE_AT_MOST = 50


class RowKind(StrEnum):
    PERSON = "person"
    NUMBER = "number"  # typed, or found in the text
    PROBLEM = "problem"  # cannot be dialled; says why


@dataclass(frozen=True, slots=True)
class DialRow:
    """``key`` is the canonical number, empty for a problem; ``source`` says where it comes from."""

    kind: RowKind
    title: str
    detail: str
    source: str = ""
    key: str = ""
    name: str = ""
    text: str = ""  # as typed, for numbers that are read again when dialled

    @property
    def sentence(self) -> str:
        """The row as a screen reader speaks it."""
        return ", ".join(part for part in (self.title, self.detail, self.source) if part)


def rows_for(
    text: str, ledger: CallLedger, own: str, colleagues: AbstractSet[str]
) -> list[DialRow]:
    """Numbers in the text first, then the people it may mean; the last people for no text."""
    wanted = normalise(text[:READ_AT_MOST])
    numbers = _number_rows(wanted, ledger, own, colleagues)
    keys = {row.key for row in numbers}
    people = [
        _person_row(person, colleagues)
        for person in ledger.people(wanted, PEOPLE_AT_MOST)
        if person.other not in keys and (person.last is not None or person.other != own)
    ]
    return numbers + people + _problem_rows(wanted, bool(numbers))


def _number_rows(
    wanted: str, ledger: CallLedger, own: str, colleagues: AbstractSet[str]
) -> list[DialRow]:
    return [
        _number_row(reading, dial.plan(reading.text, Source.WINDOW, own, ledger, colleagues))
        for reading in find(wanted)
    ]


def _number_row(reading: Reading, plan: dial.Plan) -> DialRow:
    if plan.decision.verdict is Verdict.REFUSE:
        trouble = dial.refusal(plan)
        return DialRow(RowKind.PROBLEM, trouble.title, trouble.message)
    sort = tr("Colleague") if plan.decision.colleague else words.kind(reading)
    guess = tr("country code added") if reading.assumed else ""
    name = words.plain(plan.name)
    return DialRow(
        RowKind.NUMBER,
        tr("Call %(number)s") % {"number": words.number(reading.key)},
        " · ".join(part for part in (name, sort, guess) if part),
        key=reading.key,
        name=name,
        text=reading.text,
    )


def _person_row(person: Person, colleagues: AbstractSet[str]) -> DialRow:
    name = words.plain(person.name)
    shown = words.number(person.other)
    sort = tr("Colleague") if person.other in colleagues else words.kind_of(person.other)
    return DialRow(
        RowKind.PERSON,
        name or shown,
        " · ".join(part for part in (shown if name else "", sort) if part),
        words.source(person.name_source) if name else _from(person),
        person.other,
        name,
    )


def _from(person: Person) -> str:
    """Where a number without a name comes from."""
    return tr("company line") if person.last is None else tr("from your calls")


def _problem_rows(wanted: str, found: bool) -> list[DialRow]:
    """Why a text that looks like a number is none; a text with letters is somebody's name."""
    reading = read(wanted)
    silent = (Problem.NONE, Problem.EMPTY, Problem.LETTERS)
    if found or reading.problem in silent:
        return []
    shown = words.plain(wanted, 40)
    title = tr("%(text)s cannot be called") % {"text": shown}
    return [DialRow(RowKind.PROBLEM, title, words.problem(reading))]
