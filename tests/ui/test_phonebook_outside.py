"""Others' contacts on the Phonebook page: found beside the entries, and copied only when chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from desk_phone.model.elsewhere import Outsider
from desk_phone.model.entries import Content
from desk_phone.transfer.planning import Verdict
from desk_phone.ui.phonebook.draft import Field
from desk_phone.ui.phonebook.page import PhonebookPage
from desk_phone.ui.phonebook.parts import Part
from desk_phone.ui.trouble import Act
from tests.ui.conftest import HOSTILE, OWN, Desk
from tests.ui.gate import heard
from tests.ui.phonebook_list import ANNELI, button, column, shown_page, some_entries, texts

Key = Qt.Key
ANNA = Outsider("Anna Žukova", ("+37251110001",), ("5111 0001",), "OÜ Näide")
PAUL = Outsider("Paul Saar", ("+37251110002", "+37251110003"), ("", ""))
MANY = Outsider("Rita", ("+37251110004", "+37251110005", "+37251110006"), ("", "", ""))
KNOWN = Outsider("Anneli from Outlook", (ANNELI[1],), ("",))

People = Callable[..., None]


@pytest.fixture
def have(desk: Desk) -> People:
    """A source says these people; wait until they can be found."""

    def have(*people: Outsider) -> None:
        with desk.qtbot.waitSignal(desk.directory.renewed):
            desk.directory.put_outside(1, "My phone", people)

    return have


def listed(page: PhonebookPage) -> list[tuple[str, ...]]:
    return [line.cells for line in page.outside.pane.list.lines]


def shown(desk: Desk) -> PhonebookPage:
    """With the people of elsewhere."""
    page = shown_page(desk)
    button_of(page).click()
    return page


def button_of(page: PhonebookPage) -> QToolButton:
    return page.parts._buttons[Part.OUTSIDE]


def choose(page: PhonebookPage, *names: str) -> None:
    pane = page.outside.pane
    pane.list.clearSelection()
    for at, line in enumerate(pane.list.lines):
        if line.cells[0] in names:
            model = pane.list.selectionModel()
            flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
            model.select(pane.list.model().index(at, 0), flags)


def entries(desk: Desk) -> set[Content | None]:
    return {contact.effective for contact in desk.contacts.book.contacts()}


def test_everybody_is_listed_with_their_source_and_nothing_can_be_edited(
    desk: Desk, have: People
) -> None:
    some_entries(desk)
    have(PAUL, ANNA, KNOWN)
    page = shown(desk)
    assert listed(page) == [
        ("Anna Žukova", "OÜ Näide", "5111 0001", "My phone"),
        ("Anneli from Outlook", "", "5022 7781", "My phone; in the phonebook"),
        ("Paul Saar", "", "5111 0002, 5111 0003", "My phone"),
    ]
    assert "3 people." in page.outside.pane.said
    index = page.outside.pane.list.model().index(0, 0)
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable


def test_the_search_of_the_phonebook_says_how_many_are_elsewhere(desk: Desk, have: People) -> None:
    some_entries(desk)
    have(PAUL, ANNA)
    page = shown_page(desk)
    page.head.search.setText("saar")
    assert column(page) == ["Anneli Saar"]
    assert page.parts.part is Part.ENTRIES
    assert button_of(page).text() == "From elsewhere 1"
    assert "from elsewhere 1" in page.entries.foot
    page.head.search.setText("tamm")
    assert button_of(page).text() == "From elsewhere"
    page.head.search.clear()
    assert button_of(page).text() == "From elsewhere"


def test_where_the_phonebook_has_nobody_the_others_are_one_key_away(
    desk: Desk, have: People
) -> None:
    some_entries(desk)
    have(ANNA)
    page = shown_page(desk)
    page.head.search.setText("zukova")
    assert "Contacts from elsewhere have 1." in texts(page)
    assert button(page, "Show them").isEnabled()
    desk.qtbot.keyClick(page.head.search, Key.Key_Return)
    assert page.outside.pane.list.hasFocus()
    assert [person.name for person in page.outside.pane.chosen()] == ["Anna Žukova"]
    assert page.parts.part is Part.OUTSIDE
    assert [cells[0] for cells in listed(page)] == ["Anna Žukova"]
    page.head.search.setText("näide")
    assert page.parts.part is Part.OUTSIDE
    assert [cells[0] for cells in listed(page)] == ["Anna Žukova"]
    page.head.search.setText("nobody")
    assert "Nobody found" in texts(page)
    assert page.go_back()
    assert page.parts.part is Part.ENTRIES


def test_enter_calls_and_asks_which_of_several_numbers(desk: Desk, have: People) -> None:
    have(ANNA, PAUL)
    page = shown(desk)
    page.outside.pane.list.setFocus()
    choose(page, "Anna Žukova")
    desk.qtbot.keyClick(page.outside.pane.list, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.telco.dialled == [(OWN, "+37251110001")])
    choose(page, "Paul Saar")
    menu = page.outside.pane.menu()
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["Call 5111 0002", "Call 5111 0003"]
    menu.actions()[1].trigger()
    desk.qtbot.waitUntil(lambda: (OWN, "+37251110003") in desk.telco.dialled)
    menu.close()


def test_nobody_is_copied_while_the_phonebook_is_locked(desk: Desk, have: People) -> None:
    have(ANNA, MANY)
    page = shown(desk)
    for names in (("Anna Žukova",), ("Anna Žukova", "Rita")):
        choose(page, *names)
        page.outside.pane.copy.click()
        assert button(page, "Allow changes").hasFocus()
        assert page.parts.part is Part.OUTSIDE
    assert entries(desk) == set()


def test_one_person_is_copied_in_the_form_with_the_spelling_of_the_phones(
    desk: Desk, have: People
) -> None:
    desk.contacts.unlock()
    have(ANNA, PAUL)
    page = shown(desk)
    choose(page, "Anna Žukova")
    page.outside.pane.copy.click()
    form = page.entries.form
    assert form.isVisible()
    assert "ž becomes zh" in form.note(Field.NAME).lower()
    assert entries(desk) == set()
    form.save.click()
    assert entries(desk) == {Content("Anna Zhukova", "+37251110001")}


def test_both_numbers_come_along(desk: Desk, have: People) -> None:
    desk.contacts.unlock()
    have(PAUL)
    page = shown(desk)
    choose(page, "Paul Saar")
    page.outside.pane.copy.click()
    page.entries.form.save.click()
    assert entries(desk) == {Content("Paul Saar", "+37251110002", "+37251110003")}


def test_of_more_than_two_numbers_none_is_cut_unasked(desk: Desk, have: People) -> None:
    desk.contacts.unlock()
    have(MANY)
    page = shown(desk)
    choose(page, "Rita")
    page.outside.pane.copy.click()
    assert page.parts.part is Part.IMPORT
    pane = page.transfer.pane
    desk.qtbot.waitUntil(lambda: [p.verdict for p in pane.planned] == [Verdict.ASK])
    assert pane.row.what.isVisible()
    pane.columns.many.setCurrentIndex(2)
    pane.columns.many.activated.emit(2)
    desk.qtbot.waitUntil(lambda: [p.verdict for p in pane.planned] == [Verdict.ADD] * 2)
    pane.start.click()
    desk.qtbot.waitUntil(lambda: len(entries(desk)) == 2)


def test_only_those_who_are_chosen_are_copied_and_nobody_twice(desk: Desk, have: People) -> None:
    some_entries(desk)
    before = entries(desk)
    have(ANNA, PAUL, KNOWN, Outsider("Anneli Saar", (ANNELI[1],), ("",)))
    page = shown(desk)
    choose(page, "Anna Žukova", "Anneli Saar")
    assert "2 people are chosen." in page.outside.pane.said
    page.outside.pane.copy.click()
    pane = page.transfer.pane
    desk.qtbot.waitUntil(lambda: len(pane.planned) == 2)
    assert sorted(p.verdict for p in pane.planned) == [Verdict.ADD, Verdict.SAME]
    pane.start.click()
    added = Content("Anna Zhukova", "+37251110001")
    desk.qtbot.waitUntil(lambda: entries(desk) == before | {added})
    desk.sync()
    assert "Anna Zhukova" in {entry.name for entry in desk.telco.entries().entries}


def test_a_source_that_goes_takes_its_people_along(desk: Desk, have: People) -> None:
    have(ANNA)
    page = shown(desk)
    assert page.outside.pane.call.isVisible()
    with desk.qtbot.waitSignal(desk.directory.renewed):
        desk.directory.drop_outside(1)
    assert listed(page) == []
    assert not page.outside.pane.call.isVisible()
    wanted = heard(page.wanted)
    button(page, "Add a source").click()
    assert wanted == [Act.SOURCES]


def test_numbers_of_the_chosen_are_copied_as_text(desk: Desk, have: People) -> None:
    have(PAUL)
    page = shown(desk)
    choose(page, "Paul Saar")
    page.outside.pane.list.setFocus()
    desk.qtbot.keyClick(page.outside.pane.list, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "+37251110002\n+37251110003"


def test_texts_from_outside_are_plain(desk: Desk, have: People) -> None:
    have(Outsider(HOSTILE, ("+37251110001",), ("",), HOSTILE))
    page = shown(desk)
    assert "\u202e" not in "".join(listed(page)[0])
    assert "%(who)s" in listed(page)[0][0]
