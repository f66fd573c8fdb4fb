"""What docs/it.md has an administrator write for everybody on a computer does what it says."""

from __future__ import annotations

import json
import re
import shlex
import sys

import pytest

from tests.desktop import Desktop, Program, until
from tests.desktop.sandbox import ROOT
from tests.e2e.program import Company, Phone
from tests.e2e.shown import ASK_BOX, MAIN, dismiss, find, keep_picture, shown

pytestmark = pytest.mark.e2e

LINKS_SECTION = 4  # of the settings, from 0


def samples() -> list[str]:
    """The login, the links, who has them."""
    text = (ROOT / "docs" / "it.md").read_text(encoding="utf-8")
    return re.findall(r"```\n(\[De.*?)```", text, re.DOTALL)


def install(desktop: Desktop, phone: Phone) -> None:
    """A command of that name, as a package would bring it, and the files of the page."""
    config, share, programs = (desktop.folder / name for name in ("xdg", "share", "bin"))
    for folder in (config / "autostart", share / "applications", programs):
        folder.mkdir(parents=True)
    command = programs / "desk-phone"
    words = shlex.join([sys.executable, *phone.words()])
    command.write_text(f'#!/bin/sh\ncd {shlex.quote(str(ROOT))}\nexec {words} "$@"\n')
    command.chmod(0o755)
    login, links, defaults = samples()
    (config / "autostart" / "desk-phone.desktop").write_text(login)
    (share / "applications" / "desk-phone-links.desktop").write_text(links)
    (config / "mimeapps.list").write_text(defaults)
    desktop.env["XDG_CONFIG_DIRS"] = f"{config}:/etc/xdg"
    desktop.env["XDG_DATA_DIRS"] = f"{share}:/usr/local/share:/usr/share"
    desktop.env["PATH"] = f"{programs}:{desktop.env['PATH']}"


def start_as_the_login_does(desktop: Desktop) -> Program:
    entry = desktop.folder / "xdg" / "autostart" / "desk-phone.desktop"
    assert desktop.short("desktop-file-validate", str(entry)) == ""
    (line,) = re.findall(r"^Exec=(.*)$", entry.read_text(), re.MULTILINE)
    return desktop.start(shlex.split(line))


def test_it_starts_for_everybody_opens_links_and_says_so(desktop: Desktop) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url)
    install(desktop, phone)
    program = start_as_the_login_does(desktop)
    desktop.tray_icon()
    assert shown(desktop, program) == []

    links = desktop.folder / "share" / "applications" / "desk-phone-links.desktop"
    assert desktop.short("desktop-file-validate", str(links)) == ""
    told = desktop.short("xdg-mime", "query", "default", "x-scheme-handler/tel")
    assert told.strip() == links.name
    for opener in (("xdg-open",), ("gio", "open")):
        desktop.short(*opener, "tel:+37251234567")
        box = find(desktop, program, ASK_BOX)
        desktop.focus(box)
        dismiss(desktop, box)
    assert company.dialled() == []

    phone.run()  # a second start shows the window
    desktop.focus(find(desktop, program, MAIN))
    desktop.key("ctrl+1", "ctrl+4", "Home")
    for _ in range(LINKS_SECTION):
        desktop.key("Down")
    desktop.key("Return", "space")  # callto: is the first that a person may choose
    own = desktop.home / ".config" / "mimeapps.list"
    until(own.exists, "a choice of the person's own")
    keep_picture(desktop, "everybody")
    assert "tel=" not in own.read_text()
    assert "callto=" in own.read_text()
    assert desktop.short("xdg-mime", "query", "default", "x-scheme-handler/tel") == told


def test_a_preset_that_makes_no_sense_stops_no_start_and_is_said(desktop: Desktop) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url)
    preset = desktop.folder / "xdg" / "DeskPhone" / "settings.json"
    preset.parent.mkdir(parents=True)
    wrong = {"usual": {"theme": "black"}, "locked": {"hotkey_mode": "dial", "usr": "x"}}
    preset.write_text(json.dumps(wrong), encoding="utf-8")
    preset.chmod(0o644)
    desktop.env["XDG_CONFIG_DIRS"] = str(preset.parents[1])
    program = phone.begin()
    find(desktop, program, MAIN)
    for word in ("usual theme", "locked hotkey_mode", "locked usr"):
        program.wait_for(f"settings for everybody: {word} makes no sense")
    keep_picture(desktop, "everybody-wrong")
