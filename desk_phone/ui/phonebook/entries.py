"""The entries: the table, the form under it, and what is said when there are none."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.app.directory import Directory
from desk_phone.app.piecemeal import Piecemeal
from desk_phone.i18n import ntr, tr
from desk_phone.model.numbers import shown
from desk_phone.store.phonebook import ContactBook
from desk_phone.ui import words
from desk_phone.ui.empty_state import Emptiness, EmptyState
from desk_phone.ui.phonebook.cells import FIELDS, Column
from desk_phone.ui.phonebook.delegate import ROW
from desk_phone.ui.phonebook.draft import Draft, Field, draft_of
from desk_phone.ui.phonebook.foot import PhonebookFoot
from desk_phone.ui.phonebook.form import PhonebookForm
from desk_phone.ui.phonebook.model import PhonebookModel
from desk_phone.ui.phonebook.rows import Rows, reading, row_of
from desk_phone.ui.phonebook.table import PhonebookTable
from desk_phone.ui.phonebook.words import State
from desk_phone.ui.pointing import has_keyboard, point_at_button
from desk_phone.ui.settings.form_area import FormArea

OUTSIDE = "outside"  # what the empty page offers where others' contacts have the answer
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
        self._changed: set[int] = set()  # while it reads

    @property
    def busy(self) -> bool:
        return self._work.busy

    def read_again(self) -> None:
        self._changed.clear()
        self._work.begin(reading(self._book), self._have)

    def take(self, ids: frozenset[int]) -> None:
        """These changed; none: read everything again."""
        if not ids or len(ids) > READ_AGAIN_AT:
            self.read_again()
            return
        if self.busy:
            self._changed |= ids
        else:
            self._fetch(ids)
            self.read.emit()

    def _fetch(self, ids: set[int] | frozenset[int]) -> None:
        conflicts = {conflict.contact for conflict in self._book.conflicts()}
        self._model.take({id_: row_of(self._book, id_, conflicts) for id_ in ids})

    def _have(self, rows: Rows) -> None:
        self._model.show_rows(rows)
        if self._changed:
            self._fetch(self._changed)
            self._changed.clear()
        self.read.emit()


class PhonebookEntries(QWidget):
    """``empty_pressed`` as of EmptyState: ``add``, ``import``, ``all``, ``unlock``, ``outside``."""

    empty_pressed = Signal(str)

    def __init__(
        self, book: ContactBook, directory: Directory, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._directory = directory
        self.model = PhonebookModel(directory, self)
        self.reader = EntriesReader(book, self.model, self)
        self.table = PhonebookTable(self.model)
        self.form = PhonebookForm()
        self._foot = PhonebookFoot()
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._locked = True
        self._may_edit = False
        self._outside = ""
        self._build()
        self._wire()

    @property
    def foot(self) -> str:
        return self._foot.said

    def search(self, text: str) -> None:
        self.model.search(text)
        self.table.scrollToTop()
        self.show_table_or_not()

    @property
    def may_edit(self) -> bool:
        return self._may_edit

    def tell_outside(self, found: str) -> None:
        """How many of others' contacts answer to the same text; empty for none."""
        if found != self._outside:
            self._outside = found
            self.show_table_or_not()

    def enter(self) -> None:
        """Put the keyboard into the table, or to where others' contacts have the answer."""
        if self.model.rowCount():
            self.table.choose_first()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.model.text and self._outside:
            self.empty_pressed.emit(OUTSIDE)

    def let_edit(self, may: bool, locked: bool) -> None:
        """``locked``: nobody unlocked it yet, as the empty page says."""
        self._locked, self._may_edit = locked, may
        self.model.let_edit(may)
        if not may:
            self.form.hide()
        self.show_table_or_not()

    # the form

    def begin_new(self, number: str = "", name: str = "", second: str = "") -> None:
        self.form.begin(Draft(number1=shown(number), name=name, number2=shown(second)))

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
        column.addWidget(FormArea(self.form, self))

    def _wire(self) -> None:
        self._empty.pressed.connect(self.empty_pressed)
        self.form.closed.connect(self._back_to_table)
        self.table.cells.typed.connect(self._foot.tell)
        self.table.chosen_changed.connect(self._tell_cell)
        self.model.unsaved_changed.connect(self._tell_cell)
        for changed in (self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            changed.connect(self.show_table_or_not)
        self.reader.read.connect(self.show_table_or_not)
        self._directory.renewed.connect(self.model.search_again)

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
            self._empty.show_this(self._emptiness())
        had_keyboard = has_keyboard(self._stack)
        self._stack.setCurrentWidget(self._empty if empty else self.table)
        if had_keyboard and empty:
            point_at_button(self._empty)
        elif had_keyboard:
            self.table.setFocus()
        self._foot.setVisible(not empty)
        self._foot.be_calm(_calm(self.model, self._outside))

    def _emptiness(self) -> Emptiness:
        said = emptiness(self.model.text, self.reader.busy, self._locked)
        if not (self.model.text and self._outside):
            return said
        text = tr("Contacts from elsewhere have %(n)s.") % {"n": self._outside}
        return replace(said, text=text, button=tr("Show them"), act=OUTSIDE)


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


def _calm(model: PhonebookModel, outside: str) -> str:
    """What the list is, in a line."""
    if model.text:
        shown = model.rowCount()
        if model.has_more:
            return tr("The best %(n)d; scroll down for more") % {"n": shown}
        found = ntr("%(n)d entry found", "%(n)d entries found", shown)
        beside = tr("from elsewhere %(n)s") % {"n": outside} if outside else ""
        return " · ".join(filter(None, (found, beside)))
    return tr("Enter calls · F2 edits · Del deletes")
