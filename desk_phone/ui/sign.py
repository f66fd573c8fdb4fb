"""How the line stands, as one sign: each has a shape of its own, for colour alone tells nobody."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desk_phone.app.account import AccountState
from desk_phone.i18n import tr
from desk_phone.model import quiet
from desk_phone.model.line import LineState, Link
from desk_phone.settings import Settings
from desk_phone.ui.look import Tokens, tokens
from desk_phone.ui.pause import quiet_hours


class Sign(StrEnum):
    """The comments say the shape of the dot; the tray icon's are in `ui.tray_icon`."""

    READY = "ready"  # a disc
    QUIET = "quiet"  # a disc with a hole: pop-ups are off, or these are quiet hours
    PAUSED = "paused"  # a disc with two bars
    WAITING = "waiting"  # a ring: connecting, or no line chosen
    APART = "apart"  # a ring with a slash
    LOCKED = "locked"  # a square on its point


def sign(line: LineState, settings: Settings, now: datetime) -> Sign:
    """What is wrong with the line comes first, then what became of the pop-ups."""
    if line.link is Link.TROUBLE:
        return Sign.APART
    if line.link is Link.LOCKED:
        return Sign.LOCKED
    if line.link is not Link.READY:
        return Sign.WAITING
    if not settings.popups:
        return Sign.QUIET
    if settings.popups_paused_until > now.timestamp():
        return Sign.PAUSED
    return Sign.QUIET if quiet.span(quiet_hours(settings), now) is not None else Sign.READY


def state_words(line: LineState, account: AccountState, shown: Sign) -> str:
    """The sign in a few words, as under the own name."""
    if shown is Sign.LOCKED:
        if account.relayed:
            return tr("not enrolled")
        return tr("password refused") if account.password_known else tr("no password")
    if shown is Sign.WAITING:
        return tr("choose your line") if line.link is Link.NO_LINE else tr("connecting")
    words_of = {
        Sign.READY: tr("ready, looks less often") if line.thrifty else tr("ready"),
        Sign.QUIET: tr("pop-ups off"),
        Sign.PAUSED: tr("pop-ups paused"),
        Sign.APART: tr("not connected"),
    }
    return words_of[shown]


class StateDot(QWidget):
    """The sign as a dot of 14 px."""

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
        _paint(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), self._sign, tokens())
        painter.end()


def _paint(painter: QPainter, rect: QRectF, shown: Sign, look: Tokens) -> None:
    good = (Sign.READY, Sign.QUIET)
    warn = (Sign.PAUSED, Sign.WAITING)
    colour = QColor(look.good if shown in good else look.warn if shown in warn else look.bad)
    filled = shown in (Sign.READY, Sign.QUIET, Sign.PAUSED, Sign.LOCKED)
    painter.setPen(QPen(colour, 2))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    middle = rect.center()
    if shown is Sign.LOCKED:
        top, bottom = QPointF(middle.x(), rect.top()), QPointF(middle.x(), rect.bottom())
        left, right = QPointF(rect.left(), middle.y()), QPointF(rect.right(), middle.y())
        painter.drawPolygon([top, right, bottom, left])
        return
    painter.drawEllipse(rect)
    if shown is Sign.APART:
        painter.drawLine(rect.bottomLeft(), rect.topRight())
    painter.setPen(QPen(QColor(look.surface), 1.5))
    painter.setBrush(QColor(look.surface))
    if shown is Sign.QUIET:
        painter.drawEllipse(middle, 1.5, 1.5)
    if shown is Sign.PAUSED:
        for x in (middle.x() - 1.5, middle.x() + 1.5):
            painter.drawLine(QPointF(x, rect.top() + 2.5), QPointF(x, rect.bottom() - 2.5))
