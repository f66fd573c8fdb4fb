"""Who is spoken to: certificates, a company's own authority, and proxies."""

from __future__ import annotations

import logging
import ssl
import sys
import time
from base64 import b64encode

import pytest

from desk_phone.errors import Offline, PhoneError, Uncertain
from desk_phone.telco.reply import Reply
from desk_phone.telco.wire import Wire
from desk_phone.web.limits import Limits
from tests.contract.certificates import Authority
from tests.contract.server import Answer, Server, dripped, head, http, silence

SECRET = b"<Password>geheim</Password>"
QUICK = Limits(connect=2.0, read=2.0, whole=4.0)
HOST = "telco.invalid"  # no name server knows it: only a proxy can lead there
OPEN = head("HTTP/1.1 200 Connection established")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """As if the system trusted it."""
    make = Wire._context

    def trusting(wire: Wire) -> ssl.SSLContext:
        context = make(wire)
        context.load_verify_locations(authority.file)
        return context

    monkeypatch.setattr(Wire, "_context", trusting)
    return authority


def post(url: str, proxy: str = "", limits: Limits = QUICK) -> Reply:
    return Wire(proxy, limits).post(url, SECRET, {})


def local(server: Server) -> str:
    return f"https://localhost:{server.port}/external/"


def through(proxy: Server, login: str = "") -> Reply:
    return post(f"https://{HOST}/external/", f"http://{login}127.0.0.1:{proxy.port}")


# Certificates


def test_a_server_that_is_trusted_is_spoken_to(trusted: Authority) -> None:
    with Server(http("<a/>"), tls=trusted.context("localhost")) as server:
        assert post(local(server)).body == b"<a/>"
        assert server.heard[0].header("Host") == f"localhost:{server.port}"
        assert server.heard[0].body == SECRET


def test_a_certificate_that_nobody_vouches_for(authority: Authority) -> None:
    with Server(http(), tls=authority.context("localhost")) as server:
        with pytest.raises(Offline, match="certificate of localhost is not trusted") as caught:
            post(local(server))
        assert "Nothing was sent" in caught.value.message
        assert not server.heard


@pytest.mark.parametrize(("host", "expired"), [("other.invalid", False), ("localhost", True)])
def test_a_certificate_of_another_or_of_another_day(
    trusted: Authority, host: str, expired: bool
) -> None:
    with Server(http(), tls=trusted.context(host, expired)) as server:
        with pytest.raises(Offline, match="not trusted"):
            post(local(server))
        assert not server.heard


if sys.platform == "linux":

    def test_an_authority_in_the_system_s_store_is_trusted(
        authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SSL_CERT_FILE is where OpenSSL takes the system's store to be."""
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        with Server(http("<a/>"), tls=authority.context("localhost")) as server:
            assert post(local(server)).body == b"<a/>"


def test_what_other_programs_trust_by_the_environment_does_not_count(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(authority.file))
    with Server(http(), tls=authority.context("localhost")) as server:
        with pytest.raises(Offline, match="not trusted"):
            post(local(server))
        assert not server.heard


def test_old_tls_is_refused(trusted: Authority) -> None:
    old = trusted.context("localhost")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with Server(http(), tls=old) as server:
        with pytest.raises(Offline, match="No secure connection"):
            post(local(server))
        assert not server.heard


def test_a_server_without_tls() -> None:
    with Server(http(), deaf=True) as server, pytest.raises(Offline, match="No secure connection"):
        post(local(server))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(silence, id="silence"),
        pytest.param(dripped(b"\x16\x03\x03\x40\x00" + bytes(500), 0.01), id="drip"),
    ],
)
def test_a_handshake_does_not_last_for_ever(answer: Answer) -> None:
    start = time.monotonic()
    server = Server(answer, deaf=True)
    with server, pytest.raises(Offline, match="localhost does not answer"):
        post(local(server), limits=Limits(connect=0.1))
    assert time.monotonic() - start < 4.0  # of 5 and of ever


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "without an answer"),
        (http("<a/>")[:-1], "cut short"),
    ],
)
def test_what_breaks_after_the_handshake_leaves_doubt(
    trusted: Authority, answer: bytes, words: str
) -> None:
    with Server(answer, tls=trusted.context("localhost")) as server:
        with pytest.raises(Uncertain, match=words):
            post(local(server))
        assert server.visits == 1


