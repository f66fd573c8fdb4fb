"""Garbage is found on the main thread alone, also what another thread made."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.app.garbage import Collector


class Loop:
    """Refers to itself, and tells the thread that destroys it."""

    ended: list[threading.Thread]

    def __init__(self, ended: list[threading.Thread]) -> None:
        self.me, self.ended = self, ended

    def __del__(self) -> None:
        self.ended.append(threading.current_thread())


@pytest.fixture
def collector(qtbot: QtBot) -> Collector:
    return Collector()


def test_what_a_lane_throws_away_is_collected_here(qtbot: QtBot, collector: Collector) -> None:
    ended: list[threading.Thread] = []

    def work() -> None:
        for _ in range(20_000):  # far more than the interpreter lets lie
            Loop(ended)

    lane = threading.Thread(target=work)
    lane.start()
    lane.join()
    assert ended == []
    qtbot.waitUntil(lambda: len(ended) == 20_000)
    assert set(ended) == {threading.main_thread()}


def test_little_garbage_costs_nothing_while_the_loop_runs(
    qtbot: QtBot, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []
    monkeypatch.setattr("desk_phone.app.garbage.gc.collect", rounds.append)
    monkeypatch.setattr("desk_phone.app.garbage.gc.get_count", lambda: (700, 10, 1000))
    collector.look()
    assert rounds == []


@pytest.mark.parametrize(
    ("counted", "oldest"), [((701, 0, 0), 0), ((0, 11, 0), 1), ((701, 11, 1001), 2)]
)
def test_the_oldest_round_that_is_due_is_the_one(
    collector: Collector,
    monkeypatch: pytest.MonkeyPatch,
    counted: tuple[int, int, int],
    oldest: int,
) -> None:
    rounds: list[int] = []
    monkeypatch.setattr("desk_phone.app.garbage.gc.collect", rounds.append)
    monkeypatch.setattr("desk_phone.app.garbage.gc.get_count", lambda: counted)
    collector.look()
    assert rounds == [oldest]
