"""When to look: the rhythm of `model.schedule` on Qt's clock."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer

from desk_phone.app.calls import Calls
from desk_phone.app.office import now
from desk_phone.app.poll import Polled
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadCredentials, Offline, PhoneError, Uncertain
from desk_phone.model import schedule
from desk_phone.model.calls import Call, Change, Outcome
from desk_phone.model.schedule import Reason, Rhythm, Situation
from desk_phone.store.memory import Memory
from desk_phone.system.presence import Presence

_BYTES = "bytes used"
_WRITTEN_DOWN = 1_000_000  # bytes that a crash may forget
_NEWS = timedelta(minutes=3)
_RINGS = timedelta(seconds=25)  # a phone that nobody answers


class Poller(QObject):
    """Looks by itself from `start` to `stop`; a fixed ``poll_seconds`` in the settings, for trying
    out, takes the place of the rhythm. After a refused password it waits for a person.
    ``notices_up`` is asked each time: while notices come, looking can be rare."""

    def __init__(
        self,
        calls: Calls,
        preferences: Preferences,
        presence: Presence,
        memory: Memory,
        notices_up: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._notices_up = notices_up
        self._calls, self._preferences = calls, preferences
        self._presence, self._memory = presence, memory
        self._rhythm = _remembered(memory)
        self._written = self._rhythm.used + self._rhythm.listed
        self._clocks = (now(), time.monotonic())
        self._due: float | None = None  # monotonic
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._look)
        calls.polled.connect(self._polled)
        calls.failed.connect(self._failed)
        calls.changed.connect(self._changed)
        calls.heard.connect(self.dialled)
        presence.resumed.connect(self._woke)
        presence.changed.connect(self.replan)

    def start(self) -> None:
        self._calls.poll()

    def stop(self) -> None:
        self._timer.stop()
        self._write_down(0)

    def dialled(self) -> None:
        """A call of our own was sent, or a notice told of one: its record is soon to come.

        Calls one after another put no look off."""
        self._rhythm = schedule.call_ended(self._rhythm, now())
        if not self._calls.polling:
            self._plan(at_latest=self._due if self._timer.isActive() else None)

    # the phonebook's lists, which come out of the same day's bytes

    def list_came(self, wire_bytes: int) -> None:
        self._rhythm = schedule.list_came(self._rhythm, wire_bytes, now())
        self._write_down(_WRITTEN_DOWN)

    def lists_apart(self, wire_bytes: int) -> timedelta:
        """At least so long between two lists of that length that no person asked for."""
        return timedelta(seconds=schedule.lists_apart(self._rhythm, wire_bytes, now()))

    # what happens

    def _look(self) -> None:
        (wall, steady), self._clocks = self._clocks, (now(), time.monotonic())
        if schedule.slept(wall, self._clocks[0], steady, self._clocks[1], self._due):
            self._calls.woke()
        self._calls.poll()

    def _woke(self) -> None:
        self._clocks = (now(), time.monotonic())
        self._calls.woke()
        self._calls.poll()

    def replan(self) -> None:
        """Somebody came or went, or notices did: another rhythm from now on."""
        if self._timer.isActive() and not self._rhythm.failures:
            self._plan()

    def _changed(self, changes: tuple[Change, ...]) -> None:
        """A call that began or ended just now may bring more news."""
        at = now()
        latest = max((_ended(change.after, at) for change in changes), default=None)
        if latest is not None and timedelta() <= at - latest < _NEWS:
            self._rhythm = schedule.call_ended(self._rhythm, latest)

    def _polled(self, polled: Polled) -> None:
        self._rhythm = schedule.succeeded(self._rhythm, polled.wire_bytes, polled.at)
        self._write_down(_WRITTEN_DOWN)
        self._plan()

    def _failed(self, error: PhoneError) -> None:
        asked = error.retry_after if isinstance(error, Offline | Uncertain) else None
        self._rhythm = schedule.failed(self._rhythm, now(), asked)
        if not isinstance(error, BadCredentials):
            self._plan()

    # the next look

    def _plan(self, at_latest: float | None = None) -> None:
        before = self._rhythm
        pause, reason = self._next()
        due = time.monotonic() + pause
        if at_latest is not None and at_latest <= due:
            self._rhythm = before
            return
        self._due = due
        self._timer.start(round(pause * 1000))
        self._calls.plan_next(now() + timedelta(seconds=pause), reason is Reason.BUDGET)

    def _next(self) -> tuple[float, Reason]:
        fixed = float(self._preferences.settings.poll_seconds)
        if fixed:  # also in trouble
            return fixed, Reason.FIXED
        situation = Situation(schedule.Presence(self._presence.state), self._notices_up())
        following = schedule.following(self._rhythm, situation, now(), random.random)
        self._rhythm = following.rhythm
        return following.pause, following.reason

    # the day's bytes, over restarts

    def _write_down(self, at_least: int) -> None:
        rhythm = self._rhythm
        used = rhythm.used + rhythm.listed
        if rhythm.day is not None and not 0 <= used - self._written <= at_least:
            kept = (rhythm.day, rhythm.used, rhythm.polls, rhythm.listed)
            self._memory.put(_BYTES, " ".join(map(str, kept)))
            self._written = used


def _ended(call: Call, at: datetime) -> datetime:
    """When a call that changed at ``at`` ended, as far as known. A record that says neither, long
    after its start, is of one that is over most likely: the next look makes sure."""
    if call.outcome is Outcome.RINGING and call.record_id and at - call.start >= _RINGS:
        return at
    return call.released or call.start


def _remembered(memory: Memory) -> Rhythm:
    kept = memory.get(_BYTES).split()
    if len(kept) != 4:
        return Rhythm()
    day, *counts = kept
    used, polls, listed = map(int, counts)
    return Rhythm(day=date.fromisoformat(day), used=used, polls=polls, listed=listed)
