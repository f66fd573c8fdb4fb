"""Pop-ups that rest: until a moment, or in quiet hours; and whether one may show now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desk_phone.app.preferences import Preferences
from desk_phone.model import quiet
from desk_phone.model.quiet import Quiet, Span
from desk_phone.settings import Settings

HOUR = timedelta(hours=1)
_LONGEST = timedelta(days=366)  # a settings file may say anything
_LOOKS_AGAIN_MS = 10 * 60 * 1000  # a timer stands still while the computer sleeps
_WORKDAY_BEGINS = time(6)  # "until tomorrow" ends before anybody is at the desk


def tomorrow(now: datetime, at: time = _WORKDAY_BEGINS) -> datetime:
    """That hour of the next day by the clock on the wall; a pause "until tomorrow" ends at 6."""
    next_day = now.astimezone().date() + timedelta(days=1)
    return datetime.combine(next_day, at).astimezone()


def quiet_hours(settings: Settings) -> Quiet:
    return quiet.chosen(
        *(settings.quiet_from, settings.quiet_until),
        *(settings.quiet_weekends, settings.quiet_holidays),
    )


class Pause(QObject):
    """The pause and the quiet hours as the settings have them; ``changed`` also when one begins or
    ends by itself."""

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
    def quiet(self) -> Span | None:
        """The quiet hours that hold now; None where there are none, or pop-ups are off."""
        settings = self._preferences.settings
        return quiet.span(quiet_hours(settings), self._now()) if settings.popups else None

    @property
    def allows(self) -> bool:
        """Whether a pop-up may show now."""
        return self._preferences.settings.popups and self.until is None and self.quiet is None

    def begin(self, until: datetime) -> None:
        self._preferences.change(popups_paused_until=until.timestamp())

    def for_an_hour(self) -> None:
        self.begin(self._now() + HOUR)

    def until_tomorrow(self) -> None:
        self.begin(tomorrow(self._now()))

    def end(self) -> None:
        self._preferences.change(popups_paused_until=0.0)

    def _state(self) -> tuple[bool, float | None, Span | None]:
        settings = self._preferences.settings
        paused = settings.popups_paused_until if self.until else None
        return settings.popups, paused, self.quiet

    def _look(self) -> None:
        self._wait()
        state = self._state()
        if state != self._told:
            self._told = state
            self.changed.emit()

    def _wait(self) -> None:
        """Until the next moment at which something ends or begins."""
        changes = [at for at in (self.until, self._quiet_changes()) if at is not None]
        if not changes:
            self._timer.stop()
            return
        rest = (min(changes) - self._now()) / timedelta(milliseconds=1)
        precise = rest < _LOOKS_AGAIN_MS
        kind = Qt.TimerType.CoarseTimer if precise else Qt.TimerType.VeryCoarseTimer
        self._timer.setTimerType(kind)
        self._timer.start(int(min(max(rest, 0), _LOOKS_AGAIN_MS)) + 1)

    def _quiet_changes(self) -> datetime | None:
        if (span := self.quiet) is not None:
            return span.until
        settings = self._preferences.settings
        return quiet.begins(quiet_hours(settings), self._now()) if settings.popups else None
