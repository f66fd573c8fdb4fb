"""A link on a page: taken over in the settings by keyboard, clicked in Chromium, and given back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest

from desk_phone.system.links_linux import ENTRY
from tests.desktop import Desktop, Program, Window, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import ASK_BOX, MAIN, find, find_question, keep_picture, picture, shown

pytestmark = pytest.mark.e2e

PAGE = """<!doctype html><meta charset="utf-8"><title>Contacts</title>
<style>body { margin: 0 } p { font-size: 40px; height: 60px; margin: 0 }</style>
<p><a href="tel:+372-640-3231">telephone</a><p><a href="callto:51234567">Skype</a>
<p><a href="sip:6403232@example.ee">SIP</a>"""
CHROMIUM = (
    *("chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--password-store=basic", "--window-size=700,600", "--window-position=20,20"),
)
SCHEMES = ("tel", "callto", "sip")
_STARTS_WITHIN = 40.0  # seconds
_DEAF = 1.0  # seconds: each click in the first half of one begins its deafness anew
_PATIENT = 4.0  # seconds for what was clicked to be done
_SECTION = 4  # of the settings, from 0
_DARK = 160  # of 255; a page is white
_OPEN = 521, 164  # px: the button that says yes
_BAR, _LINK = 52, 60  # px: Chromium's word about its sandbox, then a link every so far


def press_all_links(desktop: Desktop, window: Window) -> None:
    """Take all three over, or give them back, in the settings by keyboard."""
    desktop.focus(window)
    desktop.key("ctrl+1", "ctrl+4", "Home")
    for _ in range(_SECTION):
        desktop.key("Down")
    desktop.key("Return", "space", "Tab", "space", "Tab", "space")


def opener(desktop: Desktop, scheme: str) -> str:
    return desktop.short("xdg-mime", "query", "default", f"x-scheme-handler/{scheme}").strip()


def browse(desktop: Desktop) -> Window:
    page = desktop.folder / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    desktop.start([*CHROMIUM, f"--user-data-dir={desktop.home}/browser", f"--app=file://{page}"])
    return desktop.find_window("Contacts", "Chromium", seconds=_STARTS_WITHIN)


def click_link(desktop: Desktop, program: Program, browser: Window, row: int) -> None:
    """Click the link until the browser asks whether another program may open it, then say yes until
    that program asks. (The browser may paint no more then, having lost the keyboard.)"""

    def is_dark() -> bool:
        """The page behind its question, which is no window of its own."""
        return picture(desktop, browser).pixelColor(350, 500).lightness() < _DARK

    def ask() -> None:
        desktop.click(browser, 40, _BAR + _LINK // 2 + row * _LINK)

    press_until(ask, is_dark, 0.0)
    keep_picture(desktop, f"browser-asks-{row}")
    press_until(
        lambda: desktop.click(browser, *_OPEN),
        lambda: bool(shown(desktop, program, ASK_BOX)),
        _DEAF,
    )


def press_until(press: Callable[[], None], came_true: Callable[[], bool], first: float) -> None:
    """Press after ``first`` seconds, and ever later again: a browser that is busy is deaf for
    longer, and yet what is pressed twice it may do twice."""
    pause, due = _PATIENT, time.monotonic() + first

    def pressed() -> bool:
        nonlocal pause, due
        if came_true():
            return True
        if time.monotonic() > due:
            press()
            pause, due = 2 * pause, time.monotonic() + pause
        return False

    until(pressed, "what was pressed is done")


@pytest.mark.parametrize(
    ("row", "scheme", "number"),
    [(0, "tel", "6403231"), (1, "callto", "51234567"), (2, "sip", "6403232")],
)
def test_a_link_that_is_clicked_in_chromium_asks_before_it_calls(
    desktop: Desktop, row: int, scheme: str, number: str
) -> None:
    company = Company(desktop)
    program = Phone(desktop, company.url).begin()
    press_all_links(desktop, find(desktop, program, MAIN))
    until(lambda: opener(desktop, scheme) == ENTRY, f"{scheme}: is ours")
    keep_picture(desktop, "links-taken")
    browser = browse(desktop)
    click_link(desktop, program, browser, row)
    find_question(desktop, program)
    keep_picture(desktop, f"browser-{scheme}")
    assert company.requests("clickToCall") == 0
    desktop.key("Tab", "Return")
    until(company.dialled, "a call")
    assert company.dialled() == [number]


def test_links_that_were_given_back_are_nobody_s_again(desktop: Desktop) -> None:
    company = Company(desktop)
    program = Phone(desktop, company.url).begin()
    window = find(desktop, program, MAIN)
    press_all_links(desktop, window)
    until(lambda: opener(desktop, "sip") == ENTRY, "they are ours")
    press_all_links(desktop, window)
    until(lambda: ENTRY not in map(partial(opener, desktop), SCHEMES), "they are not")
    assert shown(desktop, program, ASK_BOX) == []
    assert company.requests("clickToCall") == 0
