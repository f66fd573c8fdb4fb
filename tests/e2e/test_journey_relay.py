"""A desk joins its company's relay, hears of calls there, and loses none of them on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.relay_server import RelayServer
from tests.desktop import Desktop, until
from tests.desktop.sandbox import ROOT
from tests.e2e.program import COMMAND, OWN, Company, Phone, Said
from tests.e2e.shown import RINGING, find, ink, keep_picture, picture

pytestmark = pytest.mark.e2e

NEVER = 3600  # seconds between two looks: what is known is known from the relay


@pytest.fixture
def company(desktop: Desktop) -> Company:
    return Company(desktop)


@pytest.fixture
def relay(tmp_path: Path, company: Company) -> Iterator[RelayServer]:
    """As a company runs it: it alone has the password, and the service calls it alone."""
    with RelayServer(tmp_path, company.url) as relay:
        until(lambda: relay.metrics()["lines_without_notices"] == 0, "the service was told")
        yield relay


@pytest.fixture
def phone(desktop: Desktop, relay: RelayServer) -> Phone:
    """With a keyring that is open, and no account yet."""
    keyring = desktop.start(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
    )
    assert keyring.stdin is not None
    keyring.stdin.write(b"the person's login password")
    keyring.stdin.close()
    until(lambda: desktop.has_name("org.freedesktop.secrets"), "a keyring", shown=keyring.said)
    return Phone(desktop, "https://nobody.example/", user="", own_number="", poll_seconds=NEVER)


def enrol(desktop: Desktop, phone: Phone, relay: RelayServer, code: str = "") -> Said:
    code = code or relay.code(OWN)
    done = subprocess.run(
        [
            *(sys.executable, *COMMAND, "--data-dir", str(phone.paths.root)),
            *("account", "enrol", relay.url, "--code-stdin"),
        ],
        cwd=ROOT,
        env=desktop.env,
        input=code.encode(),
        capture_output=True,
        timeout=60,
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode(), 0)


def others(phone: Phone) -> list[str]:
    return [call["other"] for call in phone.calls()]


def test_a_call_rings_the_card_whatever_the_broker_does(
    desktop: Desktop, company: Company, relay: RelayServer, phone: Phone
) -> None:
    program = phone.start("--hidden", password="")
    program.wait_for("line locked")
    refused = enrol(desktop, phone, relay, "wrong")
    assert (refused.status, "does not take this code" in refused.err) == (3, True)
    joined = enrol(desktop, phone, relay)
    assert (joined.status, joined.out) == (0, "This computer is enrolled, for 640 1234.\n")
    program.wait_for("listening to the relay")
    program.wait_for("line ready")
    shown_account = json.loads(phone.run("account", "show", "--json").out)
    assert (shown_account["relay"], shown_account["password"]) == (relay.url, "kept")

    company.ring("3725123456", "Õnne Mägi")
    card = find(desktop, program, RINGING)
    half = card.width * card.height / 2
    until(lambda: ink(picture(desktop, card)) < half, "it is painted")
    keep_picture(desktop, "relay-ringing")
    assert others(phone) == ["+3725123456"]

    relay.broker.kill()
    program.wait_for("the broker is not there")
    company.ring("3725200002", "While there is no broker")
    until(lambda: relay.metrics()["waiting"] == 1, "the relay keeps it")
    relay.broker.start()
    until(lambda: "+3725200002" in others(phone), "it came all the same", shown=program.said)
    assert phone.run("call", "3725123456", "--yes").status == 0
    assert company.dialled() == ["5123456"]


def test_what_came_while_the_desk_was_off_is_there_afterwards(
    desktop: Desktop, company: Company, relay: RelayServer, phone: Phone
) -> None:
    assert enrol(desktop, phone, relay).status == 0
    program = phone.start("--hidden", password="")
    program.wait_for("listening to the relay")
    program.wait_for("line ready")
    program.kill_all()
    for n in range(3):
        company.ring(f"372530000{n}", f"Caller {n}")
    until(lambda: relay.metrics()['published_total{what="acknowledged"}'] == 3, "they are told")
    program = phone.start("--hidden", password="")
    until(lambda: len(others(phone)) == 3, "all three are known", shown=program.said)
    assert phone.run("account", "leave").status == 0
    assert json.loads(phone.run("account", "show", "--json").out)["password"] == "missing"


def test_a_desk_that_is_revoked_is_told_so(
    desktop: Desktop, relay: RelayServer, phone: Phone
) -> None:
    assert enrol(desktop, phone, relay).status == 0
    program = phone.start("--hidden", password="")
    program.wait_for("line ready")
    (device,) = json.loads(relay.run("devices", "--json").out)
    assert relay.run("revoke", device["id"]).status == 0
    program.wait_for("the broker is not there")
    refused = phone.run("call", "3725123456", "--yes")
    assert (refused.status, "no longer enrolled" in refused.err) == (6, True)
