"""Two people at one computer, as on a terminal server: each has their own data, socket and port."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desk_phone import settings as files
from desk_phone.paths import paths
from desk_phone.settings import Settings
from desk_phone.simulator.company import PASSWORD, USER
from tests.desktop import Desktop, Program, until
from tests.e2e.program import COMMAND, OWN, Company
from tests.ports import free_port

pytestmark = pytest.mark.e2e

OTHER_LINE = "+3726403231"


class Person:
    """A home of one's own on a display that is shared; everything lies where it usually does."""

    def __init__(self, desktop: Desktop, name: str, settings: Settings) -> None:
        self._desktop, home = desktop, desktop.folder / name
        self.env = {"HOME": str(home)} | {
            variable: str(home / variable)
            for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
        }
        for folder in self.env.values():
            Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.paths = paths(str(Path(self.env["XDG_DATA_HOME"]) / "DeskPhone"))
        self.paths.make()
        files.save(self.paths.settings, settings)

    def start(self) -> Program:
        program = self._desktop.start_python(
            *(*COMMAND, "--hidden", "--verbose", "--password-stdin"),
            env=self.env,
            stdin=subprocess.PIPE,
        )
        program.tell(PASSWORD)
        program.wait_for("line ready")
        return program

    def ask(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *COMMAND, *words],
            env={**self._desktop.env, **self.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=True,
        )
        return done.stdout.decode()


def test_each_has_their_own_calls_and_a_port_that_is_taken_is_told(desktop: Desktop) -> None:
    company, port = Company(desktop), free_port()
    company.ring("51234567", "Kristiina", after=-3600)
    mine = Settings(
        service_url=company.url,
        user=USER,
        own_number=OWN,
        poll_seconds=1,
        hotkey_on=False,
        notices_on=True,
        notices_port=port,
    )
    mari = Person(desktop, "mari", mine)
    juri = Person(desktop, "juri", replace(mine, own_number=OTHER_LINE))
    programs = [person.start() for person in (mari, juri)]
    until(lambda: "51234567" in mari.ask("calls", "--offline", "--json"), "her call")
    assert json.loads(juri.ask("calls", "--offline", "--json")) == []

    mari.ask("note", "51234567", "Wants the price list")
    assert "price list" not in juri.ask("note", "51234567")
    assert mari.paths.endpoint != juri.paths.endpoint
    assert f":{port}" in mari.ask("notices", "status")
    told = juri.ask("notices", "status")
    assert f"port {port}" in told
    assert [program.poll() for program in programs] == [None, None]
