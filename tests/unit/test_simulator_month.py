"""The past and the people of the company that never existed: pure, from a seed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import islice, pairwise

import pytest

from desk_phone.simulator import life, past
from desk_phone.simulator.calls import (
    PhoneCall,
    Way,
    tallinn,
    with_country,
)
from desk_phone.simulator.company import OWN_NUMBERS, Company
from desk_phone.simulator.people import Crowd, Person, crowd, someone_new
from tests.simulated import NOON, OWN

MONTH = timedelta(days=31)
SEEDS = range(1, 6)


def month(seed: int = 1, now: datetime = NOON) -> tuple[PhoneCall, ...]:
    return past.month(seed, OWN_NUMBERS, crowd(seed), now)


def kind(who: Crowd, call: PhoneCall) -> str:
    kinds = {
        "regular": who.regulars,
        "company": who.companies,
        "unknown": who.unknown,
        "foreign": who.foreign,
        "withheld": (who.withheld,),
    }
    number = Person(call.other, call.name)
    return next(word for word, people in kinds.items() if number in people)


# the month


@pytest.mark.parametrize("seed", SEEDS)
def test_every_call_of_the_month_is_over_and_none_is_older(seed: int) -> None:
    calls = month(seed)
    assert all(call.start > NOON - MONTH for call in calls)
    assert all(call.over_at < NOON for call in calls)
    assert min(call.start for call in calls) < NOON - MONTH + timedelta(days=4)  # a week-end
    assert max(call.over_at for call in calls) > NOON - timedelta(days=1)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_month_is_in_order(seed: int) -> None:
    assert all(one.start <= two.start for one, two in pairwise(month(seed)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_busiest_number_has_about_thirty_calls_a_working_day(seed: int) -> None:
    days = Counter[date]()
    for call in month(seed):
        if call.own == OWN:
            days[call.start.astimezone(tallinn()).date()] += 1
    first, last = min(days), max(days)  # perhaps not whole
    working = [n for day, n in days.items() if day.weekday() < 5 and day not in (first, last)]
    assert len(working) >= 20
    assert 27 <= sum(working) / len(working) <= 36
    assert all(15 <= count <= 60 for count in working)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_number_is_as_busy(seed: int) -> None:
    count = Counter(call.own for call in month(seed))
    assert set(count) == set(OWN_NUMBERS)
    assert all(count[own] < count[OWN] / 2 for own in OWN_NUMBERS[1:])


@pytest.mark.parametrize("seed", SEEDS)
def test_all_kinds_of_calls_and_callers_occur(seed: int) -> None:
    who, calls = crowd(seed), month(seed)
    busiest = [call for call in calls if call.own == OWN]
    assert {kind(who, call) for call in busiest} == {
        "regular", "company", "unknown", "foreign", "withheld",
    }  # fmt: skip
    assert {(call.way, call.talks is None) for call in busiest} == {
        (way, missed) for way in Way for missed in (True, False)
    }
    assert all(call.other for call in calls if call.way is Way.OUTGOING)


@pytest.mark.parametrize("seed", SEEDS)
def test_some_callers_try_again_within_minutes(seed: int) -> None:
    missed = [c for c in month(seed) if c.own == OWN and c.talks is None and c.other]
    again = [
        one
        for one in missed
        for two in missed
        if one.other == two.other and timedelta() < two.start - one.start < timedelta(minutes=6)
    ]
    assert again


@pytest.mark.parametrize("seed", SEEDS)
def test_the_names_have_every_kind_of_letter(seed: int) -> None:
    letters = set("".join(call.name for call in month(seed)))
    for wanted in ("õ", "ä", "ö", "ü", "šŠ", "žŽ", "ивантлаос", "&"):
        assert letters & set(wanted), wanted


def test_the_same_seed_and_moment_make_the_same_month() -> None:
    assert month(7) == month(7)


def test_another_seed_makes_another_month() -> None:
    assert {call.other for call in month(7)} != {call.other for call in month(8)}
    assert [call.start for call in month(7)] != [call.start for call in month(8)]


def test_a_later_start_keeps_the_calls_of_the_day() -> None:
    """An hour later only more is over; nothing that was is another one."""
    earlier, later = set(month(3)), set(month(3, NOON + timedelta(hours=1)))
    gone = {call for call in earlier - later if call.start > NOON + timedelta(hours=1) - MONTH}
    assert gone == set()
    assert later - earlier


@pytest.mark.parametrize("count", [0, 1, 3, 3000])
def test_so_many_records_as_were_wished(count: int) -> None:
    calls = past.records(1, OWN_NUMBERS, crowd(1), NOON, count)
    assert Counter(call.own for call in calls) == {own: count for own in OWN_NUMBERS if count}
    assert all(call.start > NOON - MONTH and call.over_at < NOON for call in calls)
    company = Company()
    company.note(*calls)
    assert [len(company.history(own, NOON)) for own in OWN_NUMBERS] == [count] * 5


# people


def test_the_same_seed_makes_the_same_crowd() -> None:
    assert crowd(5) == crowd(5)
    assert crowd(5) != crowd(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_people_share_a_number(seed: int) -> None:
    who = crowd(seed)
    numbers = [with_country(p.number) for p in (*who.regulars, *who.companies, *who.unknown)]
    assert len(set(numbers)) == len(numbers)
    assert not set(numbers) & set(OWN_NUMBERS)


def test_who_is_new_has_a_name_that_the_phonebook_takes() -> None:
    from random import Random

    company, rng = Company(), Random(1)
    for _ in range(500):
        person = someone_new(rng)
        company.add(person.name, person.number)  # or Refusal


# what is to come


def test_the_same_seed_makes_the_same_events() -> None:
    def first(seed: int) -> list[life.Event]:
        return list(islice(life.events(seed, OWN_NUMBERS, crowd(seed)), 300))

    assert first(4) == first(4)
    assert first(4) != first(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_calls_show_both_kinds_of_missed_call(seed: int) -> None:
    first, second, third = islice(life.events(seed, OWN_NUMBERS, crowd(seed)), 3)
    assert isinstance(first, life.Rings)
    assert isinstance(second, life.Rings)
    assert isinstance(third, life.Rings)
    assert {each.own for each in (first, second, third)} == {OWN}
    assert (first.wait, first.talks, first.shows_early) == (0.0, None, False)
    assert second.talks
    assert (third.talks, third.shows_early) == (None, True)


@pytest.mark.parametrize("seed", SEEDS)
def test_life_has_everything(seed: int) -> None:
    lived = list(islice(life.events(seed, OWN_NUMBERS, crowd(seed)), 400))
    calls = [event for event in lived if isinstance(event, life.Rings)]
    deeds = {event.deed for event in lived if isinstance(event, life.Writes)}
    assert deeds == set(life.Deed)
    assert {(c.way, c.talks is None, c.shows_early) for c in calls} == {
        (way, missed, early) for way in Way for missed in (True, False) for early in (True, False)
    }
    assert {c.own for c in calls} == set(OWN_NUMBERS)
    assert 0.4 < sum(c.own == OWN for c in calls) / len(calls) < 0.8
    assert any(not c.other.number for c in calls)
    assert all(c.wait >= 10 for c in calls[3:])


@pytest.mark.parametrize("seed", SEEDS)
def test_clicked_calls_are_answered_or_not(seed: int) -> None:
    reactions = [life.reaction(seed, n) for n in range(1, 60)]
    assert reactions == [life.reaction(seed, n) for n in range(1, 60)]
    assert {r.talks is None for r in reactions} == {True, False}
    assert {r.shows_early for r in reactions} == {True, False}
    assert all(r.lifted_after > 0 and r.rings > 0 for r in reactions)
