"""The palette's foot: the keys at rest, then what became of the dial."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.dialler import Dial, Stage
from desk_phone.errors import BadCredentials, PhoneError
from desk_phone.i18n import tr
from desk_phone.ui import trouble, words
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.picture import Picture
from desk_phone.ui.speech import say_aloud

_SPACING = 10  # px


class DialFoot(QFrame):
    close_wanted = Signal()
    account_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "foot")
        self._icon = Picture(20)
        self._title = plain_label(wraps=True)
        self._text = plain_label(wraps=True, role="muted")
        self._account = QPushButton(tr("Open account"))
        self._account.clicked.connect(self.account_wanted)
        self._keys = QWidget()
        self._acts: list[QWidget] = []  # the keys of what is done with a number
        self._ringing = False
        self._build()
        self.rest()

    @property
    def is_ringing(self) -> bool:
        return self._ringing

    @property
    def said(self) -> str:
        return f"{self._title.text()}\n{self._text.text()}".strip()

    def rest(self) -> None:
        """The keys, and what a call does."""
        self._show(tr("Your desk phone rings first."))
        self._keys.show()
        self._arrange()

    def offer(self, callable_: bool) -> None:
        """Whether there is anybody to be called: no key is shown that does nothing."""
        for label in self._acts:
            label.setVisible(callable_)
        self._arrange()

    def say_copied(self, key: str) -> None:
        self._say(tr("Copied %(number)s") % {"number": words.number(key)}, icon_name="check")

    def say_error(self, error: PhoneError) -> None:
        self._say(error.title, error.message, "circle-alert", "bad")
        self._account.setVisible(isinstance(error, BadCredentials))

    def say_dial(self, dial: Dial) -> None:
        if dial.stage is Stage.FAILED and dial.trouble is not None:
            self.say_error(dial.trouble)
        elif dial.stage is Stage.RINGING:
            self._say(
                trouble.ringing(dial.plan.own),
                tr("To cancel, do not lift it."),
                "phone-call",
                "good",
            )
            self._ringing = True
        else:
            own = words.number(dial.plan.own)
            self._say(tr("Ringing your phone %(number)s...") % {"number": own}, "", "phone")

    def _build(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(1)
        said.addWidget(self._title)
        said.addWidget(self._text)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(18, 8, 16, 8)
        self._row.setSpacing(_SPACING)
        row = QHBoxLayout()
        row.setSpacing(_SPACING)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(said, 1)
        row.addWidget(self._account)
        self._row.addLayout(row, 1)
        self._row.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignRight)
        keys = QHBoxLayout(self._keys)
        keys.setContentsMargins(0, 0, 0, 0)
        keys.setSpacing(6)
        for key, text in (("Enter", tr("Call")), ("Ctrl+C", tr("Copy")), ("Esc", tr("Close"))):
            if keys.count():
                keys.addSpacing(6)
            pair = [plain_label(key, "key"), plain_label(text, "muted")]
            keys.addWidget(pair[0], 0, Qt.AlignmentFlag.AlignVCenter)
            keys.addWidget(pair[1])
            self._acts += pair if key != "Esc" else []

    def _arrange(self) -> None:
        """The keys stand beside the sentence where both fit in a line, else under it."""
        said = self._title.fontMetrics().horizontalAdvance(self._title.text())
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - 2 * _SPACING
        beside = self._keys.isHidden() or said + self._keys.sizeHint().width() <= room
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _say(self, title: str, text: str = "", icon_name: str = "", role: str = "muted") -> None:
        self._show(title, text, icon_name, role)
        say_aloud(self, self.said)

    def _show(self, title: str, text: str = "", icon_name: str = "", role: str = "muted") -> None:
        self._ringing = False
        self._account.hide()
        self._keys.hide()
        self._icon.setVisible(bool(icon_name))
        if icon_name:
            self._icon.show_icon(icon_name, role)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        give_role(self._title, role)
