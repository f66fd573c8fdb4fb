"""One program a data directory: a second start raises the first, commands are done by it."""

from __future__ import annotations

import json
import subprocess

import pytest
from PySide6.QtGui import QImage

from tests.desktop import Desktop, Program, until, until_still
from tests.e2e.program import Company, Phone, others
from tests.e2e.shown import MAIN, PALETTE, find, ink, keep_picture, list_picture, shown

pytestmark = pytest.mark.e2e

QUICKLY = 10.0  # seconds; it takes a thirtieth of that on an idle machine


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop, month=True)


@pytest.fixture
def phone(desktop: Desktop, company: Company) -> Phone:
    return Phone(desktop, company.url)


def written(desktop: Desktop, program: Program) -> QImage | None:
    """The list of calls, once something stands in it."""
    image = list_picture(desktop, program)
    return image if ink(image) else None


def cover(desktop: Desktop) -> None:
    """Let another program's window lie over everything and have the keyboard."""
    another = desktop.start_python(
        "-m", "tests.desktop.tray_program", "--plain", stdin=subprocess.PIPE
    )
    another.wait_for("ready")
    another.tell("full-screen")
    window = desktop.find_window("A window")
    until(lambda: desktop.screen.active() == window.id, "the window is in front")


def test_a_second_start_raises_the_window_and_ends(desktop: Desktop, phone: Phone) -> None:
    program = phone.begin()
    window = find(desktop, program, MAIN)
    cover(desktop)
    said = phone.run()
    assert (said.status, said.out, said.err) == (0, "", "")
    assert said.seconds < QUICKLY
    until(lambda: desktop.screen.active() == window.id, "the window is in front again")
    assert program.poll() is None


def test_a_second_start_shows_a_window_that_was_hidden(desktop: Desktop, phone: Phone) -> None:
    program = phone.begin("--hidden")
    assert phone.run("--hidden").status == 0
    assert shown(desktop, program) == []
    assert phone.run().status == 0
    find(desktop, program, MAIN)


def test_commands_are_done_by_the_running_program(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = phone.begin()
    before = phone.calls()
    listed = until_still(lambda: written(desktop, program), "the calls are in the list")

    said = phone.run("call", "--yes", "--json", "5123456")
    assert said.status == 0, said
    assert json.loads(said.out)["other"] == "+3725123456"
    assert company.dialled() == ["5123456"]
    until(lambda: written(desktop, program) not in (None, listed), "the list says so by itself")
    (newest, *rest) = phone.calls()
    assert (newest["direction"], newest["other"]) == ("outgoing", "+3725123456")
    assert rest == before
    keep_picture(desktop, "instance-call")

    company.ring("55501234", "Jüri Tamm")
    assert phone.run("calls", "--json").status == 0
    assert others(phone.calls(), "incoming").count("+37255501234") == 1
    program.wait_for("announced")  # there, not in the command


def test_a_command_that_nobody_answered_sends_nothing(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = phone.begin("--hidden")
    said = phone.run("call", "5123456")
    assert said.status == 2
    assert "Nothing was sent" in said.err
    assert company.requests("clickToCall") == 0
    assert shown(desktop, program, PALETTE) == []
