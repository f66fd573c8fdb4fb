"""A group's reports (one own number, one other, one direction) sorted into calls.

The calls are a function of the set of reports: order and repetition cannot matter. Times are
microseconds since 1970, UTC. ``row`` is the id of the call a report was found to be of before, 0
for none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TypeVar

from desk_phone.model.calls import CallRecord
from desk_phone.model.matching import DIALLED, SECOND, WIDE, Mark, Window, pairs

APART = 600 * SECOND  # reports of one group so far apart have nothing to do with each other
_NEAR = 200 * SECOND  # nor are they of one call, unless one is a notice that says more of it


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """``settled``: a poll said of it that it is over, or said the same twice."""

    record: CallRecord
    other_text: str
    at: int
    settled: bool
    row: int


@dataclass(frozen=True, slots=True)
class KeptNotice:
    id: int
    at: int
    name: str
    opens: bool
    answered: bool
    row: int


@dataclass(frozen=True, slots=True)
class KeptDial:
    id: int
    at: int
    row: int


_R = TypeVar("_R", KeptRecord, KeptNotice, KeptDial)


@dataclass(frozen=True, slots=True)
class Group:
    """Reports of one group, in any order."""

    records: Sequence[KeptRecord] = ()
    notices: Sequence[KeptNotice] = ()
    dials: Sequence[KeptDial] = ()

    def times(self) -> list[int]:
        """Sorted."""
        return sorted(
            [r.at for r in self.records] + [n.at for n in self.notices] + [d.at for d in self.dials]
        )

    def clusters(self) -> Iterator[Group]:
        """The group cut where nothing on one side can be of a call on the other, in order."""
        times = self.times()
        opening = sorted(n.at for n in self.notices if n.opens)
        later = sorted(n.at for n in self.notices if not n.opens)
        cuts = [
            at
            for before, at in pairwise(times)
            if at - before > APART or (at - before > _NEAR and _is_new(at, opening, later))
        ]
        if times:
            yield from map(
                Group, _cut(self.records, cuts), _cut(self.notices, cuts), _cut(self.dials, cuts)
            )


def _is_new(at: int, opening: Sequence[int], later: Sequence[int]) -> bool:
    """Whether a call begins at ``at`` so that no later notice can be of the call before it."""
    last = bisect_right(opening, at + 2 * WIDE) - 1
    begun = max(at, opening[last]) if last >= 0 else at
    first = bisect_left(later, at)
    return first == len(later) or later[first] > begun


def _cut(reports: Sequence[_R], cuts: Sequence[int]) -> list[list[_R]]:
    """``reports`` in one list for the time before each cut and one for after the last."""
    found: list[list[_R]] = [[] for _ in range(len(cuts) + 1)]
    for report in reports:
        found[bisect_right(cuts, report.at)].append(report)
    return found


@dataclass(frozen=True, slots=True)
class Bundle:
    """All reports of one call: at least one, at most one record and one dial; notices in order."""

    record: KeptRecord | None = None
    notices: tuple[KeptNotice, ...] = ()
    dial: KeptDial | None = None

    @property
    def at(self) -> int:
        if self.record:
            return self.record.at
        return self.dial.at if self.dial else self.notices[0].at


def bundles(group: Group, window: Window) -> list[Bundle]:
    """The calls of a group. ``window`` is for notices (`matching.learn`).

    A notice that a phone rings is a call of its own when no record is of it; one that says more
    belongs to the last call before it, and is a call of its own only when there is none and
    nobody talked.
    """
    notices = sorted(group.notices, key=lambda n: (n.at, not n.opens, n.name))
    calls = _matched(group, [n for n in notices if n.opens], window)
    return _followed(calls, [n for n in notices if not n.opens], window)


def _matched(group: Group, opening: list[KeptNotice], window: Window) -> list[Bundle]:
    records = sorted(group.records, key=lambda r: (r.at, r.record.id))
    rings = [tuple(same) for _, same in groupby(opening, key=lambda n: n.at)]
    dials = sorted(group.dials, key=lambda d: d.at)
    starts = [Mark(r.at, r.row) for r in records]
    ring_of = pairs(starts, [Mark(ring[0].at, ring[0].row) for ring in rings], window)
    dial_of = pairs(starts, [Mark(d.at, d.row) for d in dials], DIALLED)
    calls = [Bundle(record) for record in records]
    for ring, start in ring_of.items():
        calls[start] = replace(calls[start], notices=rings[ring])
    for dial, start in dial_of.items():
        calls[start] = replace(calls[start], dial=dials[dial])
    calls += [Bundle(notices=ring) for i, ring in enumerate(rings) if i not in ring_of]
    calls += [Bundle(dial=dial) for i, dial in enumerate(dials) if i not in dial_of]
    return calls


def _followed(calls: list[Bundle], followers: Sequence[KeptNotice], window: Window) -> list[Bundle]:
    """Give each call what notices said of it after its start."""
    if not followers:
        return calls
    calls = sorted(calls, key=lambda c: _opened(c, window))
    opened = [_opened(call, window) for call in calls]
    more: dict[int, tuple[KeptNotice, ...]] = {}
    alone: list[tuple[KeptNotice, ...]] = []
    for notice in followers:
        last = bisect_right(opened, notice.at) - 1
        if last >= 0 and notice.at - opened[last] <= APART:
            more[last] = (*more.get(last, ()), notice)
        elif alone and notice.at - alone[-1][0].at <= WIDE:
            alone[-1] = (*alone[-1], notice)
        elif not notice.answered:
            alone.append((notice,))
    for index, notices in more.items():
        calls[index] = replace(calls[index], notices=calls[index].notices + notices)
    return calls + [Bundle(notices=notices) for notices in alone]


def _opened(call: Bundle, window: Window) -> int:
    """From when on a notice may be of the call; by the notices' clock, if there is one of it."""
    if call.notices:
        return call.notices[0].at
    return call.at + min(window.bias - window.late, 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """``row`` is the call a bundle keeps being, 0 for a new one; ``merged`` turned out to be it."""

    bundle: Bundle
    row: int
    merged: tuple[int, ...] = ()


def claims(calls: Sequence[Bundle]) -> list[Claim]:
    """Which bundle keeps which row: the oldest of its own; a row in two goes with its record."""
    owner: dict[int, int] = {}
    for rows in zip(*map(_rows, calls), strict=True):
        for index, row in enumerate(rows):
            for one in row:
                owner.setdefault(one, index)
    owned: dict[int, list[int]] = {}
    for row, index in owner.items():
        owned.setdefault(index, []).append(row)
    claimed = (sorted(owned.get(index, ())) for index in range(len(calls)))
    return [
        Claim(call, rows[0] if rows else 0, tuple(rows[1:]))
        for call, rows in zip(calls, claimed, strict=True)
    ]


def _rows(call: Bundle) -> Iterator[tuple[int, ...]]:
    """The rows of its record, its dial and its notices: who holds which more firmly."""
    yield (call.record.row,) if call.record and call.record.row else ()
    yield (call.dial.row,) if call.dial and call.dial.row else ()
    yield tuple(n.row for n in call.notices if n.row and n.opens)
    yield tuple(n.row for n in call.notices if n.row)
