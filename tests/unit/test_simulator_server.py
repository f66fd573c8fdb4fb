"""The simulator's HTTP: odd requests, hostile clients, web pages, and an end without remains."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from desk_phone.simulator import Simulator
from desk_phone.simulator.answer import Answer
from desk_phone.simulator.operations import Operation, Place
from desk_phone.simulator.server import Server
from tests.simulated import (
    OWN,
    PATIENCE,
    StandingClock,
    ask,
    control,
    get,
    message,
    post,
    posted,
    raw,
    sample,
    secured,
)

NUMBERS = secured(sample("listOwnNumbers_request"))
CALL = message(Operation.CALL, Anumber=OWN, Bnumber="6401235")
SERVICES = Place.SERVICES.path

Alive = Callable[[], set[threading.Thread]]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(quiet=True, records=0, clock=StandingClock()) as running:
        yield running


def status(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 ")
    return int(answer.split(b" ", 2)[1])


def request(*lines: str, body: bytes = b"") -> bytes:
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1") + body


# where and how one asks


def test_a_service_is_spoken_to_with_post(sim: Simulator) -> None:
    for place in Place:
        said = get(sim, place.path)
        assert said.status == 200
        assert said.headers["Content-Type"].startswith("text/html")
        assert b"POST" in said.body
        assert get(sim, f"{place.path}?wsdl").status == 200


@pytest.mark.parametrize(
    "path", ["/", "/external/", "/external/index.php", "/external/Services/index.php", "/_Control",
             "//external/services/index.php", "/external/services/index.php/", "/%5fcontrol"],
)  # fmt: skip
def test_elsewhere_there_is_nothing(sim: Simulator, path: str) -> None:
    if path != "//external/services/index.php":  # http.server makes one slash of two
        assert post(sim, NUMBERS, path).status == 404
        assert get(sim, path).status == 404
    assert sim.state()["requests"] == {}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "X"])
def test_other_methods_are_not_there(sim: Simulator, method: str) -> None:
    answer = raw(sim, request(f"{method} {SERVICES} HTTP/1.1", "Host: 127.0.0.1"))
    assert status(answer) == 501


def test_a_connection_serves_many_requests(sim: Simulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=PATIENCE)
    connection.connect()
    port = connection.sock.getsockname()[1]
    for body in (NUMBERS, "no XML", CALL):
        connection.request("POST", SERVICES, body)
        assert connection.getresponse().read().startswith(b"<?xml")
    assert connection.sock.getsockname()[1] == port
    connection.close()


def test_two_requests_in_one_breath_get_two_answers(sim: Simulator) -> None:
    body = NUMBERS.encode()
    line = f"Content-Length: {len(body)}"
    first = request(f"POST {SERVICES} HTTP/1.1", "Host: 127.0.0.1", line, body=body)
    assert raw(sim, first + posted(NUMBERS)).count(b"listOwnNumbersResponse xmlns") == 2


def test_what_a_get_drags_along_is_not_the_next_request(sim: Simulator) -> None:
    smuggled = posted(CALL)
    head = request(
        f"GET {SERVICES} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(smuggled)}"
    )
    assert raw(sim, head + smuggled).count(b"HTTP/1.1 ") == 1
    assert sim.state()["dialled"] == []


def test_http_1_0_is_answered(sim: Simulator) -> None:
    body = NUMBERS.encode()
    head = request(f"POST {SERVICES} HTTP/1.0", f"Content-Length: {len(body)}")
    assert b"listOwnNumbersResponse" in raw(sim, head + body)


@pytest.mark.parametrize(
    "head",
    [
        b"\r\n",
        b"nonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/x\r\n\r\n",
        b"GET http://[/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET //[ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"POST http://[ HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 64 + b"\r\n\r\n",  # TLS
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\nConnection: close\r\n\r\n",
    ],
    ids=lambda head: ascii(head[:30]),
)
def test_a_head_that_is_none_is_no_bug(sim: Simulator, head: bytes) -> None:
    with suppress(ConnectionResetError):  # it hung up with bytes unread
        raw(sim, head + b"\r\n")
    assert ask(sim, Operation.NUMBERS).code == ""  # and leaving `sim` raises no bug


# bodies


@pytest.mark.parametrize(
    "length",
    ["", "-1", "+5", "1e3", "0x10", "5 5", "²", "abc"],
)
def test_without_a_good_length_no_body_is_read(sim: Simulator, length: str) -> None:
    lines = (f"POST {SERVICES} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}")
    assert status(raw(sim, request(*lines))) == 411


def test_a_length_is_wanted(sim: Simulator) -> None:
    assert status(raw(sim, request(f"POST {SERVICES} HTTP/1.1", "Host: 127.0.0.1"))) == 411


def test_chunked_requests_are_not_taken(sim: Simulator) -> None:
    lines = (f"POST {SERVICES} HTTP/1.1", "Host: 127.0.0.1", "Transfer-Encoding: chunked")
    assert status(raw(sim, request(*lines, body=b"5\r\nhello\r\n0\r\n\r\n"))) == 411
    both = (*lines, "Content-Length: 5")
    assert status(raw(sim, request(*both, body=b"5\r\nhello\r\n0\r\n\r\n"))) == 411


@pytest.mark.parametrize("length", [(1 << 20) + 1, 1 << 40, int("9" * 100), 0])
def test_a_huge_length_is_refused_before_the_body_comes(sim: Simulator, length: int) -> None:
    digits = str(length) if length else "9" * 5000  # int() of so many is an error
    lines = (f"POST {SERVICES} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {digits}")
    with socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE) as connection:
        connection.sendall(request(*lines))
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_who_sends_a_body_too_large_still_hears_why(sim: Simulator) -> None:
    said = post(sim, b"x" * (6 << 20))  # more than all buffers on the way hold
    assert said.status == 413
    assert said.headers["Connection"] == "close"


def test_the_largest_body_is_read(sim: Simulator) -> None:
    padding = " " * ((1 << 20) - len(NUMBERS))
    assert post(sim, NUMBERS + padding).code == ""


def test_half_a_body_is_no_request(sim: Simulator) -> None:
    lines = (f"POST {SERVICES} HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 5000")
    with socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE) as connection:
        connection.sendall(request(*lines, body=CALL.encode()))
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert sim.state()["requests"] == {}


# web pages in a browser on this machine


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_web_page_can_neither_steer_nor_dial(sim: Simulator, origin: str) -> None:
    assert post(sim, '{"records": 9}', "/_control", Origin=origin).status == 403
    assert post(sim, CALL, SERVICES, Origin=origin, Content_Type="text/plain").status == 403
    assert sim.state()["dialled"] == []
    assert sim.state()["requests"] == {}
    assert set(sim.state()["calls"].values()) == {0}  # type: ignore[attr-defined]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_name_that_was_rebound_to_this_machine_is_not_ours(sim: Simulator, host: str) -> None:
    for method, path in (("GET", "/_control"), ("POST", "/_control"), ("POST", SERVICES)):
        lines = (f"{method} {path} HTTP/1.1", f"Host: {host}", "Content-Length: 0")
        answer = raw(sim, request(*lines, "Connection: close"))
        assert status(answer) == 403
    assert sim.state()["requests"] == {}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:1"])
def test_this_machine_goes_by_these_names(sim: Simulator, host: str) -> None:
    lines = ("GET /_control HTTP/1.1", f"Host: {host}", "Connection: close")
    assert status(raw(sim, request(*lines))) == 200


def test_no_page_may_read_what_comes(sim: Simulator) -> None:
    assert not [name for name in get(sim, "/_control").headers if name.startswith("Access-")]


def test_only_this_machine_is_listened_to(sim: Simulator) -> None:
    assert sim.base_url == f"http://127.0.0.1:{sim.port}/external/"
    assert sim._server.socket.getsockname()[0] == "127.0.0.1"


# clients that do not behave


def test_beyond_so_many_connections_it_hangs_up(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Server, "open_at_most", 3)
    idle = [socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE) for _ in range(3)]
    with socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE) as fourth:
        assert fourth.recv(1) == b""
    for connection in idle:
        connection.sendall(request("GET / HTTP/1.1", "Connection: close"))
        assert connection.recv(12) == b"HTTP/1.1 404"
        while connection.recv(4096):
            pass
        connection.close()
    assert ask(sim, Operation.NUMBERS).code == ""


def test_a_client_that_goes_away_is_no_trouble(sim: Simulator) -> None:
    sim.set_records(3000)
    history = posted(message(Operation.HISTORY, Anumber=OWN))
    for sent in (history, history[:200], b"P", b""):
        connection = socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE)
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )  # a reset instead of a good-bye
        connection.sendall(sent)
        connection.close()
    assert ask(sim, Operation.NUMBERS).code == ""


def test_many_ask_at_once(sim: Simulator) -> None:
    """Every dial is counted once, and everybody hears an answer to the own question."""
    said: list[str] = []

    def work() -> None:
        for _ in range(10):
            said.append(ask(sim, Operation.CALL, Anumber=OWN, Bnumber="5123456").code)
            said.extend(ask(sim, Operation.NUMBERS).texts("Number")[:1])

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(set(said)) == ["", "6401234"]
    assert len(said) == 120
    assert len(sim.state()["dialled"]) == 60  # type: ignore[arg-type]
    assert sim.requests(Operation.CALL) == 60


# the end


@pytest.fixture
def alive() -> Alive:
    """The threads that were not there when the test began."""
    before = set(threading.enumerate())
    return lambda: set(threading.enumerate()) - before


@pytest.mark.parametrize("trick", ["latency=3600", "drip=3600", "drip=0.001"])
def test_it_ends_amid_an_answer(trick: str, alive: Alive) -> None:
    with Simulator(quiet=True, clock=StandingClock(), faults=(trick,)) as sim:
        connection = socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE)
        connection.sendall(posted(message(Operation.HISTORY, Anumber=OWN)))
        if trick != "latency=3600":
            assert connection.recv(1) == b"H"
    assert alive() == set()
    connection.close()


def test_it_ends_though_clients_hold_on(alive: Alive) -> None:
    with Simulator(quiet=True, records=3000, clock=StandingClock()) as sim:
        silent = socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE)
        halfway = socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE)
        halfway.sendall(posted(CALL)[:300])
        deaf = socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE)
        deaf.sendall(posted(message(Operation.HISTORY, Anumber=OWN)))  # a megabyte, never read
        assert deaf.recv(1) == b"H"
        began = time.monotonic()
    assert time.monotonic() - began < PATIENCE  # an idle connection may stay for a minute
    assert alive() == set()
    for connection in (silent, halfway, deaf):
        connection.close()


def test_no_thread_is_left(alive: Alive) -> None:
    with Simulator(speed=1000, first_call=0, clock=StandingClock()) as sim:
        assert {thread.name for thread in alive()} >= {
            "simulator server", "simulator life", "simulator notices",
        }  # fmt: skip
        ask(sim, Operation.HISTORY, Anumber=OWN)
    assert alive() == set()


def test_it_may_end_twice_or_before_it_began(alive: Alive) -> None:
    sim = Simulator(quiet=True, clock=StandingClock())
    sim.stop()
    sim = Simulator(quiet=True, clock=StandingClock())
    sim.start()
    sim.stop()
    sim.stop()
    assert alive() == set()


def test_a_port_that_is_taken_is_told(sim: Simulator) -> None:
    with pytest.raises(OSError, match="in use"):
        Simulator(quiet=True, port=sim.port)


def test_the_port_is_free_again_afterwards() -> None:
    with Simulator(quiet=True, clock=StandingClock()) as sim:
        ask(sim, Operation.NUMBERS)
        port = sim.port
    with Simulator(quiet=True, clock=StandingClock(), port=port) as again:
        assert again.port == port


def test_a_bug_is_not_swallowed() -> None:
    def broken(_place: Place, _body: bytes, _charset: str) -> Answer:
        raise ZeroDivisionError

    server = Server(0, broken, lambda _body: Answer())
    server.start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(posted(NUMBERS))
        assert connection.recv(1) == b""
    server.stop()
    assert [type(bug) for bug in server.bugs] == [ZeroDivisionError]


def test_two_simulators_share_nothing(sim: Simulator) -> None:
    with Simulator(quiet=True, clock=StandingClock()) as other:
        control(other, {"entry": {"name": "New", "number1": "5"}})
        other.fault("ERR003")
        assert ask(sim, Operation.ENTRIES).texts("id") == ["1", "2", "12"]


def test_an_answer_is_a_value() -> None:
    answer = Answer(b"abcdef")
    assert replace(answer, sent=0.5).sent_body == b"abc"
    assert replace(answer, sent=2.0).sent_body == b"ab"
    assert replace(answer, sent=0.0).sent_body == b""
    assert answer.sent_body == b"abcdef"
    assert answer.complete
    assert not replace(answer, sent=0.5).complete
