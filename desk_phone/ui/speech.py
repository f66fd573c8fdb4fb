"""Tells screen readers what happens where the keyboard is not."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_SETTLED_MS = 300


def say_aloud(widget: QWidget, text: str) -> None:
    """Have a screen reader speak the text, where one runs."""
    if text and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class LastWord(QObject):
    """Of what a widget says while somebody types, only what it stays with is spoken, and once."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._text = self._spoken = ""
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._speak)

    def say(self, text: str) -> None:
        self._text = text
        if QAccessible.isActive():
            self._settled.start()

    def forget(self) -> None:
        """Whoever comes next has heard nothing yet."""
        self._spoken = ""

    def _speak(self) -> None:
        if self._widget.isVisible() and self._text != self._spoken:
            self._spoken = self._text
            say_aloud(self._widget, self._text)
