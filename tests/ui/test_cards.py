"""Cards of missed calls: who gets one, what it says, when it goes; they never take the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desk_phone.store.calls import CallFilter
from desk_phone.ui import words
from desk_phone.ui.cards.caller_card import SummaryCard
from desk_phone.ui.cards.card import WIDTH_AT_LEAST, Card
from desk_phone.ui.cards.places import FROM_EDGE
from desk_phone.ui.cards.stack import CardStack
from desk_phone.ui.elided_label import ElidedLabel
from tests.ui.card_stack import JAAN, MARI, Room, only, texts
from tests.ui.conftest import Desk


def _hover(card: Card, over: bool) -> None:
    where = QPointF(5, 5)
    event = QEnterEvent(where, where, where) if over else QEvent(QEvent.Type.Leave)
    QApplication.sendEvent(card, event)


# who gets one


def test_a_missed_call_gets_a_card(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN, "Jaan Tamm")
    card = only(stack)
    assert card.isVisible()
    assert card.heading == "Missed 2 min ago"
    assert card.text.title == "Jaan Tamm"
    assert card.text.detail == "5123 4567 · Mobile"
    assert "from the call record" in card.told


def test_a_number_without_a_name_says_its_kind(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    assert (only(stack).text.title, only(stack).text.detail) == ("5123 4567", "Mobile")


def test_a_number_abroad_says_its_country(desk: Desk, stack: CardStack) -> None:
    desk.miss("00358401234567", "Matti")
    assert "Finland" in only(stack).text.detail


def test_the_last_call_with_that_person_is_told(desk: Desk, stack: CardStack) -> None:
    desk.add(JAAN, ago=timedelta(hours=2), talked=timedelta(minutes=4), outgoing=True)
    desk.add("51234560", ago=timedelta(hours=1), talked=timedelta(minutes=1))
    desk.miss(JAAN)
    assert only(stack).text.past.endswith("you called, 4 min")


def test_an_answered_call_gets_none(desk: Desk, stack: CardStack) -> None:
    desk.add(JAAN, talked=timedelta(minutes=1))
    desk.poll()
    assert stack.cards == ()


@pytest.mark.parametrize(
    "chosen", [{"popups": False}, {"popups_paused_until": 4e9}], ids=["off", "paused"]
)
def test_pop_ups_that_are_off_or_paused_show_nothing(
    desk: Desk, stack: CardStack, chosen: dict[str, object]
) -> None:
    desk.change(**chosen)
    desk.miss(JAAN)
    assert stack.cards == ()


def test_pausing_takes_away_what_is_up(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    card = only(stack)
    desk.change(popups_paused_until=desk.clock.at.timestamp() + 60)
    assert stack.cards == ()
    assert not card.isVisible()


def test_the_same_caller_again_updates_the_card(desk: Desk, stack: CardStack) -> None:
    for ago in (9, 6, 2):
        desk.miss(JAAN, "Jaan Tamm", timedelta(minutes=ago))
    card = only(stack)
    assert card.text.times == "×3"
    assert "×3" in texts(card)
    assert card.heading == "Missed 2 min ago"


def test_withheld_numbers_cannot_be_called_back(desk: Desk, stack: CardStack) -> None:
    desk.miss("")
    card = only(stack)
    assert card.text.title == "Number withheld"
    assert not card.call.isVisible()
    assert not card.copy.isVisible()
    assert card.done.isVisible()


# how it behaves


def test_a_card_takes_no_focus(desk: Desk, stack: CardStack) -> None:
    """Only a window manager obeys these; the end-to-end ring types beside a card."""
    desk.miss(JAAN)
    card = only(stack)
    assert card.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert card.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert card.testAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeNotification)
    focusable = [w for w in card.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert focusable == []


def test_a_card_stands_in_the_corner(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    card = only(stack)
    room = QGuiApplication.primaryScreen().availableGeometry()
    assert card.width() >= 440
    assert room.right() - card.geometry().right() == FROM_EDGE
    assert room.bottom() - card.geometry().bottom() == FROM_EDGE


def test_at_most_three_stand_and_the_rest_is_counted(desk: Desk, stack: CardStack) -> None:
    for n in range(5):
        desk.miss(f"5123450{n}")
    cards = stack.cards
    assert [card.isVisible() for card in cards] == [False, False, True, True, True]
    assert [card.more for card in cards[2:]] == ["+2", "", ""]
    for upper, lower in pairwise(cards[2:]):
        assert upper.geometry().bottom() < lower.geometry().top()
    cards[4].closed.emit()
    assert [card.isVisible() for card in stack.cards] == [False, True, True, True]
    assert stack.cards[1].more == "+1"


def test_no_card_reaches_over_the_top_of_the_screen(desk: Desk, stack: CardStack) -> None:
    for n in range(3):
        desk.miss(f"5123450{n}")
    room = QGuiApplication.primaryScreen().availableGeometry()
    for card in stack.cards:
        card.setMinimumHeight(room.height() // 3)
    desk.qtbot.waitUntil(lambda: [c.isVisible() for c in stack.cards] == [False, True, True])
    assert stack.cards[1].more == "+1"
    assert all(room.contains(card.geometry()) for card in stack.cards[1:])
    stack.cards[2].setMinimumHeight(room.height())  # no smaller one would fit
    desk.qtbot.waitUntil(lambda: [c.isVisible() for c in stack.cards] == [False, False, True])


def test_a_card_that_somebody_has_hands_on_stays_before_newer_ones(
    desk: Desk, stack: CardStack
) -> None:
    desk.miss(JAAN)
    held = only(stack)
    held.hold("note", True)
    for n in range(3):
        desk.miss(f"5123450{n}")
    assert [card.isVisible() for card in stack.cards] == [True, False, True, True]
    assert held.more == "+1"
    held.hold("note", False)
    desk.miss("51234509")
    assert [card.isVisible() for card in stack.cards] == [False, False, True, True, True]


def test_the_time_is_kept_current(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    desk.clock.pass_(minutes=3)
    desk.qtbot.waitUntil(lambda: only(stack).heading == "Missed 5 min ago")


def test_a_card_goes_by_itself(desk: Desk, stack: CardStack) -> None:
    desk.change(missed_card_seconds=1)
    desk.miss(JAAN)
    desk.qtbot.waitUntil(lambda: stack.cards == ())
    assert desk.ledger.missed_people() == 1


def test_the_mouse_over_a_card_holds_it(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    card = only(stack)
    _hover(card, True)
    card.stay(20)
    with desk.qtbot.assertNotEmitted(card.expired, wait=100):
        pass
    with desk.qtbot.waitSignal(card.expired):
        _hover(card, False)


def test_zero_seconds_mean_that_a_card_stays(desk: Desk, stack: CardStack) -> None:
    desk.change(missed_card_seconds=0)
    desk.miss(JAAN)
    with desk.qtbot.assertNotEmitted(only(stack).expired, wait=100):
        pass


# what happens elsewhere


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(lambda desk: desk.calls.mark_seen(), id="seen"),
        pytest.param(lambda desk: desk.calls.handle("+37251234567"), id="handled"),
    ],
)
def test_what_is_dealt_with_elsewhere_takes_its_card_away(
    desk: Desk, stack: CardStack, elsewhere: Callable[[Desk], None]
) -> None:
    desk.miss(JAAN)
    card = only(stack)
    elsewhere(desk)
    assert stack.cards == ()
    assert not card.isVisible()


def test_a_call_that_was_answered_after_all_takes_its_card_away(
    desk: Desk, stack: CardStack
) -> None:
    desk.miss(JAAN)
    (record,) = desk.telco.records["+3726403231"]
    answered = replace(record, answer=record.start, answered=record.called)
    desk.telco.records["+3726403231"] = (answered,)
    desk.poll()
    assert stack.cards == ()


def test_one_of_two_people_dealt_with_leaves_the_other(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN, "Jaan Tamm")
    desk.miss(MARI, "Mari Kask")
    desk.calls.handle("+37251234567")
    assert only(stack).text.title == "Mari Kask"


# many at once


def _miss_many(desk: Desk) -> None:
    desk.calls.woke()
    for n in range(5):
        desk.add(f"5123450{n % 4}", ago=timedelta(hours=n + 1))
    desk.poll()


def test_many_missed_calls_come_in_one_card(desk: Desk, stack: CardStack) -> None:
    _miss_many(desk)
    (card,) = stack.cards
    assert isinstance(card, SummaryCard)
    assert card.text.title == "5 missed calls from 4 callers"
    assert card.heading.startswith("Missed since ")


def test_a_summary_is_kept_true(desk: Desk, stack: CardStack) -> None:
    _miss_many(desk)
    desk.calls.handle("+37251234500")
    (card,) = stack.cards
    assert card.text.title == "3 missed calls from 3 callers"
    desk.calls.mark_seen()
    assert stack.cards == ()


def _miss_one(desk: Desk) -> None:
    desk.calls.woke()
    for n in (2, 3):
        desk.add(JAAN, "Jaan Tamm", ago=timedelta(hours=n))
    desk.poll()


def test_a_summary_of_one_person_says_who(desk: Desk, stack: CardStack) -> None:
    _miss_one(desk)
    (card,) = stack.cards
    assert isinstance(card, SummaryCard)
    assert (card.text.title, card.text.times) == ("Jaan Tamm", "×2")
    assert "5123 4567 · Mobile" in texts(card)
    assert card.heading == f"Missed {words.clock(desk.clock.at - timedelta(hours=2))}"


def test_a_summary_of_one_person_says_nobody_while_others_may_read_it(
    desk: Desk, room: Room, stack: CardStack
) -> None:
    room.presents = True
    _miss_one(desk)
    (card,) = stack.cards
    assert card.text.title == "2 missed calls from 1 caller"
    assert "Jaan" not in texts(card)
    assert "5123" not in texts(card)


def test_both_names_of_a_number_are_on_the_card(desk: Desk, stack: CardStack) -> None:
    desk.list_entries(
        ("Andres Kõivupuu-Tammsaare", "+37251234567"),
        ("Müügiosakond, valvetelefon", "+37251234567"),
    )
    desk.miss(JAAN)
    (title,) = (label for label in only(stack).findChildren(ElidedLabel) if "\n" in label.text())
    assert title.text() == "Andres Kõivupuu-Tammsaare /\nMüügiosakond, valvetelefon"
    assert title.height() >= 2 * title.fontMetrics().height()


def test_a_long_name_has_all_the_room_of_the_card(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN, "W" * 60)
    card = only(stack)
    (title,) = (label for label in card.findChildren(ElidedLabel) if "WWW" in label.text())
    left = title.mapTo(card, QPoint(0, 0)).x()
    assert card.width() == WIDTH_AT_LEAST
    assert card.width() - left - title.width() <= 26


def test_a_summary_shows_the_calls(desk: Desk, stack: CardStack) -> None:
    _miss_many(desk)
    (card,) = stack.cards
    assert isinstance(card, SummaryCard)
    with desk.qtbot.waitSignal(stack.calls_wanted) as asked:
        card.show_calls.click()
    assert asked.args == [CallFilter.MISSED]
    assert stack.cards == ()


# while somebody presents


def test_while_somebody_presents_nobody_reads_who_called(
    desk: Desk, stack: CardStack, room: Room
) -> None:
    room.presents = True
    desk.miss(JAAN, "Jaan Tamm")
    card = only(stack)
    shown = texts(card) + card.accessibleName() + card.windowTitle() + card.toolTip()
    assert "Missed call" in shown
    assert "Jaan" not in shown
    assert "5123" not in shown


def test_a_card_that_is_up_hides_the_name_when_a_presentation_begins(
    desk: Desk, stack: CardStack, room: Room
) -> None:
    desk.miss(JAAN, "Jaan Tamm")
    room.presents = True
    desk.qtbot.waitUntil(lambda: "Jaan" not in texts(only(stack)))
    assert all("Jaan" not in label.toolTip() for label in only(stack).findChildren(QLabel))
