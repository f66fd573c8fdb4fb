"""The interpreter's search for garbage that refers to itself, on the main thread alone.

Whatever thread finds it destroys what is in it, and a lane's thread that destroys a window while
the main one paints it takes the process with it. A full round holds everything, 50 ms and more
once ten thousand entries are in memory, so it is rare.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QAbstractEventDispatcher, QObject

_YOUNG, _MIDDLE = 700, 10  # as the interpreter's own: what soon becomes garbage is found soon
_FULL = 1000  # middle rounds between two full ones, 10 as it is; some million new objects


class Collector(QObject):
    """For the process that has windows; once, in its main thread. It looks when the event loop
    wakes up anyhow: at rest it wakes nobody."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.connect(self.look)

    def look(self) -> None:
        """One round, of the oldest that it is time for."""
        young, middle, full = gc.get_count()
        if full > _FULL:
            gc.collect(2)
        elif middle > _MIDDLE:
            gc.collect(1)
        elif young > _YOUNG:
            gc.collect(0)
