"""The Calls page: search, filters, the list, and what to say when the list is empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.app.account import AccountDesk
from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dialler
from desk_phone.app.directory import Directory
from desk_phone.app.follow_up import FollowUp
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.model.calls import Call, Change
from desk_phone.store.calls import CallFilter, Sought
from desk_phone.ui.calls.empty import emptiness
from desk_phone.ui.calls.filters import CallFilters
from desk_phone.ui.calls.menu import CallsMenu
from desk_phone.ui.calls.model import CallsModel
from desk_phone.ui.calls.person_pane import PersonPane
from desk_phone.ui.calls.person_state import DONE_KEYS
from desk_phone.ui.calls.seen import CallsSeen
from desk_phone.ui.calls.table import Listed
from desk_phone.ui.calls.tools import CallsTools
from desk_phone.ui.calls.view import CallsView
from desk_phone.ui.empty_state import EmptyState
from desk_phone.ui.label import plain_label
from desk_phone.ui.phonebook.import_reading import Aside
from desk_phone.ui.phonebook.undo_strip import UndoStrip
from desk_phone.ui.search_field import search_field
from desk_phone.ui.settings.form_area import FormArea

SEEN_AFTER_MS = 1500


class CallsPage(QWidget):
    """``notices`` is the widget of the banners, shown between the title and the filters."""

    empty_pressed = Signal(str)  # Emptiness.act
    add_wanted = Signal(str)  # a canonical number for the phonebook

    def __init__(
        self,
        calls: Calls,
        dialler: Dialler,
        account: AccountDesk,
        directory: Directory,
        notices: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seen_after_ms: int = SEEN_AFTER_MS,
        follow_up: FollowUp | None = None,
        preferences: Preferences | None = None,
        aside: Aside | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler, self._account = calls, dialler, account
        self._directory, self._follow_up, self._now = directory, follow_up, now
        self._model = CallsModel(
            *(calls.ledger, lambda: now().astimezone().date(), self._find, self._looked), self
        )
        self._view = CallsView(self._model)
        self.menu = CallsMenu(follow_up, now, self)
        self._pane: PersonPane | None = None
        self._empty = EmptyState()
        self._search = search_field(tr("Search calls"))
        self._filters = CallFilters()
        self._seen = CallsSeen(self, calls, seen_after_ms)
        self._tools: CallsTools | None = None
        if preferences is not None and aside is not None:
            self._tools = CallsTools(
                *(calls.ledger, preferences, aside, self._listed, self._looked),
                *(self._model, now, self),
            )
        self._build(notices)
        self._wire()
        if follow_up is not None:
            self._put_beside(follow_up)
        self._tell_count()
        self._show_list_or_not()

    # what the window asks of its page

    def search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def show_filter(self, chosen: CallFilter) -> None:
        self._filters.choose(chosen)
        self._look_again()

    def clear(self) -> bool:
        """Empty the search; False when there was none."""
        had = bool(self._search.text())
        self._search.clear()
        return had

    def window_state_changed(self) -> None:
        """The window became active, or ceased to be."""
        self._seen.look()

    # making

    def _build(self, notices: QWidget) -> None:
        head = QHBoxLayout()
        head.addWidget(plain_label(tr("Calls"), "title"))
        head.addStretch(1)
        if self._tools is not None:
            head.addWidget(self._tools)
        head.addWidget(self._search)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._empty)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(FormArea(notices, self))
        column.addWidget(self._filters)
        if self._tools is not None:
            column.addWidget(self._tools.below)
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        self._row.addWidget(self._stack, 1)
        column.addLayout(self._row, 1)

    def _put_beside(self, follow_up: FollowUp) -> None:
        """The person of the chosen call, and what can be taken back."""
        pane = PersonPane(follow_up, self._calls.ledger, self._looked, self._now)
        pane.hide()
        self._row.addWidget(pane)
        self._pane = pane
        pane.call_wanted.connect(lambda call: self._dialler.dial_key(call.other))
        pane.copy_wanted.connect(_copy)
        pane.add_wanted.connect(self.add_wanted)
        pane.left.connect(lambda: self._view.setFocus(Qt.FocusReason.OtherFocusReason))
        self._view.chosen_changed.connect(self._show_person)
        strip = UndoStrip(follow_up, self._calls.ledger, self._now)
        self._column.addWidget(strip)
        follow_up.changed.connect(self._search_again)
        for heard in (pane.state.choose_many, self.menu.choose_many):
            self._view.many_changed.connect(heard)
        QShortcut(QKeySequence("Ctrl+I"), self).activated.connect(self.begin_note)
        QShortcut(QKeySequence(DONE_KEYS), self).activated.connect(pane.state.press_done)
        here = Qt.ShortcutContext.WidgetShortcut  # a field has an undo of its own
        undo = QShortcut(QKeySequence.StandardKey.Undo, self._view, context=here)
        undo.activated.connect(follow_up.undo)

    def _wire(self) -> None:
        self._search.textChanged.connect(self._look_again)
        self._filters.pressed.connect(self._look_again)
        self._search.list_wanted.connect(self._into_list)
        self._view.call_wanted.connect(lambda call: self._dialler.dial_key(call.other))
        self._view.copy_wanted.connect(_copy)
        self._view.menu_wanted.connect(self._open_menu)
        self.menu.call_wanted.connect(self._view.call_wanted)
        self.menu.copy_wanted.connect(_copy)
        self.menu.add_wanted.connect(self.add_wanted)
        self.menu.done_wanted.connect(self._calls.handle)
        self.menu.note_wanted.connect(self._note_of)
        self._empty.pressed.connect(self._press_empty)
        self._calls.changed.connect(self._take)
        self._directory.changed.connect(self._search_again)
        self._calls.line_changed.connect(self._line_changed)
        self._account.changed.connect(self._show_list_or_not)
        self._seen.watch(self._view, self._view.viewport(), self._search)

    # reading

    def read_again(self) -> None:
        """Calls are gone that nobody told of one by one."""
        self._view.read_again()
        self._take(())

    def _look_again(self) -> None:
        self._model.show_only(self._filters.chosen, self._search.text())
        self._view.scrollToTop()
        self._show_list_or_not()

    def _search_again(self) -> None:
        self._model.search_again()
        self._show_list_or_not()

    def _find(self, text: str) -> Sought:
        """Also the calls and people of whom it was noted."""
        sought, notes = self._directory.sought(text), self._calls.ledger.notes
        others = notes.find_people(text) if text else set()
        calls = notes.find_calls(text) if text else set()
        return replace(
            sought,
            others=tuple(dict.fromkeys((*sought.others, *sorted(others)))),
            calls=tuple(sorted({*sought.calls, *calls})),
        )

    def _looked(self, own: str) -> datetime | None:
        """When the history of an own line was last asked for, as far as it is known here."""
        line = self._calls.line
        return line.updated if own == line.own else None

    def _listed(self) -> Listed:
        return Listed(self._model.filter, self._find(self._model.text), self._model.text)

    def _take(self, changes: tuple[Change, ...]) -> None:
        if self._pane is not None:
            self._pane.take(changes)
        self._view.take(changes)
        if self._tools is not None:
            self._tools.look()
        self._tell_count()
        self._show_list_or_not()

    def _line_changed(self) -> None:
        self._model.follow_midnight()
        self._view.viewport().update()  # what became of own calls may be known by now
        self._show_list_or_not()

    def _tell_count(self) -> None:
        self._filters.tell_missed(self._calls.ledger.missed_people())

    def _show_list_or_not(self) -> None:
        if self._model.rowCount():
            self._stack.setCurrentWidget(self._view)
            return
        state = self._account.state
        self._empty.show_this(
            emptiness(
                self._filters.chosen, self._model.text, self._calls.line, state.password_known
            )
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
        self._seen.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._seen.stop()

    # the row's menu

    def _open_menu(self, call: Call, where: QPoint) -> None:
        menu = self.menu_for(call)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def menu_for(self, call: Call) -> QMenu:
        return self.menu.of(call, self)

    # the person beside the list

    def begin_note(self) -> None:
        """Put the cursor into the note of the chosen call, else of the newest."""
        if self._view.chosen() is None and self._model.rowCount():
            self._view.choose(0)
        if self._pane is not None and self._view.chosen() is not None:
            self._pane.focus_note()

    def _note_of(self, call: Call) -> None:
        self._view.choose(self._model.row_of(call.id))
        self.begin_note()

    def _show_person(self, call: Call | None) -> None:
        pane = self._pane
        if pane is None:
            return
        if call is None:
            pane.hide()
            return
        pane.show()
        pane.show_call(call)


def _copy(call: Call) -> None:
    QGuiApplication.clipboard().setText(call.other)
