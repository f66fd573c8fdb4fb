"""Settings: which phone of the company is mine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desk_phone.app.account import AccountDesk, AccountState
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.ui import words
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.label import plain_label
from desk_phone.ui.section import SectionFrame, SteadyComboBox

NAME_AT_MOST = 60


class LineSection(SectionFrame):
    """The list only proposes; the button chooses, for a wrong line rings a colleague's phone."""

    def __init__(
        self, account: AccountDesk, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("My line"), parent)
        self._account, self._preferences = account, preferences
        self.numbers = SteadyComboBox()
        self.refresh = tool_button(
            icon_name="refresh-cw", said=tr("Read the company's numbers again")
        )
        self.use = QPushButton(tr("Use this line"))
        self.own_name = QLineEdit(preferences.settings.own_name, maxLength=NAME_AT_MOST)
        self._status = plain_label(role="muted", wraps=True)
        self._build()
        self.numbers.currentIndexChanged.connect(self._allow)
        self.use.clicked.connect(self._choose)
        self.refresh.clicked.connect(account.refresh_numbers)
        self.own_name.editingFinished.connect(self._keep_name)
        account.numbers_changed.connect(self._fill)
        account.changed.connect(self._account_changed)
        preferences.changed.connect(self._settings_changed)
        self._fill()

    def focus_first(self) -> None:
        self.numbers.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def status(self) -> str:
        return self._status.text()

    def _build(self) -> None:
        self.add_sentence(
            tr(
                "Choose the number of the phone on your own desk: it rings first when you call. A "
                "wrong choice rings a colleague's phone."
            )
        )
        self.add_field(tr("Number of my desk phone"), self.numbers)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.numbers, 1)
        row.addWidget(self.use)
        row.addWidget(self.refresh)
        self.column.addLayout(row)
        self.column.addWidget(self._status)
        self.add_field(tr("My name"), self.own_name)
        self.column.addWidget(self.own_name)
        self.add_sentence(tr("Only shown in this program, beside your number."), "small")

    def _fill(self) -> None:
        own = self._preferences.settings.own_number
        keys = list(self._account.numbers)
        if own and own not in keys:
            keys.insert(0, own)
        proposed = self.numbers.currentData() if self.numbers.currentIndex() >= 0 else own
        self.numbers.blockSignals(True)
        self.numbers.clear()
        for key in keys:
            self.numbers.addItem(words.number(key), key)
        self.numbers.setPlaceholderText(tr("not chosen yet") if keys else tr("no numbers yet"))
        self.numbers.setCurrentIndex(self.numbers.findData(proposed or own))
        self.numbers.blockSignals(False)
        self._allow()

    def _allow(self) -> None:
        own, proposed = self._preferences.settings.own_number, self.numbers.currentData()
        self.numbers.setEnabled(self.numbers.count() > 0)
        self.use.setEnabled(bool(proposed) and proposed != own)
        state = self._account.state
        self.refresh.setEnabled(state.password_known and not state.busy)
        if not self._account.numbers and not state.password_known:
            text = tr("The company's numbers appear here once the password works.")
        elif not own:
            text = tr("No line is chosen yet.")
        else:
            text = tr("Your line is %(number)s.") % {"number": words.number(own)}
        self._status.setText(text)

    def _choose(self) -> None:
        key = self.numbers.currentData()
        if key:
            self._account.choose_line(key)

    def _keep_name(self) -> None:
        name = words.plain(self.own_name.text(), NAME_AT_MOST)
        if name != self._preferences.settings.own_name:
            self._preferences.change(own_name=name)

    def _account_changed(self, state: AccountState) -> None:
        self._allow()

    def _settings_changed(self, settings: Settings) -> None:
        if not self.own_name.hasFocus():
            self.own_name.setText(settings.own_name)
        self._fill()
