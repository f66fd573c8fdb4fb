"""``calls --week``, as a process of its own does it over one data directory."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadInput, Offline
from desk_phone.options import Options, read
from desk_phone.said import Status
from tests.offices import OWN, RIGHT, USER, Workplace, told

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """Tuesday 24 November 2026, 14:30 in Tallinn; three calls this week, and two a week before."""
    place = Workplace(tmp_path)
    place.keyring.keep(USER, RIGHT)
    place.telco.records[OWN] = (
        told(1, ago=7 * DAY + 20 * MINUTE, talked=MINUTE),
        told(2, "6011111", ago=6 * DAY),  # later than this week has come
        told(3, "6011111", ago=DAY),
        told(4, "6011111", ago=DAY - 45 * MINUTE, outgoing=True),
        told(5, ago=20 * MINUTE, talked=MINUTE),
    )
    return place


def test_the_week_in_json(place: Workplace) -> None:
    assert json.loads(place.command("calls", "--week", "--json").out) == {
        "since": "2026-11-23T00:00:00+02:00",
        "until": "2026-11-30T00:00:00+02:00",
        "running": True,
        "incoming": 2,
        "answered": 1,
        "missed": 1,
        "answered_percent": 50,
        "outgoing": 1,
        "to_call_back": 1,
        "called_back": 1,
        "seconds_to_call_back": 45 * 60,
        "busiest_hour": [{"day": 1, "hour": 14, "calls": 1}],
        "hours": [
            {"date": "2026-11-23", "hour": 14, "answered": 0, "missed": 1, "outgoing": 0},
            {"date": "2026-11-23", "hour": 15, "answered": 0, "missed": 0, "outgoing": 1},
            {"date": "2026-11-24", "hour": 14, "answered": 1, "missed": 0, "outgoing": 0},
        ],
        "week_before": {
            "incoming": 1,
            "answered": 1,
            "missed": 0,
            "answered_percent": 100,
            "outgoing": 0,
            "to_call_back": 0,
            "called_back": 0,
            "seconds_to_call_back": None,
            "busiest_hour": [{"day": 2, "hour": 14, "calls": 1}],
        },
    }


def test_the_week_for_people(place: Workplace) -> None:
    said = place.command("calls", "--week")
    assert [" ".join(line.split()) for line in said.out.splitlines()] == [
        "2026-11-23 - 2026-11-29",
        "answered 1 of 2, 50 % (the week before: 1 of 1, 100 %)",
        "missed 1 (the week before: 0)",
        "outgoing 1 (the week before: 0)",
        "called back 1 of 1 (the week before: nobody waited)",
        "time to call back 45 min",
        "busiest hour 2026-11-23 14:00, 1 call",
    ]


def test_a_week_without_calls(place: Workplace) -> None:
    place.telco.records[OWN] = ()
    out = place.command("calls", "--week").out
    assert "no incoming call" in out
    assert not set("()-") & set(out.partition("\n")[2])
    assert "busiest" not in out
    found = json.loads(place.command("calls", "--week", "--json").out)
    assert (found["answered_percent"], found["hours"], found["busiest_hour"]) == (None, [], [])


def test_what_is_known_is_told_when_the_service_is_away(place: Workplace) -> None:
    place.command("calls")
    place.telco.trouble["history"].append(Offline("No network", "Try later."))
    said = place.command("calls", "--week", "--json")
    assert said.status is Status.OFFLINE
    assert json.loads(said.out)["incoming"] == 2
    asked = len(place.telco.asked)
    assert json.loads(place.command("calls", "--week", "--offline", "--json").out)["incoming"] == 2
    assert len(place.telco.asked) == asked


def test_the_words() -> None:
    assert read(["calls", "--week", "--json"]) == Options(command="calls", week=True, json=True)
    with pytest.raises(BadInput):
        read(["calls", "--week", "--missed"])
