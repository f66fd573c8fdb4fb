"""To whom the relay speaks: brokers that the system trusts, and this very computer."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk_phone.relay.broker import reaching
from desk_phone.relay.broker.link import Link, Login
from desk_phone.relay.configuration import BrokerPlace
from desk_phone.web.trust import system_trust
from tests.contract.brokers import PATIENCE, Mosquitto
from tests.contract.certificates import Authority
from tests.contract.publishing_place import PASSWORD, Relay, run, scripted, until
from tests.contract.scripted_broker import CONNACK, ScriptedBroker, delivery
from tests.relayed import OTHER_LINE


@contextmanager
def secured(folder: Path) -> Iterator[tuple[Mosquitto, Authority]]:
    authority = Authority(folder)
    authority.context("localhost")  # writes its certificate and key
    pem = folder / "localhost.pem"
    mosquitto = Mosquitto(folder, f"allow_anonymous true\ncertfile {pem}\nkeyfile {pem}\n")
    mosquitto.start()
    try:
        yield mosquitto, authority
    finally:
        mosquitto.stop()


def trusting(authority: Authority) -> Callable[[], ssl.SSLContext]:
    def trust() -> ssl.SSLContext:
        context = system_trust()
        context.load_verify_locations(authority.file)
        return context

    return trust


def test_whom_nobody_vouches_for_hears_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(relay: Relay) -> None:
        relay.place = BrokerPlace("localhost", relay.place.port, True, "relay")
        async with relay.publishing() as publishing:
            await until(lambda: "not trusted" in caplog.text)
            assert not publishing.connected

    with secured(tmp_path) as (mosquitto, _):
        run(tmp_path, mosquitto.port, story)


def test_through_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(relay: Relay) -> None:
        relay.place = BrokerPlace("localhost", relay.place.port, True, "relay")
        await relay.hear_many(300)
        async with relay.publishing() as publishing:
            await relay.all_published()
            await relay.hear_many(300, OTHER_LINE)
            await relay.all_published()
            assert publishing.counted.sent == 600

    with secured(tmp_path) as (mosquitto, authority):
        monkeypatch.setattr(reaching, "system_trust", trusting(authority))
        run(tmp_path, mosquitto.port, story)


def test_many_messages_in_one_piece_of_tls_are_all_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    piece = CONNACK + b"".join(delivery("x", b"%d" % n) for n in range(50))
    broker = ScriptedBroker(piece, tls=authority.context("localhost"))
    monkeypatch.setattr(reaching, "system_trust", trusting(authority))
    came: list[bytes] = []

    async def story(relay: Relay) -> None:
        place = BrokerPlace("localhost", broker.port, True, "relay")
        link = Link(Login(place, PASSWORD, "x"), came=came.append)
        await link.open()
        await until(lambda: len(came) == 50)
        await link.leave()

    scripted(tmp_path, broker, story)


def test_whoever_stops_waiting_for_a_connection_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = socket.socketpair()
    theirs.settimeout(PATIENCE)
    go_on = threading.Event()

    def slow(*_: object) -> socket.socket:
        assert go_on.wait(PATIENCE)
        return ours

    monkeypatch.setattr(reaching, "connect", slow)

    async def story(relay: Relay) -> None:
        async with relay.publishing():
            await asyncio.sleep(0)
        go_on.set()

    run(tmp_path, 0, story)
    assert theirs.recv(1) == b""
    theirs.close()
    assert ours.fileno() == -1


def test_without_tls_only_this_computer_is_spoken_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(relay: Relay) -> None:
        relay.place = BrokerPlace("192.0.2.1", 1883, False, "relay")
        async with relay.publishing():
            await until(lambda: "no secure connection" in caplog.text)

    run(tmp_path, 0, story)
