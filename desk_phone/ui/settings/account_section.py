"""Settings: the account. The password goes to the controller and stays in no widget."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.account import AccountDesk, AccountState
from desk_phone.app.preferences import Preferences
from desk_phone.app.relay import RelayDesk
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.settings import SERVICE_URL
from desk_phone.ui.buttons import show_chosen, tool_button, when_chosen
from desk_phone.ui.icons import icon
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.settings.address_fields import AddressFields
from desk_phone.ui.settings.relay_fields import RelayFields
from desk_phone.ui.settings.section import SectionFrame


class AccountSection(SectionFrame):
    """Two ways to the company: its password, or a code of the relay's administrator."""

    def __init__(
        self,
        account: AccountDesk,
        preferences: Preferences,
        relay: RelayDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Account"), parent)
        self._account, self._preferences, self._relay = account, preferences, relay
        self.by_password = QRadioButton(tr("I have the company's password"))
        self.by_code = QRadioButton(tr("I have a code from my administrator"))
        self.relay = RelayFields(relay, preferences)
        self._ways, self._password_way = QWidget(), SectionFrame("")
        self._was_busy = False
        self.user = QLineEdit(account.state.user, placeholderText="P0000000@elion.ee")
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self._eye = tool_button(icon_name="eye", checkable=True, said=tr("Show the password"))
        self.test = QPushButton(tr("Save and test"))
        self.forget = QPushButton(tr("Forget the password"))
        self._status = plain_label(wraps=True)
        self._advanced = tool_button(tr("More"), "chevron-down", checkable=True)
        self._advanced_box = AddressFields(preferences)
        self._build()
        self._wire()
        self._show(account.state)
        self._choose_way(self._usual_way())
        more = self._advanced_box
        self.lock(
            preferences,
            user=self.user,
            service_url=more.service,
            proxy=more.proxy,
            relay_url=self.relay.address,
        )

    def focus_first(self) -> None:
        """Put the cursor where something is missing."""
        if self.by_code.isChecked():
            self.relay.focus_first()
            return
        field = self.password if self.user.text() else self.user
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def status(self) -> str:
        """Of now, also for whoever hears of it before this is shown anew."""
        return self.relay.status if self.by_code.isChecked() else _status(self._account.state)

    @property
    def busy(self) -> bool:
        return self._account.state.busy or self._relay.state.busy

    @property
    def trouble(self) -> PhoneError | None:
        """Why the way that is chosen does not work."""
        way = self._relay if self.by_code.isChecked() else self._account
        return way.state.trouble

    @property
    def can_try(self) -> bool:
        """Whether there is something to ask the service, or the relay, with."""
        return self.relay.can_try if self.by_code.isChecked() else self.test.isEnabled()

    def forget_typed(self) -> None:
        """No password and no code stays in a window that nobody looks at."""
        self.password.clear()
        self.relay.code.clear()

    def _usual_way(self) -> QRadioButton:
        """An administrator who named a relay gives codes out, too."""
        settings = self._preferences.settings
        by_code = settings.relayed or (settings.relay_url and not settings.user)
        return self.by_code if by_code else self.by_password

    def _choose_way(self, way: QRadioButton) -> None:
        show_chosen(way)
        self._show_way()

    def _show_way(self) -> None:
        by_code = self.by_code.isChecked()
        self.relay.setVisible(by_code)
        self._password_way.setVisible(not by_code)
        self._advanced_box.show_service(not by_code)
        self._ways.setVisible(not self._relay.state.enrolled)

    def _build(self) -> None:
        ways = QVBoxLayout(self._ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(4)
        for choice in (self.by_password, self.by_code):
            ways.addWidget(choice)
        way = self._password_way
        way.setProperty("role", "")
        way.column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._ways, way, self.relay):
            self.column.addWidget(widget)
        way.add_sentence(
            tr(
                "This password can ring any phone of the company, read every call log and change "
                "the phonebook."
            )
        )
        way.add_field(tr("User name"), self.user)
        way.column.addWidget(self.user)
        way.add_field(tr("Password"), self.password)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.password, 1)
        row.addWidget(self._eye)
        way.column.addLayout(row)
        self._build_buttons(way)

    def _build_buttons(self, way: SectionFrame) -> None:
        self.test.setProperty("kind", "primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.test, self.forget):
            buttons.addWidget(button)
        buttons.addStretch(1)
        way.column.addSpacing(4)
        way.column.addLayout(buttons)
        way.column.addWidget(self._status)
        self.column.addWidget(self._advanced, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._advanced_box)
        usual = self._preferences.settings.service_url == SERVICE_URL
        self._advanced.setChecked(not usual or bool(self._preferences.settings.proxy))
        self._advanced_box.setVisible(self._advanced.isChecked())

    def _wire(self) -> None:
        self._eye.toggled.connect(self._show_password)
        self._advanced.toggled.connect(self._advanced_box.setVisible)
        self.test.clicked.connect(self.try_it)
        self.password.returnPressed.connect(self.try_it)
        self.user.returnPressed.connect(self.password.setFocus)
        self.user.textChanged.connect(self._allow)
        self.password.textChanged.connect(self._allow)
        self.forget.clicked.connect(self._account.forget)
        self._account.changed.connect(self._show)
        for choice in (self.by_password, self.by_code):
            when_chosen(choice, self._show_way)
        self._relay.changed.connect(self._relay_changed)

    def _show_password(self, shown: bool) -> None:
        modes = QLineEdit.EchoMode
        self.password.setEchoMode(modes.Normal if shown else modes.Password)
        self._eye.setIcon(icon("eye-off" if shown else "eye"))

    def _allow(self) -> None:
        typed = bool(self.user.text().strip() and self.password.text())
        again = self._can_try_again()
        self.test.setText(tr("Try again") if again else tr("Save and test"))
        self.test.setEnabled((typed or again) and not self._account.state.busy)

    def _can_try_again(self) -> bool:
        """Whether the button asks once more with the password there is, such as a refused one."""
        state = self._account.state
        same_user = self.user.text().strip() == state.user
        in_trouble = state.password_known and state.trouble is not None
        return in_trouble and same_user and not self.password.text()

    def try_it(self) -> None:
        """Ask the service with what stands here, where there is something to ask with."""
        if self.by_code.isChecked():
            self.relay.try_it()
            return
        if not self.test.isEnabled():
            return
        if self._can_try_again():
            self._account.try_again()
        else:
            self._account.enter(self.user.text().strip(), Secret(self.password.text()))

    def _relay_changed(self) -> None:
        if self._relay.state.enrolled:
            self._choose_way(self.by_code)
        self._show_way()

    def _show(self, state: AccountState) -> None:
        if state.user and not self.user.isModified():
            self.user.setText(state.user)
        if self._was_busy and not state.busy and state.password_known and state.trouble is None:
            self.password.clear()
            self._eye.setChecked(False)
        self._was_busy = state.busy
        known = state.password_known and not state.trouble
        self.password.setPlaceholderText(tr("kept; type to replace it") if known else "")
        self.forget.setEnabled(state.password_known and not state.busy)
        self._status.setText(_status(state))
        self._status.setVisible(bool(self._status.text()))
        give_role(self._status, "bad" if state.trouble and not state.busy else "muted")
        self._allow()


def _status(state: AccountState) -> str:
    if state.busy:
        return tr("Asking the phone service...")
    if state.trouble is not None:
        return f"{state.trouble.title}\n{state.trouble.message}".strip()
    if not state.password_known:
        return ""
    if not state.stored:
        return tr(
            "The password works. This computer has no keyring to keep it in, so it stays in memory "
            "and is asked for at each start."
        )
    return tr("The password is kept in the system's keyring.")
