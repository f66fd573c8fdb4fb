"""One search for the palette, the calls and the phonebook: the same people in all three."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from desk_phone.app import directory as app_directory
from desk_phone.app.directory import Directory
from desk_phone.model.elsewhere import Outsider
from desk_phone.store.calls import CallFilter
from desk_phone.ui.calls.page import CallsPage
from desk_phone.ui.dialling.dial_list import ROW_ROLE
from desk_phone.ui.dialling.dial_rows import DialRow
from desk_phone.ui.dialling.dialer import DialPalette
from desk_phone.ui.phonebook.page import PhonebookPage
from tests.ui import calls_list, phonebook_list
from tests.ui.conftest import HOSTILE, Desk

OUNAPUU, ZANNA, IVANOV = "Kristiina Õunapuu", "Žanna Šmidt", "Иванов Пётр"
JAAN = "Jaan Tamm"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Four people in the phonebook, each of whom called once; their records say no name."""
    desk.contacts.unlock()
    for n, (name, *numbers) in enumerate(
        [
            (OUNAPUU, "51234567", "6403299"),
            (ZANNA, "56981122"),
            (IVANOV, "+358401234567"),
            (JAAN, "6123410"),
        ]
    ):
        desk.contacts.add(name, *numbers)
        number = numbers[0].replace("+", "00")
        desk.add(number, "", timedelta(hours=n + 1), timedelta(minutes=1))
    desk.poll()
    return desk


@pytest.fixture
def palette(desk: Desk) -> Iterator[DialPalette]:
    parts = (desk.calls, desk.dialler, desk.account, desk.preferences, desk.directory, desk.now)
    palette = DialPalette(*parts, deaf_ms=0)
    desk.qtbot.addWidget(palette)
    palette.open()
    yield palette
    palette.hide()


@pytest.fixture
def calls(desk: Desk) -> CallsPage:
    parts = (desk.calls, desk.dialler, desk.account, desk.directory, QWidget(), desk.now)
    page = CallsPage(*parts)
    desk.qtbot.addWidget(page)
    return page


@pytest.fixture
def phonebook(desk: Desk) -> PhonebookPage:
    return phonebook_list.shown_page(desk)


def _in_palette(palette: DialPalette, text: str) -> list[str]:
    palette.field.setText(text)
    model = palette.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def _in_calls(page: CallsPage, text: str) -> list[str]:
    page.findChildren(QLineEdit)[0].setText(text)
    return calls_list.names(page)


def _in_phonebook(page: PhonebookPage, text: str) -> list[str]:
    page.head.search.setText(text)
    return phonebook_list.column(page)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        pytest.param("Õunapuu", OUNAPUU, id="as written"),
        pytest.param("ounapuu", OUNAPUU, id="without marks"),
        pytest.param("OUNA", OUNAPUU, id="the start of a word"),
        pytest.param("napu", OUNAPUU, id="the middle of a word"),
        pytest.param("kris oun", OUNAPUU, id="two starts"),
        pytest.param("oun kris", OUNAPUU, id="the other way round"),
        pytest.param("kõ", OUNAPUU, id="initials"),
        pytest.param("68627", OUNAPUU, id="on the keys of a phone"),
        pytest.param("щгтфзгг", OUNAPUU, id="on a Russian keyboard"),
        pytest.param("žanna", ZANNA, id="a letter the wire cannot carry"),
        pytest.param("zanna", ZANNA, id="that letter without its mark"),
        pytest.param("zhanna", ZANNA, id="that letter as it is sent"),
        pytest.param("жанна", ZANNA, id="in Russian"),
        pytest.param("иванов", IVANOV, id="Russian as written"),
        pytest.param("ivanov", IVANOV, id="Russian in Latin letters"),
        pytest.param("petr", IVANOV, id="a transliteration"),
        pytest.param("bdfyjd", IVANOV, id="on an English keyboard"),
        pytest.param("5123 45", OUNAPUU, id="the start of a number"),
        pytest.param("81122", ZANNA, id="the end of a number"),
        pytest.param("+372 5123-4567", OUNAPUU, id="with country and signs"),
        pytest.param("00372 51234", OUNAPUU, id="as dialled from abroad"),
        pytest.param("040 123", IVANOV, id="as Finns write"),
        pytest.param("jaan 612", JAAN, id="name and number"),
    ],
)
def test_the_same_person_is_found_everywhere(
    desk: Desk,
    palette: DialPalette,
    calls: CallsPage,
    phonebook: PhonebookPage,
    text: str,
    who: str,
) -> None:
    assert {row.name for row in _rows(palette, text) if row.name} == {who}
    assert _in_calls(calls, text) == [who]
    assert _in_phonebook(phonebook, text) == [who]


