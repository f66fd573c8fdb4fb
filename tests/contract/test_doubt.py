"""What left us and got no answer to trust: in doubt, soon, and never sent again."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desk_phone.errors import Uncertain
from desk_phone.telco.reply import Reply
from desk_phone.telco.wire import Wire
from desk_phone.web.limits import Limits
from tests.contract.server import Answer, Server, chunks, dripped, head, http, said, silence

BODY = b"<a>" + b"answer " * 500 + b"</a>"
QUICK = Limits(connect=2.0, read=2.0, whole=4.0, answer_bytes=100_000)


def post(server: Server, limits: Limits = QUICK) -> Reply:
    return Wire(limits=limits).post(server.url, b"<a/>", {})


@contextmanager
def doubt(words: str) -> Iterator[None]:
    with pytest.raises(Uncertain) as caught:
        yield
    assert words in caught.value.title
    assert caught.value.message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(b"", "without an answer", id="nothing"),
        pytest.param(b"HTTP/1", "not the service", id="half a status"),
        pytest.param(http(BODY)[:-1], "cut short", id="a byte is missing"),
        pytest.param(http(BODY)[: -len(BODY)], "cut short", id="no body"),
        pytest.param(
            head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunks(BODY)[:-5],
            "cut short",
            id="no last chunk",
        ),
        pytest.param(
            head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + b"zz\r\nabc\r\n",
            "cut short",
            id="no chunk at all",
        ),
        pytest.param(b"220 mail.local ESMTP\r\n", "not the service", id="another protocol"),
        pytest.param(b"\x15\x03\x01\x00\x02\x02\x46", "not the service", id="TLS on a plain port"),
        pytest.param(
            head("HTTP/1.1 200 OK", *["X: y"] * 200), "not the service", id="too many headers"
        ),
        pytest.param(
            head("HTTP/1.1 200 OK", "X: " + "y" * 70_000), "not the service", id="too long a header"
        ),
        pytest.param(
            http(b"no gzip", 200, "Content-Encoding: gzip"), "not be unpacked", id="not gzip"
        ),
        pytest.param(
            http(BODY, 200, "Content-Encoding: deflate"), "not be unpacked", id="not deflate"
        ),
        pytest.param(http(b"x" * 100_001), "too large", id="too large"),
        pytest.param(
            head("HTTP/1.1 200 OK") + b"x" * 100_001, "too large", id="too large, open end"
        ),
        pytest.param(
            http(gzip.compress(bytes(50_000_000)), 200, "Content-Encoding: gzip"),
            "too large",
            id="gzip bomb",
        ),
    ],
)
def test_an_answer_that_is_none_leaves_doubt_and_is_not_asked_for_again(
    answer: bytes, words: str
) -> None:
    with Server(answer) as server:
        with doubt(words):
            post(server)
        assert server.visits == 1


@pytest.mark.parametrize("half", [b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Le"])
def test_half_a_head_is_an_empty_answer(half: bytes) -> None:
    """The reader leaves those in doubt."""
    with Server(half) as server:
        assert post(server).body == b""


def test_a_connection_that_breaks_leaves_doubt() -> None:
    def reset(_heard: object, connection: socket.socket, _stopping: object) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with Server(reset) as server:
        with doubt("without an answer"):
            post(server)
        assert server.visits == 1


def test_an_unknown_packing_is_left_as_it_is() -> None:
    """It is not XML then, and the reader says so."""
    with Server(http(b"\x28\xb5\x2f\xfd...", 200, "Content-Encoding: klingon")) as server:
        assert post(server).body.startswith(b"\x28\xb5")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(dripped(BODY, 0.01, http(BODY)[: -len(BODY)]), id="body"),
        pytest.param(dripped(BODY, 0.01, head("HTTP/1.1 200 OK")), id="open end"),
        pytest.param(dripped(b"X: y\r\n" * 100, 0.01, b"HTTP/1.1 200 OK\r\n"), id="head"),
        pytest.param(dripped(BODY, 0.01, b"HTTP/1.1 200 "), id="status"),
        pytest.param(
            dripped(
                b"1\r\nx\r\n" * 100, 0.01, head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
            ),
            id="chunks",
        ),
        pytest.param(dripped(head("HTTP/1.1 100 Continue") * 100, 0.01), id="100"),
    ],
)
def test_a_drip_of_bytes_does_not_last_for_ever(answer: Answer) -> None:
    start = time.monotonic()
    with Server(answer) as server, doubt("took too long"):
        post(server, Limits(read=1.0, whole=0.1))
    assert time.monotonic() - start < 4.0  # each drips for longer


def test_silence_does_not_last_for_ever() -> None:
    with Server(silence) as server, doubt("did not answer in time"):
        post(server, Limits(read=0.1, whole=5.0))


def test_silence_does_not_outlast_the_whole_call() -> None:
    with Server(silence) as server, doubt("took too long"):
        post(server, Limits(read=3.0, whole=0.1))


def test_a_list_cut_at_any_byte_of_its_packing_is_never_taken_for_a_shorter_one() -> None:
    packed = gzip.compress(BODY)
    start = head("HTTP/1.1 200 OK", "Content-Encoding: gzip")
    cuts = range(0, len(packed) - 8, 9)  # the last eight bytes only check what is whole by then
    with Server(*[said(start + packed[:end]) for end in cuts]) as server:
        for _ in cuts:
            try:
                assert not post(server).body.endswith(b"</a>")
            except Uncertain:
                continue
        assert server.visits == len(cuts)
