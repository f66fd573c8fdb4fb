"""What the rows of several lists paint alike."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetrics, QPainter

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


_USUAL = 13.4  # px, letters of 10 pt on a screen of 96 dots an inch


def grown(px: int, font: QFont) -> int:
    """So much for the usual letters, and more where the system has them larger."""
    return round(px * max(1.0, QFontInfo(font).pixelSize() / _USUAL))


def small(font: QFont) -> QFont:
    """The font of a second line: one point smaller."""
    smaller = QFont(font)
    smaller.setPointSizeF(font.pointSizeF() - 1)
    smaller.setWeight(QFont.Weight.Normal)
    return smaller


def strong(font: QFont) -> QFont:
    bolder = QFont(font)
    bolder.setWeight(QFont.Weight.DemiBold)
    return bolder


def width(text: str, font: QFont) -> int:
    return QFontMetrics(font).horizontalAdvance(text)


def write(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    colour: str,
    side: Qt.AlignmentFlag = LEFT,
) -> None:
    """One line of text, cut with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, side, cut)
