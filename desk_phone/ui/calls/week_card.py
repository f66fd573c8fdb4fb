"""A week of calls on a card above the list: the hours, how many were answered, how soon called
back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.model.week import Report, week_of
from desk_phone.store.calls import CallLedger
from desk_phone.ui import words
from desk_phone.ui.buttons import tool_button
from desk_phone.ui.calls import week_words
from desk_phone.ui.calls.week_plot import LOW, TALL, WeekLegend, WeekPlot
from desk_phone.ui.calls.week_words import Tile
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.label import plain_label
from desk_phone.ui.speech import say_aloud

_SHARES = (5, 7, 6, 5)  # of the width, for each tile
_ROOM = 540  # px: a page that is lower gets a lower plot


class WeekCard(QFrame):
    """It reads the ledger when it is shown, and again whenever it is told to `look`."""

    closed = Signal()  # somebody wants it gone

    def __init__(
        self, ledger: CallLedger, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ledger, self._now = ledger, now
        self._back = 0  # weeks before this one
        self._title = ElidedLabel("strong")
        self.earlier = tool_button(icon_name="chevron-left", said=tr("The week before"))
        self.later = tool_button(icon_name="chevron-right", said=tr("The week after"))
        self.close_button = tool_button(icon_name="x", said=tr("Close the week"))
        self.plot = WeekPlot()
        self._tiles = tuple(_TileView() for _ in _SHARES)
        self._build()
        self.earlier.clicked.connect(lambda: self._go(1))
        self.later.clicked.connect(lambda: self._go(-1))
        self.close_button.clicked.connect(self.closed)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return tuple(view.tile for view in self._tiles)

    def show_this_week(self) -> None:
        self._back = 0
        self.look()

    def look(self) -> None:
        """Count again, unless nobody sees it."""
        if self.isVisible():
            self._read()

    def follow_height(self, page: QWidget) -> None:
        """Be lower where the page is low, so that there is room for the list."""
        page.installEventFilter(self)
        self._fit(page)

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self._fit(watched)
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    # how

    def _fit(self, page: QWidget) -> None:
        self.plot.setFixedHeight(TALL if page.height() >= _ROOM else LOW)

    def _go(self, back: int) -> None:
        self._back += back
        self._read()
        say_aloud(self, self.plot.accessibleDescription())

    def _read(self) -> None:
        now = self._now()
        this = week = week_of(now)
        for _ in range(self._back):
            week = week.before
        report = self._ledger.weeks.report(week, now)
        self._title.setText(week_words.title(week, this))
        self.earlier.setEnabled(self._ledger.weeks.first(now) < week)
        self.later.setEnabled(week < this)
        said = week_words.sentence(report, this)
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(said)
        self.plot.show_report(report, said)
        self._show_tiles(report)

    def _show_tiles(self, report: Report) -> None:
        means = week_words.compared_with(report)
        for view, tile in zip(self._tiles, week_words.tiles(report), strict=True):
            view.show_tile(tile, means)

    def _build(self) -> None:
        self.setProperty("role", "section")
        head = QHBoxLayout()
        head.setSpacing(4)
        for button in (self.earlier, self.later):
            head.addWidget(button)
        head.addSpacing(4)
        head.addWidget(self._title, 1)
        head.addWidget(WeekLegend())
        head.addWidget(self.close_button)
        figures = QHBoxLayout()
        figures.setContentsMargins(8, 0, 8, 0)
        figures.setSpacing(12)
        for view, share in zip(self._tiles, _SHARES, strict=True):
            figures.addWidget(view, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.plot)
        column.addLayout(figures)


class _TileView(QWidget):
    """A figure over what it is of, and beside it what it was before."""

    def __init__(self) -> None:
        super().__init__()
        self.tile = Tile("", "", "")
        self._value = plain_label(role="strong")
        self._before, self._caption = ElidedLabel("small"), ElidedLabel("small")
        upper = QHBoxLayout()
        upper.setSpacing(6)
        upper.addWidget(self._value)
        upper.addWidget(self._before, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addWidget(self._caption)

    def show_tile(self, tile: Tile, means: str) -> None:
        """``means``: what is meant by before."""
        self.tile = tile
        before = week_words.before(tile)
        self._value.setText(tile.value)
        self._before.setText(before)
        self._caption.setText(tile.caption)
        whole = f"{tile.value} {tile.caption}"
        told = f"{whole}\n{means}: {tile.before}" if before else whole
        for label in (self._value, self._before, self._caption, self):
            label.setToolTip(words.tooltip(told))
            label.setAccessibleDescription(told)
