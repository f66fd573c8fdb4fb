"""Files to import, and the pane that shows them."""

from __future__ import annotations

from pathlib import Path

from desk_phone.ui.phonebook.import_pane import ImportPane
from desk_phone.ui.phonebook.page import PhonebookPage
from tests.ui.conftest import Desk

SHEET = """Name;Phone 1;Phone 2
Anneli Saar;5022 7781;
Jaan Tamm;612 3499;5123 0000
Žanna Šmidt;+371 29 123 456;
Broken;12;
Many;6400001;6400002, 6400003
"""


def written(tmp_path: Path, text: str = SHEET, name: str = "people.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def opened(desk: Desk, page: PhonebookPage, file: Path) -> ImportPane:
    page.transfer.import_file(file)
    desk.qtbot.waitUntil(lambda: not page.transfer.pane.busy)
    return page.transfer.pane


def cells(pane: ImportPane) -> list[tuple[str, ...]]:
    return [line.cells for line in pane.list.lines]


def people(count: int) -> str:
    """A sheet of so many."""
    return "Name;Phone\n" + "".join(f"Person {n};64{n:05}\n" for n in range(count))
