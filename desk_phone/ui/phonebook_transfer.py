"""Import and export as the Phonebook page offers them: which file, then what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.transfer.applying import Outcome
from desk_phone.transfer.planning import Known, Planned
from desk_phone.ui import phonebook_files, trouble, words
from desk_phone.ui.import_pane import ImportPane
from desk_phone.ui.phonebook_model import PhonebookModel
from desk_phone.ui.phonebook_parts import Part, PhonebookParts
from desk_phone.ui.phonebook_trouble import Deed
from desk_phone.ui.phonebook_words import State
from desk_phone.ui.trouble import Kind, Message


class PhonebookTransfer(QObject):
    """``put`` makes one change of an import. ``said`` is for the banners."""

    said = Signal(object)  # Message | None

    def __init__(
        self,
        model: PhonebookModel,
        parts: PhonebookParts,
        put: Callable[[Planned], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._model, self._parts, self._put, self._page = model, parts, put, parent
        self._pane: ImportPane | None = None  # made when first needed

    @property
    def pane(self) -> ImportPane:
        if self._pane is None:
            self._pane = ImportPane(self._known, self._put)
            self._pane.closed.connect(lambda: self._parts.show_part(Part.ENTRIES))
            self._pane.results_wanted.connect(self._ask_for_results)
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

    def _known(self) -> Iterator[Known]:
        for row in self._model.all_rows():
            if row.state is not State.LEAVING:
                yield Known(row.id, row.name, row.content)

    def _ask_for_results(self, outcomes: Sequence[Outcome]) -> None:
        def save(file: Path) -> None:
            self._try(lambda: phonebook_files.save_results(outcomes, file))

        phonebook_files.ask_where(
            self._page, tr("Save the result"), tr("import result") + ".csv", save
        )

    # export

    def ask_where(self) -> None:
        phonebook_files.ask_where(
            self._page, tr("Export"), "phonebook.csv", self.export_to, cards=True
        )

    def export_to(self, file: Path) -> None:
        count = self._try(lambda: phonebook_files.export(self._model.all_rows(), file))
        if count is None:
            return
        title = ntr("%(n)d entry is exported", "%(n)d entries are exported", count)
        name = words.plain(str(file))
        self.said.emit(Message(Kind.INFO, title, name, tr("Close"), Deed.CLOSE))

    def _try(self, deed: Callable[[], int | None]) -> int | None:
        try:
            return deed()
        except PhoneError as error:
            self.said.emit(trouble.of_error(error))
            return None
