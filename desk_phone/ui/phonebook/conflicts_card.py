"""One thing to decide: mine and theirs side by side, or a change that is parked."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.i18n import tr
from desk_phone.model.entries import Content
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import plain_label
from desk_phone.ui.phonebook import words as phonebook_words
from desk_phone.ui.phonebook.rows import Row


class Choice(StrEnum):
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    EDIT = "edit"
    TRY_AGAIN = "try again"
    GIVE_UP = "give up"


class DecisionCard(QFrame):
    """``texts`` are pairs of a heading and what stands under it, side by side."""

    chosen = Signal(object)  # Choice

    def __init__(
        self,
        title: str,
        why: str,
        texts: Sequence[tuple[str, str]],
        choices: Sequence[tuple[str, Choice]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "section")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        for text, choice in choices:
            button = push_button(text)
            button.setAccessibleDescription(f"{title}. {why}")
            button.clicked.connect(lambda _=False, choice=choice: self.chosen.emit(choice))
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(6)
        column.addWidget(plain_label(title, "strong", wraps=True))
        column.addWidget(plain_label(why, "muted", wraps=True))
        column.addLayout(_side_by_side(texts))
        column.addSpacing(4)
        column.addLayout(self._buttons)

    def let_choose(self, may: bool) -> None:
        for button in self.findChildren(QPushButton):
            button.setEnabled(may)


def card_of_conflict(
    name: str, ours: Content | None, theirs: Content | None, base: Content | None, when: str
) -> DecisionCard:
    """``name`` is the entry's."""
    why = {
        (False, True): tr("You deleted it, and somebody else changed it."),
        (True, False): tr("You changed it, and somebody else deleted it."),
    }.get((ours is not None, theirs is not None), tr("You and somebody else changed it."))
    texts = [
        (tr("Mine"), _said(ours)),
        (tr("Theirs, as it is now"), _said(theirs)),
        (tr("Before"), _said(base)),
    ]
    choices = [(tr("Keep mine"), Choice.MINE), (tr("Keep theirs"), Choice.THEIRS)]
    if ours is not None and theirs is not None:
        choices.append((tr("Keep both"), Choice.BOTH))
    choices.append((tr("Edit..."), Choice.EDIT))
    return DecisionCard(f"{words.plain(name)} · {when}", why, texts, choices)


def card_of_held(row: Row) -> DecisionCard:
    why = phonebook_words.state_sentence(row.state, row.words)
    title = f"{words.plain(row.name)} · {phonebook_words.state_word(row.state)}"
    choices = [
        (tr("Look and try again"), Choice.TRY_AGAIN),
        (tr("Give it up"), Choice.GIVE_UP),
        (tr("Edit..."), Choice.EDIT),
    ]
    return DecisionCard(title, why, [(tr("Mine"), _said(row.content))], choices)


def _said(content: Content | None) -> str:
    if content is None:
        return tr("deleted")
    numbers = phonebook_words.numbers_of(content).replace(", ", "\n")
    return f"{phonebook_words.name_of(content)}\n{numbers}"


def _side_by_side(texts: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(2)
    for column, (heading, text) in enumerate(texts):
        grid.addWidget(plain_label(heading, "small"), 0, column)
        grid.addWidget(_wrapped(text), 1, column)
        grid.setColumnStretch(column, 1)
    return grid


def _wrapped(text: str) -> QLabel:
    return plain_label(text, wraps=True)
