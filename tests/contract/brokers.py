"""A real Mosquitto on this computer, that a test starts, kills and starts again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.ports import free_port

MOSQUITTO = "/usr/sbin/mosquitto"
PLUGIN = "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so"
PATIENCE = 30.0  # seconds; only a broken test waits so long


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


class Mosquitto:
    """Keeps its sessions in ``folder`` when it is stopped, as a service does; `kill` does not."""

    def __init__(self, folder: Path, more: str = "allow_anonymous true\n") -> None:
        self.port = free_port()
        self._file = folder / "mosquitto.conf"
        self._file.write_text(
            f"listener {self.port} 127.0.0.1\n{more}"
            f"persistence true\npersistence_location {folder}/\nuser root\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self._file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._answers)

    def stop(self) -> None:
        """In good order."""
        self._end(lambda process: process.terminate())

    def kill(self) -> None:
        """Whatever was not written down is gone."""
        self._end(lambda process: process.kill())

    def save(self) -> None:
        """Write its sessions down now, as it does every half an hour and when it is stopped."""
        assert self._process is not None
        before = self._written()
        os.kill(self._process.pid, signal.SIGUSR1)
        wait_for(lambda: self._written() != before)

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        """Until the broker has it."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        client.connect("127.0.0.1", self.port)
        sent = client.publish(topic, payload, 1, retain)
        end = time.monotonic() + PATIENCE
        while not sent.is_published():
            client.loop(0.05)
            assert time.monotonic() < end
        client.disconnect()

    def _written(self) -> tuple[int, int]:
        """Which file it is: a new one takes the old one's place."""
        try:
            found = (self._file.parent / "mosquitto.db").stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def _end(self, how: Callable[[subprocess.Popen[bytes]], object]) -> None:
        if self._process is not None:
            how(self._process)
            self._process.wait(PATIENCE)
            self._process = None


def with_accounts(folder: Path, user: str, password: str, topics: str) -> Mosquitto:
    """A broker with the dynamic security plugin. ``user`` looks after the accounts and may publish
    to ``topics``; there is no other account."""
    state = folder / "dynamic-security.json"
    init = ["mosquitto_ctrl", "dynsec", "init", str(state), user, password]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL)
    written = json.loads(state.read_text())
    acl = {"acltype": "publishClientSend", "topic": topics, "allow": True}
    written["roles"][0]["acls"].append(acl)
    state.write_text(json.dumps(written))
    return Mosquitto(folder, f"plugin {PLUGIN}\nplugin_opt_config_file {state}\n")
