"""The desk's session at a real broker: what was not acknowledged comes again, whoever dies."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest

from desk_phone.model.broker import Broker
from desk_phone.model.relayed import RELAY_TOPIC, notices_topic, state_topic
from desk_phone.model.secret import Secret
from desk_phone.telco import feed as feeds
from desk_phone.telco.feed import Feed, Pauses
from desk_phone.telco.feed_events import Connected, Event, Lost, Message, Subscription, Why
from desk_phone.web.trust import system_trust
from tests.contract.brokers import Mosquitto, wait_for
from tests.contract.certificates import Authority
from tests.relayed import OTHER_LINE, OWN

QUICK = Pauses(first=0.01, longest=0.05, refused=0.05)
NOTICES, STATE = notices_topic(OWN), state_topic(OWN)

T = TypeVar("T")


class Ear:
    """A feed, and all that it told."""

    def __init__(self, broker: Broker, pauses: Pauses = QUICK, password: str = "x") -> None:
        self.told: list[Event] = []
        self.at = 0
        subscription = Subscription(broker, Secret(password), "desk-1", (OWN,))
        self.feed = Feed(subscription, self.told.append, pauses)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in list(self.told) if isinstance(event, kind)]

    def wait(self, kind: type[T], count: int = 1) -> list[T]:
        wait_for(lambda: len(self.of(kind)) >= count)
        return self.of(kind)

    @property
    def texts(self) -> list[bytes]:
        return [one.payload for one in self.of(Message)]

    def forget(self) -> None:
        self.told.clear()


@contextmanager
def listening(broker: Broker, pauses: Pauses = QUICK, password: str = "x") -> Iterator[Ear]:
    ear = Ear(broker, pauses, password)
    ear.feed.start()
    try:
        yield ear
    finally:
        ear.feed.close(patience=10)
        assert not ear.feed._thread.is_alive()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    mosquitto = Mosquitto(tmp_path)
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


def at(mosquitto: Mosquitto) -> Broker:
    return Broker("127.0.0.1", mosquitto.port, False, "desk-1")


def test_what_is_told_comes_once_and_in_order(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        for n in range(30):  # more than may wait at once
            mosquitto.publish(NOTICES, b"%d" % n)
            for one in ear.wait(Message, n + 1)[n:]:
                assert one.receipt is not None
                ear.feed.accept(one.receipt)
        assert ear.texts == [b"%d" % n for n in range(30)]
    ear.forget()
    with listening(at(mosquitto)) as ear:
        (connected,) = ear.wait(Connected)
        assert connected.kept
        mosquitto.publish(NOTICES, b"next")
        ear.wait(Message)
        assert ear.texts == [b"next"]  # nothing of before


def test_what_was_not_acknowledged_comes_again(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        for n in range(3):
            mosquitto.publish(NOTICES, b"%d" % n)
        first, *_ = ear.wait(Message, 3)
        assert first.receipt is not None
        ear.feed.accept(first.receipt)
        ear.forget()
        ear.feed.again()
        assert [one.payload for one in ear.wait(Message, 2)] == [b"1", b"2"]
    with listening(at(mosquitto)) as again:  # after a restart of ours, too
        assert [one.payload for one in again.wait(Message, 2)] == [b"1", b"2"]


def test_a_receipt_of_an_earlier_connection_acknowledges_nothing(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        mosquitto.publish(NOTICES, b"one")
        (old,) = ear.wait(Message)
        assert old.receipt is not None
        ear.forget()
        ear.feed.again()
        ear.wait(Message)
        ear.feed.accept(old.receipt)
        ear.forget()
        ear.feed.again()
        assert ear.wait(Message)[0].payload == b"one"


def test_what_came_while_nobody_listened_comes_later(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
    mosquitto.publish(NOTICES, b"asleep")
    mosquitto.stop()
    mosquitto.start()  # the broker's own restart keeps it
    with listening(at(mosquitto)) as ear:
        assert ear.wait(Message)[0].payload == b"asleep"


def test_heartbeats_do_not_fill_the_session(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
    for n in range(5):
        mosquitto.publish(STATE, b"beat %d" % n, retain=True)
    mosquitto.publish(NOTICES, b"a call")
    with listening(at(mosquitto)) as ear:
        ear.wait(Message, 2)
        ear.feed.again()
        ear.wait(Connected, 2)
        beats = [one for one in ear.of(Message) if one.topic == STATE]
        assert {one.payload for one in beats} == {b"beat 4"}
        assert all(one.retained and one.receipt is None for one in beats)


def test_only_what_this_computer_may_hear_comes(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        mosquitto.publish(notices_topic(OTHER_LINE), b"another's")
        mosquitto.publish(RELAY_TOPIC, b"up", retain=True)
        ear.wait(Message)
        assert ear.texts == [b"up"]


def test_a_broker_that_is_killed_is_found_again(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        mosquitto.kill()
        ear.wait(Lost)
        wait_for(lambda: ear.of(Lost)[-1].why is Why.UNREACHABLE)
        mosquitto.start()
        ear.wait(Connected, 2)
        mosquitto.publish(NOTICES, b"back")
        ear.wait(Message)


def test_leaving_for_good_leaves_no_session(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        ear.feed.close(patience=10, for_good=True)
    with listening(at(mosquitto)) as ear:
        assert not ear.wait(Connected)[0].kept


def test_who_is_not_let_in_waits_long(tmp_path: Path) -> None:
    mosquitto = Mosquitto(tmp_path, "allow_anonymous false\n")
    mosquitto.start()
    try:
        with listening(at(mosquitto), Pauses(refused=600)) as ear:
            (lost,) = ear.wait(Lost)
            assert lost.why is Why.REFUSED
            assert lost.pause > 100
            assert "does not let" in lost.trouble.title
    finally:
        mosquitto.stop()


def test_a_large_message_is_not_even_sent(mosquitto: Mosquitto) -> None:
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        mosquitto.publish(NOTICES, b"x" * 100_000)
        mosquitto.publish(NOTICES, b"small")
        ear.wait(Message)
        assert ear.texts == [b"small"]


def test_without_tls_only_this_computer_is_spoken_to() -> None:
    with listening(Broker("192.0.2.1", 1883, False, "desk-1")) as ear:
        (lost, *_) = ear.wait(Lost)
        assert lost.why is Why.UNREACHABLE
        assert "no secure connection" in lost.trouble.title


def test_nobody_is_there(mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    with listening(at(mosquitto)) as ear:
        lost = ear.wait(Lost, 3)
        assert {one.why for one in lost} == {Why.UNREACHABLE}


def test_a_feed_that_was_never_started_can_be_closed() -> None:
    Ear(Broker("127.0.0.1", 1, False, "x")).feed.close()


# TLS


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[tuple[Mosquitto, Authority]]:
    authority = Authority(tmp_path)
    authority.context("localhost")  # writes its certificate and key
    pem = tmp_path / "localhost.pem"
    more = f"allow_anonymous true\ncertfile {pem}\nkeyfile {pem}\n"
    mosquitto = Mosquitto(tmp_path, more)
    mosquitto.start()
    yield mosquitto, authority
    mosquitto.stop()


def test_whom_nobody_vouches_for_hears_no_password(secured: tuple[Mosquitto, Authority]) -> None:
    mosquitto, _ = secured
    with listening(Broker("localhost", mosquitto.port, True, "desk-1")) as ear:
        (lost, *_) = ear.wait(Lost)
        assert lost.why is Why.UNREACHABLE
        assert "not trusted" in lost.trouble.title


def test_through_tls(secured: tuple[Mosquitto, Authority], monkeypatch: pytest.MonkeyPatch) -> None:
    mosquitto, authority = secured

    def trusting() -> ssl.SSLContext:
        context = system_trust()
        context.load_verify_locations(authority.file)
        return context

    monkeypatch.setattr(feeds, "system_trust", trusting)
    with listening(Broker("localhost", mosquitto.port, True, "desk-1")) as ear:
        ear.wait(Connected)
        for n in range(40):
            _publish_securely(mosquitto, authority, b"%d" % n)
            for one in ear.wait(Message, n + 1)[n:]:
                assert one.receipt is not None
                ear.feed.accept(one.receipt)


def _publish_securely(mosquitto: Mosquitto, authority: Authority, payload: bytes) -> None:
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.tls_set(str(authority.file))
    client.connect("localhost", mosquitto.port)
    sent = client.publish(NOTICES, payload, 1)
    while not sent.is_published():
        client.loop(0.05)
    client.disconnect()


# brokers that are none


@contextmanager
def impostor(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """Takes connections and treats each as ``answer`` does."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                with client, suppress(OSError):
                    client.recv(4096)
                    answer(client)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield int(server.getsockname()[1])
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


