"""Doing what a dry run planned, a few rows at a time, and telling what became of each."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO

from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.transfer.cells import harmless
from desk_phone.transfer.planning import Planned, Verdict
from desk_phone.transfer.writing import DELIMITER

_TO_DO = (Verdict.ADD, Verdict.CHANGE)


class Became(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    UNDECIDED = "undecided"  # more than two numbers, and nobody said what to do
    ERROR = "error"
    REFUSED = "refused"  # the phonebook did not take it
    NOT_DONE = "not done"  # stopped before


@dataclass(frozen=True, slots=True)
class Outcome:
    planned: Planned
    became: Became
    words: str = ""


class Import:
    """An import under way. Stopping is not calling `step` any more, going on is calling it again.

    To go on after a restart, plan anew: what was done before is then the same. The rest is judged
    by what the phonebook says now, so a person must see the plan again.
    """

    def __init__(self, planned: Sequence[Planned], put: Callable[[Planned], object]) -> None:
        """``put`` makes one planned addition or change in the phonebook, or raises `PhoneError`."""
        self._planned = planned
        self._put = put
        self._outcomes: list[Outcome] = []

    @property
    def done(self) -> int:
        """Rows that are behind us, of `total`."""
        return len(self._outcomes)

    @property
    def total(self) -> int:
        return len(self._planned)

    def step(self, at_most: int = 20) -> bool:
        """Make up to ``at_most`` additions and changes; whether rows are left.

        A bug in ``put`` leaves the row undone, so that the next step begins with it.
        """
        made = 0
        while self.done < self.total and made < at_most:
            planned = self._planned[self.done]
            made += planned.verdict in _TO_DO
            self._outcomes.append(self._do(planned))
        return self.done < self.total

    def outcomes(self) -> tuple[Outcome, ...]:
        """Of every row; those that were not reached are not done."""
        rest = (
            Outcome(planned, Became.NOT_DONE if planned.verdict in _TO_DO else _idle(planned))
            for planned in self._planned[self.done :]
        )
        return (*self._outcomes, *rest)

    def _do(self, planned: Planned) -> Outcome:
        if planned.verdict not in _TO_DO:
            return Outcome(planned, _idle(planned), planned.words)
        try:
            self._put(planned)
        except PhoneError as trouble:
            return Outcome(planned, Became.REFUSED, str(trouble).replace("\n", ". "))
        added = planned.verdict is Verdict.ADD
        return Outcome(planned, Became.ADDED if added else Became.CHANGED, planned.words)


def _idle(planned: Planned) -> Became:
    return {
        Verdict.SAME: Became.SAME,
        Verdict.ASK: Became.UNDECIDED,
    }.get(planned.verdict, Became.ERROR)


def write_results(outcomes: Iterable[Outcome], out: TextIO) -> None:
    """A sheet of what became of each row; ``out`` as for `writing.write_csv`."""
    words = {
        Became.ADDED: tr("added"),
        Became.CHANGED: tr("changed"),
        Became.SAME: tr("already there"),
        Became.UNDECIDED: tr("not imported: too many numbers"),
        Became.ERROR: tr("not imported: error"),
        Became.REFUSED: tr("not imported: refused"),
        Became.NOT_DONE: tr("not imported: stopped before"),
    }
    writer = csv.writer(out, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerow([tr("Line"), tr("Name"), tr("Numbers"), tr("Result"), tr("Remark")])
    for outcome in outcomes:
        row = outcome.planned.row
        cells = (row.name, ", ".join(row.numbers), words[outcome.became], outcome.words)
        writer.writerow([row.line, *map(harmless, cells)])
