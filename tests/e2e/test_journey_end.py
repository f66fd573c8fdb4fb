"""Asked to end the program ends cleanly, whatever it is doing."""

from __future__ import annotations

import signal
import time

import pytest

from tests.desktop import Desktop, Program, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import MAIN, find

pytestmark = pytest.mark.e2e

SOON = 15.0  # seconds; an answer that hangs takes a minute


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop, month=True)


@pytest.fixture
def phone(desktop: Desktop, company: Company) -> Phone:
    return Phone(desktop, company.url)


def end(program: Program, how: signal.Signals) -> None:
    begun = time.monotonic()
    program.send_signal(how)
    assert program.wait(2 * SOON) == 0
    assert time.monotonic() - begun < SOON
    assert "Traceback" not in program.said()


def assert_closed(phone: Phone) -> None:
    """The database was closed, and nobody holds the data any more."""
    assert phone.paths.database.exists()
    names = {file.name for file in phone.paths.root.iterdir()}
    assert {name for name in names if "-wal" in name or "-shm" in name or ".sock" in name} == set()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(
    desktop: Desktop, company: Company, phone: Phone, how: signal.Signals
) -> None:
    program = phone.begin()
    find(desktop, program, MAIN)
    end(program, how)
    assert_closed(phone)
    assert len(phone.calls()) > 50


def test_a_signal_ends_it_while_an_answer_hangs(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    company.tell(fault="latency=60")
    program = phone.start()
    until(lambda: company.requests("getCallHistory") == 1, "a request is under way")
    end(program, signal.SIGTERM)
    assert_closed(phone)


def test_a_signal_ends_it_while_a_call_hangs_and_the_call_stands_in_the_list(
    desktop: Desktop, company: Company, phone: Phone
) -> None:
    program = phone.begin("--hidden")
    company.tell(fault="latency=60@clickToCall")
    command = desktop.start_python(*phone.words("call", "--yes", "5123456"))
    until(lambda: company.requests("clickToCall") == 1, "a call is under way")
    end(program, signal.SIGTERM)
    assert command.wait(2 * SOON) == 5  # unknown: it may ring
    assert_closed(phone)
    assert phone.calls()[0]["other"] == "+3725123456"
    assert len(company.dialled()) == 1


def test_a_signal_ends_it_while_it_starts(desktop: Desktop, phone: Phone) -> None:
    program = phone.start()
    program.wait_for("tray icon shown")
    end(program, signal.SIGTERM)
