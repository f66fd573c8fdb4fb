"""The left side of the main window: Call..., the pages, and how the line stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desk_phone.app.account import AccountState
from desk_phone.i18n import tr
from desk_phone.model.line import LineState, Link
from desk_phone.settings import Settings
from desk_phone.ui import words
from desk_phone.ui.buttons import OneOf, push_button, tool_button
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.label import plain_label
from desk_phone.ui.sign import StateDot, sign, state_words

WIDTH_AT_LEAST = 216


class Page(StrEnum):
    CALLS = "calls"
    PHONEBOOK = "phonebook"
    COMPANY = "company"
    SETTINGS = "settings"


class SidePanel(QFrame):
    call_pressed = Signal()
    page_chosen = Signal(object)  # Page

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "nav")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        self._pages: dict[Page, QToolButton] = {}
        self._dot = StateDot()
        self._name = ElidedLabel()
        self._state = plain_label(role="muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 12, 16)
        column.setSpacing(5)
        column.addWidget(self._call_button())
        column.addSpacing(8)
        self._group = OneOf(self)
        self._add_page(column, Page.CALLS, "history", tr("Calls"))
        self._add_page(column, Page.PHONEBOOK, "book-user", tr("Phonebook"))
        self._add_page(column, Page.COMPANY, "building-2", tr("Company numbers"))
        self._add_page(column, Page.SETTINGS, "settings", tr("Settings"))
        column.addStretch(1)
        column.addLayout(self._foot())

    def sizeHint(self) -> QSize:
        """As wide as its words, which is the least too: a minimum set by hand would cut them."""
        wanted = super().sizeHint()
        return QSize(max(WIDTH_AT_LEAST, wanted.width()), wanted.height())

    def show_page(self, page: Page) -> None:
        self._group.choose(self._pages[page])

    def show_state(
        self, line: LineState, account: AccountState, settings: Settings, now: datetime
    ) -> None:
        shown_sign = sign(line, settings, now)
        self._dot.show_sign(shown_sign)
        state = state_words(line, account, shown_sign)
        number = words.number(line.own) if line.own else ""
        own_name = words.plain(settings.own_name)
        self._name.setText(own_name or number or tr("My line"))
        shown = (number, state) if own_name or not number else ("", state)
        if line.link is Link.NO_LINE:
            shown = ("", state)
        self._state.setText(" · ".join(part for part in shown if part))

    @property
    def state_text(self) -> str:
        return f"{self._name.text()}\n{self._state.text()}"

    def _call_button(self) -> QPushButton:
        button = push_button(tr("Call..."), "phone", "on_good", kind="call")
        button.setToolTip(tr("Call somebody") + " (Ctrl+K)")
        button.clicked.connect(self.call_pressed)
        return button

    def _add_page(self, column: QVBoxLayout, page: Page, icon_name: str, text: str) -> None:
        button = tool_button(text, icon_name, checkable=True)
        button.setProperty("role", "nav")
        button.setIconSize(QSize(26, 18))
        button.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)
        self._group.add(button)
        button.clicked.connect(lambda: self.page_chosen.emit(page))
        self._pages[page] = button
        column.addWidget(button)

    def _foot(self) -> QHBoxLayout:
        words_column = QVBoxLayout()
        words_column.setSpacing(1)
        words_column.addWidget(self._name)
        words_column.addWidget(self._state)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words_column, 1)
        return row
