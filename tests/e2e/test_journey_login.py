"""A login: what was written for it is run, before there is a tray, and steals nobody's keyboard."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop import Desktop, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import MAIN, find, keep_picture, shown

pytestmark = pytest.mark.e2e

LINKS_SECTION = 4  # of the settings, from 0


def test_what_is_chosen_in_the_settings_starts_hidden_and_waits_for_the_tray(
    make_desktop: Callable[..., Desktop],
) -> None:
    desktop = make_desktop(tray="late")
    company = Company(desktop)
    phone = Phone(desktop, company.url)
    program = phone.begin()
    desktop.focus(find(desktop, program, MAIN))
    desktop.key("ctrl+4", "Home")
    for _ in range(LINKS_SECTION):
        desktop.key("Down")
    desktop.key("Return", "Tab", "Tab", "Tab", "space")  # past the links
    entry = desktop.home / ".config" / "autostart" / "desk-phone.desktop"
    until(entry.exists, "an entry for the login")
    keep_picture(desktop, "login-chosen")
    program.end()
    assert desktop.short("desktop-file-validate", str(entry)) == ""

    desktop.start(["xmessage", "-title", "A letter", "Dear Mari"])
    letter = desktop.find_window("A letter")
    desktop.focus(letter)
    (line,) = (line for line in entry.read_text().splitlines() if line.startswith("Exec="))
    program = desktop.start(shlex.split(line.removeprefix("Exec=").replace("%%", "%")))
    until(Path(phone.paths.endpoint).exists, "it runs")
    until(lambda: phone.run("numbers").status == 6, "it knows no password")
    assert shown(desktop, program) == []
    desktop.start_tray()
    desktop.tray_icon()
    assert desktop.screen.active() == letter.id
    keep_picture(desktop, "login-started")
