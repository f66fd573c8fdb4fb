"""Sorts touched groups of reports into calls anew, and tells what that changed.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk_phone.model.bundles import APART, Bundle, Claim, Group, bundles, claims
from desk_phone.model.calls import Attention, Outcome
from desk_phone.model.judging import judged
from desk_phone.model.matching import WIDE, Window, learn
from desk_phone.store.intake import Touch
from desk_phone.store.reports import GroupKey, RecordRow, Reports
from desk_phone.store.rows import CallRows, Row
from desk_phone.store.talks import Talks
from desk_phone.store.tally import Tally

_LEARNT_FROM_LAST = 20  # pairs
_PROGRESS = (
    *(Attention.NONE, Attention.NEW, Attention.SEEN),
    *(Attention.SNOOZED, Attention.HANDLED),
)


@dataclass(slots=True)
class _Became:
    """A call before and after; ``merged`` are rows that turned out to be it."""

    before: Row | None
    merged: list[Row]
    after: Row


class Regrouping:
    """For one transaction at one moment. ``silent``: what is missed is seen at once.

    ``move`` brings what hangs on a call that is to go, the first id, to the one that it is.
    """

    def __init__(
        self,
        reports: Reports,
        rows: CallRows,
        talks: Talks,
        move: Callable[[int, int], None],
        now: datetime,
        silent: bool,
    ) -> None:
        self._reports, self._rows, self._talks, self._move = reports, rows, talks, move
        self._now = now
        self._told_first = Attention.SEEN if silent else Attention.NEW
        self._next_id = rows.last_id() + 1
        self._became: list[_Became] = []
        self._unsaved: list[tuple[RecordRow, int]] = []
        self._records: list[tuple[int, str, str]] = []
        self._notices: list[tuple[int, int]] = []
        self._dials: list[tuple[int, int]] = []

    def regroup(self, touched: dict[GroupKey, Touch], tally: Tally) -> None:
        window = learn(self._reports.behind(_LEARNT_FROM_LAST))
        for key, touch in touched.items():
            times = touch.times
            if self._reports.has_hints(key, min(times) - APART, max(times) + APART):
                self._sort(key, touch, window)
            else:
                self._take_alone(key, touch)
        for became in self._became:
            became.after = self._talks.judged(became.before, became.after)
        self._write(tally)

    def _take_alone(self, key: GroupKey, touch: Touch) -> None:
        """A record without notices or dials around it is a call by itself: nothing to sort."""
        unsaved = {row.kept.record.id: row for row in touch.unsaved}
        for record_id, record in touch.records.items():
            call_id = self._apply(key, Claim(Bundle(record), record.row))
            if record_id in unsaved:
                self._unsaved.append((unsaved[record_id], call_id))
            elif record.row != call_id:
                self._records.append((call_id, key.own, record_id))

    def _sort(self, key: GroupKey, touch: Touch, window: Window) -> None:
        self._reports.add((row, 0) for row in touch.unsaved)
        clusters = self._clusters(key, touch.times)
        # All at once: what was one cluster may have become two, and a row is kept by one call only.
        for claim in claims([call for cluster in clusters for call in bundles(cluster, window)]):
            self._point(claim.bundle, key.own, self._apply(key, claim))

    def _clusters(self, key: GroupKey, times: Sequence[int]) -> list[Group]:
        """The clusters of the group's reports near ``times``, each whole."""
        reach = APART
        while True:
            since, until = min(times) - reach, max(times) + reach
            clusters = list(self._reports.group(key, since, until).clusters())
            near = _near(clusters, sorted(times))
            if _are_whole(clusters, near, since, until):
                return [clusters[index] for index in near]
            reach *= 4

    def _apply(self, key: GroupKey, claim: Claim) -> int:
        """Gives the call's id."""
        before = self._rows.get(claim.row) if claim.row else None
        merged = [self._rows.get(row) for row in claim.merged]
        after = self._row(key, claim, [before, *merged] if before else [])
        self._talks.note(before, after)
        self._became.append(_Became(before, merged, after))
        return after.call.id

    def _row(self, key: GroupKey, claim: Claim, known: Sequence[Row]) -> Row:
        """The row of a claim. What was told of it as missed stays, so that it is told once."""
        call_id = claim.row
        if not call_id:
            call_id, self._next_id = self._next_id, self._next_id + 1
        call = judged(claim.bundle, *key, self._now, call_id)
        told = max((row.told for row in known), key=_PROGRESS.index, default=Attention.NONE)
        if call.outcome is Outcome.MISSED:
            told = told or self._told_first
            call = replace(call, attention=told)
        return Row(call, told, any(row.hidden for row in known))

    def _point(self, bundle: Bundle, own: str, row: int) -> None:
        record, dial = bundle.record, bundle.dial
        if record and record.row != row:
            self._records.append((row, own, record.record.id))
        self._notices += [(row, n.id) for n in bundle.notices if n.row != row]
        if dial and dial.row != row:
            self._dials.append((row, dial.id))

    def _write(self, tally: Tally) -> None:
        """In an order in which no report is ever of a call that is not there."""
        became = self._became
        self._rows.insert(b.after for b in became if b.before is None)
        self._rows.update(b.after for b in became if b.before not in (None, b.after))
        self._reports.add(self._unsaved)
        self._reports.point("records", self._records)
        self._reports.point("notices", self._notices)
        self._reports.point("dials", self._dials)
        for b in became:
            for row in b.merged:
                self._move(row.call.id, b.after.call.id)
        self._rows.delete(row.call.id for b in became for row in b.merged)
        for b in became:
            tally.note(b.before, b.after, b.merged)


def _near(clusters: Sequence[Group], times: Sequence[int]) -> list[int]:
    """Which of them a change at one of the sorted ``times`` may concern."""
    found = []
    for index, cluster in enumerate(clusters):
        at = cluster.times()
        first = bisect_left(times, at[0] - APART)
        if first < len(times) and times[first] <= at[-1] + APART:
            found.append(index)
    return found


def _are_whole(clusters: Sequence[Group], near: Sequence[int], since: int, until: int) -> bool:
    """Whether nothing before ``since`` or after ``until`` can belong to the ``near`` ones."""
    if not near:
        return True
    first, last = clusters[near[0]].times()[0], clusters[near[-1]].times()[-1]
    begins = near[0] > 0 or first - APART >= since
    follows = near[-1] + 1 < len(clusters)
    ends = follows and clusters[near[-1] + 1].times()[0] + 2 * WIDE <= until
    return begins and (ends or last + APART <= until)
