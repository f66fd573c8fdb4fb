"""What a person does with a card of a missed call, and what a caller may not do with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desk_phone.errors import Refused, Uncertain
from desk_phone.model.calls import Attention
from desk_phone.ui.cards import card as card_module
from desk_phone.ui.cards.caller_card import CallerCard, SummaryCard
from desk_phone.ui.cards.stack import CardStack
from tests.ui.card_stack import JAAN, only, texts
from tests.ui.conftest import HOSTILE, Desk


def test_call_back_rings_and_the_card_says_so_and_goes(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    card = only(stack)
    card.call.click()
    assert not card.call.isEnabled()
    desk.qtbot.waitUntil(lambda: "is ringing: lift the handset" in card.told)
    assert "640 3231" in card.told
    assert desk.telco.dialled == [("+3726403231", "+37251234567")]
    desk.qtbot.waitUntil(lambda: stack.cards == ())


def test_a_double_click_does_not_dial_twice(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    card = only(stack)
    desk.qtbot.mouseClick(card.call, Qt.MouseButton.LeftButton)
    desk.qtbot.mouseDClick(card.call, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: "is ringing" in card.told)
    desk.settle()
    assert len(desk.telco.dialled) == 1


def test_a_costly_number_is_asked_about(desk: Desk, stack: CardStack) -> None:
    desk.miss("00358401234567")
    with desk.qtbot.waitSignal(desk.dialler.asked):
        only(stack).call.click()
    assert desk.telco.dialled == []


@pytest.mark.parametrize(("name", "offered"), [("", True), ("Kristiina Õunapuu", False)])
def test_an_unknown_number_can_be_added_to_the_phonebook(
    desk: Desk, stack: CardStack, name: str, offered: bool
) -> None:
    desk.miss(JAAN, name)
    card = only(stack)
    assert card.add.isVisible() is offered
    if offered:
        with desk.qtbot.waitSignal(stack.add_wanted) as wanted:
            card.add.click()
        assert wanted.args == ["+37251234567"]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Refused("The service said no", "Try later"), id="refused"),
        pytest.param(Uncertain("No answer came", "Your phone may ring"), id="uncertain"),
    ],
)
def test_a_call_back_that_fails_says_why_and_can_be_tried_again(
    desk: Desk, stack: CardStack, error: Exception
) -> None:
    desk.miss(JAAN)
    card = only(stack)
    desk.telco.trouble["call"].append(error)
    card.call.click()
    desk.qtbot.waitUntil(lambda: str(error) == card.told)
    assert card.call.isEnabled()
    assert card.heading == "Missed 2 min ago"


def test_a_number_that_is_refused_says_why_on_its_card(desk: Desk, stack: CardStack) -> None:
    desk.miss("")
    desk.miss("00870123456789")
    withheld, satellite = stack.cards
    assert isinstance(satellite, CallerCard)
    assert isinstance(withheld, CallerCard)
    satellite.call.click()
    assert "cannot be called" in satellite.told
    assert "cannot be called" not in withheld.told


def test_a_refusal_of_another_wish_stays_off_the_cards(desk: Desk, stack: CardStack) -> None:
    desk.miss("")
    desk.miss(JAAN)
    desk.dialler.dial("*21#")
    assert all("cannot" not in texts(card) for card in stack.cards)


def test_done_means_handled(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    only(stack).done.click()
    assert stack.cards == ()
    (call,) = desk.ledger.page()
    assert call.attention is Attention.HANDLED


def test_closing_a_card_leaves_the_call_missed(desk: Desk, stack: CardStack) -> None:
    desk.miss(JAAN)
    only(stack).closed.emit()
    assert stack.cards == ()
    assert desk.ledger.missed_people() == 1


# hostile text


@pytest.mark.parametrize("name", [HOSTILE, "x" * 10_000, "&&&& & Sons"])
def test_a_callers_name_is_harmless(desk: Desk, stack: CardStack, name: str) -> None:
    desk.miss(JAAN, name)
    card = only(stack)
    labels = card.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    assert all("\u202e" not in label.text() for label in labels)
    assert all(len(label.text()) <= 200 for label in labels)
    assert all(label.toolTip() == "" or label.toolTip()[:4] == "<qt>" for label in labels)
    assert all("<img" not in label.toolTip() for label in labels)
    assert card.width() < 700


def test_a_card_is_spoken(desk: Desk, stack: CardStack, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str] = []
    monkeypatch.setattr(card_module, "say_aloud", lambda widget, text: spoken.append(text))
    desk.miss(JAAN, "Jaan Tamm")
    assert spoken == [only(stack).accessibleName()]
    assert spoken[0].startswith("Jaan Tamm, Missed 2 min ago, 5123 4567")


def test_a_card_fades_in_unless_the_system_asks_for_less_motion(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = SummaryCard()
    desk.qtbot.addWidget(still)
    still.come()
    assert still.windowOpacity() == 1.0
    monkeypatch.setattr(card_module, "moves", lambda: True)
    moving = SummaryCard()
    desk.qtbot.addWidget(moving)
    moving.come()
    assert moving.windowOpacity() < 1.0
    desk.qtbot.waitUntil(lambda: moving.windowOpacity() == 1.0)
