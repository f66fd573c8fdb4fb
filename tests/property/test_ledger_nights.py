"""The two nights on which the clocks change, and the nights on which the power goes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.model.calls import Outcome, Report
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import Recovery, open_database
from tests.reported import ANNA, BORIS, T0, dialled, empty_database, notice, record

AUTUMN = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 03:00 in Tallinn, and an hour later again
SPRING = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # 02:00 in Tallinn; 03:00-04:00 never was
WEEK = timedelta(days=7)


@pytest.fixture
def ledger() -> Iterator[CallLedger]:
    with closing(empty_database()) as db:
        yield CallLedger(db)


def minutes(night: datetime, count: float) -> datetime:
    return night + timedelta(minutes=count)


def test_a_notice_says_which_of_two_hours_it_was_either_way_round(ledger: CallLedger) -> None:
    second = minutes(AUTUMN, 90)
    ledger.record(record(1, second), now=AUTUMN + WEEK)
    assert [c.start for c in ledger.page()] == [minutes(AUTUMN, 30)]  # nothing else is known
    (change,) = ledger.record(notice(second), now=AUTUMN + WEEK)
    assert not change.became_missed  # it was, an hour earlier
    assert [c.start for c in ledger.page()] == [second]


def test_both_hours_have_a_call_at_the_same_wall_time(ledger: CallLedger) -> None:
    first, second = minutes(AUTUMN, 30), minutes(AUTUMN, 90)
    told: list[Report] = [record(1, first), record(2, second), notice(second), notice(first)]
    for report in told:
        ledger.record(report, now=AUTUMN + WEEK)
    assert [(c.record_id, c.start) for c in ledger.page()] == [("2", second), ("1", first)]


def test_neighbours_that_come_later_move_a_call_and_its_row_stays(ledger: CallLedger) -> None:
    ledger.record(record(103, minutes(AUTUMN, 75)), now=AUTUMN + WEEK)  # 03:15
    (before,) = ledger.page()
    ledger.record(record(102, minutes(AUTUMN, 50), BORIS), now=AUTUMN + WEEK)  # 03:50
    ledger.record(record(101, minutes(AUTUMN, -9), BORIS), now=AUTUMN + WEEK)
    moved, *_ = ledger.page()
    assert (moved.id, moved.start) == (before.id, minutes(AUTUMN, 75))
    assert before.start == minutes(AUTUMN, 15)


def test_a_call_across_the_change_lasts_as_long_as_it_did(ledger: CallLedger) -> None:
    ledger.record(record(1, minutes(AUTUMN, 59), answer=30, release=150), now=AUTUMN + WEEK)
    (call,) = ledger.page()
    assert call.start == minutes(AUTUMN, 59)
    assert call.talked == timedelta(seconds=120)


def test_an_hour_that_never_was_is_moved_on(ledger: CallLedger) -> None:
    odd = record(1, minutes(SPRING, 30))  # 02:30, then pushed into the gap
    odd_record = odd.record
    text = odd_record.start.replace("T02:", "T03:")
    gap = type(odd)(
        odd.own,
        type(odd_record)(
            *(
                text if name == "start" else getattr(odd_record, name)
                for name in odd_record.__slots__
            )
        ),
    )
    ledger.record(gap, now=SPRING + WEEK)
    assert [c.start for c in ledger.page()] == [minutes(SPRING, 90)]


@st.composite
def nights(draw: st.DrawFn) -> list[tuple[list[Report], datetime]]:
    """Calls through the night in the order of their ids, with every way of knowing when."""
    found: list[tuple[list[Report], datetime]] = []
    at = minutes(draw(st.sampled_from([AUTUMN, AUTUMN, SPRING])), draw(st.integers(-30, 20)))
    for index in range(draw(st.integers(1, 6))):
        at += timedelta(seconds=draw(st.integers(200, 3000)))
        other = draw(st.sampled_from([ANNA, BORIS]))
        incoming = draw(st.booleans())
        answer = draw(st.none() | st.integers(1, 30))
        one = record(
            200 + index,
            at,
            other,
            incoming=incoming,
            answer=answer,
            release=None if answer is None else answer + draw(st.integers(1, 1000)),
        )
        skew = timedelta(seconds=draw(st.integers(-5, 5)))
        hint = notice(at + skew, other) if incoming else dialled(at - abs(skew), other)
        found.append(([one, hint], at))
    return found


@settings(max_examples=200, deadline=None)
@given(nights(), st.randoms(use_true_random=False))
def test_a_night_with_all_its_notices_and_dials_is_told_rightly(
    night: list[tuple[list[Report], datetime]], chance: Random
) -> None:
    reports = [report for both, _ in night for report in both]
    chance.shuffle(reports)
    with closing(empty_database()) as db:
        ledger = CallLedger(db)
        changes = [c for r in reports for c in ledger.record(r, now=AUTUMN + WEEK)]
        calls = ledger.page()
    assert [c.start for c in reversed(calls)] == [at for _, at in night]
    missed = sum(c.outcome is Outcome.MISSED for c in calls)
    assert sum(c.became_missed for c in changes) == missed


@settings(max_examples=200, deadline=None)
@given(nights(), st.randoms(use_true_random=False), st.data())
def test_whatever_is_lost_of_a_night_the_order_does_not_matter(
    night: list[tuple[list[Report], datetime]], chance: Random, data: st.DataObject
) -> None:
    reports = [report for both, _ in night for report in both]
    left = data.draw(st.lists(st.sampled_from(reports), min_size=1, unique_by=id))
    told = []
    for _ in range(2):
        chance.shuffle(left)
        with closing(empty_database()) as db:
            ledger = CallLedger(db)
            for report in left:
                ledger.record(report, now=AUTUMN + WEEK)
            told.append(
                sorted(
                    (c.start, c.record_id or "", c.other, c.outcome, c.answered or c.start)
                    for c in ledger.page()
                )
            )
    assert told[0] == told[1]


# killed

_RECORDING = """
import sys
from datetime import timedelta
from pathlib import Path
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import open_database
from tests.property.test_ledger_nights import month
from tests.reported import LATE, T0
ledger = CallLedger(open_database(Path(sys.argv[1]), Path(sys.argv[2]), T0).db)
for n, report in enumerate(month()):
    ledger.record(report, now=T0 + LATE)
    print(n, flush=True)
