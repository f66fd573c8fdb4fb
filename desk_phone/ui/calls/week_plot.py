"""The hours of a week as bars: what came stands on the line, what was made hangs from it.

Answered calls are full, missed ones striped: the shapes tell them apart without their colours.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desk_phone.i18n import tr
from desk_phone.model.week import DAYS, Hour, Report
from desk_phone.ui import words
from desk_phone.ui.calls import week_words
from desk_phone.ui.look import Tokens, tokens
from desk_phone.ui.painting import LEFT, RIGHT, small, strong, width, write
from desk_phone.ui.speech import say_aloud

TALL, LOW = 84, 58  # px
_LABELS = 16
_BETWEEN_DAYS = 10
_CALL_AT_MOST = 14.0  # px of one call
_STRIPE = 2.0  # px, of missed calls
_OFFICE = (8, 18)  # hours that are always there
_MIDDLE = Qt.AlignmentFlag.AlignCenter
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class WeekPlot(QWidget):
    """The arrow keys go from hour to hour; the mouse over one says the same as a tooltip."""

    spoken_as = QAccessible.Role.Chart
    spoken = Signal(str)  # the chosen hour in words

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._chosen = -1  # place among the hours that have calls
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Calls by day and hour"))
        self.setFixedHeight(TALL)

    def show_report(self, report: Report, said: str) -> None:
        """``said`` is the whole of it for screen readers."""
        self._report, self._chosen = report, -1
        self.setAccessibleDescription(said)
        self.update()

    @property
    def chosen(self) -> Hour | None:
        hours = self._hours
        return hours[self._chosen] if 0 <= self._chosen < len(hours) else None

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def hour_at(self, at: QPointF) -> Hour | None:
        """The hour with calls under a point."""
        return next((hour for hour in self._hours if self._column(hour).contains(at)), None)

    def middle_of(self, hour: Hour) -> QPointF:
        return self._column(hour).center()

    @property
    def _hours(self) -> tuple[Hour, ...]:
        return self._report.figures.hours if self._report is not None else ()

    # Qt's side

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            hour = self.hour_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), words.tooltip(self._words(hour)), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if not step or not self._hours:
            super().keyPressEvent(event)
            return
        last = len(self._hours) - 1
        at_first = 0 if step > 0 else last
        self._chosen = at_first if self.chosen is None else self._chosen + step
        self._chosen = max(0, min(last, self._chosen))
        self._speak()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._chosen = -1
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._report is not None:
            self._paint_days(painter, self._report, look)
            self._paint_bars(painter, look)
            if not self._hours:
                area = self.rect().adjusted(0, 0, 0, -_LABELS)
                write(painter, area, week_words.nothing(), self.font(), look.muted, _MIDDLE)
        painter.end()

    # how

    def _words(self, hour: Hour | None) -> str:
        if hour is None or self._report is None:
            return ""
        return week_words.hour(self._report, hour)

    def _speak(self) -> None:
        said = self._words(self.chosen)
        self.update()
        self.spoken.emit(said)
        say_aloud(self, said)
        if self.chosen is not None:
            where = self.mapToGlobal(self.middle_of(self.chosen).toPoint())
            QToolTip.showText(where, words.tooltip(said), self)

    def _range(self) -> tuple[int, int]:
        """The first and the last hour that are shown, the same for every day."""
        hours = [hour.hour for hour in self._hours]
        return min([_OFFICE[0], *hours]), max([_OFFICE[1] - 1, *hours])

    def _day(self, day: int) -> QRectF:
        across = (self.width() - 8) / DAYS
        left = 4 + day * across + _BETWEEN_DAYS / 2
        return QRectF(left, 4, across - _BETWEEN_DAYS, self.height() - _LABELS - 6)

    def _column(self, hour: Hour) -> QRectF:
        first, last = self._range()
        day = self._day(hour.day)
        across = day.width() / (last - first + 1)
        return QRectF(day.left() + (hour.hour - first) * across, day.top(), across, day.height())

    def _scale(self) -> tuple[float, float]:
        """Where the line lies, and how high one call is."""
        above = max((hour.count.incoming for hour in self._hours), default=0)
        below = max((hour.count.outgoing for hour in self._hours), default=0)
        area = self._day(0)
        if not above + below:
            return area.bottom(), 0
        call = min(_CALL_AT_MOST, area.height() / (above + below))
        return area.bottom() - below * call, call

    def _paint_days(self, painter: QPainter, report: Report, look: Tokens) -> None:
        first, last = self._range()
        usual = small(small(self.font()))
        line = self._scale()[0]
        ends = str(first), str(last + 1)
        names = [week_words.day_name(day) for day in report.week.days]
        widest = max(width(name, strong(usual)) for name in names) + width("".join(ends), usual)
        for number, name in enumerate(names):
            area = self._day(number)
            painter.setPen(QPen(QColor(look.control_border), 1))
            painter.drawLine(QPointF(area.left(), line), QPointF(area.right(), line))
            below = QRect(int(area.left()), self.height() - _LABELS, int(area.width()), _LABELS)
            write(painter, below, name, strong(usual), look.text, _MIDDLE)
            if widest + 8 < below.width():
                write(painter, below, ends[0], usual, look.muted, LEFT)
                write(painter, below, ends[1], usual, look.muted, RIGHT)

    def _paint_bars(self, painter: QPainter, look: Tokens) -> None:
        line, call = self._scale()
        for hour in self._hours:
            column, count = self._column(hour), hour.count
            if hour == self.chosen:
                painter.fillRect(column, QColor(look.selected))
            gap = min(1.0, column.width() / 5)
            left, across = column.left() + gap, column.width() - 2 * gap
            top = line - count.answered * call
            paint_answered(painter, QRectF(left, top, across, line - top), look)
            missed = QRectF(left, top - count.missed * call, across, count.missed * call)
            paint_missed(painter, missed, look)
            paint_outgoing(painter, QRectF(left, line, across, count.outgoing * call), look)


def paint_answered(painter: QPainter, bar: QRectF, look: Tokens) -> None:
    painter.fillRect(bar, QColor(look.good))


def paint_missed(painter: QPainter, bar: QRectF, look: Tokens) -> None:
    painter.fillRect(bar, QColor(look.bad_soft))
    below = bar.bottom() - 1  # and above it, so that it stands apart from answered ones
    while below > bar.top():
        top = max(bar.top(), below - _STRIPE)
        painter.fillRect(QRectF(bar.left(), top, bar.width(), below - top), QColor(look.bad))
        below -= 2 * _STRIPE


def paint_outgoing(painter: QPainter, bar: QRectF, look: Tokens) -> None:
    painter.fillRect(bar.adjusted(0, 1, 0, 1 if bar.height() else 0), QColor(look.accent))


class WeekLegend(QWidget):
    """What the bars are, each as it is painted."""

    spoken_as = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = (tr("answered"), tr("missed"), tr("outgoing"))
        self.setAccessibleName(tr("Legend"))
        self.setAccessibleDescription(
            tr("Answered calls are full bars on the line, missed ones striped, outgoing ones hang.")
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        font = small(self.font())
        return QSize(sum(width(name, font) + 14 + 12 for name in self._names), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = tokens(), QPainter(self)
        font, left, line = small(self.font()), 4, self.height() // 2
        up, down = QRectF(0, line - 8, 7, 12), QRectF(0, line - 2, 7, 10)
        painters = ((paint_answered, up), (paint_missed, up), (paint_outgoing, down))
        for name, (paint, bar) in zip(self._names, painters, strict=True):
            paint(painter, bar.translated(left, 0), look)
            painter.setPen(QPen(QColor(look.control_border), 1))
            base = bar.top() if bar is down else bar.bottom()
            painter.drawLine(QPointF(left - 2, base), QPointF(left + 9, base))
            area = QRect(left + 12, 0, width(name, font) + 4, self.height())
            write(painter, area, name, font, look.muted)
            left = area.right() + 12
        painter.end()
