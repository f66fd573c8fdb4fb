"""The relay's process as systemd and an administrator see it."""

from __future__ import annotations

import json
import socket
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Self

import pytest

from desk_phone.simulator import Simulator
from tests.contract.brokers import wait_for
from tests.contract.relay_server import RelayServer

WIRE_OWN = "3726403231"


@pytest.fixture
def service() -> Iterator[Simulator]:
    with Simulator(quiet=True) as simulator:
        yield simulator


class Systemd:
    """Hears what it is told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self._socket.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "notify"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def hear(self) -> str:
        return self._socket.recv(100).decode()

    def hear_all(self) -> list[str]:
        self._socket.setblocking(False)
        heard = []
        try:
            while True:
                heard.append(self.hear())
        except BlockingIOError:
            return heard


def test_a_life_under_systemd(
    tmp_path: Path, service: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        Systemd(tmp_path, monkeypatch) as systemd,
        RelayServer(tmp_path, service.base_url) as relay,
    ):
        heard = [systemd.hear() for _ in range(3)]  # the broker tells it, too
        assert sorted(heard) == ["READY=1", "READY=1", "WATCHDOG=1"]
        assert "Qt6" not in Path(f"/proc/{relay.pid}/maps").read_text()
        wait_for(lambda: WIRE_OWN in service.company.targets)
        service.ring(WIRE_OWN, "3725123456")
        wait_for(lambda: relay.metrics()["published_seconds_count"] == 1)
        told = json.loads(relay.run("status", "--json").out)
        assert (told["well"], told["problems"], told["figures"]["notices"]["kept"]) == (True, {}, 1)

        copy = tmp_path / "copy.sqlite3"
        assert relay.run("backup", str(copy)).status == 0
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert relay.end() == 0
        assert systemd.hear_all()[-1] == "STOPPING=1"
        assert relay.run("restore", str(copy)).status == 0
        with closing(sqlite3.connect(tmp_path / "state" / "relay.sqlite3")) as db:
            assert db.execute("SELECT count(*), max(published) FROM notices").fetchone() == (
                0,
                None,
            )
    for line in relay.log.splitlines():
        assert json.loads(line)["level"] in ("info", "warning"), line


def test_numbers_that_were_known_are_believed_while_the_service_is_away(
    tmp_path: Path, service: Simulator
) -> None:
    with RelayServer(tmp_path, service.base_url) as relay:
        wait_for(lambda: WIRE_OWN in service.company.targets)
        address = service.company.targets[WIRE_OWN]
        relay.end()
        text = relay.file.read_text()
        relay.file.write_text(text.replace(service.base_url, "http://127.0.0.1:9/external/"))
        relay.start()
        with socket.create_connection(("127.0.0.1", relay.notices)) as caller:
            path = address.partition(str(relay.notices))[2]
            query = f"ts={relay.now()}&anr=3725123456&bnr={WIRE_OWN}&fn=&type=Start&answer=No"
            caller.sendall(f"GET {path}?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert caller.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_port_that_is_taken_is_said_and_nothing_stays_behind(tmp_path: Path) -> None:
    relay = RelayServer(tmp_path, "http://127.0.0.1:9/external/")
    with socket.create_server(("127.0.0.1", relay.notices)):
        relay.start(wait=False)
        assert relay.wait() == 4  # systemd tries it again
    assert f"port {relay.notices}" in relay.log
    assert "Traceback" not in relay.log


def test_a_damaged_state_is_replaced_by_its_copy_and_the_service_is_told_again(
    tmp_path: Path, service: Simulator
) -> None:
    with RelayServer(tmp_path, service.base_url) as relay:
        wait_for(lambda: len(service.company.targets) == len(service.company.own))
        wait_for(lambda: bool(list((tmp_path / "state" / "backups").glob("*.sqlite3"))))
        code = relay.code(f"+{WIRE_OWN}")
        assert relay.end() == 0
        for beside in (tmp_path / "state").glob("relay.sqlite3-*"):
            beside.unlink()
        (tmp_path / "state" / "relay.sqlite3").write_bytes(b"no database" * 1000)
        service.company.targets.clear()
        relay.start()
        assert relay.told("the state was damaged")
        wait_for(lambda: len(service.company.targets) == len(service.company.own))
        assert code not in relay.log
        assert [row["what"] for row in json.loads(relay.run("audit", "--json").out)] == ["restored"]
