"""What the dial palette shows in place of rows when there are none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.ui import words
from desk_phone.ui.icons import icon
from desk_phone.ui.label import plain_label
from desk_phone.ui.speech import LastWord


class Nobody(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = LastWord(self)
        self._figure = plain_label()
        self._title = plain_label(role="h2", wraps=True)
        self._advice = plain_label(role="muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 24)
        column.setSpacing(8)
        for label in (self._figure, self._title, self._advice):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        self._paint_figure()

    @property
    def said(self) -> str:
        return f"{self._title.text()}\n{self._advice.text()}"

    def say(self, text: str) -> None:
        """Nobody was found for ``text``, or nobody was called yet."""
        text = words.plain(text, 40)
        if text:
            self._title.setText(tr("No one found for “%(text)s”") % {"text": text})
            self._advice.setText(
                tr("Try part of a name or number, in any spelling. A whole number can be called.")
            )
        else:
            self._title.setText(tr("Nobody called yet"))
            self._advice.setText(tr("Type a number; the people you talk with will appear here."))
        self._speech.say(self.said)

    def _paint_figure(self) -> None:
        figure = icon("users", "muted").pixmap(QSize(32, 32), self.devicePixelRatio())
        self._figure.setPixmap(figure)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._paint_figure()
