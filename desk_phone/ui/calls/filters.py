"""Which calls are listed: one of the filters beside each other."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desk_phone.i18n import tr
from desk_phone.store.calls import CallFilter
from desk_phone.ui.buttons import OneOf, tool_button


def filter_name(chosen: CallFilter) -> str:
    names = {
        CallFilter.ALL: tr("All"),
        CallFilter.MISSED: tr("Missed"),
        CallFilter.INCOMING: tr("Incoming"),
        CallFilter.OUTGOING: tr("Outgoing"),
        CallFilter.CALL_BACK: tr("To call back"),
    }
    return names[chosen]


class CallFilters(QWidget):
    pressed = Signal()  # somebody chose one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[CallFilter, QToolButton] = {}
        self._one = OneOf(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for chosen in CallFilter:
            button = tool_button(filter_name(chosen), checkable=True)
            button.setObjectName(f"filter {chosen}")
            self._one.add(button)
            button.clicked.connect(self.pressed)
            row.addWidget(button)
            self._buttons[chosen] = button
        self.choose(CallFilter.ALL)
        row.addStretch(1)

    @property
    def chosen(self) -> CallFilter:
        return next(f for f, button in self._buttons.items() if button.isChecked())

    def choose(self, chosen: CallFilter) -> None:
        self._one.choose(self._buttons[chosen])

    def tell_missed(self, people: int) -> None:
        """How many people's missed calls nobody saw yet."""
        name = tr("Missed %(n)d") % {"n": people} if people else filter_name(CallFilter.MISSED)
        self._buttons[CallFilter.MISSED].setText(name)
