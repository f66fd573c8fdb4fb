"""The table of entries: keyboard, mouse, menu; the chosen entries stay chosen when others come."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desk_phone.i18n import tr
from desk_phone.ui.painting import strong, width
from desk_phone.ui.phonebook.cells import Column, column_name
from desk_phone.ui.phonebook.delegate import ICON, PADDING, ROW, PhonebookDelegate
from desk_phone.ui.phonebook.model import PhonebookModel
from desk_phone.ui.phonebook.rows import Row
from desk_phone.ui.phonebook.words import State, state_word
from desk_phone.ui.pointing import asks_for_menu

_LONG_NUMBER = "+371 29 123 456"
_NUMBERS = (Column.NUMBER1, Column.NUMBER2)
_NAME_AT_LEAST = 100  # px
_MEASURED = 200  # rows
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EDITING = QAbstractItemView.State.EditingState


class PhonebookTable(QTableView):
    """``edit_wanted``: somebody wants to edit and may not, as the table is read-only."""

    call_wanted = Signal(str)  # a canonical number
    copy_wanted = Signal(str)  # a text
    delete_wanted = Signal(object)  # list[Row]
    menu_wanted = Signal(object, QPoint)  # Row, where on the screen
    edit_wanted = Signal()
    chosen_changed = Signal()

    def __init__(self, model: PhonebookModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = model
        self.cells = PhonebookDelegate(model, self)
        self._kept: tuple[int, int, list[int]] | None = None  # id and column, chosen ids
        self._edited = False  # a cell, when the rows were read anew
        self._dress()
        self.setModel(model)
        self._set_columns()
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._choose_kept)
        model.modelReset.connect(self._fit_to_rows)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.selectionModel().currentChanged.connect(self.chosen_changed)

    def _dress(self) -> None:
        self.setProperty("role", "phonebook")
        self.setAccessibleName(tr("Phonebook"))
        self.setItemDelegate(self.cells)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW)
        rows.setDefaultSectionSize(ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_columns(self) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSortIndicator(Column.NAME, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorShown(True)
        head.sortIndicatorChanged.connect(self._sort)

    def _fit_columns(self) -> None:
        """Numbers and states whole, a second number only where there is any; the names share what
        is left by their lengths."""
        self.ensurePolished()
        head, font = self.horizontalHeader(), self.font()
        states = max(width(state_word(state), font) for state in State) + ICON + 6
        heads = [width(column_name(column), strong(font)) for column in _NUMBERS]
        number = max(*heads, width(_LONG_NUMBER, font))
        second = number if any(self._texts(Column.NUMBER2)) else heads[1]
        room = self.viewport().width() - states - number - second - 6 * PADDING
        name = self._share(room)
        for column, across in (
            (Column.NAME, name),
            (Column.WIRE, room - name),
            (Column.NUMBER1, number + 2 * PADDING),
            (Column.NUMBER2, second + 2 * PADDING),
            (Column.STATE, states + 2 * PADDING),
        ):
            head.resizeSection(column.value, max(across, 60))

    def _share(self, room: int) -> int:
        """How much of it is the names', the rest being for what the phones show; where there is
        little, the names are what people look for."""
        longest = [
            max(map(self._across, self._texts(column)), default=0) + 2 * PADDING
            for column in (Column.NAME, Column.WIRE)
        ]
        name, wire = (max(each, _NAME_AT_LEAST) for each in longest)
        if name + wire <= room:
            return name + (room - name - wire) // 2
        least = width(column_name(Column.WIRE), strong(self.font())) + 2 * PADDING
        return max(room * name // (name + wire), min(name, room - least))

    def _across(self, text: str) -> int:
        return width(text, self.font())

    def _texts(self, column: Column) -> list[str]:
        """Those of the first rows: what one sees without going far."""
        rows = range(min(self._entries.rowCount(), _MEASURED))
        return [self._entries.index(row, column).data() for row in rows]

    def _fit_to_rows(self) -> None:
        """Not to what is found: the columns stay where they are while somebody types."""
        if not self._entries.text:
            self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_columns()

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        if column == Column.NAME:
            self._entries.sort(column, order)
        else:  # nothing else sorts
            self.horizontalHeader().setSortIndicator(Column.NAME, Qt.SortOrder.AscendingOrder)

    # what is chosen

    def chosen(self) -> list[Row]:
        rows = (self._entries.row(index) for index in self.selectionModel().selectedRows())
        return [row for row in rows if row is not None]

    def current(self) -> Row | None:
        return self._entries.row(self.currentIndex())

    def choose(self, contact_id: int, column: int = Column.NAME) -> bool:
        """Choose an entry and show it; whether it is among the rows."""
        place = self._entries.place_of(contact_id)
        if place < 0:
            return False
        self.setCurrentIndex(self._entries.index(place, column))
        self.scrollTo(self.currentIndex())
        return True

    def choose_first(self) -> None:
        if self._entries.rowCount():
            self.setCurrentIndex(self._entries.index(0, Column.NAME))

    def setCurrentIndex(self, index: QModelIndex | QPersistentModelIndex) -> None:
        """What no key or click chose is chosen alone, though Ctrl is held meanwhile."""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def edit_current(self) -> None:
        """Edit the current cell in place, or say that it cannot be."""
        index = self.currentIndex()
        if index.column() == Column.STATE:
            index = index.siblingAtColumn(Column.NAME)
        if not index.isValid():
            return
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(index)
            self.edit(index)
        else:
            self.edit_wanted.emit()

    def _keep(self) -> None:
        self._edited = self.state() is _EDITING
        current = self.current()
        if current is not None:
            ids = [row.id for row in self.chosen()]
            self._kept = (current.id, self.currentIndex().column(), ids)

    def _choose_kept(self) -> None:
        if self._edited:  # the field is gone, and its keyboard would be anybody's
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        kept, self._kept = self._kept, None
        if kept is None or len(kept[2]) > 1:  # of many it is not sure which are still in sight
            return
        at = self.verticalScrollBar().value()
        if self.choose(kept[0], kept[1]) and not self._entries.text:
            self.verticalScrollBar().setValue(at)

    # the keyboard and the mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            # A field passes on the Enter that ends its edit, before it is closed.
            if not event.isAutoRepeat() and self.state() is not _EDITING:
                self.want_call()
        elif event.key() == Qt.Key.Key_F2:
            self.edit_current()
        elif event.key() == Qt.Key.Key_Delete:
            if not event.isAutoRepeat() and (rows := self.chosen()):
                self.delete_wanted.emit(rows)
        elif event.matches(QKeySequence.StandardKey.Copy):
            if text := self.currentIndex().data():
                self.copy_wanted.emit(text)
        elif asks_for_menu(event):
            if (row := self.current()) is not None:
                self._want_menu(row)
        else:
            super().keyPressEvent(event)

    def want_call(self) -> None:
        """The number with the keyboard, else the first."""
        row = self.current()
        if row is None:
            return
        second = self.currentIndex().column() == Column.NUMBER2 and row.content.number2
        if key := row.content.number2 if second else row.content.number1:
            self.call_wanted.emit(key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._at(event).isValid():
            self.edit_current()

    def _at(self, event: QMouseEvent) -> QModelIndex:
        return self.indexAt(event.position().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        row = self._entries.row(index)
        if row is not None and by_mouse:
            self.menu_wanted.emit(row, event.globalPos())
        elif row is not None:
            self._want_menu(row)

    def _want_menu(self, row: Row) -> None:
        """Under the current row."""
        under = self.visualRect(self.currentIndex()).bottomLeft()
        self.menu_wanted.emit(row, self.viewport().mapToGlobal(under))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)  # makes the first row current, and shows nothing of it
        if not self.selectionModel().hasSelection():
            self.choose_first()
