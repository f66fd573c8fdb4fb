"""What lies on paper: all of it, as text, and the windows go on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_phone.errors import PhoneError
from desk_phone.transfer.tables import Table
from desk_phone.ui.printing import Printing, Sheet, finish_printing, shares
from tests.ui.conftest import HOSTILE

HEAD = ("Name", "Number", "Note")
ROW = ("Jaan Tamm", "5123 4567", "")


class Paper(QImage):
    """In the place of a printer."""

    pages = 1

    def newPage(self) -> bool:
        self.pages += 1
        return True


class Pen(QPainter):
    def __init__(self, paper: Paper) -> None:
        super().__init__(paper)
        self.said: list[str] = []

    def drawText(self, *given: Any) -> None:
        self.said.append(given[-1])
        super().drawText(*given)


@pytest.fixture
def paper(qapp: QApplication) -> Paper:
    return Paper(600, 400, QImage.Format.Format_RGB32)


@pytest.fixture
def pen(paper: Paper) -> Iterator[Pen]:
    pen = Pen(paper)
    yield pen
    pen.end()


def paint(pen: Pen, paper: Paper, *rows: tuple[str, ...], title: str = "Calls") -> list[int]:
    """What it told meanwhile."""
    return list(Sheet(pen, paper, Table(title, HEAD, rows)).paint())  # type: ignore[arg-type]


def test_every_text_is_there_as_it_is(pen: Pen, paper: Paper) -> None:
    rows = [(HOSTILE, "5123 4567", "a & b"), ROW]
    told = paint(pen, paper, *rows, title="A & <b>")
    assert told[-1] == 2
    words = "".join(pen.said).replace(" ", "")
    for text in ("A & <b>", *HEAD, *rows[0], *rows[1]):
        assert "".join(text.split()) in words
    assert pen.said[-1] == "1"


def test_each_page_has_the_head_and_its_number(pen: Pen, paper: Paper) -> None:
    paint(pen, paper, *[ROW] * 60)
    assert paper.pages > 2
    assert pen.said.count("Number") == paper.pages
    assert [said for said in pen.said if said.isdigit()] == [
        str(page) for page in range(1, paper.pages + 1)
    ]
    assert pen.said.count("Jaan Tamm") == 60


def test_a_row_higher_than_a_page_goes_on_overleaf(pen: Pen, paper: Paper) -> None:
    lines = [f"line{nr}😀" for nr in range(60)]
    paint(pen, paper, ROW, ("Mari", "640 1111", "\n\n".join(lines)), ROW)
    assert [said for said in pen.said if said.startswith("line")] == lines
    assert pen.said.count("Jaan Tamm") == 2
    assert paper.pages > 2


def test_a_word_longer_than_its_cell_is_broken_and_whole(pen: Pen, paper: Paper) -> None:
    word = "Vastuvõtt" * 20
    paint(pen, paper, (word, "5123 4567", ""))
    pieces = [said for said in pen.said if said and said in word]
    assert len(pieces) > 1
    assert "".join(pieces) == word


def test_an_empty_list_is_a_page_with_a_head(pen: Pen, paper: Paper) -> None:
    paint(pen, paper)
    assert pen.said == ["Calls", *HEAD, "1"]


def test_columns_share_the_room() -> None:
    assert shares([10, 20], 60) == [25, 35]
    assert shares([10, 100, 200], 110) == [10, 50, 50]
    assert shares([30, 30], 30) == [15, 15]
    assert shares([10, 40, 200], 110) == [10, 40, 60]


# in pieces


def printer_to(file: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    return printer


def test_the_window_goes_on_while_a_thousand_rows_are_painted(qtbot: QtBot, tmp_path: Path) -> None:
    failed: list[PhoneError] = []
    above, table = QObject(), Table("Calls", HEAD, [ROW] * 1000)
    printing = Printing(table, printer_to(tmp_path / "calls.pdf"), above)
    with qtbot.waitSignal(printing.destroyed):
        printing.begin(failed.append)
        assert printing.busy
    assert (tmp_path / "calls.pdf").read_bytes().startswith(b"%PDF")
    assert not failed


def test_the_end_of_the_program_waits_for_the_paper(qtbot: QtBot, tmp_path: Path) -> None:
    """A painter that outlives its printer is a crash."""
    above, file = QObject(), tmp_path / "calls.pdf"
    printing = Printing(Table("Calls", HEAD, [ROW] * 1000), printer_to(file), above)
    printing.begin(pytest.fail)
    assert printing.busy
    finish_printing(above)
    assert not printing.busy
    assert b"%%EOF" in file.read_bytes()
    finish_printing(above)  # another time: nothing is left


@pytest.mark.qt_log_ignore("Returned false", extend=True)  # Qt says so to the log as well
def test_what_cannot_be_printed_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    failed: list[PhoneError] = []
    above = QObject()
    printing = Printing(
        Table("Calls", HEAD, [ROW]), printer_to(tmp_path / "nowhere" / "calls.pdf"), above
    )
    with qtbot.waitSignal(printing.destroyed):
        printing.begin(failed.append)
    assert [error.title for error in failed] == ["This could not be printed"]
