"""The Calls page: the list, its filters and search, and when missed calls count as seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desk_phone.model.calls import Attention, Call
from desk_phone.store.calls import CallFilter
from desk_phone.ui.calls.delegate import HEADING, ROW, button_rect
from desk_phone.ui.calls.page import CallsPage
from tests.ui.calls_list import filter_button, names, show, some_history, view_of
from tests.ui.conftest import HOSTILE, Desk

Key = Qt.Key


@pytest.fixture
def page(desk: Desk) -> Iterator[CallsPage]:
    notices = QWidget()
    page = CallsPage(
        *(desk.calls, desk.dialler, desk.account, desk.directory, notices, desk.now),
        seen_after_ms=20,
    )
    desk.qtbot.addWidget(page)
    page.resize(700, 560)
    yield page
    page.hide()


# the list


def test_calls_stand_newest_first_under_their_days(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    assert names(page) == ["Jaan Tamm", "Mari Õunapuu", "Number withheld"]
    assert [view.rowHeight(row) for row in range(3)] == [ROW + HEADING, ROW, ROW + HEADING]


def test_a_new_call_appears_by_itself(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    desk.miss("51234560", "Somebody New")
    assert names(page)[0] == "Somebody New"


def test_the_chosen_call_stays_chosen_when_calls_come(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    view.choose(1)
    desk.miss("51234560")
    chosen = view.chosen()
    assert chosen is not None
    assert chosen.name == "Mari Õunapuu"


def test_headings_follow_midnight(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    show(desk, page)
    index = view_of(page).model().index(0, 0)
    assert "Today" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    page.hide()
    desk.clock.pass_(days=1)
    page.show()
    assert "Yesterday" in index.data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        (CallFilter.ALL, ["Jaan Tamm", "Mari Õunapuu", "Number withheld"]),
        (CallFilter.MISSED, ["Number withheld"]),
        (CallFilter.INCOMING, ["Jaan Tamm", "Number withheld"]),
        (CallFilter.OUTGOING, ["Mari Õunapuu"]),
    ],
)
def test_filters(desk: Desk, page: CallsPage, chosen: CallFilter, wanted: list[str]) -> None:
    some_history(desk)
    show(desk, page)
    filter_button(page, chosen).click()
    assert names(page) == wanted


def test_search_finds_a_name_without_its_marks(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    show(desk, page)
    page.search()
    desk.qtbot.keyClicks(page.findChildren(QLineEdit)[0], "ounapuu")
    assert names(page) == ["Mari Õunapuu"]
    assert page.clear()
    assert len(names(page)) == 3
    assert not page.clear()


# the keyboard and the mouse


def test_the_keyboard_alone_searches_and_calls(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    page.search()
    field = page.findChildren(QLineEdit)[0]
    desk.qtbot.keyClicks(field, "tamm")
    desk.qtbot.keyClick(field, Key.Key_Return)
    assert view.hasFocus()
    desk.qtbot.keyClick(view, Key.Key_Return)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))
    assert desk.telco.dialled == [("+3726403231", "+37251234567")]


def test_tab_into_the_list_chooses_its_first_call(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.selectionModel().isRowSelected(0)


def test_enter_held_down_calls_nobody_again(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    view.choose(0)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True
    )
    with desk.qtbot.assertNotEmitted(desk.dialler.progressed):
        QApplication.sendEvent(view, held)


def test_a_click_on_call_calls_but_not_the_one_that_chose_the_row(
    desk: Desk, page: CallsPage
) -> None:
    some_history(desk)
    view = show(desk, page)
    view.choose(1)
    button = button_rect(view.visualRect(view.model().index(0, 0)), view.font()).center()
    left = Qt.MouseButton.LeftButton
    with desk.qtbot.assertNotEmitted(desk.dialler.progressed):
        desk.qtbot.mouseClick(view.viewport(), left, pos=button)
    with desk.qtbot.waitSignal(desk.dialler.progressed):
        desk.qtbot.mouseClick(view.viewport(), left, pos=button)


def test_a_double_click_on_a_row_dials_once(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    where = view.visualRect(view.model().index(0, 0)).center() + QPoint(0, 10)
    left = Qt.MouseButton.LeftButton
    desk.qtbot.mouseClick(view.viewport(), left, pos=where)
    desk.qtbot.mouseDClick(view.viewport(), left, pos=where)
    desk.qtbot.waitUntil(lambda: bool(desk.telco.dialled))
    desk.settle()
    assert len(desk.telco.dialled) == 1


def test_a_withheld_number_cannot_be_called(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    view.choose(2)
    with desk.qtbot.assertNotEmitted(desk.dialler.refused):
        desk.qtbot.keyClick(view, Key.Key_Return)
    call = view.chosen()
    assert call is not None
    menu = page.menu_for(call)
    assert [action.isEnabled() for action in menu.actions()] == [False, False, True]


def test_copy_copies_the_number(desk: Desk, page: CallsPage) -> None:
    some_history(desk)
    view = show(desk, page)
    view.choose(0)
    desk.qtbot.keyClick(view, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "+37251234567"


def test_done_in_the_menu_handles_the_person(desk: Desk, page: CallsPage) -> None:
    desk.miss("51234567")
    (call,) = desk.ledger.page()
    done = page.menu_for(call).actions()[-1]
    assert done.text() == "Done"
    done.trigger()
    (call,) = desk.ledger.page()
    assert call.attention is Attention.HANDLED
    assert "Done" not in [action.text() for action in page.menu_for(call).actions()]


def test_a_call_opens_in_the_crm_where_there_is_one(desk: Desk, page: CallsPage) -> None:
    desk.miss("51234567")
    (call,) = desk.ledger.page()
    opened: list[Call] = []
    for there in (False, True):
        page.menu.offer_crm(lambda there=there: there, opened.append)
        found = [a for a in page.menu_for(call).actions() if a.text() == "Open in CRM"]
        assert bool(found) is there
    found[0].trigger()
    assert opened == [call]


@pytest.mark.parametrize(("name", "offered"), [("", True), ("Kristiina Õunapuu", False)])
def test_an_unknown_number_can_be_added_to_the_phonebook(
    desk: Desk, page: CallsPage, name: str, offered: bool
) -> None:
    desk.miss("51234567", name)
    (call,) = desk.ledger.page()
    add = [a for a in page.menu_for(call).actions() if a.text() == "Add to phonebook"]
    assert bool(add) is offered
    if offered:
        with desk.qtbot.waitSignal(page.add_wanted) as wanted:
            add[0].trigger()
        assert wanted.args == ["+37251234567"]


# missed calls


def test_missed_people_are_counted_in_thefilter_button(desk: Desk, page: CallsPage) -> None:
    for _ in range(2):
        desk.miss("51234567")
    assert filter_button(page, CallFilter.MISSED).text() == "Missed 1"


def test_calls_that_somebody_looks_at_become_seen(desk: Desk, page: CallsPage) -> None:
    desk.miss("51234567")
    show(desk, page)
    desk.qtbot.waitUntil(lambda: desk.ledger.missed_people() == 0)
    assert filter_button(page, CallFilter.MISSED).text() == "Missed"


def test_a_window_that_nobody_looks_at_marks_nothing(desk: Desk, page: CallsPage) -> None:
    other = QWidget()
    desk.qtbot.addWidget(other)
    page.show()
    other.show()
    other.activateWindow()
    desk.qtbot.waitUntil(other.isActiveWindow)
    desk.miss("51234567")
    with desk.qtbot.assertNotEmitted(desk.calls.changed, wait=100):
        pass
    assert desk.ledger.missed_people() == 1


@pytest.mark.parametrize("name", [HOSTILE, "x" * 10_000])
def test_hostile_names_are_harmless(desk: Desk, page: CallsPage, name: str) -> None:
    desk.miss("51234567", name)
    view = show(desk, page)
    page.grab()
    index = view.model().index(0, 0)
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        assert "\u202e" not in index.data(role)
        assert len(index.data(role)) < 400
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip
    assert tip.startswith("<qt>")