@pytest.mark.parametrize("text", ["qqqq", "...", "(", "%", "+", "x" * 128, HOSTILE[:128]])
def test_what_means_nobody_finds_nobody_anywhere(
    desk: Desk, palette: DialPalette, calls: CallsPage, phonebook: PhonebookPage, text: str
) -> None:
    assert [row for row in _in_palette(palette, text) if row in (OUNAPUU, ZANNA, IVANOV)] == []
    assert _in_calls(calls, text) == []
    assert _in_phonebook(phonebook, text) == []


# before it is built


@pytest.fixture
def unbuilt(desk: Desk) -> Iterator[Directory]:
    directory = Directory(desk.calls, desk.contacts, desk.account)
    yield directory
    directory.close()


def test_the_palette_and_the_calls_are_searched_before_it_is_built(
    desk: Desk, unbuilt: Directory
) -> None:
    assert not unbuilt.ready
    assert [one.name for one in unbuilt.search("ivanov")] == [IVANOV]
    assert [one.name for one in unbuilt.search("")] == [OUNAPUU, ZANNA, IVANOV, JAAN]
    assert [call.name for call in desk.ledger.page(text=unbuilt.sought("zanna"))] == [ZANNA]
    desk.miss("6401111", "Somebody New")
    assert unbuilt.entries("new", 10) == []
    with desk.qtbot.waitSignal(unbuilt.renewed):
        unbuilt.start()
    assert [one.name for one in unbuilt.search("new")] == ["Somebody New"]


def test_it_is_built_in_pieces_and_misses_nothing_meanwhile(desk: Desk, unbuilt: Directory) -> None:
    people = [Outsider(f"Person {n:05}", (f"+37126{n:06}",), ("",)) for n in range(3000)]
    unbuilt.put_outside(1, "Outlook", iter(people))
    unbuilt.start()
    assert unbuilt.busy
    assert not unbuilt.ready
    desk.contacts.add("Meanwhile Added", "6401112")
    desk.miss("6401111", "Meanwhile Called")
    desk.qtbot.waitUntil(lambda: not unbuilt.busy)
    found = [one.name for one in unbuilt.search("meanwhile")]
    assert sorted(found) == ["Meanwhile Added", "Meanwhile Called"]
    assert [one.label for one in unbuilt.search("person 02999")] == ["Outlook"]


@pytest.mark.parametrize("read_again_at", [10, 10_000], ids=["all again", "one by one"])
def test_many_changes_at_once_are_taken_over_in_pieces(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, read_again_at: int
) -> None:
    monkeypatch.setattr(app_directory, "READ_AGAIN_AT", read_again_at)
    entries = [(f"Person {n:03}", f"+37264{n:05}") for n in range(120)]
    with desk.qtbot.waitSignal(desk.directory.renewed):
        desk.list_entries(*entries)
    desk.qtbot.waitUntil(lambda: not desk.directory.busy)
    assert len(desk.directory.entries("person", 1000)) == 120


# what changes while results show


def test_an_entry_deleted_while_it_shows_goes(
    desk: Desk, palette: DialPalette, phonebook: PhonebookPage
) -> None:
    assert _in_palette(palette, "zanna") == [ZANNA]
    _in_phonebook(phonebook, "zanna")
    row = phonebook.entries.model.row(phonebook.entries.model.index(0, 0))
    assert row is not None
    desk.contacts.delete(row.id, row.content)
    desk.sync()
    assert _titles(palette) == []
    assert _in_palette(palette, "5698")[1:] == ["5698 1122"]  # the call is still known
    assert phonebook_list.column(phonebook) == []


def test_an_entry_renamed_while_it_shows_is_found_by_its_new_name_only(
    desk: Desk, palette: DialPalette, calls: CallsPage
) -> None:
    _in_palette(palette, "jaan")
    _in_calls(calls, "jaan")
    (contact,) = desk.directory.entries("jaan", 10)
    content = desk.contacts.book.contact(contact).effective
    desk.contacts.save(contact, content, "Peeter Saar", "6123410")
    assert _titles(palette) == calls_list.names(calls) == []
    assert _in_calls(calls, "peeter") == _in_palette(palette, "peeter") == ["Peeter Saar"]


