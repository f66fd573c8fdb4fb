"""The whole program on Windows: it starts, is handed commands over its pipe, and ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desk_phone import settings as files
from desk_phone.paths import paths
from desk_phone.settings import Settings
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import OWN_NUMBERS, PASSWORD, USER

PATIENCE = 60  # seconds: Wine starts programs slowly
OWN = f"+{OWN_NUMBERS[0]}"


@pytest.fixture
def company() -> Iterator[Simulator]:
    with Simulator(quiet=True, records=0) as company:
        yield company


class Phone:
    def __init__(self, folder: Path, service: str) -> None:
        self.root = folder / "data"
        self.place = paths(str(self.root))
        self.place.make()
        settings = Settings(service_url=service, user=USER, own_number=OWN, poll_seconds=1)
        files.save(self.place.settings, settings)

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "desk_phone", "--data-dir", str(self.root), *words]

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.words(*words),
            input=given,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
            env=None,
        )


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what


@pytest.fixture
def phone(tmp_path: Path, company: Simulator) -> Phone:
    return Phone(tmp_path, company.base_url)


def test_a_command_asks_the_service(phone: Phone) -> None:
    said = phone.run("numbers", "--json", "--password-stdin", given=PASSWORD + "\n")
    assert said.returncode == 0, said.stderr
    assert OWN in said.stdout


def test_the_tray_program_is_handed_commands_and_ends_when_told(
    phone: Phone, company: Simulator
) -> None:
    company.ring(OWN_NUMBERS[0], "51234567", name="Kristiina", after=-60.0)
    program = subprocess.Popen(
        phone.words("--hidden", "--verbose", "--password-stdin"),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with program:
        assert program.stdin is not None
        assert program.stderr is not None
        program.stdin.write(PASSWORD + "\n")
        program.stdin.close()
        heard = ""
        while "line ready" not in heard:
            line = program.stderr.readline()
            assert line, heard
            heard += line
        assert "hotkey assigned" in heard

        def calls() -> list[dict[str, object]]:
            said = phone.run("calls", "--offline", "--json")
            assert said.returncode == 0, said.stderr
            return list(json.loads(said.stdout))

        until(lambda: [call["other"] for call in calls()] == ["+37251234567"], "the call")
        asked = phone.run("call", "6403231", "--yes")
        assert asked.returncode == 0, asked.stderr
        assert [each.other for each in company.company.dialled] == ["6403231"]
        assert re.search(r"\d+", (phone.root / "instance.lock").read_text())
        program.kill()
    assert phone.run("calls", "--offline", "--json").returncode == 0  # the lock is free again
