"""The Calls page: search, filters, the list, and what to say when the list is empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dialler
from desk_phone.i18n import tr
from desk_phone.model.calls import Attention, Call, Change, Outcome
from desk_phone.store.calls import CallFilter
from desk_phone.ui.buttons import OneOf, tool_button
from desk_phone.ui.calls_empty import emptiness
from desk_phone.ui.calls_model import CallsModel
from desk_phone.ui.calls_view import CallsView
from desk_phone.ui.empty_state import EmptyState
from desk_phone.ui.icons import icon
from desk_phone.ui.label import plain_label
from desk_phone.ui.search_field import search_field

SEEN_AFTER_MS = 1500  # long enough that a window merely passing by marks nothing
_SOMEBODY_IS_HERE = (
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.KeyPress,
)


class CallsPage(QWidget):
    """``notices`` is the widget of the banners, shown between the title and the filters."""

    empty_pressed = Signal(str)  # Emptiness.act
    add_wanted = Signal(str)  # a canonical number for the phonebook

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        account: AccountDesk,
        notices: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seen_after_ms: int = SEEN_AFTER_MS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler, self._account = calls, dialler, account
        self._model = CallsModel(calls.ledger, lambda: now().astimezone().date(), self)
        self._view = CallsView(self._model)
        self._empty = EmptyState()
        self._search = search_field(tr("Search calls"))
        self._filters: dict[CallFilter, QToolButton] = {}
        self._one_filter = OneOf(self)
        self._seen = QTimer(self, singleShot=True, interval=seen_after_ms)
        self._build(notices)
        self._wire()
        self._tell_count()
        self._show_list_or_not()

    # what the window asks of its page

    def search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def show_filter(self, chosen: CallFilter) -> None:
        self._one_filter.choose(self._filters[chosen])
        self._look_again()

    def clear(self) -> bool:
        """Empty the search; False when there was none."""
        had = bool(self._search.text())
        self._search.clear()
        return had

    def window_state_changed(self) -> None:
        """The window became active, or ceased to be."""
        self._maybe_seen()

    # making

    def _build(self, notices: QWidget) -> None:
        head = QHBoxLayout()
        head.addWidget(plain_label(tr("Calls"), "title"))
        head.addStretch(1)
        head.addWidget(self._search)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(notices)
        column.addLayout(self._filter_row())
        column.addWidget(self._stack, 1)

    def _filter_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        names = {
            CallFilter.ALL: tr("All"),
            CallFilter.MISSED: tr("Missed"),
            CallFilter.INCOMING: tr("Incoming"),
            CallFilter.OUTGOING: tr("Outgoing"),
            CallFilter.CALL_BACK: tr("To call back"),
        }
        for chosen, name in names.items():
            button = tool_button(name, checkable=True)
            button.setObjectName(f"filter {chosen}")
            self._one_filter.add(button)
            button.clicked.connect(self._look_again)
            row.addWidget(button)
            self._filters[chosen] = button
        self._one_filter.choose(self._filters[CallFilter.ALL])
        row.addStretch(1)
        return row

    def _wire(self) -> None:
        self._search.textChanged.connect(self._look_again)
        self._search.returnPressed.connect(self._into_list)
        self._view.call_wanted.connect(lambda call: self._dialler.dial_key(call.other))
        self._view.copy_wanted.connect(_copy)
        self._view.menu_wanted.connect(self._open_menu)
        self._empty.pressed.connect(self._press_empty)
        self._calls.changed.connect(self._take)
        self._calls.line_changed.connect(self._line_changed)
        self._account.changed.connect(self._show_list_or_not)
        self._seen.timeout.connect(self._mark_seen)
        for watched in (self._view, self._view.viewport(), self._search):
            watched.installEventFilter(self)

    # reading

    @property
    def _chosen_filter(self) -> CallFilter:
        return next(f for f, button in self._filters.items() if button.isChecked())

    def _look_again(self) -> None:
        self._model.show_only(self._chosen_filter, self._search.text())
        self._view.scrollToTop()
        self._show_list_or_not()

    def _take(self, changes: tuple[Change, ...]) -> None:
        self._view.take(changes)
        self._tell_count()
        self._show_list_or_not()

    def _line_changed(self) -> None:
        self._model.follow_midnight()
        self._show_list_or_not()

    def _tell_count(self) -> None:
        missed = self._calls.ledger.missed_people()
        name = tr("Missed %(n)d") % {"n": missed} if missed else tr("Missed")
        self._filters[CallFilter.MISSED].setText(name)

    def _show_list_or_not(self) -> None:
        if self._model.rowCount():
            self._stack.setCurrentWidget(self._view)
            return
        state = self._account.state
        self._empty.show_this(
            emptiness(self._chosen_filter, self._model.text, self._calls.line, state.password_known)
        )
        self._stack.setCurrentWidget(self._empty)

    def _into_list(self) -> None:
        if self._model.rowCount():
            self._view.choose(0)
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _press_empty(self, act: str) -> None:
        if act == "all":
            self._search.clear()
            self.show_filter(CallFilter.ALL)
        else:
            self.empty_pressed.emit(act)

    # missed calls that somebody looked at

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._model.follow_midnight()
        self._maybe_seen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A call that comes into a window left open is not seen before somebody is back at it."""
        if event.type() in _SOMEBODY_IS_HERE:
            self._maybe_seen()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._seen.stop()

    def _is_looked_at(self) -> bool:
        return self.isVisible() and self.isActiveWindow()

    def _maybe_seen(self) -> None:
        if not self._is_looked_at():
            self._seen.stop()
        elif not self._seen.isActive() and self._calls.ledger.missed_people():
            self._seen.start()

    def _mark_seen(self) -> None:
        if self._is_looked_at():
            self._calls.mark_seen()

    # the row's menu

    def _open_menu(self, call: Call, where: QPoint) -> None:
        menu = self.menu_for(call)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def menu_for(self, call: Call) -> QMenu:
        menu = QMenu(self)
        call_back = QAction(icon("phone"), tr("Call"), menu)
        call_back.triggered.connect(lambda: self._dialler.dial_key(call.other))
        copy = QAction(icon("copy"), tr("Copy number"), menu)
        copy.triggered.connect(lambda: _copy(call))
        for action in (call_back, copy):
            action.setEnabled(bool(call.other))
            menu.addAction(action)
        if call.other and not call.name:
            add = QAction(icon("user-plus"), tr("Add to phonebook"), menu)
            add.triggered.connect(lambda: self.add_wanted.emit(call.other))
            menu.addAction(add)
        if call.outcome is Outcome.MISSED and call.attention is not Attention.HANDLED:
            done = QAction(icon("check"), tr("Done"), menu)
            done.triggered.connect(lambda: self._calls.handle(call.other))
            menu.addAction(done)
        return menu


def _copy(call: Call) -> None:
    QGuiApplication.clipboard().setText(call.other)
