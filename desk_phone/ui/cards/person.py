"""Who calls, on a card: the picture, the name, the number and what sort of number it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.store.naming import BESIDE
from desk_phone.ui.avatar import paint_avatar
from desk_phone.ui.buttons import push_button
from desk_phone.ui.cards.words import CardText
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.label import plain_label
from desk_phone.ui.look import tokens

_AVATAR = 52
_NAME_AT_MOST = 334  # px, so that a card stays a card
_BESIDE = 8  # px between the name and how often


class Avatar(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setFixedSize(_AVATAR, _AVATAR)

    def show_name(self, name: str) -> None:
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(painter, QRectF(self.rect()), self._name, tokens())
        painter.end()


def beside(names: str) -> str:
    """The names of entries that have one number, each on a line of its own."""
    return names.replace(BESIDE, f"{BESIDE.rstrip()}\n")


class CardPerson(QWidget):
    """`add` is the button that puts an unknown number into the phonebook."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._avatar = Avatar()
        self._title = ElidedLabel("title", at_most=_NAME_AT_MOST)
        self._times = plain_label(role="title")
        self._detail = ElidedLabel("muted")
        self.add = push_button(tr("Add to phonebook"), "user-plus", kind="quiet")
        self.add.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()

    def show_text(self, text: CardText) -> None:
        self._avatar.show_name(text.name)
        self._title.setText(beside(text.title))
        for label, shown in ((self._times, text.times), (self._detail, text.detail)):
            label.setText(shown)
            label.setVisible(bool(shown))
        times = self._times.sizeHint().width() + _BESIDE if text.times else 0
        self._title.take_at_most(_NAME_AT_MOST - times)
        self.add.setVisible(text.unknown)

    def _build(self) -> None:
        names, below = QHBoxLayout(), QHBoxLayout()
        names.setSpacing(_BESIDE)
        names.addWidget(self._title)
        names.addWidget(self._times, 0, Qt.AlignmentFlag.AlignTop)
        names.addStretch(1)
        below.setSpacing(8)
        below.addWidget(self._detail, 1)
        below.addWidget(self.add)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addStretch(1)
        lines.addLayout(names)
        lines.addLayout(below)
        lines.addStretch(1)
        person = QHBoxLayout(self)
        person.setContentsMargins(0, 0, 0, 0)
        person.setSpacing(14)
        person.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignVCenter)
        person.addLayout(lines, 1)
