"""What waits for a person: conflicts, parked changes, doubtful lists; the trash; earlier states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from desk_phone.errors import BadCredentials, Offline, Uncertain
from desk_phone.model.entries import Content
from desk_phone.telco.refusals import refusal
from desk_phone.ui import words
from desk_phone.ui.phonebook.conflicts_card import DecisionCard
from desk_phone.ui.phonebook.draft import Field
from desk_phone.ui.phonebook.page import PhonebookPage
from desk_phone.ui.phonebook.parts import Part
from desk_phone.ui.trouble import Act
from tests.ui.conftest import HOSTILE, Desk
from tests.ui.phonebook_list import button, buttons, column, shown_page, some_entries, states, texts

OURS = Content("Anneli Saar-Kask", "+37250227781")
THEIRS = Content("Anneli Kask", "+37250227781")


def _conflict(desk: Desk) -> PhonebookPage:
    """We and somebody else renamed Anneli."""
    some_entries(desk)
    page = shown_page(desk)
    anneli = next(
        c for c in desk.contacts.book.contacts() if c.shown and c.shown.name == "Anneli Saar"
    )
    desk.contacts.save(anneli.id, anneli.effective, OURS.name, OURS.number1)
    there = desk.telco.entries_[anneli.server_id]
    desk.telco.entries_[anneli.server_id] = replace(there, name=THEIRS.name)
    desk.sync()
    return page


def _cards(page: PhonebookPage) -> list[DecisionCard]:
    QApplication.processEvents()  # what was put into a layout is shown a moment later
    return [card for card in page.decisions.findChildren(DecisionCard) if card.isVisible()]


def _effective(desk: Desk) -> set[Content | None]:
    return {contact.effective for contact in desk.contacts.book.contacts()}


# conflicts


def test_a_conflict_is_told_and_shown_side_by_side(desk: Desk) -> None:
    page = _conflict(desk)
    assert "1 conflict to decide" in texts(page)
    assert states(page)["Anneli Kask"] == "Conflict"
    button(page.notices, "Decide").click()
    (card,) = _cards(page)
    for said in ("Anneli Saar-Kask", "Anneli Kask", "You and somebody else changed it."):
        assert said in texts(card)


@pytest.mark.parametrize(
    ("pressed", "left"),
    [
        pytest.param("Keep mine", {OURS}, id="mine"),
        pytest.param("Keep theirs", {THEIRS}, id="theirs"),
        pytest.param("Keep both", {OURS, THEIRS}, id="both"),
    ],
)
def test_a_conflict_is_decided(desk: Desk, pressed: str, left: set[Content]) -> None:
    page = _conflict(desk)
    page.parts.show_part(Part.DECIDE)
    button(_cards(page)[0], pressed).click()
    assert _effective(desk) & {OURS, THEIRS} == left
    assert _cards(page) == []
    assert "Nothing to decide" in texts(page)
    assert "conflict" not in texts(page.notices)


def test_with_the_last_conflict_the_keyboard_goes_to_the_part(desk: Desk) -> None:
    page = _conflict(desk)
    page.parts.show_part(Part.DECIDE)
    keep = button(_cards(page)[0], "Keep mine")
    keep.setFocus()
    desk.qtbot.keyClick(keep, Qt.Key.Key_Space)
    assert _cards(page) == []
    focused = page.focusWidget()
    assert isinstance(focused, QToolButton)
    assert focused.text() == "To decide"


def test_a_conflict_is_decided_by_another_text(desk: Desk) -> None:
    page = _conflict(desk)
    page.parts.show_part(Part.DECIDE)
    button(_cards(page)[0], "Edit...").click()
    form = page.decisions.form
    assert form.field(Field.NAME).text() == "Anneli Saar-Kask"
    form.field(Field.NAME).setText("")
    form.field(Field.NAME).insert("Anneli Kask-Saar")
    form.save.click()
    assert Content("Anneli Kask-Saar", "+37250227781") in _effective(desk)
    assert not form.isVisible()


def test_mine_as_it_is_may_be_saved_from_the_form(desk: Desk) -> None:
    page = _conflict(desk)
    page.parts.show_part(Part.DECIDE)
    button(_cards(page)[0], "Edit...").click()
    page.decisions.form.save.click()
    assert OURS in _effective(desk)


def test_nobody_decides_while_it_is_locked(desk: Desk) -> None:
    page = _conflict(desk)
    desk.change(phonebook_unlocked=False)
    page.parts.show_part(Part.DECIDE)
    assert not any(b.isEnabled() for b in _cards(page)[0].findChildren(QPushButton))


# parked changes


def test_a_refused_add_is_parked_with_the_services_words(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.contacts.add("Mari", "6401111")
    desk.telco.trouble["add_entry"].append(refusal("ERR1003", "Bad name"))
    desk.sync()
    assert states(page)["Mari"] == "Refused"
    assert "1 parked change to decide" in texts(page)
    button(page.notices, "Decide").click()
    (card,) = _cards(page)
    assert "The service did not take it." in texts(card)
    button(card, "Look and try again").click()
    desk.sync()
    assert states(page)["Mari"] == "On the server"


def test_an_add_that_no_list_shows_is_parked_and_may_be_given_up(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.contacts.add("Mari", "6401111")
    desk.telco.trouble["add_entry"].append(Offline("No connection"))
    desk.sync()
    desk.telco.trouble["add_entry"].append(Uncertain("No answer"))
    desk.sync()
    desk.telco.entries_.popitem()  # it was done and lost again
    for _ in range(3):
        desk.clock.pass_(minutes=2)
        desk.sync()
    assert states(page)["Mari"] == "Parked"
    page.parts.show_part(Part.DECIDE)
    button(_cards(page)[0], "Give it up").click()
    assert "Mari" not in column(page)


def test_a_parked_entry_may_be_edited(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.contacts.add("Mari", "6401111")
    desk.telco.trouble["add_entry"].append(refusal("ERR1003", "Bad name"))
    desk.sync()
    page.parts.show_part(Part.DECIDE)
    button(_cards(page)[0], "Edit...").click()
    assert page.parts.part is Part.ENTRIES
    assert page.entries.form.field(Field.NAME).text() == "Mari"


# lists that are not believed


def _gone(desk: Desk, times: int = 3) -> PhonebookPage:
    """The service's list is empty, so many times."""
    some_entries(desk)
    page = shown_page(desk)
    desk.telco.entries_.clear()
    for _ in range(times):
        desk.clock.pass_(minutes=11)
        desk.sync()
    return page


