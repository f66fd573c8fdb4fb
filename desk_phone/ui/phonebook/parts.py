"""The parts of the Phonebook page, one of which is shown: entries, decisions, trash, the past."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.i18n import tr
from desk_phone.ui.buttons import OneOf, tool_button
from desk_phone.ui.pointing import has_keyboard, lead_into


class Part(StrEnum):
    ENTRIES = "entries"
    OUTSIDE = "outside"  # others' contacts
    DECIDE = "decide"
    TRASH = "trash"
    SNAPSHOTS = "snapshots"
    IMPORT = "import"  # has no button of its own, and all the room there is


class PhonebookParts(QWidget):
    shown = Signal(object)  # Part

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets: dict[Part, QWidget] = {}
        self._buttons: dict[Part, QToolButton] = {}
        self._one = OneOf(self)
        self._bar = bar = QWidget()  # of its own height, however little room there is
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(bar)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._stack = QStackedWidget()
        for part, text in _names().items():
            button = tool_button(text, checkable=True)
            button.setObjectName(f"part {part}")
            self._one.add(button)
            button.clicked.connect(lambda _=False, part=part: self.show_part(part))
            self._buttons[part] = button
            self._row.addWidget(button)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)

    @property
    def part(self) -> Part:
        current = self._stack.currentWidget()
        return next(part for part, widget in self._widgets.items() if widget is current)

    def add(self, part: Part, widget: QWidget) -> None:
        """The first one added is shown."""
        self._widgets[part] = widget
        self._stack.addWidget(widget)
        if len(self._widgets) == 1:
            self.show_part(part)

    def show_part(self, part: Part) -> None:
        """Nothing happens while it is not there."""
        if part in self._widgets:
            for one, button in self._buttons.items():
                button.setChecked(one is part)
            self._bar.setVisible(part in self._buttons)
            had_keyboard = has_keyboard(self._stack)
            self._stack.setCurrentWidget(self._widgets[part])
            if had_keyboard:
                lead_into(self._widgets[part])
            self.shown.emit(part)

    def focus_part(self, part: Part) -> None:
        """The keyboard to its button."""
        self._buttons[part].setFocus(Qt.FocusReason.OtherFocusReason)

    def tell_decisions(self, count: int) -> None:
        text = tr("To decide %(n)d") % {"n": count} if count else tr("To decide")
        self.name_part(Part.DECIDE, text)

    def name_part(self, part: Part, text: str) -> None:
        self._buttons[part].setText(text)


def _names() -> dict[Part, str]:
    return {
        Part.ENTRIES: tr("Entries"),
        Part.OUTSIDE: tr("From elsewhere"),
        Part.DECIDE: tr("To decide"),
        Part.TRASH: tr("Deleted"),
        Part.SNAPSHOTS: tr("Earlier states"),
    }
