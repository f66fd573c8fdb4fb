"""Import and export on the Phonebook page: a dry run, then the deed, and a file of the result."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from desk_phone import i18n
from desk_phone.app.transfers import rows_in
from desk_phone.assets import resource
from desk_phone.model.entries import Content
from desk_phone.transfer.applying import Became
from desk_phone.transfer.planning import Many, Verdict, plan_import
from desk_phone.ui.listing import ICON, PADDING
from desk_phone.ui.phonebook import import_lines
from desk_phone.ui.phonebook.parts import Part
from tests.ui.conftest import HOSTILE, Desk
from tests.ui.import_files import cells, opened, written
from tests.ui.phonebook_list import column, shown_page, some_entries, texts


def _names(desk: Desk) -> set[str]:
    return {c.effective.name for c in desk.contacts.book.contacts() if c.effective}


def test_the_dry_run_tells_each_row_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path))
    assert page.parts.part is Part.IMPORT
    assert [planned.verdict for planned in pane.planned] == [
        Verdict.SAME, Verdict.CHANGE, Verdict.ADD, Verdict.ERROR, Verdict.ASK,
    ]  # fmt: skip
    assert cells(pane)[2][:4] == ("Add", "4", "Žanna Šmidt", "+371 29 123 456")
    assert pane.said == ("1 to add, 1 to change, 1 the same, 1 with too many numbers, 1 error")
    assert len(_names(desk)) == 3


def test_it_is_done_after_a_click_and_the_table_shows_it(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path))
    pane.start.click()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert pane.said == "1 added, 1 changed, 2 not imported"
    assert [shown[0] for shown in cells(pane)] == ["Same", "Changed", "Added", "Error", "Left out"]
    effective = {contact.effective for contact in desk.contacts.book.contacts()}
    assert Content("Jaan Tamm", "+3726123499", "+37251230000") in effective
    assert "Žanna Šmidt" in column(page)
    assert "Žanna Šmidt" in desk.contacts.book.spellings().values()
    pane.close_.click()
    assert page.parts.part is Part.ENTRIES


def test_many_numbers_may_be_split(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path))
    pane.columns.many.setCurrentIndex(pane.columns.many.findData(Many.SPLIT))
    pane.columns.changed.emit()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert [planned.verdict for planned in pane.planned][-2:] == [Verdict.ADD, Verdict.ADD]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a mark"])
def test_utf_8_is_called_so_and_can_be_chosen_again(desk: Desk, tmp_path: Path, mark: str) -> None:
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, f"{mark}Name;Phone\nŽanna;6401234\n"))
    encoding = pane.columns.encoding
    assert encoding.currentText() == "UTF-8"
    names = [encoding.itemText(at) for at in range(encoding.count())]
    assert len(set(names)) == len(names)
    assert not any("cp" in name or "sig" in name for name in names)
    for name in ("Windows-1257", "UTF-8"):
        encoding.setCurrentIndex(encoding.findText(name))
        encoding.activated.emit(encoding.currentIndex())
        desk.qtbot.waitUntil(lambda: not pane.busy)
    assert [planned.name for planned in pane.planned] == ["Žanna"]


def test_other_columns_can_be_chosen(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    text = "a;b;c\nMari Maasikas;Sales;640 1111\nUno Uus;Sales;640 2222\n"
    pane = opened(desk, page, written(tmp_path, text))
    pane.columns.name.choose((1,))
    pane.columns.numbers.choose((2,))
    pane.columns.changed.emit()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert [planned.name for planned in pane.planned][-2:] == ["Sales", "Sales"]
    pane.columns.name.choose(())
    pane.columns.changed.emit()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert "It is not clear which columns to import" in pane.said
    assert not pane.start.isEnabled()


def test_a_row_that_the_phonebook_does_not_take_is_told(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, "Name;Phone\nMari;6401111\n"))
    desk.contacts.add("Mari", "6401111")  # somebody was faster
    pane.start.click()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert cells(pane)[0][0] == "Refused"
    assert "It is already there" in cells(pane)[0][4]
    assert "It is already there" not in texts(page.notices)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("people.csv", b"", "The file is empty", id="empty"),
        pytest.param("people.xlsx", b"PK\x03\x04rest", "This is a workbook", id="workbook"),
        pytest.param("people.csv", b'Name;Phone\n"open;1\n', "quotation marks", id="broken"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    desk: Desk, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    some_entries(desk)
    page = shown_page(desk)
    file = tmp_path / name
    file.write_bytes(content)
    pane = opened(desk, page, file)
    assert said in pane.said
    assert not pane.start.isEnabled()


def test_a_missing_file_is_told(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    assert "cannot be read" in opened(desk, page, tmp_path / "none.csv").said


def test_cards_need_no_columns(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Mari\nTEL:6401111\nEND:VCARD\n"
    pane = opened(desk, page, written(tmp_path, card, "people.vcf"))
    assert [planned.verdict for planned in pane.planned] == [Verdict.ADD]
    assert pane.columns.name.isHidden()


def test_hostile_cells_are_harmless(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, f"Name;Phone\n{HOSTILE};6401111\n"))
    page.grab()
    assert "\u202e" not in pane.list.lines[0].spoken


def test_the_result_is_written_into_a_file(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path))
    pane.start.click()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    pane.results.click()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "result.csv"))
    dialog.close()
    desk.qtbot.waitUntil(lambda: "The result is saved" in texts(page))
    said = (tmp_path / "result.csv").read_text(encoding="utf-8-sig")
    assert said.splitlines()[0] == "Line;Name;Numbers;Result;Remark"
    assert len(said.splitlines()) == 6
    assert Became.ADDED in said


# export


NAMES = ("=1+1", "+Uus", "-Mari", "@Ladu", "'=1", "Жанна", "Õnne Šmidt; Tartu", '"Veod" OÜ, laod')


def test_what_is_exported_comes_back_as_the_same(desk: Desk, tmp_path: Path) -> None:
    """Into this phonebook as well as into an empty one, own spellings and all."""
    some_entries(desk)
    desk.contacts.add("Žanna Šmidt", "+371 29 123 456", wire="Zanna")
    for n, name in enumerate(NAMES):
        desk.contacts.add(name, f"640000{n}", f"+35840123450{n}")
    page = shown_page(desk)
    said = {(desk.contacts.book.spelling(c.id), c.effective) for c in desk.contacts.book.contacts()}
    for name in ("phonebook.csv", "phonebook.vcf"):
        page.transfer.export_to(tmp_path / name)
        desk.qtbot.waitUntil(
            lambda name=name: f"12 entries are exported\n{tmp_path / name}" in texts(page)
        )
        pane = opened(desk, page, tmp_path / name)
        assert {planned.verdict for planned in pane.planned} == {Verdict.SAME}, name
        planned = plan_import(rows_in(tmp_path / name), ())
        assert {(each.name, each.content) for each in planned} == said, name


def test_a_place_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.transfer.export_to(tmp_path / "nowhere" / "phonebook.csv")
    desk.qtbot.waitUntil(lambda: "The file could not be written" in texts(page))


def test_an_odd_ending_is_told_and_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.transfer.export_to(tmp_path / "phonebook.pdf")
    desk.qtbot.waitUntil(lambda: "must end with .csv" in texts(page.notices))
    assert not list(tmp_path.glob("phonebook.*"))


def test_the_dialog_of_an_export_leaves_the_window_alive(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.head.export.click()
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.isVisible()
    dialog.close()


@pytest.mark.parametrize("language", ["en", "et", "ru"])
def test_what_becomes_of_a_row_is_said_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    if language != "en":
        spoken = gettext.translation(i18n.DOMAIN, resource("locale"), [language])
        monkeypatch.setattr(i18n, "_catalogue", spoken)
    results = shown_page(desk).transfer.pane.list
    longest = max(map(results.fontMetrics().horizontalAdvance, import_lines.results()))
    assert results.columnWidth(0) >= longest + ICON + 2 * PADDING
