"""The Phonebook page: locked at first, edited in place and in the form, searched, called from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from desk_phone.errors import Offline
from desk_phone.model.entries import Content
from desk_phone.ui.phonebook.cells import Column
from desk_phone.ui.phonebook.draft import Field, wire_of
from desk_phone.ui.phonebook.menu import RowAct
from tests.ui.conftest import HOSTILE, Desk
from tests.ui.phonebook_list import (
    ANNELI,
    KRISTIINA,
    button,
    cell_editor,
    choose,
    column,
    commit,
    shown_page,
    some_entries,
    states,
    texts,
    type_into_cell,
)

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


def _effective(desk: Desk) -> set[Content | None]:
    return {contact.effective for contact in desk.contacts.book.contacts()}


# locked


def test_nothing_can_be_changed_until_it_is_unlocked_once(desk: Desk) -> None:
    desk.list_entries(("Anneli Saar", "+37250227781"))
    page = shown_page(desk)
    assert "The whole company sees this phonebook" in texts(page)
    assert not any(
        button.isEnabled() for button in (page.head.add, page.head.delete, page.head.undo)
    )
    choose(page, "Anneli Saar")
    desk.qtbot.keyClick(page.entries.table, Key.Key_F2)
    allow = button(page, "Allow changes")
    assert allow.hasFocus()
    allow.click()
    assert page.head.add.isEnabled()
    assert "The whole company" not in texts(page)
    assert desk.preferences.settings.phonebook_unlocked


def test_tab_into_the_table_chooses_its_first_entry(desk: Desk) -> None:
    desk.list_entries(("Anneli Saar", "+37250227781"), ("Kristiina Õunapuu", "+3725123456"))
    table = shown_page(desk).entries.table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.selectionModel().isRowSelected(0)


def test_shift_chooses_several(desk: Desk) -> None:
    desk.list_entries(("Anneli Saar", "+37250227781"), ("Kristiina Õunapuu", "+3725123456"))
    table = shown_page(desk).entries.table
    table.choose_first()
    desk.qtbot.keyClick(table, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(table.selectionModel().selectedRows()) == 2


def test_delete_while_locked_deletes_nothing(desk: Desk) -> None:
    desk.list_entries(("Anneli Saar", "+37250227781"))
    page = shown_page(desk)
    choose(page, "Anneli Saar")
    desk.qtbot.keyClick(page.entries.table, Key.Key_Delete)
    assert _effective(desk) == {Content("Anneli Saar", "+37250227781")}


def test_a_number_to_be_added_waits_until_changes_are_allowed(desk: Desk) -> None:
    page = shown_page(desk)
    page.begin_new("+37251234567")
    assert not page.entries.form.isVisible()
    button(page, "Allow changes").click()
    assert page.entries.form.field(Field.NUMBER1).text() == "5123 4567"
    assert page.entries.form.field(Field.NAME).hasFocus()


# the table


def test_entries_stand_in_the_order_of_their_names(desk: Desk) -> None:
    some_entries(desk)
    desk.contacts.add("Сергей Иванов", "56981122")
    desk.contacts.add("Ülle Žukova", "+371 29 123 456")
    page = shown_page(desk)
    assert column(page) == [
        "Anneli Saar", "Jaan Tamm", "Kristiina Õunapuu", "Сергей Иванов", "Ülle Žukova",
    ]  # fmt: skip
    assert column(page, Column.WIRE)[-2:] == ["Sergei Ivanov", "Ülle Zhukova"]
    assert column(page, Column.NUMBER2)[1] == "5123 0000"
    assert column(page, Column.STATE) == ["On the server"] * 3 + ["Waiting"] * 2


def test_a_click_on_the_head_turns_the_order(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Anneli Saar")
    page.entries.table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    assert column(page) == ["Kristiina Õunapuu", "Jaan Tamm", "Anneli Saar"]
    assert page.entries.table.current() == page.entries.model.row(page.entries.model.index(2, 0))
    desk.contacts.add("Jüri", "6401111")
    assert column(page) == ["Kristiina Õunapuu", "Jüri", "Jaan Tamm", "Anneli Saar"]


def test_what_the_sync_brings_appears_and_the_chosen_stays_chosen(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    desk.list_entries(("Aadu", "+3726400009"))
    assert column(page)[0] == "Aadu"
    current = page.entries.table.current()
    assert current is not None
    assert current.name == "Jaan Tamm"
    assert [row.name for row in page.entries.table.chosen()] == ["Jaan Tamm"]


def test_sent_entries_come_to_be_on_the_server(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.contacts.add("Mari", "6401111")
    assert states(page)["Mari"] == "Waiting"
    desk.sync()
    assert states(page)["Mari"] == "On the server"


# searching


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        pytest.param("ounapuu", ["Kristiina Õunapuu"], id="no marks"),
        pytest.param("5123", ["Jaan Tamm", "Kristiina Õunapuu"], id="number"),
        pytest.param("ivanov", ["Сергей Иванов"], id="Latin for Cyrillic"),
        pytest.param("иванов", ["Сергей Иванов"], id="Cyrillic"),
        pytest.param("xyzxyz", [], id="nothing"),
    ],
)
def test_search_finds_any_spelling(desk: Desk, sought: str, found: list[str]) -> None:
    some_entries(desk)
    desk.contacts.add("Сергей Иванов", "56981122")
    page = shown_page(desk)
    page.search()
    page.findChildren(QLineEdit)[0].insert(sought)
    assert sorted(column(page)) == found
    if not found:
        assert "Nothing found for “xyzxyz”" in texts(page)
        button(page, "Show all entries").click()
        assert len(column(page)) == 4


def test_changes_while_something_is_sought_are_shown(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.findChildren(QLineEdit)[0].insert("tamm")
    desk.contacts.add("Mari Tamm", "6401111")
    assert sorted(column(page)) == ["Jaan Tamm", "Mari Tamm"]


def test_esc_goes_back_a_step_at_a_time(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.findChildren(QLineEdit)[0].insert("tamm")
    page.begin_new()
    assert page.go_back()
    assert not page.entries.form.isVisible()
    assert page.go_back()
    assert len(column(page)) == 3
    assert not page.go_back()


# editing in place


def test_f2_edits_and_enter_saves(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    type_into_cell(desk, page, "Jaan Žukov")
    assert "Jaan Žukov" in column(page)
    assert Content("Jaan Zhukov", "+3726123410", "+37251230000") in _effective(desk)
    current = page.entries.table.current()
    assert current is not None
    assert current.name == "Jaan Žukov"


def test_the_spelling_for_the_phones_can_be_edited_by_itself(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm", Column.WIRE)
    type_into_cell(desk, page, "Jaan T")
    assert "Jaan Tamm" in column(page)
    assert Content("Jaan T", "+3726123410", "+37251230000") in _effective(desk)


def test_esc_in_a_cell_changes_nothing(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    desk.qtbot.keyClick(page.entries.table, Key.Key_F2)
    editor = cell_editor(page)
    editor.insert("x")
    desk.qtbot.keyClick(editor, Key.Key_Escape)
    assert "Jaan Tamm" in column(page)
    assert page.isVisible()


def test_a_number_that_is_none_stays_in_its_cell_marked(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm", Column.NUMBER1)
    type_into_cell(desk, page, "+372 51")
    index = page.entries.table.currentIndex()
    assert index.data() == "+372 51"
    assert page.entries.model.problem(index) == "Too short for a phone number."
    assert "1 entry is not saved" in texts(page)
    assert "“+372 51”" in texts(page)
    assert Content("Jaan Tamm", "+3726123410", "+37251230000") in _effective(desk)
    choose(page, "Anneli Saar")
    button(page, "Show").click()
    editor = cell_editor(page)
    assert editor.text() == "+372 51"
    editor.selectAll()
    editor.insert("6123411")
    commit(desk, page)
    assert Content("Jaan Tamm", "+3726123411", "+37251230000") in _effective(desk)
    assert "not saved" not in texts(page)


def test_a_sync_does_not_take_away_what_is_not_saved(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm", Column.NUMBER1)
    type_into_cell(desk, page, "abc")
    desk.list_entries(("Aadu", "+3726400009"))
    row = column(page).index("Jaan Tamm")
    assert page.entries.model.index(row, Column.NUMBER1).data() == "abc"


def test_what_an_editor_makes_of_a_name_is_said_while_typing(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    desk.qtbot.keyClick(page.entries.table, Key.Key_F2)
    cell_editor(page).insert("Žanna 李")
    assert page.entries.foot == "Ž becomes Zh. Left out, no phone shows it: 李"


def test_a_double_is_told_at_its_cell(desk: Desk) -> None:
    some_entries(desk)
    desk.list_entries(("Anneli Saar", "+3726400001"))
    page = shown_page(desk)
    choose(page, "Anneli Saar", Column.NUMBER1)
    first, second = [n for n, name in enumerate(column(page)) if name == "Anneli Saar"]
    other = page.entries.model.index(second, Column.NUMBER1).data()
    type_into_cell(desk, page, other)
    index = page.entries.model.index(first, Column.NAME)
    assert page.entries.model.problem(index).startswith("It is already there")


# the form


def test_ctrl_n_adds_an_entry(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.qtbot.keyClick(page, Key.Key_N, Ctrl)
    form = page.entries.form
    form.field(Field.NAME).insert("Žanna Šmidt")
    assert form.field(Field.WIRE).text() == "Zhanna Shmidt"
    assert form.note(Field.NAME) == "Ž becomes Zh, Š becomes Sh."
    form.field(Field.NUMBER1).insert("640 3231")
    desk.qtbot.keyClick(form.field(Field.NUMBER1), Key.Key_Return)
    assert not form.isVisible()
    assert states(page)["Žanna Šmidt"] == "Waiting"
    current = page.entries.table.current()
    assert current is not None
    assert current.content == Content("Zhanna Shmidt", "+3726403231")


def test_the_person_may_spell_a_name_for_the_phones(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.begin_new()
    form = page.entries.form
    form.field(Field.NAME).insert("Žanna")
    form.field(Field.WIRE).selectAll()
    form.field(Field.WIRE).insert("Zanna")
    form.field(Field.NUMBER1).insert("6403231")
    form.save.click()
    assert Content("Zanna", "+3726403231") in _effective(desk)


def test_a_spelling_typed_as_it_was_proposed_still_follows_the_name(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.begin_new()
    form = page.entries.form
    form.field(Field.NAME).insert("Žanna")
    form.field(Field.WIRE).selectAll()
    form.field(Field.WIRE).insert("Zhanna")
    form.field(Field.NAME).insert(" Šmidt")
    assert form.draft.wire == ""
    assert wire_of(form.draft) == "Zhanna Shmidt"


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        pytest.param(("", "640 3231", ""), Field.NAME, "An entry needs a name.", id="no name"),
        pytest.param(("Mari", "", ""), Field.NUMBER1, "An entry needs one number", id="no number"),
        pytest.param(("Mari", "+372 51", ""), Field.NUMBER1, "Too short", id="short"),
        pytest.param(("Mari", "640 3231", "abc"), Field.NUMBER2, "no letters", id="letters"),
        pytest.param(
            ("Mari", "640 3231, 5123 4567", "5698 1122"),
            Field.NUMBER1,
            "There are 2 numbers here.",
            id="two in one field",
        ),
        pytest.param(("李", "640 3231", ""), Field.NAME, "no letter of this name", id="letters"),
        pytest.param(("x" * 200, "640 3231", ""), Field.NAME, "At most 128 letters.", id="long"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    desk: Desk, typed: tuple[str, str, str], field: Field, said: str
) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.begin_new()
    form = page.entries.form
    fields = (Field.NAME, Field.NUMBER1, Field.NUMBER2)
    for one, text in zip(fields, typed, strict=True):
        form.field(one).insert(text)
    form.save.click()
    assert said in form.note(field)
    assert form.field(field).hasFocus()
    assert tuple(form.field(one).text() for one in fields) == typed
    assert len(_effective(desk)) == 3


def test_esc_keeps_what_was_typed_for_the_next_time(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.begin_new()
    page.entries.form.field(Field.NAME).insert("Mari")
    desk.qtbot.keyClick(page.entries.form.field(Field.NAME), Key.Key_Escape)
    page.begin_new()
    assert page.entries.form.field(Field.NAME).text() == "Mari"
    page.entries.form.cancel.click()
    page.begin_new()
    assert page.entries.form.field(Field.NAME).text() == ""


def test_a_number_asked_for_comes_although_something_was_begun(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.begin_new()
    page.entries.form.field(Field.NAME).insert("Mari")
    page.begin_new("+37251234567")
    assert page.entries.form.field(Field.NUMBER1).text() == "5123 4567"


def test_a_double_is_told_in_the_form(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.begin_new()
    form = page.entries.form
    form.field(Field.NAME).insert("Anneli Saar")
    form.field(Field.NUMBER1).insert("5022 7781")
    form.save.click()
    assert form.isVisible()
    assert "It is already there." in texts(form)
    assert form.field(Field.NAME).text() == "Anneli Saar"


# deleting and undoing


def test_del_deletes_and_ctrl_z_brings_back(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    desk.qtbot.keyClick(page.entries.table, Key.Key_Delete)
    assert states(page)["Jaan Tamm"] == "Being deleted"
    assert "Jaan Tamm is deleted" in texts(page)
    desk.qtbot.keyClick(page.entries.table, Key.Key_Z, Ctrl)
    assert states(page)["Jaan Tamm"] == "On the server"
    assert "Undone" in texts(page)


def test_many_are_deleted_only_after_a_question(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    page.entries.table.selectAll()
    desk.qtbot.keyClick(page.entries.table, Key.Key_Delete)
    assert "Delete 3 entries?" in texts(page)
    assert len(_effective(desk)) == 3
    next(b for b in page.notices.findChildren(type(page.head.delete)) if b.isVisible()).click()
    assert set(column(page, Column.STATE)) == {"Being deleted"}


def test_what_is_being_deleted_is_not_edited_but_may_be_kept(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    page.head.delete.click()
    index = page.entries.table.currentIndex()
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable
    row = page.entries.table.current()
    assert row is not None
    page.act(row, RowAct.RESTORE)
    assert states(page)["Jaan Tamm"] == "On the server"


def test_undo_says_why_it_cannot_be(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    type_into_cell(desk, page, "Jaan Sepp")
    desk.sync()
    desk.telco.entries_ = {
        id_: type(entry)(id_, "Theirs", entry.number1, entry.number2)
        for id_, entry in desk.telco.entries_.items()
    }
    desk.clock.pass_(minutes=5)
    desk.sync()
    page.undo_last()
    assert "This entry has changed since" in texts(page)


# calling and copying


@pytest.mark.parametrize(
    ("where", "number"),
    [(Column.NAME, "+3726123410"), (Column.NUMBER2, "+37251230000")],
    ids=["first", "second"],
)
def test_enter_calls_the_number_with_the_keyboard(desk: Desk, where: Column, number: str) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm", where)
    desk.qtbot.keyClick(page.entries.table, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))
    assert desk.telco.dialled == [("+3726403231", number)]


def test_how_a_call_goes_is_told_on_this_page(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    desk.telco.trouble["call"].append(Offline("No connection", "Is the cable plugged in?"))
    desk.qtbot.keyClick(page.entries.table, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: "No connection" in texts(page.notices))
    desk.clock.pass_(minutes=1)
    desk.qtbot.keyClick(page.entries.table, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: "is ringing: lift the handset" in texts(page.notices))


def test_the_table_keeps_the_keyboard_after_an_edit_among_found_entries(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.qtbot.keyClicks(page.head.search, "anneli")
    desk.qtbot.keyClick(page.head.search, Key.Key_Return)
    type_into_cell(desk, page, "Anneli Sepp")
    assert column(page) == ["Anneli Sepp"]
    assert page.entries.table.hasFocus()
    desk.qtbot.keyClick(page.entries.table, Key.Key_Delete)
    desk.sync()
    assert column(page) == []
    assert button(page, "Show all entries").hasFocus()


def test_the_enter_that_ends_an_edit_calls_nobody(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    wanted: list[str] = []
    page.entries.table.call_wanted.connect(wanted.append)
    choose(page, "Anneli Saar")
    type_into_cell(desk, page, "Anneli Sepp")
    assert wanted == []
    desk.qtbot.keyClick(page.entries.table, Key.Key_Return)
    assert wanted == ["+37250227781"]


def test_enter_held_down_calls_nobody(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    none = Qt.KeyboardModifier.NoModifier
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Return, none, "\r", True)
    with desk.qtbot.assertNotEmitted(desk.dialler.progressed):
        QApplication.sendEvent(page.entries.table, held)


def test_copy_copies_the_cell(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm", Column.NUMBER2)
    desk.qtbot.keyClick(page.entries.table, Key.Key_C, Ctrl)
    assert QGuiApplication.clipboard().text() == "5123 0000"


def test_the_menu_offers_what_can_be_done(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    choose(page, "Jaan Tamm")
    row = page.entries.table.current()
    assert row is not None
    offered = [action.text() for action in page.menu_for(row).actions() if action.text()]
    assert offered == [
        "Call 612 3410", "Call 5123 0000", "Copy", "Edit", "Edit in the form", "Delete",
    ]  # fmt: skip
    page.menu_for(row).actions()[0].trigger()
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))


# what is odd


def test_hostile_names_are_harmless(desk: Desk) -> None:
    desk.contacts.unlock()
    desk.contacts.add(HOSTILE, "6401111")
    page = shown_page(desk)
    page.grab()
    index = page.entries.model.index(0, 0)
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        assert "\u202e" not in index.data(role)
    assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)
    choose(page, column(page)[0])
    page.head.delete.click()
    assert "is deleted" in texts(page)


def test_an_empty_phonebook_leads_to_the_first_entry(desk: Desk) -> None:
    desk.contacts.unlock()
    page = shown_page(desk)
    button(page, "Add the first entry").click()
    assert page.entries.form.isVisible()


@pytest.mark.parametrize(
    "second", [pytest.param("", id="no"), pytest.param("+37251230000", id="a")]
)
def test_at_the_usual_width_names_and_states_are_whole(desk: Desk, second: str) -> None:
    desk.contacts.unlock()
    desk.list_entries((*KRISTIINA, second) if second else KRISTIINA, ANNELI)
    page = shown_page(desk)
    table, padding = page.entries.table, 16
    for which in (Column.NAME, Column.WIRE):
        needed = table.fontMetrics().horizontalAdvance(KRISTIINA[0]) + padding
        assert table.columnWidth(which) >= needed
    leaving = table.fontMetrics().horizontalAdvance("Being deleted") + 22 + padding
    assert table.columnWidth(Column.STATE) >= leaving
    assert sum(table.columnWidth(one) for one in Column) <= table.viewport().width()
