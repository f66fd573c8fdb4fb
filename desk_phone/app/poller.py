"""When to look: the rhythm of `model.schedule` on Qt's clock."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

from PySide6.QtCore import QObject, Qt, QTimer

from desk_phone.app.calls import Calls
from desk_phone.app.office import now
from desk_phone.app.poll import Polled
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadCredentials, Offline, PhoneError, Uncertain
from desk_phone.model import schedule
from desk_phone.model.calls import Change
from desk_phone.model.schedule import Reason, Rhythm, Situation
from desk_phone.store.memory import Memory
from desk_phone.system.presence import Presence

_BYTES = "bytes used"
_WRITTEN_DOWN = 1_000_000  # bytes that a crash may forget
_NEWS = timedelta(minutes=3)


class Poller(QObject):
    """Looks by itself from `start` to `stop`; a fixed ``poll_seconds`` in the settings, for trying
    out, takes the place of the rhythm. After a refused password it waits for a person."""

    def __init__(
        self,
        calls: Calls,
        preferences: Preferences,
        presence: Presence,
        memory: Memory,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._preferences = calls, preferences
        self._presence, self._memory = presence, memory
        self._rhythm = _remembered(memory)
        self._written = self._rhythm.used
        self._clocks = (now(), time.monotonic())
        self._due: float | None = None  # monotonic
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._look)
        calls.polled.connect(self._polled)
        calls.failed.connect(self._failed)
        calls.changed.connect(self._changed)
        presence.resumed.connect(self._woke)
        presence.changed.connect(self._presence_changed)

    def start(self) -> None:
        self._calls.poll()

    def stop(self) -> None:
        self._timer.stop()
        self._write_down(0)

    def dialled(self) -> None:
        """A call of our own was sent: its record is soon to come."""
        self._rhythm = schedule.call_ended(self._rhythm, now())
        if not self._calls.polling:
            self._plan()

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

    def _presence_changed(self) -> None:
        """Somebody came or went: another rhythm from now on."""
        if self._timer.isActive() and not self._rhythm.failures:
            self._plan()

    def _changed(self, changes: tuple[Change, ...]) -> None:
        """A call that began or ended just now may bring more news."""
        latest = max((c.after.released or c.after.start for c in changes), default=None)
        if latest is not None and timedelta() <= now() - latest < _NEWS:
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

    def _plan(self) -> None:
        pause, reason = self._next()
        self._due = time.monotonic() + pause
        self._timer.start(round(pause * 1000))
        self._calls.plan_next(now() + timedelta(seconds=pause), reason is Reason.BUDGET)

    def _next(self) -> tuple[float, Reason]:
        fixed = float(self._preferences.settings.poll_seconds)
        if fixed:  # also in trouble
            return fixed, Reason.FIXED
        situation = Situation(schedule.Presence(self._presence.state))
        following = schedule.following(self._rhythm, situation, now(), random.random)
        self._rhythm = following.rhythm
        return following.pause, following.reason

    # the day's bytes, over restarts

    def _write_down(self, at_least: int) -> None:
        rhythm = self._rhythm
        if rhythm.day is not None and not 0 <= rhythm.used - self._written <= at_least:
            self._memory.put(_BYTES, f"{rhythm.day} {rhythm.used} {rhythm.polls}")
            self._written = rhythm.used


def _remembered(memory: Memory) -> Rhythm:
    kept = memory.get(_BYTES).split()
    if len(kept) != 3:
        return Rhythm()
    day, used, polls = kept
    return Rhythm(day=date.fromisoformat(day), used=int(used), polls=int(polls))
