"""One entry in four fields, with what the phones make of it, and what is wrong at its field."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desk_phone.i18n import tr
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.phonebook.draft import TYPED_AT_MOST, Checked, Draft, Field, check, wire_of
from desk_phone.ui.speech import say_aloud

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class _Slot:
    """A field, and the line under it."""

    field: QLineEdit
    note: QLabel


class PhonebookForm(QFrame):
    """What is typed stays until it is saved or cancelled, also while the form is closed.

    ``saves_unchanged``: Save means something even where nothing was changed, as it always does for
    a new entry that was filled in for somebody.
    """

    save_wanted = Signal(object)  # Draft: without problems
    closed = Signal()

    def __init__(self, saves_unchanged: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saves_unchanged = saves_unchanged
        self.setProperty("role", "section")
        self._draft, self._begun = Draft(), Draft()
        self._left: set[Field] = set()  # fields whose problems are told already
        self._title = plain_label(role="h2")
        self._trouble = plain_label(role="bad", wraps=True)
        self.save = push_button(tr("Save"), kind="primary")
        self.cancel = push_button(tr("Cancel"))
        self._slots = {field: self._slot(field, text) for field, text in _names().items()}
        self._build()
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self._cancel)

    @property
    def draft(self) -> Draft:
        return self._draft

    @property
    def changed(self) -> bool:
        return self._draft != self._begun

    def field(self, field: Field) -> QLineEdit:
        return self._slots[field].field

    def note(self, field: Field) -> str:
        """The line under a field; empty where nothing is said."""
        note = self._slots[field].note
        return "" if note.isHidden() else note.text()

    def begin(self, draft: Draft, first: Field = Field.NAME) -> None:
        """Open with an entry; what was typed for the same entry and not saved is still there."""
        resumes = self.changed and draft.id == self._draft.id and not draft.number1
        if not (resumes or (self.changed and draft == self._begun)):
            self._draft = self._begun = draft
            self._left.clear()
        self._title.setText(tr("Edit entry") if draft.id else tr("New entry"))
        self._trouble.hide()
        self._show()
        self.show()
        self.field(first).setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field(first).selectAll()

    def finish(self) -> None:
        """It was saved, or is wanted no more."""
        self._draft = self._begun = Draft()
        self.close_for_now()

    def close_for_now(self) -> None:
        """What was typed is still there when it is opened again."""
        self._left.clear()
        self.hide()
        self.closed.emit()

    def tell(self, title: str, text: str) -> None:
        """Why it could not be saved; the fields stay as they are."""
        self._trouble.setText(" ".join(filter(None, (title + ".", text))))
        self._trouble.show()
        say_aloud(self, self._trouble.text())

    # typing

    def _typed(self, field: Field, text: str) -> None:
        self._draft = self._draft.typed(field, text)
        self._trouble.hide()
        self._show()

    def _leave(self, field: Field) -> None:
        """A number half typed is no problem yet; one that was left is."""
        if self._draft.text(field).strip():
            self._left.add(field)
            self._show()

    def _show(self) -> None:
        checked = check(self._draft)
        for field, slot in self._slots.items():
            text = wire_of(self._draft) if field is Field.WIRE else self._draft.text(field)
            if slot.field.text() != text and not (field is Field.WIRE and slot.field.hasFocus()):
                slot.field.setText(text)
            self._note(field, slot, checked)

    def _note(self, field: Field, slot: _Slot, checked: Checked) -> None:
        problem = checked.problems.get(field, "") if field in self._left else ""
        said = problem or checked.hints.get(field, "")
        slot.note.setText(said)
        slot.note.setVisible(bool(said))
        give_role(slot.note, "bad" if problem else "small")
        give_role(slot.field, "wrong" if problem else "")
        slot.field.setAccessibleDescription(said)

    def _save(self) -> None:
        checked = check(self._draft)
        self._left.update(Field)
        self._show()
        if checked.problems:
            first = next(field for field in Field if field in checked.problems)
            self.field(first).setFocus(Qt.FocusReason.OtherFocusReason)
            say_aloud(self, checked.problems[first])
        elif self._draft.id and not (self.changed or self._saves_unchanged):
            self.finish()
        else:
            self.save_wanted.emit(self._draft)

    def _cancel(self) -> None:
        self.finish()

    # making

    def _slot(self, field: Field, text: str) -> _Slot:
        line = QLineEdit()
        line.setMaxLength(TYPED_AT_MOST)
        line.setAccessibleName(text)
        line.textEdited.connect(lambda typed: self._typed(field, typed))
        line.editingFinished.connect(lambda: self._leave(field))
        note = plain_label(role="small", wraps=True)
        note.hide()
        return _Slot(line, note)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.cancel)
        head.addWidget(self.save)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for place, (field, text) in enumerate(_names().items()):
            grid.addLayout(self._labelled(text, self._slots[field]), place // 2, place % 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self._trouble.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 10, 16, 14)
        whole.setSpacing(6)
        whole.addLayout(head)
        whole.addLayout(grid)
        whole.addWidget(self._trouble)
        for before, after in (
            (self._slots[Field.NUMBER2].field, self.save),
            (self.save, self.cancel),
        ):
            QWidget.setTabOrder(before, after)

    def _labelled(self, text: str, slot: _Slot) -> QVBoxLayout:
        label = plain_label(text)
        label.setBuddy(slot.field)
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addWidget(label)
        column.addWidget(slot.field)
        column.addWidget(slot.note)
        column.addStretch(1)
        return column

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves. Esc closes and keeps what was typed for the next time."""
        if event.key() in _ENTER and not event.isAutoRepeat():
            focused = self.focusWidget()
            self._cancel() if focused is self.cancel else self._save()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_for_now()
        else:
            super().keyPressEvent(event)


def _names() -> dict[Field, str]:
    return {
        Field.NAME: tr("Name"),
        Field.WIRE: tr("Shown on phones as"),
        Field.NUMBER1: tr("Number 1"),
        Field.NUMBER2: tr("Number 2"),
    }
