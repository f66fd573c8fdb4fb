"""Settings: whether, how long and until when pop-ups show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.ui import words
from desk_phone.ui.section import SectionFrame, SteadySpinBox

SECONDS_AT_MOST = 600
_WORKDAY_BEGINS = 6  # o'clock: "until tomorrow" ends before anybody is at the desk


def tomorrow(now: datetime) -> datetime:
    """When a pause "until tomorrow" ends."""
    next_day = now.astimezone() + timedelta(days=1)
    return next_day.replace(hour=_WORKDAY_BEGINS, minute=0, second=0, microsecond=0)


class PopupsSection(SectionFrame):
    def __init__(
        self,
        preferences: Preferences,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Pop-ups"), parent)
        self._preferences, self._now = preferences, now
        self.none = QCheckBox(tr("I look at my desk phone: no pop-ups"))
        self.seconds = SteadySpinBox()
        self.hour = QPushButton(tr("Pause for 1 h"))
        self.until_tomorrow = QPushButton(tr("Pause until tomorrow"))
        self.resume = QPushButton(tr("Resume"))
        self._build()
        self._status = self.add_sentence("", "small")
        self.none.clicked.connect(lambda off: preferences.change(popups=not off))
        self.seconds.valueChanged.connect(self._keep_seconds)
        self.hour.clicked.connect(lambda: self._pause(self._now() + timedelta(hours=1)))
        self.until_tomorrow.clicked.connect(lambda: self._pause(tomorrow(self._now())))
        self.resume.clicked.connect(lambda: preferences.change(popups_paused_until=0.0))
        preferences.changed.connect(self._show)
        self._show(preferences.settings)

    def focus_first(self) -> None:
        self.none.setFocus()

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        self.add_sentence(tr("A card in the corner of the screen tells of each missed call."))
        self.column.addWidget(self.none)
        self.add_field(tr("How long the card of a missed call stays"), self.seconds)
        self.seconds.setRange(0, SECONDS_AT_MOST)
        self.seconds.setSingleStep(5)
        self.seconds.setSpecialValueText(tr("until I close it"))
        self.seconds.setSuffix(tr(" s"))
        row = QHBoxLayout()
        row.addWidget(self.seconds)
        row.addStretch(1)
        self.column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.hour, self.until_tomorrow, self.resume):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addSpacing(4)
        self.column.addLayout(buttons)

    def _keep_seconds(self, seconds: int) -> None:
        if seconds != self._preferences.settings.missed_card_seconds:
            self._preferences.change(missed_card_seconds=seconds)

    def _pause(self, until: datetime) -> None:
        self._preferences.change(popups_paused_until=until.timestamp())

    def _show(self, settings: Settings) -> None:
        now = self._now()
        paused = settings.popups_paused_until > now.timestamp()
        self.none.setChecked(not settings.popups)
        self.seconds.setValue(settings.missed_card_seconds)
        for control in (self.seconds, self.hour, self.until_tomorrow):
            control.setEnabled(settings.popups)
        self.resume.setEnabled(settings.popups and paused)
        self._status.setText(_status(settings, paused, now))


def _status(settings: Settings, paused: bool, now: datetime) -> str:
    if not settings.popups:
        return tr("No cards; the tray icon still shows missed calls.")
    if paused:
        until = datetime.fromtimestamp(settings.popups_paused_until, UTC)
        return tr("Paused until %(time)s.") % {"time": words.moment(until, now)}
    return tr("Not paused.")
