"""Tells that the program's own file was replaced while it runs, as an upgrade of a package does.

A bundle reads from its file whenever something is first needed: from another version's that fails.
Windows does not let a file that runs be replaced, so this is for the others.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

SETTLES_MS = 5000  # after this long without a change the package is whole


class Replaced(QObject):
    """The system itself tells of changes in the folder: nothing is looked at again and again.

    A file that is gone is no other one yet; whoever puts one there later is seen.
    """

    happened = Signal()

    def __init__(
        self, file: Path, settles_ms: int = SETTLES_MS, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._file, self._known = file, _mark(file)
        self._settling = QTimer(self, singleShot=True, interval=settles_ms)
        self._settling.timeout.connect(self._look)
        self._watcher = QFileSystemWatcher([str(file.parent)], self)
        self._watcher.directoryChanged.connect(lambda _: self._settling.start())

    def _look(self) -> None:
        mark = _mark(self._file)
        if mark is not None and mark != self._known:
            self._known = mark
            self.happened.emit()


def _mark(file: Path) -> tuple[int, int, int] | None:
    """What two files never share, one of which was there while the other was written."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_dev, told.st_ino, told.st_mtime_ns
