"""Settings: whether, how long and until when pop-ups show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.model.quiet import Span
from desk_phone.settings import Settings
from desk_phone.ui import words
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.choices import wrapped
from desk_phone.ui.label import plain_label
from desk_phone.ui.pause import Pause
from desk_phone.ui.settings.quiet_fields import QuietFields
from desk_phone.ui.settings.section import SectionFrame, SteadySpinBox

SECONDS_AT_MOST = 600


class PopupsSection(SectionFrame):
    """``folded``: all but the first choice waits behind a button."""

    def __init__(
        self,
        preferences: Preferences,
        now: Callable[[], datetime],
        folded: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Calls and pop-ups"), parent)
        self._preferences, self._now = preferences, now
        self._pause = Pause(preferences, now, self)
        self.none = wrapped(QCheckBox(tr("I look at my desk phone: no pop-ups")))
        self.ringing_seconds, self.seconds = SteadySpinBox(), SteadySpinBox()
        self.hides = wrapped(QCheckBox(tr("Hide name and number while a window fills the screen")))
        self.sound = wrapped(QCheckBox(tr("A sound with each card")))
        self.quiet = QuietFields(preferences)
        self.hour = QPushButton(tr("Pause for 1 h"))
        self.until_tomorrow = QPushButton(tr("Pause until tomorrow"))
        self.resume = QPushButton(tr("Resume"))
        self._more = tool_button(tr("More"), "chevron-down", checkable=True)
        self._details = QWidget()
        self._build()
        self._more.setVisible(folded)
        self._details.setVisible(not folded)
        self._wire()
        self._show()
        self._lock()

    def _wire(self) -> None:
        change = self._preferences.change
        self._more.toggled.connect(self._details.setVisible)
        self.none.clicked.connect(lambda off: change(popups=not off))
        self.hides.clicked.connect(lambda on: change(hide_while_presenting=on))
        self.sound.clicked.connect(lambda on: change(card_sound=on))
        self.seconds.valueChanged.connect(self._keep_seconds)
        self.ringing_seconds.valueChanged.connect(self._keep_ringing_seconds)
        self.hour.clicked.connect(self._pause.for_an_hour)
        self.until_tomorrow.clicked.connect(self._pause.until_tomorrow)
        self.resume.clicked.connect(self._pause.end)
        self._preferences.changed.connect(self._show)
        self._pause.changed.connect(self._show)

    def focus_first(self) -> None:
        self.none.setFocus()

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        self.add_sentence(
            tr("A card in the corner of the screen tells of each call that rings or was missed.")
        )
        self.column.addWidget(self.none)
        self._status = self.add_sentence("", "small")
        self.column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._details)
        column = QVBoxLayout(self._details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._add_seconds(
            column,
            tr("How long the card of a ringing call stays"),
            self.ringing_seconds,
            tr("while it rings"),
        )
        self._add_seconds(
            *(column, tr("How long the card of a missed call stays")),
            *(self.seconds, tr("until I close it")),
        )
        column.addSpacing(4)
        for control in (self.hides, self.sound, self.quiet):
            column.addWidget(control)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.hour, self.until_tomorrow, self.resume):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addSpacing(4)
        column.addLayout(buttons)

    def _add_seconds(
        self, column: QVBoxLayout, said: str, field: SteadySpinBox, for_ever: str
    ) -> None:
        label = plain_label(said)
        label.setBuddy(field)
        field.setAccessibleName(said)
        column.addSpacing(4)
        column.addWidget(label)
        field.setRange(0, SECONDS_AT_MOST)
        field.setSingleStep(5)
        field.setSpecialValueText(for_ever)
        field.setSuffix(tr(" s"))
        row = QHBoxLayout()
        row.addWidget(field)
        row.addStretch(1)
        column.addLayout(row)

    def _lock(self) -> None:
        quiet = self.quiet
        self.lock(
            self._preferences,
            popups=self.none,
            missed_card_seconds=self.seconds,
            ringing_card_seconds=self.ringing_seconds,
            hide_while_presenting=self.hides,
            card_sound=self.sound,
            quiet_from=(quiet.since, quiet.hours),  # which changes both
            quiet_until=(quiet.until, quiet.hours),
            quiet_weekends=quiet.weekends,
            quiet_holidays=quiet.holidays,
            popups_paused_until=(self.hour, self.until_tomorrow, self.resume),
        )

    def _keep_seconds(self, seconds: int) -> None:
        if seconds != self._preferences.settings.missed_card_seconds:
            self._preferences.change(missed_card_seconds=seconds)

    def _keep_ringing_seconds(self, seconds: int) -> None:
        if seconds != self._preferences.settings.ringing_card_seconds:
            self._preferences.change(ringing_card_seconds=seconds)

    def _show(self) -> None:
        settings, until = self._preferences.settings, self._pause.until
        self.none.setChecked(not settings.popups)
        self.seconds.setValue(settings.missed_card_seconds)
        self.ringing_seconds.setValue(settings.ringing_card_seconds)
        self.hides.setChecked(settings.hide_while_presenting)
        self.sound.setChecked(settings.card_sound)
        self.quiet.show_settings(settings)
        for control in (
            *(self.seconds, self.ringing_seconds, self.hides, self.sound),
            *(self.hour, self.until_tomorrow),
        ):
            control.setEnabled(settings.popups)
        self.resume.setEnabled(until is not None)
        self._status.setText(_status(settings, until, self._pause.quiet, self._now()))


def _status(settings: Settings, until: datetime | None, quiet: Span | None, now: datetime) -> str:
    if not settings.popups:
        return tr("No cards; the tray icon still shows missed calls.")
    if until is not None:
        return tr("Paused until %(time)s.") % {"time": words.moment(until, now)}
    if quiet is not None:
        return tr("Quiet until %(time)s; then one summary.") % {
            "time": words.since(quiet.until, now)
        }
    return tr("Not paused.")
