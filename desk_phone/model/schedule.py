"""When to look at the call history next. Frozen state in, frozen state out; seconds everywhere.

``random`` is a function like `random.random`; ``now`` is aware.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

BUDGET = 40_000_000  # bytes a day on the wire, counted by days of UTC

_HERE, _IDLE, _RARE = 120.0, 300.0, 900.0
_JITTER = 0.2
_AFTER_A_CALL = (5.0, 30.0, 120.0)  # its record comes, then grows
_FIRST_PAUSE = 30.0  # after a failure; up to three times the last one after each more
_LONGEST_PAUSE = 900.0
_ASKED_AT_MOST = 86_400.0  # a Retry-After beyond a day is a mistake
_LISTS_SPREAD = 0.75  # of the budget: with less left, lists of the phonebook are spread
_LISTS_SHARE = 0.25  # of what is left is theirs
_RESERVE = 10  # polls that the budget keeps for calls that ended just now
_SLEPT = 10.0  # clocks differ by less without any sleep
_LATE = 0.1  # of a pause: so late a coarse timer may be


class Presence(StrEnum):
    HERE = "here"
    IDLE = "idle"  # nobody touched the computer for a while
    LOCKED = "locked"


class Reason(StrEnum):
    """Why the pause is as long as it is."""

    RHYTHM = "rhythm"
    FIXED = "fixed"  # the setting for trying out
    CALL = "call"  # one ended, or was dialled, just now
    TROUBLE = "trouble"  # the last poll failed
    ASKED = "asked"  # the service named the pause
    BUDGET = "budget"  # the day's bytes run short: say so


@dataclass(frozen=True, slots=True)
class Situation:
    """``notices_up``: the service tells of calls by itself. ``fixed``: a setting, 0 for none."""

    presence: Presence = Presence.HERE
    notices_up: bool = False
    fixed: float = 0.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What must be remembered from poll to poll.

    ``failures`` in a row, the ``pause`` after the last one, ``asked``: the Retry-After with it;
    ``call_at``: when the last call ended or was dialled; ``used`` bytes on ``day`` in ``polls``,
    and ``listed`` in lists of the phonebook.
    """

    failures: int = 0
    pause: float = 0.0
    asked: float = 0.0
    call_at: datetime | None = None
    day: date | None = None
    used: int = 0
    polls: int = 0
    listed: int = 0


@dataclass(frozen=True, slots=True)
class Next:
    """Wait so long, and go on from ``rhythm``."""

    pause: float
    reason: Reason
    rhythm: Rhythm


def succeeded(rhythm: Rhythm, wire_bytes: int, now: datetime) -> Rhythm:
    return replace(_spent(rhythm, wire_bytes, now), failures=0, pause=0.0, asked=0.0)


def failed(
    rhythm: Rhythm, now: datetime, retry_after: float | None = None, wire_bytes: int = 0
) -> Rhythm:
    asked = min(max(retry_after or 0.0, 0.0), _ASKED_AT_MOST)
    spent = _spent(rhythm, wire_bytes, now)
    return replace(spent, failures=rhythm.failures + 1, asked=asked)


def list_came(rhythm: Rhythm, wire_bytes: int, now: datetime) -> Rhythm:
    """A list of the phonebook: its bytes count, and it is no poll."""
    rhythm = _today(rhythm, now)
    return replace(rhythm, listed=rhythm.listed + wire_bytes)


