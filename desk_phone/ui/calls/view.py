"""The list of calls: keyboard, mouse and menu; rows keep their place when new ones arrive above."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desk_phone.i18n import tr
from desk_phone.model.calls import Attention, Call, Change, Outcome
from desk_phone.ui.calls import delegate as call_delegate
from desk_phone.ui.calls.delegate import CallDelegate
from desk_phone.ui.calls.model import CallsModel, Role
from desk_phone.ui.pointing import asks_for_menu, choose_what_is_selected

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CallsView(QTableView):
    """A table of one column: unlike a list it knows the height of a row without asking for all."""

    call_wanted = Signal(object)  # Call
    copy_wanted = Signal(object)  # Call
    menu_wanted = Signal(object, QPoint)  # Call, where on the screen
    chosen_changed = Signal(object)  # Call, None when none is chosen any more; or it became another
    many_changed = Signal(object)  # tuple[str, ...]: who waits, of several chosen calls

    def __init__(self, model: CallsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calls = model
        self._pressed: QPersistentModelIndex | None = None  # the row whose Call is held down
        self._told: Call | None = None  # the chosen one
        self._taking = False
        self._many: tuple[str, ...] = ()
        self._dress()
        self.setModel(model)
        self._fit_all()
        model.rowsInserted.connect(lambda _, first, last: self._fit(first, last + 1))
        model.dataChanged.connect(lambda first, last: self._fit(first.row(), last.row()))
        model.modelReset.connect(self._fit_all)
        model.modelReset.connect(self._tell_chosen)
        model.modelReset.connect(self._tell_many)
        self.selectionModel().currentChanged.connect(self._tell_chosen)
        self.selectionModel().selectionChanged.connect(self._tell_many)
        choose_what_is_selected(self)

    def _dress(self) -> None:
        self.setProperty("role", "calls")
        self.setAccessibleName(tr("Calls"))
        self.setItemDelegate(CallDelegate(self))
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows = self.verticalHeader()
        rows.hide()
        self.ensurePolished()  # else in a smaller font than it gets
        high = call_delegate.row_height("", self.font())
        rows.setMinimumSectionSize(high)
        rows.setDefaultSectionSize(high)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def chosen(self) -> Call | None:
        """The call of the chosen row."""
        return self._calls.call(self.currentIndex())

    def choose(self, row: int) -> None:
        self.setCurrentIndex(self._calls.index(row))

    def read_again(self) -> None:
        """The chosen call stays so where it is still there."""
        chosen = self.chosen()
        self._calls.read_again()
        if chosen is not None and (row := self._calls.row_of(chosen.id)) >= 0:
            self.choose(row)

    def take(self, changes: tuple[Change, ...]) -> None:
        """Let the model take the changes; the chosen call and what is in sight stay where they are.

        At the very top the list stays at the top, so that a new call is seen.
        """
        chosen = self.chosen()
        bar = self.verticalScrollBar()
        in_sight = self._calls.call(self.indexAt(QPoint(1, 1))) if bar.value() else None
        before = self._top_of(in_sight)
        self._taking = True
        self._calls.take(changes)
        if chosen is not None and self.chosen() != chosen:
            self._choose_again(chosen, changes)
        self._taking = False
        self._tell_chosen()
        self._tell_many()
        if in_sight is not None and (after := self._top_of(in_sight)) is not None:
            bar.setValue(bar.value() + after - (before or 0))

    def _tell_chosen(self) -> None:
        """Not while rows come and go: the chosen one may be back in a moment."""
        chosen = self.chosen()
        if not self._taking and chosen != self._told:
            self._told = chosen
            self.chosen_changed.emit(chosen)

    def _tell_many(self) -> None:
        rows = self.selectionModel().selectedRows()
        calls = map(self._calls.call, rows if len(rows) > 1 else ())
        waiting = (call.other for call in calls if call is not None and _waits(call))
        many = tuple(dict.fromkeys(waiting))
        if not self._taking and many != self._many:
            self._many = many
            self.many_changed.emit(many)

    def setCurrentIndex(self, index: QModelIndex | QPersistentModelIndex) -> None:
        """What no key or click chose is chosen alone, though Ctrl is held meanwhile."""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _choose_again(self, call: Call, changes: tuple[Change, ...]) -> None:
        became = {c.before.id: c.after.id for c in changes if c.before is not None}
        row = self._calls.row_of(became.get(call.id, call.id))
        if row >= 0 and row != self.currentIndex().row():
            at = self.verticalScrollBar().value()
            self.choose(row)
            self.verticalScrollBar().setValue(at)

    def _top_of(self, call: Call | None) -> int | None:
        row = -1 if call is None else self._calls.row_of(call.id)
        return self.rowViewportPosition(row) if row >= 0 else None

    def _fit_all(self) -> None:
        self._fit(0, self._calls.rowCount() - 1)

    def _fit(self, first: int, last: int) -> None:
        for row in range(first, min(last, self._calls.rowCount() - 1) + 1):
            heading = self._calls.index(row).data(Role.HEADING)
            height = call_delegate.row_height(heading, self.font())
            if self.rowHeight(row) != height:
                self.setRowHeight(row, height)

    # the mouse

    def _over_button(self, event: QMouseEvent) -> QModelIndex | None:
        """The chosen row, when the event is on its Call."""
        where, index = event.position().toPoint(), self.currentIndex()
        call = self.chosen()
        if call is None or not call.other or self.indexAt(where) != index:
            return None
        button = call_delegate.button_rect(self.visualRect(index), self.font())
        return index if button.contains(where) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Judged before the press chooses a row: the button must have been in sight already.
        index = self._over_button(event) if event.button() == Qt.MouseButton.LeftButton else None
        self._pressed = QPersistentModelIndex(index) if index is not None else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        index = self._over_button(event)
        if pressed is not None and index is not None and pressed == index:
            self._want_call()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        on_row = self.indexAt(event.position().toPoint()).isValid()
        if left and on_row and self._over_button(event) is None:
            self._want_call()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._over_button(event) is not None
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand if over else arrow)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        call = self._calls.call(index)
        if call is not None and by_mouse:
            self.menu_wanted.emit(call, event.globalPos())
        elif call is not None:
            self._want_menu(call)

    def _want_menu(self, call: Call) -> None:
        """Under the chosen row."""
        self.scrollTo(self.currentIndex())
        under = self.visualRect(self.currentIndex()).bottomLeft()
        self.menu_wanted.emit(call, self.viewport().mapToGlobal(under))

    # the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if not event.isAutoRepeat():
                self._want_call()
        elif event.matches(QKeySequence.StandardKey.Copy):
            if (call := self.chosen()) is not None and call.other:
                self.copy_wanted.emit(call)
        elif asks_for_menu(event):
            if (call := self.chosen()) is not None:
                self._want_menu(call)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)  # makes the first row current, and shows nothing of it
        if not self.selectionModel().selectedRows() and self._calls.rowCount():
            self.choose(max(self.currentIndex().row(), 0))

    def _want_call(self) -> None:
        call = self.chosen()
        if call is not None and call.other:
            self.call_wanted.emit(call)


def _waits(call: Call) -> bool:
    return call.outcome is Outcome.MISSED and call.attention is not Attention.HANDLED
