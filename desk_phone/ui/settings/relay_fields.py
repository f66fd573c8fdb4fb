"""The company's relay on the account page: joined with a code, looked at, left."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.app.relay import RelayDesk
from desk_phone.app.relay_state import RelayState
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.settings import relay_words as said
from desk_phone.ui.settings.section import SectionFrame


class RelayFields(SectionFrame):
    """No frame of its own is seen: it lies in the account's section."""

    def __init__(
        self, relay: RelayDesk, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.setProperty("role", "")
        self.column.setContentsMargins(0, 0, 0, 0)
        self._relay, self._fixed_address = relay, "relay_url" in preferences.locked
        self.address = QLineEdit(placeholderText="https://relay.company.example")
        self.code = QLineEdit()
        self.enrol = QPushButton(tr("Enrol"))
        self.again = QPushButton(tr("Try again"))
        self.keep = QPushButton(tr("Keep it now"))
        self.leave = QPushButton(tr("Leave the relay"))
        self.yes, self.no = QPushButton(tr("Leave the relay")), QPushButton(tr("Cancel"))
        self._status = plain_label(wraps=True)
        self._asking = SectionFrame("")
        self._was_busy = False
        self._build()
        self._wire()
        self.show_state()

    def focus_first(self) -> None:
        """Put the cursor where something is missing."""
        state = self._relay.state
        field = self.code if self.address.text() or self._fixed_address else self.address
        if state.enrolled:
            field = self.code
        first = field if _takes_code(state) else self.leave
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def status(self) -> str:
        return self._status.text()

    @property
    def asks(self) -> str:
        """The question that waits for a person; empty for none."""
        return "" if self._asking.isHidden() else self._question.text()

    @property
    def can_try(self) -> bool:
        """Whether there is a code to be used."""
        typed = bool(self.address.text().strip() and self.code.text().strip())
        state = self._relay.state
        return typed and not state.busy and _takes_code(state)

    def try_it(self) -> None:
        """Use the code that stands here, if there is one."""
        if self.can_try:
            self._relay.enrol(self.address.text(), Secret(self.code.text()))

    # making

    def _build(self) -> None:
        self._sentence = self.add_sentence(
            tr(
                "Your administrator's relay keeps the password. With a code from there this "
                "computer gets a place of its own."
            )
        )
        self._enrolled = self.add_sentence("", "")
        self._address_label = self.add_field(tr("Address of the relay"), self.address)
        self.column.addWidget(self.address)
        self._code_label = self.add_field(tr("Code"), self.code)
        self.column.addWidget(self.code)
        self.enrol.setProperty("kind", "primary")
        self.column.addLayout(_row(self.enrol, self.again, self.keep, self.leave))
        self._question = self._asking.add_sentence(
            tr("Whoever leaves needs a new code to come back, or the company's password."), ""
        )
        self._asking.column.addLayout(_row(self.yes, self.no))
        self.column.addWidget(self._asking)
        self._asking.hide()
        self.column.addWidget(self._status)

    def _wire(self) -> None:
        self.address.returnPressed.connect(self.code.setFocus)
        self.code.returnPressed.connect(self.try_it)
        for field in (self.address, self.code):
            field.textChanged.connect(self._allow)
        self.enrol.clicked.connect(self.try_it)
        self.again.clicked.connect(self._relay.try_again)
        self.keep.clicked.connect(self._relay.keep_again)
        self.leave.clicked.connect(self._ask)
        self.yes.clicked.connect(self._leave)
        self.no.clicked.connect(self._asking.hide)
        self._relay.changed.connect(self.show_state)

    # what a person does

    def _ask(self) -> None:
        self._asking.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self._asking.hide()
        self._relay.leave()

    # what is shown

    def show_state(self) -> None:
        state = self._relay.state
        enrolled = state.enrolled
        if not self.address.isModified() or enrolled:
            self.address.setText(state.url)
        if self._was_busy and not state.busy and enrolled and not state.refused:
            self.code.clear()
        self._was_busy = state.busy
        for widget in (self._sentence, self._address_label, self.address):
            widget.setHidden(enrolled)
        for asked in (self._code_label, self.code, self.enrol):
            asked.setVisible(_takes_code(state))
        self.again.setVisible(enrolled and state.refused and not state.busy)
        self._enrolled.setText(said.enrolled(state) if enrolled else "")
        self._enrolled.setVisible(enrolled)
        self.leave.setVisible(enrolled)
        self.leave.setEnabled(not state.busy)
        self.keep.setVisible(enrolled and not state.stored and not state.busy)
        if not enrolled:
            self._asking.hide()
        self._show_status(state)
        self._allow()

    def _show_status(self, state: RelayState) -> None:
        self._status.setText(said.status(state))
        self._status.setVisible(bool(self._status.text()))
        give_role(self._status, "bad" if state.trouble and not state.busy else "muted")

    def _allow(self) -> None:
        self.enrol.setEnabled(self.can_try)


def _takes_code(state: RelayState) -> bool:
    return not state.enrolled or state.refused


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
