"""The entries: the table, the form under it, and what is said when there are none."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.i18n import ntr, tr
from desk_phone.model.numbers import shown
from desk_phone.model.search import Index
from desk_phone.store.phonebook import ContactBook
from desk_phone.ui import words
from desk_phone.ui.empty_state import Emptiness, EmptyState
from desk_phone.ui.form_area import FormArea
from desk_phone.ui.phonebook_cells import FIELDS, Column
from desk_phone.ui.phonebook_delegate import ROW
from desk_phone.ui.phonebook_draft import Draft, Field, draft_of
from desk_phone.ui.phonebook_foot import PhonebookFoot
from desk_phone.ui.phonebook_form import PhonebookForm
from desk_phone.ui.phonebook_model import PhonebookModel
from desk_phone.ui.phonebook_rows import Rows, indexing, reading, row_of
from desk_phone.ui.phonebook_table import PhonebookTable
from desk_phone.ui.phonebook_words import State
from desk_phone.ui.piecemeal import Piecemeal

READ_AGAIN_AT = 200  # entries that change at once before all are read again


class EntriesReader(QObject):
    """Keeps a model true to the book, without ever holding the window up."""

    read = Signal()  # everything, or what changed

    def __init__(
        self, book: ContactBook, model: PhonebookModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._book, self._model = book, model
        self._work = Piecemeal(self)
        self._changed: set[int] = set()  # while the work goes on
        self._reading = False

    @property
    def busy(self) -> bool:
        return self._work.busy

    def read_again(self) -> None:
        self._changed.clear()
        self._reading = True
        self._work.begin(reading(self._book), self._have)

    def take(self, ids: frozenset[int]) -> None:
        """These changed; none: read everything again."""
        if not ids or len(ids) > READ_AGAIN_AT:
            self.read_again()
            return
        if self.busy:
            self._changed |= ids
        if not self._reading:
            self._fetch(ids)
            self.read.emit()

    def _fetch(self, ids: set[int] | frozenset[int]) -> None:
        conflicts = {conflict.contact for conflict in self._book.conflicts()}
        self._model.take({id_: row_of(self._book, id_, conflicts) for id_ in ids})

    def _have(self, rows: Rows) -> None:
        self._reading = False
        self._model.show_rows(rows)
        if self._changed:
            self._fetch(self._changed)
            self._changed.clear()
        self._work.begin(indexing(tuple(self._model.all_rows())), self._have_index)
        self.read.emit()

    def _have_index(self, index: Index) -> None:
        self._model.take_index(index, frozenset(self._changed))
        self._changed.clear()


class PhonebookEntries(QWidget):
    """``empty_pressed`` as of EmptyState: ``add``, ``import``, ``all``, ``unlock``."""

    empty_pressed = Signal(str)

    def __init__(self, book: ContactBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PhonebookModel(self)
        self.reader = EntriesReader(book, self.model, self)
        self.table = PhonebookTable(self.model)
        self.form = PhonebookForm()
        self._foot = PhonebookFoot()
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._locked = True
        self._build()
        self._wire()

    @property
    def foot(self) -> str:
        return self._foot.said

    def search(self, text: str) -> None:
        self.model.search(text)
        self.table.scrollToTop()
        self.show_table_or_not()

    def let_edit(self, may: bool, locked: bool) -> None:
        """``locked``: nobody unlocked it yet, as the empty page says."""
        self._locked = locked
        self.model.let_edit(may)
        if not may:
            self.form.hide()
        self.show_table_or_not()

    # the form

    def begin_new(self, number: str = "", name: str = "") -> None:
        self.form.begin(Draft(number1=shown(number), name=name))

    def begin_edit(self) -> None:
        """The current entry in the form, at the field of the current cell."""
        row = self.table.current()
        if row is None or row.state is State.LEAVING:
            return
        unsaved = self.model.unsaved.get(row.id)
        draft = unsaved.draft if unsaved else draft_of(row.id, row.name, row.content)
        column = Column(self.table.currentIndex().column())
        self.form.begin(draft, FIELDS.get(column, Field.NAME))

    def show_unsaved(self) -> None:
        """Edit what cannot be saved as it is, the first of it."""
        for contact_id, unsaved in self.model.unsaved.items():
            field = next(iter(unsaved.problems), Field.NAME)
            column = next(column for column, one in FIELDS.items() if one is field)
            if self.table.choose(contact_id, column):
                self.table.setFocus()
                self.table.edit_current()
            return

    # making

    def _build(self) -> None:
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._stack.setMinimumHeight(2 * ROW + 4)
        self._stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
        column.addWidget(FormArea(self.form))

    def _wire(self) -> None:
        self._empty.pressed.connect(self.empty_pressed)
        self.form.closed.connect(self._back_to_table)
        self.table.cells.typed.connect(self._foot.tell)
        self.table.chosen_changed.connect(self._tell_cell)
        self.model.unsaved_changed.connect(self._tell_cell)
        for changed in (self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            changed.connect(self.show_table_or_not)
        self.reader.read.connect(self.show_table_or_not)

    def _back_to_table(self) -> None:
        if self.isVisible():
            self.table.setFocus()

    def _tell_cell(self) -> None:
        problem = ""
        index = self.table.currentIndex()
        if index.isValid():
            problem = self.model.problem(index)
        self._foot.tell(problem, "")

    def show_table_or_not(self) -> None:
        empty = not self.model.rowCount()
        if empty:
            self._empty.show_this(emptiness(self.model.text, self.reader.busy, self._locked))
        self._stack.setCurrentWidget(self._empty if empty else self.table)
        self._foot.setVisible(not empty)
        self._foot.be_calm(_calm(self.model))


def emptiness(text: str, busy: bool, locked: bool) -> Emptiness:
    if text:
        return Emptiness(
            "search",
            tr("Nothing found for “%(text)s”") % {"text": words.plain(text, 40)},
            tr("Names and numbers are searched, in any spelling."),
            tr("Show all entries"),
            "all",
        )
    if busy:
        return Emptiness("book-user", tr("Reading the phonebook..."), "", "", "")
    about = tr("Names and numbers that all desk phones of the company show appear here.")
    if locked:
        return Emptiness("book-user", tr("No entries yet"), about, "", "")
    return Emptiness("book-user", tr("No entries yet"), about, tr("Add the first entry"), "add")


def _calm(model: PhonebookModel) -> str:
    """What the list is, in a line."""
    if model.text:
        shown = model.rowCount()
        if model.has_more:
            return tr("The best %(n)d; scroll down for more") % {"n": shown}
        return ntr("%(n)d entry found", "%(n)d entries found", shown)
    return tr("Enter calls · F2 edits · Del deletes")
