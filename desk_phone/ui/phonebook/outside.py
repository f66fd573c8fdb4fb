"""Others' contacts as the Phonebook page offers them: found, called, copied when a person says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desk_phone.app.directory import Directory, OutsidePerson
from desk_phone.i18n import ntr, tr
from desk_phone.transfer.rows import Row
from desk_phone.ui.phonebook.entries import OUTSIDE, PhonebookEntries
from desk_phone.ui.phonebook.outside_pane import OutsidePane
from desk_phone.ui.phonebook.parts import Part, PhonebookParts
from desk_phone.ui.phonebook.transfer import PhonebookTransfer
from desk_phone.ui.trouble import Act

_NUMBERS = 2  # of an entry


class PhonebookOutside(QObject):
    """One person is copied in the form of an entry, with what the phones make of the name. Several,
    or somebody with more numbers than an entry has, go through the dry run of an import, where each
    is said and each number decided about.

    ``denied``: the company's phonebook must not be changed; ``wanted``: as of the page.
    """

    denied = Signal()
    wanted = Signal(object)  # Act

    def __init__(
        self,
        directory: Directory,
        call: Callable[[str], object],
        entries: PhonebookEntries,
        parts: PhonebookParts,
        transfer: PhonebookTransfer,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._entries, self._parts, self._transfer = entries, parts, transfer
        self.pane = OutsidePane(directory)
        self.pane.call_wanted.connect(call)
        self.pane.copy_wanted.connect(self.copy)
        self.pane.found_changed.connect(self._tell)
        self.pane.empty_pressed.connect(lambda _: self.wanted.emit(Act.SOURCES))
        entries.empty_pressed.connect(self._press_empty)

    def search(self, text: str) -> None:
        self.pane.search(text)

    def enter(self) -> None:
        """Put the keyboard into the list."""
        self._parts.show_part(Part.OUTSIDE)
        self.pane.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self, people: Sequence[OutsidePerson]) -> None:
        if not self._entries.may_edit:
            self.denied.emit()
        elif len(people) == 1 and len(people[0].numbers) <= _NUMBERS:
            first, second = (*people[0].numbers, "")[:_NUMBERS]
            self._parts.show_part(Part.ENTRIES)
            self._entries.begin_new(first, people[0].name, second)
        elif people:
            rows = tuple(
                Row(at, person.name, person.numbers, company=person.company)
                for at, person in enumerate(people, 1)
            )
            title = ntr("Copy %(n)d person", "Copy %(n)d people", len(rows))
            self._transfer.copy_rows(title, rows)

    def _press_empty(self, act: str) -> None:
        if act == OUTSIDE:
            self.enter()

    def _tell(self) -> None:
        found = self.pane.found if self.pane.found != "0" else ""
        text = tr("From elsewhere %(n)s") % {"n": found} if found else tr("From elsewhere")
        self._parts.name_part(Part.OUTSIDE, text)
        self._entries.tell_outside(found)
