"""What other programs are told of calls: each event once, whatever the order of the reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from desk_phone.model.calls import Call, Change, Direction, NameSource, Outcome
from desk_phone.model.crm import (
    CrmCall,
    Event,
    Filter,
    Happening,
    OpenOn,
    events,
    national,
    opens,
)

OWN, COLLEAGUE, ANNA = "+3726401234", "+3726405678", "+37251234567"
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
SINCE = {OWN: NOW - timedelta(days=30)}


def call(
    outcome: Outcome = Outcome.RINGING,
    ago: float = 5,
    answered: float | None = None,
    released: float | None = None,
    **fields: object,
) -> Call:
    """It began ``ago`` seconds before now; the other times are seconds after its start."""
    start = NOW - timedelta(seconds=ago)
    made = Call(1, OWN, ANNA, "51234567", Direction.INCOMING, outcome, start)
    times = {
        name: None if after is None else start + timedelta(seconds=after)
        for name, after in (("answered", answered), ("released", released))
    }
    return replace(made, **times, **fields)


def told_of(*calls: Call, told: frozenset[tuple[int, Event]] = frozenset()) -> list[str]:
    changes = tuple(Change(None, one) for one in calls)
    return [str(happening.event) for happening in events(changes, NOW, told, SINCE)]


TALK = {"answered": 6, "released": 60}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(call(), ["ringing"], id="rings"),
        pytest.param(call(direction=Direction.OUTGOING), ["ringing"], id="rings there"),
        pytest.param(call(Outcome.ANSWERED, 20, answered=6), ["answered"], id="they talk"),
        pytest.param(call(Outcome.ANSWERED, 20), ["answered"], id="they talk, says a notice"),
        pytest.param(call(Outcome.ANSWERED, 90, **TALK), ["answered", "ended"], id="talked"),
        pytest.param(call(Outcome.MISSED, 90, released=20), ["missed"], id="missed"),
        pytest.param(call(Outcome.UNANSWERED, 90), ["ended"], id="nobody answered there"),
        pytest.param(call(Outcome.UNKNOWN, 90), [], id="nobody knows"),
    ],
)
def test_what_is_known_of_a_call_says_what_happened(known: Call, expected: list[str]) -> None:
    assert told_of(known) == expected


@pytest.mark.parametrize(
    "stale",
    [
        pytest.param(call(ago=31), id="rang too long ago"),
        pytest.param(call(ago=-31), id="rings in the future"),
        pytest.param(call(Outcome.MISSED, ago=8 * 86400), id="missed a week ago"),
        pytest.param(call(Outcome.MISSED, ago=60, own=COLLEAGUE), id="a line nobody asked for"),
    ],
)
def test_what_is_no_news_is_told_to_nobody(stale: Call) -> None:
    assert told_of(stale) == []


def test_a_late_talk_is_told_as_ended_only() -> None:
    assert told_of(call(Outcome.ANSWERED, 3600, **TALK)) == ["ended"]


def test_a_missed_call_is_told_days_later() -> None:
    assert told_of(call(Outcome.MISSED, ago=6 * 86400)) == ["missed"]


def test_a_first_import_is_told_to_nobody() -> None:
    month = tuple(
        Change(None, replace(call(Outcome.MISSED, ago=60 + day * 3600), id=day))
        for day in range(1, 100)
    )
    assert events(month, NOW, frozenset(), {OWN: NOW}) == ()


REPORTED = (
    call(ago=25),
    call(Outcome.ANSWERED, 25, answered=6),
    call(Outcome.ANSWERED, 25, answered=6, released=20),
    call(Outcome.MISSED, 25, released=20),
)


@pytest.mark.parametrize("order", list(permutations(REPORTED)))
def test_in_any_order_and_however_often_each_event_comes_once(order: tuple[Call, ...]) -> None:
    told: frozenset[tuple[int, Event]] = frozenset()
    heard: list[Event] = []
    for known in (*order, *order):
        news = events((Change(None, known),), NOW, told, SINCE)
        heard += [happening.event for happening in news]
        told |= {(happening.call.id, happening.event) for happening in news}
    assert len(heard) == len(set(heard))
    assert {Event.ENDED, Event.MISSED} <= set(heard)
    if Event.RINGING in heard:
        assert heard[0] is Event.RINGING
    if Event.ANSWERED in heard:
        assert heard.index(Event.ANSWERED) < heard.index(Event.ENDED)


def test_the_last_word_on_a_call_counts_within_one_batch() -> None:
    assert told_of(call(), call(Outcome.MISSED, 90, released=20)) == ["missed"]


def test_events_come_in_the_order_of_time() -> None:
    early = replace(call(Outcome.MISSED, 600), id=9)
    late = replace(call(Outcome.MISSED, 60), id=2)
    changes = (Change(None, late), Change(None, early))
    assert [h.call.id for h in events(changes, NOW, frozenset(), SINCE)] == [9, 2]


# what opens by itself


RINGS = Happening(Event.RINGING, call(), NOW - timedelta(seconds=5))
TALKS = Happening(Event.ANSWERED, call(Outcome.ANSWERED, 20, 6), NOW - timedelta(seconds=14))


@pytest.mark.parametrize(
    ("happening", "chosen", "expected"),
    [
        pytest.param(RINGS, Filter(), False, id="off until chosen"),
        pytest.param(RINGS, Filter(OpenOn.RINGING), True, id="rings"),
        pytest.param(RINGS, Filter(OpenOn.ANSWERED), False, id="rings, opens on answer"),
        pytest.param(TALKS, Filter(OpenOn.ANSWERED), True, id="answered"),
        pytest.param(TALKS, Filter(OpenOn.RINGING), False, id="answered, opens on ringing"),
        pytest.param(
            replace(TALKS, at=NOW - timedelta(minutes=3)),
            Filter(OpenOn.ANSWERED),
            False,
            id="answered long ago",
        ),
        pytest.param(
            replace(TALKS, call=call(Outcome.ANSWERED, 20, 6, 10)),
            Filter(OpenOn.ANSWERED),
            False,
            id="over already",
        ),
        pytest.param(
            replace(RINGS, call=call(other="", other_text="")),
            Filter(OpenOn.RINGING),
            False,
            id="withheld",
        ),
        pytest.param(
            replace(RINGS, call=call(direction=Direction.OUTGOING)),
            Filter(OpenOn.RINGING),
            False,
            id="outgoing, only incoming",
        ),
        pytest.param(
            replace(RINGS, call=call(direction=Direction.OUTGOING)),
            Filter(OpenOn.RINGING, incoming_only=False),
            True,
            id="outgoing",
        ),
        pytest.param(RINGS, Filter(OpenOn.RINGING, own=COLLEAGUE), False, id="another line"),
        pytest.param(RINGS, Filter(OpenOn.RINGING, own=OWN), True, id="my line"),
        pytest.param(
            replace(RINGS, call=call(name="Anna", name_source=NameSource.PHONEBOOK)),
            Filter(OpenOn.RINGING, unknown_only=True),
            False,
            id="known, only unknown",
        ),
        pytest.param(
            replace(RINGS, call=call(name="ANNA", name_source=NameSource.NOTICE)),
            Filter(OpenOn.RINGING, unknown_only=True),
            True,
            id="only the network knows",
        ),
    ],
)
def test_a_page_opens_only_as_it_was_chosen(
    happening: Happening, chosen: Filter, expected: bool
) -> None:
    assert opens(happening, chosen, NOW) is expected


@pytest.mark.parametrize(
    ("key", "digits"),
    [
        ("+3726403231", "6403231"),
        ("+358401234567", "0401234567"),
        ("+442079460000", "02079460000"),
        ("1234", "1234"),
        ("", ""),
    ],
)
def test_national_digits_are_what_one_dials_there(key: str, digits: str) -> None:
    assert national(key) == digits


def test_digits_have_no_plus() -> None:
    assert CrmCall(call()).digits == "37251234567"
