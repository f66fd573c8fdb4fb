"""The search field of a page."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from desk_phone.i18n import tr
from desk_phone.ui.icons import icon

SEARCH = "search"  # the field's name among the others of its page
_AT_MOST = 128  # characters


def search_field(words: str) -> QLineEdit:
    """With a magnifying glass before and a cross behind; ``words`` say what it searches."""
    field = QLineEdit(placeholderText=words)
    field.setObjectName(SEARCH)
    field.setAccessibleName(words)
    field.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
    clear = field.addAction(icon("x", "muted"), QLineEdit.ActionPosition.TrailingPosition)
    clear.setToolTip(tr("Clear"))
    clear.setVisible(False)
    clear.triggered.connect(field.clear)
    field.textChanged.connect(lambda text: clear.setVisible(bool(text)))
    field.setMinimumWidth(220)
    field.setMaxLength(_AT_MOST)
    return field
