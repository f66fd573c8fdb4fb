"""The first start on an empty computer, by keyboard alone, until the calls are there."""

from __future__ import annotations

import json

import pytest

from desk_phone.simulator.company import OWN_NUMBERS, PASSWORD, USER
from tests.desktop import Desktop, until
from tests.e2e.accessible import Reader
from tests.e2e.program import OWN, Company, Phone
from tests.e2e.shown import MAIN, find, keep_picture

pytestmark = pytest.mark.e2e

WIZARD, IN_ESTONIAN = "Set up Desk Phone", "Desk Phone’i seadistamine"


def test_from_nothing_to_the_first_calls_by_keyboard_alone(desktop: Desktop) -> None:
    company = Company(desktop)
    company.ring("5123456", "Kristiina Õunapuu", after=-3600)
    phone = Phone(desktop, company.url)
    phone.paths.settings.unlink()

    def kept() -> dict[str, object]:
        file = phone.paths.settings
        return dict(json.loads(file.read_text())) if file.exists() else {}

    program = phone.start(password="")
    window = find(desktop, program, WIZARD)
    until(lambda: desktop.screen.active() == window.id, "it has the keyboard")
    desktop.type(USER)
    desktop.key("Tab")
    desktop.type(PASSWORD)
    desktop.key("Tab", "Tab", "Tab", "space", "Tab", "ctrl+a")  # More, and the service's address
    desktop.type(company.url)
    keep_picture(desktop, "wizard-account")
    desktop.key("Tab", "Tab", "Tab", "Return")  # Proxy, Later, Next
    until(lambda: kept().get("user") == USER, "the account is taken", shown=kept)
    assert kept()["service_url"] == company.url

    desktop.key("Return")  # once more: it was told that there is no keyring
    desktop.key(*["Down"] * (1 + OWN_NUMBERS.index(OWN.removeprefix("+"))))
    keep_picture(desktop, "wizard-line")
    desktop.key("Return")
    until(lambda: kept().get("own_number") == OWN, "the line is chosen", shown=kept)
    program.wait_for("line ready")

    desktop.key("space")
    until(lambda: kept().get("popups") is False, "no pop-ups", shown=kept)
    keep_picture(desktop, "wizard-popups")
    desktop.key("Return", "Return")
    find(desktop, program, MAIN)
    desktop.wait_closed(window)
    assert [call["other"] for call in phone.calls()] == ["+3725123456"]
    keep_picture(desktop, "wizard-calls")


def test_closed_it_calls_nobody_and_comes_again_with_the_next_start(desktop: Desktop) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url, user="", own_number="", own_name="")
    program = phone.start(password="")
    window = find(desktop, program, WIZARD)
    until(lambda: desktop.screen.active() == window.id, "it has the keyboard")
    desktop.key("Escape")
    desktop.wait_closed(window)
    assert phone.run().status == 0  # a second start
    find(desktop, program, WIZARD)
    assert company.requests() == 0


def test_in_estonian_by_keyboard_alone_each_step_is_heard_and_a_wrong_password_is_mended(
    desktop: Desktop,
) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url, user="", own_number="", own_name="")

    def kept() -> dict[str, object]:
        return dict(json.loads(phone.paths.settings.read_text()))

    with Reader(desktop) as reader:
        program = phone.start(password="", env={"LANG": "et_EE.UTF-8"})
        window = find(desktop, program, IN_ESTONIAN)
        until(lambda: desktop.screen.active() == window.id, "it has the keyboard")
        reader.wait_announced("^Samm 1/4: Konto$")
        desktop.type(USER)
        desktop.key("Tab")
        desktop.type("vale parool")
        desktop.key("Return")
        reader.wait_announced("^Teenus ei võta kasutajanime või parooli vastu")
        keep_picture(desktop, "wizard-estonian-refused")
        desktop.key("ctrl+a")
        desktop.type(PASSWORD)
        desktop.key("Return")
        until(lambda: kept().get("user") == USER, "the account is taken", shown=kept)

        desktop.key("Return")  # once more: it was told that there is no keyring
        reader.wait_announced("^Samm 2/4: Minu number$")
        desktop.key("Down", "Return")
        reader.wait_announced("^Samm 3/4: Kõned ja hüpikaknad$")
        desktop.key("alt+Left")  # back: it was the wrong line
        reader.wait_announced("^Samm 2/4", times=2)
        desktop.key("Home", "Return")
        reader.wait_announced("^Samm 3/4", times=2)
        desktop.key("Return")
        reader.wait_announced("^Samm 4/4: Kiirklahv ja lingid$")
        keep_picture(desktop, "wizard-estonian-keys")
        desktop.key("shift+Tab", "Return")  # backwards to Done, as if from the first control
        find(desktop, program, MAIN)
        desktop.wait_closed(window)
    assert kept()["own_number"] == f"+{OWN_NUMBERS[0]}"
