"""Import and export as the Phonebook page offers them: which file, then what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desk_phone.app.contacts import Contacts
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.transfer.applying import Outcome
from desk_phone.transfer.planning import Known, Planned
from desk_phone.transfer.rows import Row
from desk_phone.ui import trouble, words
from desk_phone.ui.phonebook import files as phonebook_files
from desk_phone.ui.phonebook.import_pane import ImportPane
from desk_phone.ui.phonebook.model import PhonebookModel
from desk_phone.ui.phonebook.parts import Part, PhonebookParts
from desk_phone.ui.phonebook.trouble import Deed
from desk_phone.ui.phonebook.words import State
from desk_phone.ui.trouble import Kind, Message


class PhonebookTransfer(QObject):
    """``said`` is for the banners."""

    said = Signal(object)  # Message | None

    def __init__(
        self,
        model: PhonebookModel,
        parts: PhonebookParts,
        contacts: Contacts,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._model, self._parts, self._page = model, parts, parent
        self._contacts, self._aside = contacts, contacts.aside
        self._together = 0  # the acts of the import under way
        self._pane: ImportPane | None = None  # made when first needed

    @property
    def pane(self) -> ImportPane:
        if self._pane is None:
            self._pane = ImportPane(self._known, self._put, self._aside)
            self._pane.began.connect(self._begin)
            self._pane.undo_wanted.connect(self._undo)
            self._pane.closed.connect(lambda: self._parts.show_part(Part.ENTRIES))
            self._pane.results_wanted.connect(self._ask_for_results)
            self._pane.ended.connect(self._have_ended)
            self._parts.add(Part.IMPORT, self._pane)
        return self._pane

    # import

    def ask_for_file(self) -> None:
        """An import that was begun is gone on with."""
        if self._pane is not None and self._pane.busy:
            self._parts.show_part(Part.IMPORT)
        else:
            phonebook_files.ask_for_file(self._page, self.import_file)

    def import_file(self, file: Path) -> None:
        self.said.emit(None)
        self.pane.open_file(file)
        self._parts.show_part(Part.IMPORT)
        self.pane.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy_rows(self, title: str, rows: tuple[Row, ...]) -> None:
        """The same for rows that are in no file; an import under way is shown instead."""
        self.said.emit(None)
        if not self.pane.busy:
            self.pane.open_rows(title, rows)
        self._parts.show_part(Part.IMPORT)
        self.pane.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _known(self) -> Iterator[Known]:
        for row in tuple(self._model.all_rows()):  # they may change before all are read
            if row.state is not State.LEAVING:
                yield Known(row.id, row.name, row.content)

    def _begin(self) -> None:
        self._together = self._contacts.book.past.new_together()

    def _put(self, planned: Planned) -> None:
        self._contacts.put(planned, self._together)

    def _undo(self) -> None:
        self._parts.show_part(Part.ENTRIES)
        self._contacts.undo_import(self._together)

    def _have_ended(self, result: str) -> None:
        """Somebody may look at something else by now."""
        if self._parts.part is not Part.IMPORT:
            title = tr("The import has ended")
            self.said.emit(Message(Kind.INFO, title, result, tr("Close"), Deed.CLOSE))

    def _ask_for_results(self, outcomes: Sequence[Outcome]) -> None:
        def save(file: Path) -> None:
            self._aside(
                lambda: phonebook_files.save_results(outcomes, file),
                lambda _: self._tell_written(tr("The result is saved"), file),
                self._tell_error,
            )

        phonebook_files.ask_where(
            self._page, tr("Save the result"), tr("import result") + ".csv", save
        )

    # export

    def ask_where(self) -> None:
        phonebook_files.ask_where(
            self._page, tr("Export"), f"{tr('phonebook')}.csv", self.export_to, cards=True
        )

    def export_to(self, file: Path) -> None:
        rows = tuple(self._model.all_rows())
        language = QLocale().name()[:2]
        self._aside(
            lambda: phonebook_files.export(rows, file, language),
            lambda count: self._tell_written(_exported(count), file),
            self._tell_error,
        )

    def _tell_written(self, title: str, file: Path) -> None:
        name = words.plain(str(file))
        self.said.emit(Message(Kind.INFO, title, name, tr("Close"), Deed.CLOSE))

    def _tell_error(self, error: PhoneError) -> None:
        self.said.emit(trouble.of_error(error))


def _exported(count: int) -> str:
    return ntr("%(n)d entry is exported", "%(n)d entries are exported", count)
