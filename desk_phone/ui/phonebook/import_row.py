"""What is said of one row of an import, and what of it is for a person to decide: an entry has room
for two numbers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk_phone.i18n import ntr, tr
from desk_phone.transfer.planning import Choice, Many, Planned
from desk_phone.ui import words
from desk_phone.ui.buttons import push_button
from desk_phone.ui.elided_label import ElidedLabel
from desk_phone.ui.settings.section import SteadyComboBox


class ImportRow(QWidget):
    """``next_wanted``: the person wants to see the next row that would not be imported."""

    chosen = Signal(int, object)  # the row's line, Choice
    next_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = 0
        self._about = ElidedLabel()
        self.what, self.first, self.second = _combo(), _combo(), _combo()
        self.next = push_button(tr("Next problem"), "chevron-down")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._about, 1)
        for widget in (self.what, self.first, self.second, self.next):
            row.addWidget(widget)
        self.what.setAccessibleName(tr("More than two numbers in this row"))
        self.first.setAccessibleName(tr("First number to keep"))
        self.second.setAccessibleName(tr("Second number to keep"))
        self.what.activated.connect(self._choose)
        self.first.activated.connect(lambda at: self._keep(at, self.second))
        self.second.activated.connect(lambda at: self._keep(at, self.first))
        self.next.clicked.connect(self.next_wanted)

    @property
    def said(self) -> str:
        return self._about.text()

    def show_remark(self, text: str, problems: int) -> None:
        """There is nothing to decide; so many rows would not be imported."""
        self._about.setText(text)
        for combo in (self.what, self.first, self.second):
            combo.hide()
        self.next.setVisible(bool(problems))

    def show_many(self, planned: Planned, choice: Choice, problems: int) -> None:
        """A row of many numbers, and what is decided about it."""
        self._line, count = planned.row.line, len(planned.many)
        self._about.setText(ntr("%(n)d number:", "%(n)d numbers:", count))
        self.what.clear()
        self.what.addItem(tr("leave the row out"), Many.ASK)
        self.what.addItem(tr("keep two"), Many.KEEP_TWO)
        entries = (count + 1) // 2
        self.what.addItem(ntr("make %(n)d entry", "make %(n)d entries", entries), Many.SPLIT)
        self.what.setCurrentIndex(self.what.findData(choice.many))
        kept = choice.kept or planned.many[:2]
        for combo, key in zip((self.first, self.second), kept, strict=True):
            combo.clear()
            for number in planned.many:
                combo.addItem(words.number(number), number)
            combo.setCurrentIndex(max(combo.findData(key), 0))
            combo.setVisible(choice.many is Many.KEEP_TWO)
        self.what.show()
        self.next.setVisible(bool(problems))

    def _choose(self) -> None:
        many = Many(self.what.currentData())
        kept = (self.first.currentData(), self.second.currentData())
        self.chosen.emit(self._line, Choice(many, kept if many is Many.KEEP_TWO else ()))

    def _keep(self, at: int, other: SteadyComboBox) -> None:
        """The same number twice is none chosen: the other field takes the next one."""
        if other.currentIndex() == at:
            other.setCurrentIndex((at + 1) % other.count())
        self._choose()


def _combo() -> SteadyComboBox:
    combo = SteadyComboBox()
    combo.setSizeAdjustPolicy(SteadyComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo
