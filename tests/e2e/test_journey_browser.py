"""A link on a page: taken over in the settings by keyboard, clicked in Chromium, and given back."""

from __future__ import annotations

import time
from functools import partial

import pytest

from desk_phone.system.links_linux import ENTRY
from tests.desktop import Desktop, Window, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import ASK_BOX, MAIN, find, keep_picture, picture, shown, until_it_listens

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


def click_link(desktop: Desktop, browser: Window, row: int) -> None:
    """Click until the browser asks whether another program may open it, then say yes."""

    def is_dark() -> bool:
        """The page behind its question, which is no window of its own."""
        return picture(desktop, browser).pixelColor(350, 500).lightness() < _DARK

    def asks() -> bool:
        desktop.click(browser, 40, _BAR + _LINK // 2 + row * _LINK)
        return is_dark()

    until(asks, "the browser's question", shown=desktop.windows)
    asked = time.monotonic()
    keep_picture(desktop, f"browser-asks-{row}")
    until(lambda: time.monotonic() - asked > _DEAF, "it listens")
    # What opens shows that it was taken: a browser that lost the keyboard may paint no more.
    desktop.click(browser, *_OPEN)


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
    click_link(desktop, browser, row)
    box = find(desktop, program, ASK_BOX)
    until(lambda: desktop.screen.active() == box.id, "it has the keyboard")
    until_it_listens()
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
