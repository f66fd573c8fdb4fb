"""What a week of calls is, and what its figures mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from desk_phone.model.calls import Record
from desk_phone.model.moment import micros
from desk_phone.model.week import (
    Count,
    Figures,
    Hour,
    Meeting,
    Report,
    Waits,
    Week,
    hours_of,
    waits_of,
    week_of,
)
from desk_phone.store.calls import CallLedger
from tests.reported import ANNA, BORIS, empty_database, record

TALLINN = ZoneInfo("Europe/Tallinn")
SPRING, AUTUMN = Week(date(2026, 3, 23)), Week(date(2026, 10, 19))
PLAIN = Week(date(2026, 11, 16))
LATER = datetime(2026, 12, 24, 12, tzinfo=UTC)
NEVER = LATER + timedelta(days=365)


def wall(text: str, fold: int = 0) -> datetime:
    """Of the clocks in Tallinn, as a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=TALLINN, fold=fold).astimezone(UTC)


# what a week is


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        pytest.param("2026-11-16T00:00:00", date(2026, 11, 16), id="its first moment"),
        pytest.param("2026-11-22T23:59:59", date(2026, 11, 16), id="its last second"),
        pytest.param("2026-11-23T00:00:00", date(2026, 11, 23), id="the next one"),
        pytest.param("2027-01-01T12:00:00", date(2026, 12, 28), id="over the turn of the year"),
        pytest.param("2026-03-29T03:30:00", date(2026, 3, 23), id="a time that never was"),
        pytest.param("2026-10-25T23:30:00", date(2026, 10, 19), id="the evening of the long day"),
    ],
)
def test_a_week_is_from_monday_to_sunday_in_tallinn(at: str, monday: date) -> None:
    assert week_of(wall(at)) == Week(monday)


def test_whose_evening_it_is_says_tallinn_not_utc() -> None:
    assert week_of(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)) == Week(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("week", "hours"),
    [
        pytest.param(PLAIN, 168, id="plain"),
        pytest.param(SPRING, 167, id="clocks go forward"),
        pytest.param(AUTUMN, 169, id="clocks go back"),
    ],
)
def test_weeks_follow_each_other_without_a_gap(week: Week, hours: int) -> None:
    span = week.span
    assert (span.until - span.since) / timedelta(hours=1) == hours
    assert week.before.span.until == span.since
    assert week.after.span.since == span.until
    assert week.after.before == week


@pytest.mark.parametrize(
    ("week", "now", "until"),
    [
        pytest.param(PLAIN, "2026-11-18T10:15:00", "2026-11-11T10:15:00", id="runs"),
        pytest.param(PLAIN, "2026-11-16T00:00:00", "2026-11-09T00:00:00", id="just begun"),
        pytest.param(PLAIN, "2026-11-23T00:00:00", "2026-11-16T00:00:00", id="over: the whole"),
        pytest.param(SPRING.after, "2026-03-30T09:00:00", "2026-03-23T09:00:00", id="after March"),
        pytest.param(AUTUMN, "2026-10-25T09:00:00", "2026-10-18T09:00:00", id="the long Sunday"),
    ],
)
def test_a_week_that_runs_is_compared_up_to_the_same_time_by_the_clock(
    week: Week, now: str, until: str
) -> None:
    span = week.compared_span(wall(now))
    assert (span.since, span.until) == (week.before.span.since, wall(until))


# the hours


def test_the_hour_that_comes_twice_is_one_and_the_one_that_never_was_is_none() -> None:
    twice = [(wall("2026-10-25T03:10:00", fold), Count(answered=1)) for fold in (0, 1)]
    assert hours_of(twice) == (Hour(6, 3, Count(answered=2)),)
    across = [wall("2026-03-29T02:59:00"), wall("2026-03-29T02:59:00") + timedelta(minutes=2)]
    found = hours_of((at, Count(missed=1)) for at in across)
    assert [(hour.day, hour.hour) for hour in found] == [(6, 2), (6, 4)]


def test_the_first_of_the_busiest_hours_is_told() -> None:
    hours = (Hour(0, 9, Count(1, 1)), Hour(2, 14, Count(2, 0, 1)), Hour(4, 9, Count(outgoing=3)))
    assert Figures(hours).busiest == (hours[1],)
    assert Figures(hours).count == Count(3, 1, 4)
    assert Figures().busiest == ()


