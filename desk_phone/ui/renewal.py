"""Begins the program anew after an upgrade: by itself where nobody is at work, else when asked.

What was never opened before cannot be opened any more, so this does not wait for the next login.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desk_phone.system.replaced import Replaced

log = logging.getLogger(__name__)

LOOKS_AGAIN_MS = 5000
_NO_WINDOW = ("QSystemTrayIconSys",)  # how Qt shows an icon in an older tray


class Renewal(QObject):
    """``may`` says whether it could begin without anybody: nothing typed is lost, and the password
    is to be had again. ``tell`` says so where a person sees it; ``wanted``: begin now."""

    wanted = Signal()

    def __init__(
        self,
        replaced: Replaced,
        may: Callable[[], bool],
        tell: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._may, self._tell = may, tell
        self._timer = QTimer(self, interval=LOOKS_AGAIN_MS)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self._look)
        replaced.happened.connect(self._begin)

    def _begin(self) -> None:
        log.info("the program's file was replaced")
        self._tell()
        self._timer.start()
        self._look()

    def _look(self) -> None:
        if not is_something_shown() and self._may():
            self._timer.stop()
            self.wanted.emit()


def is_something_shown() -> bool:
    """Whether a window, a card or a menu of the program is on the screen. A window made small is
    not: where there is no tray it gets no smaller."""
    tops = QApplication.topLevelWidgets()
    shown = (window for window in tops if window.isVisible() and not window.isMinimized())
    return any(window.metaObject().className() not in _NO_WINDOW for window in shown)
