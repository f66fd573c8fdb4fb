"""The last calls with one person, a line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_phone.ui.icons import draw
from desk_phone.ui.look import tokens
from desk_phone.ui.painting import LEFT, RIGHT, grown, small, width, write

_ROW = 26  # px
_ICON = 15
_GAP = 8


@dataclass(frozen=True, slots=True)
class PastCall:
    """``icon`` and the token of its colour; ``sentence`` is for screen readers."""

    icon: str
    colour: str
    when: str
    outcome: str
    sentence: str


class PersonPast(QWidget):
    spoken_as = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calls: tuple[PastCall, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def calls(self) -> tuple[PastCall, ...]:
        return self._calls

    def show_calls(self, calls: Sequence[PastCall]) -> None:
        if tuple(calls) == self._calls:
            return
        self._calls = tuple(calls)
        self.setAccessibleName("\n".join(call.sentence for call in calls))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, grown(_ROW, self.font()) * len(self._calls))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, font = QPainter(self), tokens(), small(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high = grown(_ROW, self.font())
        for row, call in enumerate(self._calls):
            line = QRect(0, row * high, self.width(), high)
            icon = QRectF(0, line.top() + (high - _ICON) / 2, _ICON, _ICON)
            draw(painter, call.icon, icon, str(getattr(look, call.colour)))
            state = min(width(call.outcome, font) + 2, line.width() // 2)
            when = line.adjusted(_ICON + _GAP, 0, -state - _GAP, 0)
            write(painter, when, call.when, font, look.text, LEFT)
            right = QRect(line.right() + 1 - state, line.top(), state, high)
            write(painter, right, call.outcome, font, look.muted, RIGHT)
        painter.end()
