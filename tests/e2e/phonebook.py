"""The Phonebook page on a desktop: what its user presses, and what comes of it."""

from __future__ import annotations

import json
from typing import Any

from desk_phone import settings as files
from desk_phone.ui.look import LIGHT
from tests.desktop import Desktop, Program, Window, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import MAIN, find, ink, picture


def begin(phone: Phone) -> Program:
    """Start it, and wait until it has seen the service's list."""
    program = phone.start()
    program.wait_for("phonebook trusted")
    return program


def open_page(desktop: Desktop, program: Program) -> Window:
    """The window with the Phonebook page; it has the keyboard."""
    window = find(desktop, program, MAIN)
    desktop.focus(window)
    desktop.key("ctrl+2")
    return window


def unlock(desktop: Desktop, program: Program, phone: Phone) -> None:
    """Ctrl+N leads to the button that allows changes; once it does, the new entry is begun."""
    until(lambda: has_banner(desktop, program, LIGHT.accent_soft), "a banner says why not")
    desktop.key("ctrl+n", "space")
    until(lambda: files.load(phone.paths.settings).phonebook_unlocked, "changes allowed")
    desktop.key("Escape")


def has_banner(desktop: Desktop, program: Program, colour: str) -> bool:
    """Whether a banner of that kind stands across the page."""
    image = picture(desktop, find(desktop, program, MAIN))
    across = range(240, image.width() - 40)
    rows = ([image.pixelColor(x, y).name() for x in across] for y in range(90, 260, 4))
    return any(row.count(colour.lower()) > len(across) // 2 for row in rows)


def find_entry(desktop: Desktop, program: Program, text: str) -> None:
    """Search for the only one that is so called, and go there."""
    desktop.key("ctrl+f")
    desktop.type(text)
    until(lambda: _one_is_found(desktop, program), "one is found", shown=program.said)
    desktop.key("Return")


def _one_is_found(desktop: Desktop, program: Program) -> bool:
    """Whether the line under the table is as short as ``1 entry found``."""
    image = picture(desktop, find(desktop, program, MAIN))
    foot = image.copy(236, image.height() - 36, 250, 28)
    return ink(foot.copy(0, 0, 90, 28)) > 0 == ink(foot.copy(100, 0, 150, 28))


def rename(desktop: Desktop, program: Program, before: str, after: str) -> None:
    find_entry(desktop, program, before)
    desktop.key("F2", "ctrl+a")
    desktop.type(after)
    desktop.key("Return")


def open_menu(desktop: Desktop, program: Program) -> None:
    """The chosen entry's."""
    before = {window.id for window in desktop.windows()}
    desktop.key("Menu")
    until(lambda: {window.id for window in desktop.windows()} - before, "a menu")


def entries(phone: Phone) -> list[dict[str, Any]]:
    """What the phonebook has here, as a command tells it."""
    said = phone.run("phonebook", "list", "--json")
    assert said.status == 0, said
    return list(json.loads(said.out))


def states(phone: Phone) -> dict[str, str]:
    """By name."""
    return {entry["name"]: entry["state"] for entry in entries(phone)}


def names(company: Company) -> list[str]:
    return [entry["name"] for entry in company.state()["entries"]]
