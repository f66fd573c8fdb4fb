"""Counts the calls of a week and of the one before: grouped in SQL, by index, never all calls."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from desk_phone.model.moment import micros, moment
from desk_phone.model.week import (
    CALLED_BACK_WITHIN,
    Count,
    Figures,
    Meeting,
    Report,
    Span,
    Waits,
    Week,
    hours_of,
    waits_of,
    week_of,
)

_HOUR = 3_600_000_000  # microseconds; hours begin together in UTC and in Tallinn
_COUNTS = """
    SELECT start / :hour,
        sum(direction = 'incoming' AND outcome = 'answered'),
        sum(direction = 'incoming' AND outcome = 'missed'),
        sum(direction = 'outgoing')
    FROM calls INDEXED BY calls_all
    WHERE hidden = 0 AND start >= :since AND start < :until GROUP BY 1
"""
_MEETINGS = """
    WITH missed AS (
        SELECT other, start FROM calls INDEXED BY calls_missed WHERE outcome = 'missed'
            AND hidden = 0 AND other <> '' AND start >= :since AND start < :until)
    SELECT other, start AS at, 1 AS missed FROM missed
    UNION ALL SELECT other, start, 0 FROM calls INDEXED BY calls_with
        WHERE other IN (SELECT other FROM missed) AND start >= :since AND start < :late
        AND hidden = 0 AND (direction = 'outgoing' OR outcome = 'answered')
    ORDER BY at, missed
"""


class Weeks:
    """Calls that somebody hid count nowhere."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def report(self, week: Week, now: datetime) -> Report:
        """A week in figures, and what it is compared with."""
        figures, before = self._figures(week.span), self._figures(week.compared_span(now))
        return Report(week, figures, before, now < week.span.until)

    def first(self, now: datetime) -> Week:
        """The week of the first call; without any, this one."""
        (start,) = self._db.execute("SELECT min(start) FROM calls WHERE hidden = 0").fetchone()
        return week_of(now if start is None else moment(start))

    def _figures(self, span: Span) -> Figures:
        within = {"hour": _HOUR, "since": micros(span.since), "until": micros(span.until)}
        counts = (
            (moment(hour * _HOUR), Count(*each))
            for hour, *each in self._db.execute(_COUNTS, within)
        )
        return Figures(hours_of(counts), self._waits(span))

    def _waits(self, span: Span) -> Waits:
        late = span.until + CALLED_BACK_WITHIN
        found = self._db.execute(
            _MEETINGS,
            {"since": micros(span.since), "until": micros(span.until), "late": micros(late)},
        )
        return waits_of(map(Meeting._make, found), span.until)
