"""The list that asks which of several numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from desk_phone.app.dial import Plan
from desk_phone.model.dialing import Source
from desk_phone.ui.dialling.number_choice import NumberChoice
from tests.ui.conftest import Desk

NUMBERS = ("640 3232", "+37251234567", "112", "+358401234567")


@pytest.fixture
def plans(desk: Desk) -> list[Plan]:
    return [desk.dialler.plan(text, Source.WINDOW) for text in NUMBERS]


@pytest.fixture
def choice(desk: Desk) -> Iterator[NumberChoice]:
    choice = NumberChoice(deaf_ms=0)
    desk.qtbot.addWidget(choice)
    yield choice
    choice.hide()


def press(desk: Desk, choice: NumberChoice, *keys: Qt.Key) -> None:
    for key in keys:
        desk.qtbot.keyClick(choice, key)


def test_a_key_chooses_its_number(desk: Desk, choice: NumberChoice, plans: list[Plan]) -> None:
    choice.show_plans(plans)
    desk.qtbot.waitUntil(lambda: choice.buttons[0].hasFocus())
    with desk.qtbot.waitSignal(choice.chosen) as chosen:
        press(desk, choice, Qt.Key.Key_2)
    assert chosen.args == ["+37251234567"]
    assert not choice.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_3, Qt.Key.Key_9, Qt.Key.Key_0, Qt.Key.Key_Space])
def test_other_keys_choose_nothing(
    desk: Desk, choice: NumberChoice, plans: list[Plan], key: Qt.Key
) -> None:
    """3 is the number that is refused."""
    chosen: list[str] = []
    choice.chosen.connect(chosen.append)
    choice.show_plans(plans)
    desk.qtbot.waitUntil(lambda: choice.buttons[0].hasFocus())
    press(desk, choice, key)
    assert (chosen, choice.isVisible()) == ([], True)
    press(desk, choice, Qt.Key.Key_Escape)
    assert (chosen, choice.isVisible()) == ([], False)


def test_arrows_walk_round_what_can_be_called(
    desk: Desk, choice: NumberChoice, plans: list[Plan]
) -> None:
    choice.show_plans(plans)
    desk.qtbot.waitUntil(lambda: choice.buttons[0].hasFocus())
    press(desk, choice, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert choice.buttons[3].hasFocus()
    press(desk, choice, Qt.Key.Key_Down, Qt.Key.Key_Up)
    with desk.qtbot.waitSignal(choice.chosen) as chosen:
        press(desk, choice, Qt.Key.Key_Return)
    assert chosen.args == ["+358401234567"]


def test_what_is_typed_as_it_appears_is_not_for_it(desk: Desk, plans: list[Plan]) -> None:
    choice = NumberChoice(deaf_ms=60_000)
    desk.qtbot.addWidget(choice)
    chosen: list[str] = []
    choice.chosen.connect(chosen.append)
    choice.show_plans(plans)
    press(desk, choice, Qt.Key.Key_1, Qt.Key.Key_Return)
    choice.buttons[0].click()
    assert (chosen, choice.isVisible()) == ([], True)
    choice.hide()


def test_a_second_text_takes_the_place_of_the_first(
    desk: Desk, choice: NumberChoice, plans: list[Plan]
) -> None:
    choice.show_plans(plans, more=3)
    choice.show_plans(plans[:2])
    assert [button.text()[:2] for button in choice.buttons] == ["1 ", "2 "]
    desk.qtbot.waitUntil(lambda: choice.buttons[0].hasFocus())
    with desk.qtbot.waitSignal(choice.chosen) as chosen:
        press(desk, choice, Qt.Key.Key_1)
    assert chosen.args == ["640 3232"]


def test_a_name_from_outside_is_shown_as_it_is(desk: Desk, choice: NumberChoice) -> None:
    desk.add("51234567", "R&D <b>")
    desk.poll()
    choice.show_plans([desk.dialler.plan("51234567", Source.WINDOW)])
    assert "R&&D <b>" in choice.buttons[0].text()
