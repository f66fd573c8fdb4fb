"""Tables on paper, or in a PDF file, painted in pieces between which the windows go on. The dialog
is opened, never waited for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QWidget

from desk_phone.app.piecemeal import Piecemeal
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.transfer.tables import Table

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_TITLE, _TEXT = 14, 9  # pt
_GAP, _ABOVE = 10, 3  # px of a screen: beside a cell, and above and below it
_NEW_LINE = "\u2028"  # within a paragraph


def ask_and_print(parent: QWidget, table: Table, fail: Callable[[PhoneError], object]) -> QWidget:
    """Let the person choose a printer, or a file, then print; ``fail`` hears why it went wrong."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # 3 MB that most people never need

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(table.title)
    dialog = QPrintDialog(printer, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: Printing(table, printer, parent.window()).begin(fail))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()
    return dialog


def finish_printing(window: QObject) -> None:
    """At the end of the program: what is on its way to the paper gets there first."""
    for printing in window.findChildren(Printing):
        printing.finish()


class Printing(QObject):
    """One table on its way to the paper, gone by itself then. A painter must not outlive its
    printer: `finish` it before ``parent`` goes."""

    def __init__(self, table: Table, printer: QPrinter, parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._printer = table, printer
        self._painter = QPainter()
        self._work = Piecemeal(self)
        self._painting: Iterator[int] = iter(())

    @property
    def busy(self) -> bool:
        return self._work.busy

    def begin(self, fail: Callable[[PhoneError], object]) -> None:
        if self._painter.begin(self._printer):
            painting = self._painting = Sheet(self._painter, self._printer, self._table).paint()
            self._work.begin(painting, lambda _: self._end())
        else:
            self.deleteLater()
            title = tr("This could not be printed")
            fail(BadInput(title, tr("Check the printer, or choose another one.")))

    def finish(self) -> None:
        """All that is left at once."""
        if self.busy:
            self._work.stop()
            deque(self._painting, maxlen=0)
            self._end()

    def _end(self) -> None:
        self._painter.end()
        self.deleteLater()


class Sheet:
    """Paints a table's rows one below another, on as many pages as they need, each with the head
    above and its number below. Every text is shown as it is: none is markup."""

    def __init__(self, painter: QPainter, printer: QPrinter, table: Table) -> None:
        self._painter, self._printer, self._table = painter, printer, table
        scale = printer.logicalDpiX() / 96
        self._gap, self._above = _GAP * scale, _ABOVE * scale
        self._title, self._bold = _font(_TITLE, bold=True), _font(_TEXT, bold=True)
        self._text = _font(_TEXT)
        self._metrics = {
            font.key(): QFontMetricsF(font, printer)
            for font in (self._title, self._bold, self._text)
        }
        self._room = QRectF(painter.viewport())
        self._widths: list[float] = []
        painter.setPen(Qt.GlobalColor.black)
        self._y, self._top, self._page = 0.0, self._room.height(), 1

    def paint(self) -> Generator[int, None, int]:
        """Little is done between two yields, each of which tells how many rows are painted."""
        yield from self._measure()
        self._paint_title()
        self._paint_head()
        for count, row in enumerate(self._table.rows, 1):
            self._paint_row(row, self._text)
            yield count
        self._paint_number()
        return len(self._table.rows)

    def _measure(self) -> Generator[int, None, None]:
        bold, text = (self._metrics[font.key()] for font in (self._bold, self._text))
        needed = [bold.horizontalAdvance(cell) for cell in self._table.head]
        for row in self._table.rows:
            needed = [
                max(most, text.horizontalAdvance(cell))
                for most, cell in zip(needed, row, strict=True)
            ]
            yield 0
        gaps = self._gap * (len(needed) - 1)
        self._widths = shares(needed, self._room.width() - gaps)

    def _paint_title(self) -> None:
        metrics = self._metrics[self._title.key()]
        self._painter.setFont(self._title)
        for line in self._lines(self._table.title, self._room.width(), self._title):
            self._painter.drawText(QPointF(0.0, self._y + metrics.ascent()), line)
            self._y += metrics.height()
        self._y += 2 * self._above

    def _paint_head(self) -> None:
        self._paint_row(self._table.head, self._bold)
        self._painter.drawLine(QPointF(0.0, self._y), QPointF(self._room.width(), self._y))
        self._top = self._y = self._y + self._above

    def _paint_row(self, cells: Sequence[str], font: QFont) -> None:
        """On one page, unless it is higher than any; nothing is left out."""
        columns = [self._lines(*each) for each in zip(cells, self._widths, repeat(font))]
        metrics, count = self._metrics[font.key()], max(map(len, columns))
        if self._y + count * metrics.height() + self._above > self._bottom:
            self._turn_over()
        self._y += self._above
        for nr in range(count):
            if self._y + metrics.height() > self._bottom:
                self._turn_over()
            self._painter.setFont(font)
            left = 0.0
            for lines, width in zip(columns, self._widths, strict=True):
                if nr < len(lines):
                    self._painter.drawText(QPointF(left, self._y + metrics.ascent()), lines[nr])
                left += width + self._gap
            self._y += metrics.height()
        self._y += self._above

    def _lines(self, text: str, width: float, font: QFont) -> list[str]:
        """A cell's text as it is broken there; so is a word that is longer than its cell."""
        if "\n" not in text and self._metrics[font.key()].horizontalAdvance(text) <= width:
            return [text]
        text = text.replace("\n", _NEW_LINE)
        units = text.encode("utf-16-le", "surrogatepass")  # as Qt counts
        layout = QTextLayout(text, font, self._printer)
        layout.setTextOption(_breaking())
        layout.beginLayout()
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            first, after = line.textStart(), line.textStart() + line.textLength()
            said = units[2 * first : 2 * after].decode("utf-16-le", "replace")
            lines.append(said.rstrip(f" {_NEW_LINE}"))
        layout.endLayout()
        return lines

    @property
    def _bottom(self) -> float:
        """Where the page's number begins."""
        return self._room.height() - 2 * self._metrics[self._text.key()].height()

    def _turn_over(self) -> None:
        """Not from a page that has a head alone: whatever does not fit there fits nowhere."""
        if self._y <= self._top:
            return
        self._paint_number()
        self._printer.newPage()
        self._page += 1
        self._y = 0.0
        self._paint_head()

    def _paint_number(self) -> None:
        self._painter.setFont(self._text)
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        self._painter.drawText(self._room, corner, str(self._page))


def shares(needed: Sequence[float], room: float) -> list[float]:
    """How wide each column is: as it needs, and what is left over is spread; where there is too
    little room the widest ones give way, and no narrower than the others."""
    if sum(needed) <= room:
        more = (room - sum(needed)) / len(needed)
        return [width + more for width in needed]
    left, most = room, 0.0
    for count, width in zip(range(len(needed), 0, -1), sorted(needed), strict=True):
        most = left / count
        if width > most:
            break
        left -= width
    return [min(width, most) for width in needed]


def _breaking() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _font(points: int, bold: bool = False) -> QFont:
    font = QFont()
    font.setPointSize(points)
    font.setBold(bold)
    return font
