"""The own display name: here at once, and on the company's phones once it is sent."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desk_phone.app.account import AccountDesk
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.model.names import odd_letters, wire_name
from desk_phone.model.text import clean
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.phonebook.draft import spelling_hint
from desk_phone.ui.speech import say_aloud

NAME_AT_MOST = 60  # characters, of each of the two


class OwnNameFields(QWidget):
    """What is typed is kept for this program when a field is left; the button sends it."""

    def __init__(
        self, account: AccountDesk, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._account, self._preferences = account, preferences
        self.first, self.last = (QLineEdit(maxLength=NAME_AT_MOST) for _ in range(2))
        self.send = push_button(tr("Send to the phones"))
        self._preview = plain_label(wraps=True)
        self._hint = plain_label(role="small", wraps=True)
        self._outcome = plain_label(role="muted", wraps=True)
        self._build()
        self._wire()
        self.show_settings()

    @property
    def preview(self) -> str:
        return self._preview.text()

    @property
    def hint(self) -> str:
        return self._hint.text()

    @property
    def outcome(self) -> str:
        return self._outcome.text()

    def show_settings(self) -> None:
        """What is kept, unless the same or something new stands there already."""
        own_name = self._preferences.settings.own_name
        if clean(self._typed) != own_name and not (self.first.hasFocus() or self.last.hasFocus()):
            first, _, last = own_name.rpartition(" ")
            self.first.setText(first or last)
            self.last.setText(last if first else "")
        self._look()

    # making

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        fields = ((tr("My first name"), self.first), (tr("My last name"), self.last))
        for at, (text, field) in enumerate(fields):
            label = plain_label(text)
            label.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(label, 0, at)
            grid.addWidget(field, 1, at)
        row = QHBoxLayout()
        row.addWidget(self.send)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(grid)
        for label in (self._hint, self._preview):
            column.addWidget(label)
        column.addLayout(row)
        column.addWidget(self._outcome)

    def _wire(self) -> None:
        for field in (self.first, self.last):
            field.textChanged.connect(self._change)
            field.editingFinished.connect(self._keep)
        self.send.clicked.connect(self._send)
        self._account.changed.connect(self._look)
        self._account.line_name.changed.connect(self._tell)

    # what a person does

    @property
    def _typed(self) -> str:
        return f"{self.first.text()} {self.last.text()}"

    @property
    def _on_the_wire(self) -> tuple[str, str]:
        return wire_name(self.first.text()).text, wire_name(self.last.text()).text

    def _change(self) -> None:
        self._say("")
        self._look()

    def _keep(self) -> None:
        name = clean(self._typed)
        if name != self._preferences.settings.own_name:
            self._preferences.change(own_name=name)

    def _send(self) -> None:
        self._keep()
        self._account.line_name.send(*self._on_the_wire)

    # what is shown

    def _look(self) -> None:
        first, last = self._on_the_wire
        whole = clean(f"{first} {last}")
        is_odd = bool(odd_letters(clean(self._typed)))
        self._hint.setText(spelling_hint(wire_name(self._typed)) if is_odd else "")
        self._hint.setVisible(is_odd)
        self._preview.setText(tr("Phones show: %(name)s") % {"name": whole} if whole else "")
        self._preview.setVisible(bool(whole))
        state, naming = self._account.state, self._account.line_name.state
        line = bool(self._preferences.settings.own_number)
        ready = line and state.password_known and not naming.busy
        self.send.setEnabled(bool(first and last) and ready)

    def _tell(self) -> None:
        naming = self._account.line_name.state
        self._look()
        if naming.busy:
            self._say(tr("Sending..."))
        elif naming.trouble is not None:
            self._say(str(naming.trouble), "bad")
        elif naming.sent:
            number = words.number(self._preferences.settings.own_number)
            named = {"number": number, "name": naming.sent}
            self._say(tr("%(number)s is now called %(name)s.") % named, "good")

    def _say(self, text: str, role: str = "muted") -> None:
        self._outcome.setText(text)
        self._outcome.setVisible(bool(text))
        give_role(self._outcome, role)
        say_aloud(self, text)
