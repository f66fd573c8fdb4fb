"""An icon that stands by itself, beside words that say the same."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from desk_phone.ui.icons import icon


class Picture(QLabel):
    """``side`` px wide and high; painted anew when the look changes while it is on the screen."""

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._side, self._name, self._colour = side, "", ""

    def show_icon(self, name: str, colour: str) -> None:
        """``name`` is that of an icon, ``colour`` that of a token."""
        self._name, self._colour = name, colour
        size = QSize(self._side, self._side)
        self.setPixmap(icon(name, colour).pixmap(size, self.devicePixelRatio()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._name:
            self.show_icon(self._name, self._colour)
