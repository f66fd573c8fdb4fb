"""The tables of what was reported, each thing once.

Every write belongs to the caller's transaction. Moments are microseconds since 1970, UTC.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from desk_phone.model.bundles import Group, KeptDial, KeptNotice, KeptRecord
from desk_phone.model.calls import CallRecord, Dialled, Direction, Notice
from desk_phone.model.judging import opens, says_yes
from desk_phone.model.moment import micros, moment

_RECORD = (
    "SELECT record_id, calling, called, answer_indic, direction_word, start_time,"
    " other_party_name, answer_time, release_time, other_text, start, settled,"
    " coalesce(call_id, 0), own, other, direction, heard FROM records "
)
_MARK = "\x1f"  # no text that came from outside has a control character


class GroupKey(NamedTuple):
    """Reports that may be of one call have the same."""

    own: str
    other: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class RecordRow:
    key: GroupKey
    kept: KeptRecord
    heard: int  # when it first came


class Reports:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    # records

    def words(self, own: str, first_id: str, last_id: str) -> set[str]:
        """The `words_of` all records from one id to another, for comparing many at once."""
        found = self._db.execute(
            "SELECT record_id || char(31) || calling || char(31) || called || char(31)"
            " || answer_indic || char(31) || direction_word || char(31) || start_time || char(31)"
            " || other_party_name || char(31) || answer_time || char(31) || release_time"
            " FROM records WHERE own = ? AND record_id BETWEEN ? AND ?",
            (own, first_id, last_id),
        )
        return {words for (words,) in found}

    def record(self, own: str, record_id: str) -> RecordRow | None:
        found = self._db.execute(
            _RECORD + "WHERE own = ? AND record_id = ?", (own, record_id)
        ).fetchone()
        return None if found is None else _record_row(found)

    def unsettled(self) -> list[RecordRow]:
        """Those that leave open what became of their call: a handful at most."""
        return [_record_row(values) for values in self._db.execute(_RECORD + "WHERE settled = 0")]

    def of_day(self, own: str, day: str) -> list[RecordRow]:
        """Records whose own words put them on this date. Reads them all: for one night a year."""
        found = self._db.execute(
            _RECORD + "WHERE own = ? AND start_time >= ? AND start_time < ? || char(127)",
            (own, day, day),
        )
        return [_record_row(values) for values in found]

    def add(self, rows: Iterable[tuple[RecordRow, int]]) -> None:
        """New records, each with the call it is of, 0 for not known yet."""
        self._db.executemany(
            "INSERT INTO records (calling, called, answer_indic, direction_word, start_time,"
            " other_party_name, answer_time, release_time, other_text, start, settled, call_id,"
            " other, direction, heard, own, record_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_record_values(row, call_id) for row, call_id in rows),
        )

    def change(self, row: RecordRow) -> None:
        self._db.execute(
            "UPDATE records SET calling = ?, called = ?, answer_indic = ?, direction_word = ?,"
            " start_time = ?, other_party_name = ?, answer_time = ?, release_time = ?,"
            " other_text = ?, start = ?, settled = ?, call_id = ?, other = ?, direction = ?,"
            " heard = ? WHERE own = ? AND record_id = ?",
            _record_values(row, row.kept.row),
        )

    # notices and dials

    def add_notice(self, notice: Notice) -> bool:
        """False when it was there."""
        added = self._db.execute(
            "INSERT OR IGNORE INTO notices (own, other, at, name, type, answer, opens, answered)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(notice.own, notice.other, micros(notice.at)),
                *(notice.name, notice.type, notice.answer),
                *(opens(notice), says_yes(notice.answer)),
            ),
        )
        return added.rowcount == 1

    def add_dial(self, dial: Dialled) -> bool:
        """False when it was there."""
        added = self._db.execute(
            "INSERT OR IGNORE INTO dials (own, other, at) VALUES (?, ?, ?)",
            (dial.own, dial.other, micros(dial.at)),
        )
        return added.rowcount == 1

    def notices_at(self, key: GroupKey, since: int, until: int) -> list[KeptNotice]:
        found = self._db.execute(
            "SELECT id, at, name, opens, answered, coalesce(call_id, 0) FROM notices"
            " WHERE own = ? AND other = ? AND at BETWEEN ? AND ?",
            (key.own, key.other, since, until),
        )
        return [KeptNotice(i, at, name, bool(o), bool(a), row) for i, at, name, o, a, row in found]

    def rung(self, notice: Notice, reach: int) -> set[int]:
        """The calls near a notice of which some notice said that a phone rings."""
        at = micros(notice.at)
        found = self._db.execute(
            "SELECT DISTINCT call_id FROM notices WHERE own = ? AND other = ?"
            " AND at BETWEEN ? AND ? AND opens AND call_id IS NOT NULL",
            (notice.own, notice.other, at - reach, at + reach),
        )
        return {call_id for (call_id,) in found}

    def call_of_notice(self, notice: Notice) -> int:
        """0 where it is of none."""
        found = self._db.execute(
            "SELECT coalesce(call_id, 0) FROM notices WHERE own = ? AND other = ? AND at = ?"
            " AND name = ? AND type = ? AND answer = ?",
            (
                *(notice.own, notice.other, micros(notice.at)),
                *(notice.name, notice.type, notice.answer),
            ),
        )
        return int(found.fetchone()[0])

    def dials_at(self, key: GroupKey, since: int, until: int) -> list[KeptDial]:
        found = self._db.execute(
            "SELECT id, at, coalesce(call_id, 0) FROM dials"
            " WHERE own = ? AND other = ? AND at BETWEEN ? AND ?",
            (key.own, key.other, since, until),
        )
        return [KeptDial(*values) for values in found]

    def behind(self, at_most: int) -> list[int]:
        """How far the last notices were behind the records that they were found to be of."""
        found = self._db.execute(
            "SELECT n.at - r.start FROM notices n JOIN records r ON r.call_id = n.call_id"
            " WHERE n.opens AND n.id > (SELECT max(id) FROM notices) - 10 * :at_most"
            " ORDER BY n.id DESC LIMIT :at_most",
            {"at_most": at_most},
        )
        return [apart for (apart,) in found]

    # groups and the calls they became

    def group(self, key: GroupKey, since: int, until: int) -> Group:
        """All reports of a group from one moment to another."""
        found = self._db.execute(
            _RECORD + "WHERE own = ? AND other = ? AND direction = ? AND start BETWEEN ? AND ?",
            (key.own, key.other, str(key.direction), since, until),
        )
        records = [_record_row(values).kept for values in found]
        if key.direction is Direction.INCOMING:
            return Group(records, self.notices_at(key, since, until))
        if key.direction is Direction.OUTGOING:
            return Group(records, dials=self.dials_at(key, since, until))
        return Group(records)

    def has_hints(self, key: GroupKey, since: int, until: int) -> bool:
        """Whether a notice or a dial might be of a record of the group between two moments."""
        if key.direction is Direction.INCOMING:
            sought = (
                "SELECT 1 FROM notices WHERE own = ? AND other = ? AND at BETWEEN ? AND ? LIMIT 1"
            )
        elif key.direction is Direction.OUTGOING:
            sought = (
                "SELECT 1 FROM dials WHERE own = ? AND other = ? AND at BETWEEN ? AND ? LIMIT 1"
            )
        else:
            return False
        return self._db.execute(sought, (key.own, key.other, since, until)).fetchone() is not None

    def point(self, table: str, pairs: Sequence[tuple[object, ...]]) -> None:
        """Say which call a report is of: (call id or None, the report's own key...)."""
        self._db.executemany(_POINT[table], pairs)

    def call_of_dial(self, dial: Dialled) -> int:
        found = self._db.execute(
            "SELECT call_id FROM dials WHERE own = ? AND other = ? AND at = ?",
            (dial.own, dial.other, micros(dial.at)),
        )
        return int(found.fetchone()[0])

    def forget_dials(self, call_id: int) -> None:
        self._db.execute("DELETE FROM dials WHERE call_id = ?", (call_id,))

    def are_of(self, call_id: int) -> bool:
        """Whether any report is of this call."""
        found = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM records WHERE call_id = :id)"
            " OR EXISTS (SELECT 1 FROM notices WHERE call_id = :id)"
            " OR EXISTS (SELECT 1 FROM dials WHERE call_id = :id)",
            {"id": call_id},
        )
        return bool(found.fetchone()[0])

    def delete(self, call_ids: Iterable[int], before: datetime) -> None:
        """What was told of these calls, and what was told of none and is older."""
        ids = [(call_id,) for call_id in call_ids]
        self._db.executemany("DELETE FROM records WHERE call_id = ?", ids)
        self._db.executemany("DELETE FROM notices WHERE call_id = ?", ids)
        self._db.executemany("DELETE FROM dials WHERE call_id = ?", ids)
        self._db.execute("DELETE FROM notices WHERE call_id IS NULL AND at < ?", (micros(before),))

    def dialled_since(self, since: datetime) -> list[tuple[str, datetime]]:
        found = self._db.execute(
            "SELECT other, at FROM dials WHERE at >= ? ORDER BY at, id", (micros(since),)
        )
        return [(other, moment(at)) for other, at in found]

    def ringing_without_record(self) -> list[tuple[GroupKey, int]]:
        """Calls that seem to ring and are known from notices or dials alone."""
        found = self._db.execute(
            "SELECT own, other, direction, start FROM calls"
            " WHERE outcome = 'ringing' AND record_id IS NULL"
        )
        return [(GroupKey(own, other, Direction(way)), at) for own, other, way, at in found]

    def release(self, call_id: int) -> list[int]:
        """Let the notices and dials of a call find theirs anew; gives their moments."""
        found = self._db.execute(
            "SELECT at FROM notices WHERE call_id = ? UNION ALL SELECT at FROM dials"
            " WHERE call_id = ?",
            (call_id, call_id),
        ).fetchall()
        self._db.execute("UPDATE notices SET call_id = NULL WHERE call_id = ?", (call_id,))
        self._db.execute("UPDATE dials SET call_id = NULL WHERE call_id = ?", (call_id,))
        return [at for (at,) in found]


_POINT = {
    "records": "UPDATE records SET call_id = ? WHERE own = ? AND record_id = ?",
    "notices": "UPDATE notices SET call_id = ? WHERE id = ?",
    "dials": "UPDATE dials SET call_id = ? WHERE id = ?",
}


def words_of(record: CallRecord) -> str:
    """All that a record says, as one text."""
    return _MARK.join(
        (
            *(record.id, record.calling, record.called, record.answered, record.direction),
            *(record.start, record.name, record.answer, record.release),
        )
    )


def _record_row(values: Sequence[Any]) -> RecordRow:
    key = GroupKey(values[13], values[14], Direction(values[15]))
    kept = KeptRecord(CallRecord(*values[:9]), values[9], values[10], bool(values[11]), values[12])
    return RecordRow(key, kept, values[16])


def _record_values(row: RecordRow, call_id: int) -> tuple[object, ...]:
    record, kept = row.kept.record, row.kept
    return (
        *(record.calling, record.called, record.answered, record.direction, record.start),
        *(record.name, record.answer, record.release, kept.other_text, kept.at, kept.settled),
        *(call_id or None, row.key.other, str(row.key.direction), row.heard, row.key.own),
        record.id,
    )
