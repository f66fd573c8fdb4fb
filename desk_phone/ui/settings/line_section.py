"""Settings: which phone of the company is mine, and what others see when it calls."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desk_phone.app.account import AccountDesk
from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.ui import words
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.own_name_fields import OwnNameFields
from desk_phone.ui.settings.section import SectionFrame, SteadyComboBox

_NAME_AT_MOST = 40  # characters of a name in the list


class LineSection(SectionFrame):
    """The list only proposes; the button chooses, for a wrong line rings a colleague's phone.

    ``name_of`` tells what a canonical number is called; empty where nobody knows.
    """

    def __init__(
        self,
        account: AccountDesk,
        preferences: Preferences,
        name_of: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("My line"), parent)
        self._account, self._preferences = account, preferences
        self._name_of = name_of
        self.numbers = SteadyComboBox()
        self.refresh = tool_button(
            icon_name="refresh-cw", said=tr("Read the company's numbers again")
        )
        self.use = QPushButton(tr("Use this line"))
        self.own_name = OwnNameFields(account, preferences)
        self._status = plain_label(role="muted", wraps=True)
        self._build()
        self.numbers.currentIndexChanged.connect(self._allow)
        self.use.clicked.connect(self.choose)
        self.refresh.clicked.connect(account.refresh_numbers)
        account.numbers_changed.connect(self._fill)
        account.changed.connect(self._fill)
        preferences.changed.connect(self._settings_changed)
        self._fill()
        name = self.own_name
        self.lock(preferences, own_number=(self.numbers, self.use))
        self.lock(preferences, own_name=(self.name_label, name.first, name.last, name.send))

    def focus_first(self) -> None:
        self.numbers.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def status(self) -> str:
        return self._status.text()

    @property
    def proposed(self) -> str:
        """The canonical number that the list shows; empty for none."""
        return str(self.numbers.currentData() or "")

    def choose(self) -> None:
        """Make the proposed line the own one."""
        if self.proposed:
            self._account.choose_line(self.proposed)

    def _build(self) -> None:
        self.add_sentence(
            tr(
                "Choose the number of the phone on your own desk: it rings first when you call. A "
                "wrong choice rings a colleague's phone."
            )
        )
        self.add_field(tr("Number of my desk phone"), self.numbers)
        self.numbers.setMinimumContentsLength(16)  # a long name is cut rather than the page
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.numbers, 1)
        row.addWidget(self.use)
        row.addWidget(self.refresh)
        self.column.addLayout(row)
        self.column.addWidget(self._status)
        self.column.addSpacing(8)
        self.name_label = plain_label(tr("My name"), "strong")
        self.column.addWidget(self.name_label)
        self.name_sentence = self.add_sentence(
            tr(
                "Shown in this program beside your number. Sent, it is also what the company's "
                "phones show when you call."
            ),
            "small",
        )
        self.column.addWidget(self.own_name)

    def _fill(self) -> None:
        own = self._preferences.settings.own_number
        keys = list(self._account.lines)
        if own and own not in keys:
            keys.insert(0, own)
        proposed = self.proposed or own
        self.numbers.blockSignals(True)
        self.numbers.clear()
        for key in keys:
            name = words.plain(self._name_of(key), _NAME_AT_MOST)
            self.numbers.addItem(" · ".join(filter(None, (words.number(key), name))), key)
        self.numbers.setPlaceholderText(tr("not chosen yet") if keys else tr("no numbers yet"))
        self.numbers.setCurrentIndex(self.numbers.findData(proposed))
        self.numbers.blockSignals(False)
        self._allow()

    def _allow(self) -> None:
        own, state = self._preferences.settings.own_number, self._account.state
        self.numbers.setEnabled(self.numbers.count() > 0)
        self.use.setEnabled(bool(self.proposed) and self.proposed != own)
        self.refresh.setEnabled(state.password_known and not state.busy)
        self._status.setText(self._said())
        self._status.setVisible(bool(self.status))

    def _said(self) -> str:
        own, state = self._preferences.settings.own_number, self._account.state
        if own:
            return tr("Your line is %(number)s.") % {"number": words.number(own)}
        if self._account.lines:  # one that is shown in the list is about to be chosen
            return "" if self.proposed else tr("No line is chosen yet.")
        if state.busy:
            return tr("Asking the phone service...")
        if not state.password_known:
            return tr("The company's numbers appear here once the password works.")
        return str(state.trouble or tr("No line is chosen yet."))

    def _settings_changed(self) -> None:
        self.own_name.show_settings()
        self._fill()
