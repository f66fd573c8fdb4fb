"""The terminal's part of the phonebook's commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_phone.cli.phonebook import patiently, with_whole_path
from desk_phone.options import Options, read
from desk_phone.said import Said, Status


class Clock:
    """Each pause is over at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def answering(*answers: Said) -> Callable[[], Said]:
    left = list(answers)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("status", [Status.BAD_INPUT, Status.REFUSED, Status.CREDENTIALS])
def test_whoever_waits_stops_where_time_does_not_help(clock: Clock, status: Status) -> None:
    assert patiently(answering(Said(status)), 60, clock.sleep, clock).status == status
    assert clock.pauses == []


@pytest.mark.parametrize("status", [Status.OFFLINE, Status.UNKNOWN])
def test_patience_ends_in_time(clock: Clock, status: Status) -> None:
    assert patiently(answering(Said(status)), 35, clock.sleep, clock).status == status
    assert clock.pauses == [1, 2, 4, 8, 15, 5]


def test_without_patience_there_is_one_try(clock: Clock) -> None:
    assert patiently(answering(Said(4), Said(0)), 0, clock.sleep, clock).status == 4
    assert clock.pauses == []


def test_patience_ends_with_success(clock: Clock) -> None:
    assert patiently(answering(Said(4), Said(5), Said(0)), 60, clock.sleep, clock).status == 0
    assert clock.pauses == [1, 2]


def test_all_that_was_sent_and_received_meanwhile_is_told(clock: Clock) -> None:
    one = '{"sent": 1, "received": 0, "waiting": 1}\n'
    two = '{"sent": 0, "received": 2, "waiting": 0}\n'
    said = patiently(answering(Said(5, one, "x\n"), Said(0, two)), 60, clock.sleep, clock)
    assert json.loads(said.out) == {"sent": 1, "received": 2, "waiting": 0}
    assert (said.status, said.err) == (0, "")


def test_the_same_is_told_once(clock: Clock) -> None:
    lines = answering(Said(5, "1\n"), Said(5, "0\n"), Said(5, "0\n"), Said(0))
    assert patiently(lines, 60, clock.sleep, clock).out == "1\n0\n"


def test_a_file_is_named_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tray program, which may do it, stands in another directory."""
    monkeypatch.chdir(tmp_path)
    given = ["--json", "phonebook", "export", "export", "-v"]
    options, words = with_whole_path(read(given), given)
    assert options.file == str(tmp_path / "export")
    assert list(words) == ["--json", "phonebook", "export", str(tmp_path / "export"), "-v"]
    assert with_whole_path(Options(), ["numbers"]) == (Options(), ("numbers",))
