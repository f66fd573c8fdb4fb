"""Sorts touched groups of reports into calls anew, and tells what that changed.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from desk_phone.model.bundles import APART, Bundle, Claim, Group, bundles, claims
from desk_phone.model.calls import Attention, Outcome
from desk_phone.model.judging import judged
from desk_phone.model.matching import Window, learn
from desk_phone.store.intake import Touch
from desk_phone.store.reports import GroupKey, Reports
from desk_phone.store.rows import CallRows, Row
from desk_phone.store.tally import Tally

_LEARNT_FROM_LAST = 20  # pairs
_PROGRESS = (Attention.NONE, Attention.NEW, Attention.SEEN, Attention.HANDLED)


class Regrouping:
    """For one transaction at one moment. ``silent``: what is missed is seen at once."""

    def __init__(
        self, reports: Reports, rows: CallRows, tally: Tally, now: datetime, silent: bool
    ) -> None:
        self._reports, self._rows, self._tally = reports, rows, tally
        self._now = now
        self._told_first = Attention.SEEN if silent else Attention.NEW
        self._next_id = rows.last_id() + 1
        self._new: list[Row] = []
        self._changed: list[Row] = []
        self._merged: list[int] = []
        self._records: list[tuple[int, str, str]] = []
        self._notices: list[tuple[int, int]] = []
        self._dials: list[tuple[int, int]] = []

    def regroup(self, touched: dict[GroupKey, Touch]) -> None:
        window = learn(self._reports.behind(_LEARNT_FROM_LAST))
        for key, touch in touched.items():
            for claim in self._claims(key, touch, window):
                self._apply(key, claim)
        self._rows.insert(self._new)
        self._rows.update(self._changed)
        self._reports.point("records", self._records)
        self._reports.point("notices", self._notices)
        self._reports.point("dials", self._dials)
        self._rows.delete(self._merged)

    def _claims(self, key: GroupKey, touch: Touch, window: Window) -> Iterator[Claim]:
        """A record without notices or dials around it is a call by itself: nothing to sort."""
        times = touch.times
        if not self._reports.has_hints(key, min(times) - APART, max(times) + APART):
            for record in touch.records.values():
                yield Claim(Bundle(record), record.row)
            return
        for cluster in self._clusters(key, times):
            yield from claims(bundles(cluster, window))

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

    def _apply(self, key: GroupKey, claim: Claim) -> None:
        before = self._rows.get(claim.row) if claim.row else None
        merged = [self._rows.get(row) for row in claim.merged]
        after = self._row(key, claim, [before, *merged] if before else [])
        if before is None:
            self._new.append(after)
        elif after != before:
            self._changed.append(after)
        self._merged += claim.merged
        self._point(claim.bundle, key.own, after.call.id)
        self._tally.note(before, after, merged)

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
