"""The hotkey on the keyboards that people have, and when somebody else holds the keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import xcffib

from tests.desktop import Desktop, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import ASK_BOX, MAIN, PALETTE, find, keep_picture

pytestmark = pytest.mark.e2e

KEYS = "ctrl+shift+F11"
HOTKEY_SECTION = 3  # of the settings, from 0


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(["xdotool", "key", "Num_Lock"], id="NumLock"),
        pytest.param(["xdotool", "key", "Caps_Lock"], id="CapsLock"),
        pytest.param(["setxkbmap", "ru,us"], id="Russian"),
        pytest.param(["setxkbmap", "ee"], id="Estonian"),
    ],
)
def test_the_hotkey_asks_whatever_the_keyboard(desktop: Desktop, before: list[str]) -> None:
    company = Company(desktop)
    program = Phone(desktop, company.url).start("--hidden")
    program.wait_for("hotkey assigned")
    desktop.short(*before)
    desktop.copy("5123 4567")

    def asks() -> bool:
        """A changed keyboard is heard of a moment later, and the keys taken anew."""
        desktop.short("xdotool", "key", KEYS)
        return any(window.title == ASK_BOX for window in desktop.windows())

    until(asks, "the box that asks", shown=program.said)
    assert company.requests("clickToCall") == 0


def test_keys_that_another_program_has_are_told_and_taken_once_they_are_free(
    desktop: Desktop,
) -> None:
    company = Company(desktop)
    holder = Phone(desktop, company.url, name="holder").start("--hidden")
    holder.wait_for("hotkey assigned")
    program = Phone(desktop, company.url).start()
    program.wait_for("hotkey taken")
    desktop.focus(find(desktop, program, MAIN))
    desktop.key("ctrl+4", "Home")
    for _ in range(HOTKEY_SECTION):
        desktop.key("Down")
    desktop.key("Return")
    keep_picture(desktop, "hotkey-taken")
    holder.end()
    desktop.key("Tab", "Tab", "space")  # the keys, Try again
    program.wait_for("hotkey assigned")
    keep_picture(desktop, "hotkey-free-again")
    desktop.copy("5123 4567")
    desktop.key(KEYS)
    find(desktop, program, ASK_BOX)


@contextmanager
def owner_that_hangs(desktop: Desktop) -> Iterator[None]:
    """It owns what is copied and what is marked, and never answers who asks for it."""
    x = xcffib.connect(desktop.env["DISPLAY"])
    window = x.generate_id()
    root = x.get_setup().roots[0].root
    x.core.CreateWindow(0, window, root, 0, 0, 1, 1, 0, 2, 0, 0, [])
    for name in ("CLIPBOARD", "PRIMARY"):
        atom = x.core.InternAtom(False, len(name), name).reply().atom
        x.core.SetSelectionOwnerChecked(window, atom, 0).check()
    yield
    x.disconnect()


def test_a_clipboard_whose_owner_hangs_opens_the_palette_all_the_same(desktop: Desktop) -> None:
    company = Company(desktop)
    program = Phone(desktop, company.url).start("--hidden")
    program.wait_for("hotkey assigned")
    with owner_that_hangs(desktop):
        desktop.key(KEYS)
        palette = find(desktop, program, PALETTE)
        until(lambda: desktop.screen.active() == palette.id, "it has the keyboard")
        desktop.type("6403231")
        keep_picture(desktop, "hotkey-hung-owner")
        desktop.key("Return")
        until(company.dialled, "a call")
    assert company.dialled() == ["6403231"]
