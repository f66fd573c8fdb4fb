"""What became of the calls that were made from here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from desk_phone.model.calls import Call, Direction, Outcome, Report
from desk_phone.model.outcomes import Became, OwnOutcome, own_outcome
from desk_phone.store.calls import CallLedger
from desk_phone.ui import words
from tests.reported import ANNA, LATE, OWN, T0, after, dialled, empty_database, record

TALK = timedelta(minutes=3, seconds=12)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


def reported(db: sqlite3.Connection, now: datetime, *reports: Report) -> Call:
    CallLedger(db).record(*reports, now=now)
    (call,) = CallLedger(db).page()
    return call


NOBODY = record(1, after(6), incoming=False)
TALKED = record(1, after(6), incoming=False, answer=9, release=9 + TALK.total_seconds())
TALKING = record(1, after(6), incoming=False, answer=9)


@pytest.mark.parametrize(
    ("reports", "now", "looked", "became"),
    [
        pytest.param([dialled(T0)], after(30), after(30), Became.OPEN, id="it rings"),
        pytest.param(
            [dialled(T0)], after(181), after(181), Became.NOT_LIFTED, id="no record in 180 s"
        ),
        pytest.param(
            [dialled(T0)], after(999), after(180), Became.UNKNOWN, id="nobody looked since"
        ),
        pytest.param([dialled(T0)], after(999), None, Became.UNKNOWN, id="nobody ever looked"),
        pytest.param(
            [dialled(T0), NOBODY], T0 + LATE, T0 + LATE, Became.NOT_ANSWERED, id="not answered"
        ),
        pytest.param([dialled(T0), TALKED], T0 + LATE, T0 + LATE, Became.TALKED, id="talked"),
        pytest.param([dialled(T0), TALKING], after(60), after(60), Became.OPEN, id="still talking"),
        pytest.param([NOBODY], T0 + LATE, None, Became.NOT_ANSWERED, id="dialled on the phone"),
    ],
)
def test_what_became_of_an_own_call(
    db: sqlite3.Connection,
    reports: list[Report],
    now: datetime,
    looked: datetime | None,
    became: Became,
) -> None:
    found = own_outcome(reported(db, now, *reports), looked)
    assert found == OwnOutcome(became, TALK if became is Became.TALKED else None)


def test_a_record_that_comes_after_all_takes_it_back(db: sqlite3.Connection) -> None:
    """Of a long talk it may come at its end."""
    assert own_outcome(reported(db, after(200), dialled(T0)), after(200)).became is (
        Became.NOT_LIFTED
    )
    assert own_outcome(reported(db, after(900), TALKED), after(900)).became is Became.TALKED


def outgoing(outcome: Outcome, talked: timedelta | None = None, recorded: bool = True) -> Call:
    answered = None if talked is None else after(5)
    released = None if talked is None else after(5) + talked
    return Call(
        *(1, OWN, ANNA, ANNA, Direction.OUTGOING, outcome, T0, answered, released),
        "1" if recorded else None,
    )


@pytest.mark.parametrize(
    ("call", "in_list", "in_full"),
    [
        pytest.param(outgoing(Outcome.ANSWERED, TALK), "3 min", "Talked 3:12", id="talked"),
        pytest.param(
            outgoing(Outcome.ANSWERED, timedelta(hours=1, seconds=9)),
            *("1 h 00 min", "Talked 1:00:09"),
            id="for long",
        ),
        pytest.param(outgoing(Outcome.UNANSWERED), "No answer", "Not answered", id="not answered"),
        pytest.param(
            outgoing(Outcome.UNKNOWN, recorded=False),
            *("You did not lift", "You did not lift your phone, or the call still goes on"),
            id="not lifted",
        ),
        pytest.param(outgoing(Outcome.UNKNOWN), "", "Nothing is known yet", id="unknown"),
        pytest.param(outgoing(Outcome.RINGING), "Ringing", "Ringing", id="rings"),
    ],
)
def test_its_words(call: Call, in_list: str, in_full: str) -> None:
    looked = T0 + LATE
    assert (words.outcome(call, looked), words.became(call, looked)) == (in_list, in_full)
