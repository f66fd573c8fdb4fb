"""The Phonebook page: the company's phonebook, what waits for a person, the trash, the past."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from desk_phone.app.contacts import Contacts
from desk_phone.app.dialler import Dialler
from desk_phone.app.directory import Directory
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.model.verdict import Trust
from desk_phone.ui.phonebook.conflicts_pane import ConflictsPane
from desk_phone.ui.phonebook.deeds import PhonebookDeeds, restore_question
from desk_phone.ui.phonebook.draft import Draft, Field
from desk_phone.ui.phonebook.entries import PhonebookEntries
from desk_phone.ui.phonebook.head import PhonebookHead
from desk_phone.ui.phonebook.menu import RowAct, menu_of
from desk_phone.ui.phonebook.notices import PhonebookNotices
from desk_phone.ui.phonebook.outside import PhonebookOutside
from desk_phone.ui.phonebook.parts import Part, PhonebookParts
from desk_phone.ui.phonebook.rows import Row
from desk_phone.ui.phonebook.snapshots_pane import SnapshotsPane
from desk_phone.ui.phonebook.transfer import PhonebookTransfer
from desk_phone.ui.phonebook.trash import TrashPane
from desk_phone.ui.phonebook.trouble import Deed, sync_words
from desk_phone.ui.pointing import point_at_button


class PhonebookPage(QWidget):
    """``wanted`` asks the window for what a page cannot do: open the account."""

    wanted = Signal(object)  # Act

    def __init__(
        self,
        contacts: Contacts,
        dialler: Dialler,
        directory: Directory,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._contacts, self._dialler, self._now = contacts, dialler, now
        self._deeds = PhonebookDeeds(contacts, self)
        self.head = PhonebookHead(self)  # Tab comes here before the banners
        self._notices = PhonebookNotices(contacts, dialler, now, self)  # else it were a window
        self.entries = PhonebookEntries(contacts.book, directory)
        self.decisions = ConflictsPane(contacts, now)
        self.trash = TrashPane(contacts, now)
        self.snapshots = SnapshotsPane(contacts, now)
        self.parts = PhonebookParts()
        self.transfer = PhonebookTransfer(self.entries.model, self.parts, contacts, self)
        self.outside = PhonebookOutside(
            *(directory, dialler.dial_key, self.entries, self.parts, self.transfer, self)
        )
        self._search = self.head.search
        self._number: str | None = None  # to be added once it is allowed
        self._read = False
        self._build()
        self._wire()
        self._tell()

    @property
    def may_edit(self) -> bool:
        state = self._contacts.state
        return state.unlocked and state.trust is not Trust.RENUMBERED

    @property
    def notices(self) -> PhonebookNotices:
        return self._notices

    # what the window asks of its page

    def search(self) -> None:
        """Put the cursor into the search field."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def go_back(self) -> bool:
        """One step: close the form, empty the search; False when there was nothing to go back
        from."""
        for form in (self.entries.form, self.decisions.form):
            if form.isVisible():
                form.close_for_now()
                return True
        had = bool(self._search.text()) or self.parts.part is not Part.ENTRIES
        self._search.clear()
        self.parts.show_part(Part.ENTRIES)
        return had

    def begin_new(self, number: str = "") -> None:
        """Open the form; while nothing may be changed, say why, and open it once it is allowed."""
        self.parts.show_part(Part.ENTRIES)
        if self.may_edit:
            self.entries.begin_new(number)
        else:
            self._number = number
            self._point_at_lock()

    def act(self, row: Row, wanted: RowAct) -> None:
        """What somebody chose in an entry's menu."""
        match wanted:
            case RowAct.EDIT:
                self.entries.table.edit_current()
            case RowAct.FORM:
                self.entries.begin_edit()
            case RowAct.COPY:
                _copy("\n".join(filter(None, (row.content.number1, row.content.number2))))
            case RowAct.DELETE:
                self._deeds.delete(self.entries.table.chosen() or [row])
            case RowAct.RESTORE:
                self._deeds.restore([row.id])
            case RowAct.TRY_AGAIN:
                self._deeds.try_again(row.id)
            case RowAct.GIVE_UP:
                self._deeds.give_up(row.id)
            case RowAct.DECIDE:
                self._do(Deed.DECIDE)

    def menu_for(self, row: Row) -> QMenu:
        return menu_of(
            row, self.may_edit, self._dialler.dial_key, lambda wanted: self.act(row, wanted), self
        )

    # making

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self._notices)
        column.addWidget(self.parts, 1)
        self.parts.add(Part.ENTRIES, self.entries)
        self.parts.add(Part.OUTSIDE, self.outside.pane)
        self.parts.add(Part.DECIDE, self.decisions)
        self.parts.add(Part.TRASH, self.trash)
        self.parts.add(Part.SNAPSHOTS, self.snapshots)

    def _wire(self) -> None:
        contacts, entries, table = self._contacts, self.entries, self.entries.table
        contacts.changed.connect(self._take)
        contacts.state_changed.connect(self._tell)
        entries.reader.read.connect(self._tell)
        entries.model.edited.connect(self._save_cell)
        entries.model.unsaved_changed.connect(self._tell_unsaved)
        entries.form.save_wanted.connect(self._save_form)
        entries.empty_pressed.connect(self._press_empty)
        table.call_wanted.connect(self._dialler.dial_key)
        table.copy_wanted.connect(_copy)
        table.delete_wanted.connect(self._delete)
        table.edit_wanted.connect(self._point_at_lock)
        table.menu_wanted.connect(self._open_menu)
        table.chosen_changed.connect(self._allow)
        self.parts.shown.connect(self._have_part)
        self.decisions.try_wanted.connect(self._deeds.try_again)
        self.decisions.give_up_wanted.connect(self._deeds.give_up)
        self.decisions.edit_wanted.connect(self._edit)
        self.decisions.emptied.connect(lambda: self.parts.focus_part(Part.DECIDE))
        self.trash.restore_wanted.connect(self._deeds.restore)
        self.snapshots.restore_wanted.connect(self._ask_to_restore)
        self.transfer.said.connect(self._notices.say)
        self.outside.denied.connect(self._point_at_lock)
        self.outside.wanted.connect(self.wanted)
        self.head.import_.clicked.connect(self.transfer.ask_for_file)
        self.head.export.clicked.connect(self.transfer.ask_where)
        self._search.textChanged.connect(self._look)
        self._search.list_wanted.connect(self._into_table)
        self._deeds.said.connect(self._notices.say)
        self._notices.wanted.connect(self._do)
        self.head.add.clicked.connect(lambda: self.begin_new())
        self.head.delete.clicked.connect(lambda: self._delete(table.chosen()))
        self.head.undo.clicked.connect(self.undo_last)
        for key, act in (("Ctrl+N", self.begin_new), ("Ctrl+Z", self.undo_last)):
            within = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(key), self, context=within).activated.connect(act)

    # how things stand

    def _take(self, ids: frozenset[int]) -> None:
        if self._read:  # else all is read when the page is first shown
            self.entries.reader.take(ids)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._read:
            self._read = True
            self.entries.reader.read_again()
        self._tell()

    def _tell(self) -> None:
        state, count = self._contacts.state, self.entries.model.count
        entries = ntr("%(n)d entry", "%(n)d entries", count) if self._read else ""
        self.head.tell(entries, sync_words(state, self._now()))
        self.entries.let_edit(self.may_edit, not state.unlocked)
        self.parts.tell_decisions(state.conflicts + state.held)
        self._allow()
        if self.may_edit and self._number is not None:
            number, self._number = self._number, None
            self.entries.begin_new(number)

    def _allow(self) -> None:
        state, entries = self._contacts.state, self.entries
        chosen = bool(entries.table.chosen()) and self.parts.part is Part.ENTRIES
        self.head.allow(self.may_edit, state.can_undo, entries.model.count > 0, chosen)

    def _have_part(self, part: Part) -> None:
        self.head.show_deeds(part is not Part.IMPORT)
        self._allow()

    def _tell_unsaved(self) -> None:
        self._notices.tell_unsaved(list(self.entries.model.unsaved.values()))

    def _point_at_lock(self) -> None:
        """Put the keyboard where changes are allowed."""
        point_at_button(self._notices, tr("Allow changes"))

    # deeds

    def undo_last(self) -> None:
        if self.head.undo.isEnabled() and (contact_id := self._deeds.undo()):
            self.entries.table.choose(contact_id)

    def _save_cell(self, draft: Draft) -> None:
        done = self._deeds.save(draft)
        if isinstance(done, PhoneError):
            self._notices.say(None)  # it is said at the cell
            self.entries.model.keep_unsaved(draft, {Field.NAME: str(done).replace("\n", ". ")})

    def _save_form(self, draft: Draft) -> None:
        done = self._deeds.save(draft)
        if isinstance(done, PhoneError):
            self._notices.say(None)  # it is said in the form
            self.entries.form.tell(done.title, done.message)
            return
        self.entries.model.forget_unsaved(draft.id)
        self.entries.form.finish()
        if not self.entries.table.choose(done):
            self._search.clear()
            self.entries.table.choose(done)

    def _delete(self, rows: list[Row]) -> None:
        if self.may_edit:
            self._deeds.delete(rows)
        else:
            self._point_at_lock()

    def _ask_to_restore(self, snapshot: int, changes: str) -> None:
        self._deeds.ask(restore_question(changes), lambda: self.snapshots.begin(snapshot))

    def _do(self, act: StrEnum) -> None:
        match act:
            case Deed.SHOW_UNSAVED:
                self.parts.show_part(Part.ENTRIES)
                self.entries.show_unsaved()
            case Deed.DECIDE:
                self.parts.show_part(Part.DECIDE)
                point_at_button(self.decisions)
            case Deed.GO_ON:
                self._deeds.go_on()
            case Deed.UNDO:
                self.undo_last()
            case _:
                self.wanted.emit(act)

    def _press_empty(self, act: str) -> None:
        if act == "all":
            self._search.clear()
        elif act == "add":
            self.begin_new()

    def _look(self, text: str) -> None:
        if self.parts.part is not Part.OUTSIDE:
            self.parts.show_part(Part.ENTRIES)
        self.entries.search(text)
        self.outside.search(text)

    def _edit(self, contact_id: int) -> None:
        self.parts.show_part(Part.ENTRIES)
        self._search.clear()
        if self.entries.table.choose(contact_id):
            self.entries.begin_edit()

    def _into_table(self) -> None:
        (self.outside if self.parts.part is Part.OUTSIDE else self.entries).enter()

    def _open_menu(self, row: Row, where: QPoint) -> None:
        self.menu_for(row).popup(where)


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
