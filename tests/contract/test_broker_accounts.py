"""Devices' accounts at a real broker: each hears of its own numbers alone, and revoked of none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TypeVar

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from desk_phone.errors import Offline, Refused
from desk_phone.model.relayed import RELAY_TOPIC, notices_topic, state_topic
from desk_phone.model.secret import Secret
from desk_phone.relay.broker import accounts as broker_accounts
from desk_phone.relay.broker.accounts import Accounts, DynamicSecurity, NoAccounts
from desk_phone.relay.broker.link import Link, Login
from desk_phone.relay.configuration import BrokerPlace
from tests.contract.brokers import PATIENCE, Mosquitto, with_accounts
from tests.contract.scripted_broker import ScriptedBroker, refusal
from tests.relayed import OTHER_LINE, OWN

RELAY = Secret("des Relais Wort")
MARI, JUTA = Secret("des Geräts Wort"), Secret("ein anderes")
NOTICES, STATE = notices_topic(OWN), state_topic(OWN)
ADMINISTRATIVE_ACTION = 0x98

R = TypeVar("R")


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    mosquitto = with_accounts(tmp_path, "relay", RELAY.reveal(), "desk-phone/v1/#")
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


def place(mosquitto: Mosquitto) -> BrokerPlace:
    return BrokerPlace("127.0.0.1", mosquitto.port, False, "relay")


def accounts(mosquitto: Mosquitto) -> DynamicSecurity:
    return DynamicSecurity(place(mosquitto), RELAY)


def ask(what: Coroutine[None, None, R]) -> R:
    """Nothing of it is left running."""

    async def alone() -> R:
        try:
            return await what
        finally:
            assert asyncio.all_tasks() == {asyncio.current_task()}

    return asyncio.run(alone())


def tell(mosquitto: Mosquitto, *topics: str) -> None:
    """The relay publishes, and the broker says that it has it."""

    async def told() -> None:
        taken: list[bool] = []
        link = Link(
            Login(place(mosquitto), RELAY, "desk-phone-relay"),
            lambda answers: taken.extend(answer.accepted for answer in answers),
        )
        await link.open()
        for topic in topics:
            link.send(topic, topic.encode())
        while len(taken) < len(topics):
            await asyncio.sleep(0)
        await link.leave()
        assert all(taken)

    asyncio.run(told())


class Device:
    """Any program that has a device's name and password."""

    def __init__(
        self, mosquitto: Mosquitto, user: str, password: Secret, name: str = "", will: str = ""
    ) -> None:
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=name or user,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        self._client.username_pw_set(user, password.reveal())
        if will:
            self._client.will_set(will, b"a lie", 1, retain=True)
        self.let_in: bool | None = None
        self.granted: list[bool] = []
        self.published: list[bool] = []
        self.came: list[str] = []
        self.ended: list[int] = []
        self._client.on_connect = lambda _c, _d, _f, code, _p: self._connected(code)
        self._client.on_subscribe = lambda _c, _d, _m, codes, _p: self._subscribed(codes)
        self._client.on_publish = lambda _c, _d, _m, code, _p: self.published.append(
            not code.is_failure
        )
        self._client.on_message = lambda _c, _d, message: self.came.append(message.topic)
        self._client.on_disconnect = lambda _c, _d, _f, code, _p: self.ended.append(code.value)
        kept = Properties(PacketTypes.CONNECT)
        kept.SessionExpiryInterval = 3600
        self._client.connect("127.0.0.1", mosquitto.port, clean_start=False, properties=kept)
        self.until(lambda: self.let_in is not None)

    def until(self, what: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not what():
            self._client.loop(0.01)
            assert time.monotonic() < end, "it did not happen"

    def subscribe(self, *topics: str) -> list[bool]:
        self.granted.clear()
        self._client.subscribe([(topic, 1) for topic in topics])
        self.until(lambda: self.granted)
        return self.granted

    def publish(self, topic: str) -> bool:
        self.published.clear()
        self._client.publish(topic, b"a lie", 1, retain=True)
        self.until(lambda: self.published)
        return self.published[0]

    def settle(self) -> None:
        """What the broker had for us before has come."""
        self.subscribe(RELAY_TOPIC)

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop(0.01)

    def vanish(self) -> None:
        self._client._sock_close()

    def _connected(self, code: mqtt.ReasonCode) -> None:
        self.let_in = not code.is_failure

    def _subscribed(self, codes: list[mqtt.ReasonCode]) -> None:
        self.granted[:] = [not code.is_failure for code in codes]


def test_a_device_reads_its_own_numbers_and_nothing_else(mosquitto: Mosquitto) -> None:
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    device = Device(mosquitto, "d1", MARI)
    assert device.subscribe(NOTICES, STATE, RELAY_TOPIC) == [True, True, True]
    strange = (
        *(notices_topic(OTHER_LINE), state_topic(OTHER_LINE), "#", "desk-phone/v1/+/notices"),
        *("desk-phone/v1/#", "$SYS/#", broker_accounts.RESPONSES, f"$share/mine/{NOTICES}"),
    )
    assert device.subscribe(*strange) == [False] * len(strange)
    tell(mosquitto, notices_topic(OTHER_LINE), NOTICES, STATE, RELAY_TOPIC)
    device.until(lambda: len(device.came) >= 3)
    device.settle()
    assert sorted(device.came) == sorted((NOTICES, STATE, RELAY_TOPIC))
    device.leave()


def test_a_device_publishes_nothing(mosquitto: Mosquitto) -> None:
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    ask(accounts(mosquitto).create("d2", JUTA, [OWN]))
    device = Device(mosquitto, "d1", MARI)
    for topic in (NOTICES, STATE, RELAY_TOPIC, broker_accounts.CONTROL, "anything"):
        assert not device.publish(topic)
    device.leave()
    liar = Device(mosquitto, "d1", MARI, will=RELAY_TOPIC)
    if liar.let_in:
        liar.vanish()
    other = Device(mosquitto, "d2", JUTA)
    other.subscribe(NOTICES, STATE, RELAY_TOPIC)
    tell(mosquitto, NOTICES)
    other.until(lambda: other.came)
    assert other.came == [NOTICES]
    other.leave()


def test_a_device_comes_by_its_own_name_alone(mosquitto: Mosquitto) -> None:
    """Otherwise it could take over another's session, and what waits in it."""
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    ask(accounts(mosquitto).create("d2", JUTA, [OTHER_LINE]))
    assert not Device(mosquitto, "d1", MARI, name="d2").let_in
    assert not Device(mosquitto, "d1", MARI, name="desk-phone-relay").let_in
    assert not Device(mosquitto, "d1", JUTA).let_in
    assert not Device(mosquitto, "d3", MARI).let_in


def test_a_revoked_device_is_cut_off_at_once(mosquitto: Mosquitto) -> None:
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    ask(accounts(mosquitto).create("d2", JUTA, [OWN]))
    device, other = Device(mosquitto, "d1", MARI), Device(mosquitto, "d2", JUTA)
    other.subscribe(NOTICES)
    ask(accounts(mosquitto).revoke("d1"))
    device.until(lambda: device.ended)
    assert device.ended == [ADMINISTRATIVE_ACTION]
    assert not Device(mosquitto, "d1", MARI).let_in
    assert ask(accounts(mosquitto).known()) == {"d2"}
    tell(mosquitto, NOTICES)
    other.until(lambda: other.came)  # nobody else is
    other.leave()


def test_what_was_revoked_stays_so_though_the_broker_is_killed(mosquitto: Mosquitto) -> None:
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    ask(accounts(mosquitto).create("d2", JUTA, [OWN]))
    ask(accounts(mosquitto).revoke("d1"))
    mosquitto.kill()
    mosquitto.start()
    assert ask(accounts(mosquitto).known()) == {"d2"}
    assert not Device(mosquitto, "d1", MARI).let_in
    device = Device(mosquitto, "d2", JUTA)
    assert device.let_in
    device.leave()


def test_revoking_whom_nobody_knows_is_nothing(mosquitto: Mosquitto) -> None:
    ask(accounts(mosquitto).revoke("d1"))
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    ask(accounts(mosquitto).revoke("d1"))
    ask(accounts(mosquitto).revoke("d1"))
    assert ask(accounts(mosquitto).known()) == frozenset()


def test_creating_again_takes_the_place_of_the_earlier_one(mosquitto: Mosquitto) -> None:
    """Also in a session that is still subscribed to what it may not hear any more."""
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    device = Device(mosquitto, "d1", MARI)
    device.subscribe(NOTICES)
    ask(accounts(mosquitto).create("d1", JUTA, [OTHER_LINE]))
    device.until(lambda: device.ended)
    assert not Device(mosquitto, "d1", MARI).let_in
    device = Device(mosquitto, "d1", JUTA)
    device.subscribe(notices_topic(OTHER_LINE))
    tell(mosquitto, NOTICES, notices_topic(OTHER_LINE))
    device.until(lambda: device.came)
    assert device.came == [notices_topic(OTHER_LINE)]
    assert ask(accounts(mosquitto).known()) == {"d1"}
    device.leave()


def test_many_are_created_at_once(mosquitto: Mosquitto) -> None:
    async def many() -> frozenset[str]:
        ours = accounts(mosquitto)
        await asyncio.gather(*(ours.create(f"d{n}", Secret(f"w{n}"), [OWN]) for n in range(20)))
        return await ours.known()

    assert ask(many()) == {f"d{n}" for n in range(20)}


def test_others_accounts_are_no_devices(mosquitto: Mosquitto) -> None:
    ours = accounts(mosquitto)
    ask(ours._ask({"command": "createClient", "username": "monitor", "password": "x"}))
    ask(ours.create("d1", MARI, [OWN]))
    assert ask(ours.known()) == {"d1"}


def test_the_relay_does_not_revoke_itself(mosquitto: Mosquitto) -> None:
    with pytest.raises(ValueError, match="own account"):
        ask(accounts(mosquitto).revoke("relay"))
    with pytest.raises(ValueError, match="own account"):
        ask(accounts(mosquitto).create("relay", MARI, [OWN]))
    assert ask(accounts(mosquitto).known()) == frozenset()


# trouble


def test_a_broker_that_is_not_there_is_offline(mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    with pytest.raises(Offline, match="Nobody is at"):
        ask(accounts(mosquitto).create("d1", MARI, [OWN]))


def test_a_wrong_password_of_the_relays_is_offline(mosquitto: Mosquitto) -> None:
    with pytest.raises(Offline, match="does not let the relay in"):
        ask(DynamicSecurity(place(mosquitto), MARI).create("d1", MARI, [OWN]))


def test_who_may_not_look_after_accounts_is_told(mosquitto: Mosquitto) -> None:
    ask(accounts(mosquitto).create("d1", MARI, [OWN]))
    other = BrokerPlace("127.0.0.1", mosquitto.port, False, "d1")
    with pytest.raises(Offline, match="does not let the relay in"):
        ask(DynamicSecurity(other, MARI).known())


def test_what_the_plugin_refuses_is_said_in_its_words(mosquitto: Mosquitto) -> None:
    with pytest.raises(Refused, match="username"):
        ask(accounts(mosquitto)._ask({"command": "createClient"}))
    with pytest.raises(Refused, match="command"):
        ask(accounts(mosquitto)._ask({"command": "createNothing"}))


def test_a_broker_without_the_plugin_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_accounts, "_PATIENCE", 0.2)
    mosquitto = Mosquitto(tmp_path)
    mosquitto.start()
    try:
        with pytest.raises((Offline, Refused)):
            ask(accounts(mosquitto).known())
    finally:
        mosquitto.stop()


@pytest.mark.parametrize("greeting", [b"", b"\x20\x03\x00\x00\x00"], ids=["no word", "no suback"])
def test_a_broker_that_says_nothing_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, greeting: bytes
) -> None:
    monkeypatch.setattr(broker_accounts, "_PATIENCE", 0.2)

    async def story() -> None:
        async with ScriptedBroker(greeting) as broker:
            there = BrokerPlace("127.0.0.1", broker.port, False, "relay")
            with pytest.raises(Offline, match="does not answer"):
                await DynamicSecurity(there, RELAY).revoke("d1")

    asyncio.run(story())


