"""``desk-phone demo --pictures DIR``: a PNG of every window, card and tray icon, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from desk_phone.program import Program


class Picturing(QObject):
    def __init__(self, program: Program, folder: Path, say: Callable[[str], object]) -> None:
        super().__init__(program)
        self._program, self._folder, self._say = program, folder, say
