"""From a number that was copied or marked in any window to a call, by the hotkey and by links."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.desktop import Desktop, Program, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import (
    ASK_BOX,
    NUMBER_CHOICE,
    PALETTE,
    dismiss,
    find,
    find_active,
    find_question,
    keep_picture,
    until_it_listens,
)

pytestmark = pytest.mark.e2e

KEYS = "ctrl+shift+F11"


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop)


@pytest.fixture
def start(desktop: Desktop, company: Company) -> Callable[..., Program]:
    """Start the program with settings; returns when it has the hotkey."""

    def start(**chosen: object) -> Program:
        program = Phone(desktop, company.url, **chosen).start("--hidden")
        program.wait_for("hotkey assigned")
        program.wait_for("line ready")
        return program

    return start


def test_a_copied_number_is_asked_about_and_a_careless_enter_calls_nobody(
    desktop: Desktop, company: Company, start: Callable[..., Program]
) -> None:
    program = start()
    desktop.copy("Kristiina Õunapuu, tel 5123 4567, tuba 12")
    desktop.key(KEYS)
    box = find_question(desktop, program)
    keep_picture(desktop, "hotkey-asks")
    desktop.key("Return")
    desktop.wait_closed(box)
    assert company.requests("clickToCall") == 0

    desktop.key(KEYS)
    find_question(desktop, program)
    desktop.key("Tab")
    desktop.key("Return")
    until(company.dialled, "a call")
    keep_picture(desktop, "hotkey-rings")
    assert company.dialled() == ["51234567"]


def test_at_once_calls_an_ordinary_number_and_asks_about_another(
    desktop: Desktop, company: Company, start: Callable[..., Program]
) -> None:
    program = start(hotkey_mode="at once")
    desktop.copy("640 3231")
    desktop.key(KEYS)
    until(company.dialled, "a call")
    box = find_active(desktop, program, ASK_BOX)  # it says that the own phone rings
    keep_picture(desktop, "hotkey-at-once")
    dismiss(desktop, box)
    desktop.copy("+358 40 123 4567")
    desktop.key(KEYS)
    box = find_question(desktop, program)
    desktop.key("Escape")
    desktop.wait_closed(box)
    assert company.dialled() == ["6403231"]


def test_several_numbers_are_chosen_from_by_a_key(
    desktop: Desktop, company: Company, start: Callable[..., Program]
) -> None:
    program = start()
    desktop.copy("6403231, mob 51234567, faks 640 3232")
    desktop.key(KEYS)
    choice = find_active(desktop, program, NUMBER_CHOICE)
    until_it_listens()
    keep_picture(desktop, "hotkey-choice")
    desktop.key("2")
    desktop.wait_closed(choice)
    until(company.dialled, "a call")
    assert company.dialled() == ["51234567"]


@pytest.mark.parametrize(
    "text", ["EE471000001020145685", "38001085718", "10137025", "", "*21*51234567#"]
)
def test_what_is_no_number_opens_the_palette_and_says_so(
    desktop: Desktop, company: Company, start: Callable[..., Program], text: str
) -> None:
    program = start()
    if text:
        desktop.copy(text)
    desktop.key(KEYS)
    palette = find_active(desktop, program, PALETTE)
    keep_picture(desktop, "hotkey-nothing")
    desktop.key("Return", "Escape")
    desktop.wait_closed(palette)
    assert company.requests("clickToCall") == 0


def test_what_was_marked_last_comes_before_the_clipboard(
    desktop: Desktop, company: Company, start: Callable[..., Program]
) -> None:
    start(hotkey_mode="at once")
    desktop.copy("5123 4567")
    desktop.copy("640 3231", "primary")
    desktop.key(KEYS)
    until(company.dialled, "a call")
    assert company.dialled() == ["6403231"]


def test_a_link_asks_and_fifty_links_ask_once(
    desktop: Desktop, company: Company, start: Callable[..., Program]
) -> None:
    program = start()
    phone = Phone(desktop, company.url)
    for _ in range(3):
        said = phone.run("open", "--", "tel:+372-640-3231")
        assert said.status == 0
    box = find_question(desktop, program)
    keep_picture(desktop, "link-asks")
    desktop.key("Return")
    desktop.wait_closed(box)
    assert [window.title for window in desktop.windows()].count(ASK_BOX) == 0
    assert company.requests("clickToCall") == 0


def test_a_link_that_is_no_number_says_so(
    desktop: Desktop, company: Company, start: Callable[..., Program]
) -> None:
    program = start()
    Phone(desktop, company.url).run("open", "--", "tel:*21*51234567%23")
    find(desktop, program, ASK_BOX)
    keep_picture(desktop, "link-refused")
    assert company.requests("clickToCall") == 0


def test_a_link_starts_the_program_where_it_does_not_run(
    desktop: Desktop, company: Company
) -> None:
    program = Phone(desktop, company.url).start("open", "tel:6403231")
    find(desktop, program, ASK_BOX)
    assert company.requests("clickToCall") == 0


def test_a_desktop_without_hotkeys_binds_the_command(
    desktop: Desktop, company: Company, start: Callable[..., Program]
) -> None:
    program = start(hotkey_on=True)
    desktop.copy("5123 4567")
    assert Phone(desktop, company.url).run("dial-clipboard").status == 0
    find(desktop, program, ASK_BOX)