@pytest.mark.parametrize(
    ("answered", "missed", "percent"),
    [
        pytest.param(0, 0, 0, id="none came"),
        pytest.param(0, 3, 0, id="all missed"),
        pytest.param(3, 0, 100, id="none missed"),
        pytest.param(999, 1, 99, id="not all of them"),
        pytest.param(1, 999, 1, id="not none of them"),
        pytest.param(2, 1, 66, id="two of three"),
    ],
)
def test_all_and_none_are_said_only_where_it_is_so(
    answered: int, missed: int, percent: int
) -> None:
    assert Count(answered, missed, 50).answered_percent == percent


# how long people waited

T0 = wall("2026-11-17T09:00:00")


def met(hours: float, other: str = ANNA) -> Meeting:
    return Meeting(other, micros(T0 + timedelta(hours=hours)), missed=False)


def missed(hours: float, other: str = ANNA) -> Meeting:
    return Meeting(other, micros(T0 + timedelta(hours=hours)), missed=True)


WEEK_H = 7 * 24


@pytest.mark.parametrize(
    ("meetings", "total", "hours"),
    [
        pytest.param([], 0, [], id="none"),
        pytest.param([missed(0)], 1, [], id="nobody called back"),
        pytest.param([missed(0), met(2)], 1, [2], id="called back"),
        pytest.param([missed(0), missed(1), missed(5), met(6)], 1, [6], id="thrice is one wait"),
        pytest.param([missed(0), met(1), missed(2), met(5)], 2, [1, 3], id="missed again after"),
        pytest.param([missed(0), met(1, BORIS)], 1, [], id="somebody else"),
        pytest.param([met(-1), missed(0)], 1, [], id="talked before"),
        pytest.param([missed(0), met(WEEK_H)], 1, [WEEK_H], id="at the last moment"),
        pytest.param([missed(0), met(WEEK_H + 0.1)], 1, [], id="too late"),
        pytest.param([missed(0), met(WEEK_H + 1), met(WEEK_H + 2)], 1, [], id="later still"),
        pytest.param(
            [missed(0), missed(0.5, BORIS), met(1), met(2.5, BORIS)], 2, [1, 2], id="two people"
        ),
    ],
)
def test_each_person_waits_from_the_first_missed_call_to_the_next_talk_or_own_call(
    meetings: list[Meeting], total: int, hours: list[float]
) -> None:
    waits = waits_of(meetings, NEVER)
    assert waits == Waits(total, tuple(timedelta(hours=each) for each in hours))


def test_who_is_missed_after_the_week_waits_in_the_next_one() -> None:
    assert waits_of([missed(0), met(1), missed(2), met(3)], T0 + timedelta(hours=2)).total == 1


def test_the_median_of_an_even_number_lies_between() -> None:
    assert Waits(2, (timedelta(minutes=10), timedelta(minutes=20))).median == timedelta(minutes=15)
    assert Waits(1).median == timedelta()


# in the ledger


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def ledger(db: sqlite3.Connection) -> CallLedger:
    return CallLedger(db)


_IDS = count(1)


def came(at: str, other: str = ANNA, talked: bool = False) -> Record:
    answer, release = (5.0, 65.0) if talked else (None, 20.0)
    return record(next(_IDS), wall(at), other, answer=answer, release=release)


def made(at: str, other: str = ANNA) -> Record:
    return record(next(_IDS), wall(at), other, incoming=False, release=20)


def report(ledger: CallLedger, week: Week, *records: Record, now: datetime = LATER) -> Report:
    ledger.record(*records, now=now)
    return ledger.weeks.report(week, now)


def test_a_week_without_calls_has_no_figures(ledger: CallLedger) -> None:
    assert report(ledger, PLAIN) == Report(PLAIN, Figures(), Figures(), running=False)
    assert ledger.weeks.first(LATER) == week_of(LATER)


