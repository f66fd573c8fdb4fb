"""When to look next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.model.schedule import (
    BUDGET,
    Next,
    Presence,
    Reason,
    Rhythm,
    Situation,
    call_ended,
    failed,
    following,
    list_came,
    lists_apart,
    slept,
    succeeded,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = 86_400.0


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def following_often(rhythm: Rhythm, situation: Situation = Situation()) -> list[float]:  # noqa: B008
    chance = Random(1)
    return [following(rhythm, situation, NOON, chance.random).pause for _ in range(200)]


def used(bytes_: int, polls: int) -> Rhythm:
    return Rhythm(day=NOON.date(), used=bytes_, polls=polls)


# trouble


def test_failures_back_off_without_falling_into_step() -> None:
    rhythm, pauses, chance = Rhythm(), [], Random(1)
    for _ in range(40):
        coming = following(failed(rhythm, NOON), Situation(), NOON, chance.random)
        rhythm = coming.rhythm
        assert coming.reason is Reason.TROUBLE
        pauses.append(coming.pause)
    assert 30 <= pauses[0] <= 90
    assert all(30 <= pause <= 900 for pause in pauses)
    assert max(pauses) > 600
    assert len(set(pauses)) > 20


def test_a_success_forgets_the_failures() -> None:
    rhythm = following(failed(Rhythm(), NOON, 500.0), Situation(), NOON, Random(1).random).rhythm
    rhythm = succeeded(rhythm, 1000, NOON)
    assert (rhythm.failures, rhythm.pause, rhythm.asked) == (0, 0.0, 0.0)
    assert following(rhythm, Situation(), NOON, Random(1).random).reason is Reason.RHYTHM


@pytest.mark.parametrize(
    ("asked", "least", "most", "reason"),
    [
        pytest.param(1.0, 30, 90, Reason.TROUBLE, id="shorter than ours"),
        pytest.param(600.0, 600, 720, Reason.ASKED, id="ten minutes"),
        pytest.param(7200.0, 7200, 8640, Reason.ASKED, id="two hours"),
        pytest.param(9e9, DAY, 1.2 * DAY, Reason.ASKED, id="three centuries are a mistake"),
        pytest.param(-5.0, 30, 90, Reason.TROUBLE, id="in the past"),
        pytest.param(None, 30, 90, Reason.TROUBLE, id="nothing"),
    ],
)
def test_retry_after_is_honoured(
    asked: float | None, least: float, most: float, reason: Reason
) -> None:
    found = following(failed(Rhythm(), NOON, asked), Situation(), NOON, Random(1).random)
    assert least <= found.pause <= most
    assert found.reason is reason


def test_a_call_that_ended_does_not_hurry_a_service_in_trouble() -> None:
    rhythm = failed(call_ended(Rhythm(), NOON), NOON)
    assert following(rhythm, Situation(), NOON, Random(1).random).reason is Reason.TROUBLE


# the usual rhythm


@pytest.mark.parametrize(
    ("situation", "about"),
    [
        pytest.param(Situation(Presence.HERE), 120, id="somebody is there"),
        pytest.param(Situation(Presence.IDLE), 300, id="nobody touches anything"),
        pytest.param(Situation(Presence.LOCKED), 900, id="locked"),
        pytest.param(Situation(Presence.HERE, notices_up=True), 900, id="notices are up"),
    ],
)
def test_the_usual_rhythm_wavers_by_a_fifth(situation: Situation, about: float) -> None:
    pauses = following_often(Rhythm(), situation)
    assert about * 0.8 <= min(pauses) < about * 0.85
    assert about * 1.15 < max(pauses) <= about * 1.2


def test_a_fixed_pause_takes_the_place_of_the_rhythm() -> None:
    found = following(Rhythm(), Situation(fixed=7.0), NOON, Random(1).random)
    assert found == Next(7.0, Reason.FIXED, Rhythm())


@pytest.mark.parametrize(
    ("since", "pause"),
    [
        pytest.param(0, 5, id="just ended"),
        pytest.param(4, 1, id="a moment ago"),
        pytest.param(5, 25, id="after the first look"),
        pytest.param(30, 90, id="after the second"),
    ],
)
def test_after_a_call_it_looks_at_5_30_and_120_seconds(since: float, pause: float) -> None:
    rhythm = call_ended(Rhythm(), NOON)
    found = following(rhythm, Situation(Presence.LOCKED), after(since), Random(1).random)
    assert (found.pause, found.reason) == (pause, Reason.CALL)


@pytest.mark.parametrize("since", [120, 5000, -5], ids=["two minutes", "hours", "a clock set back"])
def test_the_usual_rhythm_is_back_after_that(since: float) -> None:
    rhythm = call_ended(Rhythm(), NOON)
    found = following(rhythm, Situation(), after(since), Random(1).random)
    assert found.reason is Reason.RHYTHM


# the budget


def test_an_ordinary_day_never_feels_the_budget() -> None:
    assert following(used(BUDGET // 2 - 1, 500), Situation(), NOON, Random(1).random).reason is (
        Reason.RHYTHM
    )


def test_when_the_bytes_run_short_what_is_left_lasts_until_midnight() -> None:
    rhythm = used(BUDGET - 3_650_000, 100)  # ten more of 363,500 bytes
    found = following(rhythm, Situation(), NOON, Random(1).random)
    assert (found.pause, found.reason) == (pytest.approx(DAY / 2 / 10), Reason.BUDGET)


@pytest.mark.parametrize("more", [0, 1_000_000], ids=["exactly", "more than"])
def test_a_day_whose_bytes_are_used_up_ends_without_another_poll(more: int) -> None:
    rhythm = call_ended(used(BUDGET + more, 100), NOON)
    found = following(rhythm, Situation(), NOON, Random(1).random)
    assert (found.pause, found.reason) == (DAY / 2, Reason.BUDGET)


def test_the_next_day_has_a_budget_of_its_own() -> None:
    tomorrow = NOON + timedelta(days=1)
    rhythm = used(BUDGET, 100)
    assert following(rhythm, Situation(), tomorrow, Random(1).random).reason is Reason.RHYTHM
    assert succeeded(rhythm, 500, tomorrow) == replace(
        rhythm, day=tomorrow.date(), used=500, polls=1
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(1_000, 2_000_000), st.integers(0, 10), st.sampled_from(Presence))
def test_a_whole_day_of_calls_stays_within_the_budget(
    cost: int, seed: int, presence: Presence
) -> None:
    chance, rhythm, seconds = Random(seed), Rhythm(), -DAY / 2
    while seconds < DAY / 2:
        rhythm = call_ended(succeeded(rhythm, cost, after(seconds)), after(seconds))
        seconds += following(rhythm, Situation(presence), after(seconds), chance.random).pause
    assert rhythm.used <= BUDGET


@given(
    st.builds(
        Rhythm,
        failures=st.integers(0, 1000),
        pause=st.floats(0, 1e6),
        asked=st.floats(0, 86_400),
        call_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        day=st.none() | st.just(NOON.date()),
        used=st.integers(0, 2 * BUDGET),
        polls=st.integers(0, 5000),
    ),
    st.builds(Situation, st.sampled_from(Presence), st.booleans()),
    st.floats(0, 1, exclude_max=True),
)
def test_no_situation_is_looked_at_in_a_rush_or_never(
    rhythm: Rhythm, situation: Situation, chance: float
) -> None:
    pause = following(rhythm, situation, NOON, lambda: chance).pause
    assert 0 < pause <= 1.2 * DAY
    if rhythm.call_at is None:
        assert pause >= 30


# sleep


@pytest.mark.parametrize(
    ("wall", "steady", "due", "seconds"),
    [
        pytest.param(120, 120, None, 0, id="awake"),
        pytest.param(125, 120, None, 0, id="a clock that was set a little"),
        pytest.param(-3600, 120, None, 0, id="a clock that was set back"),
        pytest.param(3720, 120, None, 3600, id="the steady clock stopped in sleep"),
        pytest.param(3720, 3720, 120, 3600, id="the steady clock went on"),
        pytest.param(945, 945, 900, 0, id="a coarse timer"),
        pytest.param(60, 60, 900, 0, id="looked before the timer"),
    ],
)
def test_sleep_is_told_by_two_clocks_and_a_timer(
    wall: float, steady: float, due: float | None, seconds: float
) -> None:
    before = 1000.0
    found = slept(NOON, after(wall), before, before + steady, None if due is None else before + due)
    assert found == timedelta(seconds=seconds)


# lists of the phonebook come out of the same day's bytes


def test_lists_count_and_are_no_polls() -> None:
    rhythm = list_came(succeeded(Rhythm(), 1000, NOON), 5_000_000, NOON)
    assert (rhythm.used, rhythm.polls, rhythm.listed) == (1000, 1, 5_000_000)
    tomorrow = list_came(rhythm, 7, after(DAY))
    assert (tomorrow.used, tomorrow.polls, tomorrow.listed) == (0, 0, 7)
    assert succeeded(tomorrow, 1, after(2 * DAY)).listed == 0


def test_lists_make_polls_rarer_once_bytes_run_short() -> None:
    polled = used(5_000_000, 500)
    assert max(following_often(polled)) <= 144
    short = list_came(polled, BUDGET - 5_100_000, NOON)
    assert min(following_often(short)) > 3600


def test_lists_are_spread_before_polls_are() -> None:
    plenty, some = used(BUDGET // 5, 100), used(BUDGET * 3 // 10, 100)
    assert lists_apart(plenty, 300_000, NOON) == 0
    assert lists_apart(some, 300_000, NOON) > 900
    assert max(following_often(some)) <= 144


@given(st.integers(0, BUDGET * 2), st.integers(0, 10_000_000), st.integers(0, 86_399))
def test_lists_never_use_more_than_a_quarter_of_what_is_left(
    spent: int, size: int, second: int
) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(seconds=second)
    apart = lists_apart(Rhythm(day=now.date(), listed=spent), size, now)
    left, until_midnight = BUDGET - spent, 86_400 - second
    assert 0 <= apart <= until_midnight
    if apart and apart < until_midnight:
        assert until_midnight / apart * size <= left / 4 + size
