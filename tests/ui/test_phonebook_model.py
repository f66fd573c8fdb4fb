"""The rows of the phonebook: read in portions, mended in place, found as somebody scrolls."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from desk_phone.app.piecemeal import Piecemeal
from desk_phone.model.entries import Content
from desk_phone.telco.service import Entry
from desk_phone.ui.phonebook.cells import Column, Role
from desk_phone.ui.phonebook.entries import EntriesReader
from desk_phone.ui.phonebook.model import PhonebookModel
from desk_phone.ui.phonebook.rows import FOUND_AT_FIRST, Row
from tests.ui.conftest import Desk
from tests.ui.phonebook_list import ANNELI, JAAN, KRISTIINA


def _row(contact_id: int, name: str, number: str = "+3726400001") -> Row:
    return Row(contact_id, name, Content(name, number))


def _many(desk: Desk, count: int) -> None:
    for n in range(count):
        desk.telco.entries_[str(n + 1)] = Entry(str(n + 1), f"Person {n:05}", f"+3726{n:06}", "")
    desk.sync()


def _read(desk: Desk, model: PhonebookModel) -> EntriesReader:
    reader = EntriesReader(desk.contacts.book, model, model)
    desk.contacts.changed.connect(reader.take)
    reader.read_again()
    desk.qtbot.waitUntil(lambda: not reader.busy)
    return reader


def _names(model: PhonebookModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


@pytest.fixture
def checked(desk: Desk, qtmodeltester: ModelTester) -> PhonebookModel:
    """Under Qt's own eyes."""
    model = PhonebookModel(desk.directory)
    desk.list_entries(KRISTIINA, ANNELI, JAAN)
    desk.contacts.unlock()
    _read(desk, model)
    qtmodeltester.check(model)
    return model


@pytest.mark.parametrize("falling", [False, True], ids=["rising", "falling"])
def test_rows_come_go_and_move_to_their_places(
    desk: Desk, checked: PhonebookModel, falling: bool
) -> None:
    order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
    checked.sort(Column.NAME, order)
    kept = QPersistentModelIndex(checked.index(checked.place_of(_id(desk, "Jaan Tamm")), 0))
    aadu = desk.contacts.add("Aadu", "6401111")
    desk.contacts.add("Žukov", "6401112")
    desk.contacts.save(aadu, Content("Aadu", "+3726401111"), "Xaver", "6401111")
    wanted = ["Anneli Saar", "Jaan Tamm", "Kristiina Õunapuu", "Xaver", "Žukov"]
    assert _names(checked) == (wanted[::-1] if falling else wanted)
    assert kept.data() == "Jaan Tamm"
    desk.contacts.delete(aadu, Content("Xaver", "+3726401111"))
    desk.sync()
    assert _names(checked) == [name for name in _names(checked) if name != "Xaver"]


def test_a_move_within_is_a_move_for_qt(checked: PhonebookModel) -> None:
    """Whatever points at the row goes along."""
    first = checked.row(checked.index(0, 0))
    assert first is not None
    kept = QPersistentModelIndex(checked.index(0, 0))
    checked.take({first.id: Row(first.id, "Zoe", first.content)})
    assert kept.row() == 2
    assert kept.data() == "Zoe"


def test_many_changes_at_once_are_one_reset(desk: Desk) -> None:
    _many(desk, 300)
    model = PhonebookModel(desk.directory)
    _read(desk, model)
    with desk.qtbot.waitSignal(model.modelReset):
        model.take({n: _row(n, f"Other {n:05}") for n in range(1, 200)})
    assert _names(model)[0] == "Other 00001"


def test_a_search_is_read_as_far_as_somebody_scrolls(desk: Desk) -> None:
    _many(desk, FOUND_AT_FIRST + 30)
    model = PhonebookModel(desk.directory)
    _read(desk, model)
    desk.qtbot.waitUntil(lambda: not desk.directory.busy)
    model.search("person")
    assert model.rowCount() == FOUND_AT_FIRST
    root = QModelIndex()
    assert model.canFetchMore(root)
    first = _names(model)
    model.fetchMore(root)
    assert model.rowCount() == FOUND_AT_FIRST + 30
    assert _names(model)[:FOUND_AT_FIRST] == first
    assert not model.canFetchMore(root)


