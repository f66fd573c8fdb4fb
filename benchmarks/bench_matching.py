"""How often a notice is given to the wrong call: 20,000 groups of repeated calls, with losses.

A group is one caller who rings two to six times, 8 to 120 s apart. A tenth of the notices and of
the records is lost. A notice comes up to a second before its record's start and up to two after it,
as far as the clocks agree; how far they do not is learnt from calls that stand alone. Beside it,
what is obvious: the nearest first, and a window of a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from time import process_time

from benchmarks.report import end, heading, limit, line
from desk_phone.model.matching import SECOND, WIDE, Mark, Window, learn, pairs

GROUPS = 20_000
LOST = 0.1
TARGET, UNLEARNT = 0.05, 1.0  # per cent
BIASES = (0, 4, -7)  # seconds the notices' clock is ahead
JITTER = (-1, 2)  # seconds
_MINUTE = Window(60 * SECOND, 60 * SECOND)

Pairing = Callable[[Sequence[Mark], Sequence[Mark], Window], dict[int, int]]


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of a group: moments, each with the number of the true call."""

    starts: Sequence[tuple[int, int]]
    seen: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs that were made, those of two calls, and those that could have been and were not."""

    made: int
    wrong: int
    missing: int
    seconds: float

    @property
    def wrong_percent(self) -> float:
        return 100 * self.wrong / self.made

    def __str__(self) -> str:
        missing = 100 * self.missing / (self.made - self.wrong + self.missing)
        each = self.seconds / GROUPS * 1e6
        return f"{self.wrong_percent:.3f} % wrong, {missing:.3f} % missing, {each:.3g} us a group"


def main() -> None:
    heading(f"Matching notices to records, {GROUPS:,} groups of repeated calls")
    held = [_compare(f"clocks {bias:+} s", bias, JITTER, TARGET) for bias in BIASES]
    _compare("notices within 5 s", 0, (-5, 5))
    groups = _groups(0, JITTER)
    unlearnt = _score(groups, learn([]), pairs)
    line("before the clocks are learnt", str(unlearnt))
    held.append(limit("the same: wrong pairs", unlearnt.wrong_percent, UNLEARNT, "%"))
    end(held)


def _compare(name: str, bias: int, jitter: tuple[int, int], target: float = 100) -> bool:
    groups, window = _groups(bias, jitter), learn(_alone(Random(bias), bias, jitter))
    wide = replace(window, early=WIDE, late=WIDE)
    ours = _score(groups, window, pairs)
    line(f"{name}: nearest first, 20 s", str(_score(groups, wide, nearest_first)))
    line(f"{name}: nearest first, our window", str(_score(groups, window, nearest_first)))
    line(f"{name}: in order, a minute", str(_score(groups, _MINUTE, pairs)))
    line(f"{name}: ours", str(ours))
    return target == 100 or limit(f"{name}: wrong pairs", ours.wrong_percent, target, "%")


def _groups(bias: int, jitter: tuple[int, int]) -> list[Reported]:
    return [_group(Random(n), bias, jitter) for n in range(GROUPS)]


def _group(chance: Random, bias: int, jitter: tuple[int, int]) -> Reported:
    at, starts, seen = 0.0, [], []
    for call in range(chance.randint(2, 6)):
        at += chance.uniform(8, 120)
        if chance.random() > LOST:
            starts.append((round(at) * SECOND, call))
        if chance.random() > LOST:
            seen.append((_seen(chance, at + bias, jitter), call))
    return Reported(starts, sorted(seen))


def _seen(chance: Random, at: float, jitter: tuple[int, int]) -> int:
    """Whole seconds, as a notice says them."""
    return round(at + chance.uniform(*jitter)) * SECOND


def _alone(chance: Random, bias: int, jitter: tuple[int, int]) -> list[int]:
    """The distances of twenty calls that stood alone, one of them far off."""
    found = [_seen(chance, bias, jitter) for _ in range(19)]
    return [*found, found[0] + 15 * SECOND]


def _score(groups: Sequence[Reported], window: Window, pairing: Pairing) -> Score:
    made = wrong = missing = 0
    begun = process_time()
    for group in groups:
        starts = [Mark(at) for at, _ in group.starts]
        seen = [Mark(at) for at, _ in group.seen]
        found = pairing(starts, seen, window)
        right = sum(group.starts[s][1] == group.seen[m][1] for m, s in found.items())
        both = {call for _, call in group.starts} & {call for _, call in group.seen}
        made, wrong = made + len(found), wrong + len(found) - right
        missing += len(both) - right
    return Score(made, wrong, missing, process_time() - begun)


def nearest_first(starts: Sequence[Mark], marks: Sequence[Mark], window: Window) -> dict[int, int]:
    """The closest two are a pair, then the closest of the rest."""
    apart = sorted(
        (distance, m, s)
        for s, start in enumerate(starts)
        for m, mark in enumerate(marks)
        if (distance := window.distance(start, mark)) is not None
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, m, s in apart:
        if m not in found and s not in taken:
            found[m] = s
            taken.add(s)
    return found


if __name__ == "__main__":
    main()
