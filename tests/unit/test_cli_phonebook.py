"""The terminal's part of the phonebook's commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_phone.app.acts import Act, Errand, LaneName, perform
from desk_phone.cli import runner
from desk_phone.cli.phonebook import patiently, with_whole_path, within
from desk_phone.errors import Offline, PhoneError, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.options import Options, read
from desk_phone.paths import Paths
from desk_phone.said import Said, Status
from desk_phone.system.request import Answer, Request


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


def answering(*answers: Said) -> Callable[[float], Said]:
    left = list(answers)
    return lambda _seconds: left.pop(0) if len(left) > 1 else left[0]


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


def test_each_try_is_told_how_long_it_may_take(clock: Clock) -> None:
    given: list[float] = []

    def run(seconds: float) -> Said:
        given.append(seconds)
        clock.now += 4
        return Said(Status.UNKNOWN)

    patiently(run, 13, clock.sleep, clock)
    assert given == [13, 8, 2]
    given.clear()
    patiently(run, 0, clock.sleep, clock)
    assert given == [0]


def work(done: list[int], fails: bool = False) -> Act[str]:
    for step in range(3):
        answer = yield Errand(LaneName.UPKEEP, lambda step=step: step)
        done.append(answer)
    if fails:
        raise Offline("No network")
    return "done"


@pytest.mark.parametrize(("seconds", "stopped"), [(1, 2), (2, 1), (9, 0)])
def test_an_act_is_told_to_stop_when_its_time_is_over(
    clock: Clock, seconds: float, stopped: int
) -> None:
    done: list[int] = []
    stops: list[float] = []
    act = within(seconds, work(done), lambda: stops.append(clock.now), clock)
    errand = next(act)
    ended = ""
    while not ended:
        clock.now += 1
        try:
            errand = act.send(errand.work())
        except StopIteration as end:
            ended = end.value
    assert (ended, done, len(stops)) == ("done", [0, 1, 2], stopped)


def test_what_ends_an_act_ends_it_within_its_time_too(clock: Clock) -> None:
    with pytest.raises(Offline):
        perform(within(9, work([], fails=True), lambda: None, clock))
    act = within(9, work([]), lambda: None, clock)
    next(act)
    with pytest.raises(Uncertain):
        act.throw(Uncertain("No answer"))


# a tray program that is still at it


class Tray:
    """What the tray program says to each hand-over."""

    def __init__(self, *answers: Answer | PhoneError | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[tuple[str, ...], float]] = []

    def take(self, lock: object, endpoint: str, request: Request, patience: float) -> Answer:
        return self.hand(endpoint, request, patience)

    def hand(self, endpoint: str, request: Request, patience: float) -> Answer:
        self.asked.append((request.argv, patience))
        answer = self.answers.pop(0)
        if isinstance(answer, PhoneError):
            raise answer
        return answer  # type: ignore[return-value]


def ask(tray: Tray, monkeypatch: pytest.MonkeyPatch, root: Path, *words: str) -> Said:
    monkeypatch.setattr(runner, "take_or_hand_over", tray.take)
    monkeypatch.setattr(runner, "hand_over", tray.hand)
    options = read(words)
    return runner.Runner(options, words, Paths(root), Secret("")).run(options.wait)


SILENCE = Uncertain("The running program gave no answer", "Look there.")
SYNC = ("phonebook", "sync", "--wait", "300", "--json")


def test_a_sync_that_takes_longer_than_one_waits_is_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tray = Tray(SILENCE, Answer(5, "{}\n", "The sync is still under way\n"))
    said = ask(tray, monkeypatch, tmp_path, *SYNC)
    assert (said.status, said.err) == (5, "The sync is still under way\n")
    assert tray.asked == [(SYNC, 300), (("phonebook", "status", "--json"), 10)]


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        pytest.param(SYNC, (SILENCE, None), id="it has ended meanwhile"),
        pytest.param(("phonebook", "undo"), (SILENCE,), id="not a sync"),
    ],
)
def test_a_silence_of_which_nobody_knows_more_stays_one(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: tuple[str, ...],
    answers: tuple[Answer | PhoneError | None, ...],
) -> None:
    said = ask(Tray(*answers), monkeypatch, tmp_path, *words)
    assert (said.status, said.err) == (5, "The running program gave no answer\nLook there.\n")


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
