"""Rows of more than two numbers: which two stay, or several entries, is asked and never cut."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from desk_phone.model.entries import Content
from desk_phone.transfer.planning import Verdict
from desk_phone.ui.phonebook.import_pane import ImportPane
from tests.ui.conftest import Desk
from tests.ui.import_files import cells, opened, written
from tests.ui.phonebook_list import shown_page, some_entries

MANY = """Name;Phone
Mari Maasikas;6401111
Many;6400001, 6400002, 6400003
Broken;12
More;6400011, 6400012, 6400013, 6400014, 6400015
"""


def _decide(desk: Desk, pane: ImportPane, combo: QComboBox, at: int) -> None:
    """As a person who chooses in a box."""
    assert combo.isVisible()
    combo.setCurrentIndex(at)
    combo.activated.emit(at)
    desk.qtbot.waitUntil(lambda: not pane.busy)


def _contents(pane: ImportPane, verdict: Verdict = Verdict.ADD) -> list[Content | None]:
    return [planned.content for planned in pane.planned if planned.verdict is verdict]


def test_which_two_numbers_stay_is_asked_of_each_row(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, MANY))
    assert not pane.row.what.isVisible()
    pane.row.next.click()
    assert pane.list.chosen() == [1]
    assert pane.row.said == "3 numbers:"
    _decide(desk, pane, pane.row.what, 1)
    assert Content("Many", "+3726400001", "+3726400002") in _contents(pane)
    _decide(desk, pane, pane.row.second, 2)
    assert Content("Many", "+3726400001", "+3726400003") in _contents(pane)
    assert cells(pane)[1] == ("Add", "3", "Many", "640 0001, 640 0003", "Left out: 640 0002.")
    _decide(desk, pane, pane.row.first, 2)  # what the other box has
    assert Content("Many", "+3726400003", "+3726400001") in _contents(pane)
    assert [planned.row.name for planned in pane.planned if planned.verdict is Verdict.ASK] == [
        "More"
    ]


def test_one_row_may_be_split_while_all_others_keep_two(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, MANY))
    pane.list.choose(3)
    _decide(desk, pane, pane.row.what, 2)
    _decide(desk, pane, pane.columns.many, 1)
    assert [content.name for content in _contents(pane) if content] == [
        *("Mari Maasikas", "Many"), *("More",) * 3,
    ]  # fmt: skip
    pane.start.click()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert pane.said == "5 added, 1 not imported"


def test_the_next_row_that_is_not_imported_is_a_click_away(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, MANY))
    seen = []
    for _ in range(4):
        pane.row.next.click()
        seen.append(pane.list.chosen()[0])
    assert seen == [1, 2, 3, 1]
    pane.list.choose(2)
    assert pane.row.said == "“12” is too short for a phone number."


def test_a_row_of_many_numbers_is_decided_by_keyboard(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, MANY))
    assert pane.list.hasFocus()
    desk.qtbot.keyClick(pane.list, Qt.Key.Key_Return)  # nothing to decide of the first
    assert pane.list.hasFocus()
    desk.qtbot.keyClick(pane.list, Qt.Key.Key_Down)
    desk.qtbot.keyClick(pane.list, Qt.Key.Key_Return)
    assert pane.row.what.hasFocus()
    desk.qtbot.keyClick(pane.row.what, Qt.Key.Key_Down)
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert pane.row.what.hasFocus()
    assert Content("Many", "+3726400001", "+3726400002") in _contents(pane)


def test_another_file_knows_nothing_of_what_was_decided(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, MANY))
    pane.list.choose(1)
    _decide(desk, pane, pane.row.what, 2)
    assert len(_contents(pane)) == 3
    opened(desk, page, written(tmp_path, MANY, "other.csv"))
    assert len(_contents(pane)) == 1
