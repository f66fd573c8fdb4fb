"""A broker, and a relay with its folder, each in a process of its own that may be killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import relay_program
from benchmarks.processes import ROOT
from benchmarks.relay_caller import PASSWORD
from desk_phone.relay import configuration, credentials, serving
from desk_phone.relay.company import targets
from desk_phone.relay.company.targets import Target
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.state import devices, kept
from desk_phone.relay.state.database import open_keeper
from desk_phone.relay.state.devices import Rights
from tests.contract.brokers import free_port

_PATIENCE = 30.0  # seconds; only what is broken takes so long


def numbers_of(count: int) -> list[str]:
    return [f"+3726{n:06}" for n in range(count)]


class Relay:
    """`benchmarks.relay_program` over a folder: the way of a notice alone."""

    def __init__(self, folder: Path, broker: int, numbers: Sequence[str]) -> None:
        folder.mkdir()
        self._folder, self._broker = folder, broker
        self.port, self.gateway = free_port(), free_port()
        self.path = relay_program.PATH
        self.tokens: tuple[str, ...] = ()
        (folder / relay_program.NUMBERS).write_text(json.dumps(list(numbers)))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def database(self) -> Path:
        return self._folder / relay_program.DATABASE

    def waiting(self) -> int:
        """Notices that the broker does not have yet, as far as is written down."""
        with closing(self.read_database()) as db:
            query = "SELECT count(*) FROM notices WHERE NOT published"
            return int(db.execute(query).fetchone()[0])

    def read_database(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)

    @property
    def pid_file(self) -> Path:
        return self._folder / "pid"

    def start(self) -> float:
        """Seconds until it takes connections, or was killed by whom it answered first."""
        begun = time.monotonic()
        words = [sys.executable, "-m", *self._words()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(words, cwd=ROOT, stderr=log, env=self._environment())
        self.pid_file.write_text(str(self.pid))
        while not _answers(self.port):
            if self.ended == -signal.SIGKILL:
                break
            if self.ended is not None:
                raise RuntimeError(f"the relay ended: {(self._folder / 'log').read_text()[-2000:]}")
            if time.monotonic() - begun > _PATIENCE:
                raise RuntimeError("the relay does not answer")
            time.sleep(0.01)
        return time.monotonic() - begun

    def kill(self) -> None:
        """Without a word to it."""
        self.pid_file.unlink(missing_ok=True)
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        self.kill()

    @property
    def ended(self) -> int | None:
        """How it ended, if by itself or by a stranger."""
        return None if self._process is None else self._process.poll()

    def _words(self) -> Sequence[str]:
        ports = (str(port) for port in (self.port, self.gateway, self._broker))
        return ("benchmarks.relay_program", str(self._folder), *ports)

    def _environment(self) -> dict[str, str]:
        return dict(os.environ)


class Served(Relay):
    """The whole `desk-phone relay serve`, with as many enrolled desks as numbers."""

    def __init__(self, folder: Path, broker: int, numbers: Sequence[str]) -> None:
        super().__init__(folder, broker, numbers)
        (folder / "secrets").mkdir()
        for name in (credentials.COMPANY, credentials.BROKER):
            (folder / "secrets" / name).write_text(PASSWORD)
        self._file = folder / "relay.toml"
        self._file.write_text(self._configuration(numbers))
        conf = configuration.read(self._file)
        self.path, self.tokens = asyncio.run(_prepared(conf, numbers))

    def _configuration(self, numbers: Sequence[str]) -> str:
        return f"""state_dir = "{self._folder}"
[company]
user = "P0000000@elion.ee"
service_url = "http://127.0.0.1:9/"
numbers = {json.dumps(list(numbers))}
[public]
url = "https://relay.company.example"
[listen]
notices = "127.0.0.1:{self.port}"
desks = "127.0.0.1:{self.gateway}"
local = "127.0.0.1:{free_port()}"
[broker]
port = {self._broker}
accounts = "none"
"""

    def _words(self) -> Sequence[str]:
        return ("desk_phone", "relay", "serve", "--config", str(self._file))

    def _environment(self) -> dict[str, str]:
        return {**os.environ, credentials.PLACE: str(self._folder / "secrets")}


async def _prepared(conf: Configuration, numbers: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The path that the service calls, and a token for each number. The service counts as told of
    its address: it is not here."""
    now = datetime.now(UTC)
    keeper = await open_keeper(conf.database, conf.backups, now)

    def enrol(db: sqlite3.Connection) -> tuple[str, tuple[str, ...]]:
        secret = serving._secret(db)
        target = Target(f"{conf.notices_url}/{secret}", int(now.timestamp()), True)
        for own in numbers:
            kept.put(db, targets._START + own, json.dumps(asdict(target)))
        codes = [devices.new_code(db, own, Rights((own,)), now) for own in numbers]
        tokens = tuple(devices.use_code(db, code, now).token.reveal() for code in codes)
        return urlsplit(target.url).path, tokens

    try:
        return await keeper.do(enrol)
    finally:
        await keeper.close()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