"""


def month() -> list[Report]:
    """Notices before records, records that grow, dials: 600 reports of 250 calls."""
    chance, found = Random(5), list[Report]()
    for n in range(250):
        at, other = T0 + timedelta(seconds=200 * n), chance.choice([ANNA, BORIS])
        incoming = n % 3 != 0
        found.append(notice(at, other) if incoming else dialled(at, other))
        answer = 5 if n % 2 else None
        found.append(record(n, at, other, incoming=incoming, answer=answer))
        if answer:
            found.append(record(n, at, other, incoming=incoming, answer=answer, release=90))
    return found


def gists(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    return db.execute(
        "SELECT other, direction, outcome, start, answered, released, record_id, attention"
        " FROM calls ORDER BY start"
    ).fetchall()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("after", [3, 101, 317])
def test_killed_while_recording_the_next_poll_brings_the_same_calls(
    tmp_path: Path, after: int
) -> None:
    file, backups = tmp_path / "calls.sqlite3", tmp_path
    with subprocess.Popen(
        [sys.executable, "-c", _RECORDING, str(file), str(backups)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= after:
                process.send_signal(signal.SIGKILL)
                break
        last = max([after, *map(int, process.stdout.read().split())])
    opened = open_database(file, backups, T0)
    with closing(opened.db) as db, closing(empty_database()) as whole:
        assert opened.recovery is Recovery.NONE
        ledger = CallLedger(db)
        kept = month()[: last + 1]
        assert not [c for r in kept for c in ledger.record(r, now=T0 + WEEK)]  # nothing lost
        for report in month():
            ledger.record(report, now=T0 + WEEK)
            CallLedger(whole).record(report, now=T0 + WEEK)
        assert gists(db) == gists(whole)
