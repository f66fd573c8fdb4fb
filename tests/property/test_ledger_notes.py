"""Whatever order the reports of a call come in, nothing that was noted of it is lost."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from desk_phone.model.calls import Attention, Report
from desk_phone.store.calls import CallFilter, CallLedger
from tests.property.test_ledger import (
    ANSWERED,
    DIALLED,
    EVERYTHING,
    LATE,
    MISSED,
    TWICE,
    WITHHELD_AT_FIRST,
    gist,
)
from tests.reported import T0, after, empty_database

OURS = ("deeds", "reminders", "handled", "notes")


@pytest.fixture(scope="module")
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


def fresh(db: sqlite3.Connection) -> CallLedger:
    for table in (*OURS, *EVERYTHING):
        db.execute(f"DELETE FROM {table}")
    return CallLedger(db)


def end(ledger: CallLedger) -> None:
    ledger.settle(T0 + LATE)
    ledger.settle(T0 + LATE + LATE)


def unnoted(ledger: CallLedger, reports: tuple[Report, ...]) -> list[str]:
    ledger.record(*reports, now=after(40))
    end(ledger)
    return sorted(repr(gist(call)) for call in ledger.page(limit=1000))


@pytest.mark.parametrize(
    "reports",
    [
        pytest.param(MISSED, id="missed"),
        pytest.param(ANSWERED, id="answered"),
        pytest.param(DIALLED, id="dialled"),
        pytest.param(TWICE, id="missed, then answered"),
        pytest.param(WITHHELD_AT_FIRST, id="withheld at first"),
    ],
)
def test_every_note_ends_on_a_call_that_is_there(
    db: sqlite3.Connection, reports: tuple[Report, ...]
) -> None:
    """Something is noted of every call that there is after each report."""
    wanted = unnoted(fresh(db), reports)
    for order in itertools.permutations(reports):
        ledger, written = fresh(db), set[str]()
        for turn, report in enumerate(order):
            now = after(40 + turn)
            ledger.record(report, now=now)
            for call in ledger.page():
                note = ledger.notes.of_call(call.id)
                word = f"w{turn}x{call.id}"
                written.add(word)
                text = f"{note.text} {word}" if note else word
                ledger.notes.write_of_call(call.id, text, now)
        end(ledger)
        calls = ledger.page(limit=1000)
        kept = " ".join(ledger.notes.of_calls(call.id for call in calls).values()).split()
        assert set(kept) == written, order
        assert sorted(repr(gist(call)) for call in calls) == wanted, order


def deeds(ledger: CallLedger, turn: int, now: datetime) -> None:
    for call in ledger.page():
        match turn % 4:
            case 0:
                ledger.follow_up.snooze(call.other or "+3726000000", now + LATE, now)
            case 1:
                ledger.follow_up.handle(call.other, now)
            case 2:
                ledger.follow_up.undo()
            case 3:
                ledger.follow_up.take_up(call.other, now)


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("reports", [MISSED, ANSWERED, DIALLED, TWICE, WITHHELD_AT_FIRST])
def test_badge_menu_and_filter_count_the_same_people(
    db: sqlite3.Connection, reports: tuple[Report, ...], first: int
) -> None:
    for order in itertools.islice(itertools.permutations(reports), 0, None, 23):
        ledger = fresh(db)
        for turn, report in enumerate(order):
            now = after(40) + timedelta(seconds=turn)
            ledger.record(report, now=now)
            deeds(ledger, first + turn, now)
            assert_agree(ledger)
        end(ledger)
        assert_agree(ledger)
        ledger.follow_up.fall_due(T0 + 3 * LATE)
        assert_agree(ledger)


def assert_agree(ledger: CallLedger) -> None:
    missed = ledger.page(CallFilter.MISSED, limit=1000)
    new = {call.other for call in missed if call.attention is Attention.NEW}
    open_ = {call.other for call in missed if call.attention in (Attention.NEW, Attention.SEEN)}
    assert ledger.missed_people() == len(new) == len({call.other for call in ledger.missed()})
    assert {call.other for call in ledger.page(CallFilter.CALL_BACK)} == open_ - {""}
    put_off = {call.other for call in missed if call.attention is Attention.SNOOZED}
    assert put_off <= {reminder.other for reminder in ledger.follow_up.reminders()}
