"""What the preview of an import says of each row, and what became of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from desk_phone.i18n import ntr, ptr, tr
from desk_phone.transfer.applying import Became, Outcome
from desk_phone.transfer.planning import Planned, Verdict
from desk_phone.ui import words
from desk_phone.ui.listing import Line, MadeLines
from desk_phone.ui.phonebook import words as phonebook_words

_LOOKS = {
    Verdict.ADD: ("user-plus", "good"),
    Verdict.CHANGE: ("square-pen", "accent"),
    Verdict.SAME: ("check", "muted"),
    Verdict.ASK: ("circle-help", "warn"),
    Verdict.ERROR: ("circle-alert", "bad"),
}
_VERDICTS = (Verdict.ADD, Verdict.CHANGE, Verdict.SAME, Verdict.ASK, Verdict.ERROR)
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
        Became.NOT_DONE: ptr("row", "Not done"),
    }
    return said[became]


def results() -> tuple[str, ...]:
    """Whatever may be said of a row in a word."""
    return (*map(verdict_word, Verdict), *map(became_word, Became))


def planned_lines(planned: Sequence[Planned]) -> Sequence[Line]:
    """What each row of a file would do."""
    return MadeLines(planned, _planned_line)


def outcome_lines(outcomes: Sequence[Outcome]) -> Sequence[Line]:
    """What became of each row."""
    return MadeLines(outcomes, _outcome_line)


def summary(planned: Sequence[Planned]) -> str:
    """``12 to add, 3 to change, 40 the same, 1 error``"""
    counts = Counter(one.verdict for one in planned)
    add, change, same, ask, error = (counts[verdict] for verdict in _VERDICTS)
    said = (
        (add, ntr("%(n)d to add", "%(n)d to add", add)),
        (change, ntr("%(n)d to change", "%(n)d to change", change)),
        (same, ntr("%(n)d the same", "%(n)d the same", same)),
        (ask, ntr("%(n)d with too many numbers", "%(n)d with too many numbers", ask)),
        (error, ntr("%(n)d error", "%(n)d errors", error)),
    )
    return ", ".join(text for count, text in said if count) or tr("There is no row in it.")


def result(outcomes: Sequence[Outcome]) -> str:
    """``12 added, 3 changed, 1 not imported``"""
    counts = Counter(one.became for one in outcomes)
    added, changed, left = (counts[b] for b in (Became.ADDED, Became.CHANGED, Became.NOT_DONE))
    bad = counts[Became.ERROR] + counts[Became.REFUSED] + counts[Became.UNDECIDED]
    said = (
        (added, ntr("%(n)d added", "%(n)d added", added)),
        (changed, ntr("%(n)d changed", "%(n)d changed", changed)),
        (bad, ntr("%(n)d not imported", "%(n)d not imported", bad)),
        (left, ntr("%(n)d not done yet", "%(n)d not done yet", left)),
    )
    return ", ".join(text for count, text in said if count) or tr("Nothing was imported.")


def counted(words: Iterable[StrEnum]) -> str:
    """How often each came, for the log: ``add 12, error 1``."""
    return ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items()))


def _planned_line(at: int, planned: Planned) -> Line:
    icon, colour = _LOOKS[planned.verdict]
    cells = (verdict_word(planned.verdict), *_cells(planned, planned.words))
    return Line(at, cells, icon, colour)


def _outcome_line(at: int, outcome: Outcome) -> Line:
    icon, colour = _BECAME_LOOKS[outcome.became]
    cells = (became_word(outcome.became), *_cells(outcome.planned, outcome.words))
    return Line(at, cells, icon, colour)


def _cells(planned: Planned, said: str) -> tuple[str, ...]:
    """The numbers are those that the entry gets; all of the row where it gets none."""
    name = words.plain(planned.name or planned.row.name)
    asks = planned.verdict is Verdict.ASK
    numbers = ", ".join(map(words.number, planned.many)) if asks else ""
    numbers = numbers or phonebook_words.numbers_of(planned.content)
    if not numbers:
        numbers = words.plain(", ".join(planned.row.numbers))
    return str(planned.row.line), name, numbers, words.plain(said)
