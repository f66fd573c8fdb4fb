"""``kill -9`` at any moment, and a start again: no call lost or doubled, no card told twice."""

from __future__ import annotations

import re
import time
from collections import Counter
from random import Random

import pytest

from desk_phone.said import Status
from tests.desktop import Desktop, Program, until
from tests.desktop.waiting import PATIENCE
from tests.e2e.program import OWN, Company, Phone, others

pytestmark = pytest.mark.e2e

SEED = 20261125
LIVES = 8
A_LIFE = (0.05, 1.6)  # seconds; the first look comes within one
CALLERS, BETWEEN = 20, 0.5  # seconds
DIALS = 5  # six a minute are allowed
BUSY = 0.6  # seconds from a request on in which it is answered and written down
# A command that finds the program gone does it itself, and has no password here.
UNSENT = (Status.OFFLINE, Status.CREDENTIALS)


def live(program: Program, seconds: float) -> None:
    """Let it run for so long, then kill it as a power cut would."""
    begun = time.monotonic()
    until(lambda: time.monotonic() - begun > seconds, "its time has come")
    assert program.poll() is None, program.said()
    program.kill_all()


def announced(program: Program) -> list[str]:
    """The calls that it showed a card for, by their ids."""
    told = re.findall(r"announced: (.*)", program.said())
    return [call for calls in told for call in calls.split(", ")]


def test_killed_again_and_again_it_loses_no_call_and_repeats_no_card(desktop: Desktop) -> None:
    company = Company(desktop)
    phone = Phone(desktop, company.url)
    random = Random(SEED)
    lives = [phone.begin("--hidden")]
    numbers = [f"51234{n:03}" for n in range(CALLERS)]
    own = OWN.removeprefix("+")
    company.tell(
        ring=[{"own": own, "other": n, "after": i * BETWEEN} for i, n in enumerate(numbers)]
    )
    for _ in range(LIVES):
        live(lives[-1], random.uniform(*A_LIFE))
        lives.append(phone.start("--hidden"))

    def missed() -> list[str]:
        return [call["other"] for call in phone.calls() if call["outcome"] == "missed"]

    until(lambda: len(missed()) >= CALLERS, "all are known", 3 * CALLERS * BETWEEN, missed)
    assert Counter(missed()) == Counter(f"+372{number}" for number in numbers)
    assert len(phone.calls()) == CALLERS
    told = Counter(call for life in lives for call in announced(life))
    assert set(told.values()) == {1}, told
    assert len(told) > CALLERS / 2


def test_killed_while_it_dials_it_dials_nobody_twice(desktop: Desktop) -> None:
    company = Company(desktop)
    company.tell(fault="latency=0.3@clickToCall")
    phone = Phone(desktop, company.url)
    random = Random(SEED)
    numbers = [f"5123450{n}" for n in range(DIALS)]
    statuses = {}
    for at, number in enumerate(numbers):
        program = phone.begin("--hidden")
        before = company.requests("clickToCall")
        command = desktop.start_python(*phone.words("call", "--yes", number))
        if at % 2:
            until(lambda n=before: company.requests("clickToCall") > n, "it is sent")
            live(program, random.uniform(0, BUSY))
        else:  # a busy machine may not have begun the command by then
            live(program, random.uniform(0.1, 0.8))
        statuses[number] = command.wait(2 * PATIENCE)
    phone.begin("--hidden")

    until(lambda: set(numbers[1::2]) <= set(company.dialled()), "the calls that were sent")
    dialled = Counter(company.dialled())
    assert set(dialled.values()) == {1}, dialled
    assert all(dialled[number] for number in numbers if statuses[number] == Status.DONE), statuses
    assert set(statuses.values()) <= {*UNSENT, Status.DONE, Status.UNKNOWN}, statuses
    assert not any(dialled[number] for number in numbers if statuses[number] in UNSENT), statuses
    listed = Counter(others(phone.calls(), "outgoing"))
    assert set(listed.values()) == {1}, listed
    # A call is written down before it is sent: killed between the two it may have been made.
    perhaps = {number for number in numbers if statuses[number] == Status.UNKNOWN}
    known = {number.removeprefix("+372") for number in listed}
    assert set(dialled) <= known <= {*dialled, *perhaps}, statuses
