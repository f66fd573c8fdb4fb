"""Check boxes and radio buttons whose words go on in the next line where there is no room."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QCheckBox, QRadioButton, QSizePolicy

_BESIDE = 16 + 8 + 4  # px, the mark and the space before the words
_CHANGES = (QEvent.Type.Resize, QEvent.Type.FontChange, QEvent.Type.StyleChange)

Choice = TypeVar("Choice", QCheckBox, QRadioButton)


def wrapped(choice: Choice) -> Choice:
    """The same, for a column: it takes the width there is, and the height its words need there."""
    _Wrapping(choice)
    return choice


class _Wrapping(QObject):
    def __init__(self, choice: QCheckBox | QRadioButton) -> None:
        super().__init__(choice)
        self._choice, self._whole = choice, choice.text()
        choice.setAccessibleName(self._whole)
        choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        choice.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        done = super().eventFilter(watched, event)
        if event.type() in _CHANGES:
            room = self._choice.width() - _BESIDE
            shown = broken(self._whole, self._choice.fontMetrics(), room)
            if shown != self._choice.text():
                self._choice.setText(shown)
        return done


def broken(text: str, metrics: QFontMetrics, room: int) -> str:
    """The text in lines of at most so many px; a word is never broken."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
