"""What the dial palette offers for a text: the numbers in it, and whom it may mean. Pure."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk_phone.app import dial
from desk_phone.app.directory import Directory, Listed, Origin
from desk_phone.i18n import tr
from desk_phone.model.calls import NameSource
from desk_phone.model.dialing import Source, Verdict
from desk_phone.model.finding import READ_AT_MOST, find
from desk_phone.model.reading import Problem, Reading, normalise, read
from desk_phone.store.calls import CallLedger
from desk_phone.ui import words

_LABEL_AT_MOST = 24  # characters of what a person calls a source


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


@dataclass(frozen=True, slots=True)
class Finder:
    """What a row is made from. ``own`` is the own line, ``colleagues`` the company's numbers."""

    ledger: CallLedger
    directory: Directory
    own: str
    colleagues: AbstractSet[str]
    now: datetime

    def rows(self, text: str) -> list[DialRow]:
        """Numbers in the text first, then whom it may mean; the last people for no text.

        What was pasted keeps its lines for the numbers, for each may hold one; a name is one line.
        """
        text = text[:READ_AT_MOST]
        wanted = normalise(text)
        numbers = [self._number_row(reading) for reading in find(text)]
        keys = {row.key for row in numbers}
        people = [
            self._person_row(listed)
            for listed in self.directory.search(wanted)
            if listed.number not in keys and (listed.last is not None or listed.number != self.own)
        ]
        return numbers + people + _problem_rows(wanted, bool(numbers))

    def _number_row(self, reading: Reading) -> DialRow:
        plan = dial.plan(reading.text, Source.WINDOW, self.own, self.ledger, self.colleagues)
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

    def _person_row(self, listed: Listed) -> DialRow:
        name = words.plain(listed.name)
        shown = words.number(listed.number)
        told = (
            shown if name else "",
            tr("Colleague") if listed.number in self.colleagues else words.kind_of(listed.number),
            words.plain(listed.company),
            self._last_call(listed.last),
        )
        return DialRow(
            RowKind.PERSON,
            name or shown,
            " · ".join(part for part in told if part),
            _from(listed),
            listed.number,
            name,
        )

    def _last_call(self, at: datetime | None) -> str:
        if at is None:
            return ""
        return tr("last call %(when)s") % {"when": words.since(at, self.now)}


def _from(listed: Listed) -> str:
    """Where a result comes from."""
    match listed.origin:
        case Origin.PHONEBOOK:
            return tr("phonebook")
        case Origin.COMPANY:
            return tr("company line")
        case Origin.ELSEWHERE:
            return words.source(NameSource.ELSEWHERE, words.plain(listed.label, _LABEL_AT_MOST))
    return tr("your calls")


def _problem_rows(wanted: str, found: bool) -> list[DialRow]:
    """Why a text that looks like a number is none; a text with letters is somebody's name."""
    reading = read(wanted)
    silent = (Problem.NONE, Problem.EMPTY, Problem.LETTERS)
    if found or reading.problem in silent:
        return []
    shown = words.plain(wanted, 40)
    title = tr("%(text)s cannot be called") % {"text": shown}
    return [DialRow(RowKind.PROBLEM, title, words.problem(reading))]
