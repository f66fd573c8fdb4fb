"""What of the announcements may pop up now; what may not comes in one summary afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from desk_phone.app.calls import Calls
from desk_phone.app.preferences import Preferences
from desk_phone.model.attention import Announcement
from desk_phone.ui.pause import Pause


class Allowed(QObject):
    """Nothing pops up while pop-ups are off, paused, or in quiet hours: they only count."""

    announced = Signal(object)  # Announcement
    summed_up = Signal(object)  # datetime: a rest is over, and since then calls may be missed
    stopped = Signal()  # a rest begins: what is up must go

    def __init__(
        self,
        calls: Calls,
        preferences: Preferences,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._pause = Pause(preferences, now, self)
        self._rested_since: datetime | None = None  # of what was not shown, the earliest
        self._note_quiet()
        calls.announced.connect(self._announced)
        self._pause.changed.connect(self._changed)

    def _announced(self, announcement: Announcement) -> None:
        if self._pause.allows:
            self.announced.emit(announcement)
        elif not self._preferences.settings.popups:
            return  # who wants none wants no summary either
        elif announcement.summary is not None:
            self._note(announcement.summary.since)
        else:
            for call in announcement.cards:
                self._note(call.start)

    def _changed(self) -> None:
        self._note_quiet()
        if not self._pause.allows:
            self.stopped.emit()
            if not self._preferences.settings.popups:
                self._rested_since = None
        elif self._rested_since is not None:
            since, self._rested_since = self._rested_since, None
            self.summed_up.emit(since)

    def _note_quiet(self) -> None:
        """Quiet hours began when they began, also where the program was started in between."""
        if (span := self._pause.quiet) is not None:
            self._note(span.since)

    def _note(self, since: datetime) -> None:
        self._rested_since = min(since, self._rested_since or since)
