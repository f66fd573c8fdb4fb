"""The page of the company's own numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desk_phone.ui.company_page import CompanyPage
from tests.ui.conftest import OWN, Desk

MARI, JURI, NAMELESS = "+3726403232", "+3726403233", "+3726403240"


@pytest.fixture
def page(desk: Desk) -> CompanyPage:
    desk.telco.numbers_ = (NAMELESS, OWN, JURI, MARI)
    desk.account.refresh_numbers()
    desk.qtbot.waitUntil(lambda: len(desk.account.numbers) == 4)
    desk.calls.ledger.name_line(MARI, "Mari Õunapuu")
    desk.calls.ledger.name_line(JURI, "Юрий Иванов")
    desk.calls.ledger.name_line(OWN, "=cmd <b>")
    page = CompanyPage(desk.calls, desk.dialler, desk.account, desk.preferences)
    desk.qtbot.addWidget(page)
    page.show()
    return page


def listed(page: CompanyPage) -> list[str]:
    return [line.cells[0] for line in page.list.lines]


def test_names_come_first_and_my_line_is_marked(page: CompanyPage) -> None:
    assert listed(page) == ["=cmd <b>", "Mari Õunapuu", "Юрий Иванов", "no name"]
    assert [line.cells[3] for line in page.list.lines] == ["my line", "", "", ""]
    assert page.list.lines[1].cells[1] == "640 3232"


def test_my_line_without_a_name_has_my_own(desk: Desk, page: CompanyPage) -> None:
    desk.calls.ledger.name_line(OWN, "")
    page.look()
    assert [line.cells[0] for line in page.list.lines if line.cells[3]] == ["Mari Maasikas"]
    assert listed(page).count("no name") == 1


def test_down_leads_from_the_search_into_the_list(desk: Desk, page: CompanyPage) -> None:
    page.focus_search()
    desk.qtbot.keyClick(page.search, Qt.Key.Key_Down)
    assert page.list.chosen() == [0]


@pytest.mark.parametrize(
    ("text", "found"),
    [("ounap", "Mari Õunapuu"), ("ivanov", "Юрий Иванов"), ("3240", "no name")],
)
def test_any_spelling_finds(page: CompanyPage, text: str, found: str) -> None:
    page.search.setText(text)
    assert listed(page)[0] == found


def test_enter_calls_and_the_own_line_is_never_called(desk: Desk, page: CompanyPage) -> None:
    page.list.choose(0)
    assert not page.call.isEnabled()
    page.list.choose(1)
    desk.qtbot.keyClick(page.list, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))
    assert desk.telco.dialled == [(OWN, MARI)]


def test_a_line_is_chosen_and_a_number_copied(desk: Desk, page: CompanyPage) -> None:
    page.list.choose(1)
    page.copy.click()
    assert QGuiApplication.clipboard().text() == MARI
    page.mine.click()
    assert desk.preferences.settings.own_number == MARI
    assert [line.cells[3] for line in page.list.lines] == ["", "my line", "", ""]


def test_nothing_found_and_no_numbers_say_what_to_do(desk: Desk, page: CompanyPage) -> None:
    page.search.setText("zzzz")
    assert "No such number" in page._empty.shown.title
    assert not page.export.isEnabled()
    assert not page.call.isEnabled()
    desk.telco.numbers_ = ()
    desk.account.refresh_numbers()
    desk.qtbot.waitUntil(lambda: not desk.account.numbers)
    page.search.clear()
    assert "numbers of your company" in page._empty.shown.title
    with desk.qtbot.waitSignal(page.account_wanted):
        page._empty.pressed.emit("account")


def test_the_file_holds_what_is_listed_and_no_formula(page: CompanyPage, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    page.save(file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbfName;Number\r\n'=cmd <b>;640 3231\r\n")
    assert len(file.read_text("utf-8-sig").splitlines()) == 5


def test_a_place_that_cannot_be_written_is_said_and_leaves_nothing(
    page: CompanyPage, tmp_path: Path
) -> None:
    page.save(tmp_path / "nowhere" / "numbers.csv")
    said = page._notices.message("company")
    assert said is not None
    assert "could not be written" in said.title
    assert not list(tmp_path.glob("*numbers*"))
