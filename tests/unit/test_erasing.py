"""Erasing one number: nothing of it is left, nobody else loses anything, and it does not return."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.calls import Call, Change
from desk_phone.model.crm import Event, Happening
from desk_phone.model.crm_delivery import Delivery
from desk_phone.store import changing
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.deliveries import Deliveries
from desk_phone.store.erasing import TOLD_AGAIN, Erasing
from tests.offices import full_disk
from tests.reported import ANNA, BORIS, LATE, T0, after, dialled, empty_database, notice, record

LONG_AFTER = T0 + TOLD_AGAIN + timedelta(days=1)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


def fill(db: sqlite3.Connection, other: str, first_id: int, name: str) -> Call:
    """Calls, notes, a reminder, deeds, what was told: all there can be of a number."""
    ledger = CallLedger(db)
    ledger.record(
        record(first_id, T0, other, release=20, name=name),
        record(first_id + 1, after(600), other, answer=5, release=60, name=name),
        notice(after(2), other, name),
        dialled(after(3600), other),
        now=T0 + LATE,
    )
    missed = next(call for call in ledger.page() if call.record_id == str(first_id))
    ledger.notes.write_of_call(missed.id, f"{name} wants a quote", T0)
    ledger.notes.write_of_call(missed.id, f"{name} wants two quotes", after(60))
    ledger.notes.write_about(other, f"{name} is polite", T0)
    ledger.record(record(first_id + 2, after(7200), other, release=20, name=name), now=T0 + LATE)
    ledger.follow_up.snooze(other, T0 + LATE, after(7300))
    happening = Happening(Event.MISSED, missed, after(20))
    queue = Deliveries(db)
    queue.begin(missed.own, T0)
    queue.tell([happening], [Delivery("d" + name, missed.id, Event.MISSED, other, T0)], T0)
    return missed


def whole(db: sqlite3.Connection) -> str:
    return "\n".join(db.iterdump())


def test_nothing_of_a_number_is_left_once_the_service_forgot_it_too(
    db: sqlite3.Connection,
) -> None:
    fill(db, ANNA, 1, "Anna Vares")
    fill(db, BORIS, 100, "Boris Kask")
    before = whole(db)
    assert before.count("51234567") > 5
    erasing = Erasing(db)
    erasing.erase(ANNA, LONG_AFTER)
    erasing.forget_told(ANNA)
    erasing.erase_due(LONG_AFTER + TOLD_AGAIN)
    left = whole(db)
    assert "51234567" not in left
    assert "Anna" not in left
    assert left.count("Boris") == before.count("Boris")
    assert left.count("55512345") == before.count("55512345")


def test_what_the_service_tells_again_stays_hidden_and_is_erased_later(
    db: sqlite3.Connection,
) -> None:
    fill(db, ANNA, 1, "Anna Vares")
    ledger, erasing = CallLedger(db), Erasing(db)
    erasing.erase(ANNA, T0 + LATE)
    erasing.forget_told(ANNA)
    assert ledger.page() == []
    again = record(1, T0, ANNA, release=20, name="Anna Vares")
    assert ledger.record(again, now=T0 + LATE) == ()
    assert ledger.page() == []
    assert ledger.people("Anna") == []
    assert ledger.missed_people() == 0
    assert erasing.erase_due(T0 + LATE) == 0
    assert erasing.erase_due(LONG_AFTER + LATE) == 1
    assert "51234567" not in whole(db)


def test_who_calls_again_afterwards_is_known_and_stays_known(db: sqlite3.Connection) -> None:
    fill(db, ANNA, 1, "Anna Vares")
    ledger, erasing = CallLedger(db), Erasing(db)
    erasing.erase(ANNA, T0 + LATE)
    new = T0 + LATE + timedelta(hours=1)
    ledger.record(record(9, new, ANNA, release=20, name="Anna"), now=new + LATE)
    (call,) = ledger.page()
    assert call.record_id == "9"
    erasing.erase_due(new + 2 * TOLD_AGAIN)
    assert [one.record_id for one in ledger.page()] == ["9"]
    assert [person.other for person in ledger.people("Anna")] == [ANNA]


def test_it_says_which_calls_are_gone_so_that_lists_can_let_go(db: sqlite3.Connection) -> None:
    missed = fill(db, ANNA, 1, "Anna Vares")
    fill(db, BORIS, 100, "Boris Kask")
    gone = Erasing(db).erase(ANNA, LONG_AFTER)
    assert missed.id in {change.after.id for change in gone}
    assert all(change.after.other == ANNA for change in gone)
    assert all(change == Change(change.after, change.after) for change in gone)


def test_it_tells_first_what_there_is(db: sqlite3.Connection) -> None:
    fill(db, ANNA, 1, "Anna Vares")
    known = Erasing(db).known(ANNA, T0 + LATE)
    assert (known.calls, known.recent, known.notes) == (4, 4, 2)
    assert Erasing(db).known(ANNA, LONG_AFTER).recent == 0
    assert Erasing(db).known(BORIS, LONG_AFTER).is_nothing


def test_with_a_full_disk_nothing_is_half_erased(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(db, ANNA, 1, "Anna Vares")
    before = whole(db)
    monkeypatch.setattr(changing, "writing", full_disk)
    with pytest.raises(BadInput):
        Erasing(db).erase(ANNA, LONG_AFTER)
    assert whole(db) == before


def test_the_file_itself_does_not_have_it_any_more(tmp_path: Path) -> None:
    file = tmp_path / "calls.sqlite3"
    with closing(open_database(file, tmp_path / "backups", T0).db) as db:
        fill(db, ANNA, 1, "Anna Vares")
        erasing = Erasing(db)
        erasing.erase(ANNA, LONG_AFTER)
        erasing.forget_told(ANNA)
        erasing.erase_due(LONG_AFTER + TOLD_AGAIN)
        for part in tmp_path.glob("calls.sqlite3*"):
            assert b"51234567" not in part.read_bytes(), part.name
            assert b"Anna" not in part.read_bytes(), part.name
