"""Paints one call: direction, who, number, time, outcome; and Call on the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.ui import words
from desk_phone.ui.calls.model import Role
from desk_phone.ui.icons import draw
from desk_phone.ui.look import Tokens, tokens
from desk_phone.ui.painting import LEFT, RIGHT, grown, small, strong, width, write

ROW = 54  # px
HEADING = 34  # px, above the first call of a day
_SIDE = 6  # px between the view's edge and the row's ground
_ICON = 20
_GAP = 16
_BUTTON_HEIGHT = 32
_NARROW = 440  # px

_STATE = QStyle.StateFlag


def row_height(heading: str, font: QFont) -> int:
    return grown(ROW, font) + (grown(HEADING, font) if heading else 0)


def is_narrow(row: QRect) -> bool:
    """There is no room for words on a button."""
    return row.width() < _NARROW


def button_rect(row: QRect, font: QFont) -> QRect:
    """Where Call stands in a chosen row; ``row`` is the whole row, with its heading."""
    across = width(tr("Call"), strong(font)) + 16 + 8 + 2 * 12
    high, whole = grown(_BUTTON_HEIGHT, font), grown(ROW, font)
    if is_narrow(row):
        across = high
    right = row.right() - _SIDE - 14
    top = row.bottom() + 1 - whole + (whole - high) // 2
    return QRect(right - across, top, across, high)


class CallDelegate(QStyledItemDelegate):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(320, row_height(index.data(Role.HEADING), option.font))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        call: Call = index.data(Role.CALL)
        look = tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole: QRect = option.rect
        heading: str = index.data(Role.HEADING)
        if heading:
            _paint_heading(painter, whole, heading, option, look)
        body = whole.adjusted(_SIDE, whole.height() - grown(ROW, option.font) + 1, -_SIDE, -1)
        _paint_ground(painter, body, option, look)
        _paint_icon(painter, body, call, look)
        right = body.right() - 14
        if _chosen(option) and call.other and self._is_current(index):
            button = button_rect(whole, option.font)
            _paint_button(painter, button, is_narrow(whole), option, look)
            right = button.left() - _GAP
        texts = (words.clock(call.start), index.data(Role.OUTCOME), index.data(Role.ABOUT))
        _paint_text(painter, body, right, call, texts, option, look)
        painter.restore()

    def _is_current(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Of several chosen rows the one that Enter calls, too."""
        view = self.parent()
        return isinstance(view, QAbstractItemView) and view.currentIndex().row() == index.row()


def _chosen(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & _STATE.State_Selected)


def _paint_icon(painter: QPainter, body: QRect, call: Call, look: Tokens) -> None:
    name, colour = icon_of(call)
    icon = QRectF(body.left() + 14, body.center().y() - _ICON / 2 + 1, _ICON, _ICON)
    draw(painter, name, icon, str(getattr(look, colour)))


def icon_of(call: Call) -> tuple[str, str]:
    """The icon's name and the token of its colour; every shape stands for one thing."""
    if call.outcome is Outcome.MISSED:
        return "phone-missed", "bad" if words.is_open(call) else "muted"
    if call.outcome is Outcome.RINGING:
        return "phone-call", "accent"
    if call.direction is Direction.INCOMING:
        return "phone-incoming", "good"
    if call.direction is Direction.OUTGOING:
        return "phone-outgoing", "accent"
    return "phone", "muted"


def _paint_heading(
    painter: QPainter, whole: QRect, text: str, option: QStyleOptionViewItem, look: Tokens
) -> None:
    font = strong(small(option.font))
    painter.setFont(font)
    painter.setPen(QColor(look.muted))
    high = grown(HEADING, option.font) - 6
    area = QRect(whole.left() + 18, whole.top() + 4, whole.width() - 36, high)
    painter.drawText(area, LEFT, text)


def _paint_ground(
    painter: QPainter, body: QRect, option: QStyleOptionViewItem, look: Tokens
) -> None:
    state = option.state
    painter.setPen(Qt.PenStyle.NoPen)
    if _chosen(option):
        painter.setBrush(QColor(look.selected))
    elif state & _STATE.State_MouseOver:
        painter.setBrush(QColor(look.hover))
    else:
        return
    painter.drawRoundedRect(body, 8, 8)
    if state & _STATE.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(look.accent))
        painter.drawRoundedRect(QRectF(body).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


def _paint_button(
    painter: QPainter, button: QRect, narrow: bool, option: QStyleOptionViewItem, look: Tokens
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.good))
    painter.drawRoundedRect(button, 6, 6)
    left = button.left() + ((button.width() - 16) // 2 if narrow else 12)
    draw(painter, "phone", QRectF(left, button.center().y() - 7, 16, 16), look.on_good)
    if narrow:
        return
    painter.setFont(strong(option.font))
    painter.setPen(QColor(look.on_good))
    painter.drawText(button.adjusted(12 + 16 + 8, 0, -8, 0), LEFT, tr("Call"))


def _paint_text(
    painter: QPainter,
    body: QRect,
    right: int,
    call: Call,
    texts: tuple[str, str, str],
    option: QStyleOptionViewItem,
    look: Tokens,
) -> None:
    """``texts``: when, and what became of it, at the right; the line under the name."""
    usual: QFont = option.font
    missed = words.is_open(call)
    line = grown(19, usual)
    top = body.top() + grown(7, usual)
    upper = QRect(body.left() + 50, top, right - body.left() - 50, line + 1)
    lower = upper.translated(0, line)
    time, state, about = texts
    beside = width(time, usual) + _GAP
    below = width(state, small(usual)) + _GAP
    if about:
        name = upper.adjusted(0, 0, -beside, 0)
    else:  # a single line stands in the middle
        name = upper.translated(0, line // 2 + 1).adjusted(0, 0, -max(beside, below), 0)
    write(painter, name, words.who(call), strong(usual), look.bad if missed else look.text)
    write(painter, lower.adjusted(0, 0, -below, 0), about, small(usual), look.muted)
    write(painter, upper, time, usual, look.text, RIGHT)
    write(painter, lower, state, small(usual), look.bad if missed else look.muted, RIGHT)