def test_a_call_that_comes_while_somebody_searches_appears(
    desk: Desk, palette: DialPalette, calls: CallsPage
) -> None:
    _in_calls(calls, "somebody")
    _in_palette(palette, "somebody")
    desk.miss("6401111", "Somebody New")
    assert calls_list.names(calls) == _titles(palette) == ["Somebody New"]


def test_the_choice_stays_when_others_contacts_come(desk: Desk, palette: DialPalette) -> None:
    _in_palette(palette, "oun")
    desk.qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.chosen is not None
    assert palette.chosen.key == "+3726403299"
    people = [Outsider("Oune Kask", ("+37126000001",), ("",), "Ounad OÜ")]
    with desk.qtbot.waitSignal(desk.directory.renewed):
        desk.directory.put_outside(1, "Outlook", people)
    assert len(_titles(palette)) == 3
    assert palette.chosen.key == "+3726403299"
    with desk.qtbot.waitSignal(desk.directory.renewed):
        desk.directory.drop_outside(1)
    assert _titles(palette) == [OUNAPUU, OUNAPUU]


def test_a_search_of_the_phonebook_survives_calls(desk: Desk, phonebook: PhonebookPage) -> None:
    """Somebody may be typing into a cell that was found."""
    assert len(_in_phonebook(phonebook, "an")) > 1
    before = phonebook_list.column(phonebook)
    with desk.qtbot.assertNotEmitted(phonebook.entries.model.modelReset):
        desk.miss("6123410")
        desk.settle()
    assert phonebook_list.column(phonebook) == before


def test_a_search_of_the_calls_stays_when_somebody_found_calls_again(
    desk: Desk, calls: CallsPage
) -> None:
    assert len(_in_calls(calls, "an")) > 1
    with desk.qtbot.assertNotEmitted(calls_list.view_of(calls).model().modelReset):
        desk.miss("6123410")
        desk.settle()
    assert calls_list.names(calls)[0] == JAAN


# what a row says


def test_rows_say_where_they_come_from(desk: Desk, palette: DialPalette) -> None:
    desk.miss("6401111", "Peeter Call")
    people = [Outsider("Peeter Elsewhere", ("+37126000001",), ("",), "Mets SIA")]
    with desk.qtbot.waitSignal(desk.directory.renewed):
        desk.directory.put_outside(1, HOSTILE, people)
    desk.contacts.add("Peeter Book", "6401113", "51230000")
    rows = {row.key: row for row in _rows(palette, "peeter")}
    assert {key: row.source for key, row in rows.items()} == {
        "+3726401111": "your calls",
        "+3726401113": "phonebook",
        "+37251230000": "phonebook",
        "+37126000001": rows["+37126000001"].source,
    }
    assert "\u202e" not in rows["+37126000001"].source
    assert rows["+37251230000"].detail == "5123 0000 · Mobile"
    assert rows["+37126000001"].detail == "+371 26 000 001 · Latvia · Mets SIA"
    assert rows["+3726401111"].detail.startswith("640 1111 · Landline · last call ")
    assert "phonebook" in rows["+37251230000"].sentence


def test_a_colleague_is_called_so(desk: Desk, palette: DialPalette) -> None:
    desk.ledger.hear_lines(desk.telco.numbers_)
    with desk.qtbot.waitSignal(desk.directory.changed):
        desk.account.refresh_numbers()
    row = next(row for row in _rows(palette, "64012") if row.key == "+3726401234")
    assert (row.title, row.detail, row.source) == ("640 1234", "Colleague", "company line")


def test_pasted_lines_are_a_number_each(palette: DialPalette) -> None:
    keys = [row.key for row in _rows(palette, "640 1111\n640 2222\r\n5123 4567")]
    assert keys == ["+3726401111", "+3726402222", "+37251234567"]


def test_a_name_pasted_over_two_lines_is_one_name(palette: DialPalette) -> None:
    assert _in_palette(palette, "kristiina\nõunapuu") == [OUNAPUU, OUNAPUU]


# the calls


def test_a_search_within_a_filter(desk: Desk, calls: CallsPage) -> None:
    desk.miss("51234567")
    calls.show_filter(CallFilter.MISSED)
    assert _in_calls(calls, "ounapuu") == [OUNAPUU]
    assert _in_calls(calls, "zanna") == []


def _titles(palette: DialPalette) -> list[str]:
    return _in_palette(palette, palette.field.text())


def _rows(palette: DialPalette, text: str) -> list[DialRow]:
    palette.field.setText(text)
    model = palette.list.model()
    return [model.index(row, 0).data(ROW_ROLE) for row in range(model.rowCount())]
