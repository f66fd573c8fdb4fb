"""What the simulated service does: calls by click, the phonebook, its counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk_phone.simulator import Simulator
from desk_phone.simulator.company import DIALS_KEPT, Company
from desk_phone.simulator.operations import Operation
from tests.simulated import COLLEAGUE, OWN, StandingClock, ask, post


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(quiet=True, records=0, clock=StandingClock()) as running:
        yield running


def names(sim: Simulator) -> dict[str, str]:
    said = ask(sim, Operation.ENTRIES)
    return dict(zip(said.texts("id"), said.texts("DisplayName"), strict=True))


# clickToCall


@pytest.mark.parametrize(
    "number",
    ["12", "640 1235", "640-1235", "abc", "640123a", "*31#5123456", "+", "1" * 18, "٦٤٠١٢٣٥",
     "６４０１２３５", "++3726401235", "6401235;ext=1", "-6401235", "6.4e6"],
)  # fmt: skip
def test_what_is_no_dialable_number_cannot_be_dialled(sim: Simulator, number: str) -> None:
    calls = sim.state()["calls"]
    said = ask(sim, Operation.CALL, Anumber=OWN, Bnumber=number)
    assert (said.code, said.message) == ("ERR1001", "Dialing Error")
    assert said.texts("ErrorDescription") == ["Call could not be made"]
    assert sim.state()["dialled"] == []
    assert sim.state()["calls"] == calls


@pytest.mark.parametrize(
    "number", ["6401235", "3726401235", "+3726401235", "00358401234567", "123"]
)
def test_a_dialable_number_is_dialled(sim: Simulator, number: str) -> None:
    assert ask(sim, Operation.CALL, Anumber=OWN, Bnumber=number).code == ""
    (dialled,) = sim.state()["dialled"]  # type: ignore[misc]
    assert dialled == {"own": OWN, "other": number, "at": "2026-05-20T09:00:00+00:00"}


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def fresh(clock: StandingClock) -> Iterator[Simulator]:
    """Without a past."""
    with Simulator(quiet=True, records=0, clock=clock) as running:
        yield running


def history(sim: Simulator, own: str = OWN) -> list[list[str]]:
    said = ask(sim, Operation.HISTORY, Anumber=own)
    return [
        [f"{child.tag.rpartition('}')[2]}={child.text or ''}" for child in record]
        for record in said.root.iter("{*}CallDetaileRecord")
    ]


@pytest.mark.parametrize("number", ["5123456", "3725123456", "+3725123456"])
def test_an_answered_dial_leaves_an_outgoing_record(
    fresh: Simulator, clock: StandingClock, number: str
) -> None:
    fresh.set_dials("answered")
    ask(fresh, Operation.CALL, Anumber=OWN, Bnumber=number)
    assert history(fresh) == []  # the own phone rings first
    clock.go_on(600)
    (record,) = history(fresh)
    assert record[1:5] == [
        "CallingNumber=6401234", "CalledNumber=5123456", "AnswerIndic=Yes", "Direction=Originating",
    ]  # fmt: skip
    assert [member.partition("=")[0] for member in record[5:]] == [
        "StartTime", "OtherPartyName", "AnswerTime", "ReleaseTime",
    ]  # fmt: skip
    assert "OtherPartyName=# #" in record
    start, answer, release = (member.rpartition("=")[2] for member in (record[5], *record[7:]))
    assert "2026-05-20T12:00:00" < start < answer < release < "2026-05-20T12:10:00"


def test_an_unanswered_dial_has_neither_answer_nor_release(
    fresh: Simulator, clock: StandingClock
) -> None:
    fresh.set_dials("missed")
    ask(fresh, Operation.CALL, Anumber=OWN, Bnumber="5123456")
    clock.go_on(600)
    (record,) = history(fresh)
    assert "AnswerIndic=No" in record
    assert not [member for member in record if member.startswith(("AnswerTime", "ReleaseTime"))]


def test_a_colleagues_phone_rings_too(fresh: Simulator, clock: StandingClock) -> None:
    fresh.set_dials("answered")
    ask(fresh, Operation.NAME_LINE, Anumber=OWN, FirstName="Mari", LastName="Maasikas")
    ask(fresh, Operation.CALL, Anumber=OWN, Bnumber="64012345")
    clock.go_on(600)
    (mine,), (theirs,) = history(fresh), history(fresh, COLLEAGUE)
    assert mine[1:5] == [
        "CallingNumber=6401234", "CalledNumber=64012345",
        "AnswerIndic=Yes", "Direction=Originating",
    ]  # fmt: skip
    assert theirs[1:5] == [
        "CallingNumber=6401234", "CalledNumber=64012345",
        "AnswerIndic=Yes", "Direction=Terminating",
    ]  # fmt: skip
    assert "OtherPartyName=Mari Maasikas" in theirs
    assert mine[0] != theirs[0]  # every record has an id of its own
    assert mine[7:] == theirs[7:]


def test_nobody_elses_phone_rings(fresh: Simulator, clock: StandingClock) -> None:
    ask(fresh, Operation.CALL, Anumber=OWN, Bnumber="5123456")
    clock.go_on(600)
    assert history(fresh, COLLEAGUE) == []


def test_by_chance_some_are_answered_and_some_not(fresh: Simulator, clock: StandingClock) -> None:
    for _ in range(20):
        ask(fresh, Operation.CALL, Anumber=OWN, Bnumber="5123456")
    clock.go_on(600)
    assert {"AnswerIndic=Yes", "AnswerIndic=No"} <= {each for one in history(fresh) for each in one}


def test_the_list_of_dials_does_not_grow_for_ever() -> None:
    company, clock = Company(), StandingClock()
    for _ in range(DIALS_KEPT + 5):
        company.dial(OWN, "5123456", clock.now)
    assert len(company.dialled) == DIALS_KEPT
    assert company.dials == DIALS_KEPT + 5  # chance goes on


# the phonebook and the state


def test_the_phonebook_is_as_written(sim: Simulator) -> None:
    assert names(sim) == {"1": "Alice", "2": "Bob", "12": "A Client"}
    ask(sim, Operation.ADD_ENTRY, DisplayName="Jhon", PhoneNumber1="55512345", PhoneNumber2="")
    ask(sim, Operation.DELETE_ENTRY, id="2")
    ask(
        sim, Operation.UPDATE_ENTRY,
        DisplayName="Alice B", PhoneNumber1="1", PhoneNumber2="6123456", id="1",
    )  # fmt: skip
    assert names(sim) == {"1": "Alice B", "12": "A Client", "13": "Jhon"}
    assert ask(sim, Operation.ENTRIES).texts("PhoneNumber2") == ["6123456"]  # Jhon has none


def test_a_deleted_id_never_comes_back(sim: Simulator) -> None:
    for _ in range(2):
        ask(sim, Operation.ADD_ENTRY, DisplayName="Jhon", PhoneNumber1="5", PhoneNumber2="")
        (last,) = set(names(sim)) - {"1", "2", "12"}
        ask(sim, Operation.DELETE_ENTRY, id=last)
    assert last == "14"


def test_requests_are_counted(sim: Simulator) -> None:
    ask(sim, Operation.NUMBERS)
    ask(sim, Operation.NUMBERS, "")
    ask(sim, Operation.HISTORY, Anumber="5")
    post(sim, "x")
    assert sim.state()["requests"] == {"listOwnNumbers": 2, "getCallHistory": 1, "unreadable": 1}
