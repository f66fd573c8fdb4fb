"""Who the colleagues are is asked by itself, seldom, and never with a refused password."""

from __future__ import annotations

import pytest

from desk_phone.app.company_numbers import CompanyNumbers
from desk_phone.errors import Offline
from desk_phone.store.memory import Memory
from desk_phone.telco.refusals import refusal
from tests.ui.conftest import OWN, Desk

COLLEAGUE = "+3726403232"


@pytest.fixture
def numbers(empty_desk: Desk) -> CompanyNumbers:
    """Wired as in the program; nothing was asked yet."""
    empty_desk.telco.numbers_ = (OWN, COLLEAGUE)
    memory = Memory(empty_desk.ledger._db)
    made = CompanyNumbers(
        empty_desk.lanes, empty_desk.access, memory, empty_desk.now, empty_desk.calls
    )
    empty_desk.calls.polled.connect(made.look)
    made.heard.connect(empty_desk.account.numbers_changed)
    return made


def asked(desk: Desk) -> int:
    return sum(request[0] == "numbers" for request in desk.telco.asked)


def settled(desk: Desk, numbers: CompanyNumbers) -> None:
    desk.qtbot.waitUntil(lambda: not numbers._asking)


def test_the_first_look_that_works_brings_the_colleagues(
    empty_desk: Desk, numbers: CompanyNumbers
) -> None:
    with empty_desk.qtbot.waitSignal(empty_desk.account.numbers_changed):
        empty_desk.poll()
    assert empty_desk.account.numbers == (OWN, COLLEAGUE)
    empty_desk.poll()
    empty_desk.clock.pass_(hours=23)
    empty_desk.poll()
    settled(empty_desk, numbers)
    assert asked(empty_desk) == 1
    empty_desk.clock.pass_(hours=2)
    empty_desk.poll()
    settled(empty_desk, numbers)
    assert asked(empty_desk) == 2


def test_numbers_that_were_just_heard_are_not_asked_for_again(
    empty_desk: Desk, numbers: CompanyNumbers
) -> None:
    empty_desk.account.refresh_numbers()
    empty_desk.qtbot.waitUntil(lambda: bool(empty_desk.account.numbers))
    empty_desk.poll()
    settled(empty_desk, numbers)
    assert asked(empty_desk) == 1


def test_a_failure_is_not_repeated_with_each_look(
    empty_desk: Desk, numbers: CompanyNumbers
) -> None:
    empty_desk.telco.trouble["numbers"].append(Offline("x", "y"))
    for _ in range(3):
        empty_desk.poll()
        settled(empty_desk, numbers)
    assert asked(empty_desk) == 1
    assert empty_desk.account.state.trouble is None
    empty_desk.clock.pass_(hours=1)
    empty_desk.poll()
    settled(empty_desk, numbers)
    assert empty_desk.account.numbers == (OWN, COLLEAGUE)


def test_nothing_is_asked_with_a_refused_password(
    empty_desk: Desk, numbers: CompanyNumbers
) -> None:
    empty_desk.fail(refusal("ERR001", "x"))
    numbers.look()
    settled(empty_desk, numbers)
    assert asked(empty_desk) == 0
