"""HTTP as it can be: what was surely not sent, what leaves doubt, and what is never followed."""

from __future__ import annotations

import gzip
import logging
import socket
import zlib

import pytest

from desk_phone.errors import Offline, PhoneError, Uncertain
from desk_phone.telco.reply import Reply
from desk_phone.telco.wire import Wire
from desk_phone.web.limits import Limits
from tests.contract.server import Server, chunks, dripped, head, http

SECRET = b"<Password>geheim</Password>"
HEADERS = {"SOAPAction": '""', "Content-Type": "text/xml; charset=utf-8"}
BODY = b"<a>" + b"answer " * 500 + b"</a>"
QUICK = Limits(connect=2.0, read=2.0, whole=4.0, answer_bytes=100_000)


def post(server: Server, limits: Limits = QUICK) -> Reply:
    return Wire(limits=limits).post(server.url, SECRET, HEADERS)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


# What is sent


def test_a_request_is_sent_whole_and_once_and_the_connection_is_closed() -> None:
    with Server(http(BODY)) as server:
        assert post(server).body == BODY
        (heard,) = server.heard
        assert heard.request_line == "POST /external/ HTTP/1.1"
        assert heard.body == SECRET
        assert heard.header("Host") == f"127.0.0.1:{server.port}"
        assert heard.header("SOAPAction") == '""'
        assert heard.header("Content-Type") == "text/xml; charset=utf-8"
        assert heard.header("Content-Length") == str(len(SECRET))
        assert heard.header("Connection") == "close"
        assert heard.header("Accept-Encoding") == "gzip, deflate"
        assert (heard.header("User-Agent") or "").startswith("desk-phone/")
        assert heard.header("Cookie") is None
        assert heard.header("Authorization") is None


def test_every_byte_that_travels_is_counted() -> None:
    answer = http(gzip.compress(BODY), 200, "Content-Encoding: gzip")
    with Server(answer) as server:
        reply = post(server)
        sent = len(server.heard[0].head) + len("\r\n\r\n") + len(SECRET)
    assert reply.wire_bytes == sent + len(answer)
    assert len(reply.body) == len(BODY) > reply.wire_bytes


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(BODY), id="Content-Length"),
        pytest.param(head("HTTP/1.1 200 OK") + BODY, id="until the end"),
        pytest.param(head("HTTP/1.0 200 OK") + BODY, id="HTTP/1.0"),
        pytest.param(
            head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunks(BODY), id="chunked"
        ),
        pytest.param(http(gzip.compress(BODY), 200, "Content-Encoding: gzip"), id="gzip"),
        pytest.param(http(zlib.compress(BODY), 200, "Content-Encoding: deflate"), id="deflate"),
        pytest.param(http(raw_deflate(BODY), 200, "Content-Encoding: deflate"), id="NuSOAP"),
        pytest.param(
            head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Encoding: gzip")
            + chunks(gzip.compress(BODY), 7),
            id="gzip in chunks",
        ),
        pytest.param(head("HTTP/1.1 100 Continue") * 3 + http(BODY), id="100 Continue"),
    ],
)
def test_an_answer_arrives_however_it_is_packed(answer: bytes) -> None:
    with Server(answer) as server:
        assert post(server).body == BODY


def test_status_type_and_pause_are_told() -> None:
    answer = http("busy", 503, "Retry-After: 17", content_type="text/html; charset=x")
    with Server(answer, dripped(http(BODY), 0)) as server:
        busy = post(server)
        assert (busy.status, busy.body, busy.retry_after) == (503, b"busy", 17.0)
        assert busy.content_type == "text/html; charset=x"
        assert post(server).retry_after is None


# Surely not sent


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Offline, match=f"port {port}"):
        Wire(limits=QUICK).post(f"http://127.0.0.1:{port}/", SECRET, {})


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "not known here"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "not known here"),
        (UnicodeError("label too long"), "not known here"),
        (TimeoutError("timed out"), "does not answer"),
        (ConnectionRefusedError(111, "Connection refused"), "Nobody is at"),
        (OSError(101, "Network is unreachable"), "no way to"),
    ],
)
def test_no_connection_means_not_sent(
    monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Offline) as caught:
        Wire(limits=QUICK).post("https://telco.invalid/", SECRET, {})
    assert words in caught.value.title
    assert "telco.invalid" in caught.value.title
    assert caught.value.message


def test_time_that_is_up_before_sending_means_not_sent() -> None:
    with Server(http(BODY)) as server:
        with pytest.raises(Offline, match="does not answer"):
            post(server, Limits(whole=0.0))
        assert not server.heard


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with Server(http(BODY)) as thief:
        with Server(http("", status, f"Location: {thief.url}")) as server:
            with pytest.raises(Uncertain, match="points elsewhere") as caught:
                post(server)
            assert server.visits == 1
        assert thief.visits == 0
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("https://thief.example/x", "thief.example"),
        ("//thief.example/x", "thief.example"),
        ("/elsewhere", "127.0.0.1"),
        ("http://[::1", "?"),
        ("https://me:geheim@thief.example/", "thief.example"),
    ],
)
def test_where_a_redirect_leads_is_told_by_the_host_alone(location: str, named: str) -> None:
    with Server(http("", 307, f"Location: {location}")) as server:
        with pytest.raises(Uncertain) as caught:
            post(server)
        assert f"sends us on to {named}." in caught.value.message
        assert "geheim" not in caught.value.message


# The environment


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(http("from the proxy")) as proxy, Server(http(BODY)) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.setenv(name, "/nowhere.pem")
        assert post(server).body == BODY
        assert proxy.visits == 0


def test_nothing_of_a_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for answer in (http(BODY), http("", 307, "Location: http://a.ee/"), b"", b"rubbish"):
        with Server(answer) as server:
            try:
                post(server)
            except PhoneError:
                continue
    assert "geheim" not in caplog.text
