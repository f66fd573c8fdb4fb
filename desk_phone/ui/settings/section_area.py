"""A long page of sections beside the list of their names; each shows where the other is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desk_phone.ui.painting import grown
from desk_phone.ui.settings.section import SectionFrame, SteadyComboBox
from desk_phone.ui.settings.section_list import SectionList

_WIDTH_AT_MOST = 720  # longer lines read badly
_BESIDE = 8  # px between list and sections
_READ_AT = 1 / 3  # of the height: what is there is being read


class SectionArea(QWidget):
    """``entered``: somebody wants to go on in that section by keyboard.

    Where there is no room beside the sections, which no language may cut, the list of their names
    drops down above them instead.
    """

    entered = Signal(object)  # SectionFrame

    def __init__(self, frames: Sequence[SectionFrame], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames = tuple(frames)
        self._wanted = -1  # the section that was asked for, until somebody scrolls by themselves
        self._going = False
        self.list = SectionList([frame.title for frame in frames])
        self.picker = SteadyComboBox()
        self.area = QScrollArea(widgetResizable=True)
        self._build()
        self.list.chosen.connect(self._go)
        self.list.entered.connect(lambda row: self.entered.emit(self._frames[row]))
        self.area.verticalScrollBar().valueChanged.connect(self._follow)
        self.area.verticalScrollBar().rangeChanged.connect(self._stay)
        self.picker.activated.connect(self._go)
        self._show_place(0)

    def reveal(self, frame: SectionFrame) -> None:
        """Show a section from its top, as far as the page's end lets it come up."""
        self._go(self._frames.index(frame))

    def focus_list(self) -> None:
        """The keyboard to where one chooses a section."""
        chooser = self.picker if self.list.isHidden() else self.list
        chooser.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "page")
        self.ensurePolished()
        inside.setMaximumWidth(grown(_WIDTH_AT_MOST, self.font()))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        for frame in self._frames:
            column.addWidget(frame)
        column.addStretch(1)
        self.area.setWidget(inside)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(_BESIDE)
        row.addWidget(self.list)
        row.addWidget(self.area, 1)
        self.picker.addItems([frame.title for frame in self._frames])
        self.picker.setAccessibleName(self.list.accessibleName())
        self.picker.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        outer.addWidget(self.picker, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addLayout(row, 1)
        inside.installEventFilter(self)

    def _fit(self) -> None:
        beside = self.list.width() + _BESIDE
        bar = self.area.verticalScrollBar().sizeHint().width()
        inside = self.area.widget()
        needed = inside.minimumSizeHint().width() if inside is not None else 0
        fits = self.width() >= needed + bar + beside
        self.list.setVisible(fits)
        self.picker.setVisible(not fits)

    # scrolling

    def _go(self, row: int) -> None:
        self._wanted = row
        self._show_place(row)
        self._scroll()
        # What was never shown, or just got wider, is laid out only in the next round.
        QTimer.singleShot(0, self, self._stay)

    def _stay(self) -> None:
        """The page's height changed under what was asked for."""
        if self._wanted >= 0:
            self._scroll()

    def _scroll(self) -> None:
        self._going = True
        self.area.verticalScrollBar().setValue(self._frames[self._wanted].y())
        self._going = False

    def _follow(self, at: int) -> None:
        if self._going:
            return
        self._wanted = -1
        bar = self.area.verticalScrollBar()
        line = at + int(self.area.viewport().height() * _READ_AT)
        reached = [row for row, frame in enumerate(self._frames) if frame.y() <= line]
        at_end = at == bar.maximum() > 0
        self._show_place(len(self._frames) - 1 if at_end else max(reached, default=0))

    def _show_place(self, row: int) -> None:
        self.list.show_place(row)
        self.picker.setCurrentIndex(row)

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Wheel:
            self._wanted = -1
        elif event.type() is QEvent.Type.LayoutRequest and watched is self.area.widget():
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
