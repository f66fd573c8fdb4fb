"""A desk joins its company's relay, hears of calls there, and loses none of them on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.desktop import Desktop, until
from tests.desktop.sandbox import ROOT
from tests.e2e.program import COMMAND, Company, Phone, Said
from tests.e2e.relay import CODE, Relay
from tests.e2e.shown import RINGING, find, ink, keep_picture, picture, shown

pytestmark = pytest.mark.e2e

NEVER = 3600  # seconds between two looks: what is known is known from the relay


@pytest.fixture
def relay(desktop: Desktop) -> Iterator[Relay]:
    with Relay(desktop, Company(desktop)) as relay:
        yield relay


@pytest.fixture
def phone(desktop: Desktop, relay: Relay) -> Phone:
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


def enrol(desktop: Desktop, phone: Phone, relay: Relay, code: str = CODE) -> Said:
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
    desktop: Desktop, relay: Relay, phone: Phone
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

    relay.ring("+3725123456", "Õnne Mägi")
    card = find(desktop, program, RINGING)
    half = card.width * card.height / 2
    until(lambda: ink(picture(desktop, card)) < half, "it is painted")
    keep_picture(desktop, "relay-ringing")
    assert others(phone) == ["+3725123456"]

    relay.broker.kill()
    program.wait_for("the broker is not there")
    relay.broker.start()
    relay.ring("+3725200002", "Lost by the broker", publish=False)
    relay.beat()
    until(lambda: "+3725200002" in others(phone), "it was asked for", shown=program.said)


def test_what_came_while_the_desk_was_off_is_there_afterwards(
    desktop: Desktop, relay: Relay, phone: Phone
) -> None:
    assert enrol(desktop, phone, relay).status == 0
    program = phone.start("--hidden", password="")
    program.wait_for("listening to the relay")
    program.wait_for("line ready")
    program.kill_all()
    for n in range(3):
        relay.ring(f"+372530000{n}", f"Caller {n}", ago=3600 * (n + 1))
    relay.beat()
    program = phone.start("--hidden", password="")
    until(lambda: len(others(phone)) == 3, "all three are known", shown=program.said)
    assert shown(desktop, program, RINGING) == []  # too old to ring
    assert phone.run("account", "leave").status == 0
    assert json.loads(phone.run("account", "show", "--json").out)["password"] == "missing"
