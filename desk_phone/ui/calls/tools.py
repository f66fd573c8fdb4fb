"""What the Calls page offers above its list: the week, saving, printing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desk_phone.app.preferences import Preferences
from desk_phone.i18n import tr
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger
from desk_phone.ui.banner import Banners
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.calls.export import Act, CallsExport
from desk_phone.ui.calls.table import Listed
from desk_phone.ui.calls.week_card import WeekCard
from desk_phone.ui.phonebook.import_reading import Aside
from desk_phone.ui.speech import say_aloud
from desk_phone.ui.trouble import Kind, Message

_EXPORT = "export"


class CallsTools(QWidget):
    """The buttons; ``below`` is what they open, to be put above the list.

    ``listed`` tells which calls are in the list, ``model`` holds them; ``page`` is where they are.
    ``looked`` as of `CallsModel`.
    """

    def __init__(
        self,
        ledger: CallLedger,
        preferences: Preferences,
        aside: Aside,
        listed: Callable[[], Listed],
        looked: Callable[[str], datetime | None],
        model: QAbstractItemModel,
        now: Callable[[], datetime],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._preferences, self._model = preferences, model
        self.week = tool_button(tr("This week"), "chart-column", checkable=True)
        self.export_button = tool_button(icon_name="download", said=tr("Save as CSV"))
        self.paper = tool_button(icon_name="printer", said=tr("Print"))
        self.card = WeekCard(ledger, now)
        self.export = CallsExport(ledger, aside, listed, looked, now, page)
        self.banners = Banners((_EXPORT,))
        self.below = QWidget()
        self._build()
        self._wire(page)
        self._show_week(preferences.settings)
        self._look()

    def look(self) -> None:
        """The calls changed."""
        self.card.look()

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in (self.week, self.export_button, self.paper):
            row.addWidget(button)
        column = QVBoxLayout(self.below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banners)
        column.addWidget(self.card)

    def _wire(self, page: QWidget) -> None:
        self.card.follow_height(page)
        self.card.closed.connect(self._close_week)
        self.week.clicked.connect(self._toggle_week)
        self.export_button.clicked.connect(self.export.ask_where)
        self.paper.clicked.connect(self.export.print_list)
        self.export.said.connect(self._say)
        self.export.busy_changed.connect(self._look)
        self.banners.pressed.connect(lambda _, act: self._press(act))
        self._preferences.changed.connect(self._show_week)
        for changed in (
            self._model.rowsInserted,
            self._model.rowsRemoved,
            self._model.modelReset,
        ):
            changed.connect(self._look)

    def _toggle_week(self) -> None:
        self.card.show_this_week()
        self._preferences.change(week_shown=self.week.isChecked())

    def _close_week(self) -> None:
        self._preferences.change(week_shown=False)
        self.week.setFocus()

    def _show_week(self, settings: Settings) -> None:
        self.week.setChecked(settings.week_shown)
        self.card.setVisible(settings.week_shown)
        self._show_below()

    def _show_below(self) -> None:
        """Nothing in it, and it takes no room either."""
        self.below.setVisible(not (self.card.isHidden() and self.banners.isHidden()))

    def _look(self) -> None:
        may = self._model.rowCount() > 0 and not self.export.busy
        for button in (self.export_button, self.paper):
            button.setEnabled(may)

    def _say(self, message: Message | None) -> None:
        self.banners.put(_EXPORT, message)
        self._show_below()
        if message is not None and (message.act == Act.CLOSE or message.kind is Kind.BAD):
            say_aloud(self, f"{message.title} {message.text}")

    def _press(self, act: StrEnum) -> None:
        if act == Act.STOP:
            self.export.stop()
        else:
            self._say(None)
