"""From the tray icon to a call: the palette, and the question before a costly call."""

from __future__ import annotations

import pytest

from tests.desktop import Desktop, Program, Window, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import (
    PALETTE,
    click_cancel,
    find_active,
    find_question,
    keep_picture,
)

pytestmark = pytest.mark.e2e

ABROAD, ABROAD_ON_THE_WIRE = "+358 40 123 4567", "00358401234567"


@pytest.fixture
def company(desktop: Desktop) -> Company:
    """Its one call is of yesterday, and was answered."""
    company = Company(desktop)
    company.ring("5123456", "Kristiina Õunapuu", fate="answered", after=-90_000)
    return company


@pytest.fixture
def program(desktop: Desktop, company: Company) -> Program:
    return Phone(desktop, company.url).begin("--hidden")


def open_palette(desktop: Desktop, program: Program) -> Window:
    """By a click on the tray icon; returns when it has the keyboard."""
    desktop.click_tray()
    return find_active(desktop, program, PALETTE)


def press_enter(desktop: Desktop, program: Program) -> Window:
    """Returns when the box that asks listens."""
    desktop.key("Return")
    return find_question(desktop, program)


def test_a_name_typed_into_the_palette_is_called(
    desktop: Desktop, company: Company, program: Program
) -> None:
    palette = open_palette(desktop, program)
    keep_picture(desktop, "palette-empty")
    desktop.type("ounap")
    keep_picture(desktop, "palette-name")
    desktop.key("Return")
    until(company.dialled, "a call")
    assert company.dialled() == ["5123456"]
    keep_picture(desktop, "palette-ringing")
    desktop.key("Escape")
    desktop.wait_closed(palette)
    assert company.requests("clickToCall") == 1


def test_esc_closes_the_palette_and_calls_nobody(
    desktop: Desktop, company: Company, program: Program
) -> None:
    palette = open_palette(desktop, program)
    desktop.type("5123456")
    desktop.key("Escape")
    desktop.wait_closed(palette)
    open_palette(desktop, program)  # so soon after the first click it is a double click
    assert company.requests("clickToCall") == 0


def test_a_number_abroad_is_asked_about_and_called_only_after_a_yes(
    desktop: Desktop, company: Company, program: Program
) -> None:
    palette = open_palette(desktop, program)
    desktop.type(ABROAD)
    box = press_enter(desktop, program)
    keep_picture(desktop, "ask-abroad")
    click_cancel(desktop, box)
    desktop.wait_closed(box)
    assert company.requests("clickToCall") == 0

    desktop.focus(palette)
    box = press_enter(desktop, program)
    desktop.key("Return")
    desktop.wait_closed(box)
    until(company.dialled, "a call")
    keep_picture(desktop, "ask-said-yes")
    assert company.dialled() == [ABROAD_ON_THE_WIRE]
    assert company.requests("clickToCall") == 1
