"""Settings: notices, which tell of a call while it still rings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desk_phone.app.commands.notices import warning
from desk_phone.app.notices import NoticeDesk
from desk_phone.app.notices_address import public_problem
from desk_phone.app.preferences import Preferences
from desk_phone.app.relay import RelayDesk
from desk_phone.i18n import tr
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.choices import wrapped
from desk_phone.ui.label import give_role, plain_label
from desk_phone.ui.settings import notices_words as said
from desk_phone.ui.settings.notices_fields import NoticesFields
from desk_phone.ui.settings.relay_notices import RelayNotices
from desk_phone.ui.settings.section import SectionFrame


class NoticesSection(SectionFrame):
    def __init__(
        self,
        notices: NoticeDesk,
        preferences: Preferences,
        now: Callable[[], datetime],
        relay: RelayDesk,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Notices"), parent)
        self._notices, self._preferences, self._now = notices, preferences, now
        self.relay, self._door = RelayNotices(relay, now), SectionFrame("")
        self.on = wrapped(QCheckBox(tr("Listen for notices")))
        self.url = QLineEdit(placeholderText="https://notices.company.example/desk-phone")
        self.whole = QLineEdit(readOnly=True)
        self.copy = tool_button(tr("Copy"), "copy")
        self.tell = QPushButton(tr("Tell the service"))
        self.take_back = QPushButton(tr("Take it back"))
        self.test = QPushButton(tr("Test"))
        self.yes, self.no = QPushButton(tr("Replace it")), QPushButton(tr("Cancel"))
        self.renew = QPushButton(tr("New secret"))
        self._asking = QWidget()
        self._advanced = tool_button(tr("Advanced"), "chevron-down", checkable=True)
        self.fields = NoticesFields(preferences)
        self._build()
        self._wire()
        self._show()
        fields = self.fields
        self.lock(
            preferences,
            notices_on=self.on,
            notices_url=self.url,
            notices_address=fields.address,
            notices_port=fields.port,
            notices_proxies=fields.proxies,
            notices_callers=fields.callers,
            relay_notices=self.relay.on,
        )

    def focus_first(self) -> None:
        first = self.on if self.relay.isHidden() else self.relay.on
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def status(self) -> str:
        """All that is said, a line each."""
        labels = (self._listening, self._service, self._trouble, self._trial, self._last)
        return "\n".join(label.text() for label in labels if label.text())

    @property
    def asks(self) -> str:
        """The question that waits for a person; empty for none."""
        return "" if self._asking.isHidden() else self._warning.text()

    # building

    def _build(self) -> None:
        door = self._door
        door.setProperty("role", "")
        door.column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.relay, door):
            self.column.addWidget(widget)
        self._door.add_sentence(
            tr(
                "The phone service can tell of a call while it rings. For that it needs an address "
                "on the internet that leads to this computer: your IT person knows how."
            )
        )
        self._door.column.addWidget(self.on)
        self._listening = self._door.add_sentence("", "small")
        self._door.add_field(tr("Public address"), self.url)
        self._door.column.addWidget(self.url)
        self._problem = plain_label(role="bad", wraps=True)
        self._door.column.addWidget(self._problem)
        self._door.add_field(tr("What the service calls, with the secret"), self.whole)
        self._door.column.addLayout(_row(self.whole, self.copy))
        self._service = self._door.add_sentence("")
        self._door.column.addLayout(_row(self.tell, self.take_back, self.test, stretch=True))
        self._build_question()
        self._trouble = plain_label(role="bad", wraps=True)
        self._trial = plain_label(wraps=True)
        for label in (self._trouble, self._trial):
            self._door.column.addWidget(label)
        self._last = self._door.add_sentence("", "small")
        self._build_advanced()

    def _build_question(self) -> None:
        frame = SectionFrame("")
        self._warning = frame.add_sentence("", "")
        frame.column.addLayout(_row(self.yes, self.no, stretch=True))
        outer = QHBoxLayout(self._asking)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._door.column.addWidget(self._asking)
        self._asking.hide()

    def _build_advanced(self) -> None:
        self._door.column.addWidget(self._advanced, 0, Qt.AlignmentFlag.AlignLeft)
        self._door.column.addWidget(self.fields)
        self._door.column.addLayout(_row(self.renew, stretch=True))
        self.fields.hide()
        self.renew.hide()

    def _wire(self) -> None:
        change = self._preferences.change
        self.on.clicked.connect(lambda on: change(notices_on=on))
        self.url.editingFinished.connect(self._keep_url)
        self.copy.clicked.connect(self._copy)
        self.tell.clicked.connect(self._ask)
        self.yes.clicked.connect(self._activate)
        self.no.clicked.connect(self._asking.hide)
        self.take_back.clicked.connect(self._notices.deactivate)
        self.test.clicked.connect(self._test)
        self.renew.clicked.connect(self._notices.renew_secret)
        self._advanced.toggled.connect(self.fields.setVisible)
        self._advanced.toggled.connect(self.renew.setVisible)
        self._notices.changed.connect(self._show)
        self._preferences.changed.connect(self._show)

    # what a person does

    def _keep_url(self) -> None:
        url = self.url.text().strip()
        problem = public_problem(url) if url else ""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if not problem:
            self._preferences.change(notices_url=url)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.whole.text())

    def _ask(self) -> None:
        """Nothing is told before a person has read what may be lost."""
        self._warning.setText(warning(self._preferences.settings.own_number))
        self._asking.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _activate(self) -> None:
        self._asking.hide()
        self._notices.activate()

    def _test(self) -> None:
        if self._notices.state.trial.under_way:
            self._notices.trial.stop()
        else:
            self._notices.test()

    # what is shown

    def _show(self) -> None:
        state, now = self._notices.state, self._now()
        relayed = self._preferences.settings.relayed
        self.relay.setVisible(relayed)
        self._door.setVisible(not relayed or state.on)  # else nobody needs an address here
        self.on.setChecked(state.on)
        if not self.url.hasFocus():
            self.url.setText(self._preferences.settings.notices_url)
            self._problem.hide()
        self.whole.setText(state.url)
        self.whole.setCursorPosition(0)
        self.copy.setEnabled(bool(state.url))
        line = bool(self._preferences.settings.own_number)
        self.tell.setEnabled(state.on and bool(state.url) and line and not state.busy)
        self.take_back.setEnabled(bool(state.active) and not state.busy)
        self.test.setEnabled(state.on)
        self.test.setText(tr("Stop the test") if state.trial.under_way else tr("Test"))
        self.renew.setEnabled(not state.busy)
        self._listening.setText(said.listening(state))
        self._service.setText(said.service(state, now))
        give_role(self._service, "bad" if state.outdated and not state.busy else "muted")
        _put(self._trouble, said.trouble(state))
        _put(self._trial, said.trial(state.trial, now))
        last = (said.event(state.last_event, now), said.refused(state.last_refused, now))
        self._last.setText("\n".join(last))


def _put(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _row(*widgets: QWidget, stretch: bool = False) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QLineEdit) else 0)
    if stretch:
        row.addStretch(1)
    return row
