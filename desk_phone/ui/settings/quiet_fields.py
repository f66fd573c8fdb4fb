"""Settings: the hours and days without pop-ups."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.model import quiet
from desk_phone.settings import Settings
from desk_phone.ui.choices import wrapped
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.section import SteadyComboBox

_STEP = 15  # minutes
_TIMES = tuple(f"{at // 60:02}:{at % 60:02}" for at in range(0, 24 * 60, _STEP))
_USUAL = ("18:00", "08:00")


class QuietFields(QWidget):
    """Kept as they are chosen."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.hours = QCheckBox(tr("Quiet hours"))
        self.since, self.until = SteadyComboBox(), SteadyComboBox()
        self.weekends = wrapped(QCheckBox(tr("Quiet on Saturdays and Sundays")))
        self.holidays = wrapped(QCheckBox(tr("Quiet on Estonian public holidays")))
        self._build()
        self.hours.clicked.connect(self._turn)
        self.since.activated.connect(self._keep_hours)
        self.until.activated.connect(self._keep_hours)
        self.weekends.clicked.connect(lambda on: self._keep(quiet_weekends=on))
        self.holidays.clicked.connect(lambda on: self._keep(quiet_holidays=on))

    def show_settings(self, settings: Settings) -> None:
        hours = quiet.chosen(settings.quiet_from, settings.quiet_until, False, False)
        on = hours.since is not None
        self.hours.setChecked(on)
        for box, at, usual in (
            (self.since, hours.since, _USUAL[0]),
            (self.until, hours.until, _USUAL[1]),
        ):
            _choose(box, f"{at:%H:%M}" if at is not None else usual)
            box.setEnabled(on and settings.popups)
        self.weekends.setChecked(settings.quiet_weekends)
        self.holidays.setChecked(settings.quiet_holidays)
        for control in (self.hours, self.weekends, self.holidays):
            control.setEnabled(settings.popups)

    def _build(self) -> None:
        for box, said in ((self.since, tr("Quiet from")), (self.until, tr("Quiet until"))):
            box.addItems(_TIMES)
            box.setAccessibleName(said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.hours)
        row.addWidget(self.since)
        row.addWidget(plain_label("–"))
        row.addWidget(self.until)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.weekends)
        column.addWidget(self.holidays)

    def _turn(self, on: bool) -> None:
        since, until = _USUAL if on else ("", "")
        self._keep(quiet_from=since, quiet_until=until)

    def _keep_hours(self) -> None:
        self._keep(quiet_from=self.since.currentText(), quiet_until=self.until.currentText())

    def _keep(self, **fields: str | bool) -> None:
        self._preferences.change(**fields)


def _choose(box: SteadyComboBox, at: str) -> None:
    """A settings file may hold a time between those that are offered."""
    if (index := box.findText(at)) < 0:
        index = next((i for i in range(box.count()) if box.itemText(i) > at), box.count())
        box.insertItem(index, at)
    box.setCurrentIndex(index)
