"""The search field of a page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from desk_phone.i18n import tr
from desk_phone.ui.icons import icon

SEARCH = "search"  # the field's name among the others of its page
_AT_MOST = 128  # characters


class SearchField(QLineEdit):
    """``list_wanted``: Enter or Down leads to what was found."""

    list_wanted = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, placeholderText=words)
        self.returnPressed.connect(self.list_wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.list_wanted.emit()
        else:
            super().keyPressEvent(event)


def search_field(words: str) -> SearchField:
    """With a magnifying glass before and a cross behind; ``words`` say what it searches."""
    field = SearchField(words)
    field.setObjectName(SEARCH)
    field.setAccessibleName(words)
    field.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
    clear = field.addAction(icon("x", "muted"), QLineEdit.ActionPosition.TrailingPosition)
    clear.setToolTip(tr("Clear"))
    for button, said in zip(field.findChildren(QToolButton), (words, tr("Clear")), strict=True):
        button.setAccessibleName(said)
    clear.setVisible(False)
    clear.triggered.connect(field.clear)
    field.textChanged.connect(lambda text: clear.setVisible(bool(text)))
    field.setMinimumWidth(220)
    field.setMaxLength(_AT_MOST)
    return field
