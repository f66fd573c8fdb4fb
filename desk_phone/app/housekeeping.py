"""Keeps no more than a person wants kept: old calls go, and a number is erased when asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.calls import Calls
from desk_phone.app.piecemeal import Piecemeal
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput, PhoneError
from desk_phone.store.erasing import Erasing, Known

log = logging.getLogger(__name__)

_LOOK_EVERY_MS = 6 * 3600 * 1000
_AT_ONCE = 100  # calls: some hundredths of a second
_MONTH = timedelta(days=365.25 / 12)
_JUST_LOOKED = timedelta(days=1)
SHORTEST_MONTHS = 2  # what the service still tells would come back


class Housekeeping(QObject):
    """Looks some time after the start and then every six hours."""

    erased = Signal(str)  # the number
    purged = Signal()  # old calls are gone: read again
    failed = Signal(object)  # PhoneError

    def __init__(
        self,
        calls: Calls,
        erasing: Erasing,
        preferences: Preferences,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._erasing = calls, erasing
        self._preferences, self._now = preferences, now
        self._work = Piecemeal(self)
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look)

    def start(self, after_ms: int = 60_000) -> None:
        self._timer.start()
        QTimer.singleShot(after_ms, self._timer, self._look_first)

    def stop(self) -> None:
        self._timer.stop()
        self._work.stop()

    def look(self) -> None:
        """Let go of what is older than is kept, and of what was to be erased by now; what is much
        goes in pieces."""
        if not self._work.busy:
            self._work.begin(self._letting_go(), lambda _: None)

    def known(self, other: str) -> Known:
        return self._erasing.known(other, self._now())

    def erase(self, other: str) -> bool:
        """Whether it was done; else `failed` said why."""
        try:
            gone = self._erasing.erase(other, self._now())
            # Who tells other programs of calls must still know that it told them.
            self._calls.changed.emit(gone)
            self._erasing.forget_told(other)
        except PhoneError as error:
            self.failed.emit(error)
            return False
        self.erased.emit(other)
        return True

    def _look_first(self) -> None:
        if self._timer.isActive():
            self.look()

    def _letting_go(self) -> Generator[None, None, None]:
        try:
            if count := self._erasing.erase_due(self._now()):
                log.info("erased what was put off, of %d numbers", count)
            yield
            months = self._preferences.settings.keep_months
            if months > 0 and self._clock_believed():
                yield from self._purging(self._now() - max(months, SHORTEST_MONTHS) * _MONTH)
        except BadInput as error:  # no room: later
            log.warning("no more was let go of: %s", error.title)

    def _clock_believed(self) -> bool:
        """A clock that is years ahead would let everything go. Then the service's certificate is no
        longer valid either: by the clock, nobody has looked for long."""
        looked = self._calls.line.updated
        return looked is not None and timedelta() <= self._now() - looked <= _JUST_LOOKED

    def _purging(self, before: datetime) -> Generator[None, None, None]:
        ledger, count = self._calls.ledger, 0
        while (at := self._erasing.start_of(_AT_ONCE)) is not None and at < before:
            if not (gone := ledger.purge(at)):  # more than that began in one moment
                break
            count += gone
            yield
        if count := count + ledger.purge(before):
            log.info("%d old calls were let go of", count)
            self.purged.emit()
