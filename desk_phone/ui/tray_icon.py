"""The tray icon, painted: a sign for each state by its shape, a dot for missed calls.

The panel's colour is unknown, so the glyph stands on a tile of its own. The tiles' colours reach
3:1 against white, against black and against the white glyph (tests/unit/test_contrast.py).
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from desk_phone.ui.icons import draw
from desk_phone.ui.sign import Sign

SIZES = (16, 22, 24, 32, 48, 64)  # px
GLYPH = "#FFFFFF"
USUAL_TILE, APART_TILE, LOCKED_TILE, QUIET_TILE = "#2A7D4F", "#75808F", "#A86412", "#6B7687"
DOT = "#E5383B"

_TILES = {
    Sign.APART: APART_TILE,
    Sign.WAITING: APART_TILE,
    Sign.LOCKED: LOCKED_TILE,
    Sign.QUIET: QUIET_TILE,
    Sign.PAUSED: QUIET_TILE,
}
_CLEAR = QPainter.CompositionMode.CompositionMode_Clear
_OVER = QPainter.CompositionMode.CompositionMode_SourceOver


def tray_icon(shown: Sign, missed: bool) -> QIcon:
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(tray_pixmap(shown, missed, size))
    return icon


def tray_pixmap(shown: Sign, missed: bool, size: int) -> QPixmap:
    """The icon at ``size`` px: a square, see-through around the tile."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 16, size / 16)  # all below is drawn on a square of 16
    _paint_tile(painter, _TILES.get(shown, USUAL_TILE))
    _paint_glyph(painter, shown)
    if shown in _MARKS:
        _cut(painter, QRectF(7.4, 7.4, 9.6, 9.6))
        _MARKS[shown](painter, QColor(_TILES[shown]))
    if missed:
        _cut(painter, QRectF(7.5, -1.5, 10, 10))
        painter.setBrush(QColor(DOT))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(QRectF(9, 0, 7, 7))
    painter.end()
    return pixmap


def _paint_tile(painter: QPainter, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(0, 0, 16, 16), 4, 4)


def _paint_glyph(painter: QPainter, shown: Sign) -> None:
    if shown is Sign.QUIET:
        draw(painter, "bell-off", QRectF(1.5, 1.5, 13, 13), GLYPH)
        return
    draw(painter, "phone-solid", QRectF(2, 2, 12, 12), GLYPH)
    if shown is Sign.APART:
        for colour, width in ((_TILES[shown], 4.4), (GLYPH, 1.7)):
            pen = QPen(QColor(colour), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(2.6, 13.4), QPointF(13.4, 2.6))


def _cut(painter: QPainter, around: QRectF) -> None:
    """A hole, so that what stands in the corner is seen on any panel."""
    painter.setCompositionMode(_CLEAR)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.transparent)
    painter.drawEllipse(around)
    painter.setCompositionMode(_OVER)


def _bars(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    for left in (9.4, 13.0):
        painter.drawRoundedRect(QRectF(left, 9.4, 2.2, 6.2), 0.7, 0.7)


def _padlock(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(9, 11.6, 7, 4.4), 0.8, 0.8)
    bow = QPainterPath(QPointF(10.6, 12))
    bow.lineTo(10.6, 10.8)
    bow.arcTo(QRectF(10.6, 8.9, 3.8, 3.8), 180, -180)
    bow.lineTo(14.4, 12)
    painter.strokePath(bow, QPen(colour, 1.2))


def _three_dots(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    for left in (8.4, 11.1, 13.8):
        painter.drawEllipse(QRectF(left, 12, 2.2, 2.2))


_MARKS = {Sign.PAUSED: _bars, Sign.LOCKED: _padlock, Sign.WAITING: _three_dots}