def lists_apart(rhythm: Rhythm, wire_bytes: int, now: datetime) -> float:
    """The shortest pause between lists of so many bytes that no person asked for; 0 while there are
    many bytes left. They become rarer before the polls do."""
    left, seconds, _ = _left(rhythm, now)
    if left > BUDGET * _LISTS_SPREAD or wire_bytes <= 0:
        return 0.0
    return seconds / max(1.0, left * _LISTS_SHARE // wire_bytes)


def call_ended(rhythm: Rhythm, at: datetime) -> Rhythm:
    """A call ended at ``at``, or was dialled: its record is to be expected."""
    return replace(rhythm, call_at=at)


def following(
    rhythm: Rhythm, situation: Situation, now: datetime, random: Callable[[], float]
) -> Next:
    """How long to wait for the next poll, and why."""
    if rhythm.failures:
        return _after_trouble(rhythm, random)
    usual, reason = _usual(situation, random)
    least = _affordable(rhythm, now)
    if least > usual:
        usual, reason = least, Reason.BUDGET
    soon = _after_call(rhythm, now)
    if soon is not None and soon < usual and _has_reserve(rhythm, now):
        usual, reason = soon, Reason.CALL
    return Next(usual, reason, rhythm)


def slept(
    wall_before: datetime,
    wall_now: datetime,
    steady_before: float,
    steady_now: float,
    due: float | None = None,
) -> timedelta:
    """How long the computer slept between two looks at both clocks; zero if it did not.

    A steady clock that stops in sleep falls behind the wall clock; where it goes on, the timer that
    was ``due`` at a steady moment came late. A wall clock that was set back is no sleep.
    """
    stopped = (wall_now - wall_before).total_seconds() - (steady_now - steady_before)
    if stopped > _SLEPT:
        return timedelta(seconds=stopped)
    late = steady_now - due if due is not None else 0.0
    tolerated = max(_SLEPT, _LATE * (due - steady_before)) if due is not None else _SLEPT
    return timedelta(seconds=late) if late > tolerated else timedelta()


def _usual(situation: Situation, random: Callable[[], float]) -> tuple[float, Reason]:
    if situation.fixed > 0:
        return situation.fixed, Reason.FIXED
    if situation.notices_up or situation.presence is Presence.LOCKED:
        base = _RARE
    else:
        base = _IDLE if situation.presence is Presence.IDLE else _HERE
    return base * (1 - _JITTER + 2 * _JITTER * random()), Reason.RHYTHM


def _after_trouble(rhythm: Rhythm, random: Callable[[], float]) -> Next:
    """Decorrelated jitter: between the first pause and three times the last one.

    Many desks that failed together don't come back together.
    """
    longest = max(_FIRST_PAUSE, rhythm.pause) * 3
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE + (longest - _FIRST_PAUSE) * random())
    after = replace(rhythm, pause=pause)
    if rhythm.asked > pause:
        return Next(rhythm.asked * (1 + _JITTER * random()), Reason.ASKED, after)
    return Next(pause, Reason.TROUBLE, after)


def _after_call(rhythm: Rhythm, now: datetime) -> float | None:
    """The pause until the next of the three looks after a call; None when they are past."""
    if rhythm.call_at is None:
        return None
    since = (now - rhythm.call_at).total_seconds()
    return next((at - since for at in _AFTER_A_CALL if 0 <= since < at), None)


def _spent(rhythm: Rhythm, wire_bytes: int, now: datetime) -> Rhythm:
    rhythm = _today(rhythm, now)
    return replace(rhythm, used=rhythm.used + wire_bytes, polls=rhythm.polls + 1)


def _today(rhythm: Rhythm, now: datetime) -> Rhythm:
    today = now.astimezone(UTC).date()
    if rhythm.day == today:
        return rhythm
    return replace(rhythm, day=today, used=0, polls=0, listed=0)


def _left(rhythm: Rhythm, now: datetime) -> tuple[int, float, float]:
    """Bytes and seconds left of today, and what a poll costs."""
    utc = now.astimezone(UTC)
    midnight = datetime(utc.year, utc.month, utc.day, tzinfo=UTC) + timedelta(days=1)
    rhythm = _today(rhythm, now)
    cost = rhythm.used / rhythm.polls if rhythm.polls else 0.0
    return BUDGET - rhythm.used - rhythm.listed, (midnight - utc).total_seconds(), cost


def _affordable(rhythm: Rhythm, now: datetime) -> float:
    """The shortest pause with which the bytes left last until midnight; 0 while there are many.

    Once half of the budget is used, what is left is spread evenly.
    """
    left, seconds, cost = _left(rhythm, now)
    if left > BUDGET / 2:
        return 0.0
    return seconds / (left // cost) if left >= cost > 0 else seconds


def _has_reserve(rhythm: Rhythm, now: datetime) -> bool:
    left, _, cost = _left(rhythm, now)
    return left > _RESERVE * cost
