"""One section of the settings page, and the controls that don't change by a passing wheel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QSpinBox, QVBoxLayout, QWidget

from desk_phone.ui.label import plain_label


class SectionFrame(QFrame):
    """A titled frame; its rows go into `column`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "section")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 18)
        self.column.setSpacing(8)
        if title:
            self.column.addWidget(plain_label(title, "h2"))

    def add_sentence(self, text: str, role: str = "muted") -> QLabel:
        label = plain_label(text, role, wraps=True)
        self.column.addWidget(label)
        return label

    def add_field(self, text: str, field: QWidget) -> QLabel:
        """A label above its field; the label names the field to screen readers."""
        label = plain_label(text)
        label.setBuddy(field)
        field.setAccessibleName(text)
        self.column.addSpacing(4)
        self.column.addWidget(label)
        return label


class SteadyComboBox(QComboBox):
    """Turning the wheel scrolls the page instead of choosing somebody else's phone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SteadySpinBox(QSpinBox):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(7, 0, 0, 0)  # a style sheet's padding does not reach it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