CONNACK = b"\x20\x03\x00\x00\x00"
NONSENSE = {
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "a reserved packet": b"\xf0\xff\xff\xff\x7f",
    "half a connack": b"\x20\x03\x00",
    "a short connack": b"\x20\x00",
    "properties that are none": b"\x20\x06\x00\x00\x03\xff\xff\xff",
    "a publish without a topic": CONNACK + b"\x32\x01\x00",
    "a publish with half a topic": CONNACK + b"\x32\x05\x00\xff\x61\x62\x63",
    "an endless packet": CONNACK + b"\x32\xff\xff\xff\x7f" + b"x" * 20_000,
    "a length that never ends": CONNACK + b"\x32\xff\xff\xff\xff\xff\xff",
    "a suback of nothing": CONNACK + b"\x90\x00",
    "goodbye": CONNACK + b"\xe0\x02\x8b\x00",
}


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_ends_the_connection_and_nothing_else(said: bytes) -> None:
    with (
        impostor(lambda client: client.sendall(said)) as port,
        listening(Broker("127.0.0.1", port, False, "desk-1")) as ear,
    ):
        ear.wait(Lost, 3)
        assert ear.of(Connected) == []
        assert ear.texts == []


def test_two_computers_with_one_name_do_not_fight() -> None:
    """A broker that says so; those that only hang up are tried ever more seldom."""
    taken_over = CONNACK + b"\xe0\x02\x8e\x00"
    with (
        impostor(lambda client: client.sendall(taken_over)) as port,
        listening(Broker("127.0.0.1", port, False, "desk-1"), Pauses(refused=600)) as ear,
    ):
        (lost,) = ear.wait(Lost)
        assert lost.why is Why.TAKEN_OVER
        assert lost.pause > 100
        assert "a code of its own" in lost.trouble.message


def test_one_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from desk_phone.telco import feed_session

    monkeypatch.setattr(feed_session, "_PATIENCE", 0.05)
    over = threading.Event()
    with impostor(lambda _: over.wait(10)) as port:
        try:
            with listening(Broker("127.0.0.1", port, False, "desk-1")) as ear:
                ear.wait(Lost)
        finally:
            over.set()


# at rest


def test_a_quiet_feed_hardly_wakes(mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits in one place, for as long as its keepalive lets it."""
    from desk_phone.telco import feed_session

    waits: list[float] = []
    wait = feed_session.Session._wait

    def counted(self: feed_session.Session, sock: object, wake: socket.socket) -> bool:
        waits.append(1)
        return wait(self, sock, wake)  # type: ignore[arg-type]

    monkeypatch.setattr(feed_session.Session, "_wait", counted)
    with listening(at(mosquitto)) as ear:
        ear.wait(Connected)
        wait_for(lambda: len(waits) >= 2)
        before = len(waits)
        threading.Event().wait(0.5)
        assert len(waits) <= before + 1
    assert feed_session._TURN >= 10  # seconds: at most 0.1 wake-ups each
