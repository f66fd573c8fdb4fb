"""What each cell of the phonebook's table says. Pure but for the language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import Qt

from desk_phone.i18n import tr
from desk_phone.ui import words
from desk_phone.ui.phonebook import words as phonebook_words
from desk_phone.ui.phonebook.draft import Draft, Field, wire_of
from desk_phone.ui.phonebook.rows import Row


class Column(IntEnum):
    NAME = 0
    WIRE = 1
    NUMBER1 = 2
    NUMBER2 = 3
    STATE = 4


class Role(IntEnum):
    ROW = Qt.ItemDataRole.UserRole + 1  # phonebook_rows.Row
    PROBLEM = Qt.ItemDataRole.UserRole + 2  # why the cell cannot be saved, else empty


FIELDS = {
    Column.NAME: Field.NAME,
    Column.WIRE: Field.WIRE,
    Column.NUMBER1: Field.NUMBER1,
    Column.NUMBER2: Field.NUMBER2,
}


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What somebody typed into the table and that cannot be saved as it is."""

    draft: Draft
    problems: Mapping[Field, str]

    @property
    def first(self) -> str:
        """``“+372 51”: Too short for a phone number.``"""
        for field, problem in self.problems.items():
            text = words.plain(self.draft.text(field), 40)
            quoted = tr("“%(text)s”") % {"text": text}
            return f"{quoted}: {problem}" if text else problem
        return ""


@dataclass(frozen=True, slots=True)
class Cell:
    row: Row
    column: Column
    unsaved: Unsaved | None = None

    @property
    def text(self) -> str:
        return words.plain(typed(self.row, self.column, self.unsaved))

    @property
    def problem(self) -> str:
        """Why it cannot be saved; empty if it can."""
        field = FIELDS.get(self.column)
        return self.unsaved.problems.get(field, "") if self.unsaved and field else ""

    @property
    def spoken(self) -> str:
        """The first cell speaks for its row, whole."""
        if self.column is Column.NAME:
            said = self._whole()
        else:
            said = f"{column_name(self.column)}: {self.text}"
        return f"{said}. {self.problem}" if self.problem else said

    @property
    def tip(self) -> str:
        if self.column is Column.STATE:
            return phonebook_words.state_sentence(self.row.state, self.row.words)
        return self.problem or self.text

    def _whole(self) -> str:
        content = self.row.content
        name = self.text
        if name != content.name:
            name = f"{name} ({words.plain(content.name)})"
        state = phonebook_words.state_word(self.row.state)
        return f"{name}, {phonebook_words.numbers_of(content)}, {state}"


def typed(row: Row, column: Column, unsaved: Unsaved | None) -> str:
    """What an editor of the cell begins with."""
    field, content = FIELDS.get(column), row.content
    if unsaved is not None and field is not None:
        return wire_of(unsaved.draft) if field is Field.WIRE else unsaved.draft.text(field)
    if column is Column.STATE:
        return phonebook_words.state_word(row.state)
    if column is Column.NAME:
        return row.name
    if column is Column.WIRE:
        return content.name
    key = content.number1 if column is Column.NUMBER1 else content.number2
    return words.number(key) if key else ""


def column_name(column: Column) -> str:
    names = {
        Column.NAME: tr("Name"),
        Column.WIRE: tr("Shown on phones as"),
        Column.NUMBER1: tr("Number 1"),
        Column.NUMBER2: tr("Number 2"),
        Column.STATE: tr("State"),
    }
    return names[column]


def column_head(column: Column) -> str:
    """The same where there is little room."""
    return tr("On phones") if column is Column.WIRE else column_name(column)
