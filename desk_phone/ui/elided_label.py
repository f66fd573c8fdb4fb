"""One line of text that is cut with an ellipsis where it does not fit, whole in its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
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

    def sizeHint(self) -> QSize:
        whole = super().sizeHint()
        return QSize(min(whole.width(), self._at_most), whole.height()) if self._at_most else whole

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = self.fontMetrics()
        cut = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), self.alignment(), cut)
        painter.end()
