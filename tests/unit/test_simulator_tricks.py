"""Each fault does on the wire what its line says: bytes are looked at, not a state."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Iterator

import pytest
from lxml import etree

from desk_phone.simulator import Simulator
from desk_phone.simulator.operations import Operation, Place
from desk_phone.simulator.tricks import TRICKS
from tests.simulated import OWN, StandingClock, ask, message, posted, raw, sample, secured

ADD = {"PhoneNumber1": "55512345", "PhoneNumber2": ""}
NUMBERS = secured(sample("listOwnNumbers_request"))
ENTRIES = secured(sample("listPhoneBookEntries_request"))
CALL = secured(sample("clickToCall_request"))


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


def local_names(body: bytes) -> list[str]:
    return [etree.QName(element).localname for element in etree.fromstring(body).iter()]


# each fault alone


def latency(sim: Simulator) -> None:
    sim.fault("latency", "0.2")
    began = time.monotonic()
    head, body = numbers(sim)
    assert time.monotonic() - began >= 0.2
    assert head.startswith(b"HTTP/1.1 200 ")
    assert length(head) == len(body)


def lost(sim: Simulator) -> None:
    sim.fault("lost")
    assert raw(sim, posted(CALL)) == b""
    assert len(sim.state()["dialled"]) == 1  # type: ignore[arg-type]


def dropped(sim: Simulator) -> None:
    sim.fault("dropped")
    assert raw(sim, posted(CALL)) == b""
    assert sim.state()["dialled"] == []


def server_error(sim: Simulator) -> None:
    sim.fault("500")
    head, body = numbers(sim)
    assert head.startswith(b"HTTP/1.1 500 ")
    assert b"text/html" in head
    assert body.startswith(b"<html>")
    _nothing_is_done(sim)


def html(sim: Simulator) -> None:
    for status in ("200", "404"):
        sim.clear()
        sim.fault("html", status)
        head, body = numbers(sim)
        assert head.startswith(f"HTTP/1.1 {status} ".encode())
        assert b"text/html" in head
        assert b"<form" in body
    _nothing_is_done(sim)


def busy(sim: Simulator) -> None:
    sim.fault("503", "17")
    head, body = numbers(sim)
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 17" in head
    assert b"<html" in body
    _nothing_is_done(sim)


def error(sim: Simulator) -> None:
    words = {
        "ERR001": "Aiuthentication error",
        "ERR002": "Missin Element: Anumber",
        "ERR003": "Authorization Error",
        "ERR1001": "Dialing Error",
        "ERR1002": "Unknown ID",
        "ERR1003": "Unallowed Character",
        "ERR4711": "Internal error",
    }
    for code, text in words.items():
        sim.clear()
        sim.fault("error", code)
        said = ask(sim, Operation.CALL, Anumber=OWN, Bnumber="6401235")
        assert (said.status, said.code, said.message) == (200, code, text)
        assert "clickToCallResponse" in local_names(said.body)
    _nothing_is_done(sim)


def soap_fault(sim: Simulator) -> None:
    for status in ("500", "200"):
        sim.clear()
        sim.fault("soap-fault", status)
        head, body = numbers(sim)
        assert head.startswith(f"HTTP/1.1 {status} ".encode())
        assert local_names(body)[1:] == [
            "Body", "Fault", "faultcode", "faultactor", "faultstring", "detail",
        ]  # fmt: skip
    _nothing_is_done(sim)


def bare(sim: Simulator) -> None:
    sim.fault("bare")
    _, body = numbers(sim)
    printed = etree.fromstring(sample("error_response_2_bare_ServiceError").strip())
    assert [e.tag for e in etree.fromstring(body).iter()] == [e.tag for e in printed.iter()]
    assert b"SOAP-ENV:Client" in body
    _nothing_is_done(sim)


def redirect(sim: Simulator) -> None:
    sim.fault("redirect", "http://127.0.0.1:9/elsewhere")
    head, body = numbers(sim)
    assert head.startswith(b"HTTP/1.1 307 ")
    assert b"\r\nLocation: http://127.0.0.1:9/elsewhere" in head
    assert body == b""
    _nothing_is_done(sim)


def bomb(sim: Simulator) -> None:
    sim.fault("bomb")
    _, body = numbers(sim)
    assert len(body) < 3000
    assert b"<!DOCTYPE boom [" in body
    assert b"&a9;" in body.partition(b"]>")[2]
    assert "boom" in local_names(body.replace(b"&a9;", b"harmless"))  # else it is good XML
    entities = dict(re.findall(rb'<!ENTITY (a\d) "([^"]*)">', body))
    size = len(entities[b"a0"])
    for n in range(1, 10):
        size *= entities[f"a{n}".encode()].count(f"&a{n - 1};".encode())
    assert size == 2 * 10**9


def no_namespace(sim: Simulator) -> None:
    sim.fault("no-namespace")
    said = ask(sim, Operation.NUMBERS)
    assert said.root.find(".//listofNumbers/item/Number") is not None


def partial(sim: Simulator) -> None:
    for value, count in (("0.5", 1), ("1", 1), ("2", 2), ("0", 0), ("99", 3)):
        sim.clear()
        sim.fault("partial", value)
        assert len(ask(sim, Operation.ENTRIES).texts("id")) == count


def empty_list(sim: Simulator) -> None:
    sim.fault("empty-list")
    said = ask(sim, Operation.ENTRIES)
    assert local_names(said.body)[-2:] == ["listPhoneBookEntriesResponse", "listofPhoneBookEntries"]


def no_list(sim: Simulator) -> None:
    sim.fault("no-list")
    assert local_names(ask(sim, Operation.ENTRIES).body)[-1] == "listPhoneBookEntriesResponse"


def other_wrapper(sim: Simulator) -> None:
    sim.fault("other-wrapper")
    assert local_names(ask(sim, Operation.ENTRIES).body)[2] == "getUserResponse"


def extra(sim: Simulator) -> None:
    sim.fault("extra")
    assert local_names(ask(sim, Operation.NUMBERS).body)[3:5] == ["Extra", "listofNumbers"]


def latin1(sim: Simulator) -> None:
    head, body = _entries_with_umlauts(sim, "latin1")
    assert b"charset=ISO-8859-1" in head
    assert body.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert "Õnne Pärn".encode("iso-8859-1") in body


def latin1_header(sim: Simulator) -> None:
    head, body = _entries_with_umlauts(sim, "latin1-header")
    assert b"charset=ISO-8859-1" in head
    assert b"<?xml" not in body
    assert "Õnne Pärn".encode("iso-8859-1") in body


def latin1_lie(sim: Simulator) -> None:
    head, body = _entries_with_umlauts(sim, "latin1-lie")
    assert b"charset=UTF-8" in head
    assert b'encoding="UTF-8"' in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(body)


def empty(sim: Simulator) -> None:
    for status in ("200", "202"):
        sim.clear()
        sim.fault("empty", status)
        head, _, body = raw(sim, posted(CALL)).partition(b"\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} ".encode())
        assert (length(head), body) == (0, b"")
    assert len(sim.state()["dialled"]) == 2  # type: ignore[arg-type]


def cut(sim: Simulator) -> None:
    whole = len(numbers(sim)[1])
    for value, count in (("0.5", whole // 2), ("100", 100), ("0", 0)):
        sim.clear()
        sim.fault("cut", value)
        head, body = numbers(sim)
        assert (length(head), len(body)) == (whole, count)


def cut_open(sim: Simulator) -> None:
    sim.fault("cut-open")
    head, body = numbers(sim)
    assert b"Content-Length" not in head
    assert b"Transfer-Encoding" not in head
    assert 100 < len(body) < 700
    assert not body.endswith(b">\n")
    assert b"</SOAP-ENV:Envelope>" not in body


def chunked(sim: Simulator) -> None:
    sim.fault("chunked")
    sim.set_records(30)
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=10)
    history = message(Operation.HISTORY, Anumber=OWN)
    for _ in range(2):  # the connection stays good
        connection.request("POST", Place.SERVICES.path, history)
        answer = connection.getresponse()
        assert answer.getheader("Transfer-Encoding") == "chunked"
        assert answer.getheader("Content-Length") is None
        assert len(etree.fromstring(answer.read()).findall(".//{*}CallDetaileRecord")) == 30
    connection.close()


def bom(sim: Simulator) -> None:
    sim.fault("bom")
    assert numbers(sim)[1].startswith(b"\xef\xbb\xbf<?xml")


def newline(sim: Simulator) -> None:
    sim.fault("newline")
    assert numbers(sim)[1].startswith(b"\n<?xml")


def warning(sim: Simulator) -> None:
    sim.fault("warning")
    body = numbers(sim)[1]
    assert body.startswith(b"<br />\n<b>Warning</b>")
    assert b"<?xml" in body


def drip(sim: Simulator) -> None:
    sim.fault("drip", "0.002")
    sim.fault("cut-open", "40")
    began = time.monotonic()
    _, body = numbers(sim)
    assert len(body) == 40
    assert time.monotonic() - began >= 40 * 0.002


def question_marks(sim: Simulator) -> None:
    sim.fault("question-marks")
    for name, code in (("Šarlotte Ж", ""), ("Õnne", ""), ("René", "ERR1003")):
        assert ask(sim, Operation.ADD_ENTRY, DisplayName=name, **ADD).code == code
    assert ask(sim, Operation.ENTRIES).texts("DisplayName")[3:] == ["?arlotte ?", "Õnne"]


def _nothing_is_done(sim: Simulator) -> None:
    assert raw(sim, posted(CALL)) != b""
    assert sim.state()["dialled"] == []


def _entries_with_umlauts(sim: Simulator, name: str) -> tuple[bytes, bytes]:
    ask(sim, Operation.ADD_ENTRY, DisplayName="Õnne Pärn", **ADD)
    sim.fault(name)
    head, _, body = raw(sim, posted(ENTRIES, Place.PHONEBOOK.path)).partition(b"\r\n\r\n")
    return head, body


PROOFS: dict[str, Callable[[Simulator], None]] = {
    "latency": latency,
    "lost": lost,
    "dropped": dropped,
    "500": server_error,
    "html": html,
    "503": busy,
    "error": error,
    "soap-fault": soap_fault,
    "bare": bare,
    "redirect": redirect,
    "bomb": bomb,
    "no-namespace": no_namespace,
    "partial": partial,
    "empty-list": empty_list,
    "no-list": no_list,
    "other-wrapper": other_wrapper,
    "extra": extra,
    "latin1": latin1,
    "latin1-header": latin1_header,
    "latin1-lie": latin1_lie,
    "empty": empty,
    "cut": cut,
    "cut-open": cut_open,
    "chunked": chunked,
    "bom": bom,
    "newline": newline,
    "warning": warning,
    "drip": drip,
    "question-marks": question_marks,
}
WITH_NOTICES = {"notices-latin1", "notices-missed", "notices-anywhere"}  # test_simulator_notices


@pytest.mark.parametrize("name", PROOFS)
def test_a_fault_does_what_it_says(sim: Simulator, name: str) -> None:
    PROOFS[name](sim)


def test_every_fault_is_proven() -> None:
    assert set(TRICKS) == set(PROOFS) | WITH_NOTICES


def test_faults_add_up(sim: Simulator) -> None:
    for name in ("latin1", "bom", "extra", "chunked"):
        sim.fault(name)
    said = ask(sim, Operation.NUMBERS)
    assert said.headers["Transfer-Encoding"] == "chunked"
    assert said.body.startswith(b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert "Extra" in local_names(said.body.removeprefix(b"\xef\xbb\xbf"))


def test_an_unreadable_request_meets_faults_too(sim: Simulator) -> None:
    sim.fault("ERR003")
    head, _, body = raw(sim, posted("no XML")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b'<ErrorCode xsi:type="xsd:string">ERR003' in body