def test_a_week_of_missed_calls_only(ledger: CallLedger) -> None:
    found = report(
        *(ledger, PLAIN, came("2026-11-17T09:10:00"), came("2026-11-17T09:20:00")),
        came("2026-11-18T09:00:00", BORIS),
    ).figures
    assert found.count == Count(missed=3)
    assert found.count.answered_percent == 0
    assert (found.waits.total, found.waits.called_back) == (2, 0)
    assert found.busiest == (Hour(1, 9, Count(missed=2)),)


def test_what_happens_to_whom_is_counted_once(ledger: CallLedger) -> None:
    found = report(
        *(ledger, PLAIN, came("2026-11-17T09:10:00"), made("2026-11-17T09:40:00")),
        *(came("2026-11-17T10:00:00", BORIS), came("2026-11-17T11:30:00", BORIS, talked=True)),
        came("2026-11-17T12:00:00", ""),
    ).figures
    assert found.count == Count(answered=1, missed=3, outgoing=1)
    minutes = [time / timedelta(minutes=1) for time in found.waits.times]
    assert (found.waits.total, minutes) == (2, [30, 90])  # a withheld number waits for nobody


def test_calls_before_and_after_belong_to_other_weeks(ledger: CallLedger) -> None:
    found = report(
        *(ledger, PLAIN, came("2026-11-15T23:59:59"), came("2026-11-16T00:00:00")),
        *(came("2026-11-22T23:59:59"), came("2026-11-23T00:00:00")),
    )
    assert [(hour.day, hour.hour) for hour in found.figures.hours] == [(0, 0), (6, 23)]
    assert found.before.count == Count(missed=1)
    assert ledger.weeks.first(LATER) == PLAIN.before


def test_a_call_back_in_the_next_week_counts(ledger: CallLedger) -> None:
    found = report(ledger, PLAIN, came("2026-11-22T17:00:00"), made("2026-11-23T09:00:00")).figures
    assert found.waits == Waits(1, (timedelta(hours=16),))
    assert found.count.outgoing == 0


def test_a_running_week_is_held_against_as_much_of_the_last(ledger: CallLedger) -> None:
    found = report(
        *(ledger, PLAIN, came("2026-11-10T09:00:00"), came("2026-11-12T09:00:00")),
        now=wall("2026-11-18T12:00:00"),
    )
    assert found.running
    assert found.before.count == Count(missed=1)


@pytest.mark.parametrize(
    ("week", "night", "hours"),
    [
        pytest.param(SPRING, "2026-03-29T02:30:00", [(6, 2), (6, 4)], id="clocks go forward"),
        pytest.param(AUTUMN, "2026-10-25T02:30:00", [(6, 2), (6, 3)], id="clocks go back"),
    ],
)
def test_the_night_the_clocks_change(
    ledger: CallLedger, week: Week, night: str, hours: list[tuple[int, int]]
) -> None:
    first = wall(night)
    calls = [
        record(next(_IDS), first + timedelta(minutes=30 * each), answer=1, release=2)
        for each in (0, 1)
    ]
    found = report(ledger, week, *calls).figures
    assert [(hour.day, hour.hour) for hour in found.hours] == hours


def test_hidden_and_ringing_calls_count_nowhere(ledger: CallLedger) -> None:
    now = wall("2026-11-17T10:00:30")
    found = report(
        *(ledger, PLAIN, came("2026-11-17T09:00:00")),
        record(next(_IDS), wall("2026-11-17T10:00:00"), BORIS),  # so fresh: it may still ring
        now=now,
    )
    assert found.figures.count == Count(missed=1)
    (hidden,) = (call for call in ledger.page() if call.other == ANNA)
    ledger.hide(hidden.id)
    gone = ledger.weeks.report(PLAIN, now).figures
    assert (gone.count, gone.waits) == (Count(), Waits())


def test_no_statement_goes_through_all_calls(ledger: CallLedger, db: sqlite3.Connection) -> None:
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    ledger.record(came("2026-11-17T09:10:00"), now=LATER)
    asked.clear()
    ledger.weeks.report(PLAIN, LATER)
    ledger.weeks.first(LATER)
    db.set_trace_callback(None)
    assert len(asked) >= 4
    plans = [str(row[3]) for sql in asked for row in db.execute("EXPLAIN QUERY PLAN " + sql)]
    assert [plan for plan in plans if plan.startswith("SCAN calls")] == []
