"""Who answers at an address: what TLS and the certificate say, and that nothing is asked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from threading import Thread

import pytest

from desk_phone.errors import BadInput, Offline
from desk_phone.web import inspecting
from desk_phone.web.inspecting import Secured, look
from desk_phone.web.limits import Limits
from desk_phone.web.trust import system_trust
from tests.contract.certificates import Authority

QUICK = Limits(connect=2.0, read=2.0, whole=4.0)


class Listener:
    """Takes one connection, perhaps with TLS, and hears what comes until the other side leaves."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls, self._server = tls, socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(5.0)
        self.port = self._server.getsockname()[1]
        self.heard = b"nobody came"
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def close(self) -> None:
        self._thread.join()
        self._server.close()

    def _listen(self) -> None:
        try:
            plug, _ = self._server.accept()
            plug.settimeout(5.0)
            with plug, self._wrapped(plug) as talk:
                self.heard = talk.recv(100)
        except (OSError, TimeoutError):
            return

    def _wrapped(self, plug: socket.socket) -> socket.socket:
        return plug if self._tls is None else self._tls.wrap_socket(plug, server_side=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def listener(authority: Authority) -> Iterator[Listener]:
    listener = Listener(authority.context("localhost"))
    yield listener
    listener.close()


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting() -> ssl.SSLContext:
        context = system_trust()
        context.load_verify_locations(authority.file)
        return context

    monkeypatch.setattr(inspecting, "system_trust", trusting)


def test_it_tells_who_vouches_and_until_when_and_says_nothing_itself(
    trusted: None, listener: Listener
) -> None:
    found = look(f"https://localhost:{listener.port}/secret/path", limits=QUICK)
    listener.close()
    assert found.version in ("TLSv1.2", "TLSv1.3")
    assert found.issuer == "Company that never existed"
    assert found.until.endswith("GMT")
    assert listener.heard == b""


def test_whom_nobody_vouches_for_is_told_as_trouble(listener: Listener) -> None:
    with pytest.raises(Offline, match="not trusted"):
        look(f"https://localhost:{listener.port}/", limits=QUICK)


def test_this_very_computer_needs_no_tls() -> None:
    listener = Listener()
    assert look(f"http://127.0.0.1:{listener.port}/", limits=QUICK) == Secured()
    listener.close()
    assert listener.heard == b""


@pytest.mark.parametrize("address", ["http://service.example/", "ftp://x", "", "https://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        look(address)
