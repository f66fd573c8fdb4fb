"""One section of the settings page, and the controls that don't change by a passing wheel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.ui.label import plain_label


class SectionFrame(QFrame):
    """A titled frame; its rows go into `column`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "section")
        self.title = title
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 18)
        self.column.setSpacing(8)
        self.heading = plain_label(title, "h2")
        self._fixed = plain_label(role="small", wraps=True)
        self._named: list[str] = []  # what is fixed
        self._keeper = _Fixed(self)
        if title:
            self.setAccessibleName(title)
            self.column.addWidget(self.heading)

    @property
    def fixed(self) -> str:
        """What is said of settings that an administrator locked; empty for none."""
        return self._fixed.text()

    def lock(self, preferences: Preferences, **controls: QWidget | Sequence[QWidget]) -> None:
        """Show as fixed what an administrator has locked, whatever the section makes of it later.

        Controls by the names of their settings, once they have their own names; of several for
        one setting the first, perhaps a label, says what it is.
        """
        for setting, given in controls.items():
            if setting not in preferences.locked:
                continue
            widgets = [given] if isinstance(given, QWidget) else list(given)
            self._named.append(_name(widgets[0]))
            for widget in widgets:
                self._keeper.keep(widget)
        if self._named:
            said = tr("Fixed for everybody on this computer: %(what)s.")
            self._fixed.setText(said % {"what": ", ".join(self._named)})
            self.column.insertWidget(1 if self.title else 0, self._fixed)

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


class _Fixed(QObject):
    """Keeps controls disabled: their sections go on enabling them for reasons of their own."""

    def keep(self, widget: QWidget) -> None:
        widget.setEnabled(False)
        widget.setToolTip(tr("Fixed for everybody on this computer"))
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_change = event.type() is QEvent.Type.EnabledChange
        if is_change and isinstance(watched, QWidget) and watched.isEnabled():
            watched.setEnabled(False)
        return False


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return text or widget.accessibleName()


class SteadyComboBox(QComboBox):
    """Turning the wheel scrolls the page instead of choosing somebody else's phone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def setAccessibleName(self, name: str) -> None:
        """On Linux Qt gives what is chosen as the name, and leaves this one to a label."""
        super().setAccessibleName(name)
        self.setAccessibleDescription(name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SteadySpinBox(QSpinBox):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(7, 0, 0, 0)  # a style sheet's padding does not reach it
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
