"""An import under way: it can be stopped and gone on with, and the window lives meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from desk_phone.ui.phonebook import files as phonebook_files
from desk_phone.ui.phonebook import import_reading
from desk_phone.ui.phonebook.page import PhonebookPage
from desk_phone.ui.phonebook.parts import Part
from tests.ui.conftest import Desk
from tests.ui.import_files import opened, people, written
from tests.ui.phonebook_list import shown_page, some_entries, texts


def _names(desk: Desk) -> set[str]:
    return {c.effective.name for c in desk.contacts.book.contacts() if c.effective}


def test_stop_keeps_what_was_done_and_it_goes_on_later(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, people(400)))
    pane.start.click()
    pane.stop.click()
    assert not pane.busy
    done = len(_names(desk)) - 3
    assert 0 < done < 400
    assert f"{done} added" in pane.said
    assert f"{400 - done} not done yet" in pane.said
    assert pane.start.text() == "Go on"
    pane.start.click()
    desk.qtbot.waitUntil(lambda: not pane.busy, timeout=20_000)
    assert len(_names(desk)) == 403


def test_files_are_read_and_written_beside_the_main_thread(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk elsewhere may be slow."""
    where = []

    def noting(name: str, deed: Callable[..., object]) -> Callable[..., object]:
        def noted(*args: object) -> object:
            where.append((name, threading.current_thread() is threading.main_thread()))
            return deed(*args)

        return noted

    for module, name in (
        *((import_reading, name) for name in ("look_at", "rows_of")),
        *((phonebook_files, name) for name in ("write", "fill")),
    ):
        monkeypatch.setattr(module, name, noting(name, getattr(module, name)))
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path))
    pane.start.click()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    page.transfer.export_to(tmp_path / "out.csv")
    desk.qtbot.waitUntil(lambda: "exported" in texts(page))
    pane.results.click()
    (dialog,) = page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "result.csv"))
    dialog.close()
    desk.qtbot.waitUntil(lambda: "The result is saved" in texts(page))
    assert where == [(name, False) for name in ("look_at", "rows_of", "write", "fill")]


def test_a_long_file_holds_nobody_up(desk: Desk, tmp_path: Path) -> None:
    """What is told of the progress is seen by others, whose turn comes between the pieces."""
    some_entries(desk)
    page = shown_page(desk)
    seen: set[str] = set()
    others = QTimer(page, interval=0)
    page.transfer.import_file(written(tmp_path, people(10_000)))
    pane = page.transfer.pane
    others.timeout.connect(lambda: seen.add(pane.said))
    others.start()
    assert pane.stop.isVisible()
    desk.qtbot.waitUntil(lambda: not pane.busy, timeout=20_000)
    assert pane.said == "10000 to add"
    assert len([said for said in seen if said.endswith("of 10000 rows looked at...")]) >= 3
    pane.start.click()
    desk.qtbot.waitUntil(lambda: pane.progress.value() > 100, timeout=20_000)
    pane.stop.click()
    assert len([said for said in seen if said.endswith(" of 10000")]) >= 3


def test_a_dry_run_can_be_stopped(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.transfer.import_file(written(tmp_path))
    pane = page.transfer.pane
    pane.stop.click()
    assert not pane.busy
    assert "nothing is imported" in pane.said
    later: list[None] = []  # what was sent away after it has come back
    desk.contacts.aside(lambda: None, later.append, lambda _: None)
    desk.qtbot.waitUntil(lambda: bool(later))
    assert pane.planned == ()
    assert not pane.start.isEnabled()


def test_the_end_is_told_to_somebody_who_looks_at_something_else(
    desk: Desk, tmp_path: Path
) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, people(100)))
    pane.start.click()
    assert pane.busy
    page.go_back()
    desk.qtbot.waitUntil(lambda: not pane.busy, timeout=20_000)
    assert "The import has ended\n100 added" in texts(page)


def test_tab_leads_through_the_pane_and_esc_back_into_the_table(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path))
    assert pane.list.hasFocus()
    wanted = (
        pane.columns.name,
        pane.columns.many,
        pane.list,
        pane.row.next,
        pane.start,
        pane.close_,
    )
    page.search()
    reached = []
    for _ in range(20):
        desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert [widget for widget in reached if widget in wanted][: len(wanted)] == list(wanted)
    pane.list.setFocus()
    page.go_back()
    assert page.entries.table.hasFocus()


def test_a_double_click_on_import_is_no_stop(desk: Desk, tmp_path: Path) -> None:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, people(100)))
    there = pane.start.mapTo(pane, pane.start.rect().center())
    pane.start.click()
    QApplication.processEvents()
    assert pane.busy
    assert pane.childAt(there) is pane.start
    desk.qtbot.waitUntil(lambda: not pane.busy, timeout=20_000)


def _imported(desk: Desk, tmp_path: Path) -> PhonebookPage:
    some_entries(desk)
    page = shown_page(desk)
    pane = opened(desk, page, written(tmp_path, people(40)))
    assert not pane.undo.isVisible()
    pane.start.click()
    desk.qtbot.waitUntil(lambda: not pane.busy)
    assert len(_names(desk)) == 43
    return page


def test_an_import_is_undone_from_its_result(desk: Desk, tmp_path: Path) -> None:
    page = _imported(desk, tmp_path)
    before = _names(desk)
    page.transfer.pane.undo.click()
    desk.qtbot.waitUntil(lambda: len(_names(desk)) == 3)
    assert _names(desk) < before
    desk.qtbot.waitUntil(lambda: "The import is undone" in texts(page))


def test_ctrl_z_asks_before_it_undoes_an_import(desk: Desk, tmp_path: Path) -> None:
    page = _imported(desk, tmp_path)
    page.parts.show_part(Part.ENTRIES)
    page.undo_last()
    assert "Undo the import of 40 entries?" in texts(page)
    assert len(_names(desk)) == 43
    page._deeds.go_on()
    desk.qtbot.waitUntil(lambda: len(_names(desk)) == 3)
