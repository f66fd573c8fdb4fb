"""The words of calls: how long two talked, what became missed and what ceased to be."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk_phone.errors import Offline
from desk_phone.model.calls import (
    Attention,
    Call,
    CallRecord,
    Change,
    Dialled,
    Direction,
    NameSource,
    Notice,
    Outcome,
    Record,
)
from desk_phone.model.line import LineState, Link

START = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
CALL = Call(
    id=1,
    own="+3726401234",
    other="+3725123456",
    other_text="5123456",
    direction=Direction.INCOMING,
    outcome=Outcome.UNKNOWN,
    start=START,
)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("answered", "released", "talked"),
    [
        pytest.param(None, None, None, id="neither"),
        pytest.param(at(3), None, None, id="they still talk"),
        pytest.param(None, at(9), None, id="nobody answered"),
        pytest.param(at(3), at(18), timedelta(seconds=15), id="both"),
        pytest.param(at(3), at(3), timedelta(0), id="hung up at once"),
    ],
)
def test_how_long_they_talked(
    answered: datetime | None, released: datetime | None, talked: timedelta | None
) -> None:
    assert replace(CALL, answered=answered, released=released).talked == talked


@pytest.mark.parametrize("before", [None, *Outcome])
@pytest.mark.parametrize("after", Outcome)
def test_becoming_and_ceasing_missed(before: Outcome | None, after: Outcome) -> None:
    was = None if before is None else replace(CALL, outcome=before)
    change = Change(was, replace(CALL, outcome=after))
    missed_before, missed_after = before is Outcome.MISSED, after is Outcome.MISSED
    assert change.became_missed is (missed_after and not missed_before)
    assert change.ceased_missed is (missed_before and not missed_after)


def test_no_word_is_said_of_a_call_that_nobody_knows_more_about() -> None:
    assert (CALL.attention, CALL.name, CALL.name_source) == (Attention.NONE, "", NameSource.NONE)
    assert (CALL.answered, CALL.released, CALL.record_id) == (None, None, None)
    assert not Attention.NONE
    assert not NameSource.NONE


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (Direction, ["incoming", "outgoing", "unknown"]),
        (Outcome, ["missed", "answered", "unanswered", "ringing", "unknown"]),
        (Attention, ["", "new", "seen", "snoozed", "handled"]),
        (NameSource, ["", "phonebook", "record", "notice", "company", "elsewhere"]),
    ],
)
def test_words_that_databases_hold_stay_as_they_are(
    words: type[Direction], kept: list[str]
) -> None:
    assert [str(word) for word in words] == kept


VALUES = [
    CALL,
    CallRecord("1", "5123456", "6401234", "No", "Terminating", "2026-05-20T12:00:00", "", "", ""),
    Notice("+3726401234", "", START, "", "Start", "No"),
    Dialled("+3726401234", "+3725123456", START),
    Change(None, CALL),
    LineState(Link.TROUBLE, trouble=Offline("x"), updated=START),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_crosses_threads_cannot_be_changed(value: Call) -> None:
    name = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, "other")
    assert not hasattr(value, "__dict__")
    assert replace(value) == value


def test_a_record_belongs_to_the_number_that_was_asked_about() -> None:
    """In the text's own second record neither party is that number."""
    second = CallRecord(
        "24297107", "60000002", "60000003", "No", "Terminating", "2011-10-31T09:30:07",
        "A Client", "", "",
    )  # fmt: skip
    assert Record("+3726401234", second).own == "+3726401234"
    assert Record("+3726401234", second) != Record("+37264012345", second)


def test_a_line_of_which_nothing_is_known_yet() -> None:
    state = LineState()
    assert (state.link, state.own, state.trouble) == (Link.STARTING, "", None)
    assert (state.updated, state.next_try) == (None, None)
