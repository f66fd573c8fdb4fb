"""A refused password: one request, words that lead to the account, and nothing more until then."""

from __future__ import annotations

import time

import pytest

from desk_phone.simulator.company import PASSWORD
from tests.desktop import Desktop, until
from tests.e2e.program import Company, Phone
from tests.e2e.shown import MAIN, find, keep_picture

pytestmark = pytest.mark.e2e

SEVERAL_LOOKS = 3.5  # seconds; it looks every second


def test_a_refused_password_is_sent_once_and_the_right_one_goes_on(desktop: Desktop) -> None:
    company = Company(desktop)
    company.ring("5123456", "Kristiina Õunapuu", after=-3600)
    phone = Phone(desktop, company.url)
    program = phone.start(password="wrong")
    program.wait_for("line locked: The service does not accept the user name or password")
    locked = time.monotonic()
    window = find(desktop, program, MAIN)
    keep_picture(desktop, "password-refused")

    said = phone.run("calls")
    assert said.status == 6
    assert "The service does not accept the user name or password" in said.err
    assert phone.run().status == 0  # a second start: it opens where something is to be done
    until(lambda: desktop.screen.active() == window.id, "the window is in front")
    until(lambda: time.monotonic() - locked > SEVERAL_LOOKS, "it would have looked again")
    keep_picture(desktop, "password-account")
    assert company.requests() == 1

    desktop.type(PASSWORD)
    desktop.key("Return")
    program.wait_for("line ready")
    until(lambda: company.requests("getCallHistory") >= 3, "it looks again every second")
    keep_picture(desktop, "password-taken")
    assert [call["other"] for call in phone.calls()] == ["+3725123456"]


def test_a_refused_password_is_not_sent_again_after_a_crash(desktop: Desktop) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url)
    for _ in range(2):
        program = phone.start("--hidden", password="wrong")
        program.wait_for("line locked")
        program.kill_all()
    assert company.requests() == 1
    phone.begin("--hidden")  # with the right one
