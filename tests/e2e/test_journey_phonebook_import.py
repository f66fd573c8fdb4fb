"""A long file is imported through the Phonebook page: looked at, decided, begun, stopped, gone on
with."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.desktop import Desktop, Program, Window, until
from tests.e2e.phonebook import begin, entries, open_page
from tests.e2e.program import Company, Phone
from tests.e2e.shown import find, keep_picture

pytestmark = pytest.mark.e2e

ROWS = 2000
SAME = "Alice;555111222\n"  # the company has her
IMPORT_BUTTON = (385, 79)  # from the window's corner


def write_sheet(file: Path) -> None:
    """Of fifty rows one has no number, and one has three."""
    lines = ["Name;Phone\n", SAME]
    for n in range(1, ROWS):
        number = f"5{1000000 + n}"
        text = {0: "12", 1: f"{number}, 6{400000 + n}, 7{600000 + n}"}.get(n % 50, number)
        lines.append(f"Person {n:04};{text}\n")
    file.write_text("".join(lines), encoding="utf-8")


def answer_dialog(desktop: Desktop, program: Program, title: str, file: Path) -> None:
    """Type a file's name into the dialog that asks for one."""
    dialog = find(desktop, program, title)
    until(lambda: desktop.screen.active() == dialog.id, "the dialog has the keyboard")
    desktop.type(str(file))
    desktop.key("Return")
    desktop.wait_closed(dialog)


def open_import(desktop: Desktop, program: Program, window: Window, file: Path) -> None:
    desktop.click(window, *IMPORT_BUTTON)
    answer_dialog(desktop, program, "Import", file)


def ended(program: Program) -> list[Counter[str]]:
    """What came of each run, as the program tells it."""
    runs = re.findall(r"import: (.*)", program.said())
    counts = (re.findall(r"([a-z][a-z ]*) (\d+)", run) for run in runs)
    return [Counter({word: int(number) for word, number in run}) for run in counts]


def test_a_long_import_is_looked_at_decided_stopped_and_gone_on_with(desktop: Desktop) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url, phonebook_unlocked=True)
    sheet, result = desktop.home / "people.csv", desktop.home / "result.csv"
    write_sheet(sheet)
    program = begin(phone)
    window = open_page(desktop, program)
    company.tell(fault="500@listPhoneBookEntries")  # what is imported waits here

    open_import(desktop, program, window, sheet)
    program.wait_for("dry run: add 1920, ask 40, error 39, same 1\n")
    keep_picture(desktop, "import-dry-run")
    assert len(entries(phone)) == 3
    desktop.key("Tab", "space", "shift+Tab", "Down", "Down")  # the first row of three numbers
    program.wait_for("dry run: add 1922, ask 39, error 39, same 1\n")
    keep_picture(desktop, "import-split")

    desktop.key("Tab", "Tab", "space")  # Import
    until(lambda: len(entries(phone)) > 50, "it is under way", shown=program.said)
    keep_picture(desktop, "import-under-way")
    desktop.key("space")  # Stop
    (first,) = until(lambda: ended(program), "it stops")
    assert first["added"] > 0
    assert first["added"] + first["not done"] == 1922
    assert first["not done"] > 0, "it was too fast to be stopped"
    keep_picture(desktop, "import-stopped")
    assert len(entries(phone)) == 3 + first["added"]

    desktop.key("space")  # Go on
    until(lambda: len(ended(program)) == 2, "it ends", 60, program.said)
    assert ended(program)[1] == Counter(added=1922, error=39, same=1, undecided=39)
    desktop.key("Tab", "Tab", "space")  # Save the result...
    answer_dialog(desktop, program, "Save the result", result)
    until(result.exists, "the result is written")
    keep_picture(desktop, "import-ended")
    rows = csv.DictReader(result.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    assert Counter(row["Result"] for row in rows) == {
        "added": 1922,
        "already there": 1,
        "not imported: error": 39,
        "not imported: too many numbers": 39,
    }
    assert len(entries(phone)) == 3 + 1922
    assert company.requests("AddEntry") == 0
