"""The sections of a long page, by name: one chooses where to be, and sees where one is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from desk_phone.i18n import tr
from desk_phone.ui import words
from desk_phone.ui.painting import grown
from desk_phone.ui.pointing import choose_what_is_selected

_AT_LEAST, _AT_MOST = 110, 210  # px; a longer name is cut, and whole in its tooltip
_MARGINS = 24  # px beside a name
_ROW = 34  # px


class SectionList(QListWidget):
    """One stop for Tab; the arrows walk, Enter goes to the section's first control."""

    chosen = Signal(int)  # where the person wants to be
    entered = Signal(int)  # and go on there with the keyboard

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Sections"))
        self.setProperty("role", "sections")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.ensurePolished()  # else in a smaller font than it gets
        for name in names:
            item = QListWidgetItem(name)
            item.setSizeHint(QSize(0, grown(_ROW, self.font())))
            item.setToolTip(words.tooltip(name))
            self.addItem(item)
        metrics = QFontMetrics(self.font())
        widest = max(metrics.horizontalAdvance(name) for name in names) + _MARGINS
        self.setFixedWidth(max(_AT_LEAST, min(widest, grown(_AT_MOST, self.font()))))
        choose_what_is_selected(self)
        self.currentRowChanged.connect(self.chosen)
        self.itemClicked.connect(lambda item: self.chosen.emit(self.row(item)))
        self.itemActivated.connect(lambda item: self.entered.emit(self.row(item)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # else the window presses the button that has the keyboard by now

    def show_place(self, row: int) -> None:
        """The page is there already."""
        if row != self.currentRow():
            with QSignalBlocker(self):
                self.setCurrentRow(row)