def test_a_drip_through_tls_does_not_last_for_ever(trusted: Authority) -> None:
    answer = dripped(b"x" * 200, 0.01, head("HTTP/1.1 200 OK"))
    server = Server(answer, tls=trusted.context("localhost"))
    with server, pytest.raises(Uncertain, match="took too long"):
        post(local(server), limits=Limits(whole=0.2))


# Proxies


def test_a_proxy_is_asked_for_a_tunnel_and_sees_nothing_of_what_passes(trusted: Authority) -> None:
    with Server(http("<a/>"), tls=trusted.context(HOST), tunnel=OPEN) as proxy:
        assert through(proxy).body == b"<a/>"
        (asked,) = proxy.tunnels
        assert asked.request_line == f"CONNECT {HOST}:443 HTTP/1.1"
        assert asked.header("Host") == f"{HOST}:443"
        assert asked.header("Proxy-Authorization") is None
        assert asked.body == b""
        assert proxy.heard[0].request_line == "POST /external/ HTTP/1.1"
        assert proxy.heard[0].header("Proxy-Authorization") is None
        assert proxy.heard[0].body == SECRET


def test_the_proxy_s_login_is_for_the_proxy_alone(trusted: Authority) -> None:
    with Server(http("<a/>"), tls=trusted.context(HOST), tunnel=OPEN) as proxy:
        assert through(proxy, "me:ver%2Fborgen@").body == b"<a/>"
        login = "Basic " + b64encode(b"me:ver/borgen").decode()
        assert proxy.tunnels[0].header("Proxy-Authorization") == login
        assert proxy.heard[0].header("Proxy-Authorization") is None


def test_a_proxy_that_answers_in_between_itself_is_not_trusted(authority: Authority) -> None:
    with Server(http(), tls=authority.context(HOST), tunnel=OPEN) as proxy:
        with pytest.raises(Offline, match="not trusted"):
            through(proxy)
        assert not proxy.heard


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(
            http("", 407, 'Proxy-Authenticate: Basic realm="x"'), "asks who you are", id="407"
        ),
        pytest.param(http("no", 403), r"refused \(HTTP 403\)", id="403"),
        pytest.param(http("no", 502), r"refused \(HTTP 502\)", id="502"),
        pytest.param(http("", 302, "Location: http://a.ee/"), "HTTP 302", id="302"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", "does not understand", id="no proxy"),
    ],
)
def test_a_proxy_that_does_not_let_us_through(answer: bytes, words: str) -> None:
    with Server(http(), tunnel=answer) as proxy:
        with pytest.raises(Offline, match=words) as caught:
            through(proxy, "me:verborgen@")
        assert caught.value.message
        assert "verborgen" not in f"{caught.value} {caught.value!r}"
        assert not proxy.heard


def test_a_proxy_that_is_not_there() -> None:
    with Server(http()) as server:
        port = server.port
    with pytest.raises(Offline, match=f"Nobody is at 127.0.0.1, port {port}") as caught:
        post(f"https://{HOST}/", f"http://me:verborgen@127.0.0.1:{port}")
    assert "verborgen" not in str(caught.value)


def test_a_silent_proxy() -> None:
    with Server(silence, deaf=True) as proxy, pytest.raises(Offline, match="proxy does not answer"):
        Wire(f"http://127.0.0.1:{proxy.port}", Limits(connect=0.1)).post(
            f"https://{HOST}/", SECRET, {}
        )


def test_this_very_computer_is_reached_without_the_proxy() -> None:
    with Server(http(), tunnel=OPEN) as proxy, Server(http("<a/>")) as server:
        assert post(server.url, f"http://127.0.0.1:{proxy.port}").body == b"<a/>"
        assert proxy.visits == 0


def test_no_login_is_logged(trusted: Authority, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for tunnel in (OPEN, http("", 407), b"rubbish"):
        with Server(http("<a/>"), tls=trusted.context(HOST), tunnel=tunnel) as proxy:
            try:
                through(proxy, "me:verborgen@")
            except PhoneError:
                continue
    for word in ("verborgen", b64encode(b"me:verborgen").decode(), "geheim"):
        assert word not in caplog.text
