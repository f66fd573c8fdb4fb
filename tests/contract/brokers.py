"""A real Mosquitto on this computer, that a test starts, kills and starts again."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

MOSQUITTO = "/usr/sbin/mosquitto"
PATIENCE = 10.0  # seconds; only a broken test waits so long


def wait_for(what: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


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
