"""Sorts touched groups of reports into calls anew, and tells what that changed.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from desk_phone.model.bundles import APART, Bundle, Claim, Group, bundles, claims
from desk_phone.model.calls import Attention, Outcome
from desk_phone.model.judging import judged
from desk_phone.model.matching import Window, learn
from desk_phone.store.intake import Touch
from desk_phone.store.reports import GroupKey, RecordRow, Reports
from desk_phone.store.rows import CallRows, Row
from desk_phone.store.talks import Talks
from desk_phone.store.tally import Tally

_LEARNT_FROM_LAST = 20  # pairs
_PROGRESS = (Attention.NONE, Attention.NEW, Attention.SEEN, Attention.HANDLED)


@dataclass(slots=True)
class _Became:
    """A call before and after; ``merged`` are rows that turned out to be it."""

    before: Row | None
    merged: list[Row]
    after: Row


class Regrouping:
    """For one transaction at one moment. ``silent``: what is missed is seen at once."""

    def __init__(
        self, reports: Reports, rows: CallRows, talks: Talks, now: datetime, silent: bool
    ) -> None:
        self._reports, self._rows, self._talks = reports, rows, talks
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
        for cluster in self._clusters(key, touch.times):
            for claim in claims(bundles(cluster, window)):
                self._point(claim.bundle, key.own, self._apply(key, claim))

    def _clusters(self, key: GroupKey, times: Sequence[int]) -> Iterator[Group]:
        """The group's reports near ``times``, as far as one leads to the next."""
        since, until = min(times) - APART, max(times) + APART
        while True:
            group = self._reports.group(key, since, until)
            all_times = group.times()
            first, last = min(all_times, default=since), max(all_times, default=until)
            if first - APART >= since and last + APART <= until:
                break
            since, until = min(since, first - 6 * APART), max(until, last + 6 * APART)
        for cluster in group.clusters():
            at = cluster.times()
            if any(at[0] - APART <= time <= at[-1] + APART for time in times):
                yield cluster

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
        self._rows.delete(row.call.id for b in became for row in b.merged)
        for b in became:
            tally.note(b.before, b.after, b.merged)
