"""A note on a card, on a real screen: a click on Note alone lends it the keyboard."""

from __future__ import annotations

import subprocess

import pytest

from tests.desktop import Desktop, Program, Window, until

pytestmark = pytest.mark.e2e

RINGING = "Incoming call"


@pytest.fixture
def field(desktop: Desktop) -> Program:
    """Another program in which somebody is typing."""
    another = desktop.start_python(
        "-m", "tests.desktop.tray_program", "--plain", stdin=subprocess.PIPE
    )
    another.wait_for("ready")
    another.tell("field")
    desktop.focus(desktop.find_window("A field"))
    return another


@pytest.fixture
def card(desktop: Desktop, field: Program) -> tuple[Program, Window]:
    program = desktop.start_python("-m", "tests.e2e.card_program")
    program.wait_for("ready")
    return program, desktop.find_window(RINGING)


def click_note(desktop: Desktop, program: Program, card: Window) -> None:
    """Where the program said that its button is."""
    place = next(line for line in program.said().splitlines() if line.startswith("ready"))
    x, y = (int(word) for word in place.split()[1:])
    desktop.click(card, x, y)
    program.wait_for("note")
    until(lambda: desktop.screen.focus() == card.id, "the card has the keyboard")


def test_a_card_that_rings_takes_no_keystroke(
    desktop: Desktop, field: Program, card: tuple[Program, Window]
) -> None:
    desktop.type("the quick brown fox ")
    desktop.key("Return")
    field.wait_for("typed the quick brown fox ")


def test_a_note_is_typed_into_the_card_and_then_the_keyboard_goes_back(
    desktop: Desktop, field: Program, card: tuple[Program, Window]
) -> None:
    program, window = card
    desktop.type("before ")
    click_note(desktop, program, window)
    desktop.type("price list")
    program.wait_for("kept price list")
    desktop.key("Escape")
    before = desktop.find_window("A field")
    until(lambda: desktop.screen.focus() == before.id, "the field has the keyboard again")
    desktop.type("after ")
    desktop.key("Return")
    field.wait_for("typed before after ")


def test_who_clicks_elsewhere_while_typing_types_there(
    desktop: Desktop, field: Program, card: tuple[Program, Window]
) -> None:
    program, window = card
    click_note(desktop, program, window)
    desktop.type("half a no")
    desktop.focus(desktop.find_window("A field"))
    program.wait_for("kept half a no")
    desktop.type("elsewhere ")
    desktop.key("Return")
    field.wait_for("typed elsewhere ")
