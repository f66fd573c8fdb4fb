"""The card of a missed call: it takes no keystroke, tells nobody in the room, and can be paused."""

from __future__ import annotations

import subprocess

import pytest
from PySide6.QtGui import QImage

from tests.desktop import Desktop, Program, Window, until, until_still
from tests.e2e.program import Company, Phone
from tests.e2e.shown import (
    CARD,
    choose_from_tray_menu,
    click_close,
    click_done,
    find,
    has_badge,
    ink,
    keep_picture,
    picture,
    shown,
)

pytestmark = pytest.mark.e2e

A_NEW_CALL = 1.0  # second from now: records tell whole ones, and it is to begin after the start
LETTERS = "the quick brown fox "


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop)


@pytest.fixture
def phone(desktop: Desktop, company: Company) -> Phone:
    return Phone(desktop, company.url)


def start_another_program(desktop: Desktop) -> Program:
    """One with a field to type into, and a window that can fill the screen."""
    another = desktop.start_python(
        "-m", "tests.desktop.tray_program", "--plain", stdin=subprocess.PIPE
    )
    another.wait_for("ready")
    return another


def test_a_card_takes_no_keystroke_from_another_window(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = phone.begin("--hidden")
    another = start_another_program(desktop)
    another.tell("field")
    field = desktop.find_window("A field")
    desktop.focus(field)
    company.ring("5123456", "Kristiina Õunapuu", after=A_NEW_CALL)

    typed: list[str] = []

    def a_card_comes() -> list[Window]:
        typed.append(LETTERS)
        desktop.type(LETTERS)
        return shown(desktop, program, CARD)

    until(a_card_comes, "a card", shown=program.said)
    card = find(desktop, program, CARD)
    assert desktop.screen.active() == field.id
    click_done(desktop, card)  # not even a click on it takes the keyboard
    desktop.type(LETTERS)
    desktop.wait_closed(card)
    assert desktop.screen.active() == field.id
    desktop.key("Return")
    another.wait_for(f"typed {''.join(typed) + LETTERS}\n")
    assert company.requests("clickToCall") == 0


def card_of(
    desktop: Desktop, program: Program, company: Company, other: str, name: str
) -> tuple[Window, QImage]:
    """Let somebody call, and wait for the card and until nothing of it changes."""
    company.ring(other, name, after=A_NEW_CALL)
    card = find(desktop, program, CARD)

    def painted() -> QImage | None:
        """Not as black as what fills the screen below."""
        image = picture(desktop, card)
        return image if 0 < ink(image) < card.width * card.height / 2 else None

    image = until_still(painted, "the card has come")
    assert image is not None
    return card, image


def test_while_something_fills_the_screen_a_card_names_nobody(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = phone.begin("--hidden")
    another = start_another_program(desktop)
    another.tell("full-screen")
    window = desktop.find_window("A window")
    until(lambda: desktop.screen.active() == window.id, "the window is in front")

    first_card, first = card_of(desktop, program, company, "5123456", "Kristiina Õunapuu")
    keep_picture(desktop, "card-full-screen")
    click_close(desktop, first_card)
    desktop.wait_closed(first_card)
    desktop.move(20, 20)  # not over the next one
    _, second = card_of(desktop, program, company, "55501234", "Jüri Tamm")
    assert ink(first) > 0  # it lies above
    assert first == second  # two callers, and nobody can tell one from the other
    until(lambda: len(desktop.notifications()) >= 2, "two notifications")
    notes = desktop.notifications_by_now()
    assert len(notes) == 2
    assert {note.title for note in notes} == {"Missed call"}
    told = " ".join(note.body for note in notes)
    assert not any(word in told for word in ("Kristiina", "3456", "Jüri", "1234")), told


def test_with_pop_ups_paused_there_is_no_card_but_a_badge(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = phone.begin("--hidden")
    choose_from_tray_menu(desktop, program, "Up", "Up", "Up", "Up")  # Pause pop-ups for 1 h
    assert not has_badge(picture(desktop, desktop.tray_icon()))
    company.ring("5123456", "Kristiina Õunapuu", after=A_NEW_CALL)
    program.wait_for("announced")
    until(lambda: has_badge(picture(desktop, desktop.tray_icon())), "a badge")
    assert phone.calls()[0]["outcome"] == "missed"  # answered after whatever would have come
    keep_picture(desktop, "paused")
    assert desktop.notifications_by_now() == []
    assert shown(desktop, program) == []
