"""Labels for text that may come from outside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def plain_label(text: str = "", role: str = "", wraps: bool = False) -> QLabel:
    """A label that shows its text as it is: Qt's own default would open markup in it.

    ``role`` names a rule of the style sheet (``title``, ``muted``, ``small`` ...).
    """
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wraps)
    if role:
        label.setProperty("role", role)
    return label


def give_role(widget: QWidget, role: str) -> None:
    """Change the rule of the style sheet that a widget follows."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
