"""The palette's rows in a list: model and painting."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHideEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from desk_phone.i18n import tr
from desk_phone.ui.avatar import paint_avatar
from desk_phone.ui.dialling.dial_rows import DialRow, RowKind
from desk_phone.ui.icons import draw
from desk_phone.ui.look import Tokens, tokens
from desk_phone.ui.painting import RIGHT, grown, small, strong, width, write
from desk_phone.ui.pointing import choose_what_is_selected
from desk_phone.ui.speech import LastWord

ROW = 52  # px
_LINE = 17  # px, one more of a problem's lines
ROWS_AT_ONCE = 6
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_AVATAR = 32
_LEFT, _RIGHT = 7 + 8 + _AVATAR + 12, 12 + 7  # px beside a row's words

_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap

Index = QModelIndex | QPersistentModelIndex


class DialRows(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[DialRow] = []

    def show_rows(self, rows: list[DialRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: Index) -> DialRow | None:
        return self._rows[index.row()] if index.isValid() else None

    def first_callable(self) -> int:
        """The first row that can be called, or -1."""
        return next((n for n, row in enumerate(self._rows) if row.key), -1)

    def place_of(self, row: DialRow) -> int:
        """Where the same person has the same number, or -1."""
        alike = (n for n, r in enumerate(self._rows) if (r.key, r.name) == (row.key, row.name))
        return next(alike, -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not self.checkIndex(index, self.CheckIndexOption.IndexIsValid):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.sentence
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index)
        if row is None or not row.key:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class DialDelegate(QStyledItemDelegate):
    def sizeHint(self, option: Option, index: Index) -> QSize:
        """A problem is told whole, on as many lines as it takes."""
        row: DialRow = index.data(ROW_ROLE)
        if row.kind is not RowKind.PROBLEM or not isinstance(option.widget, QListView):
            return QSize(320, grown(ROW, option.font))
        room = option.widget.viewport().width() - _LEFT - _RIGHT
        more = _lines(row.detail, small(option.font), room) - 1
        return QSize(320, grown(ROW, option.font) + grown(_LINE, option.font) * more)

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        row: DialRow = index.data(ROW_ROLE)
        look = tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = option.rect.adjusted(7, 2, -7, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or (option.state & QStyle.StateFlag.State_MouseOver and row.key):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.selected if chosen else look.hover))
            painter.drawRoundedRect(body, 8, 8)
        _paint_picture(painter, body, row, look)
        _paint_words(painter, body, row, chosen, option, look)
        painter.restore()


def _paint_picture(painter: QPainter, body: QRect, row: DialRow, look: Tokens) -> None:
    disc = QRectF(body.left() + 8, body.center().y() - _AVATAR / 2 + 1, _AVATAR, _AVATAR)
    if row.kind is RowKind.PROBLEM:
        draw(painter, "circle-alert", disc.adjusted(6, 6, -6, -6), look.warn)
    elif row.kind is RowKind.NUMBER and not row.name:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.good))
        painter.drawEllipse(disc)
        draw(painter, "phone", disc.adjusted(8, 8, -8, -8), look.on_good)
    else:
        paint_avatar(painter, disc, row.name, look)


def _paint_words(
    painter: QPainter, body: QRect, row: DialRow, chosen: bool, option: Option, look: Tokens
) -> None:
    usual = option.font
    act = tr("Enter: call") if chosen else ""
    whole = body.adjusted(8 + _AVATAR + 12, 0, -12, 0)
    line = grown(19, usual)
    high = QRect(whole.left(), body.top() + grown(5, usual), whole.width(), line + 1)
    low = QRect(whole.left(), body.top() + grown(23, usual), whole.width(), line)
    write(painter, high if row.source else whole, act, small(usual), look.accent, RIGHT)
    write(painter, low if act else whole, row.source, small(usual), look.muted, RIGHT)
    beside = max(width(act, small(usual)), width(row.source, small(usual)))
    upper, lower = (line.adjusted(0, 0, -beside - 12 if beside else 0, 0) for line in (high, low))
    if not row.detail:
        upper.translate(0, line // 2)
    write(painter, upper, row.title, strong(usual), look.text)
    if row.kind is RowKind.PROBLEM:
        painter.setFont(small(usual))
        painter.setPen(QColor(look.muted))
        lower.setBottom(body.bottom())
        painter.drawText(lower, int(_WRAPPED), row.detail)
    else:
        write(painter, lower, row.detail, small(usual), look.muted)


def _lines(text: str, font: QFont, room: int) -> int:
    metrics = QFontMetrics(font)
    high = metrics.boundingRect(QRect(0, 0, room, 1000), int(_WRAPPED), text).height()
    return max(1, round(high / metrics.lineSpacing()))


class DialList(QListView):
    """Never has the keyboard itself: the field above moves it, and so it speaks by itself."""

    def __init__(self, model: DialRows) -> None:
        super().__init__()
        self._speech = LastWord(self)
        self.setModel(model)
        model.modelReset.connect(self._speak)
        choose_what_is_selected(self)
        self.setItemDelegate(DialDelegate(self))
        self.setProperty("role", "bare")
        self.setAccessibleName(tr("People and numbers"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def height_of_rows(self) -> int:
        """Of all rows, or of as many as are shown at once."""
        rows = range(min(self.model().rowCount(), ROWS_AT_ONCE))
        return sum(self.sizeHintForRow(row) for row in rows)

    def step(self, by: int) -> None:
        """Move the choice by so many rows, over those that cannot be called; stop at the ends."""
        model = self.model()
        row = self.currentIndex().row()
        last = model.rowCount() - 1
        wanted = max(0, min(last, row + by))
        onward = 1 if by > 0 else -1
        while 0 <= wanted <= last and not model.flags(model.index(wanted, 0)):
            wanted += onward
        if 0 <= wanted <= last:
            self.setCurrentIndex(model.index(wanted, 0))

    def _speak(self) -> None:
        """What Enter would call, else why it calls nobody."""
        row = self.currentIndex()
        shown = row if row.isValid() else self.model().index(0, 0)
        self._speech.say(shown.data(Qt.ItemDataRole.AccessibleTextRole) or "")

    # Qt's side

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._speak()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._speech.forget()
