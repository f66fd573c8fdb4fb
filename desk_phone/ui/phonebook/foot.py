"""The line under the table: what an editor's text becomes, what is wrong, how many there are."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.picture import Picture
from desk_phone.ui.speech import say_aloud


class PhonebookFoot(QWidget):
    """The nearest thing is said: a problem of what is typed, then a hint, then ``calm`` words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calm = ""
        self._icon = Picture(16)
        self._words = plain_label(role="small", wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self.tell("", "")

    @property
    def said(self) -> str:
        return self._words.text()

    def be_calm(self, text: str) -> None:
        """What is said while nothing is typed."""
        if self.said == self._calm:
            self._words.setText(text)
        self._calm = text

    def tell(self, problem: str, hint: str) -> None:
        said = problem or hint or self._calm
        self._icon.setVisible(bool(problem))
        if problem:
            self._icon.show_icon("circle-alert", "bad")
            say_aloud(self, problem)
        give_role(self._words, "bad" if problem else "small")
        self._words.setText(said)
