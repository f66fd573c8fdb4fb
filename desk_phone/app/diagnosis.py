"""Makes the report while the window goes on working, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.lane import Lanes
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.model.diagnostics import Part
from desk_phone.paths import Paths

if TYPE_CHECKING:
    from desk_phone.app.diagnostics import Probes


class Diagnosis(QObject):
    """``live`` is what the running program says of itself, asked on the main thread; ``probes``
    None: of this computer.

    What makes a report is imported when one is wanted: 3 MB that few ever need.
    """

    saved = Signal(object)  # Path
    failed = Signal(object)  # PhoneError
    busy_changed = Signal()

    def __init__(
        self,
        lanes: Lanes,
        place: Paths,
        preferences: Preferences,
        live: Callable[[], tuple[Part, ...]],
        probes: Probes | None,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._preferences = lanes, preferences
        self._live, self._probes, self._now = live, probes, now
        self._busy = False
        self.place = place

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def name(self) -> str:
        """What the file is called unless a person chooses another name."""
        from desk_phone.app.diagnostics import default_name

        return default_name(self._now())

    def save(self, file: Path) -> None:
        """Make one now; nothing happens while another is made."""
        if self._busy:
            return
        self._set_busy(True)
        self._lanes.perform(self._saving(file), self._saved, self._failed)

    def _saving(self, file: Path) -> Act[Path]:
        settings, now = self._preferences.settings, self._now()
        live, preset = self._live(), self._preferences.preset

        def work() -> Path:
            from desk_phone.app.diagnostics import bundle, make, save, system_probes

            probes = self._probes or system_probes()
            report = make(self.place, settings, live, probes, now, preset)
            save(file, bundle(report, self.place, settings))
            return file

        return (yield from away(LaneName.FILES, work))

    def _saved(self, file: Path) -> None:
        self._set_busy(False)
        self.saved.emit(file)

    def _failed(self, error: PhoneError) -> None:
        self._set_busy(False)
        self.failed.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit()
