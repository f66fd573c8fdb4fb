"""Long work on the main thread, done in pieces between which everything else goes on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from time import monotonic
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer

T = TypeVar("T")

PIECE_MS = 4  # at most about so long at a stretch


class Piecemeal(QObject):
    """One work at a time: a new one takes the place of the one under way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._go_on)
        self._piece: Callable[[float], bool] = lambda _: True

    @property
    def busy(self) -> bool:
        return self._turn.isActive()

    def begin(
        self,
        work: Generator[object, None, T],
        then: Callable[[T], object],
        told: Callable[[object], object] = lambda _: None,
    ) -> None:
        """The first piece is done at once; short work is finished when this returns.

        ``told`` hears what the work yields last in each piece.
        """

        def piece(until: float) -> bool:
            said: object = None
            try:
                said = next(work)  # some in each piece, however late its turn came
                while monotonic() < until:
                    said = next(work)
            except StopIteration as end:
                self.stop()
                then(end.value)
                return True
            told(said)
            return False

        self._piece = piece
        self._turn.start()
        self._go_on()

    def stop(self) -> None:
        """Let the work be."""
        self._turn.stop()

    def _go_on(self) -> None:
        self._piece(monotonic() + PIECE_MS / 1000)
