"""Everything of the phonebook that waits for a person: conflicts, and what is parked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desk_phone.app.contacts import Contacts
from desk_phone.i18n import ntr, tr
from desk_phone.model.names import wire_name
from desk_phone.model.wishes import Decision
from desk_phone.store.phonebook_conflicts import Conflict
from desk_phone.ui import words
from desk_phone.ui.empty_state import Emptiness, EmptyState
from desk_phone.ui.label import plain_label
from desk_phone.ui.phonebook.conflicts_card import (
    Choice,
    DecisionCard,
    card_of_conflict,
    card_of_held,
)
from desk_phone.ui.phonebook.draft import Draft, draft_of
from desk_phone.ui.phonebook.form import PhonebookForm
from desk_phone.ui.phonebook.rows import Row, row_of
from desk_phone.ui.pointing import has_keyboard, point_at_button
from desk_phone.ui.settings.form_area import FormArea

CARDS_AT_ONCE = 25
_DECISIONS = {
    Choice.MINE: Decision.MINE,
    Choice.THEIRS: Decision.THEIRS,
    Choice.BOTH: Decision.BOTH,
}


class ConflictsPane(QWidget):
    """``edit_wanted``: a parked entry is to be edited, as any other."""

    emptied = Signal()  # while the keyboard was in it: it has no place here any more
    edit_wanted = Signal(int)  # our id
    try_wanted = Signal(int)
    give_up_wanted = Signal(int)

    def __init__(
        self, contacts: Contacts, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._contacts, self._now = contacts, now
        self._shown: tuple[tuple[Conflict, ...], tuple[Row, ...]] | None = None
        self._edited: Conflict | None = None
        self.form = PhonebookForm(saves_unchanged=True)
        self._cards = QVBoxLayout()
        self._area = QScrollArea(widgetResizable=True)
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._build()
        self.form.save_wanted.connect(self._decide_by_text)
        contacts.changed.connect(self.read_again)
        contacts.state_changed.connect(self.read_again)

    def read_again(self) -> None:
        """Cards that still say what is so are left alone. Nothing happens while nobody looks."""
        if not self.isVisible():
            return
        conflicts = tuple(self._contacts.book.conflicts())
        found = (
            row_of(self._contacts.book, contact.id, ()) for contact in self._contacts.book.held()
        )
        held = tuple(row for row in found if row is not None)
        if self._shown != (conflicts, held):
            self._shown = (conflicts, held)
            self._fill(conflicts, held)
        for card in self.findChildren(DecisionCard):
            card.let_choose(self._contacts.state.unlocked)

    def _fill(self, conflicts: tuple[Conflict, ...], held: tuple[Row, ...]) -> None:
        had_keyboard = has_keyboard(self)
        while (item := self._cards.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for conflict in conflicts[:CARDS_AT_ONCE]:
            self._cards.addWidget(self._conflict_card(conflict))
        for row in held[:CARDS_AT_ONCE]:
            self._cards.addWidget(self._held_card(row))
        more = max(len(conflicts) - CARDS_AT_ONCE, 0) + max(len(held) - CARDS_AT_ONCE, 0)
        if more:
            said = ntr("%(n)d more comes when these are decided.", "%(n)d more come then.", more)
            self._cards.addWidget(plain_label(said, "muted"))
        self._cards.addStretch(1)
        self._stack.setCurrentWidget(self._area if conflicts or held else self._empty)
        if had_keyboard and (conflicts or held):
            point_at_button(self)
        elif had_keyboard:
            self.emptied.emit()

    def _conflict_card(self, conflict: Conflict) -> DecisionCard:
        card = card_of_conflict(
            self._contacts.book.spelling(conflict.contact),
            *(conflict.ours, conflict.theirs, conflict.base),
            words.moment(conflict.at, self._now()),
        )
        card.chosen.connect(lambda choice: self._choose(conflict, choice))
        return card

    def _held_card(self, row: Row) -> DecisionCard:
        card = card_of_held(row)
        wishes = {
            Choice.TRY_AGAIN: self.try_wanted,
            Choice.GIVE_UP: self.give_up_wanted,
            Choice.EDIT: self.edit_wanted,
        }
        card.chosen.connect(lambda choice: wishes[choice].emit(row.id))
        return card

    def _choose(self, conflict: Conflict, choice: Choice) -> None:
        if choice is not Choice.EDIT:
            self._contacts.decide(conflict.id, _DECISIONS[choice])
            return
        ours = conflict.ours or conflict.theirs
        if ours is not None:
            self._edited = conflict
            name = self._contacts.book.spelling(conflict.contact)
            self.form.begin(draft_of(conflict.contact, _name(name, ours.name), ours))

    def _decide_by_text(self, draft: Draft) -> None:
        conflict = self._edited
        if conflict is not None and self._contacts.decide(conflict.id, Decision.MINE, draft.whole):
            self.form.finish()

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "page")
        inside.setLayout(self._cards)
        self._cards.setContentsMargins(0, 0, 8, 0)
        self._cards.setSpacing(12)
        self._area.setWidget(inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty.show_this(
            Emptiness(
                "check",
                tr("Nothing to decide"),
                tr("When you and somebody else change the same entry, both texts wait here."),
                "",
                "",
            )
        )
        self._stack.addWidget(self._area)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._stack, 1)
        column.addWidget(FormArea(self.form, self))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read_again()


def _name(spelling: str, wire: str) -> str:
    """The person's own spelling, where it is of this text."""
    return spelling if wire_name(spelling).text == wire else wire
