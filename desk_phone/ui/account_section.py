"""Settings: the account. The password goes to the controller and stays in no widget."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desk_phone.app.account import AccountDesk, AccountState
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.settings import SERVICE_URL
from desk_phone.ui.addresses import proxy_problem, service_problem
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.icons import icon
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.section import SectionFrame


class AccountSection(SectionFrame):
    def __init__(
        self, account: AccountDesk, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Account"), parent)
        self._account, self._preferences = account, preferences
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
        more = self._advanced_box
        self.lock(preferences, user=self.user, service_url=more.service, proxy=more.proxy)

    def focus_first(self) -> None:
        """Put the cursor where something is missing."""
        field = self.password if self.user.text() else self.user
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        self.add_sentence(
            tr(
                "This password can ring any phone of the company, read every call log and change "
                "the phonebook."
            )
        )
        self.add_field(tr("User name"), self.user)
        self.column.addWidget(self.user)
        self.add_field(tr("Password"), self.password)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.password, 1)
        row.addWidget(self._eye)
        self.column.addLayout(row)
        self._build_buttons()

    def _build_buttons(self) -> None:
        self.test.setProperty("kind", "primary")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.test, self.forget):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addSpacing(4)
        self.column.addLayout(buttons)
        self.column.addWidget(self._status)
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
        if not self.test.isEnabled():
            return
        if self._can_try_again():
            self._account.try_again()
        else:
            self._account.enter(self.user.text().strip(), Secret(self.password.text()))

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


class AddressFields(QWidget):
    """Where the service is, and a proxy on the way; kept as soon as they make sense."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        frame = SectionFrame("")
        column = frame.column
        self.service = QLineEdit(preferences.settings.service_url)
        self.proxy = QLineEdit(
            preferences.settings.proxy, placeholderText=tr("none: straight to the service")
        )
        self._problem = plain_label(role="bad", wraps=True)
        frame.add_field(tr("Service address"), self.service)
        column.addWidget(self.service)
        frame.add_field(tr("Proxy"), self.proxy)
        column.addWidget(self.proxy)
        column.addWidget(self._problem)
        self._problem.hide()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.service.editingFinished.connect(self._keep)
        self.proxy.editingFinished.connect(self._keep)

    @property
    def problem(self) -> str:
        return self._problem.text()

    def _keep(self) -> None:
        service = self.service.text().strip() or SERVICE_URL
        proxy = self.proxy.text().strip()
        problem = service_problem(service) or proxy_problem(proxy)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if problem:
            return
        self.service.setText(service)
        settings = self._preferences.settings
        if (service, proxy) != (settings.service_url, settings.proxy):
            self._preferences.change(service_url=service, proxy=proxy)
