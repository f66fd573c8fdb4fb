"""A webhook over real sockets: what is sent, and every way in which it can go wrong."""

from __future__ import annotations

import logging
import ssl
import time

import pytest

from desk_phone.errors import BadInput, Offline, Uncertain
from desk_phone.web import posting
from desk_phone.web.limits import Limits
from desk_phone.web.posting import Heard, post, posting_address
from desk_phone.web.trust import system_trust
from tests.contract.certificates import Authority
from tests.contract.server import Server, dripped, head, http, silence

BODY = '{"name": "Õie"}'.encode()
HEADERS = {"Content-Type": "application/json", "Idempotency-Key": "abc"}
QUICK = Limits(connect=2.0, read=1.0, whole=2.0)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """As if the system trusted it."""

    def trusting() -> ssl.SSLContext:
        context = system_trust()
        context.load_verify_locations(authority.file)
        return context

    monkeypatch.setattr(posting, "system_trust", trusting)
    return authority


def tell(server: Server) -> Heard:
    return post(f"http://127.0.0.1:{server.port}/hook?t=1", BODY, HEADERS, limits=QUICK)


def test_one_post_with_its_headers_and_its_body() -> None:
    with Server(http("ignored", 204)) as server:
        assert tell(server) == Heard(204)
    (heard,) = server.heard
    assert heard.request_line == "POST /hook?t=1 HTTP/1.1"
    assert heard.body == BODY
    assert heard.header("Idempotency-Key") == "abc"
    assert heard.header("Content-Length") == str(len(BODY))
    assert (heard.header("User-Agent") or "").startswith("desk-phone/")
    assert heard.header("Cookie") is None


@pytest.mark.parametrize("status", [200, 302, 307, 308, 400, 404, 410, 429, 500, 503])
def test_every_answer_is_told_as_it_is_and_nothing_is_followed(status: int) -> None:
    elsewhere = "Location: http://127.0.0.1:1/stolen"
    with Server(http("", status, elsewhere)) as server:
        assert tell(server).status == status
    assert server.visits == 1


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7.0), ("99999", 900.0), ("soon", None), ("", None)]
)
def test_what_the_receiver_asks_for_is_heard(said: str, seconds: float | None) -> None:
    with Server(http("", 429, f"Retry-After: {said}")) as server:
        assert tell(server) == Heard(429, seconds)


def test_a_body_without_end_is_nobodys_business() -> None:
    with Server(dripped(b"x" * 10_000, 0.05, head("HTTP/1.1 200 OK"))) as server:
        began = time.monotonic()
        assert tell(server).status == 200
    assert time.monotonic() - began < 10  # it drips for minutes


def test_nobody_is_there() -> None:
    with Server(http()) as server:
        port = server.port
    with pytest.raises(Offline, match="Nobody is at"):
        post(f"http://127.0.0.1:{port}/", BODY, HEADERS, limits=QUICK)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(silence, "127.0.0.1 did not answer", id="silence"),
        pytest.param(dripped(b"HTTP/1.1 " + b"2" * 99, 0.15), "is no web server", id="drips"),
        pytest.param(b"", "127.0.0.1 did not answer", id="hangs up"),
        pytest.param(b"220 mail.example ESMTP\r\n", "is no web server", id="a mail server"),
        pytest.param(head("HTTP/1.1 200 OK", *["X: y"] * 300), "is no web server", id="too many"),
    ],
)
def test_no_answer_to_trust(answer: bytes, words: str) -> None:
    with Server(answer) as server, pytest.raises(Uncertain, match=words):
        tell(server)


def test_over_tls_with_a_certificate_that_is_trusted(trusted: Authority) -> None:
    with Server(http("", 202), tls=trusted.context("localhost")) as server:
        said = post(f"https://localhost:{server.port}/hook", BODY, HEADERS, limits=QUICK)
    assert said == Heard(202)
    assert server.heard[0].body == BODY


@pytest.mark.parametrize(("host", "expired"), [("other.invalid", False), ("localhost", True)])
def test_a_certificate_of_somebody_else(trusted: Authority, host: str, expired: bool) -> None:
    with Server(http(), tls=trusted.context(host, expired)) as server:
        with pytest.raises(Offline, match="not trusted"):
            post(f"https://localhost:{server.port}/hook", BODY, HEADERS, limits=QUICK)
        assert not server.heard


def test_a_proxy_is_asked_for_a_tunnel_and_sees_nothing(trusted: Authority) -> None:
    tunnel = head("HTTP/1.1 200 Connection established")
    with Server(http(), tls=trusted.context("crm.invalid"), tunnel=tunnel) as proxy:
        way = f"http://127.0.0.1:{proxy.port}"
        assert post("https://crm.invalid/hook", BODY, HEADERS, way, QUICK).status == 200
    assert proxy.tunnels[0].request_line == "CONNECT crm.invalid:443 HTTP/1.1"
    assert proxy.tunnels[0].body == b""
    assert proxy.tunnels[0].header("Idempotency-Key") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/hook",
        "https://me:secret@crm.example/",
        "ftp://crm.example/",
        "crm.example",
        "https://",
        "https://crm.example/\r\nX: y",
        "https://crm.example:99999/",
    ],
)
def test_an_address_that_cannot_be_used_never_leaves_us(url: str) -> None:
    with pytest.raises(BadInput, match="This address cannot be used") as caught:
        posting_address(url)
    assert "secret" not in str(caught.value)


def test_neither_body_nor_path_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Server(http()) as server:
        tell(server)
    assert "Õie" not in caplog.text
    assert "/hook" not in caplog.text
