"""The one question before a call, whatever asked for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desk_phone.app.dial import Plan
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.model.dialing import Source
from desk_phone.ui import trouble, words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.dialling.ask_words import Question, question, unbroken
from desk_phone.ui.front import bring
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.picture import Picture
from desk_phone.ui.rounded import RoundedWindow
from desk_phone.ui.speech import say_aloud

DEAF_MS = 500  # what is typed or clicked as the box appears was meant for something else
RINGING_SHOWN_MS = 6000
WIDTH_AT_LEAST = 420
_FROM_TOP = 0.34  # of the screen: lower than the palette that may stand behind


class AskBox(RoundedWindow):
    """Opens by itself when the dialler asks, and answers it. One question at a time: what is asked
    meanwhile is cancelled, and said so. For a wish that no window of ours knows it tells the
    outcome, too.
    """

    def __init__(
        self,
        dialler: Dialler,
        deaf_ms: int = DEAF_MS,
        ringing_shown_ms: int = RINGING_SHOWN_MS,
        parent: QWidget | None = None,
    ) -> None:
        kind = Qt.WindowType.Dialog | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(kind, "card", parent)
        self._dialler = dialler
        self._plan: Plan | None = None  # what is asked about
        self._called: Plan | None = None  # what was said yes to, while its outcome is told here
        self._dropped = 0
        self._icon = Picture(28)
        self._title, self._name = plain_label(role="title", wraps=True), plain_label(wraps=True)
        self._why, self._own = plain_label(wraps=True), plain_label(wraps=True)
        self._source = plain_label(role="muted", wraps=True)
        self._note = plain_label(role="warn", wraps=True)
        self.call = push_button(tr("Call"), "phone", "on_good", kind="call")
        self.cancel = push_button(tr("Cancel"))
        self._deaf = QTimer(self, singleShot=True, interval=deaf_ms)
        self._going = QTimer(self, singleShot=True, interval=ringing_shown_ms)
        self._build()
        self._wire()

    @property
    def said(self) -> str:
        """All that can be read in it."""
        labels = (self._title, self._name, self._why, self._own, self._source, self._note)
        return "\n".join(label.text() for label in labels if not label.isHidden())

    # asking

    def ask(self, plan: Plan) -> None:
        """Put the question, unless another one waits for its answer."""
        if self._plan is not None:
            self._dialler.cancel(plan)
            if plan.reading.key != self._plan.reading.key:
                self._dropped += 1
                self._tell_dropped()
            self.raise_()
            return
        self._plan, self._called, self._dropped = plan, None, 0
        self._going.stop()
        self._show_question(question(plan))
        self._come()

    def speak_again(self) -> None:
        """Say it in the language that is spoken now; the question still waits for its answer."""
        self.setWindowTitle(tr("Call?"))
        self.call.setText(tr("Call"))
        self.cancel.setText(tr("Close"))
        if self._plan is not None:
            self._show_question(question(self._plan))
            if self._dropped:
                self._tell_dropped()
        self.fit()

    def _show_question(self, asked: Question) -> None:
        self._say("phone-call", "accent", asked.title)
        rows = ((self._name, asked.name), (self._why, asked.why), (self._own, asked.own))
        for label, text in (*rows, (self._source, asked.source), (self._note, "")):
            label.setText(text)
            label.setVisible(bool(text))
        give_role(self._why, "warn" if asked.warns else "")
        self.setAccessibleName(asked.title)
        self.setAccessibleDescription(asked.sentence)
        self.call.show()
        self.cancel.setText(tr("Cancel"))

    def _tell_dropped(self) -> None:
        text = ntr(
            "%(n)d more call was asked for meanwhile and not taken.",
            "%(n)d more calls were asked for meanwhile and not taken.",
            self._dropped,
        )
        self._note.setText(text)
        self._note.show()
        self.fit()

    def _come(self) -> None:
        self._allow(False)
        self.fit()
        self.place_above_middle(_FROM_TOP)
        bring(self)
        self._deaf.start()

    def _allow(self, heard: bool) -> None:
        for button in (self.call, self.cancel):
            button.setEnabled(heard)

    def _listen(self) -> None:
        self._allow(True)
        self._chosen_at_first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen_at_first(self) -> QPushButton:
        """What a careless Enter does: a call only where the person clicked on it in our windows."""
        asked_in_window = self._plan is not None and self._plan.source is Source.WINDOW
        return self.call if asked_in_window else self.cancel

    # answering

    def _yes(self) -> None:
        plan, self._plan = self._plan, None
        if plan is None:
            return
        if plan.source is Source.WINDOW:
            self.hide()
        else:
            self._called = plan
        self._dialler.confirm(plan)

    def _no(self) -> None:
        plan, self._plan, self._called = self._plan, None, None
        self.hide()
        if plan is not None:
            self._dialler.cancel(plan)

    # the outcome

    def tell(self, dial: Dial) -> None:
        """How a call goes that this box asked about, or that nobody was asked about."""
        if dial.plan.source is Source.HOTKEY and self._plan is None:
            self._called = dial.plan  # nobody was asked; it is told here all the same
        called = self._called
        if called is None or dial.plan.reading.key != called.reading.key:
            return
        own = words.number(dial.plan.own)
        self._hide_question()
        if dial.stage is Stage.FAILED and dial.trouble is not None:
            self._say("circle-alert", "bad", dial.trouble.title)
            self._own.setText(dial.trouble.message)
        elif dial.stage is Stage.RINGING:
            self._say("phone-call", "good", trouble.ringing(dial.plan.own))
            self._own.setText(tr("To cancel, do not lift it."))
            self._going.start()
        else:
            self._say("phone", "accent", tr("Ringing your phone %(number)s...") % {"number": own})
            self._own.setText("")
        self._show_outcome()

    def refuse(self, error: PhoneError) -> None:
        """What no window of ours asked for, and what cannot be called."""
        if self._plan is not None:
            return  # a question is on the screen
        self._called = None
        self._hide_question()
        self._say("circle-alert", "bad", error.title)
        self._own.setText(error.message)
        self._show_outcome()

    def _hide_question(self) -> None:
        for label in (self._name, self._why, self._source, self._note):
            label.hide()

    def _show_outcome(self) -> None:
        self._own.setVisible(bool(self._own.text()))
        self.call.hide()
        self.cancel.setText(tr("Close"))
        self.cancel.setEnabled(True)
        if not self.isVisible():
            self._come()
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit()
        self.place_above_middle(_FROM_TOP)
        say_aloud(self, self.said)

    def _say(self, icon_name: str, colour: str, title: str) -> None:
        self._icon.show_icon(icon_name, colour)
        self._title.setText(unbroken(title))

    # making

    def _build(self) -> None:
        self.setWindowTitle(tr("Call?"))
        self.setMinimumWidth(WIDTH_AT_LEAST)
        self.column.setContentsMargins(21, 19, 21, 19)
        self.column.setSpacing(16)
        lines = QVBoxLayout()
        lines.setSpacing(4)
        for label in (self._title, self._name, self._why, self._own, self._source, self._note):
            lines.addWidget(label)
        give_role(self._name, "strong")
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(lines, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.call)
        buttons.addWidget(self.cancel)
        self.column.addLayout(head)
        self.column.addLayout(buttons)

    def _wire(self) -> None:
        self.call.clicked.connect(self._yes)
        self.cancel.clicked.connect(self._no)
        self._deaf.timeout.connect(self._listen)
        self._going.timeout.connect(self._no)
        self._dialler.asked.connect(self.ask)
        self._dialler.progressed.connect(self.tell)
        self._dialler.refused_elsewhere.connect(self.refuse)

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the keyboard, Esc is No; nothing counts while deaf."""
        if self._deaf.isActive() or event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            self._no()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.call if self.call.hasFocus() else self.cancel
            focused.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self._no()
