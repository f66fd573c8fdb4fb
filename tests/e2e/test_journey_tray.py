"""The tray icon on desktops where it comes late, changes its home, or has none."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CalledProcessError

import pytest

from tests.desktop import Desktop, Program, Window, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import (
    MAIN,
    PALETTE,
    find,
    keep_picture,
    open_tray_menu,
    shown,
)

pytestmark = pytest.mark.e2e

MakeDesktop = Callable[..., Desktop]


def begin(desktop: Desktop, *options: str) -> Program:
    return Phone(desktop, Company(desktop, month=True).url).begin(*options)


def is_small(desktop: Desktop, window: Window) -> bool:
    hidden = "_NET_WM_STATE_HIDDEN" in desktop.screen.states(window.id)
    return hidden and desktop.screen.window(window.id) is None


def test_the_menu_opens_closes_and_quits(desktop: Desktop) -> None:
    program = begin(desktop, "--hidden")
    menu = open_tray_menu(desktop, program)
    keep_picture(desktop, "tray-menu")
    desktop.key("Escape")
    until(lambda: desktop.screen.window(menu.id) is None, "the menu closes")
    assert program.poll() is None
    desktop.click_tray(button=3)  # elsewhere on the icon
    until(lambda: desktop.windows()[-1].pid == program.pid, "the menu is back")
    desktop.key("Up", "Return")  # Quit
    assert program.wait() == 0


@pytest.mark.parametrize("tray", ["late", "late notifier"])
def test_a_tray_that_comes_late_gets_the_icon(make_desktop: MakeDesktop, tray: str) -> None:
    desktop = make_desktop(tray=tray)
    program = begin(desktop, "--hidden")
    desktop.start_tray()
    if tray == "late notifier":
        desktop.tray_host_said("item ")
        return
    desktop.click_tray()
    find(desktop, program, PALETTE)


def test_without_a_tray_closing_the_window_makes_it_small(make_desktop: MakeDesktop) -> None:
    desktop = make_desktop(tray="none")
    phone = Phone(desktop, Company(desktop, month=True).url)
    program = phone.begin()
    window = find(desktop, program, MAIN)
    keep_picture(desktop, "no-tray")
    desktop.focus(window)
    desktop.key("alt+F4")
    until(lambda: is_small(desktop, window), "the window is small")
    assert program.poll() is None
    assert phone.run().status == 0  # a second start
    assert find(desktop, program, MAIN).id == window.id


def test_without_a_tray_a_hidden_start_is_a_small_window(make_desktop: MakeDesktop) -> None:
    """So there is always a way to the program."""
    desktop = make_desktop(tray="none")
    program = begin(desktop, "--hidden")

    def small_windows() -> list[str]:
        search = ("xdotool", "search", "--pid", str(program.pid), "--name", MAIN)
        try:
            found = desktop.short(*search).split()
        except CalledProcessError:  # none yet
            return []
        return [w for w in found if "_NET_WM_STATE_HIDDEN" in desktop.screen.states(int(w))]

    until(small_windows, "a small window")
    assert shown(desktop, program) == []


def test_with_a_tray_closing_the_window_hides_it(desktop: Desktop) -> None:
    program = begin(desktop)
    window = find(desktop, program, MAIN)
    desktop.focus(window)
    desktop.key("alt+F4")
    desktop.wait_closed(window)
    assert "_NET_WM_STATE_HIDDEN" not in desktop.screen.states(window.id)
    assert program.poll() is None
