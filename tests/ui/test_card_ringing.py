"""The card of a call that rings: what it says, what becomes of it, and that it holds still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desk_phone.model.calls import Call, Notice
from desk_phone.ui.cards.caller_card import CallerCard
from desk_phone.ui.cards.stack import CardStack
from tests.ui.card_stack import JAAN, FakeDeeds, Room, only, ring, texts
from tests.ui.conftest import OWN, Desk

KEY = "+37251234567"


class Crm:
    """Whether a program to open callers in was set up."""

    is_set = False

    def __call__(self) -> bool:
        return self.is_set


@pytest.fixture
def crm() -> Crm:
    return Crm()


@pytest.fixture
def fake() -> FakeDeeds:
    return FakeDeeds()


@pytest.fixture
def beeps() -> list[str]:
    return []


@pytest.fixture
def stack(
    desk: Desk, room: Room, fake: FakeDeeds, crm: Crm, beeps: list[str]
) -> Iterator[CardStack]:
    stack = CardStack(
        *(desk.calls, desk.dialler, desk.preferences, room, desk.now, 40),
        deeds=fake.deeds,
        has_crm=crm,
        beep=lambda: beeps.append("beep"),
    )
    yield stack
    stack.clear()


def shown(card: CallerCard) -> list[str]:
    """The buttons that can be pressed, from the left."""
    buttons = {
        "call": card.call,
        "crm": card.crm,
        "note": card.take_note,
        "copy": card.copy,
        "later": card.later,
        "done": card.done,
        "add": card.add,
    }
    return [name for name, button in buttons.items() if button.isVisible()]


def hover(card: CallerCard, over: bool) -> None:
    where = QPointF(5, 5)
    event = QEnterEvent(where, where, where) if over else QEvent(QEvent.Type.Leave)
    QApplication.sendEvent(card, event)


def answer(desk: Desk) -> None:
    ring(desk, type_="Answer", answer="Yes", ago=0)


# what it says


def test_a_live_notice_shows_who_calls_which_line(desk: Desk, stack: CardStack) -> None:
    ring(desk, name="Jaan Tamm")
    card = only(stack)
    assert card.isVisible()
    assert card.heading == "Calling 640 3231"
    assert (card.text.title, card.text.detail) == ("Jaan Tamm", "5123 4567 · Mobile")
    assert "sent with the call" in card.told
    assert card.windowTitle() == "Incoming call"


def test_the_last_call_and_the_last_note_are_told(
    desk: Desk, stack: CardStack, fake: FakeDeeds
) -> None:
    desk.add(JAAN, ago=timedelta(hours=2), talked=timedelta(minutes=4), outgoing=True)
    desk.add("51234560", ago=timedelta(hours=1), talked=timedelta(minutes=1))
    desk.poll()
    fake.about[KEY] = "Asked for the price list"
    ring(desk)
    first, second = only(stack).told.splitlines()
    assert first.endswith("you called, 4 min")
    assert second == "Note: Asked for the price list"


@pytest.mark.parametrize(
    ("other", "name", "has_crm", "buttons"),
    [
        pytest.param(KEY, "Jaan", True, ["crm", "note", "copy"], id="known"),
        pytest.param(KEY, "Jaan", False, ["note", "copy"], id="no CRM"),
        pytest.param(KEY, "", True, ["crm", "note", "copy", "add"], id="unknown"),
        pytest.param("", "", True, ["note"], id="withheld"),
    ],
)
def test_what_can_be_done_while_it_rings(
    desk: Desk,
    stack: CardStack,
    crm: Crm,
    other: str,
    name: str,
    has_crm: bool,
    buttons: list[str],
) -> None:
    crm.is_set = has_crm
    ring(desk, other, name)
    assert shown(only(stack)) == buttons


@pytest.mark.parametrize(
    ("other", "name", "buttons"),
    [
        pytest.param(JAAN, "Jaan", ["call", "later", "done"], id="known"),
        pytest.param(JAAN, "", ["call", "later", "done", "add"], id="unknown"),
        pytest.param("", "", ["done"], id="withheld"),
    ],
)
def test_what_can_be_done_once_it_is_missed(
    desk: Desk, stack: CardStack, other: str, name: str, buttons: list[str]
) -> None:
    desk.miss(other, name)
    assert shown(only(stack)) == buttons


def test_an_old_notice_shows_nothing(desk: Desk, stack: CardStack) -> None:
    ring(desk, ago=31)
    assert stack.cards == ()


def test_the_same_notice_again_brings_no_card_back(desk: Desk, stack: CardStack) -> None:
    said = ring(desk)
    only(stack).closed.emit()
    desk.calls.hear(said)
    assert stack.cards == ()


def test_somebody_who_was_missed_twice_rings_a_third_time(desk: Desk, stack: CardStack) -> None:
    for ago in (9, 6):
        desk.miss(JAAN, "Jaan Tamm", timedelta(minutes=ago))
    missed = only(stack)
    ring(desk)
    assert only(stack) is missed
    assert (missed.heading, missed.text.times) == ("Calling 640 3231", "×3")


# what becomes of it


def test_missed_the_same_card_says_so(desk: Desk, stack: CardStack) -> None:
    ring(desk)
    card = only(stack)
    desk.clock.pass_(seconds=20)
    ring(desk, type_="Missed", ago=0)
    assert only(stack) is card
    assert card.heading == "Missed just now"
    assert card.windowTitle() == "Missed call"
    assert "Your line: 640\u00a03231" in card.told


def test_answered_it_goes(desk: Desk, stack: CardStack) -> None:
    ring(desk)
    answer(desk)
    assert stack.cards == ()


def test_answered_under_the_mouse_it_says_so_and_goes_when_the_mouse_does(
    desk: Desk, stack: CardStack
) -> None:
    ring(desk)
    card = only(stack)
    hover(card, True)
    answer(desk)
    assert card.heading == "Answered on 640 3231"
    assert only(stack) is card
    hover(card, False)
    desk.qtbot.waitUntil(lambda: stack.cards == ())


def test_when_nobody_knows_how_it_went_it_goes(desk: Desk, stack: CardStack) -> None:
    desk.change(ringing_card_seconds=0)
    desk.miss(JAAN, ago=timedelta(minutes=5))
    ring(desk)
    desk.clock.pass_(seconds=61)
    desk.calls._end_old_rings()
    assert stack.cards == ()


@pytest.mark.parametrize(("seconds", "stays"), [(1, False), (0, True)])
def test_how_long_it_stays_is_a_setting(
    desk: Desk, stack: CardStack, seconds: int, stays: bool
) -> None:
    desk.change(ringing_card_seconds=seconds, missed_card_seconds=30)
    ring(desk)
    card = only(stack)
    if stays:
        with desk.qtbot.assertNotEmitted(card.expired, wait=100):
            pass
    else:
        desk.qtbot.waitUntil(lambda: stack.cards == ())


def test_a_notice_and_a_record_that_are_one_call_keep_one_card(
    desk: Desk, stack: CardStack
) -> None:
    """The record came first and rings, the notice makes a row of its own, and then both are one."""
    ring(desk)
    card = only(stack)
    desk.add(JAAN, ago=timedelta(seconds=3))
    (record,) = desk.telco.records[OWN]
    desk.telco.records[OWN] = (replace(record, release=""),)
    desk.poll()
    assert only(stack) is card
    assert card.heading == "Calling 640 3231"
    assert len(desk.ledger.page()) == 1


# what a person does


def test_open_in_crm_asks_for_it_with_the_call(desk: Desk, stack: CardStack, crm: Crm) -> None:
    crm.is_set = True
    ring(desk)
    with desk.qtbot.waitSignal(stack.crm_wanted) as asked:
        only(stack).crm.click()
    (call,) = asked.args
    assert isinstance(call, Call)
    assert call.other == KEY


def test_copy_copies_the_number(desk: Desk, stack: CardStack) -> None:
    ring(desk)
    only(stack).copy.click()
    assert QGuiApplication.clipboard().text() == KEY


def test_later_offers_three_times_and_holds_the_card(
    desk: Desk, stack: CardStack, fake: FakeDeeds
) -> None:
    desk.miss(JAAN)
    card = only(stack)
    card.later.click()
    (menu,) = card.findChildren(QMenu)
    assert [a.text() for a in menu.actions()] == ["In 30 min", "In 2 h", "Tomorrow 09:00"]
    card.stay(1)
    with desk.qtbot.assertNotEmitted(card.expired, wait=50):
        pass
    menu.actions()[1].trigger()
    assert fake.snoozed == [(KEY, desk.clock.at + timedelta(hours=2))]
    assert stack.cards == ()


def test_done_is_told_to_whoever_keeps_reminders(
    desk: Desk, stack: CardStack, fake: FakeDeeds
) -> None:
    desk.miss(JAAN)
    only(stack).done.click()
    assert fake.handled == [KEY]


# focus, secrets, sound


def test_it_takes_no_focus(desk: Desk, stack: CardStack) -> None:
    ring(desk)
    card = only(stack)
    assert card.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert card.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert [
        w for w in card.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus
    ] == []


def test_while_somebody_presents_nobody_reads_who_calls(
    desk: Desk, stack: CardStack, room: Room, fake: FakeDeeds
) -> None:
    room.presents = True
    fake.about[KEY] = "Owes us money"
    ring(desk, name="Jaan Tamm")
    card = only(stack)
    told = texts(card) + card.accessibleName() + card.windowTitle()
    assert "Incoming call" in told
    assert not any(word in told for word in ("Jaan", "5123", "Owes"))
    assert shown(card) == ["copy"]


def test_who_does_not_mind_shows_names_always(desk: Desk, stack: CardStack, room: Room) -> None:
    room.presents = True
    desk.change(hide_while_presenting=False)
    ring(desk, name="Jaan Tamm")
    assert only(stack).text.title == "Jaan Tamm"


@pytest.mark.parametrize(("sound", "count"), [(False, 0), (True, 2)])
def test_a_sound_is_a_setting(
    desk: Desk, stack: CardStack, beeps: list[str], sound: bool, count: int
) -> None:
    desk.change(card_sound=sound)
    said = ring(desk)
    desk.calls.hear(said)
    desk.miss("6401111")
    assert len(beeps) == count


def test_of_a_call_just_before_that_nobody_told_the_end_of_none_is_said(
    desk: Desk, stack: CardStack
) -> None:
    ring(desk, ago=40)
    ring(desk)
    past = only(stack).text.past
    assert past.startswith("Last call: ")
    assert past.endswith(", they called")


# made ready beforehand


def test_a_warm_card_is_like_any_other(desk: Desk, stack: CardStack) -> None:
    stack.warm()
    assert stack.cards == ()
    ring(desk, name="Jaan Tamm")
    card = only(stack)
    assert card.isVisible()
    assert card.text.title == "Jaan Tamm"
    assert "Last call" not in texts(card)
    assert "×2" not in texts(card)


def test_a_warm_card_is_made_anew_when_the_settings_are(desk: Desk, stack: CardStack) -> None:
    stack.warm()
    desk.change(theme="dark")
    ring(desk)
    assert only(stack).heading == "Calling 640 3231"


# the nights on which the clocks change


@pytest.mark.parametrize("night", ["2026-03-29 00:59", "2026-10-25 00:59"])
def test_two_minutes_are_two_minutes_on_every_night(
    desk: Desk, stack: CardStack, night: str
) -> None:
    """In Tallinn the clocks change at 01:00 UTC: a call before it, the card after it."""
    desk.clock.at = desk.clock.at.fromisoformat(f"{night}:30+00:00")
    desk.calls.woke()
    notices = [Notice(OWN, KEY, desk.clock.at, "", type_, "No") for type_ in ("Start", "Missed")]
    desk.clock.pass_(minutes=2)
    desk.calls.hear(*notices)
    assert only(stack).heading == "Missed 2 min ago"
    assert only(stack).text.times == ""
