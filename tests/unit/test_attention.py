"""What deserves a card now, what a summary, and what nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk_phone.model.attention import (
    CARDS_AT_ONCE,
    FRESH,
    LIVE,
    Announcement,
    Summary,
    announce,
    still_ringing,
)
from desk_phone.model.calls import Attention, Call, Change, Direction, Outcome

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
AWAKE = NOW - timedelta(hours=1)
NOTHING = Announcement()


def missed(
    number: int = 1,
    *,
    ago: timedelta = timedelta(minutes=1),
    other: str = "+3725123456",
    attention: Attention = Attention.NEW,
) -> Call:
    return Call(
        id=number,
        own="+3726401234",
        other=other,
        other_text=other,
        direction=Direction.INCOMING,
        outcome=Outcome.MISSED,
        start=NOW - ago,
        attention=attention,
    )


def became(call: Call, was: Outcome | None = None) -> Change:
    before = None if was is None else replace(call, outcome=was, attention=Attention.NONE)
    return Change(before, call)


def told(*calls: Call) -> Announcement:
    return announce(tuple(map(became, calls)), NOW, AWAKE)


# nothing


def test_no_change_deserves_nothing() -> None:
    assert announce((), NOW, AWAKE) == NOTHING
    assert not NOTHING


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.MISSED])
def test_only_missed_calls_are_announced(outcome: Outcome) -> None:
    other = replace(missed(), outcome=outcome, attention=Attention.NONE)
    assert announce((Change(None, other),), NOW, AWAKE) == NOTHING


@pytest.mark.parametrize("attention", [a for a in Attention if a is not Attention.NEW])
def test_what_is_seen_or_handled_is_not_announced(attention: Attention) -> None:
    """So is the first import: a month of missed calls, all seen."""
    assert told(*(missed(n, attention=attention) for n in range(100))) == NOTHING


def test_a_call_that_was_missed_before_is_not_announced_again() -> None:
    renamed = Change(missed(), replace(missed(), name="Mari"))
    assert announce((renamed,), NOW, AWAKE) == NOTHING


# cards


@pytest.mark.parametrize("was", [None, Outcome.RINGING, Outcome.UNKNOWN])
def test_a_missed_call_gets_a_card(was: Outcome | None) -> None:
    assert announce((became(missed(), was),), NOW, AWAKE) == Announcement((missed(),))


def test_up_to_three_get_cards_oldest_first() -> None:
    calls = [missed(n, ago=timedelta(minutes=n)) for n in (2, 1, 3)]
    assert [call.id for call in told(*calls).cards] == [3, 2, 1]
    assert told(*calls).summary is None
    assert CARDS_AT_ONCE == 3


def test_of_the_same_moment_the_first_noted_comes_first() -> None:
    assert [call.id for call in told(missed(2), missed(1)).cards] == [1, 2]


@pytest.mark.parametrize(
    ("ago", "card"),
    [
        pytest.param(timedelta(minutes=15), True, id="15 minutes"),
        pytest.param(timedelta(minutes=15, microseconds=1), False, id="a little more"),
        pytest.param(timedelta(minutes=-1), True, id="a clock ahead of ours"),
        pytest.param(timedelta(0), True, id="now"),
    ],
)
def test_a_card_is_for_a_fresh_call(ago: timedelta, card: bool) -> None:
    announcement = told(missed(ago=ago))
    assert bool(announcement.cards) is card
    assert (announcement.summary is None) is card
    assert timedelta(minutes=15) == FRESH


@pytest.mark.parametrize(
    ("slept", "card"), [(timedelta(minutes=2), True), (timedelta(seconds=59), False)]
)
def test_a_call_from_while_we_slept_gets_no_card(slept: timedelta, card: bool) -> None:
    announcement = announce((became(missed()),), NOW, NOW - slept)
    assert bool(announcement.cards) is card


# summaries


def test_more_than_three_at_once_are_summed_up() -> None:
    calls = [missed(n, ago=timedelta(minutes=n), other=f"+3725{n % 2}00000") for n in range(1, 5)]
    announcement = told(*calls)
    assert announcement.cards == ()
    assert announcement.summary == Summary(4, 2, NOW - timedelta(minutes=4))


def test_one_old_call_makes_a_summary_of_all() -> None:
    announcement = told(missed(1), missed(2, ago=timedelta(days=3), other="+3725999999"))
    assert announcement.cards == ()
    assert announcement.summary == Summary(2, 2, NOW - timedelta(days=3))


def test_seen_calls_are_not_counted() -> None:
    old = missed(9, ago=timedelta(days=9), attention=Attention.SEEN)
    assert told(old, missed()) == Announcement((missed(),))


@pytest.mark.parametrize(
    ("others", "people"),
    [
        (["a", "a", "a", "a"], 1), (["a", "b", "c", "d"], 4), (["", "", "", ""], 1),
        (["a", "", "b", ""], 3),
    ],
)  # fmt: skip
def test_people_are_counted_and_all_who_withhold_their_number_are_one(
    others: list[str], people: int
) -> None:
    announcement = told(*(missed(n, other=other) for n, other in enumerate(others)))
    assert announcement.summary is not None
    assert (announcement.summary.calls, announcement.summary.people) == (4, people)


# corrections


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.MISSED])
def test_a_card_that_was_wrong_must_go(outcome: Outcome) -> None:
    after = replace(missed(), outcome=outcome, attention=Attention.NONE)
    announcement = announce((Change(missed(), after),), NOW, AWAKE)
    assert announcement == Announcement(corrected=(after,))
    assert announcement


def test_a_correction_goes_with_cards_and_with_a_summary() -> None:
    after = replace(missed(9), outcome=Outcome.ANSWERED)
    correction = Change(missed(9), after)
    with_card = announce((became(missed()), correction), NOW, AWAKE)
    assert with_card == Announcement((missed(),), None, (after,))
    old = became(missed(ago=timedelta(days=1)))
    with_summary = announce((correction, old), NOW, AWAKE)
    assert with_summary == Announcement((), Summary(1, 1, NOW - timedelta(days=1)), (after,))


# ringing


def ringing(number: int = 1, outcome: Outcome = Outcome.RINGING) -> Call:
    return replace(missed(number), outcome=outcome, attention=Attention.NONE, start=NOW)


@pytest.mark.parametrize(
    ("ago", "rings"),
    [
        pytest.param(timedelta(0), True, id="now"),
        pytest.param(timedelta(seconds=30), True, id="half a minute ago"),
        pytest.param(timedelta(seconds=30, microseconds=1), False, id="a little more"),
        pytest.param(timedelta(seconds=-20), True, id="a clock ahead of ours"),
        pytest.param(None, False, id="no notice says so"),
    ],
)
def test_a_call_rings_only_by_a_notice_that_is_live(ago: timedelta | None, rings: bool) -> None:
    rang = None if ago is None else NOW - ago
    announcement = announce((Change(None, ringing(), rang),), NOW, AWAKE)
    assert bool(announcement.ringing) is rings
    assert bool(announcement) is rings
    assert timedelta(seconds=30) == LIVE


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.RINGING])
def test_what_is_over_already_does_not_ring(outcome: Outcome) -> None:
    call = ringing(outcome=outcome)
    assert announce((Change(None, call, NOW),), NOW, AWAKE).ringing == ()


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.RINGING])
def test_what_was_told_as_ringing_is_told_as_over_once(outcome: Outcome) -> None:
    after = ringing(outcome=outcome)
    change = Change(ringing(), after)
    announcement = announce((change,), NOW, AWAKE, frozenset({1}))
    assert announcement.over == (after,)
    left = still_ringing(frozenset({1}), (change,), announcement)
    assert left == frozenset()
    assert announce((Change(after, after),), NOW, AWAKE, left).over == ()


def test_a_ringing_call_that_nobody_was_told_of_is_not_told_as_over() -> None:
    change = Change(ringing(), ringing(outcome=Outcome.ANSWERED))
    assert announce((change,), NOW, AWAKE, frozenset({2})).over == ()


def test_a_ringing_call_that_turns_out_to_be_another_row_goes_on_and_ends() -> None:
    begun = (Change(None, ringing(7), NOW),)
    rings = still_ringing(frozenset(), begun, announce(begun, NOW, AWAKE))
    merged = (Change(ringing(7), ringing(5)),)
    rings = still_ringing(rings, merged, announce(merged, NOW, AWAKE, rings))
    assert rings == frozenset({5})
    ended = (Change(ringing(5), ringing(5, Outcome.ANSWERED)),)
    assert announce(ended, NOW, AWAKE, rings).over == (ringing(5, Outcome.ANSWERED),)


def test_a_call_that_was_missed_ends_its_ringing_and_gets_a_card() -> None:
    after = missed(ago=timedelta(seconds=20))
    announcement = announce((Change(ringing(), after),), NOW, AWAKE, frozenset({1}))
    assert (announcement.over, announcement.cards) == ((after,), (after,))
