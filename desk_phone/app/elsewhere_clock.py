"""Others' contacts as the windows see them, read again by themselves.

Files are looked at once a minute, by their time and size: Qt's own watcher hears nothing of network
shares, loses a file that is replaced instead of written, and may hold the main thread where a share
does not answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.calls import Calls
from desk_phone.app.elsewhere import Elsewhere
from desk_phone.app.elsewhere_adding import add_read
from desk_phone.app.lane import Lanes
from desk_phone.errors import BadInput, Offline, PhoneError, Uncertain
from desk_phone.model.calls import Change
from desk_phone.model.elsewhere import Source, SourceKind, SourceState
from desk_phone.model.secret import Secret

EVERY = {
    SourceKind.FILE: timedelta(minutes=1),
    SourceKind.WEB: timedelta(hours=1),
    SourceKind.CARDDAV: timedelta(hours=1),
    SourceKind.LDAP: timedelta(hours=4),
}
LONGEST = timedelta(hours=24)  # between two looks while one after the other fails
LONGEST_FOR_FILES = timedelta(minutes=10)  # a look costs nothing
AFTER_START = timedelta(seconds=10)  # the first look at the calls comes before
PRECISION = Qt.TimerType.VeryCoarseTimer  # it may wait for what else wakes the computer
_JITTER = 0.1
_SOON = timedelta(seconds=1)


class OutsideContacts(QObject):
    """Reads each source from `start` to `close` in its own rhythm, one at a time; later and later
    while it fails, and not at all while its password is refused.

    ``changed`` carries the ids of sources whose people are others now or that are gone;
    ``looked``: the states may be others. ``failed``: what a person did could not be done.
    """

    changed = Signal(object)  # frozenset[int]
    looked = Signal()
    failed = Signal(object)  # PhoneError

    def __init__(
        self,
        lanes: Lanes,
        elsewhere: Elsewhere,
        calls: Calls,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self.elsewhere, self._calls, self._now = lanes, elsewhere, calls, now
        self._due: dict[int, datetime] = {}
        self._failures: dict[int, int] = {}
        self._reading: set[int] = set()
        self._closed = False
        self._timer = QTimer(self, singleShot=True, timerType=PRECISION)
        self._timer.timeout.connect(self._look)
        elsewhere.told, elsewhere.moved = self._told, self._moved

    def start(self) -> None:
        for state in self.elsewhere.states():
            self._due[state.source.id] = self._now() + AFTER_START
        self._plan()

    def close(self) -> None:
        self._closed = True
        self._timer.stop()
        self._due.clear()

    # what is so

    def states(self) -> tuple[SourceState, ...]:
        return self.elsewhere.states()

    @property
    def reading(self) -> frozenset[int]:
        """Sources that are read at this moment."""
        return frozenset(self._reading)

    def next_look(self, source_id: int) -> datetime | None:
        """None: not before a person acts."""
        return self._due.get(source_id)

    # what a person does

    def read(self, source_id: int | None = None) -> None:
        """Now, one or all; a refused password is tried once more."""
        for state in self.elsewhere.states():
            if source_id in (None, state.source.id):
                self._read(state.source, asked=True)

    def add(
        self,
        kind: SourceKind,
        address: str,
        label: str,
        user: str = "",
        secret: Secret | None = None,
    ) -> None:
        """It is there once it was read; ``failed`` says why it is not, or that its password stays
        in memory only."""
        act = add_read(self.elsewhere, kind, address, label, user, secret)
        self._lanes.perform(act, self._added, self.failed.emit)

    def give_password(self, source_id: int, secret: Secret) -> None:
        def given(trouble: PhoneError | None) -> None:
            if trouble is not None:
                self.failed.emit(trouble)
            self.read(source_id)

        self._lanes.perform(
            self.elsewhere.give_password(source_id, secret), given, self.failed.emit
        )

    def call(self, source_id: int, label: str) -> None:
        try:
            self.elsewhere.call(source_id, label)
        except PhoneError as error:
            self.failed.emit(error)
        self.looked.emit()

    def remove(self, source_id: int) -> None:
        def removed(_: None) -> None:
            self._forget(source_id)
            self.looked.emit()

        self._forget(source_id)
        self._lanes.perform(self.elsewhere.remove(source_id), removed, self.failed.emit)

    # inside

    def _added(self, added: tuple[Source, PhoneError | None]) -> None:
        _, trouble = added
        if trouble is not None:
            self.failed.emit(trouble)
        self.looked.emit()

    def _look(self) -> None:
        now = self._now()
        for state in self.elsewhere.states():
            due = self._due.get(state.source.id)
            if due is not None and due <= now:
                self._read(state.source)
        self._plan()

    def _read(self, source: Source, asked: bool = False) -> None:
        if source.id in self._reading:
            return
        self._reading.add(source.id)
        self._due.pop(source.id, None)
        self._lanes.perform(
            self.elsewhere.read(source.id, asked),
            lambda _: self._ended(source.id),
            lambda error: self._ended(source.id, error),
        )
        self.looked.emit()

    def _ended(self, source_id: int, error: PhoneError | None = None) -> None:
        self._reading.discard(source_id)
        if error is None:
            self._failures.pop(source_id, None)
        else:
            self._failures[source_id] = self._failures.get(source_id, 0) + 1
        self._plan_next(source_id, error)
        self.looked.emit()

    def _plan_next(self, source_id: int, error: PhoneError | None = None) -> None:
        try:
            kind = self.elsewhere.state(source_id).source.kind
        except BadInput:  # removed meanwhile
            self._forget(source_id)
            return
        if self.elsewhere.is_locked(source_id):
            self._due.pop(source_id, None)
        else:
            longest = LONGEST_FOR_FILES if kind is SourceKind.FILE else LONGEST
            pause = min(EVERY[kind] * 2 ** min(self._failures.get(source_id, 0), 12), longest)
            if isinstance(error, Offline | Uncertain) and error.retry_after:
                pause = max(pause, timedelta(seconds=error.retry_after))
            pause *= random.uniform(1 - _JITTER, 1 + _JITTER)
            self._due[source_id] = self._now() + pause
        self._plan()

    def _plan(self) -> None:
        if self._closed or not self._due:
            self._timer.stop()
            return
        pause = max(min(self._due.values()) - self._now(), _SOON)
        self._timer.start(round(pause.total_seconds() * 1000))

    def _forget(self, source_id: int) -> None:
        self._due.pop(source_id, None)
        self._failures.pop(source_id, None)
        self._plan()

    def _moved(self, source_id: int) -> None:
        """A command may have done it: then the source has its rhythm from now on."""
        if source_id not in self._reading:
            self._plan_next(source_id)
            self.looked.emit()

    def _told(self, source_ids: frozenset[int], changes: tuple[Change, ...]) -> None:
        if changes:
            self._calls.take(changes)
        if source_ids:
            self.changed.emit(source_ids)
