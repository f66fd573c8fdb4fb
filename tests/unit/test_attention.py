"""What deserves a card now, what a summary, and what nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from desk_phone.model.attention import CARDS_AT_ONCE, FRESH, Announcement, Summary, announce
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
