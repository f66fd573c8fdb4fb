"""What a stranger can do to the port that the service knocks at: the same for both carriers."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_phone.errors import BadInput
from desk_phone.model.notices import Arrival, Refusal
from desk_phone.system.notice_server import NoticeServer
from desk_phone.telco.notices import CONNECTIONS, Reception
from tests.notices import (
    CARRIERS,
    NOT_FOUND,
    OK,
    OWN,
    PATIENCE_OF_TESTS,
    SECRET,
    Desk,
    all_of,
    dial,
    get,
    rules,
    sent,
    target,
)

T = TypeVar("T")
Carry = Callable[[Reception, Callable[[int], T]], tuple[T, int]]

pytestmark = pytest.mark.usefixtures("qapp")
SHORT = 0.3  # seconds for a head
BAD = b"HTTP/1.1 400 Bad Request"
TLS_HELLO = bytes.fromhex("1603010200010001fc0303") + bytes(64)


@pytest.fixture(params=CARRIERS, ids=lambda carry: carry.__name__)
def carry(request: pytest.FixtureRequest) -> Carry:
    return request.param


def attacked(carry: Carry, desk: Desk, attack: Callable[[int], T], patience: float = 5.0) -> T:
    """No connection survives an attack whose own end is closed."""
    outcome, left = carry(desk.real_reception(patience), attack)
    assert left == 0
    return outcome


@pytest.fixture
def server(qapp: QApplication) -> Iterator[NoticeServer]:
    server = NoticeServer(Desk().real_reception(), qapp)
    server.listen("127.0.0.1", 0)
    yield server
    server.close()
    server.deleteLater()


ANSWERED = [
    pytest.param(get(), OK, id="the service's own"),
    pytest.param(get(version="HTTP/1.0"), OK, id="HTTP/1.0, as reverse proxies speak"),
    pytest.param(
        get(f"http://notify.example{target()}"), OK, id="absolute form, as proxies may send it"
    ),
    pytest.param(get(None, "84.50.42.87", "Connection: keep-alive"), OK, id="keep-alive"),
    pytest.param(get() + get(), OK, id="pipelined: the first alone"),
    pytest.param(get() + b"garbage after it", OK, id="garbage after it"),
    pytest.param(get(method="HEAD"), NOT_FOUND, id="HEAD"),
    pytest.param(get(method="POST"), NOT_FOUND, id="POST"),
    pytest.param(get(method="DELETE"), NOT_FOUND, id="DELETE"),
    pytest.param(get(method="get"), BAD, id="another case of GET is another method"),
    pytest.param(get("*", method="OPTIONS"), NOT_FOUND, id="asterisk form"),
    pytest.param(get("notify.example:443", method="CONNECT"), NOT_FOUND, id="CONNECT"),
    pytest.param(get("/"), NOT_FOUND, id="wrong path"),
    pytest.param(get(target(path="/" + "x" * 43)), NOT_FOUND, id="wrong secret"),
    pytest.param(get(target(path=f"/{SECRET}/")), NOT_FOUND, id="something after the secret"),
    pytest.param(get(caller="198.51.100.7"), NOT_FOUND, id="wrong caller"),
    pytest.param(get(caller="84.50.42.87, 198.51.100.7"), NOT_FOUND, id="forged forwarding"),
    pytest.param(get(caller="rubbish"), NOT_FOUND, id="unreadable forwarding"),
    pytest.param(get(caller=""), NOT_FOUND, id="the proxy names nobody"),
    pytest.param(
        get(None, "84.50.42.87", "Transfer-Encoding: chunked") + b"5\r\nhello\r\n0\r\n\r\n",
        NOT_FOUND,
        id="a chunked body",
    ),
    pytest.param(get(None, "84.50.42.87", "Content-Length: 5") + b"hello", NOT_FOUND, id="a body"),
    pytest.param(get(None, "84.50.42.87", "Content-Length: 0"), OK, id="a body of nothing"),
    pytest.param(
        get(None, "84.50.42.87", "Content-Length: 5", "Content-Length: 6"), BAD, id="two lengths"
    ),
    pytest.param(
        get(None, "84.50.42.87", "Content-Length: 5", "Transfer-Encoding: chunked"),
        NOT_FOUND,
        id="length and chunks",
    ),
    pytest.param(get(None, "84.50.42.87", "Host: other.example"), BAD, id="two hosts"),
    pytest.param(get().replace(b"Host: notify.example\r\n", b""), BAD, id="no host"),
    pytest.param(get().replace(b"\r\n", b"\n"), BAD, id="bare LF"),
    pytest.param(get().replace(b"Host", b"X: y\nHost"), BAD, id="one bare LF among others"),
    pytest.param(get().replace(b"Host", b"X: y\rHost"), BAD, id="a bare CR"),
    pytest.param(get(None, "84.50.42.87", "X: y", " folded"), BAD, id="obs-fold"),
    pytest.param(get(None, "84.50.42.87", "X: y\x00z"), BAD, id="NUL"),
    pytest.param(get(None, "84.50.42.87", "X : y"), BAD, id="a space before the colon"),
    pytest.param(get(version="HTTP/2.0"), BAD, id="a version to come"),
    pytest.param(get(version="FTP/1.1"), BAD, id="another protocol"),
    pytest.param(b"GET /\r\n\r\n", BAD, id="HTTP/0.9"),
    pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", BAD, id="HTTP 2 by prior knowledge"),
    pytest.param(TLS_HELLO, BAD, id="TLS"),
    pytest.param(b"\x00" * 100, BAD, id="NULs"),
    pytest.param(b"SSH-2.0-OpenSSH_9.2\n", BAD, id="SSH"),
    pytest.param(
        get("/" + "x" * 9000), b"HTTP/1.1 431 Request Header Fields Too Large", id="huge target"
    ),
    pytest.param(
        get(None, "84.50.42.87", *[f"X-{n}: {'y' * 90}" for n in range(100)]),
        b"HTTP/1.1 431 Request Header Fields Too Large",
        id="huge head",
    ),
    pytest.param(get(target(bnr="3726409999")), BAD, id="somebody else's line"),
    pytest.param(get(target(ts="1328150351")), BAD, id="replayed after years"),
]


@pytest.mark.parametrize(("request_", "status"), ANSWERED)
def test_each_request_gets_its_one_empty_answer(
    carry: Carry, request_: bytes, status: bytes
) -> None:
    desk = Desk()
    answer = attacked(carry, desk, lambda port: sent(port, request_))
    assert answer == status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert len(desk.told) == 1
    assert len(desk.heard) == (status == OK)


def test_a_refusal_looks_the_same_whatever_was_wrong(carry: Carry) -> None:
    wrong = (
        get("/"),
        get(target(path="/" + "x" * 43)),
        get(caller="198.51.100.7"),
        get(method="POST"),
    )
    desk = Desk()
    answers = attacked(carry, desk, lambda port: {sent(port, request) for request in wrong})
    assert len(answers) == 1
    assert desk.refused == [Refusal.PATH, Refusal.SECRET, Refusal.CALLER, Refusal.METHOD]


def test_a_request_may_come_byte_by_byte(carry: Carry) -> None:
    desk, whole = Desk(), get()
    answer = attacked(
        carry, desk, lambda port: sent(port, *(whole[n : n + 1] for n in range(len(whole))))
    )
    assert answer.startswith(OK)
    assert [heard.notice.own for heard in desk.heard] == [OWN]


def test_400_half_open_connections_never_shut_the_service_out(carry: Carry) -> None:
    desk = Desk()

    def attack(port: int) -> list[bytes]:
        answers = []
        with ExitStack() as crowd:
            for turn in range(4):
                for _ in range(100):
                    slow = crowd.enter_context(dial(port))
                    slow.sendall(b"GET /" + b"x" * turn)
                answers.append(sent(port, get()))
        return answers

    answers = attacked(carry, desk, attack)
    assert [answer.partition(b"\r\n")[0] for answer in answers] == [OK] * 4
    assert desk.refused.count(Refusal.CROWDED) >= 400 - 2 * CONNECTIONS
    assert len(desk.heard) == 4


def test_a_burst_drives_nobody_out_whose_request_is_here(carry: Carry) -> None:
    """200 come while we are busy with something else, and the service came just before them."""
    desk, busy, burst_over = Desk(), threading.Event(), threading.Event()

    def told(arrival: Arrival) -> None:
        desk.told.append(arrival)
        busy.set()
        burst_over.wait(PATIENCE_OF_TESTS)

    def attack(port: int) -> bytes:
        with ExitStack() as crowd:
            first = crowd.enter_context(dial(port))
            first.sendall(get("/"))
            busy.wait(PATIENCE_OF_TESTS)
            service = crowd.enter_context(dial(port))
            service.sendall(get())
            for _ in range(200):
                crowd.enter_context(dial(port))
            burst_over.set()
            return all_of(service)

    reception = Reception(rules(), told, now=lambda: desk.now)
    answer, left = carry(reception, attack)
    assert answer.startswith(OK)
    assert left == 0


def test_who_drips_bytes_is_cut_off_all_the_same(carry: Carry) -> None:
    """The deadline is for the head, not for the next byte."""
    desk = Desk()

    def attack(port: int) -> bytes:
        with dial(port) as slow:
            try:
                while True:
                    slow.sendall(b"G")
                    slow.settimeout(0.02)
                    try:
                        if not slow.recv(100):
                            return b"cut"
                    except TimeoutError:
                        pass
            except ConnectionError:
                return b"cut"

    assert attacked(carry, desk, attack, SHORT) == b"cut"
    assert desk.refused == [Refusal.LATE]


def test_who_says_nothing_is_cut_off(carry: Carry) -> None:
    desk = Desk()

    def attack(port: int) -> bytes:
        with dial(port) as first, dial(port) as second:
            return all_of(first) + all_of(second)

    assert attacked(carry, desk, attack, SHORT) == b""
    assert desk.refused == [Refusal.LATE] * 2


def test_a_caller_that_says_no_more_is_answered_still(carry: Carry) -> None:
    desk = Desk()

    def attack(port: int) -> bytes:
        with dial(port) as connection:
            connection.sendall(get())
            connection.shutdown(socket.SHUT_WR)
            return all_of(connection)

    assert attacked(carry, desk, attack).startswith(OK)
    assert len(desk.heard) == 1


@pytest.mark.parametrize(
    "head", [b"", b"GET /", get()[:-2], get()], ids=["nothing", "a line", "nearly all", "all"]
)
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_whoever_hangs_up_early_leaves_nothing_behind(
    carry: Carry, head: bytes, reset: bool
) -> None:
    desk = Desk()

    def attack(port: int) -> bytes:
        with dial(port) as connection:
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(head)
        return sent(port, get())

    assert attacked(carry, desk, attack).startswith(OK)


def test_a_flood_from_one_address_does_not_count_for_another(carry: Carry) -> None:
    desk = Desk()

    def attack(port: int) -> tuple[list[bytes], bytes]:
        flood = [sent(port, get("/", "198.51.100.7")) for _ in range(200)]
        return flood, sent(port, get())

    flood, service = attacked(carry, desk, attack)
    assert any(answer.startswith(b"HTTP/1.1 429 ") for answer in flood)
    assert service.startswith(OK)


def test_nothing_wakes_up_once_everybody_is_gone(server: NoticeServer, qtbot: QtBot) -> None:
    """The one timer runs while somebody is connected."""
    assert not server._late.isActive()
    with dial(server.port):
        qtbot.waitUntil(lambda: server.open == 1)
        assert server._late.isActive()
    qtbot.waitUntil(lambda: server.open == 0)
    assert not server._late.isActive()


def test_closing_ends_every_connection(server: NoticeServer, qtbot: QtBot) -> None:
    with dial(server.port) as connection:
        qtbot.waitUntil(lambda: server.open == 1)
        server.close()
        assert (server.open, server.port) == (0, 0)
        assert all_of(connection) == b""


def test_it_listens_again_where_it_listened_before(server: NoticeServer) -> None:
    port = server.port
    server.close()
    server.listen("127.0.0.1", port)
    assert server.port == port


@pytest.mark.parametrize(
    ("address", "port"),
    [
        pytest.param("203.0.113.5", 0, id="another computer's address"),
        pytest.param("localhost", 0, id="a name"),
        pytest.param("127.0.0.1", -1, id="the port is taken"),
    ],
)
def test_it_says_why_it_cannot_listen(
    server: NoticeServer, qapp: QApplication, address: str, port: int
) -> None:
    other = NoticeServer(Desk().real_reception(), qapp)
    with pytest.raises(BadInput):
        other.listen(address, server.port if port else 0)
    assert other.port == 0
    other.deleteLater()
