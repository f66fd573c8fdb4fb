"""The left side of the main window: Call..., the pages, and how the line stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.account import AccountState
from desk_phone.i18n import tr
from desk_phone.model.line import LineState, Link
from desk_phone.settings import Settings
from desk_phone.ui import trouble, words
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.icons import icon
from desk_phone.ui.look import Tokens, tokens

WIDTH_AT_LEAST = 216


class Page(StrEnum):
    CALLS = "calls"
    SETTINGS = "settings"


class Sign(StrEnum):
    """The dot before the own name; each has a shape of its own."""

    READY = "ready"  # a disc
    PAUSED = "paused"  # a disc with two bars
    WAITING = "waiting"  # a ring
    APART = "apart"  # a ring with a slash
    LOCKED = "locked"  # a square on its point


def sign(line: LineState, paused: bool) -> Sign:
    if line.link is Link.READY:
        return Sign.PAUSED if paused else Sign.READY
    if line.link is Link.TROUBLE:
        return Sign.APART
    return Sign.LOCKED if line.link is Link.LOCKED else Sign.WAITING


class StateDot(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = Sign.WAITING
        self.setFixedSize(14, 14)

    @property
    def sign(self) -> Sign:
        return self._sign

    def show_sign(self, shown: Sign) -> None:
        self._sign = shown
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_sign(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), self._sign, tokens())
        painter.end()


def paint_sign(painter: QPainter, rect: QRectF, shown: Sign, look: Tokens) -> None:
    colours = {Sign.READY: look.good, Sign.PAUSED: look.warn, Sign.WAITING: look.warn}
    colour = QColor(colours.get(shown, look.bad))
    painter.setPen(QPen(colour, 2))
    painter.setBrush(colour if shown in (Sign.READY, Sign.PAUSED) else Qt.BrushStyle.NoBrush)
    if shown is Sign.LOCKED:
        middle = rect.center()
        painter.setBrush(colour)
        painter.drawPolygon(
            [
                QPointF(middle.x(), rect.top()),
                QPointF(rect.right(), middle.y()),
                QPointF(middle.x(), rect.bottom()),
                QPointF(rect.left(), middle.y()),
            ]
        )
        return
    painter.drawEllipse(rect)
    if shown is Sign.APART:
        painter.drawLine(rect.bottomLeft(), rect.topRight())
    if shown is Sign.PAUSED:
        painter.setPen(QPen(QColor(look.surface), 1.5))
        for x in (rect.center().x() - 1.5, rect.center().x() + 1.5):
            painter.drawLine(QPointF(x, rect.top() + 3), QPointF(x, rect.bottom() - 3))


class SidePanel(QFrame):
    call_pressed = Signal()
    page_chosen = Signal(object)  # Page

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "nav")
        self.setMinimumWidth(WIDTH_AT_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        self._pages: dict[Page, QToolButton] = {}
        self._dot = StateDot()
        self._name = ElidedLabel()
        self._state = ElidedLabel("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 12, 16)
        column.setSpacing(5)
        column.addWidget(self._call_button())
        column.addSpacing(8)
        self._group = QButtonGroup(self)
        self._add_page(column, Page.CALLS, "history", tr("Calls"))
        self._add_page(column, Page.SETTINGS, "settings", tr("Settings"))
        column.addStretch(1)
        column.addLayout(self._foot())

    def show_page(self, page: Page) -> None:
        self._pages[page].setChecked(True)

    def show_state(
        self, line: LineState, account: AccountState, settings: Settings, now: datetime
    ) -> None:
        paused = settings.popups and settings.popups_paused_until > now.timestamp()
        self._dot.show_sign(sign(line, paused))
        state = trouble.state_words(line, account.password_known)
        if line.link is Link.READY and paused:
            state = tr("pop-ups paused")
        number = words.number(line.own) if line.own else ""
        own_name = words.plain(settings.own_name)
        self._name.setText(own_name or number or tr("My line"))
        shown = (number, state) if own_name or not number else ("", state)
        if line.link is Link.NO_LINE:
            shown = ("", state)
        self._state.setText(" · ".join(part for part in shown if part))

    @property
    def state_text(self) -> str:
        return f"{self._name.text()}\n{self._state.text()}"

    def _call_button(self) -> QPushButton:
        button = QPushButton(icon("phone", "on_good"), tr("Call..."))
        button.setProperty("kind", "call")
        button.setIconSize(QSize(24, 16))
        button.setToolTip(tr("Call somebody") + " (Ctrl+K)")
        button.clicked.connect(self.call_pressed)
        return button

    def _add_page(self, column: QVBoxLayout, page: Page, icon_name: str, text: str) -> None:
        button = tool_button(text, icon_name, checkable=True)
        button.setProperty("role", "nav")
        button.setIconSize(QSize(26, 18))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.page_chosen.emit(page))
        self._group.addButton(button)
        self._pages[page] = button
        column.addWidget(button)

    def _foot(self) -> QHBoxLayout:
        words_column = QVBoxLayout()
        words_column.setSpacing(1)
        words_column.addWidget(self._name)
        words_column.addWidget(self._state)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words_column, 1)
        return row
