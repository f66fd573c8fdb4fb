"""The card of one caller: it rings, somebody answered, or it was missed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desk_phone.app.dialler import Dial, Stage
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.ui import trouble, words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.cards.card import Card
from desk_phone.ui.cards.keyboard import CardKeyboard
from desk_phone.ui.cards.note import CardNote
from desk_phone.ui.cards.person import CardPerson
from desk_phone.ui.cards.words import CardText, State
from desk_phone.ui.icons import icon
from desk_phone.ui.label import give_role, plain_label

_HEADS = {
    State.RINGING: ("phone-incoming", "good"),
    State.ANSWERED: ("phone-call", "good"),
    State.ENDED: ("phone-incoming", "muted"),
    State.MISSED: ("phone-missed", "bad"),
}
_MENU, _NOTE = "menu", "note"  # what holds it, beside the mouse


class CallerCard(Card):
    """One person's call that rings, or missed calls until they are dealt with.

    ``choices`` are the times of Later, in words; None: nobody keeps reminders. ``writes_notes``:
    somebody keeps notes; ``has_crm``: there is a program to open the caller in.
    """

    call_wanted = Signal()
    copy_wanted = Signal()
    add_wanted = Signal()  # to the phonebook
    done_wanted = Signal()
    crm_wanted = Signal()
    note_wanted = Signal()  # answered with `begin_note`
    later_wanted = Signal(object)  # datetime

    def __init__(
        self,
        choices: Callable[[], tuple[tuple[str, datetime], ...]] | None = None,
        writes_notes: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("phone-missed", "bad", parent)
        self._choices, self._writes_notes = choices, writes_notes
        self.has_crm = False
        self.person = CardPerson()
        self._inset = QFrame()
        self._lines = (
            plain_label(wraps=True),
            plain_label(wraps=True),
            plain_label(role="muted", wraps=True),
        )
        self.call = push_button(tr("Call back"), "phone", "on_good", kind="call")
        self.crm = push_button(tr("Open in CRM"), "external-link", "on_accent", kind="primary")
        self.take_note = push_button(tr("Note"), "square-pen")
        self.copy = push_button(tr("Copy"), "copy")
        self.later = push_button(tr("Later"), "clock")
        self.done = push_button(tr("Done"), "check")
        self.note: CardNote | None = None  # made when a person wants to type
        self._keyboard = CardKeyboard(self)
        self._text = CardText("", "")
        self._heading_taken = self._inset_taken = False  # by what became of a dial
        self._build()

    @property
    def add(self) -> QPushButton:
        return self.person.add

    @property
    def text(self) -> CardText:
        return self._text

    @property
    def is_calling(self) -> bool:
        """Whether it tells of a call back that goes well so far."""
        return self._inset_taken and not self.call.isEnabled()

    @property
    def is_typed_into(self) -> bool:
        return _NOTE in self.holds

    @property
    def told(self) -> str:
        """What the lower half says."""
        return "\n".join(label.text() for label in self._lines if label.text())

    # what it says

    def show_text(self, text: CardText) -> None:
        if text.state is not self._text.state:  # a new call is no matter of an earlier dial
            self._heading_taken = self._inset_taken = False
            self.call.setEnabled(True)
        self._text = text
        self.setAccessibleName(text.sentence)
        missed = text.state is State.MISSED
        self.setWindowTitle(tr("Missed call") if missed else tr("Incoming call"))
        self.person.show_text(text)
        self._offer(text)
        if not self._heading_taken:
            self.say_heading(text.heading, *_HEADS[text.state])
        if not self._inset_taken:
            self._tell(text.past, text.note, text.source)
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
            self._tell(trouble.ringing(dial.plan.own), "", tr("To cancel, do not lift it."))
        else:
            own = words.number(dial.plan.own)
            self._tell(tr("Ringing your phone %(number)s...") % {"number": own})
        self.fit()

    def say_trouble(self, error: PhoneError) -> None:
        """A call back that was not made, or may have been."""
        self._heading_taken, self._inset_taken = False, True
        self.call.setEnabled(True)
        self.say_heading(self._text.heading, *_HEADS[self._text.state])
        self._tell(error.title, "", error.message, "bad")
        self.fit()

    def say_copied(self) -> None:
        self.copy.setIcon(icon("check", "good"))

    def _tell(self, upper: str, middle: str = "", lower: str = "", role: str = "") -> None:
        give_role(self._lines[0], role)
        for label, shown in zip(self._lines, (upper, middle, lower), strict=True):
            label.setText(shown)
            label.setVisible(bool(shown))
        self._inset.setVisible(bool(upper or middle or lower))

    def _offer(self, text: CardText) -> None:
        """The buttons for what can be done now."""
        missed, number = text.state is State.MISSED, bool(text.number)
        types = self.note is not None and self.note.isVisibleTo(self)
        self.call.setVisible(missed and number)
        self.later.setVisible(missed and number and self._choices is not None)
        self.done.setVisible(missed)
        self.crm.setVisible(not missed and number and self.has_crm)
        self.copy.setVisible(not missed and number)
        # What was noted before is nobody else's to read.
        self.take_note.setVisible(
            not missed and self._writes_notes and not text.hidden and not types
        )

    # a note

    def fit(self) -> None:
        """What is not shown yet keeps the sizes of the words before, and would jump as it shows."""
        if not self.isVisible():
            for part in self.findChildren(QWidget):
                part.ensurePolished()
            for inner in (self.person, self._inset, self.column.parentWidget(), self):
                _lay_out_anew(inner)
        super().fit()

    def begin_note(self, text: str, write: Callable[[str], bool]) -> None:
        """Let the person type: from now on, and only until it is done, the card takes the keyboard.

        ``text`` was noted before; ``write`` keeps another.
        """
        if self.note is None:
            self.note = self._make_note()
        self.note.begin(text, write)
        self.note.show()
        self.take_note.hide()
        self.fit()
        self._keyboard.take(self.note.field)
        self.note.focus()

    def _make_note(self) -> CardNote:
        note = CardNote()
        note.busy.connect(lambda busy: self.hold(_NOTE, busy))
        note.done.connect(self._end_note)
        note.came.connect(self._keyboard.came)
        note.gone.connect(self._keyboard.went)
        note.wanted.connect(lambda: self._keyboard.take(note.field))
        self.body.addWidget(note)
        return note

    def keep_note(self) -> bool:
        """Whether nothing is lost when the card goes now."""
        return self.note is None or self.note.save()

    def _end_note(self) -> None:
        if self.note is None:
            return
        self._keyboard.give_back()
        self.note.hide()
        self.hold(_NOTE, False)
        self._offer(self._text)
        self.fit()

    def go(self) -> None:
        self._keyboard.give_back()
        super().go()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keyboard.give_back()  # it makes room for three newer ones

    # later

    def _choose_time(self) -> None:
        if self._choices is None:
            return
        menu = QMenu(self)
        for said, until in self._choices():
            menu.addAction(words.menu(said)).triggered.connect(
                lambda _=False, until=until: self.later_wanted.emit(until)
            )
        menu.aboutToShow.connect(lambda: self.hold(_MENU, True))
        menu.aboutToHide.connect(lambda: self.hold(_MENU, False))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.later.mapToGlobal(QPoint(0, self.later.height())))

    # making

    def _build(self) -> None:
        self._inset.setProperty("role", "inset")
        inset = QVBoxLayout(self._inset)
        inset.setContentsMargins(12, 8, 12, 8)
        inset.setSpacing(2)
        for label in self._lines:
            # One endless word in a note is no reason to become as wide as the screen.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setMinimumWidth(1)
            inset.addWidget(label)
        self.body.addWidget(self.person)
        self.body.addWidget(self._inset)
        for button in (self.call, self.crm, self.take_note, self.copy, self.later):
            self.add_button(button)
        self.buttons.addStretch(1)
        self.add_button(self.done)
        self.call.clicked.connect(self.call_wanted)
        self.crm.clicked.connect(self.crm_wanted)
        self.take_note.clicked.connect(self.note_wanted)
        self.copy.clicked.connect(self.copy_wanted)
        self.add.clicked.connect(self.add_wanted)
        self.done.clicked.connect(self.done_wanted)
        self.later.clicked.connect(self._choose_time)


def _lay_out_anew(widget: QWidget | None) -> None:
    layout = None if widget is None else widget.layout()
    if widget is not None and layout is not None:
        widget.updateGeometry()
        layout.invalidate()
        layout.activate()


class SummaryCard(Card):
    """What was missed while nobody could look: a number of calls, and where they are listed."""

    show_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("phone-missed", "bad", parent)
        self.setWindowTitle(tr("Missed calls"))
        self._title = plain_label(role="h2", wraps=True)
        self._detail = plain_label(role="muted", wraps=True)
        self.show_calls = push_button(tr("Show"), kind="primary")
        self._text = CardText("", "")
        for label in (self._title, self._detail):
            self.body.addWidget(label)
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
        self._title.setText(" ".join(filter(None, (text.title, text.times))))
        self._detail.setText(text.detail)
        self._detail.setVisible(bool(text.detail))
        self.fit()
