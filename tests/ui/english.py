"""The words of a window that nobody could translate, seen in the language of `tests.pseudo`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

# What the tests say as if it came from outside, and what is the same in every language.
_FROM_OUTSIDE = re.compile(
    r"Wants an offer for new windows( by Friday)?|Asked for the price list by Friday|Bad name"
    r"|No connection to the phone service|Is the network cable plugged in|Enter the new password"
    r"|The password was refused|Enter it again"
    r"|Kristiina|Lindström|Sergei|Anneli|Saar|Kask|Jaan|Tamm|Mari|Maasikas|Zanna|Smidt|manna"
    r"|Ivanov|Zhukova|open-customer.*|Uno|Lindström|Enter|Esc"
    r"|Desk Phone|Telia|Eesti|English"
    r"|Skype|qqqq|Saar-Kask|https?:\S+|\S+@\S+|Ctrl\S*|CSV|vCard|CRM|JSON"
    r"|\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    r"|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(\b|\w+)"
)


def english(window: QWidget) -> list[str]:
    """What can be read, or heard, in the window and was never asked for in another language."""
    found = [text for text in _said(window) if _WORD.search(_outside_brackets(text))]
    return sorted(set(found))


_WORD = re.compile(r"\b[A-Za-z]{2,}\b")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")


def _outside_brackets(text: str) -> str:
    while _BRACKETS.search(text):
        text = _BRACKETS.sub("", text)
    return _FROM_OUTSIDE.sub("", re.sub(r"<[^>]*>", "", text))


def _said(window: QWidget) -> Iterator[str]:
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisibleTo(window):
            continue
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            yield widget.placeholderText()
        if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
            yield from _listed(model)
    yield window.windowTitle()


def _listed(model: QAbstractItemModel) -> Iterator[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    nowhere = QModelIndex()
    for column in range(
        model.columnCount(nowhere) if isinstance(model, QAbstractTableModel) else 1
    ):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount(nowhere)):
            for role in (*roles, Qt.ItemDataRole.ToolTipRole):
                text = model.index(row, column).data(role)
                yield text if isinstance(text, str) else ""
