"""The phonebook as a table: rows in order or found, cells that may hold what cannot be saved."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desk_phone.app.directory import Directory
from desk_phone.ui import words
from desk_phone.ui.phonebook.cells import (
    FIELDS,
    Cell,
    Column,
    Role,
    Unsaved,
    column_head,
    column_name,
    typed,
)
from desk_phone.ui.phonebook.draft import Checked, Draft, Field, check, draft_of
from desk_phone.ui.phonebook.rows import FOUND_AT_FIRST, Row, Rows
from desk_phone.ui.phonebook.words import State

_MENDED_AT_MOST = 100  # rows that change at once before all are told anew

Index = QModelIndex | QPersistentModelIndex


class PhonebookModel(QAbstractTableModel):
    """``edited``: a cell was changed to something that can be saved; the row stays as it is until
    `take` brings it anew. The ``directory`` finds rows: an index of our own would be the same one
    once more."""

    edited = Signal(object)  # Draft
    unsaved_changed = Signal()

    def __init__(self, directory: Directory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows, self._directory = Rows(), directory
        self._text = ""
        self._found: list[Row] | None = None  # None: nothing is sought
        self._more = False
        self._falling = False
        self._unsaved: dict[int, Unsaved] = {}
        self._open = False

    # what is shown

    @property
    def count(self) -> int:
        """Of all entries, whatever is sought."""
        return len(self._rows)

    @property
    def text(self) -> str:
        return self._text

    @property
    def has_more(self) -> bool:
        """Whether more rows are found than shown."""
        return self._more

    @property
    def unsaved(self) -> Mapping[int, Unsaved]:
        return self._unsaved

    def show_rows(self, rows: Rows) -> None:
        self.beginResetModel()
        self._rows = rows
        self._find()
        self.endResetModel()

    def all_rows(self) -> list[Row]:
        """In the order of their names; not to be changed."""
        return self._rows.in_order

    def search(self, text: str) -> None:
        text = text.strip()
        if text != self._text:
            self._text = text
            self.show_rows(self._rows)

    def search_again(self) -> None:
        """The directory may give another answer."""
        if self._found is not None and self._seek(len(self._found)) != (self._found, self._more):
            self.show_rows(self._rows)

    def let_edit(self, may: bool) -> None:
        self._open = may

    def row(self, index: Index) -> Row | None:
        return self._at(index.row()) if index.isValid() else None

    def place_of(self, contact_id: int) -> int:
        """The row of an entry among those shown, or -1."""
        row = self._rows.get(contact_id)
        if row is None:
            return -1
        if self._found is not None:
            return next((n for n, one in enumerate(self._found) if one.id == contact_id), -1)
        return self._turned(self._rows.place(row))

    # what changes

    def take(self, changed: Mapping[int, Row | None]) -> None:
        """Entries as they are now; None: no longer there. Rows that stay keep their index."""
        if self._found is not None or len(changed) > _MENDED_AT_MOST:
            self._take_all(changed)
            return
        for contact_id, row in changed.items():
            before = self._rows.get(contact_id)
            if row is None:
                self._drop(contact_id)
            elif before is None:
                self._insert(row)
            elif before != row:
                self._mend(before, row)

    def keep_unsaved(self, draft: Draft, problems: Mapping[Field, str]) -> None:
        """What could not be saved stays in its cells, marked."""
        self._unsaved[draft.id] = Unsaved(draft, problems)
        self._repaint(draft.id)
        self.unsaved_changed.emit()

    def forget_unsaved(self, contact_id: int) -> None:
        if self._unsaved.pop(contact_id, None) is not None:
            self._repaint(contact_id)
            self.unsaved_changed.emit()

    def _take_all(self, changed: Mapping[int, Row | None]) -> None:
        self.beginResetModel()
        for contact_id, row in changed.items():
            if row is None:
                self._rows.remove(contact_id)
            else:
                self._rows.put(row)
        self._find()
        self.endResetModel()
        for contact_id in self._unsaved.keys() - self._rows.ids():
            self.forget_unsaved(contact_id)

    def _drop(self, contact_id: int) -> None:
        place = self.place_of(contact_id)
        if place >= 0:
            self.beginRemoveRows(QModelIndex(), place, place)
            self._rows.remove(contact_id)
            self.endRemoveRows()
            self.forget_unsaved(contact_id)

    def _insert(self, row: Row) -> None:
        at = self._gap(row)
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.put(row)
        self.endInsertRows()

    def _mend(self, before: Row, row: Row) -> None:
        source, gap = self.place_of(before.id), self._gap(row)
        root = QModelIndex()
        moves = self.beginMoveRows(root, source, source, root, gap)
        self._rows.put(row)
        if moves:
            self.endMoveRows()
        self._repaint(row.id)

    def _repaint(self, contact_id: int) -> None:
        place = self.place_of(contact_id)
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, Column.STATE))

    # order and search

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By name; other columns don't sort."""
        falling = order is Qt.SortOrder.DescendingOrder
        if column == Column.NAME and falling != self._falling:
            self.beginResetModel()
            self._falling = falling
            self.endResetModel()

    def _turned(self, place: int) -> int:
        return len(self._rows) - 1 - place if self._falling else place

    def _gap(self, row: Row) -> int:
        """Before which row a new one goes."""
        place = self._rows.place(row)
        return len(self._rows) - place if self._falling else place

    def _at(self, place: int) -> Row:
        if self._found is not None:
            return self._found[place]
        return self._rows.in_order[self._turned(place)]

    def _find(self) -> None:
        self._found, self._more = self._seek(FOUND_AT_FIRST) if self._text else (None, False)

    def _seek(self, limit: int) -> tuple[list[Row], bool]:
        return self._rows.found(self._directory, self._text, max(limit, FOUND_AT_FIRST))

    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: Index) -> None:
        if self._found is None or not self.canFetchMore(parent):
            return
        first, known = len(self._found), {row.id for row in self._found}
        found, self._more = self._seek(first + FOUND_AT_FIRST)
        if more := [row for row in found if row.id not in known]:
            self.beginInsertRows(QModelIndex(), first, first + len(more) - 1)
            self._found += more
            self.endInsertRows()

    # Qt's side

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return len(self._rows) if self._found is None else len(self._found)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return column_head(Column(section))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return column_name(Column(section))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        leaves = row.state is State.LEAVING
        if self._open and index.column() != Column.STATE and not leaves:
            return shown | Qt.ItemFlag.ItemIsEditable
        return shown

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not self.checkIndex(index, self.CheckIndexOption.IndexIsValid):
            return None
        row, column = self._at(index.row()), Column(index.column())
        if role == Role.ROW:
            return row
        if role == Qt.ItemDataRole.EditRole:
            return typed(row, column, self._unsaved.get(row.id))
        said = Cell(row, column, self._unsaved.get(row.id))
        if role == Role.PROBLEM:
            return said.problem
        if role == Qt.ItemDataRole.DisplayRole:
            return said.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return said.spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(said.tip)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, field = self.row(index), FIELDS.get(Column(index.column()))
        if role != Qt.ItemDataRole.EditRole or row is None or field is None:
            return False
        before = self._draft(row)
        draft = before.typed(field, str(value))
        if draft == before:
            return False
        problems = check(draft).problems
        if problems:
            self.keep_unsaved(draft, problems)
        else:
            self.forget_unsaved(row.id)
            self.edited.emit(draft)
        return True

    def problem(self, index: Index) -> str:
        """Why a cell cannot be saved; empty if it can."""
        return str(index.data(Role.PROBLEM)) if index.isValid() else ""

    def judged(self, index: Index, text: str) -> Checked | None:
        """What would be wrong with ``text`` in a cell; None where nothing is typed."""
        row = self.row(index)
        field = FIELDS.get(Column(index.column())) if row is not None else None
        if row is None or field is None:
            return None
        return check(self._draft(row).typed(field, text))

    def _draft(self, row: Row) -> Draft:
        unsaved = self._unsaved.get(row.id)
        return unsaved.draft if unsaved else draft_of(row.id, row.name, row.content)
