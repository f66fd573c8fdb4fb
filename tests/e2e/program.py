"""The real program and the made-up company it talks to, each a process of its own on a desktop."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from desk_phone import settings as files
from desk_phone.paths import paths
from desk_phone.settings import Settings
from desk_phone.simulator.company import PASSWORD, USER
from tests.desktop import Program
from tests.desktop.sandbox import ROOT, Sandbox
from tests.desktop.waiting import PATIENCE

OWN = "+3726401234"
COMMAND = ("-m", "desk_phone")


class Control:
    """Steers a company at its control address; ``url`` is that of its service."""

    def __init__(self, url: str) -> None:
        self.url = url

    def tell(self, **wishes: Any) -> dict[str, Any]:
        """Do what `desk_phone.simulator.control` describes; the state afterwards."""
        return self._exchange("POST", json.dumps(wishes))

    def state(self) -> dict[str, Any]:
        return self._exchange("GET", None)

    def ring(self, other: str, name: str = "", **more: Any) -> None:
        """Somebody calls our line, and is missed unless ``fate`` says otherwise."""
        self.tell(ring={"own": OWN.removeprefix("+"), "other": other, "name": name, **more})

    def dialled(self) -> list[str]:
        """Whom clickToCall was taken for, as the service was asked, in order."""
        return [each["other"] for each in self.state()["dialled"]]

    def requests(self, operation: str = "") -> int:
        """How many requests came, of that kind or of any."""
        counted = self.state()["requests"]
        return int(counted.get(operation, 0)) if operation else sum(counted.values())

    def _exchange(self, method: str, body: str | None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        try:
            connection.request(method, "/_control", body)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        assert answer.status == 200, told
        return dict(told)


class Company(Control):
    """A company without a life of its own: only what is asked for happens.

    ``month``: it has a month of past calls; else it has none.
    """

    def __init__(self, place: Sandbox, month: bool = False) -> None:
        self.process = place.start_python(*COMMAND, "simulate")
        said = self.process.wait_for("/_control")
        super().__init__(re.findall(r"Listening on (\S+)", said)[0])
        self.tell(quiet=True, **({} if month else {"records": 0}))


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said, and how long it took."""

    status: int
    out: str
    err: str
    seconds: float


class Phone:
    """A data directory in a place, and whoever runs on it. It looks for calls every second."""

    def __init__(self, place: Sandbox, service: str, name: str = "data", **chosen: Any) -> None:
        self._place = place
        self.paths = paths(str(place.folder / name))
        self.paths.make()
        usual = {"user": USER, "own_number": OWN, "own_name": "Mari Maasikas", "poll_seconds": 1}
        files.save(self.paths.settings, Settings(service_url=service, **{**usual, **chosen}))

    def start(
        self, *options: str, password: str = PASSWORD, env: Mapping[str, str] | None = None
    ) -> Program:
        """Start the tray program, which tells all it does; ``password`` empty: none is given."""
        words = self.words("--verbose", *options)
        if not password:
            return self._place.start_python(*words, env=env)
        program = self._place.start_python(
            *words, "--password-stdin", env=env, stdin=subprocess.PIPE
        )
        program.tell(password)
        return program

    def begin(self, *options: str) -> Program:
        """Start it, and wait until it has looked at the history once."""
        program = self.start(*options)
        program.wait_for("line ready")
        return program

    def words(self, *words: str) -> tuple[str, ...]:
        """What Python needs to run that command."""
        return (*COMMAND, "--data-dir", str(self.paths.root), *words)

    def run(self, *words: str) -> Said:
        """Run a command, or a second start, to its end."""
        return run(self._place, self.paths.root, *words)

    def calls(self) -> list[dict[str, Any]]:
        """What is known, newest first: of the program that runs here, else of its data."""
        return calls(self._place, self.paths.root)


def run(place: Sandbox, data: Path, *words: str) -> Said:
    """Run a command about that data directory to its end."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, *COMMAND, "--data-dir", str(data), *words],
        cwd=ROOT,
        env=place.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=4 * PATIENCE,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    return Said(done.returncode, out, err, time.monotonic() - begun)


def calls(place: Sandbox, data: Path) -> list[dict[str, Any]]:
    said = run(place, data, "calls", "--offline", "--json")
    assert said.status == 0, said
    return list(json.loads(said.out))


def others(calls: list[dict[str, Any]], direction: str) -> list[str]:
    """The other parties' numbers of the calls in that direction."""
    return [call["other"] for call in calls if call["direction"] == direction]
