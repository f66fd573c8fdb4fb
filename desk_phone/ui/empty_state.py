"""An empty page: an icon, one line what this is, one line what will be here, one button."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_phone.ui.buttons import push_button
from desk_phone.ui.icons import icon
from desk_phone.ui.label import plain_label


@dataclass(frozen=True, slots=True)
class Emptiness:
    """``act`` is the page's own word for what the button does; an empty ``button`` is none."""

    icon: str
    title: str
    text: str
    button: str
    act: str
    calls: bool = False  # the button leads to a call, and is green


class EmptyState(QWidget):
    pressed = Signal(str)  # Emptiness.act

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Emptiness | None = None
        self._icon = plain_label()
        self._title = plain_label(role="h2")
        self._text = plain_label(role="muted")
        self._text.setWordWrap(True)
        self._button = push_button()
        self._button.clicked.connect(self._press)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for label in (self._icon, self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    @property
    def shown(self) -> Emptiness | None:
        return self._shown

    def show_this(self, emptiness: Emptiness) -> None:
        self._shown = emptiness
        self._title.setText(emptiness.title)
        self._text.setText(emptiness.text)
        self._button.setText(emptiness.button)
        self._button.setVisible(bool(emptiness.button))
        self._button.setProperty("kind", "call" if emptiness.calls else "")
        self._button.setIcon(icon("phone", "on_good") if emptiness.calls else QIcon())
        self._button.style().unpolish(self._button)
        self._button.style().polish(self._button)
        self._paint_icon()

    def _press(self) -> None:
        if self._shown is not None:
            self.pressed.emit(self._shown.act)

    def _paint_icon(self) -> None:
        if self._shown is not None:
            picture = icon(self._shown.icon, "muted")
            self._icon.setPixmap(picture.pixmap(QSize(40, 40), self.devicePixelRatio()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._paint_icon()