ODD = [b"", b"[]", b"no JSON", b'{"responses": 3}', b'{"responses": [7, {}]}', b"[" * 100_000]


@pytest.mark.parametrize("said", ODD, ids=range(len(ODD)))
def test_what_is_no_answer_is_none(said: bytes) -> None:
    assert [answer for answer in broker_accounts._read(said) if answer] == []


def test_where_nobody_looks_after_accounts_nothing_is_done() -> None:
    nobody: Accounts = NoAccounts()
    ask(nobody.create("d1", MARI, [OWN]))
    ask(nobody.revoke("d1"))
    assert ask(nobody.known()) == frozenset()


def test_a_refused_password_is_tried_ever_more_seldom_until_there_is_another() -> None:
    now = 1000.0

    async def story() -> None:
        nonlocal now
        async with ScriptedBroker(greeting=refusal(0x86)) as broker:
            there = BrokerPlace("127.0.0.1", broker.port, False, "relay")
            ours = DynamicSecurity(there, MARI, lambda: now)
            tried = []
            for _ in range(400):  # every five seconds, as the relay looks after its accounts
                with pytest.raises(Offline):
                    await ours.known()
                tried.append(broker.connections)
                now += 5.0
            assert tried[11:13] == [1, 2]  # a minute later
            assert tried[-1] <= 7
            ours.read_anew(MARI)
            with pytest.raises(Offline):
                await ours.known()
            assert broker.connections == tried[-1]
            ours.read_anew(RELAY)
            with pytest.raises(Offline):
                await ours.known()
            assert broker.connections == tried[-1] + 1

    asyncio.run(story())