def test_a_list_that_lacks_too_much_changes_nothing_and_says_so(desk: Desk) -> None:
    page = _gone(desk, times=1)
    said = texts(page.notices)
    assert "3 entries are gone from the service's list" in said
    assert "nothing is removed here and nothing is sent" in said
    assert button(page.notices, "Look now").isEnabled()
    assert len(column(page)) == 3


@pytest.mark.parametrize(
    ("pressed", "there", "here"),
    [
        pytest.param("Keep waiting", 0, 3, id="wait"),
        pytest.param("They were deleted on purpose", 0, 0, id="on purpose"),
        pytest.param("Put mine back", 3, 3, id="put back"),
    ],
)
def test_after_three_such_lists_a_person_decides(
    desk: Desk, pressed: str, there: int, here: int
) -> None:
    page = _gone(desk)
    answers = [b.text() for b in buttons(page.notices)]
    assert answers == ["Keep waiting", "They were deleted on purpose", "Put mine back"]
    button(page.notices, pressed).click()
    desk.qtbot.waitUntil(lambda: not desk.contacts.state.busy)
    for _ in range(3):
        desk.clock.pass_(minutes=2)
        desk.sync()
    assert len(desk.telco.entries_) == there
    assert len(column(page)) == here


def test_new_ids_make_it_read_only_until_a_person_agrees(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.telco.entries_ = {
        str(n): replace(entry, id=str(n))
        for n, entry in enumerate(desk.telco.entries_.values(), 100)
    }
    desk.clock.pass_(minutes=1)
    desk.sync()
    assert "under other numbers of its own" in texts(page)
    assert not page.head.add.isEnabled()
    button(page.notices, "Take the new numbers").click()
    desk.qtbot.waitUntil(page.head.add.isEnabled)
    assert set(column(page)) == {"Anneli Saar", "Jaan Tamm", "Kristiina Õunapuu"}


# the connection


def test_offline_edits_are_kept_and_it_says_when_it_tries_again(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.contacts.add("Mari", "6401111")
    desk.telco.trouble["entries"].append(Offline("No connection to the phone service", "Cable?"))
    desk.sync()
    said = texts(page.notices)
    assert "No connection to the phone service" in said
    assert "1 change is kept here and sent later." in said
    assert "Next try in" in said
    button(page.notices, "Try now").click()
    desk.qtbot.waitUntil(lambda: states(page)["Mari"] == "On the server")
    assert "No connection" not in texts(page.notices)


def test_a_refused_password_leads_to_the_account(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.telco.trouble["entries"].append(BadCredentials("The password was refused", "Enter it."))
    desk.sync()
    with desk.qtbot.waitSignal(page.wanted) as wanted:
        button(page.notices, "Open account").click()
    assert wanted.args == [Act.ACCOUNT]


# the trash


def test_what_was_deleted_is_put_back_from_the_trash(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    jaan = desk.contacts.book.contacts()[-1]
    desk.contacts.delete(jaan.id, jaan.effective)
    desk.sync()
    assert "Jaan Tamm" not in column(page)
    page.parts.show_part(Part.TRASH)
    (line,) = page.trash.list.lines
    assert line.cells[:2] == ("Jaan Tamm", "612 3410, 5123 0000")
    page.trash.list.choose(jaan.id)
    assert page.trash.restore.isVisible()
    page.trash.restore.click()
    assert page.trash.list.lines == []
    assert not page.trash.restore.isVisible()
    for _ in range(2):
        desk.clock.pass_(minutes=2)
        desk.sync()
    assert states(page)["Jaan Tamm"] == "On the server"


def test_what_was_deleted_here_is_gone_since_then_whenever_a_list_shows_it(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    jaan = desk.contacts.book.contacts()[-1]
    at = words.clock(desk.clock.at)
    desk.contacts.delete(jaan.id, jaan.effective)
    desk.clock.pass_(minutes=2)
    desk.sync()
    page.parts.show_part(Part.TRASH)
    (line,) = page.trash.list.lines
    assert line.cells[2:] == (at, "deleted here")


def test_undoing_says_what_was_undone(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.contacts.add("Klient", "640 1234")
    page.undo_last()
    assert "Undone: Klient had been added, and is taken out again" in texts(page.notices)
    anneli = desk.contacts.book.contacts()[0]
    desk.contacts.delete(anneli.id, anneli.effective)
    page.undo_last()
    assert "is as before" in texts(page.notices)


def test_undoing_names_people_as_the_person_spells_them(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    added = desk.contacts.add("Žanna Õunapuu", "640 1234")
    (zanna,) = (c for c in desk.contacts.book.contacts() if c.id == added)
    desk.contacts.delete(added, zanna.effective)
    page.undo_last()
    assert "Undone: Žanna Õunapuu is as before" in texts(page.notices)
    page.undo_last()
    assert "Undone: Žanna Õunapuu had been added, and is taken out again" in texts(page.notices)


# earlier states


def test_an_earlier_state_is_compared_and_brought_back(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.clock.pass_(days=2)
    desk.sync()  # keeps a copy
    anneli, jaan = (
        next(c for c in desk.contacts.book.contacts() if c.shown and c.shown.name == name)
        for name in ("Anneli Saar", "Jaan Tamm")
    )
    desk.contacts.save(anneli.id, anneli.effective, "Anneli Kask", "5022 7781")
    desk.contacts.delete(jaan.id, jaan.effective)
    page.parts.show_part(Part.SNAPSHOTS)
    newest = page.snapshots.list.lines[0]
    assert newest.cells[2] == "3"
    page.snapshots.list.choose(newest.key)
    assert page.snapshots.said == "1 would come back, 1 would change."
    assert {line.cells[0] for line in page.snapshots.steps.lines} == {"Add", "Change"}
    page.snapshots.restore.click()
    assert "Bring this state back?" in texts(page.notices)
    assert Content("Anneli Saar", "+37250227781") not in _effective(desk)
    button(page.notices, "Bring it back").click()
    desk.qtbot.waitUntil(lambda: page.snapshots.said == "2 changes made.")
    assert Content("Anneli Saar", "+37250227781") in _effective(desk)
    assert "Jaan Tamm" in column(page)


def test_without_a_copy_the_page_says_when_there_will_be_one(desk: Desk) -> None:
    page = shown_page(desk)
    page.parts.show_part(Part.SNAPSHOTS)
    assert "No earlier states yet" in texts(page)


def test_hostile_names_are_harmless_everywhere(desk: Desk) -> None:
    some_entries(desk)
    desk.contacts.add(HOSTILE, "6401111")
    desk.telco.trouble["add_entry"].append(refusal("ERR1003", HOSTILE))
    desk.sync()
    page = shown_page(desk)
    for part in (Part.DECIDE, Part.TRASH, Part.SNAPSHOTS):
        page.parts.show_part(part)
        page.grab()
        assert "\u202e" not in texts(page)


def test_the_countdown_goes_on_while_it_is_seen(desk: Desk) -> None:
    some_entries(desk)
    page = shown_page(desk)
    desk.telco.trouble["entries"].append(Offline("No connection"))
    desk.sync()
    before = texts(page.notices)
    desk.clock.at += timedelta(seconds=2)
    desk.qtbot.waitUntil(lambda: texts(page.notices) != before)
