"""A week of calls in figures: how many, how many answered, how soon people were called back.

A week begins on Monday 0:00 and ends with the next one, by the clocks of Europe/Tallinn: in March
it has 167 hours and in October 169. An hour that comes twice counts as one hour of its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from desk_phone.model.moment import micros, moment
from desk_phone.model.walltime import tallinn

DAYS, HOURS = 7, 24
CALLED_BACK_WITHIN = timedelta(days=7)  # later it is another matter
_WEEK = timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since``, up to but without ``until``, in UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, order=True)
class Week:
    monday: date

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.monday + timedelta(days=day) for day in range(DAYS))

    @property
    def span(self) -> Span:
        return Span(_midnight(self.monday), _midnight(self.monday + _WEEK))

    @property
    def before(self) -> Week:
        return Week(self.monday - _WEEK)

    @property
    def after(self) -> Week:
        return Week(self.monday + _WEEK)

    def compared_span(self, now: datetime) -> Span:
        """The week before; of a week that still runs, only as far as the clock on the wall."""
        whole = self.before.span
        if not self.span.since <= now < self.span.until:
            return whole
        wall = now.astimezone(tallinn()).replace(tzinfo=None) - _WEEK
        return Span(whole.since, wall.replace(tzinfo=tallinn()).astimezone(UTC))


def week_of(at: datetime) -> Week:
    """The week that an aware moment lies in."""
    day = at.astimezone(tallinn()).date()
    return Week(day - timedelta(days=day.weekday()))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=tallinn()).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Count:
    """Calls that came and were answered, that came and were missed, that were made (reached or
    not). What nobody knows yet, such as a phone that rings, is none of them."""

    answered: int = 0
    missed: int = 0
    outgoing: int = 0

    @property
    def incoming(self) -> int:
        return self.answered + self.missed

    @property
    def total(self) -> int:
        return self.incoming + self.outgoing

    @property
    def answered_percent(self) -> int:
        """Of the incoming; 0 and 100 only where it is none or all of them, 0 where none came."""
        if not self.incoming:
            return 0
        percent = self.answered * 100 // self.incoming
        return max(1, percent) if self.answered else percent

    def __add__(self, other: Count) -> Count:
        return Count(
            self.answered + other.answered,
            self.missed + other.missed,
            self.outgoing + other.outgoing,
        )


@dataclass(frozen=True, slots=True)
class Hour:
    """The calls of an hour by the clock: ``day`` 0 is Monday, ``hour`` 10 is 10:00 to 11:00."""

    day: int
    hour: int
    count: Count


class Meeting(NamedTuple):
    """A call with ``other`` (canonical, never empty) at ``at`` (`model.moment`): ``missed``, else
    one that we made or in which both talked. There are thousands: a dataclass costs ten times more.
    """

    other: str
    at: int
    missed: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited to be called back; ``total`` are those who had to.

    ``times`` are of those who were reached, sorted.
    """

    total: int = 0
    times: tuple[timedelta, ...] = ()

    @property
    def called_back(self) -> int:
        return len(self.times)

    @property
    def median(self) -> timedelta:
        """Zero where nobody was called back."""
        seconds = (time.total_seconds() for time in self.times)
        return timedelta(seconds=median(seconds)) if self.times else timedelta()


@dataclass(frozen=True, slots=True)
class Figures:
    """``hours`` are those with calls, in the order of time."""

    hours: tuple[Hour, ...] = ()
    waits: Waits = field(default_factory=Waits)

    @property
    def count(self) -> Count:
        return sum((hour.count for hour in self.hours), Count())

    @property
    def busiest(self) -> tuple[Hour, ...]:
        """The hour with the most calls, the first of several; empty where there was no call."""
        return (max(self.hours, key=lambda hour: hour.count.total),) if self.hours else ()


@dataclass(frozen=True, slots=True)
class Report:
    """A week and what it is compared with, see `Week.compared_span`; ``running`` while it is not
    over."""

    week: Week
    figures: Figures
    before: Figures
    running: bool


def hours_of(counts: Iterable[tuple[datetime, Count]]) -> tuple[Hour, ...]:
    """The counts of moments as hours of their week."""
    found: dict[tuple[int, int], Count] = {}
    for at, count in counts:
        wall = at.astimezone(tallinn())
        place = wall.weekday(), wall.hour
        found[place] = found.get(place, Count()) + count
    return tuple(Hour(*place, found[place]) for place in sorted(found) if found[place].total)


def waits_of(meetings: Iterable[Meeting], until: datetime) -> Waits:
    """How long those waited who called in vain before ``until``; the meetings in order of time.

    Whoever is missed three times before somebody calls back waited once, from the first time on;
    whoever is missed again after that waits again. The wait ends with the first own call, reached
    or not, or the first talk whoever called, within 7 days.
    """
    waiting: dict[str, int] = {}
    total, times, end = 0, [], micros(until)
    for other, at, missed in meetings:
        if not missed:
            since = waiting.pop(other, None)
            if since is not None:
                times.append(moment(at) - moment(since))
        elif at < end and other not in waiting:
            waiting[other] = at
            total += 1
    return Waits(total, tuple(sorted(time for time in times if time <= CALLED_BACK_WITHIN)))
