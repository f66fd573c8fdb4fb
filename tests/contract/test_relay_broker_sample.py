"""The broker as installers/relay sets it up: its accounts, its port for desks, what it keeps."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from desk_phone.model.relayed import notices_topic
from desk_phone.model.secret import Secret
from desk_phone.relay.broker.accounts import DynamicSecurity
from desk_phone.relay.configuration import BrokerPlace
from tests.contract.brokers import PATIENCE, PLUGIN, Mosquitto
from tests.contract.certificates import Authority
from tests.ports import free_port
from tests.relayed import OTHER_LINE, OWN

SAMPLES = Path(__file__).parents[2] / "installers" / "relay"
HOST, DEVICE, PASSWORD = "localhost", "d-mari", "of one computer"
MINE, THEIRS = notices_topic(OWN), notices_topic(OTHER_LINE)


class Sampled(Mosquitto):
    """A sample, with a test's folders and ports. ``port`` is loopback's."""

    def __init__(self, folder: Path, sample: str, others: Mapping[str, str]) -> None:
        super().__init__(folder)
        text = (SAMPLES / sample).read_text()
        given = {
            "listener 1883 127.0.0.1": f"listener {self.port} 127.0.0.1",
            "persistence_location /var/lib/mosquitto/": f"persistence_location {folder}/",
            **others,
        }
        for before, after in given.items():
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        self._file.write_text(f"{text}user root\n")


class Company(Sampled):
    """mosquitto.conf, behind mosquitto-setup.sh; ``tls_port`` is the desks'."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        setting_up = [SAMPLES / "mosquitto-setup.sh", folder, folder]
        subprocess.run(setting_up, check=True, capture_output=True, timeout=60)
        authority.context(HOST)  # writes localhost.pem
        self.tls_port, certificate = free_port(), folder / f"{HOST}.pem"
        state = "/var/lib/mosquitto/dynamic-security.json"
        others = {
            "listener 8883": f"listener {self.tls_port}",
            "/etc/mosquitto/certs/fullchain.pem": str(certificate),
            "/etc/mosquitto/certs/privkey.pem": str(certificate),
            "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so": PLUGIN,
            state: str(folder / "dynamic-security.json"),
        }
        super().__init__(folder, "mosquitto.conf", others)
        self.authority = authority
        self.relay = Secret((folder / "broker-password").read_text().strip())

    @property
    def accounts(self) -> DynamicSecurity:
        return DynamicSecurity(BrokerPlace("127.0.0.1", self.port, False, "relay"), self.relay)

    def tell(self, topic: str) -> bool:
        """Whether the broker takes it of the relay."""
        with Client(self.port, "relay", self.relay.reveal()) as relay:
            return relay.publish(topic)

    def desk(self) -> Client:
        return Client(self.tls_port, DEVICE, PASSWORD, self.authority)


class Client:
    """Any program that speaks MQTT 5; leaves a session of its name behind."""

    def __init__(
        self, port: int, user: str, password: str, authority: Authority | None = None
    ) -> None:
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=user or "anybody",
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        if user:
            self._client.username_pw_set(user, password)
        if authority is not None:
            self._client.tls_set_context(ssl.create_default_context(cafile=str(authority.file)))
        self.let_in: bool | None = None
        self.answered: list[bool] = []
        self.came: list[str] = []
        self._client.on_connect = lambda _c, _d, _f, code, _p: self._connected(not code.is_failure)
        self._client.on_subscribe = lambda _c, _d, _m, codes, _p: self.answered.extend(
            not code.is_failure for code in codes
        )
        self._client.on_publish = lambda _c, _d, _m, code, _p: self.answered.append(
            not code.is_failure
        )
        self._client.on_message = lambda _c, _d, message: self.came.append(message.topic)
        self._port = port

    def __enter__(self) -> Self:
        kept = Properties(PacketTypes.CONNECT)
        kept.SessionExpiryInterval = 3600
        self._client.connect(HOST, self._port, clean_start=False, properties=kept)
        self.until(lambda: self.let_in is not None)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop(0.01)

    def until(self, what: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not what():
            self._client.loop(0.01)
            assert time.monotonic() < end, "it did not happen"

    def subscribe(self, topic: str) -> bool:
        return self._answer(lambda: self._client.subscribe(topic, 1))

    def publish(self, topic: str) -> bool:
        return self._answer(lambda: self._client.publish(topic, b"{}", 1))

    def _answer(self, asking: Callable[[], object]) -> bool:
        self.answered.clear()
        asking()
        self.until(lambda: self.answered)
        return self.answered[0]

    def _connected(self, let_in: bool) -> None:
        self.let_in = let_in


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Company]:
    broker = Company(tmp_path, Authority(tmp_path))
    broker.start()
    yield broker
    broker.stop()


def test_a_desk_hears_of_its_own_numbers_alone_and_whoever_has_no_account_of_none(
    broker: Company,
) -> None:
    with Client(broker.port, "", "") as nobody, Client(broker.port, "relay", "guessed") as guesser:
        assert (nobody.let_in, guesser.let_in) == (False, False)
    asyncio.run(broker.accounts.create(DEVICE, Secret(PASSWORD), [OWN]))
    with broker.desk() as desk:
        assert desk.subscribe(MINE)
        assert not desk.subscribe(THEIRS)
        assert not desk.subscribe("#")
        assert not desk.publish(MINE)
        assert broker.tell(THEIRS)
        assert broker.tell(MINE)
        desk.until(lambda: desk.came)
        assert desk.came == [MINE]


def test_the_relay_may_do_what_it_does_and_nothing_else(broker: Company) -> None:
    assert broker.tell(MINE)
    assert not broker.tell("elsewhere")
    with Client(broker.port, "relay", broker.relay.reveal()) as relay:
        assert not relay.subscribe(MINE)
    assert asyncio.run(broker.accounts.known()) == frozenset()


def test_what_waits_for_a_desk_outlives_a_restart(broker: Company) -> None:
    asyncio.run(broker.accounts.create(DEVICE, Secret(PASSWORD), [OWN]))
    with broker.desk() as desk:
        assert desk.subscribe(MINE)
    assert broker.tell(MINE)
    broker.stop()
    broker.start()
    with broker.desk() as desk:
        desk.until(lambda: desk.came)
        assert desk.came == [MINE]


def test_accounts_that_exist_are_not_written_over(tmp_path: Path) -> None:
    accounts = tmp_path / "dynamic-security.json"
    accounts.write_text("the company's")
    setting_up = [SAMPLES / "mosquitto-setup.sh", tmp_path, tmp_path]
    done = subprocess.run(setting_up, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert accounts.read_text() == "the company's"
    assert [file.name for file in tmp_path.iterdir()] == [accounts.name]


def test_in_a_trial_only_the_relay_writes(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "mosquitto-trial.acl", tmp_path)
    acl = {"/etc/mosquitto/mosquitto-trial.acl": str(tmp_path / "mosquitto-trial.acl")}
    broker = Sampled(tmp_path, "mosquitto-trial.conf", acl)
    broker.start()
    try:
        with Client(broker.port, "relay", "any") as relay, Client(broker.port, "d-1", "") as desk:
            assert desk.subscribe(MINE)
            assert desk.subscribe(THEIRS)
            desk.publish(THEIRS)
            assert relay.publish(MINE)
            desk.until(lambda: desk.came)
            assert desk.came == [MINE]
    finally:
        broker.stop()
