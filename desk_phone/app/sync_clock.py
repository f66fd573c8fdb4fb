"""When the phonebook is synced by itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.sync import Synced
from desk_phone.errors import BadCredentials, Offline, PhoneError, Uncertain
from desk_phone.model import schedule
from desk_phone.model.schedule import Presence, Rhythm, Situation

EVERY = timedelta(minutes=15)
AFTER_EDIT = timedelta(seconds=2)  # edits until then go in one sync
SOON_AGAIN = timedelta(seconds=65)  # a second list, a minute after the first, settles what is open
_JITTER = 0.2


class SyncClock(QObject):
    """``due`` every quarter of an hour, or more seldom where bytes are short; soon after an edit,
    later and later while there is trouble, and never while the account is locked."""

    due = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._apart = timedelta()
        self._rhythm = Rhythm()
        self._locked = self._running = False
        self._edited = False  # while a sync ran
        self._out_of_reach = False  # as the last sync found the service
        self._hurries = False  # once the service is known to be within reach again
        self._not_before: datetime | None = None  # what edits do not hurry
        self._next: datetime | None = None
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.due)

    @property
    def next(self) -> datetime | None:
        """None: not before a person gives a password."""
        return self._next

    def stop(self) -> None:
        self._timer.stop()
        self._next = None

    def edited(self) -> None:
        """Something waits to be sent."""
        if self._running:
            self._edited = True
            return
        now = self._now()
        patient = self._not_before is not None and now < self._not_before
        planned = self._next is not None and now <= self._next <= now + AFTER_EDIT
        if not (patient or planned or self._locked):
            self._plan(AFTER_EDIT)

    def answered(self) -> None:
        """A person said what to make of a list: edits need not wait for its next look any more."""
        self._not_before = None

    def reachable(self) -> None:
        """Something else reached the service: a sync that could not need not wait on, once for all
        failures in a row. Else what fails of the phonebook alone would be tried as often."""
        if self._hurries and not self._running and not self._locked:
            self._hurries = False
            self._plan(AFTER_EDIT)

    def unreachable(self) -> None:
        """Nothing else reaches the service either."""
        self._hurries = self._out_of_reach

    def began(self) -> None:
        self._running = True
        self._plan(EVERY)  # whatever ends it

    def spread(self, apart: timedelta) -> None:
        """Syncs that nobody asked for shall be at least so far from each other."""
        self._apart = apart

    def succeeded(self, synced: Synced, unsettled: bool) -> None:
        """``unsettled``: a further list will decide about something."""
        edited = self._end()
        self._rhythm = schedule.succeeded(self._rhythm, 0, self._now())
        self._out_of_reach = self._hurries = False
        if synced.look_again is not None:
            self._plan(synced.look_again)
            self._not_before = self._next
        elif edited and not synced.stopped:
            self._plan(AFTER_EDIT)
        elif unsettled:
            self._plan(SOON_AGAIN)
        else:
            self._plan(max(EVERY, self._apart) * random.uniform(1 - _JITTER, 1 + _JITTER))

    def refused(self) -> None:
        """It did not even begin, and will not before a person acts."""
        self._end()
        self.stop()

    def failed(self, error: PhoneError) -> None:
        self._end()
        if isinstance(error, BadCredentials):
            self._locked = True
            self.stop()
            return
        asked = error.retry_after if isinstance(error, Offline | Uncertain) else None
        self._rhythm = schedule.failed(self._rhythm, self._now(), asked)
        self._out_of_reach = isinstance(error, Offline | Uncertain) and not asked
        self._hurries = self._out_of_reach and self._rhythm.failures == 1
        here = Situation(Presence.HERE)
        following = schedule.following(self._rhythm, here, self._now(), random.random)
        self._rhythm = following.rhythm
        self._plan(timedelta(seconds=following.pause))
        if asked:
            self._not_before = self._next

    def _end(self) -> bool:
        """Whether there were edits while the sync ran."""
        edited, self._edited = self._edited, False
        self._locked = self._running = False
        self._not_before = None
        return edited

    def _plan(self, pause: timedelta) -> None:
        self._next = self._now() + pause
        self._timer.start(round(pause.total_seconds() * 1000))
