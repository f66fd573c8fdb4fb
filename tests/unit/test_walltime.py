from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.walltime import (
    Told,
    doubled_day,
    doubled_day_of,
    later,
    moments,
    tallinn,
    untangle,
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def start_of(told: Told) -> datetime | None:
    return untangle([told]).get(told.id)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2026-13-01T10:00:00", "2026-02-30T10:00:00", "2026-06-01T25:00:00"),
        *("2026-06-01", "10:00:00", "2026-06-01T10:00", "0000-00-00T00:00:00"),
        *("0001-01-01T00:00:00", "9999-12-31T23:59:59", "1970-01-01T00:00:00"),
        *("２０２６-06-01T10:00:00", "2026-06-01T10:00:00 EET", " 2026-06-01T10:00:00"),
        "2026-06-01T10:00:61",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moments(text) == ()
    assert untangle([Told("1", text)]) == {}
    assert later(text, utc("2026-06-01T00:00:00")) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("2011-11-29T12:19:18", ["2011-11-29T10:19:18"], id="the service's sample"),
        pytest.param("2026-06-01T12:00:00", ["2026-06-01T09:00:00"], id="summer"),
        pytest.param("2026-06-01 12:00:00.5", ["2026-06-01T09:00:00.5"], id="written otherwise"),
        pytest.param("2026-06-01T12:00:00+02:00", ["2026-06-01T10:00:00"], id="has a zone"),
        pytest.param("2026-06-01T12:00:00Z", ["2026-06-01T12:00:00"], id="in UTC"),
        pytest.param("2026-03-29T02:59:59", ["2026-03-29T00:59:59"], id="before the gap"),
        pytest.param("2026-03-29T03:30:00", ["2026-03-29T01:30:00"], id="never was: an hour on"),
        pytest.param("2026-03-29T04:00:00", ["2026-03-29T01:00:00"], id="after the gap"),
        pytest.param("2026-10-25T02:59:59", ["2026-10-24T23:59:59"], id="before it doubles"),
        pytest.param(
            "2026-10-25T03:30:00", ["2026-10-25T00:30:00", "2026-10-25T01:30:00"], id="twice"
        ),
        pytest.param("2026-10-25T04:00:00", ["2026-10-25T02:00:00"], id="after it doubled"),
    ],
)
def test_wall_time_as_moments(text: str, found: list[str]) -> None:
    assert moments(text) == tuple(utc(one) for one in found)


YEARS = (datetime.fromisoformat("1991-01-01"), datetime.fromisoformat("2150-01-01"))


@given(st.datetimes(*YEARS, timezones=st.just(UTC)))
def test_the_moment_a_text_was_made_of_is_among_its_moments(at: datetime) -> None:
    at = at.replace(microsecond=0)
    text = at.astimezone(tallinn()).strftime("%Y-%m-%dT%H:%M:%S")
    assert at in moments(text)
    assert len(moments(text)) == 1 or doubled_day(text) == doubled_day_of(at) != ""


@pytest.mark.parametrize(
    ("day", "doubled"),
    [("2026-10-25", True), ("2026-03-29", False), ("2026-10-24", False), ("nonsense", False)],
)
def test_which_day_has_a_doubled_hour(day: str, doubled: bool) -> None:
    assert doubled_day(day + "T12:00:00") == (day if doubled else "")


FIRST, SECOND = utc("2026-10-25T00:30:00"), utc("2026-10-25T01:30:00")
NIGHT = "2026-10-25T"
HALF_PAST = NIGHT + "03:30:00"


@pytest.mark.parametrize(
    ("told", "start"),
    [
        pytest.param(Told("1", HALF_PAST), FIRST, id="nothing known"),
        pytest.param(
            Told("1", HALF_PAST, NIGHT + "03:30:05", NIGHT + "03:40:00"), FIRST, id="all doubled"
        ),
        pytest.param(
            Told("1", HALF_PAST, NIGHT + "04:00:10"), SECOND, id="answered after the doubled hour"
        ),
        pytest.param(
            Told("1", HALF_PAST, "", NIGHT + "04:00:10"), SECOND, id="released soon after it"
        ),
        pytest.param(
            Told("1", NIGHT + "03:59:50", NIGHT + "03:00:10"),
            utc("2026-10-25T00:59:50"),
            id="across the change",
        ),
        pytest.param(Told("1", HALF_PAST, noticed=(SECOND,)), SECOND, id="a notice"),
        pytest.param(
            Told("1", HALF_PAST, noticed=(SECOND - timedelta(seconds=20),)), SECOND, id="its edge"
        ),
        pytest.param(
            Told("1", HALF_PAST, noticed=(SECOND - timedelta(minutes=2),)),
            FIRST,
            id="another call's notice",
        ),
        pytest.param(
            Told("1", HALF_PAST, dialled=(SECOND - timedelta(minutes=2),)), SECOND, id="a dial"
        ),
        pytest.param(
            Told("1", HALF_PAST, "", NIGHT + "04:00:10", noticed=(FIRST,)),
            FIRST,
            id="a long talk with a notice",
        ),
        pytest.param(
            Told("1", HALF_PAST, NIGHT + "04:00:10", heard=utc("2026-10-25T00:31:00")),
            FIRST,
            id="cannot begin after it was heard of",
        ),
        pytest.param(
            Told("1", HALF_PAST, noticed=(SECOND,), heard=utc("2026-10-25T00:31:00")),
            FIRST,
            id="nor does a notice change that",
        ),
        pytest.param(
            Told("1", HALF_PAST, "garbage", "garbage", noticed=(SECOND,)), SECOND, id="garbage"
        ),
    ],
)
def test_which_of_the_two_hours_a_call_began_in(told: Told, start: datetime) -> None:
    assert start_of(told) == start


def test_neighbours_decide_what_nothing_else_does() -> None:
    """Their ids count upwards; the wall clock jumps back between 102 and 103."""
    night = [
        Told("104", NIGHT + "03:40:00"),
        Told("101", NIGHT + "02:50:00"),
        Told("103", NIGHT + "03:10:00"),
        Told("102", NIGHT + "03:50:00"),
        Told("105", NIGHT + "04:10:00"),
        Told("x", NIGHT + "03:20:00"),
        Told("", "garbage"),
    ]
    wanted = {
        "101": utc("2026-10-24T23:50:00"),
        "102": utc("2026-10-25T00:50:00"),
        "103": utc("2026-10-25T01:10:00"),
        "104": utc("2026-10-25T01:40:00"),
        "105": utc("2026-10-25T02:10:00"),
        "x": utc("2026-10-25T00:20:00"),
    }
    assert untangle(night) == untangle(night[::-1]) == wanted


def test_a_later_neighbour_with_a_notice_pulls_nothing_over_itself() -> None:
    night = [Told("5", NIGHT + "03:20:00", noticed=(utc("2026-10-25T00:20:00"),))]
    assert untangle([*night, Told("4", NIGHT + "03:10:00")])["4"] == utc("2026-10-25T00:10:00")
    night = [Told("3", NIGHT + "03:20:00", noticed=(utc("2026-10-25T01:20:00"),))]
    assert untangle([*night, Told("4", NIGHT + "03:30:00")])["4"] == SECOND


@pytest.mark.parametrize(
    ("text", "found"),
    [(HALF_PAST, SECOND), (NIGHT + "03:10:00", utc("2026-10-25T01:10:00")), ("2020-01-01", None)],
)
def test_an_answer_is_the_first_moment_not_before_the_start(
    text: str, found: datetime | None
) -> None:
    assert later(text, utc("2026-10-25T00:50:00")) == found
