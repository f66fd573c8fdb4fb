"""Quiet hours: when pop-ups only count, and show one summary afterwards.

The hours are by the clock on the wall, so a night on which the clocks change is an hour longer or
shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from desk_phone.model.free_days import is_free

_DAYS = 12  # looked through each way: no free days last so long
_SATURDAY = 5
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """What a person chose. ``since`` and ``until`` are both None, or different.

    ``since`` may be later in the day than ``until``: then the night between is meant. ``weekends``
    and ``holidays`` (Estonian public ones) are whole days, from midnight to midnight.
    """

    since: time | None = None
    until: time | None = None
    weekends: bool = False
    holidays: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A while without pop-ups, in UTC."""

    since: datetime
    until: datetime


NEVER = Quiet()


def chosen(since: str, until: str, weekends: bool, holidays: bool) -> Quiet:
    """From settings: ``HH:MM`` each; hours of which one is missing, or both the same, are none."""
    first, last = _time(since), _time(until)
    if first is None or last is None or first == last:
        first = last = None
    return Quiet(first, last, weekends, holidays)


def span(quiet: Quiet, now: datetime, zone: tzinfo | None = None) -> Span | None:
    """The quiet time that holds now, with all that adjoins it; None when there is none.

    ``zone`` None: the computer's own.
    """
    local = now.astimezone(zone).replace(tzinfo=None)
    if not _is_quiet(quiet, local):
        return None
    begins = next(at for at in _back(quiet, local) if not _is_quiet(quiet, at - _MINUTE))
    ends = next(at for at in _on(quiet, local) if not _is_quiet(quiet, at))
    return Span(_moment(begins, zone), _later(ends, now, zone))


def begins(quiet: Quiet, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """When it is quiet next, for a time that is not; None where nothing is chosen, or not soon."""
    local = now.astimezone(zone).replace(tzinfo=None)
    found = (_later(at, now, zone) for at in _on(quiet, local) if _is_quiet(quiet, at))
    return next(found, None)


def _is_quiet(quiet: Quiet, local: datetime) -> bool:
    if _is_quiet_day(quiet, local.date()):
        return True
    at, since, until = local.time(), quiet.since, quiet.until
    if since is None or until is None:
        return False
    return since <= at < until if since < until else at >= since or at < until


def _is_quiet_day(quiet: Quiet, day: date) -> bool:
    weekend = quiet.weekends and day.weekday() >= _SATURDAY
    return weekend or (quiet.holidays and is_free(day))


def _on(quiet: Quiet, local: datetime) -> Iterator[datetime]:
    """The moments after ``local`` at which something may change, in their order."""
    for day in range(_DAYS):
        yield from (at for at in _bounds(quiet, local + day * _DAY) if at > local)


def _back(quiet: Quiet, local: datetime) -> Iterator[datetime]:
    """The same up to ``local``, backwards."""
    for day in range(_DAYS):
        yield from (at for at in reversed(_bounds(quiet, local - day * _DAY)) if at <= local)


def _bounds(quiet: Quiet, local: datetime) -> list[datetime]:
    times = {time(), *(at for at in (quiet.since, quiet.until) if at is not None)}
    return [datetime.combine(local.date(), at) for at in sorted(times)]


def _moment(local: datetime, zone: tzinfo | None) -> datetime:
    """Of a wall time, in UTC: the earlier one of two, and one that never was an hour on."""
    return (local.replace(tzinfo=zone) if zone is not None else local).astimezone(UTC)


def _later(local: datetime, now: datetime, zone: tzinfo | None) -> datetime:
    """Of a wall time ahead of that of ``now``: in the hour that comes twice perhaps the second."""
    first = _moment(local, zone)
    return first if first > now.astimezone(UTC) else _moment(local.replace(fold=1), zone)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
