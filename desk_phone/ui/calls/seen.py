"""When missed calls count as seen: somebody is at the window that lists them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from desk_phone.app.calls import Calls

_SOMEBODY_IS_HERE = (
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
)


class CallsSeen(QObject):
    """``after_ms``: long enough that a window merely passing by marks nothing."""

    def __init__(self, page: QWidget, calls: Calls, after_ms: int) -> None:
        super().__init__(page)
        self._page, self._calls = page, calls
        self._timer = QTimer(self, singleShot=True, interval=after_ms)
        self._timer.timeout.connect(self._mark)

    def watch(self, *watched: QWidget) -> None:
        for widget in watched:
            widget.installEventFilter(self)

    def look(self) -> None:
        """The page was shown, its window became active or ceased to be, somebody is back at it."""
        if not self._is_looked_at():
            self._timer.stop()
        elif not self._timer.isActive() and self._calls.ledger.missed_people():
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A call that comes into a window left open is not seen before somebody is back at it."""
        if event.type() in _SOMEBODY_IS_HERE:
            self.look()
        return super().eventFilter(watched, event)

    def _is_looked_at(self) -> bool:
        return self._page.isVisible() and self._page.isActiveWindow()

    def _mark(self) -> None:
        if self._is_looked_at():
            self._calls.mark_seen()
