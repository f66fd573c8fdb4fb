"""What the preview of an import says of each row, and what became of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import overload

from desk_phone.i18n import ntr, tr
from desk_phone.transfer.applying import Became, Outcome
from desk_phone.transfer.planning import Planned, Verdict
from desk_phone.ui import phonebook_words, words
from desk_phone.ui.listing import Line

_LOOKS = {
    Verdict.ADD: ("user-plus", "good"),
    Verdict.CHANGE: ("square-pen", "accent"),
    Verdict.SAME: ("check", "muted"),
    Verdict.ASK: ("circle-help", "warn"),
    Verdict.ERROR: ("circle-alert", "bad"),
}
_BECAME_LOOKS = {
    Became.ADDED: ("check", "good"),
    Became.CHANGED: ("check", "good"),
    Became.SAME: ("check", "muted"),
    Became.UNDECIDED: ("circle-help", "warn"),
    Became.ERROR: ("circle-alert", "bad"),
    Became.REFUSED: ("circle-alert", "bad"),
    Became.NOT_DONE: ("circle-pause", "warn"),
}


def verdict_word(verdict: Verdict) -> str:
    said = {
        Verdict.ADD: tr("Add"),
        Verdict.CHANGE: tr("Change"),
        Verdict.SAME: tr("Same"),
        Verdict.ASK: tr("Left out"),
        Verdict.ERROR: tr("Error"),
    }
    return said[verdict]


def became_word(became: Became) -> str:
    said = {
        Became.ADDED: tr("Added"),
        Became.CHANGED: tr("Changed"),
        Became.SAME: tr("Same"),
        Became.UNDECIDED: tr("Left out"),
        Became.ERROR: tr("Error"),
        Became.REFUSED: tr("Refused"),
        Became.NOT_DONE: tr("Not done"),
    }
    return said[became]


class PlannedLines(Sequence[Line]):
    """Lines of a preview, each made when it is looked at."""

    def __init__(self, planned: Sequence[Planned]) -> None:
        self._planned = planned

    def __len__(self) -> int:
        return len(self._planned)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, slice):
            return PlannedLines(self._planned[at])
        planned = self._planned[at]
        icon, colour = _LOOKS[planned.verdict]
        return Line(
            at, (verdict_word(planned.verdict), *_cells(planned, planned.words)), icon, colour
        )


class OutcomeLines(Sequence[Line]):
    """The same of what became of the rows."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._outcomes = outcomes

    def __len__(self) -> int:
        return len(self._outcomes)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, slice):
            return OutcomeLines(self._outcomes[at])
        outcome = self._outcomes[at]
        icon, colour = _BECAME_LOOKS[outcome.became]
        said = (became_word(outcome.became), *_cells(outcome.planned, outcome.words))
        return Line(at, said, icon, colour)


def summary(planned: Sequence[Planned]) -> str:
    """``12 to add, 3 to change, 40 the same, 1 error``"""
    counts = Counter(one.verdict for one in planned)
    said = [
        ntr("%(n)d to add", "%(n)d to add", counts[Verdict.ADD]),
        ntr("%(n)d to change", "%(n)d to change", counts[Verdict.CHANGE]),
        ntr("%(n)d the same", "%(n)d the same", counts[Verdict.SAME]),
    ]
    if counts[Verdict.ASK]:
        said.append(
            ntr("%(n)d with too many numbers", "%(n)d with too many numbers", counts[Verdict.ASK])
        )
    if counts[Verdict.ERROR]:
        said.append(ntr("%(n)d error", "%(n)d errors", counts[Verdict.ERROR]))
    return ", ".join(said)


def result(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(one.became for one in outcomes)
    said = [
        ntr("%(n)d added", "%(n)d added", counts[Became.ADDED]),
        ntr("%(n)d changed", "%(n)d changed", counts[Became.CHANGED]),
    ]
    bad = counts[Became.ERROR] + counts[Became.REFUSED] + counts[Became.UNDECIDED]
    if bad:
        said.append(ntr("%(n)d not imported", "%(n)d not imported", bad))
    if counts[Became.NOT_DONE]:
        said.append(ntr("%(n)d not done yet", "%(n)d not done yet", counts[Became.NOT_DONE]))
    return ", ".join(said)


def _cells(planned: Planned, said: str) -> tuple[str, ...]:
    name = words.plain(planned.name or planned.row.name)
    left = [words.number(key) for key in planned.left]
    numbers = ", ".join(filter(None, (phonebook_words.numbers_of(planned.content), *left)))
    if not numbers:
        numbers = words.plain(", ".join(planned.row.numbers))
    return str(planned.row.line), name, numbers, words.plain(said)
