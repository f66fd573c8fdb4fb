"""Takes reports in, and says which groups of reports must be sorted into calls anew.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from desk_phone.model.bundles import APART, KeptRecord
from desk_phone.model.calls import CallRecord, Dialled, Direction, Notice, Record
from desk_phone.model.judging import RINGS_AT_MOST, decided, grown, opens, parties
from desk_phone.model.moment import micros, moment
from desk_phone.model.walltime import Told, doubled_day, doubled_day_of, moments, untangle
from desk_phone.store.reports import GroupKey, RecordRow, Reports, words_of

_NIGHT = 4 * 3600 * 1_000_000


@dataclass(slots=True)
class Touch:
    """Where a group changed. ``records`` are those that did, by id, as they are now.

    ``unsaved`` are new ones among them that wait to be written with the call they are of.
    """

    times: list[int] = field(default_factory=list)
    records: dict[str, KeptRecord] = field(default_factory=dict)
    unsaved: list[RecordRow] = field(default_factory=list)


class Intake:
    """For one transaction at one moment; ``touched`` grows with what is taken."""

    def __init__(self, reports: Reports, now: datetime) -> None:
        self._reports = reports
        self._now = now
        self._micros = micros(now)
        self._nights: set[tuple[str, str]] = set()
        self.touched: dict[GroupKey, Touch] = {}
        self.dials: list[Dialled] = []  # those that are new
        self._rings: list[Notice] = []  # that are new
        self._rung: set[int] = set()  # calls of which somebody heard before that they ring

    def take(self, reports: Iterable[Record | Notice | Dialled]) -> None:
        records: dict[str, list[CallRecord]] = {}
        for report in reports:
            match report:
                case Record(own, record):
                    records.setdefault(own, []).append(record)
                case Notice():
                    self._take_notice(report)
                case Dialled():
                    self._take_dial(report)
        for own, told in records.items():
            self._take_records(own, told)
        if self._nights:
            self._save()
        for own, day in self._nights:
            self._untangle(own, day)

    def settle(self) -> None:
        """A poll said the same as the one before: what a record left open is over."""
        for row in self._reports.unsettled():
            self._settle(row)

    # records

    def _take_records(self, own: str, told: Sequence[CallRecord]) -> None:
        ids = [record.id for record in told]
        known = self._reports.words(own, min(ids), max(ids))
        fresh: dict[str, CallRecord] = {}
        for record in told:
            if words_of(record) not in known:
                before = fresh.get(record.id)
                fresh[record.id] = grown(before, record) if before else record
        open_ = {r.kept.record.id for r in self._reports.unsettled() if r.key.own == own}
        for record in fresh.values():
            if row := self._added(own, record, bool(known)):
                self._touch(row).unsaved.append(row)
        if open_:
            self._settle_again(own, open_ & set(ids))

    def _added(self, own: str, record: CallRecord, may_be_known: bool) -> RecordRow | None:
        """A new record's row; None for one that grew, which is written here."""
        if day := doubled_day(record.start):
            self._nights.add((own, day))
        before = self._reports.record(own, record.id) if may_be_known else None
        if before is None:
            return self._row(own, record, self._micros, row=0, settled=False)
        known = before.kept.record
        now_told = grown(known, record)
        if now_told != known:
            settled, row = before.kept.settled, before.kept.row
            self._change(before, self._row(own, now_told, before.heard, row, settled))
        return None

    def _row(self, own: str, record: CallRecord, heard: int, row: int, settled: bool) -> RecordRow:
        who = parties(own, record)
        may_be = moments(record.start)
        at = micros(may_be[0]) if may_be else heard
        over = settled or decided(record) or self._is_old(at)
        kept = KeptRecord(record, who.other_text, at, over, row)
        return RecordRow(GroupKey(own, who.other, who.direction), kept, heard)

    def _is_old(self, at: int) -> bool:
        return self._now - moment(at) > RINGS_AT_MOST

    def _settle_again(self, own: str, ids: set[str]) -> None:
        for record_id in ids:
            row = self._reports.record(own, record_id)
            if row and not row.kept.settled:
                self._settle(row)

    def _settle(self, row: RecordRow) -> None:
        if row.heard < self._micros or self._is_old(row.kept.at):
            self._change(row, replace(row, kept=replace(row.kept, settled=True)))

    def _change(self, before: RecordRow, after: RecordRow) -> None:
        self._reports.change(after)
        if (before.key, before.kept.at) != (after.key, after.kept.at):
            self._moved(before)
        self._touch(after)

    def _moved(self, before: RecordRow) -> None:
        """The record takes its call along; what was matched to it must look for its own again."""
        times = self._reports.release(before.kept.row)
        if times:
            self.touch_at(before.key, *times)

    # notices and dials

    def rang(self) -> dict[int, datetime]:
        """The calls that began to ring with what was taken, and when; for after the sorting."""
        found: dict[int, datetime] = {}
        for notice in self._rings:
            call_id = self._reports.call_of_notice(notice)
            if call_id and call_id not in self._rung:
                found[call_id] = min(notice.at, found.get(call_id, notice.at))
        return found

    def _take_notice(self, notice: Notice) -> None:
        rung = self._reports.rung(notice, APART) if opens(notice) else set()
        if self._reports.add_notice(notice):
            if opens(notice):
                self._rings.append(notice)
                self._rung |= rung
            key = GroupKey(notice.own, notice.other, Direction.INCOMING)
            self.touch_at(key, micros(notice.at))
            self._maybe_night(notice.own, notice.at)

    def _take_dial(self, dial: Dialled) -> None:
        if self._reports.add_dial(dial):
            self.dials.append(dial)
            key = GroupKey(dial.own, dial.other, Direction.OUTGOING)
            self.touch_at(key, micros(dial.at))
            self._maybe_night(dial.own, dial.at)

    def _maybe_night(self, own: str, at: datetime) -> None:
        if day := doubled_day_of(at):
            self._nights.add((own, day))

    def _untangle(self, own: str, day: str) -> None:
        rows = {row.kept.record.id: row for row in self._reports.of_day(own, day)}
        for record_id, start in untangle([self._told(row) for row in rows.values()]).items():
            row, at = rows[record_id], micros(start)
            if row.kept.at != at:
                over = row.kept.settled or self._is_old(at)
                self._change(row, replace(row, kept=replace(row.kept, at=at, settled=over)))

    def _told(self, row: RecordRow) -> Told:
        record = row.kept.record
        times = [micros(at) for at in moments(record.start)]
        since, until = min(times, default=0) - _NIGHT, max(times, default=0) + _NIGHT
        incoming = row.key.direction is Direction.INCOMING
        outgoing = row.key.direction is Direction.OUTGOING
        notices = self._reports.notices_at(row.key, since, until) if incoming else []
        dials = self._reports.dials_at(row.key, since, until) if outgoing else []
        return Told(
            record.id,
            record.start,
            record.answer,
            record.release,
            row.key.other,
            moment(row.heard),
            tuple(moment(n.at) for n in notices if n.opens),
            tuple(moment(d.at) for d in dials),
        )

    # what was touched

    def touch_at(self, key: GroupKey, *times: int) -> Touch:
        touch = self.touched.get(key)
        if touch is None:
            touch = self.touched[key] = Touch()
        touch.times.extend(times)
        return touch

    def _touch(self, row: RecordRow) -> Touch:
        touch = self.touch_at(row.key, row.kept.at)
        touch.records[row.kept.record.id] = row.kept
        return touch

    def _save(self) -> None:
        for touch in self.touched.values():
            self._reports.add((row, 0) for row in touch.unsaved)
            touch.unsaved.clear()
