"""Text whose lines are cut with an ellipsis where they do not fit, whole in its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desk_phone.ui import words


class ElidedLabel(QLabel):
    """Plain text only. ``role`` names a rule of the style sheet.

    It takes what room there is; with ``at_most`` px only what it needs, up to so much.
    """

    def __init__(self, role: str = "", at_most: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._at_most = at_most
        self.setTextFormat(Qt.TextFormat.PlainText)
        across = QSizePolicy.Policy.Maximum if at_most else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(words.tooltip(text))
        self.setAccessibleDescription(text)  # else it were the tooltip's markup

    def take_at_most(self, across: int) -> None:
        self._at_most = across
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        whole = super().sizeHint()
        return QSize(min(whole.width(), self._at_most), whole.height()) if self._at_most else whole

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        metrics, lines = self.fontMetrics(), self.text().split("\n")
        high = metrics.lineSpacing()
        top = 0 if len(lines) > 1 else (self.height() - high) // 2
        for at, line in enumerate(lines):
            cut = metrics.elidedText(line, Qt.TextElideMode.ElideRight, self.width())
            row = QRect(0, top + at * high, self.width(), high)
            painter.drawText(row, self.alignment(), cut)
        painter.end()
