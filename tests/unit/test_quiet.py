"""Quiet hours, weekends and Estonian holidays, by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.free_days import easter, is_free
from desk_phone.model.quiet import NEVER, Quiet, Span, begins, chosen, span

TALLINN = ZoneInfo("Europe/Tallinn")
NIGHT = chosen("22:00", "07:30", False, False)
LUNCH = chosen("12:00", "13:00", False, False)
WEEKEND = chosen("18:00", "08:00", True, True)


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TALLINN, fold=fold)


def wall(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(TALLINN).isoformat(" ", "minutes")[:16]


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        pytest.param(NIGHT, "2026-11-24 21:59", "", id="before the night"),
        pytest.param(NIGHT, "2026-11-24 22:00", "2026-11-25 07:30", id="it begins"),
        pytest.param(NIGHT, "2026-11-25 00:00", "2026-11-25 07:30", id="midnight"),
        pytest.param(NIGHT, "2026-11-25 07:29", "2026-11-25 07:30", id="the last minute"),
        pytest.param(NIGHT, "2026-11-25 07:30", "", id="it is over"),
        pytest.param(LUNCH, "2026-11-25 12:59", "2026-11-25 13:00", id="within a day"),
        pytest.param(LUNCH, "2026-11-25 23:00", "", id="not in the night"),
        pytest.param(WEEKEND, "2026-11-27 18:00", "2026-11-30 08:00", id="a whole weekend"),
        pytest.param(WEEKEND, "2026-11-29 12:00", "2026-11-30 08:00", id="Sunday noon"),
        pytest.param(WEEKEND, "2026-11-30 08:00", "", id="Monday"),
        pytest.param(WEEKEND, "2026-12-23 20:00", "2026-12-28 08:00", id="Christmas"),
        pytest.param(WEEKEND, "2026-04-03 11:00", "2026-04-06 08:00", id="Easter"),
        pytest.param(WEEKEND, "2026-06-22 19:00", "2026-06-25 08:00", id="Midsummer"),
        pytest.param(NEVER, "2026-12-24 12:00", "", id="nothing chosen"),
        pytest.param(Quiet(holidays=True), "2026-02-24 12:00", "2026-02-25 00:00", id="a holiday"),
        pytest.param(Quiet(weekends=True), "2026-02-24 12:00", "", id="only weekends"),
    ],
)
def test_when_it_is_quiet_and_until_when(quiet: Quiet, now: str, ends: str) -> None:
    found = span(quiet, local(now), TALLINN)
    assert wall(found.until if found else None) == ends


def test_a_quiet_time_knows_when_it_began() -> None:
    found = span(WEEKEND, local("2026-11-29 12:00"), TALLINN)
    assert found == Span(local("2026-11-27 18:00"), local("2026-11-30 08:00"))


@pytest.mark.parametrize(
    ("quiet", "now", "next_"),
    [
        pytest.param(NIGHT, "2026-11-24 21:59", "2026-11-24 22:00", id="tonight"),
        pytest.param(LUNCH, "2026-11-24 13:00", "2026-11-25 12:00", id="tomorrow"),
        pytest.param(Quiet(weekends=True), "2026-11-24 09:00", "2026-11-28 00:00", id="Saturday"),
        pytest.param(NEVER, "2026-11-24 09:00", "", id="never"),
    ],
)
def test_when_it_becomes_quiet(quiet: Quiet, now: str, next_: str) -> None:
    assert wall(begins(quiet, local(now), TALLINN)) == next_


# the nights on which the clocks change


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        pytest.param("2026-03-28 22:00", 8.5, id="spring: an hour shorter"),
        pytest.param("2026-10-24 22:00", 10.5, id="autumn: an hour longer"),
        pytest.param("2026-10-20 22:00", 9.5, id="any other"),
    ],
)
def test_a_night_is_as_long_as_it_is(now: str, hours: float) -> None:
    found = span(NIGHT, local(now), TALLINN)
    assert found is not None
    length = found.until.astimezone(UTC) - found.since.astimezone(UTC)
    assert length.total_seconds() / 3600 == hours


@pytest.mark.parametrize("fold", [0, 1])
def test_in_the_hour_that_comes_twice_quiet_ends_later_than_now(fold: int) -> None:
    now = local("2026-10-25 03:10", fold)
    found = span(chosen("22:00", "03:30", False, False), now, TALLINN)
    assert found is not None
    assert 0 < (found.until.astimezone(UTC) - now.astimezone(UTC)).total_seconds() <= 3600 * 1.5


def test_an_end_that_never_is_comes_an_hour_on() -> None:
    found = span(chosen("22:00", "03:30", False, False), local("2026-03-29 02:00"), TALLINN)
    assert found is not None
    assert found.until.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


# what a settings file may say


@pytest.mark.parametrize(
    ("since", "until"),
    [("", ""), ("22:00", ""), ("", "07:00"), ("08:00", "08:00"), ("25:00", "07:00"), ("x", "y")],
)
def test_hours_that_make_no_sense_are_none(since: str, until: str) -> None:
    assert chosen(since, until, True, False) == Quiet(weekends=True)


times = st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.integers(1_577_836_800, 2_051_222_400).map(lambda at: datetime.fromtimestamp(at, UTC))


@given(times, times, st.booleans(), st.booleans(), moments)
def test_a_quiet_time_holds_now_and_ends(
    since: time | None, until: time | None, weekends: bool, holidays: bool, now: datetime
) -> None:
    quiet = chosen(f"{since or ''!s}", f"{until or ''!s}", weekends, holidays)
    found = span(quiet, now, TALLINN)
    if found is None:
        next_ = begins(quiet, now, TALLINN)
        assert next_ is None or next_ > now
    else:
        assert found.since <= now < found.until


# holidays


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2024, "01-01 02-24 03-29 03-31 05-01 05-19 06-23 06-24 08-20 12-24 12-25 12-26"),
        (2026, "01-01 02-24 04-03 04-05 05-01 05-24 06-23 06-24 08-20 12-24 12-25 12-26"),
        (2027, "01-01 02-24 03-26 03-28 05-01 05-16 06-23 06-24 08-20 12-24 12-25 12-26"),
        (2038, "01-01 02-24 04-23 04-25 05-01 06-13 06-23 06-24 08-20 12-24 12-25 12-26"),
    ],
)
def test_the_free_days_of_a_year(year: int, days: str) -> None:
    """As the library `holidays` 0.109 gives them for Estonia."""
    first = date(year, 1, 1).toordinal()
    year_round = (date.fromordinal(first + n) for n in range(366))
    assert [f"{day:%m-%d}" for day in year_round if day.year == year and is_free(day)] == (
        days.split()
    )


@pytest.mark.parametrize("year", [1583, 1818, 1943, 2000, 2019, 2285])
def test_easter_is_a_sunday_in_spring(year: int) -> None:
    found = easter(year)
    assert found.weekday() == 6
    assert date(year, 3, 22) <= found <= date(year, 4, 25)
