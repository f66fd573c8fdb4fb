"""Which notice or dial is of which record: in order, with the least total distance.

On repeated calls 8-120 s apart with a tenth of the events lost this pairs far fewer wrongly than
taking the nearest first. Times are microseconds since 1970, UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low

SECOND = 1_000_000
WIDE = 20 * SECOND
_NARROW = 10 * SECOND
_LEARNT_FROM = 8  # pairs
_AGREE = 3 * SECOND


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a moment; ``row`` is the call it was found to be of before, 0 for none."""

    at: int
    row: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """How far behind (``early``: before) a record's start, seen from ``bias``, a mark may be."""

    early: int = WIDE
    late: int = WIDE
    bias: int = 0

    def distance(self, start: Mark, mark: Mark) -> int | None:
        """How far apart, at most the window's own width; None when they are two calls.

        What was one call stays one when the window becomes narrower.
        """
        behind = mark.at - self.bias - start.at
        if -self.early <= behind <= self.late:
            return abs(behind)
        if start.row and start.row == mark.row and abs(behind) <= WIDE:
            return max(self.early, self.late)
        return None

    @property
    def alone(self) -> int:
        """What it costs to leave one without a partner: two of them cost as much as the window."""
        return max(self.early, self.late) // 2


NOTICED = Window()  # before the clocks' difference is learnt
DIALLED = Window(early=180 * SECOND, late=10 * SECOND)  # a call starts -10..+180 s after its dial


def learn(behind: Sequence[int]) -> Window:
    """The window for notices after these distances from notices to their records' starts.

    The notices' clock and the records' may differ; eight pairs that agree tell by how much.
    """
    if len(behind) < _LEARNT_FROM:
        return NOTICED
    bias = median_low(behind)
    agreeing = sum(abs(one - bias) <= _AGREE for one in behind)
    return Window(_NARROW, _NARROW, bias) if agreeing * 4 >= len(behind) * 3 else NOTICED


def pairs(starts: Sequence[Mark], marks: Sequence[Mark], window: Window) -> dict[int, int]:
    """For each index of ``marks`` that has a partner, the index in ``starts``.

    Both are sorted by time. Pairs never cross, and nothing has two partners.
    """
    found: dict[int, int] = {}
    for first_start, some_starts, first_mark, some_marks in _islands(starts, marks, window):
        for mark, start in _least(some_starts, some_marks, window):
            found[first_mark + mark] = first_start + start
    return found


def _islands(
    starts: Sequence[Mark], marks: Sequence[Mark], window: Window
) -> Iterator[tuple[int, Sequence[Mark], int, Sequence[Mark]]]:
    """Stretches so far apart that no pair can reach across: most hold one call."""
    reach = max(window.early, window.late, WIDE) + abs(window.bias)
    s = m = 0
    while s < len(starts) and m < len(marks):
        from_s, from_m = s, m
        end = min(starts[s].at, marks[m].at) + reach
        while True:
            if s < len(starts) and starts[s].at <= end:
                end, s = max(end, starts[s].at + reach), s + 1
            elif m < len(marks) and marks[m].at <= end:
                end, m = max(end, marks[m].at + reach), m + 1
            else:
                break
        if s > from_s and m > from_m:
            yield from_s, starts[from_s:s], from_m, marks[from_m:m]


def _least(
    starts: Sequence[Mark], marks: Sequence[Mark], window: Window
) -> Iterator[tuple[int, int]]:
    """The cheapest alignment of two short sequences, read backwards from its table of costs."""
    table = _costs(starts, marks, window)
    s, m = len(starts), len(marks)
    while s and m:
        apart = window.distance(starts[s - 1], marks[m - 1])
        if apart is not None and table[s][m] == table[s - 1][m - 1] + apart:
            s, m = s - 1, m - 1
            yield m, s
        elif table[s][m] == table[s - 1][m] + window.alone:
            s -= 1
        else:
            m -= 1


def _costs(starts: Sequence[Mark], marks: Sequence[Mark], window: Window) -> list[list[int]]:
    alone = window.alone
    table = [[m * alone for m in range(len(marks) + 1)]]
    for s, start in enumerate(starts, 1):
        above, row = table[-1], [s * alone]
        for m, mark in enumerate(marks, 1):
            cost = min(above[m], row[m - 1]) + alone
            apart = window.distance(start, mark)
            row.append(cost if apart is None else min(cost, above[m - 1] + apart))
        table.append(row)
    return table
