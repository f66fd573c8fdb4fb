"""A plain table to look at and choose from: lines of cells, each line spoken whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)
from PySide6.QtWidgets import QStyleOptionViewItem as Option

from desk_phone.ui import words
from desk_phone.ui.icons import draw
from desk_phone.ui.look import tokens
from desk_phone.ui.painting import grown, write

ROW = 36  # px
PADDING = 8
ICON = 16
_GAP = 6  # px between an icon and its text
_LINE = Qt.ItemDataRole.UserRole + 1
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """``cells`` as shown. ``icon`` stands before the first, in the colour of a token; ``key`` is
    what the line is about."""

    key: int
    cells: tuple[str, ...]
    icon: str = ""
    colour: str = "muted"

    @property
    def spoken(self) -> str:
        return ", ".join(filter(None, self.cells))


class MadeLines(Sequence[Line]):
    """Lines of things, each made when it is looked at: ``make`` is given its place, which is its
    key."""

    def __init__(self, things: Sequence[T], make: Callable[[int, T], Line]) -> None:
        self._count = len(things)
        self._line: Callable[[int], Line] = lambda at: make(at, things[at])

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        places = range(self._count)[at]
        return self._line(places) if isinstance(places, int) else [self._line(n) for n in places]


class ListingModel(QAbstractTableModel):
    def __init__(self, head: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._head = head
        self._lines: Sequence[Line] = ()

    @property
    def lines(self) -> Sequence[Line]:
        return self._lines

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._head)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._head[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not self.checkIndex(index, self.CheckIndexOption.IndexIsValid):
            return None
        line = self._lines[index.row()]
        if role == _LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.cells[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(line.cells[index.column()])
        return None


class Listing(QTableView):
    """``stretched`` are the columns that share the room; the others take what they need, up to
    ``at_most`` px. ``pressed``: Enter or a double click."""

    pressed = Signal()
    chosen_changed = Signal()

    def __init__(
        self,
        said: str,
        head: tuple[str, ...],
        widths: tuple[int, ...],
        many: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines, self._widths = ListingModel(head, self), widths
        self.setModel(self._lines)
        self._dress(many)
        self.setAccessibleName(said)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)

    @property
    def lines(self) -> Sequence[Line]:
        return self._lines.lines

    def show_lines(self, lines: Sequence[Line]) -> None:
        """What was chosen stays chosen, where it still is."""
        kept = set(self.chosen())
        at = self.verticalScrollBar().value()
        self._lines.show_lines(lines)
        places = (self._place(key) for key in kept)
        if (place := next((place for place in places if place >= 0), -1)) >= 0:
            self.setCurrentIndex(self._lines.index(place, 0))
        self.verticalScrollBar().setValue(at)
        self.chosen_changed.emit()

    def chosen(self) -> list[int]:
        """The keys of the chosen lines."""
        lines = self._lines.lines
        places = [index.row() for index in self.selectionModel().selectedRows()]
        return places if isinstance(lines, MadeLines) else [lines[place].key for place in places]

    def choose(self, key: int) -> None:
        if (place := self._place(key)) >= 0:
            self.setCurrentIndex(self._lines.index(place, 0))
            self.scrollTo(self.currentIndex())

    def make_room(self, column: int, texts: Iterable[str]) -> None:
        """Widen a column of a fixed width until each of these is shown whole."""
        advance = self.fontMetrics().horizontalAdvance
        beside = 2 * PADDING + (ICON + _GAP if column == 0 else 0)
        needed = max(map(advance, texts), default=0) + beside
        head = self.horizontalHeader()
        head.resizeSection(column, max(head.sectionSize(column), needed))

    def _place(self, key: int) -> int:
        """The row of a line, or -1."""
        lines = self._lines.lines
        if isinstance(lines, MadeLines):
            return key if key < len(lines) else -1
        return next((row for row, line in enumerate(lines) if line.key == key), -1)

    def _dress(self, many: bool) -> None:
        self.setProperty("role", "phonebook")
        self.setItemDelegate(_LineDelegate(self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if many else modes.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(ROW * 3)
        rows, head = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for polished in (self, head):
            polished.ensurePolished()  # else in another font than it gets
        for column, width in enumerate(self._widths):
            mode = QHeaderView.ResizeMode.Fixed if width else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(column, mode)
            if width:
                needed = head.sectionSizeHint(column)
                head.resizeSection(column, max(grown(width, self.font()), needed))

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if not event.isAutoRepeat():
                self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.indexAt(event.position().toPoint()).isValid():
            self.pressed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.selectionModel().hasSelection() and self._lines.rowCount():
            self.setCurrentIndex(self._lines.index(max(self.currentIndex().row(), 0), 0))


class _LineDelegate(QStyledItemDelegate):
    def sizeHint(self, option: Option, index: Index) -> QSize:
        return QSize(80, ROW)

    def paint(self, painter: QPainter, option: Option, index: Index) -> None:
        line: Line = index.data(_LINE)
        look, whole = tokens(), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, QColor(look.selected))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(whole, QColor(look.hover))
        text = whole.adjusted(PADDING, 0, -PADDING, 0)
        if index.column() == 0 and line.icon:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(text.left(), text.center().y() - ICON / 2 + 0.5, ICON, ICON)
            draw(painter, line.icon, box, str(getattr(look, line.colour)))
            text = text.adjusted(ICON + _GAP, 0, 0, 0)
        colour = look.bad if line.colour == "bad" else look.text
        write(painter, text, line.cells[index.column()], option.font, colour)
        painter.restore()
