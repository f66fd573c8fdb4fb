"""Leading the keyboard to where somebody needs it now."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QWidget


def point_at_button(within: QWidget, text: str = "") -> None:
    """The one with that text, else the first that can be pressed. What was made a moment ago is
    shown a moment later, and has the keyboard then."""
    if not _point(within, text):
        QTimer.singleShot(0, within, lambda: _point(within, text))


def lead_into(within: QWidget) -> None:
    """The keyboard to the first that takes it."""
    for child in within.findChildren(QWidget):
        takes = child.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and child.isVisible() and child.isEnabled():
            child.setFocus(Qt.FocusReason.OtherFocusReason)
            return


def has_keyboard(within: QWidget) -> bool:
    """Whether the keyboard is somewhere in there."""
    return any(child.hasFocus() for child in (within, *within.findChildren(QWidget)))


def _point(within: QWidget, text: str) -> bool:
    for button in within.findChildren(QPushButton):
        if button.isVisible() and button.isEnabled() and text in ("", button.text()):
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
    return False
