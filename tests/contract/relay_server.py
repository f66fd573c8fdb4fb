"""``desk-phone relay serve`` as a company runs it: a process, over a broker with accounts."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from desk_phone.simulator.company import PASSWORD, USER
from tests.contract.brokers import wait_for, with_accounts
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
_BROKER_PASSWORD = "of the broker"
_LISTENING = re.compile(r"listening: notices on (\d+), desks on (\d+), local on (\d+)")


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    out: str
    err: str


class RelayServer:
    """For the company behind ``service_url``; a test may kill it and start it again.

    ``more`` are further lines of relay.toml.
    """

    def __init__(self, folder: Path, service_url: str, more: str = "") -> None:
        broker = folder / "broker"
        broker.mkdir()
        self.broker = with_accounts(broker, "relay", _BROKER_PASSWORD, "desk-phone/v1/#")
        self.folder = folder
        self.credentials = folder / "credentials"
        self.credentials.mkdir()
        self.keep("company-password", PASSWORD)
        self.keep("broker-password", _BROKER_PASSWORD)
        self.notices, self.desks, self.local = free_port(), free_port(), free_port()
        self.file = folder / "relay.toml"
        self.file.write_text(
            f'state_dir = "{folder}/state"\n'
            f'[company]\nuser = "{USER}"\nservice_url = "{service_url}"\n'
            f'[public]\nurl = "https://127.0.0.1:{self.desks}"\n'
            f'notices = "http://127.0.0.1:{self.notices}/v1/notices"\ncallers = ["127.0.0.1"]\n'
            f'[listen]\nnotices = "127.0.0.1:{self.notices}"\ndesks = "127.0.0.1:{self.desks}"\n'
            f'local = "127.0.0.1:{self.local}"\n'
            f"[broker]\nport = {self.broker.port}\n"
            f'[broker.desks]\nhost = "127.0.0.1"\nport = {self.broker.port}\ntls = false\n{more}'
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Without the proxy that a company has before it."""
        return f"http://127.0.0.1:{self.desks}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def keep(self, name: str, password: str) -> None:
        (self.credentials / name).write_text(password + "\n")

    def __enter__(self) -> Self:
        self.broker.start()
        try:
            self.start()
        except BaseException:
            self.broker.stop()
            raise
        return self

    def __exit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.end(signal.SIGKILL)
        self.broker.stop()

    def start(self, wait: bool = True) -> None:
        (self.folder / "log").write_text("")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._words("serve"), cwd=ROOT, env=self._env, stderr=log
            )
        if wait:
            wait_for(lambda: bool(_LISTENING.search(self.log)) or self.has_ended)
            assert not self.has_ended, self.log

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        status = self._process.wait(30)
        self._process = None
        return status

    def wait(self) -> int:
        """Until it ends by itself."""
        assert self._process is not None
        status, self._process = self._process.wait(30), None
        return status

    def reload(self) -> None:
        os.kill(self.pid, signal.SIGHUP)

    @property
    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def told(self, words: str) -> bool:
        return words in self.log

    def run(self, *words: str, given: str = "") -> Said:
        """Another command, as the administrator types it."""
        done = subprocess.run(
            self._words(*words),
            cwd=ROOT,
            env=self._env,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def code(self, *numbers: str, may_edit: bool = False) -> str:
        words = [word for number in numbers for word in ("--number", number)]
        rights = ["--may-edit"] * may_edit
        said = self.run("enrol", "--name", "Mari", *words, *rights, "--json")
        assert said.status == 0, said.err
        return str(json.loads(said.out)["code"])

    @staticmethod
    def now() -> int:
        """As the service writes the time of a call."""
        return int(time.time())

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.local}/health") as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def metrics(self) -> dict[str, float]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.local}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        rows = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name.removeprefix("desk_phone_relay_"): float(value) for name, _, value in rows}

    @property
    def _env(self) -> dict[str, str]:
        return {**os.environ, "CREDENTIALS_DIRECTORY": str(self.credentials)}

    def _words(self, *words: str) -> list[str]:
        command = [sys.executable, "-m", "desk_phone", "relay", *words]
        return [*command, "--config", str(self.file), "--lang", "en"]