def test_a_search_finds_before_its_index_is_ready(desk: Desk) -> None:
    _many(desk, 10)
    model = PhonebookModel(desk.directory)
    reader = EntriesReader(desk.contacts.book, model)
    reader.read_again()
    model.search("person 00003")
    desk.qtbot.waitUntil(lambda: _names(model) == ["Person 00003"])


def test_what_changes_while_it_reads_is_not_lost(desk: Desk) -> None:
    _many(desk, 2000)
    desk.contacts.unlock()
    model = PhonebookModel(desk.directory)
    reader = EntriesReader(desk.contacts.book, model)
    desk.contacts.changed.connect(reader.take)
    reader.read_again()
    assert reader.busy
    assert not model.count
    desk.contacts.add("Aadu", "6401111")
    first = desk.contacts.book.contact(_id(desk, "Person 00000"))  # was read already
    desk.contacts.save(first.id, first.effective, "Bert", "6401112")
    desk.qtbot.waitUntil(lambda: model.count > 0)
    last = desk.contacts.book.contact(_id(desk, "Person 01999"))
    desk.contacts.save(last.id, last.effective, "Carl", "6401113")
    desk.qtbot.waitUntil(lambda: not desk.directory.busy)
    assert _names(model)[:3] == ["Aadu", "Bert", "Carl"]
    for name in ("aadu", "bert", "carl"):
        model.search(name)
        assert _names(model) == [name.title()]


def test_typed_text_that_cannot_be_saved_is_not_given_away(
    desk: Desk, checked: PhonebookModel
) -> None:
    checked.let_edit(True)
    index = checked.index(0, Column.NUMBER1)
    with desk.qtbot.assertNotEmitted(checked.edited):
        checked.setData(index, "abc")
    assert index.data() == "abc"
    assert index.data(Role.PROBLEM)
    with desk.qtbot.waitSignal(checked.edited) as edited:
        checked.setData(index, "5022 7782")
    assert edited.args is not None
    assert edited.args[0].number1 == "5022 7782"
    assert not checked.unsaved


@pytest.mark.parametrize("sought", ["", "anneli"], ids=["all", "sought"])
def test_what_is_not_saved_goes_with_its_entry(
    desk: Desk, checked: PhonebookModel, sought: str
) -> None:
    checked.let_edit(True)
    checked.search(sought)
    anneli = checked.row(checked.index(0, 0))
    assert anneli is not None
    checked.setData(checked.index(0, Column.NUMBER1), "abc")
    desk.contacts.delete(anneli.id, anneli.content)
    with desk.qtbot.waitSignal(checked.unsaved_changed):
        desk.sync()
    assert not checked.unsaved


def test_a_cell_as_it_was_is_no_edit(desk: Desk, checked: PhonebookModel) -> None:
    index = checked.index(1, Column.NAME)
    with desk.qtbot.assertNotEmitted(checked.edited):
        assert not checked.setData(index, index.data(Qt.ItemDataRole.EditRole))


# work in pieces


def test_work_in_pieces_tells_how_far_it_is_and_what_came_of_it(desk: Desk) -> None:
    told: list[int] = []
    done: list[int] = []
    pieces = Piecemeal()
    pieces.begin(_counting(200_000), done.append, told.append)
    assert done == []
    desk.qtbot.waitUntil(lambda: done == [200_000])
    assert told == sorted(told)
    assert not pieces.busy


def test_stopped_work_goes_no_further(desk: Desk) -> None:
    done: list[int] = []
    pieces = Piecemeal()
    pieces.begin(_counting(10_000_000), done.append)
    pieces.stop()
    other: list[int] = []
    Piecemeal(pieces).begin(_counting(100_000), other.append)
    desk.qtbot.waitUntil(lambda: other == [100_000])
    assert done == []


def _counting(count: int) -> Generator[int, None, int]:
    yield from range(count)
    return count


def _id(desk: Desk, name: str) -> int:
    spellings: dict[int, str] = desk.contacts.book.spellings()
    return next(contact_id for contact_id, spelling in spellings.items() if spelling == name)
