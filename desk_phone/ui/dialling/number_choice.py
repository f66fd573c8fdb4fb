"""Which of several numbers: a list with the keys 1 to 9, from a text that holds more than one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desk_phone.app.dial import Plan
from desk_phone.i18n import ntr, tr
from desk_phone.model.dialing import Verdict
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.front import bring
from desk_phone.ui.label import plain_label
from desk_phone.ui.rounded import RoundedWindow

DEAF_MS = 500  # what is typed as the list appears was meant for something else
WIDTH_AT_LEAST = 420


class NumberChoice(RoundedWindow):
    """Made on first use and kept hidden; a click or a key chooses, Esc closes."""

    chosen = Signal(str)  # the number as it was written

    def __init__(self, deaf_ms: int = DEAF_MS, parent: QWidget | None = None) -> None:
        kind = Qt.WindowType.Dialog | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(kind, "card", parent)
        self.buttons: list[QPushButton] = []
        self._deaf = QTimer(self, singleShot=True, interval=deaf_ms)
        self._deaf.timeout.connect(self._listen)
        self._plans: list[Plan] = []
        self._left_out = 0
        self._title, self._hint = plain_label(role="title"), plain_label(role="muted")
        self._more = plain_label(role="muted", wraps=True)
        self.cancel = push_button("")
        self.cancel.clicked.connect(self.hide)
        self._rows = QVBoxLayout()
        self._build()
        self._say()

    def show_plans(self, plans: list[Plan], more: int = 0) -> None:
        """``plans`` are at most nine, each judged already; ``more`` were left out."""
        self._plans, self._left_out = plans, more
        self._say()
        self._come()

    def speak_again(self) -> None:
        """Say it in the language that is spoken now; the numbers stay, and which is chosen."""
        at = next((at for at, button in enumerate(self.buttons) if button.hasFocus()), -1)
        self._say()
        if 0 <= at < len(self.buttons):
            self.buttons[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        for words_of in (self.setWindowTitle, self.setAccessibleName, self._title.setText):
            words_of(tr("Which number?"))
        self._hint.setText(tr("Press its key, 1 to 9."))
        self.cancel.setText(tr("Cancel"))
        for button in self.buttons:
            self._rows.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(at, plan) for at, plan in enumerate(self._plans, 1)]
        more = self._left_out
        left_out = ntr("%(n)d more number was left out.", "%(n)d more numbers were left out.", more)
        self._more.setText(left_out)
        self._more.setVisible(bool(more))
        self.fit()

    def _button(self, at: int, plan: Plan) -> QPushButton:
        sort = "" if plan.name else words.kind(plan.reading)
        shown = (words.number(plan.reading.key), words.plain(plan.name), sort)
        text = " · ".join(part for part in shown if part)
        button = QPushButton(f"{at}   {text}".replace("&", "&&"))
        button.setProperty("kind", "choice")
        button.setAccessibleName(tr("Call %(number)s") % {"number": text})
        button.setEnabled(plan.decision.verdict is not Verdict.REFUSE)
        button.clicked.connect(partial(self._choose, plan.reading.text))
        self._rows.addWidget(button)
        return button

    def _choose(self, text: str) -> None:
        if not self._deaf.isActive():
            self.hide()
            self.chosen.emit(text)

    def _come(self) -> None:
        self.fit()
        self.place_above_middle()
        bring(self)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._deaf.start()

    def _listen(self) -> None:
        first = next((button for button in self.buttons if button.isEnabled()), self.cancel)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self.setMinimumWidth(WIDTH_AT_LEAST)
        self.column.setContentsMargins(21, 19, 21, 19)
        self.column.setSpacing(12)
        self._rows.setSpacing(6)
        self.column.addWidget(self._title)
        self.column.addWidget(self._hint)
        self.column.addLayout(self._rows)
        self.column.addWidget(self._more)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        self.column.addLayout(foot)

    def _step(self, by: int) -> None:
        """To the next number that can be called, round and round."""
        open_ones = [button for button in self.buttons if button.isEnabled()]
        if open_ones:
            at = next((at for at, button in enumerate(open_ones) if button.hasFocus()), -by)
            open_ones[(at + by) % len(open_ones)].setFocus(Qt.FocusReason.TabFocusReason)

    # Qt's side

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        elif self._deaf.isActive() or event.isAutoRepeat():
            return
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif digit.isascii() and digit.isdigit() and 1 <= int(digit) <= len(self.buttons):
            self.buttons[int(digit) - 1].click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in (*self.buttons, self.cancel):
                if button.hasFocus():
                    button.click()
                    return
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.hide()
