"""How faults are written, which requests they hit, and how answers are packed."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator

import pytest

from desk_phone.simulator import Simulator
from desk_phone.simulator.faults import Fault, Switchboard, UnknownFault, fault, read_fault
from desk_phone.simulator.operations import Operation, Place
from desk_phone.simulator.tricks import TRICKS
from tests.simulated import OWN, StandingClock, ask, message, posted, raw, sample, secured

NUMBERS = secured(sample("listOwnNumbers_request"))


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(quiet=True, records=100, clock=StandingClock()) as running:
        yield running


def numbers(sim: Simulator, *lines: str) -> tuple[bytes, bytes]:
    """Head and body of what comes for listOwnNumbers, byte for byte."""
    head, _, body = raw(sim, posted(NUMBERS, Place.SERVICES.path, *lines)).partition(b"\r\n\r\n")
    return head, body


def length(head: bytes) -> int:
    found = re.search(rb"Content-Length: (\d+)", head)
    assert found
    return int(found[1])


# which requests they hit


def test_a_counted_fault_is_used_up(sim: Simulator) -> None:
    sim.fault("ERR003", times=2)
    codes = [ask(sim, Operation.NUMBERS).code for _ in range(4)]
    assert codes == ["ERR003", "ERR003", "", ""]
    assert sim.state()["faults"] == []


def test_a_fault_of_one_operation_spares_the_others(sim: Simulator) -> None:
    sim.fault("ERR1001", operation=Operation.CALL, times=1)
    assert ask(sim, Operation.NUMBERS).code == ""
    assert ask(sim, Operation.ENTRIES).code == ""
    assert sim.state()["faults"] == ["error=ERR1001@clickToCall*1"]
    call = {"Anumber": OWN, "Bnumber": "6401235"}
    assert [ask(sim, Operation.CALL, **call).code for _ in range(2)] == ["ERR1001", ""]


def test_the_first_of_two_that_come_instead_wins_and_both_are_used_up(sim: Simulator) -> None:
    sim.fault("ERR003", times=1)
    sim.fault("ERR1001", times=1)
    assert [ask(sim, Operation.NUMBERS).code for _ in range(2)] == ["ERR003", ""]


def test_faults_are_cleared_by_name_or_all(sim: Simulator) -> None:
    for name in ("bom", "extra", "bom"):
        sim.fault(name)
    sim.clear("bom")
    assert sim.state()["faults"] == ["extra"]
    sim.clear()
    assert sim.state()["faults"] == []


def test_faults_given_at_the_start_are_on() -> None:
    with Simulator(quiet=True, clock=StandingClock(), faults=("ERR003*1", "bom")) as sim:
        assert ask(sim, Operation.HISTORY, Anumber=OWN).code == "ERR003"
        assert ask(sim, Operation.HISTORY, Anumber=OWN).body.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("latency", Fault("latency", "2")),
        ("latency=0.5", Fault("latency", "0.5")),
        ("lost@clickToCall*1", Fault("lost", "", "clickToCall", 1)),
        ("ERR003", Fault("error", "ERR003")),
        ("ERR1003@AddEntry", Fault("error", "ERR1003", "AddEntry")),
        ("error=SOAP-ENV:Client", Fault("error", "SOAP-ENV:Client")),
        ("html=404*3", Fault("html", "404", "", 3)),
        ("redirect=http://u@h/?a=b", Fault("redirect", "http://u@h/?a=b")),
        ("redirect=http://h/@getCallHistory", Fault("redirect", "http://h/", "getCallHistory")),
        ("notices-missed=Missed", Fault("notices-missed", "Missed")),
    ],
)
def test_how_faults_are_written(text: str, read: Fault) -> None:
    assert read_fault(text) == read
    assert read_fault(str(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "", "=", "*1", "@clickToCall", "nonsense", "LOST", "lost*0", "lost@nothing", "lost@*1",
        "latency=soon", "latency=-1", "latency=nan", "latency=inf", "latency=1e300",
        "html=99", "html=200.5", "html=600", "html=²00", "empty=abc", "soap-fault=1e2",
        "503=30\r\nX: y", "503=õ", "redirect", "redirect=http://h/\n", "redirect=http://õ/",
        "other-wrapper=a b", "other-wrapper=<x>", "error=\x00", "error=\ud800", "bare=\x1b",
        "question-marks*1", "question-marks@AddEntry", "notices-missed=\ud800",
        "cut=" + "9" * 5000, "lost*" + "9" * 5000,
    ],
    ids=lambda text: ascii(text)[:30],
)  # fmt: skip
def test_what_is_no_fault(text: str) -> None:
    with pytest.raises(UnknownFault):
        read_fault(text)


@pytest.mark.parametrize("times", [0, -1])
def test_never_is_no_number_of_times(times: int) -> None:
    with pytest.raises(UnknownFault):
        fault("lost", times=times)


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownFault, match="latency, lost, dropped"):
        read_fault("slow")


def test_every_usual_value_will_do() -> None:
    for name, trick in TRICKS.items():
        if name != "redirect":
            trick.check(trick.usual)


def test_lasting_faults_are_never_used_up() -> None:
    board = Switchboard()
    board.switch_on(read_fault("notices-missed"))
    assert board.take("clickToCall") == ()
    assert board.value("notices-missed") == "End"
    board.switch_on(read_fault("notices-missed=Miss"))
    assert board.value("notices-missed") == "Miss"
    assert board.has("notices-missed")
    assert not board.has("notices-latin1")


# packing


def test_above_a_kilobyte_answers_are_packed_as_asked(sim: Simulator) -> None:
    history = message(Operation.HISTORY, Anumber=OWN)

    def packed(accepted: str) -> tuple[bytes, bytes]:
        line = f"Accept-Encoding: {accepted}"
        head, _, body = raw(sim, posted(history, Place.SERVICES.path, line)).partition(b"\r\n\r\n")
        return head, body

    plain_head, plain = packed("identity")
    assert b"Content-Encoding" not in plain_head
    head, body = packed("gzip, deflate")
    assert b"\r\nContent-Encoding: gzip" in head
    assert length(head) == len(body) < len(plain) / 4
    assert gzip.decompress(body) == plain
    head, body = packed("deflate")
    assert b"\r\nContent-Encoding: deflate" in head
    assert zlib.decompress(body, wbits=-zlib.MAX_WBITS) == plain  # as NuSOAP: without a head
    assert packed("gzip")[1] == packed("gzip")[1]


def test_a_small_answer_is_not_packed(sim: Simulator) -> None:
    head, body = numbers(sim, "Accept-Encoding: gzip")
    assert b"Content-Encoding" not in head
    assert len(body) <= 1024


def test_a_packed_answer_is_cut_after_packing(sim: Simulator) -> None:
    sim.fault("cut", "0.5")
    history = message(Operation.HISTORY, Anumber=OWN)
    line = "Accept-Encoding: gzip"
    head, _, body = raw(sim, posted(history, Place.SERVICES.path, line)).partition(b"\r\n\r\n")
    assert len(body) == length(head) // 2
    with pytest.raises(EOFError):
        gzip.decompress(body)
