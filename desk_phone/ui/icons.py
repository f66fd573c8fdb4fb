"""One-colour SVG icons (Lucide, resources/icons), drawn in a token's colour at any size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

from desk_phone.assets import resource
from desk_phone.ui.look import tokens


def icon(name: str, colour: str = "") -> QIcon:
    """The icon ``name``; ``colour`` names a token (``good``), else the text's colour is taken.

    It is drawn when painted, so that it follows a change of the look.
    """
    return QIcon(_SvgEngine(name, colour))


def draw(painter: QPainter, name: str, rect: QRectF, colour: str) -> None:
    """Draw the icon ``name`` into ``rect`` in the colour ``#RRGGBB``."""
    svg = _svg(name).replace("currentColor", colour)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, rect)


@lru_cache(maxsize=256)  # rows of a list are painted with every step of a scroll
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


class _SvgEngine(QIconEngine):
    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name, self._colour = name, colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        # A rectangle wider than high leaves a gap before the text.
        square = QRectF(rect.x(), rect.y() + (rect.height() - side) / 2, side, side)
        draw(painter, self._name, square, self._paint_colour(mode))

    def _paint_colour(self, mode: QIcon.Mode) -> str:
        look = tokens()
        if mode is QIcon.Mode.Disabled:
            return look.disabled
        if self._colour:
            return str(getattr(look, self._colour))
        return QGuiApplication.palette().color(QPalette.ColorRole.WindowText).name()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        name = f"{self._name} {self._paint_colour(mode)} {size.width()}x{size.height()} {scale}"
        pixmap = QPixmap()
        if QPixmapCache.find(name, pixmap):
            return pixmap
        pixmap = QPixmap(size * scale)  # since Qt 6.8 ``size`` is in device-independent pixels
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        QPixmapCache.insert(name, pixmap)
        return pixmap

    def clone(self) -> QIconEngine:
        return _SvgEngine(self._name, self._colour)
