"""A frameless window with round corners, also where no compositor paints what is see-through."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QCursor,
    QGuiApplication,
    QPainterPath,
    QRegion,
    QResizeEvent,
    QScreen,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

_RADIUS = 12  # as QFrame[role="card"] in the style sheet
FROM_TOP = 0.22  # of the screen's height


def active_screen() -> QScreen:
    """The screen with the mouse, where a person most likely looks."""
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()


class RoundedWindow(QWidget):
    """Its rows go into `column`, inside a frame with the style sheet's ``role``."""

    spoken_as = QAccessible.Role.Dialog

    def __init__(
        self, kind: Qt.WindowType, role: str = "card", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, kind | Qt.WindowType.FramelessWindowHint)
        self._see_through = QGuiApplication.platformName() != "xcb"
        # Without a compositor X11 paints what is see-through black, so there a mask cuts corners.
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, self._see_through)
        frame = QFrame()
        frame.setProperty("role", role)
        self.column = QVBoxLayout(frame)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def fit(self) -> None:
        """Take the size that the rows ask for now, not only when they are next laid out."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._take_size()

    def _take_size(self) -> None:
        """Unlike adjustSize this knows how high wrapped text is at the width it will have."""
        wanted, layout = self.sizeHint(), self.layout()
        across = min(max(wanted.width(), self.minimumWidth()), self.maximumWidth())
        height = wanted.height()
        if layout is not None and layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(across)
        self.resize(across, height)

    def place_above_middle(self, from_top: float = FROM_TOP) -> None:
        """In the middle of the active screen, so much of its height from its top."""
        room = active_screen().availableGeometry()
        left = room.left() + (room.width() - self.width()) // 2
        self.move(QPoint(left, room.top() + round(room.height() * from_top)))

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._take_size()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._see_through:
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
            self.setMask(QRegion(path.toFillPolygon().toPolygon()))
