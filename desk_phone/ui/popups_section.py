"""Settings: whether, how long and until when pop-ups show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.ui import words
from desk_phone.ui.pause import Pause
from desk_phone.ui.section import SectionFrame, SteadySpinBox

SECONDS_AT_MOST = 600


class PopupsSection(SectionFrame):
    def __init__(
        self,
        preferences: Preferences,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Pop-ups"), parent)
        self._preferences, self._now = preferences, now
        self._pause = Pause(preferences, now, self)
        self.none = QCheckBox(tr("I look at my desk phone: no pop-ups"))
        self.seconds = SteadySpinBox()
        self.hour = QPushButton(tr("Pause for 1 h"))
        self.until_tomorrow = QPushButton(tr("Pause until tomorrow"))
        self.resume = QPushButton(tr("Resume"))
        self._build()
        self._status = self.add_sentence("", "small")
        self.none.clicked.connect(lambda off: preferences.change(popups=not off))
        self.seconds.valueChanged.connect(self._keep_seconds)
        self.hour.clicked.connect(self._pause.for_an_hour)
        self.until_tomorrow.clicked.connect(self._pause.until_tomorrow)
        self.resume.clicked.connect(self._pause.end)
        preferences.changed.connect(self._show)
        self._pause.changed.connect(self._show)
        self._show()

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

    def _show(self) -> None:
        settings, until = self._preferences.settings, self._pause.until
        self.none.setChecked(not settings.popups)
        self.seconds.setValue(settings.missed_card_seconds)
        for control in (self.seconds, self.hour, self.until_tomorrow):
            control.setEnabled(settings.popups)
        self.resume.setEnabled(until is not None)
        self._status.setText(_status(settings, until, self._now()))


def _status(settings: Settings, until: datetime | None, now: datetime) -> str:
    if not settings.popups:
        return tr("No cards; the tray icon still shows missed calls.")
    if until is not None:
        return tr("Paused until %(time)s.") % {"time": words.moment(until, now)}
    return tr("Not paused.")
