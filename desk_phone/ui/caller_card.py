"""The cards of missed calls: one of a person, one of many calls at once."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.app.dialler import Dial, Stage
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.ui import trouble, words
from desk_phone.ui.avatar import paint_avatar
from desk_phone.ui.buttons import push_button
from desk_phone.ui.card import Card
from desk_phone.ui.card_words import CardText
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.icons import icon
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.look import tokens

_AVATAR = 52
_NAME_AT_MOST = 290  # px, so that a card stays a card


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


class CallerCard(Card):
    """One person's missed calls, until they are dealt with."""

    call_wanted = Signal()
    copy_wanted = Signal()
    add_wanted = Signal()  # to the phonebook
    done_wanted = Signal()

    def __init__(self, callable_number: bool, parent: QWidget | None = None) -> None:
        """``callable_number``: whether there is a number to call; a withheld one is none."""
        super().__init__("phone-missed", "bad", parent)
        self.setWindowTitle(tr("Missed call"))
        self._avatar = Avatar()
        self._title = ElidedLabel("title", at_most=_NAME_AT_MOST)
        self._times = plain_label(role="title")
        self._detail = ElidedLabel("muted")
        self._inset = QFrame()
        self._upper, self._lower = plain_label(wraps=True), plain_label(role="muted", wraps=True)
        self.call = push_button(tr("Call back"), "phone", "on_good", kind="call")
        self.copy = push_button(tr("Copy"), "copy")
        self.add = push_button(tr("Add to phonebook"), "user-plus")
        self.done = push_button(tr("Done"), "check")
        self._text = CardText("", "")
        self._heading_taken = self._inset_taken = False  # by what became of a dial
        self._build(callable_number)

    @property
    def text(self) -> CardText:
        return self._text

    @property
    def is_calling(self) -> bool:
        """Whether it tells of a call back that goes well so far."""
        return self._inset_taken and not self.call.isEnabled()

    @property
    def told(self) -> str:
        """What the lower half says."""
        return f"{self._upper.text()}\n{self._lower.text()}".strip()

    def show_text(self, text: CardText) -> None:
        self._text = text
        self.setAccessibleName(text.sentence)
        self._avatar.show_name(text.name)
        self._title.setText(text.title)
        for label, shown in ((self._times, text.times), (self._detail, text.detail)):
            label.setText(shown)
            label.setVisible(bool(shown))
        self.add.setVisible(text.unknown)
        if not self._heading_taken:
            self.say_heading(text.heading, "phone-missed", "bad")
        if not self._inset_taken:
            self._tell(text.past, text.source)
        self.fit()

    def say_dial(self, dial: Dial) -> None:
        """How the call back goes."""
        if dial.stage is Stage.FAILED and dial.trouble is not None:
            self.say_trouble(dial.trouble)
            return
        self._inset_taken = True
        self.call.setEnabled(False)
        if dial.stage is Stage.RINGING:
            self._heading_taken = True
            self.say_heading(tr("Calling back"), "phone-call", "good")
            self._tell(trouble.ringing(dial.plan.own), tr("To cancel, do not lift it."))
        else:
            own = words.number(dial.plan.own)
            self._tell(tr("Ringing your phone %(number)s...") % {"number": own}, "")
        self.fit()

    def say_trouble(self, error: PhoneError) -> None:
        """A call back that was not made, or may have been."""
        self._heading_taken, self._inset_taken = False, True
        self.call.setEnabled(True)
        self.say_heading(self._text.heading, "phone-missed", "bad")
        self._tell(error.title, error.message, "bad")
        self.fit()

    def say_copied(self) -> None:
        self.copy.setIcon(icon("check", "good"))

    def _tell(self, upper: str, lower: str, role: str = "") -> None:
        give_role(self._upper, role)
        for label, shown in ((self._upper, upper), (self._lower, lower)):
            label.setText(shown)
            label.setVisible(bool(shown))
        self._inset.setVisible(bool(upper or lower))

    def _build(self, callable_number: bool) -> None:
        names = QHBoxLayout()
        names.setSpacing(8)
        names.addWidget(self._title)
        names.addWidget(self._times)
        names.addStretch(1)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addStretch(1)
        lines.addLayout(names)
        lines.addWidget(self._detail)
        lines.addStretch(1)
        person = QHBoxLayout()
        person.setSpacing(14)
        person.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignVCenter)
        person.addLayout(lines, 1)
        self._inset.setProperty("role", "inset")
        inset = QVBoxLayout(self._inset)
        inset.setContentsMargins(12, 8, 12, 8)
        inset.setSpacing(2)
        inset.addWidget(self._upper)
        inset.addWidget(self._lower)
        self.body.addLayout(person)
        self.body.addWidget(self._inset)
        self._build_buttons(callable_number)

    def _build_buttons(self, callable_number: bool) -> None:
        if callable_number:
            self.add_button(self.call)
            self.add_button(self.copy)
            self.add_button(self.add)
        self.buttons.addStretch(1)
        self.add_button(self.done)
        self.call.clicked.connect(self.call_wanted)
        self.copy.clicked.connect(self.copy_wanted)
        self.add.clicked.connect(self.add_wanted)
        self.done.clicked.connect(self.done_wanted)


class SummaryCard(Card):
    """What was missed while nobody could look: a number of calls, and where they are listed."""

    show_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("phone-missed", "bad", parent)
        self.setWindowTitle(tr("Missed calls"))
        self._title = plain_label(role="h2", wraps=True)
        self.show_calls = push_button(tr("Show"), kind="primary")
        self._text = CardText("", "")
        self.body.addWidget(self._title)
        self.add_button(self.show_calls)
        self.buttons.addStretch(1)
        self.show_calls.clicked.connect(self.show_wanted)

    @property
    def text(self) -> CardText:
        return self._text

    def show_text(self, text: CardText) -> None:
        self._text = text
        self.setAccessibleName(text.sentence)
        self.say_heading(text.heading)
        self._title.setText(text.title)
        self.fit()
