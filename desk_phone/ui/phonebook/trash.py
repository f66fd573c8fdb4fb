"""What was deleted, or vanished from the service's list, in the last 90 days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.app.contacts import Contacts
from desk_phone.i18n import tr
from desk_phone.model.entries import Contact, GoneHow
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.empty_state import Emptiness, EmptyState
from desk_phone.ui.label import plain_label
from desk_phone.ui.listing import Line, Listing
from desk_phone.ui.phonebook import words as phonebook_words


class TrashPane(QWidget):
    restore_wanted = Signal(object)  # list[int]: our ids

    def __init__(
        self, contacts: Contacts, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._contacts, self._now = contacts, now
        head = (tr("Name"), tr("Numbers"), tr("Since"), tr("Why"))
        self.list = Listing(tr("Deleted entries"), head, (0, 0, 150, 180), many=True)
        self.restore = push_button(tr("Put back"), "archive-restore")
        self._empty = EmptyState()
        self._stack, self._foot = QStackedWidget(), QWidget()
        self._build()
        self.restore.clicked.connect(self._want)
        self.list.pressed.connect(self._want)
        self.list.chosen_changed.connect(self.allow)
        contacts.changed.connect(self.read_again)
        contacts.state_changed.connect(self.allow)

    def read_again(self) -> None:
        """Nothing happens while nobody looks."""
        if self.isVisible():
            gone = self._contacts.book.trash()
            here = self._contacts.book.past.deletions()
            self.list.show_lines([self._line(contact, here) for contact in gone])
            self._stack.setCurrentWidget(self.list if gone else self._empty)
            self._foot.setVisible(bool(gone))
            self.allow()

    def allow(self) -> None:
        may = self._contacts.state.unlocked and bool(self.list.chosen())
        self.restore.setEnabled(may)

    def _want(self) -> None:
        if self.restore.isEnabled():
            self.restore_wanted.emit(self.list.chosen())

    def _line(self, contact: Contact, here: Mapping[int, datetime]) -> Line:
        said, book = contact.shown, self._contacts.book
        name = words.plain(book.spelling(contact.id)) or phonebook_words.name_of(said)
        gone = contact.gone_at
        if gone is not None and contact.gone_how is GoneHow.DELETED:
            gone = min(gone, here.get(contact.id, gone))
        since = words.moment(gone, self._now()) if gone else ""
        numbers = phonebook_words.numbers_of(said)
        return Line(contact.id, (name, numbers, since, _why(contact.gone_how)), "trash-2")

    def _build(self) -> None:
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self._empty.show_this(
            Emptiness(
                "trash-2",
                tr("Nothing was deleted"),
                tr("Deleted entries stay here for 90 days and can be put back."),
                "",
                "",
            )
        )
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        said = tr("Putting back adds the entry to the company's phonebook again.")
        foot.addWidget(plain_label(said, "small", wraps=True), 1)
        foot.addWidget(self.restore)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read_again()


def _why(how: GoneHow) -> str:
    said = {
        GoneHow.ABSENT: tr("gone from the list"),
        GoneHow.TOLD: tr("gone at the service"),
        GoneHow.DELETED: tr("deleted here"),
        GoneHow.DISCARDED: tr("was never added"),
    }
    return said.get(how, "")
