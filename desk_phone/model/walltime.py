"""The service's wall time, Europe/Tallinn without a zone, as moments in UTC.

Once a year an hour happens twice (``2026-10-25T03:30:00``) and once an hour never was
(``2026-03-29T03:30:00``). The zone is inferred, the text never says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_SLACK = timedelta(minutes=5)  # how far our own clock may be behind the service's
_NOTICED = timedelta(seconds=20)  # how near to a start the notice of the call is
_DIALLED = timedelta(minutes=3)  # how soon after an own dial its call starts
_YEARS = (1990, 2199)  # outside of them it is no time of a phone call

_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


@lru_cache(maxsize=1)
def tallinn() -> ZoneInfo:
    return ZoneInfo("Europe/Tallinn")


def moments(text: str) -> tuple[datetime, ...]:
    """When it may have been, in UTC: one moment, two in the doubled hour, none for no time at all.

    A time that never was moves one hour on. A text that has a zone after all is believed.
    """
    if not text or not _TIME.fullmatch(text):
        return ()
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return ()
    if not _YEARS[0] <= said.year <= _YEARS[1]:
        return ()
    if said.tzinfo is not None:
        return (said.astimezone(UTC),)
    steady = _offset(said.date())
    if steady is not None:
        return (said.replace(tzinfo=UTC) - steady,)
    return _on_the_night(said)


def doubled_day(text: str) -> str:
    """The date that a record's time begins with, if one of its hours happens twice, else empty."""
    day = text[:10]
    return day if _is_doubled(day) else ""


def doubled_day_of(at: datetime) -> str:
    """The same of a moment: its date on Tallinn's calendars, or empty."""
    return doubled_day(at.astimezone(tallinn()).date().isoformat())


@lru_cache(maxsize=1024)
def _is_doubled(day: str) -> bool:
    try:
        return _shift(date.fromisoformat(day)) < timedelta()
    except (ValueError, OverflowError):
        return False


@lru_cache(maxsize=1024)
def _offset(day: date) -> timedelta | None:
    """How far Tallinn is ahead of UTC; None on a day when that changes."""
    return _at(day, 0) if _shift(day) == timedelta() else None


def _shift(day: date) -> timedelta:
    return _at(day, 24) - _at(day, 0)


def _at(day: date, hour: int) -> timedelta:
    at = datetime(day.year, day.month, day.day, tzinfo=tallinn()) + timedelta(hours=hour)
    return at.utcoffset() or timedelta()


def _on_the_night(said: datetime) -> tuple[datetime, ...]:
    first = said.replace(tzinfo=tallinn(), fold=0).astimezone(UTC)
    second = said.replace(tzinfo=tallinn(), fold=1).astimezone(UTC)
    if first < second:
        return (first, second)
    return (max(first, second),)  # equal, or the hour that never was: the offset before it


@dataclass(frozen=True, slots=True)
class Told:
    """What one record says of its times, and what else tells when it was.

    ``noticed`` and ``dialled`` are the moments of notices and own dials with the same ``other``
    that may be of this call; ``heard`` is when its record first came: it cannot have begun later.
    """

    id: str
    start: str
    answer: str = ""
    release: str = ""
    other: str = ""
    heard: datetime | None = None
    noticed: tuple[datetime, ...] = ()
    dialled: tuple[datetime, ...] = ()


def untangle(night: Sequence[Told]) -> dict[str, datetime]:
    """The starts of one line's records around a doubled hour; those whose text is no time are out.

    What answer, release, a notice, a dial or the moment of hearing decide is decided by them; the
    rest goes between its neighbours, whose ids seem to count upwards [inferred].
    """
    starts: dict[str, datetime] = {}
    counted: list[tuple[int, datetime]] = []
    taken: set[tuple[str, datetime]] = set()
    likely = {told.id: _likely(told) for told in night}
    for told in sorted(night, key=lambda t: (len(likely[t.id]) > 1, _count(t.id), t.id)):
        if not likely[told.id]:
            continue
        number = _count(told.id)
        since = max((at for n, at in counted if n < number), default=None)
        until = min((at for n, at in counted if n > number), default=None)
        free = replace(told, noticed=tuple(n for n in told.noticed if (told.other, n) not in taken))
        start = _between(likely[told.id], since, until, free)
        starts[told.id] = start
        taken |= {(told.other, n) for n in free.noticed if abs(n - start) <= _NOTICED}
        if number >= 0:
            counted.append((number, start))
    return starts


def later(text: str, than: datetime) -> datetime | None:
    """An answer or release: the first moment it may have been that is not before ``than``.

    None for no time, and for one that was before it however one reads it.
    """
    return next((at for at in moments(text) if at >= than), None)


def _count(record_id: str) -> int:
    return int(record_id) if record_id.isdecimal() else -1


def _likely(told: Told) -> tuple[datetime, ...]:
    """The moments left when the record itself and what was seen have had their say."""
    may_be = moments(told.start)
    if len(may_be) < 2:
        return may_be
    best = min(_oddness(told, at) for at in may_be)
    return tuple(at for at in may_be if _oddness(told, at) == best)


def _oddness(told: Told, start: datetime) -> tuple[bool, bool, timedelta]:
    """Out of order or in the future, not where it was seen, and how long it rang."""
    answer = later(told.answer, start)
    release = later(told.release, answer or start)
    lost = (answer is None and moments(told.answer)) or (release is None and moments(told.release))
    future = told.heard is not None and start > told.heard + _SLACK
    return bool(lost) or future, not _seen(told, start), answer - start if answer else timedelta()


def _seen(told: Told, start: datetime) -> bool:
    return any(abs(start - at) <= _NOTICED for at in told.noticed) or any(
        -_NOTICED <= start - at <= _DIALLED for at in told.dialled
    )


def _between(
    likely: tuple[datetime, ...], since: datetime | None, until: datetime | None, told: Told
) -> datetime:
    """Where a notice is that is no other record's, then the earliest between the neighbours."""

    def oddness(start: datetime) -> tuple[bool, bool, timedelta, datetime]:
        outside = (since is not None and start < since) or (until is not None and start > until)
        release = later(told.release, start)
        talk = release - start if release else timedelta()
        return not _seen(told, start), outside, talk, start

    return min(likely, key=oddness)
