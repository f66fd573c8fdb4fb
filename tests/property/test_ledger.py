"""Any order, repeats and losses of the same reports leave the same calls, each told once."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_phone.model.calls import (
    Attention,
    Call,
    Change,
    Direction,
    Outcome,
    Record,
    Report,
)
from desk_phone.store.calls import CallLedger
from tests.reported import ANNA, BORIS, OWN, T0, after, dialled, empty_database, notice, record

LATE = timedelta(days=3)
EVERYTHING = ("people", "gaps", "dials", "notices", "records", "calls")


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


def fresh(db: sqlite3.Connection) -> CallLedger:
    for table in EVERYTHING:
        db.execute(f"DELETE FROM {table}")
    return CallLedger(db)


Gist = tuple[object, ...]


def gist(call: Call) -> Gist:
    """Everything but the id, which follows the order of arrival."""
    return (
        *(call.own, call.other, call.other_text, call.direction, call.outcome, call.start),
        *(call.answered, call.released, call.record_id or "", call.name, call.name_source),
        call.attention,
    )


def live(
    ledger: CallLedger, polls: Sequence[Sequence[Report]], start: datetime, apart: timedelta
) -> list[Gist]:
    """Deliver the reports, then poll twice more without anything new, long after."""
    changes: list[Change] = []
    now = start
    for reports in polls:
        changes += ledger.record(*reports, now=now)
        now += apart
    changes += ledger.settle(start + LATE)
    changes += ledger.settle(start + LATE + LATE)
    calls = ledger.page(limit=1000)
    again = [report for reports in polls for report in reports]
    assert ledger.record(*again, now=start + LATE + LATE) == ()  # replayed, nothing is news
    assert_told(calls, changes)
    assert_sound(ledger, calls)
    return sorted(map(gist, calls), key=repr)


def assert_told(calls: list[Call], changes: list[Change]) -> None:
    """The changes tell the whole story: each call appears once, each missed one is missed once, and
    none rings twice."""
    known: dict[int, Call] = {}
    rang = [change.after.id for change in changes if change.rang is not None]
    assert len(rang) == len(set(rang))
    became: dict[int, list[int]] = {}  # the calls that a call was, and which of them were missed
    for change in changes:
        after_id = change.after.id
        if change.before is None:
            assert after_id not in became
            became[after_id] = []
        elif change.before.id != after_id:
            known.pop(change.before.id)
            became[after_id] += became.pop(change.before.id)
        known[after_id] = change.after
        became[after_id] += [after_id] * change.became_missed
    assert known == {call.id: call for call in calls}
    for call in calls:
        told = len(became[call.id])
        assert told == 1 if call.outcome is Outcome.MISSED else told <= 1


def assert_sound(ledger: CallLedger, calls: list[Call]) -> None:
    """Badge and people are what the calls say."""
    new = {call.other for call in calls if call.attention is Attention.NEW}
    assert ledger.missed_people() == len(new)
    assert {p.other for p in ledger.people("", 1000)} == {c.other for c in calls if c.other}


MISSED = (
    record(1, T0),
    record(1, T0, name="Anna"),
    notice(after(2)),
    notice(after(2), name="Anna K"),
    notice(after(26), type_="End"),
    notice(after(27), type_="Foo"),
)
ANSWERED = (
    record(1, T0),
    record(1, T0, answer=9, name="Anna"),
    record(1, T0, answer=9, release=60),
    notice(after(-3)),
    notice(after(9), answer="Yes"),
    notice(after(60), type_="End", answer="Yes"),
)
DIALLED = (
    dialled(T0),
    record(1, after(12), incoming=False),
    record(1, after(12), incoming=False, answer=9),
    record(1, after(12), incoming=False, answer=9, release=60, name="Anna"),
    dialled(after(500)),
    record(2, after(507), incoming=False),
)
TWICE = (
    record(1, T0),
    record(2, after(30), answer=6),
    notice(after(1)),
    notice(after(31)),
    notice(after(20), type_="End"),
    record(2, after(30), answer=6, release=50),
)


WITHHELD_AT_FIRST = (
    Record(OWN, replace(record(1, T0).record, calling="", direction="")),
    record(1, T0),
    notice(after(1)),
    notice(after(1), ""),
    record(2, after(700), ""),
    notice(after(690), ""),
)
NOBODY_POLLS = (
    notice(T0),
    notice(after(25), type_="End"),
    notice(after(40), name="Anna"),
    notice(after(40), name="Anna"),
    notice(after(60), type_="End"),
    notice(after(61), type_="Start", answer="Yes"),
)


@pytest.mark.parametrize("apart", [timedelta(seconds=1), timedelta(hours=1)], ids=["fast", "slow"])
@pytest.mark.parametrize(
    ("reports", "calls"),
    [
        pytest.param(MISSED, 1, id="missed"),
        pytest.param(ANSWERED, 1, id="answered"),
        pytest.param(DIALLED, 2, id="dialled"),
        pytest.param(TWICE, 2, id="missed, then answered"),
        pytest.param(WITHHELD_AT_FIRST, 3, id="withheld at first"),
        pytest.param(NOBODY_POLLS, 2, id="notices alone"),
    ],
)
def test_every_order_of_six_reports_leaves_the_same_calls(
    db: sqlite3.Connection, reports: tuple[Report, ...], calls: int, apart: timedelta
) -> None:
    wanted = live(fresh(db), [reports], after(40), apart)
    assert len(wanted) == calls
    for order in itertools.permutations(reports):
        assert live(fresh(db), [[report] for report in order], after(40), apart) == wanted, order


@pytest.mark.parametrize("reports", [MISSED, ANSWERED, DIALLED, TWICE, NOBODY_POLLS])
def test_whatever_gets_lost_the_order_of_the_rest_does_not_matter(
    db: sqlite3.Connection, reports: tuple[Report, ...]
) -> None:
    for left in range(1, 5):
        for some in itertools.combinations(reports, left):
            orders = itertools.permutations(some)
            wanted = live(fresh(db), [some], after(40), timedelta(seconds=20))
            for order in orders:
                polls = [[report] for report in order]
                assert live(fresh(db), polls, after(40), timedelta(seconds=20)) == wanted, order


@dataclass(frozen=True)
class TrueCall:
    """What happened, and everything the service may say of it."""

    id: int
    start: datetime
    other: str
    incoming: bool
    answer: int | None
    talk: int
    skew: int

    def final(self) -> Record:
        release = None if self.answer is None else self.answer + self.talk
        return self._record(self.answer, release, "Anna" if self.id % 2 else "# #")

    def reports(self) -> list[Report]:
        early: list[Report] = [self._record(None, None, "# #"), self.final()]
        if self.answer is not None:
            early.append(self._record(self.answer, None, "# #"))
        if not self.incoming:
            return [*early, dialled(self.start - timedelta(seconds=abs(self.skew)), self.other)]
        seen = self.start + timedelta(seconds=self.skew)
        over = seen + timedelta(seconds=(self.answer or 20) + self.talk)
        word = "No" if self.answer is None else "Yes"
        return [
            *early,
            notice(seen, self.other, "Anna"),
            notice(seen, self.other, "Anna"),
            notice(over, self.other, type_="End", answer=word),
        ]

    def _record(self, answer: int | None, release: int | None, name: str) -> Record:
        return record(
            self.id,
            self.start,
            self.other,
            incoming=self.incoming,
            answer=answer,
            release=release,
            name=name,
        )


@st.composite
def days(draw: st.DrawFn, nearest: int) -> list[TrueCall]:
    """Up to six calls, the next one at least ``nearest`` seconds after the one before."""
    found, at = [], T0
    for index in range(draw(st.integers(1, 6))):
        at += timedelta(seconds=draw(st.integers(nearest, 400)))
        found.append(
            TrueCall(
                id=100 + index,
                start=at,
                other=draw(st.sampled_from([ANNA, ANNA, BORIS, ""])),
                incoming=draw(st.booleans()),
                answer=draw(st.none() | st.integers(1, 20)),
                talk=draw(st.integers(1, 300)),
                skew=draw(st.integers(-8, 8)),
            )
        )
    return found


@st.composite
def polls(draw: st.DrawFn, reports: Sequence[Report]) -> list[list[Report]]:
    """All of them in some order, some twice, a few at a time."""
    again = draw(st.lists(st.sampled_from(reports), max_size=6))
    order = draw(st.permutations([*reports, *again]))
    found: list[list[Report]] = [[]]
    for report in order:
        if draw(st.integers(0, 2)) == 0:
            found.append([])
        found[-1].append(report)
    return found


PATIENT = settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PACES = st.sampled_from([timedelta(seconds=1), timedelta(seconds=20), timedelta(hours=1)])


@PATIENT
@given(st.data(), days(nearest=8), PACES)
def test_days_of_calls_in_any_order_with_any_losses(
    db: sqlite3.Connection, data: st.DataObject, day: list[TrueCall], pace: timedelta
) -> None:
    reports = [report for call in day for report in call.reports()]
    left = data.draw(st.lists(st.sampled_from(reports), min_size=1, unique_by=id))
    one = live(fresh(db), data.draw(polls(left)), T0, pace)
    other = live(fresh(db), data.draw(polls(left)), T0, pace)
    assert one == other


@PATIENT
@given(st.data(), days(nearest=60), PACES)
def test_calls_a_minute_apart_are_each_found_whatever_else_is_lost(
    db: sqlite3.Connection, data: st.DataObject, day: list[TrueCall], pace: timedelta
) -> None:
    maybe = [report for call in day for report in call.reports()]
    left = data.draw(st.lists(st.sampled_from(maybe), unique_by=id))
    reports = [*left, *(call.final() for call in day)]
    found = live(fresh(db), data.draw(polls(reports)), T0, pace)
    wanted = {(str(c.id), c.start, c.answer is not None, c.other, c.incoming) for c in day}
    assert {
        (g[8], g[5], g[4] is Outcome.ANSWERED, g[1], g[3] is Direction.INCOMING) for g in found
    } == wanted
    assert len(found) == len(day)


def test_a_new_call_takes_a_late_word_away_from_the_one_before(db: sqlite3.Connection) -> None:
    told = (
        record(1, T0),
        notice(T0),
        notice(after(224), type_="End", answer="Yes"),
        record(2, after(222)),
    )
    wanted = live(fresh(db), [told], T0, timedelta(seconds=1))
    assert len(wanted) == 2
    for order in itertools.permutations(told):
        assert live(fresh(db), [[r] for r in order], T0, timedelta(seconds=1)) == wanted, order
