"""The control address: every wish, what is no wish, and what it tells."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from desk_phone.simulator import Simulator
from desk_phone.simulator.operations import Operation
from tests.simulated import COLLEAGUE, OWN, StandingClock, ask, control, get, post


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def sim(clock: StandingClock) -> Iterator[Simulator]:
    with Simulator(quiet=True, records=0, clock=clock) as running:
        yield running


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    """For wishes that are refused."""
    with Simulator(quiet=True, records=0, clock=StandingClock()) as running:
        yield running


def wish(sim: Simulator, **wishes: object) -> dict[str, object]:
    status, state = control(sim, wishes)
    assert status == 200, state
    return state


def test_it_tells_its_state(sim: Simulator) -> None:
    said = get(sim, "/_control")
    assert said.headers["Content-Type"] == "application/json"
    assert json.loads(said.body) == sim.state() == {
        "own": ["3726401234", "37264012345", "37264012347", "3726403231", "3726403232"],
        "dialled": [],
        "requests": {},
        "entries": [
            {"id": "1", "name": "Alice", "number1": "555111222", "number2": ""},
            {"id": "2", "name": "Bob", "number1": "555111223", "number2": "6123455"},
            {"id": "12", "name": "A Client", "number1": "60000002", "number2": ""},
        ],
        "activated": {},
        "line_names": {},
        "calls": dict.fromkeys(
            ["3726401234", "37264012345", "37264012347", "3726403231", "3726403232"], 0
        ),
        "notices": [],
        "faults": [],
        "quiet": True,
    }  # fmt: skip


def test_the_control_address_is_told(sim: Simulator) -> None:
    assert sim.control_url == f"http://127.0.0.1:{sim.port}/_control"


def test_an_empty_wish_changes_nothing(sim: Simulator) -> None:
    before = sim.state()
    assert wish(sim) == before == sim.state()


# every wish


def test_faults_are_switched_on_and_cleared(sim: Simulator) -> None:
    assert wish(sim, fault="lost@clickToCall*1")["faults"] == ["lost@clickToCall*1"]
    several = ["bom", {"name": "latency", "value": 0.5, "times": 2}, {"name": "ERR003"}]
    assert wish(sim, fault=several)["faults"] == [
        "lost@clickToCall*1", "bom", "latency=0.5*2", "error=ERR003",
    ]  # fmt: skip
    assert wish(sim, clear="bom")["faults"] == [
        "lost@clickToCall*1", "latency=0.5*2", "error=ERR003",
    ]  # fmt: skip
    anew = {"name": "lost", "value": "", "operation": "AddEntry", "times": 1}
    assert wish(sim, fault=anew, clear=True)["faults"] == ["lost@AddEntry*1"]  # in this order
    assert wish(sim, clear=True)["faults"] == []


def test_quiet(sim: Simulator) -> None:
    assert wish(sim, quiet=False)["quiet"] is False
    assert wish(sim, quiet=True)["quiet"] is True


@pytest.mark.parametrize("count", [0, 7])
def test_records(sim: Simulator, count: int) -> None:
    sim.ring(OWN, "5123456")
    assert set(wish(sim, records=count)["calls"].values()) == {count}  # type: ignore[attr-defined]
    assert len(ask(sim, Operation.HISTORY, Anumber=COLLEAGUE).texts("id")) == count


@pytest.mark.parametrize(("fate", "answered"), [("answered", "Yes"), ("missed", "No")])
def test_dials(sim: Simulator, clock: StandingClock, fate: str, answered: str) -> None:
    wish(sim, dials=fate)
    for _ in range(12):
        ask(sim, Operation.CALL, Anumber=OWN, Bnumber="5123456")
    clock.go_on(600)
    assert ask(sim, Operation.HISTORY, Anumber=OWN).texts("AnswerIndic") == [answered] * 12
    wish(sim, dials=None, records=0)
    for _ in range(20):
        ask(sim, Operation.CALL, Anumber=OWN, Bnumber="5123456")
    clock.go_on(600)
    assert set(ask(sim, Operation.HISTORY, Anumber=OWN).texts("AnswerIndic")) == {"Yes", "No"}


def test_a_ring_needs_own_and_other_only(sim: Simulator) -> None:
    wish(sim, ring={"own": OWN, "other": "5123456"})
    said = ask(sim, Operation.HISTORY, Anumber=OWN)
    assert said.texts("CallingNumber") == ["5123456"]
    assert said.texts("AnswerIndic") == ["No"]
    assert said.texts("OtherPartyName") == ["# #"]


def test_a_ring_with_everything(sim: Simulator, clock: StandingClock) -> None:
    ring = {
        "own": "6401234", "other": "", "name": "Õnne Ж\u202e <b>", "fate": "answered", "after": 1,
        "visible_while_ringing": True, "ring_seconds": 2.5, "talk_seconds": 10,
    }  # fmt: skip
    wish(sim, ring=[ring, {"own": COLLEAGUE, "other": "5"}])
    clock.go_on(1)
    said = ask(sim, Operation.HISTORY, Anumber=OWN)
    assert said.texts("CallingNumber") == [""]
    assert said.texts("OtherPartyName") == ["Õnne Ж\u202e <b>"]
    assert said.texts("AnswerTime") == []
    clock.go_on(12.5)
    said = ask(sim, Operation.HISTORY, Anumber=OWN)
    assert (said.texts("AnswerTime"), said.texts("ReleaseTime")) == (
        ["2026-05-20T12:00:03"], ["2026-05-20T12:00:13"],
    )  # fmt: skip
    assert sim.state()["calls"][COLLEAGUE] == 1  # type: ignore[index]


def test_another_writer_adds_changes_and_deletes(sim: Simulator) -> None:
    wish(sim, entry={"name": "Õie", "number1": "5123456"})
    assert ask(sim, Operation.ENTRIES).texts("DisplayName")[-1] == "Õie"
    wish(sim, entry={"name": "Alice 2", "number1": "5", "number2": "6", "id": "1"})
    assert ask(sim, Operation.ENTRIES).texts("DisplayName") == ["Alice 2", "Bob", "A Client", "Õie"]
    wish(sim, delete_entry="2")
    wish(sim, delete_entry=12)
    assert ask(sim, Operation.ENTRIES).texts("id") == ["1", "13"]


# what is no wish


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"5", b"null", b'"clear"', b"\xff", b"[" * 100_000,
        b'{"a":' * 50_000, b'{"records": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: ascii(body[:12]),
)  # fmt: skip
def test_what_is_no_wish(shared: Simulator, body: bytes) -> None:
    before = shared.state()
    status, told = control(shared, body)
    assert status == 400
    assert told["error"]
    assert shared.state() == before


RING = {"own": OWN, "other": "5"}


@pytest.mark.parametrize(
    "wishes",
    [
        {"nonsense": 1},
        {"clear": False}, {"clear": "nonsense"}, {"clear": ""}, {"clear": []}, {"clear": None},
        {"fault": "nonsense"}, {"fault": 5}, {"fault": {}}, {"fault": {"name": 5}},
        {"fault": {"name": "lost", "times": "1"}}, {"fault": {"name": "lost", "times": -1}},
        {"fault": {"name": "lost", "times": 1e300}}, {"fault": {"name": "error", "value": "\x00"}},
        {"fault": {"name": "error", "value": "\ud800"}},
        {"fault": {"name": "lost", "operation": "x"}}, {"fault": [["lost"]]},
        {"quiet": "false"}, {"quiet": 0}, {"quiet": None},
        {"records": -1}, {"records": True}, {"records": "5"}, {"records": 1.5},
        {"records": 10**9}, {"records": None},
        {"dials": "perhaps"}, {"dials": 5}, {"dials": {}},
        {"ring": "5123456"}, {"ring": {}}, {"ring": {"own": OWN}}, {"ring": {"other": "5"}},
        {"ring": {"own": "3725000000", "other": "5"}}, {"ring": {"own": "", "other": "5"}},
        {"ring": {**RING, "fate": "lost"}}, {"ring": {**RING, "fate": None}},
        {"ring": {**RING, "other": 5}}, {"ring": {**RING, "name": "\x00"}},
        {"ring": {**RING, "name": "\ud800"}}, {"ring": {**RING, "after": "1"}},
        {"ring": {**RING, "after": float("inf")}}, {"ring": {**RING, "after": float("nan")}},
        {"ring": {**RING, "after": 1e300}}, {"ring": {**RING, "after": -1e300}},
        {"ring": {**RING, "after": True}}, {"ring": {**RING, "after": 10**400}},
        {"ring": {**RING, "ring_seconds": -1}}, {"ring": {**RING, "talk_seconds": -1}},
        {"ring": {**RING, "visible_while_ringing": "yes"}}, {"ring": {**RING, "ringseconds": 1}},
        {"entry": {}}, {"entry": {"name": "A"}}, {"entry": {"name": "Ж", "number1": "5"}},
        {"entry": {"name": "A", "number1": "5", "id": "99"}}, {"entry": [1]},
        {"entry": {"name": "A", "number1": "\ud800"}}, {"entry": {"name": "A", "number1": 5}},
        {"delete_entry": "99"}, {"delete_entry": None}, {"delete_entry": ["1"]},
    ],
    ids=lambda wishes: ascii(wishes)[:60],
)  # fmt: skip
def test_a_wish_that_cannot_be_met_is_told(shared: Simulator, wishes: dict[str, object]) -> None:
    before = shared.state()
    status, told = control(shared, json.dumps(wishes).encode())
    assert status == 400
    assert told["error"]
    assert shared.state() == before


def test_the_error_says_what_was_wrong(shared: Simulator) -> None:
    assert "nonsense" in str(control(shared, {"nonsense": 1})[1]["error"])
    assert "ERR003 Authorization Error" in str(
        control(shared, {"ring": {"own": "5", "other": "6"}})[1]["error"]
    )
    assert "ERR1003" in str(control(shared, {"entry": {"name": "Ж", "number1": "5"}})[1]["error"])


def test_what_stood_before_the_error_is_done(sim: Simulator) -> None:
    status, _ = control(sim, {"records": 3, "ring": {"own": "5", "other": "6"}})
    assert status == 400
    assert set(sim.state()["calls"].values()) == {3}  # type: ignore[attr-defined]


def test_a_target_of_odd_letters_can_be_told(sim: Simulator) -> None:
    ask(sim, Operation.ACTIVATE, Anumber=OWN, TargetURL="http://127.0.0.1/õЖ😀")
    assert json.loads(get(sim, "/_control").body)["activated"] == {OWN: "http://127.0.0.1/õЖ😀"}


def test_a_browser_is_refused(sim: Simulator) -> None:
    assert post(sim, '{"quiet": false}', "/_control", Origin="http://127.0.0.1").status == 403
    assert sim.state()["quiet"] is True
