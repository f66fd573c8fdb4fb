"""Acts whose errands leave the main thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.lane import Lanes
from desk_phone.errors import Offline, PhoneError


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[Lanes]:
    before = set(threading.enumerate())
    lanes = Lanes()
    yield lanes
    lanes.close(patience=5)
    assert set(threading.enumerate()) <= before


def _where() -> str:
    return "main" if threading.current_thread() is threading.main_thread() else "lane"


def test_errands_leave_the_main_thread_and_the_act_goes_on_there(
    lanes: Lanes, qtbot: QtBot
) -> None:
    told: list[object] = []

    def act() -> Act[str]:
        told.append(_where())
        told.append((yield from away(LaneName.UPKEEP, _where)))
        told.append(_where())
        return "done"

    lanes.perform(act(), then=told.append)
    qtbot.waitUntil(lambda: "done" in told)
    assert told == ["main", "lane", "main", "done"]


def test_one_lane_answers_in_order(lanes: Lanes, qtbot: QtBot) -> None:
    told: list[int] = []
    for n in range(5):
        lanes.perform(away(LaneName.UPKEEP, lambda n=n: n), then=told.append)
    qtbot.waitUntil(lambda: len(told) == 5)
    assert told == [0, 1, 2, 3, 4]


def test_a_click_does_not_queue_behind_a_slow_poll(lanes: Lanes, qtbot: QtBot) -> None:
    told: list[str] = []
    gate = threading.Event()
    lanes.perform(away(LaneName.UPKEEP, lambda: gate.wait(30)), then=lambda _: told.append("poll"))
    lanes.perform(away(LaneName.DIAL, lambda: None), then=lambda _: told.append("click"))
    qtbot.waitUntil(lambda: told == ["click"])
    gate.set()
    qtbot.waitUntil(lambda: told == ["click", "poll"])


def _fails() -> None:
    raise Offline("nobody there")


def test_a_failure_goes_to_whoever_asked(lanes: Lanes, qtbot: QtBot) -> None:
    told: list[PhoneError] = []
    lanes.perform(away(LaneName.DIAL, _fails), otherwise=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].title == "nobody there"


def test_a_failure_that_nobody_takes_is_told(lanes: Lanes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(lanes.failed) as told:
        lanes.perform(away(LaneName.DIAL, _fails))
    assert told.args is not None
    assert told.args[0].title == "nobody there"


def test_a_bug_is_not_swallowed(lanes: Lanes, qtbot: QtBot) -> None:
    def bug() -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as bugs:
        lanes.perform(away(LaneName.DIAL, bug))
        qtbot.waitUntil(lambda: bool(bugs))
    assert bugs[0][0] is ZeroDivisionError


def test_after_a_bug_the_lane_still_works(lanes: Lanes, qtbot: QtBot) -> None:
    told: list[int] = []
    with qtbot.captureExceptions() as bugs:
        lanes.perform(away(LaneName.DIAL, lambda: 1 // 0))
        lanes.perform(away(LaneName.DIAL, lambda: 7), then=told.append)
        qtbot.waitUntil(lambda: told == [7])
    assert len(bugs) == 1


def test_closed_lanes_do_not_wait_for_an_errand_that_hangs(qtbot: QtBot) -> None:
    lanes = Lanes()
    gate, begun, told = threading.Event(), threading.Event(), []

    def hang() -> None:
        begun.set()
        gate.wait(30)

    lanes.perform(away(LaneName.UPKEEP, hang), then=told.append)
    assert begun.wait(20)
    lanes.close(patience=0)
    gate.set()
    lanes.close(patience=5)
    qtbot.wait(1)
    assert told == []


class Widget:
    """Stands for what must be destroyed where it was made."""

    def __init__(self, ended: list[str]) -> None:
        self._ended = ended

    def __del__(self) -> None:
        self._ended.append(_where())


def test_what_an_act_held_is_let_go_of_on_the_main_thread(lanes: Lanes, qtbot: QtBot) -> None:
    ended: list[str] = []
    told: list[int] = []

    def act(widget: Widget) -> Act[int]:
        yield from away(LaneName.UPKEEP, lambda: None)
        return id(widget)

    for _ in range(200):
        widget = Widget(ended)
        lanes.perform(act(widget), then=lambda n, _held=widget: told.append(n))
        del widget
    qtbot.waitUntil(lambda: len(told) == 200)
    assert ended == ["main"] * 200
