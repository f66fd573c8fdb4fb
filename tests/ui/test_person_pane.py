"""Beside the list of calls: who it was, what was noted, what is to be done and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from desk_phone.app.follow_up import FollowUp
from desk_phone.model.calls import Attention, Notice
from desk_phone.store.calls import CallFilter
from desk_phone.ui import words
from desk_phone.ui.calls.page import CallsPage
from desk_phone.ui.calls.person_pane import PersonPane
from desk_phone.ui.calls.view import CallsView
from desk_phone.ui.phonebook.undo_strip import UndoStrip
from tests.ui.calls_list import filter_button, names, show, some_history, view_of
from tests.ui.conftest import HOSTILE, OWN, Desk

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
JAAN, MARI = "+37251234567", "+3726401111"


@dataclass
class Shown:
    """A page of calls with a few of them, the first chosen."""

    desk: Desk
    page: CallsPage
    follow_up: FollowUp
    view: CallsView

    @property
    def pane(self) -> PersonPane:
        (pane,) = self.page.findChildren(PersonPane)
        return pane

    @property
    def strip(self) -> UndoStrip:
        (strip,) = self.page.findChildren(UndoStrip)
        return strip

    def choose(self, name: str) -> PersonPane:
        self.view.choose(names(self.page).index(name))
        return self.pane

    def clock(self, **ahead: float) -> str:
        return words.clock(self.desk.clock.at + timedelta(**ahead))

    def said(self) -> str:
        labels = self.pane.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())


@pytest.fixture
def shown(desk: Desk) -> Iterator[Shown]:
    follow_up = FollowUp(desk.calls, desk.now)
    page = CallsPage(
        *(desk.calls, desk.dialler, desk.account, desk.directory, QWidget(), desk.now),
        seen_after_ms=60_000,
        follow_up=follow_up,
    )
    desk.qtbot.addWidget(page)
    page.resize(680, 600)
    some_history(desk)
    yield Shown(desk, page, follow_up, show(desk, page))
    page.hide()
    follow_up.stop()


# who


def test_nobody_is_beside_the_list_until_a_call_is_chosen(shown: Shown) -> None:
    shown.page.search()
    assert not shown.pane.isVisible()
    shown.choose("Jaan Tamm")
    assert shown.pane.isVisible()


def test_the_person_of_the_chosen_call(shown: Shown) -> None:
    shown.choose("Jaan Tamm")
    said = shown.said()
    for word in ("Jaan Tamm", "5123 4567 · Mobile", "from the call record", "Talked 3:00"):
        assert word in said
    assert not shown.pane.add.isVisible()


def test_other_calls_with_the_same_person(shown: Shown) -> None:
    shown.desk.add("6401111", "Mari Õunapuu", timedelta(minutes=3), None, outgoing=True)
    shown.desk.poll()
    pane = shown.choose("Mari Õunapuu")
    assert [call.outcome for call in pane.past.calls] == ["1 min"]
    assert "Mari Õunapuu" in pane.past.accessibleName()
    shown.choose("Jaan Tamm")
    assert not pane.past.isVisible()


def test_a_withheld_number_offers_what_can_be_done(shown: Shown) -> None:
    pane = shown.choose("Number withheld")
    assert "The caller sent no number" in shown.said()
    for absent in (pane.call, pane.copy, pane.add, pane.state.later, pane.person_note):
        assert not absent.isVisible()
    assert pane.state.done.isVisible()
    assert pane.call_note.isVisible()


def test_text_from_outside_stays_text(shown: Shown) -> None:
    shown.desk.miss("51234560", HOSTILE)
    shown.view.choose(0)
    call = shown.pane.shown
    assert call is not None
    shown.follow_up.write_call_note(call.id, HOSTILE)
    shown.follow_up.write_call_note(call.id, f"{HOSTILE}!")
    shown.follow_up.write_call_note(call.id, "")
    assert "<img" in shown.said()
    (earlier,) = shown.pane.earlier_menu(0).actions()
    assert "&&" in earlier.text()


def test_the_buttons_call_copy_and_add(shown: Shown) -> None:
    shown.desk.miss("51234560", "")
    shown.view.choose(0)
    pane = shown.pane
    pane.copy.click()
    assert QGuiApplication.clipboard().text() == "+37251234560"
    with shown.desk.qtbot.waitSignal(shown.page.add_wanted) as wanted:
        pane.add.click()
    assert wanted.args == ["+37251234560"]
    pane.call.click()
    shown.desk.qtbot.waitUntil(lambda: bool(shown.desk.telco.dialled))
    assert shown.desk.telco.dialled == [(OWN, "+37251234560")]


# notes


def test_ctrl_i_leads_to_the_note_and_esc_back_to_the_list(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    shown.view.setFocus()
    shown.desk.qtbot.keyClick(shown.view, Key.Key_I, Ctrl)
    assert pane.call_note.field.hasFocus()
    shown.desk.qtbot.keyClicks(pane.call_note.field, "Send the offer")
    shown.desk.qtbot.keyClick(pane.call_note.field, Key.Key_Escape)
    assert shown.view.hasFocus()
    call = pane.shown
    assert call is not None
    assert shown.follow_up.call_note(call.id) == "Send the offer"


def test_esc_in_a_note_is_no_shortcut_of_the_window(shown: Shown) -> None:
    closing = QShortcut(QKeySequence("Esc"), shown.page)
    pane = shown.choose("Jaan Tamm")
    pane.call_note.focus()
    with shown.desk.qtbot.assertNotEmitted(closing.activated):
        shown.desk.qtbot.keyClick(pane.call_note.field, Key.Key_Escape)
    assert shown.view.hasFocus()
    with shown.desk.qtbot.waitSignal(closing.activated):
        shown.desk.qtbot.keyClick(shown.view, Key.Key_Escape)


def test_who_types_still_sees_the_field_in_a_low_window(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    shown.page.begin_note()
    shown.page.resize(640, 330)

    def is_seen() -> bool:
        field = pane.call_note.field
        return field.visibleRegion().boundingRect().height() == field.height()

    shown.desk.qtbot.waitUntil(is_seen)


def test_ctrl_i_without_a_choice_takes_the_newest_call(shown: Shown) -> None:
    shown.page.begin_note()
    assert shown.pane.shown == shown.desk.ledger.page()[0]
    assert shown.pane.call_note.field.hasFocus()


def test_choosing_another_call_keeps_what_was_typed(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    was = pane.shown
    assert was is not None
    shown.desk.qtbot.keyClicks(pane.call_note.field, "of the call")
    shown.desk.qtbot.keyClicks(pane.person_note.field, "about Jaan")
    shown.choose("Mari Õunapuu")
    assert (pane.call_note.text, pane.person_note.text) == ("", "")
    assert shown.follow_up.call_note(was.id) == "of the call"
    assert shown.follow_up.person_note(JAAN) == "about Jaan"
    shown.choose("Jaan Tamm")
    assert (pane.call_note.text, pane.person_note.text) == ("of the call", "about Jaan")


def test_calls_that_come_leave_the_typing_alone(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    field = pane.call_note.field
    pane.call_note.focus()
    shown.desk.qtbot.keyClicks(field, "half a ")
    for n in range(3):
        shown.desk.add(f"5555500{n}", "", timedelta(minutes=1))
    shown.desk.poll()
    assert pane.shown is not None
    assert pane.shown.name == "Jaan Tamm"
    shown.desk.qtbot.keyClicks(field, "word")
    assert (field.hasFocus(), field.toPlainText()) == (True, "half a word")
    field.undo()
    assert field.toPlainText() != "half a word"


def test_a_search_finds_notes_and_goes_on_as_they_change(shown: Shown) -> None:
    search = shown.page.findChildren(QLineEdit)[0]
    shown.desk.qtbot.keyClicks(search, "window")
    assert names(shown.page) == []
    mari = next(call.id for call in shown.desk.ledger.page() if call.other == MARI)
    shown.follow_up.write_call_note(mari, "Wants windows")
    assert names(shown.page) == ["Mari Õunapuu"]
    shown.follow_up.write_person_note(JAAN, "Sells windows")
    assert names(shown.page) == ["Jaan Tamm", "Mari Õunapuu"]


def test_an_earlier_text_is_brought_back_from_the_menu(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    earlier = pane.earlier[1]
    assert not earlier.isVisible()
    shown.follow_up.write_person_note(JAAN, "The whole story")
    shown.follow_up.write_person_note(JAAN, "")
    assert earlier.isVisible()
    (action,) = pane.earlier_menu(1).actions()
    assert "The whole story" in action.text()
    action.trigger()
    assert shown.follow_up.person_note(JAAN) == "The whole story"


def test_what_is_typed_goes_on_when_two_calls_turn_out_to_be_one(desk: Desk, shown: Shown) -> None:
    """A notice rings; its record is withheld at first and so another call."""
    at = desk.clock.at.replace(microsecond=0) - timedelta(seconds=20)
    desk.ledger.record(Notice(OWN, "+37251112222", at, "", "Start", "No"), now=desk.clock.at)
    desk.add("51112222", "", timedelta(seconds=25))
    *before, known = desk.telco.records[OWN]
    desk.telco.records[OWN] = (*before, replace(known, calling=""))
    desk.poll()
    record = next(call for call in desk.ledger.page() if call.record_id == known.id)
    shown.view.choose(names(shown.page).index("Number withheld"))
    pane = shown.pane
    assert pane.shown == record
    shown.desk.qtbot.keyClicks(pane.call_note.field, "kept by the timer")
    assert pane.keep()
    shown.desk.qtbot.keyClicks(pane.call_note.field, "; not yet")
    desk.telco.records[OWN] = (*before, known)
    desk.poll()
    assert pane.shown is not None
    assert pane.shown.id < record.id
    assert desk.ledger.call(record.id) is None
    assert pane.keep()
    kept = shown.follow_up.call_note(pane.shown.id)
    assert kept == "kept by the timer; not yet"


# what is to be done


def test_done_is_undone_in_the_pane(shown: Shown) -> None:
    shown.desk.miss("55512345", "Peeter Paan")
    pane = shown.choose("Peeter Paan")
    assert pane.state.text == "1 missed call waits for you"
    pane.state.done.click()
    assert pane.state.text == f"You marked it done {shown.clock()}"
    assert not pane.state.done.isVisible()
    pane.state.undo.click()
    assert pane.state.text == "1 missed call waits for you"


def test_later_is_told_and_undone(shown: Shown) -> None:
    shown.desk.miss("55512345", "Peeter Paan")
    pane = shown.choose("Peeter Paan")
    shown.follow_up.snooze("+37255512345", shown.desk.clock.at + timedelta(hours=20))
    assert pane.state.text == f"Later: tomorrow {shown.clock(hours=20)}"
    assert pane.state.done.isVisible()
    pane.state.undo.click()
    assert pane.state.text == "1 missed call waits for you"
    assert shown.desk.ledger.missed_people() == 2


def test_what_a_talk_did_is_said_and_undone(shown: Shown) -> None:
    shown.desk.miss("55512345", "Peeter Paan", timedelta(hours=1))
    minutes = timedelta(minutes=1)
    shown.desk.add("55512345", "Peeter Paan", 30 * minutes, minutes, outgoing=True)
    shown.desk.poll()
    pane = shown.choose("Peeter Paan")
    assert pane.state.text == f"Done by itself: you talked {shown.clock(minutes=-30)}"
    pane.state.undo.click()
    assert pane.state.text == "1 missed call waits for you"


def test_a_reminder_that_came_stands_until_it_is_done(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    shown.follow_up.snooze(JAAN, shown.desk.clock.at + timedelta(hours=1))
    shown.desk.clock.pass_(hours=2)
    shown.follow_up.look()
    assert pane.state.text == f"To call back since {shown.clock(hours=-1)}"
    pane.state.done.click()
    assert pane.state.text == ""


def test_the_times_of_later_are_offered(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    menu = pane.state.later_menu(pane.earlier_menu(0), JAAN)
    assert [action.text() for action in menu.actions()] == [
        *("In 30 min", "In 2 h", "Tomorrow 09:00")
    ]
    menu.actions()[0].trigger()
    assert pane.state.text == f"Later: {shown.clock(minutes=30)}"


def test_whoever_left_the_list_can_be_brought_back(shown: Shown) -> None:
    shown.desk.miss("55512345", "Peeter Paan")
    filter_button(shown.page, CallFilter.CALL_BACK).click()
    assert not shown.strip.isVisible()
    shown.choose("Peeter Paan").state.done.click()
    assert names(shown.page) == []
    assert not shown.pane.isVisible()
    assert shown.strip.text.text() == "Done: Peeter Paan"
    shown.strip.undo.click()
    assert names(shown.page) == ["Peeter Paan"]
    assert not shown.strip.isVisible()


def test_ctrl_z_in_the_list_takes_back_what_was_done(shown: Shown) -> None:
    shown.desk.miss("55512345", "Peeter Paan")
    shown.choose("Peeter Paan")
    shown.follow_up.handle("+37255512345")
    shown.view.setFocus()
    shown.desk.qtbot.keyClick(shown.view, Key.Key_Z, Ctrl)
    assert shown.desk.ledger.page()[0].attention is Attention.NEW


def test_ctrl_d_is_done_and_the_keyboard_is_with_the_next(shown: Shown) -> None:
    for number, name in (("55512345", "Peeter Paan"), ("55512346", "Anu Aas")):
        shown.desk.miss(number, name)
    filter_button(shown.page, CallFilter.CALL_BACK).click()
    shown.choose("Anu Aas")
    shown.desk.qtbot.keyClick(shown.view, Key.Key_D, Ctrl)
    assert names(shown.page) == ["Peeter Paan"]
    assert shown.view.hasFocus()
    chosen = shown.view.chosen()
    assert chosen is not None
    assert chosen.name == "Peeter Paan"
    shown.pane.state.done.setFocus()
    shown.desk.qtbot.keyClick(shown.pane.state.done, Key.Key_Space)
    assert names(shown.page) == []
    assert not shown.pane.call_note.field.hasFocus()


def test_ctrl_d_on_who_waits_for_nothing_does_nothing(shown: Shown) -> None:
    shown.choose("Jaan Tamm")
    shown.desk.qtbot.keyClick(shown.view, Key.Key_D, Ctrl)
    assert shown.follow_up.last_deed() is None


def test_many_are_done_and_taken_back_at_once(shown: Shown) -> None:
    for number in range(3):
        shown.desk.miss(f"5551234{number}", f"Caller {number}")
    filter_button(shown.page, CallFilter.CALL_BACK).click()
    everybody = names(shown.page)
    state = shown.choose("Caller 2").state
    assert state.done.text() == "Done"
    shown.view.choose(0)
    for count in (2, 3):
        shown.desk.qtbot.keyClick(shown.view, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert state.done.text() == f"Done ({count})"
    assert not state.later.isVisible()
    (call, *_) = shown.desk.ledger.page()
    menu = shown.page.menu_for(call)
    assert [a.text() for a in menu.actions() if a.text().startswith("Done")] == ["Done (3)"]
    shown.desk.qtbot.keyClick(shown.view, Key.Key_D, Ctrl)
    assert names(shown.page) == []
    assert shown.strip.text.text() == "Done: 3 people"
    shown.strip.undo.click()
    assert names(shown.page) == everybody
    shown.choose("Caller 0")
    assert state.done.text() == "Done"


def test_of_many_only_those_who_wait_are_meant(shown: Shown) -> None:
    shown.desk.miss("55512345", "Peeter Paan")
    state = shown.choose("Jaan Tamm").state
    shown.view.selectAll()
    missed = shown.desk.ledger.page(CallFilter.MISSED)
    assert len(missed) < len(names(shown.page))
    assert state.done.text() == f"Done ({len({call.other for call in missed})})"
    state.done.click()
    assert shown.desk.ledger.page(CallFilter.CALL_BACK) == []


def test_the_menu_of_a_row_offers_the_same(shown: Shown) -> None:
    shown.desk.miss("55512345", "Peeter Paan")
    (call, *_) = shown.desk.ledger.page()
    texts = [action.text() for action in shown.page.menu_for(call).actions()]
    assert texts == ["Call", "Copy number", "Note", "Later", "Done"]
    shown.page.menu_for(call).actions()[2].trigger()
    assert shown.pane.call_note.field.hasFocus()
    shown.page.menu_for(call).actions()[4].trigger()
    (call, *_) = shown.desk.ledger.page()
    not_done = shown.page.menu_for(call).actions()[4]
    assert not_done.text() == "Not done"
    not_done.trigger()
    assert shown.desk.ledger.page()[0].attention is Attention.SEEN


def test_a_dial_that_nobody_lifted_is_said(shown: Shown) -> None:
    shown.desk.dialler.dial("6000123")
    shown.desk.qtbot.waitUntil(lambda: bool(shown.desk.telco.dialled))
    shown.view.choose(0)
    shown.desk.clock.pass_(minutes=4)
    shown.desk.poll()
    index = view_of(shown.page).model().index(0, 0)
    assert "You did not lift" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "You did not lift your phone" in shown.said()


def test_every_field_and_button_has_a_name(shown: Shown) -> None:
    pane = shown.choose("Jaan Tamm")
    for widget in (pane.copy, pane.add, pane.call_note.field, pane.person_note.field):
        assert widget.accessibleName()
    for button in (pane.call, pane.state.later, pane.state.done, pane.state.undo):
        assert button.text()
