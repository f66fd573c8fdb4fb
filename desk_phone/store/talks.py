"""A missed call is handled by itself when somebody talked with the same number later."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime

from desk_phone.model.calls import Attention, Call, Outcome
from desk_phone.model.moment import micros
from desk_phone.store.rows import Row


class Talks:
    """For one transaction. Only what a record says counts: a notice may be anybody's.

    Judged once, when the talk or the missed call is new: what a person took up again stays so.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.latest: dict[str, datetime] = {}  # the start of the last new talk, by number

    def note(self, before: Row | None, after: Row) -> None:
        call = after.call
        if _newly(Outcome.ANSWERED, before, call):
            known = self.latest.get(call.other)
            if known is None or known < call.start:
                self.latest[call.other] = call.start

    def judged(self, before: Row | None, after: Row) -> Row:
        """``after``, handled if it is newly missed and there was a talk later."""
        call = after.call
        if not _newly(Outcome.MISSED, before, call) or not self._later_than(call):
            return after
        return replace(
            after, call=replace(call, attention=Attention.HANDLED), told=Attention.HANDLED
        )

    def _later_than(self, call: Call) -> bool:
        latest = self.latest.get(call.other)
        if latest is not None and latest > call.start:
            return True
        found = self._db.execute(
            "SELECT 1 FROM calls WHERE other = ? AND start > ? AND outcome = 'answered'"
            " AND record_id IS NOT NULL LIMIT 1",
            (call.other, micros(call.start)),
        )
        return found.fetchone() is not None


def _newly(outcome: Outcome, before: Row | None, call: Call) -> bool:
    """Whether a record says so now for the first time, of somebody with a number."""
    if call.outcome is not outcome or not call.other or call.record_id is None:
        return False
    return before is None or before.call.outcome is not outcome or before.call.record_id is None
