"""Pop-ups that rest until a moment, and whether one may show now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.preferences import Preferences

HOUR = timedelta(hours=1)
_LONGEST = timedelta(days=366)  # a settings file may say anything
_LOOKS_AGAIN_MS = 10 * 60 * 1000  # a timer stands still while the computer sleeps
_WORKDAY_BEGINS = 6  # o'clock: "until tomorrow" ends before anybody is at the desk


def tomorrow(now: datetime) -> datetime:
    """When a pause "until tomorrow" ends."""
    next_day = now.astimezone() + timedelta(days=1)
    return next_day.replace(hour=_WORKDAY_BEGINS, minute=0, second=0, microsecond=0)


class Pause(QObject):
    """The pause as the settings have it; ``changed`` also when it ends by itself."""

    changed = Signal()

    def __init__(
        self, preferences: Preferences, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences, self._now = preferences, now
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self._look)
        preferences.changed.connect(self._look)
        self._told = self._state()
        self._wait()

    @property
    def until(self) -> datetime | None:
        """When pop-ups come back; None while they are not paused, or off altogether."""
        settings, now = self._preferences.settings, self._now()
        rest = settings.popups_paused_until - now.timestamp()
        if not settings.popups or not rest > 0:
            return None
        return now + min(timedelta(seconds=min(rest, 1e9)), _LONGEST)

    @property
    def allows(self) -> bool:
        """Whether a pop-up may show now."""
        return self._preferences.settings.popups and self.until is None

    def begin(self, until: datetime) -> None:
        self._preferences.change(popups_paused_until=until.timestamp())

    def for_an_hour(self) -> None:
        self.begin(self._now() + HOUR)

    def until_tomorrow(self) -> None:
        self.begin(tomorrow(self._now()))

    def end(self) -> None:
        self._preferences.change(popups_paused_until=0.0)

    def _state(self) -> tuple[bool, float | None]:
        settings = self._preferences.settings
        return settings.popups, settings.popups_paused_until if self.until else None

    def _look(self) -> None:
        self._wait()
        state = self._state()
        if state != self._told:
            self._told = state
            self.changed.emit()

    def _wait(self) -> None:
        until = self.until
        if until is None:
            self._timer.stop()
            return
        rest = (until - self._now()) / timedelta(milliseconds=1)
        precise = rest < _LOOKS_AGAIN_MS
        kind = Qt.TimerType.CoarseTimer if precise else Qt.TimerType.VeryCoarseTimer
        self._timer.setTimerType(kind)
        self._timer.start(int(min(rest, _LOOKS_AGAIN_MS)) + 1)
