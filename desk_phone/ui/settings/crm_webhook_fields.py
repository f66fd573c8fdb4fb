"""Settings: the webhook that is told of calls, its secret, and what waits for it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desk_phone.app.crm import Crm, CrmState
from desk_phone.app.crm_acts import check_webhook
from desk_phone.app.preferences import Preferences
from desk_phone.errors import PhoneError
from desk_phone.i18n import ntr, tr
from desk_phone.model.secret import Secret
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.settings.section import SectionFrame


class WebhookFields(QWidget):
    """The secret goes to the controller and stays in no widget."""

    def __init__(self, preferences: Preferences, crm: Crm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences, self._crm = preferences, crm
        self.address = QLineEdit(
            preferences.settings.crm_webhook, placeholderText="https://crm.example/hooks/calls"
        )
        self.secret = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.keep = QPushButton(tr("Keep"))
        self.forget = QPushButton(tr("Forget"))
        self.test = QPushButton(tr("Send a test event"))
        self._problem = plain_label(role="bad", wraps=True)
        self._tested = plain_label(role="muted", wraps=True)
        self._queue = plain_label(role="small", wraps=True)
        self._build()
        self._wire()
        self._show()

    @property
    def problem(self) -> str:
        return self._problem.text()

    @property
    def tested(self) -> str:
        return self._tested.text()

    @property
    def queue(self) -> str:
        return self._queue.text()

    def _build(self) -> None:
        frame = SectionFrame("")
        column = frame.column
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        frame.add_field(tr("Webhook"), self.address)
        column.addWidget(self.address)
        column.addWidget(self._problem)
        frame.add_sentence(
            tr("Each call that rings, is answered, missed or over is sent there, with its note."),
            "small",
        )
        frame.add_field(tr("Secret that signs it"), self.secret)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.secret, 1)
        row.addWidget(self.keep)
        row.addWidget(self.forget)
        column.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self.test)
        below.addStretch(1)
        column.addSpacing(4)
        column.addLayout(below)
        column.addWidget(self._tested)
        column.addWidget(self._queue)
        self._problem.hide()
        self._tested.hide()

    def _wire(self) -> None:
        self.address.editingFinished.connect(self._keep_address)
        self.secret.textChanged.connect(self._allow)
        self.secret.returnPressed.connect(self._keep_secret)
        self.keep.clicked.connect(self._keep_secret)
        self.forget.clicked.connect(lambda: self._crm.keep_secret(Secret("")))
        self.test.clicked.connect(self._test)
        self._crm.tested.connect(self._tell_tested)
        self._crm.changed.connect(self._show)
        self._preferences.changed.connect(self._show)

    def _keep_address(self) -> None:
        address = self.address.text().strip()
        problem = _problem(address)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if not problem and address != self._preferences.settings.crm_webhook:
            self._preferences.change(crm_webhook=address)

    def _keep_secret(self) -> None:
        if self.secret.text():
            self._crm.keep_secret(Secret(self.secret.text()))
            self.secret.clear()

    def _test(self) -> None:
        self.test.setEnabled(False)
        self._tell(tr("Sending..."), "muted")
        self._crm.test()

    def _tell_tested(self, outcome: int | PhoneError) -> None:
        self._allow()
        if isinstance(outcome, PhoneError):
            self._tell(f"{outcome.title}\n{outcome.message}".strip(), "bad")
        else:
            self._tell(tr("It was taken (HTTP %(status)d).") % {"status": outcome}, "muted")

    def _tell(self, text: str, role: str) -> None:
        self._tested.setText(text)
        self._tested.setVisible(bool(text))
        give_role(self._tested, role)

    def _allow(self) -> None:
        settings = self._preferences.settings
        self.test.setEnabled(bool(settings.crm_webhook))
        self.secret.setPlaceholderText(
            tr("kept; type to replace it") if settings.crm_signed else tr("none: it is not signed")
        )
        self.keep.setEnabled(bool(self.secret.text()))
        self.forget.setEnabled(settings.crm_signed)

    def _show(self) -> None:
        address = self._preferences.settings.crm_webhook
        if not self.address.hasFocus() and not self.problem:
            self.address.setText(address)
        said = _queue_words(self._crm.state) if address else ""
        self._queue.setText(said)
        self._queue.setVisible(bool(said))
        self._allow()


def _problem(address: str) -> str:
    try:
        if address:
            check_webhook(address)
    except PhoneError as error:
        return f"{error.title}. {error.message}"
    return ""


def _queue_words(state: CrmState) -> str:
    waiting = ntr("%(n)d event waits.", "%(n)d events wait.", state.waiting)
    said = [waiting if state.waiting else tr("Nothing waits.")]
    if state.losses.all:
        lost = ntr("%(n)d was given up.", "%(n)d were given up.", state.losses.all)
        said.append(lost)
    if state.trouble is not None:
        said.append(tr("Last trouble: %(trouble)s.") % {"trouble": state.trouble.title})
    return " ".join(said)
