"""How a file is read: which columns, which letters, what with more than two numbers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desk_phone.i18n import tr
from desk_phone.transfer.columns import Columns
from desk_phone.transfer.planning import Many
from desk_phone.transfer.sheet import Sheet
from desk_phone.transfer.source import ENCODINGS
from desk_phone.ui import words
from desk_phone.ui.label import plain_label
from desk_phone.ui.settings.section import SteadyComboBox

_NAME_AT_MOST = 24  # characters of a column's head
_MARKED = "utf-8-sig"  # reads UTF-8 with a mark before it and without


class PlacesBox(SteadyComboBox):
    """Offers the columns of a sheet: none, what was guessed where that is several, each one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: list[tuple[int, ...]] = []
        _combo(self)

    @property
    def places(self) -> tuple[int, ...]:
        return self._offered[self.currentIndex()] if self._offered else ()

    def offer(self, sheet: Sheet, guessed: tuple[int, ...]) -> None:
        width = max(len(sheet.head), max(map(len, sheet.sample), default=0))
        several = [guessed] if len(guessed) > 1 else []
        self._offered = [(), *several, *((place,) for place in range(width))]
        self.clear()
        self.addItem(tr("none"))
        for places in self._offered[1:]:
            self.addItem(" + ".join(_head(sheet, place) for place in places))
        self.choose(guessed)

    def choose(self, places: tuple[int, ...]) -> None:
        """None of them where these are not offered."""
        self.setCurrentIndex(self._offered.index(places) if places in self._offered else 0)


class ImportColumns(QWidget):
    """Of a vCard file only what to do with many numbers is asked."""

    changed = Signal()  # read the rows again
    encoding_changed = Signal(str)  # look at the file again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self.name, self.numbers = PlacesBox(), PlacesBox()
        self.second, self.wire = PlacesBox(), PlacesBox()
        self.encoding, self.many = _combo(SteadyComboBox()), _combo(SteadyComboBox())
        self._of_sheets: list[QWidget] = []
        self._build()
        for name in ENCODINGS:
            self.encoding.addItem(_encoding(name), _MARKED if name == "utf-8" else name)
        self.many.addItem(tr("leave the row out"), Many.ASK)
        self.many.addItem(tr("keep the first two"), Many.KEEP_TWO)
        self.many.addItem(tr("split into several entries"), Many.SPLIT)
        for combo in (self.name, self.numbers, self.second, self.wire, self.many):
            combo.activated.connect(self.changed)
        self.encoding.activated.connect(
            lambda _: self.encoding_changed.emit(self.encoding.currentData())
        )

    @property
    def many_numbers(self) -> Many:
        return Many(self.many.currentData())

    @property
    def columns(self) -> Columns:
        """As chosen; what was guessed stands until then."""
        guessed = self._sheet.columns if self._sheet else Columns()
        name = self.name.places
        instead = guessed.instead if name == guessed.name else ()
        numbers = dict.fromkeys((*self.numbers.places, *self.second.places))
        return Columns(name, tuple(numbers), self.wire.places, instead)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """None: the file holds cards."""
        self._sheet = sheet
        for widget in self._of_sheets:
            widget.setVisible(sheet is not None)
        if sheet is None:
            return
        self.name.offer(sheet, sheet.columns.name)
        self.numbers.offer(sheet, sheet.columns.numbers)
        self.second.offer(sheet, ())
        self.wire.offer(sheet, sheet.columns.wire)
        found = _MARKED if sheet.encoding == "utf-8" else sheet.encoding
        if self.encoding.findData(found) < 0:
            self.encoding.addItem(_encoding(found), found)
        self.encoding.setCurrentIndex(self.encoding.findData(found))

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        fields = (
            (tr("Name"), self.name),
            (tr("Numbers"), self.numbers),
            (tr("Another number"), self.second),
            (tr("Shown on phones as"), self.wire),
            (tr("Text encoding"), self.encoding),
            (tr("More than two numbers"), self.many),
        )
        for place, (text, combo) in enumerate(fields):
            label = plain_label(text, "small")
            label.setBuddy(combo)
            combo.setAccessibleName(text)
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(label)
            column.addWidget(combo)
            grid.addLayout(column, place // 3, place % 3)
            if combo is not self.many:
                self._of_sheets += [label, combo]
        for stretched in range(3):
            grid.setColumnStretch(stretched, 1)


def _combo(combo: SteadyComboBox) -> SteadyComboBox:
    combo.setSizeAdjustPolicy(SteadyComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(10)
    return combo


def _encoding(name: str) -> str:
    """What people call what Python calls ``name``."""
    if name == "cp866":
        return "DOS 866"
    if name.startswith("cp"):
        return f"Windows-{name[2:]}"
    return name.removesuffix("-sig").upper()


def _head(sheet: Sheet, place: int) -> str:
    """The column's head, else what its first row holds."""
    if place < len(sheet.head) and sheet.head[place].strip():
        return words.plain(sheet.head[place], _NAME_AT_MOST)
    values = (row[place] for row in sheet.sample if place < len(row) and row[place].strip())
    example = words.plain(next(values, ""), _NAME_AT_MOST)
    column = tr("Column %(n)d") % {"n": place + 1}
    return f"{column}: {example}" if example else column
