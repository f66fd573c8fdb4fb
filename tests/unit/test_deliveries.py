"""The queue of the webhook, and the memory of what was told: over restarts, crashes and floods."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.calls import Call, Change, Direction, Outcome
from desk_phone.model.crm import Event, Happening, events
from desk_phone.model.crm_delivery import Delivery
from desk_phone.store import deliveries as module
from desk_phone.store.calls import CallLedger
from desk_phone.store.deliveries import Deliveries, Losses
from tests.offices import full_disk
from tests.reported import ANNA, BORIS, LATE, OWN, T0, after, empty_database, notice, record


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def queue(db: sqlite3.Connection) -> Deliveries:
    return Deliveries(db)


def call(call_id: int = 1, other: str = ANNA, start: datetime = T0) -> Call:
    return Call(call_id, OWN, other, other, Direction.INCOMING, Outcome.RINGING, start)


def missed(call_id: int = 1, start: datetime = T0) -> Happening:
    return Happening(Event.MISSED, call(call_id, start=start), start)


def waiting(*ids: str, made: datetime = T0) -> list[Delivery]:
    return [Delivery(each, 1, "missed", f'{{"id": "{each}"}}', made) for each in ids]


def test_what_waits_goes_in_order_and_only_when_it_is_done(queue: Deliveries) -> None:
    queue.tell([missed()], waiting("a", "b"), T0)
    first = queue.first()
    assert first == Delivery("a", 1, "missed", '{"id": "a"}', T0)
    assert queue.first() == first
    queue.done(first)
    assert queue.first() == waiting("b")[0]
    assert queue.waiting == 1


def test_another_process_finds_the_queue_as_it_was_left(db: sqlite3.Connection) -> None:
    Deliveries(db).tell([missed()], waiting("a"), T0)
    Deliveries(db).stumbled(waiting("a")[0])
    again = Deliveries(db)
    found = again.first()
    assert found is not None
    assert (found.id, found.stumbles) == ("a", 1)
    assert again.told([call()]) == {(1, Event.MISSED)}


def test_a_refused_one_goes_and_is_counted_once(queue: Deliveries) -> None:
    queue.tell([], waiting("a", "b"), T0)
    queue.refused(waiting("a")[0])
    queue.refused(waiting("a")[0])
    assert queue.losses == Losses(refused=1)
    assert queue.waiting == 1


def test_what_waited_for_a_week_goes_and_is_counted(queue: Deliveries) -> None:
    queue.tell([], waiting("old"), T0)
    queue.tell([], waiting("new", made=T0 + timedelta(days=3)), T0 + timedelta(days=3))
    assert queue.expire(T0 + timedelta(days=7)) == 0
    assert queue.expire(T0 + timedelta(days=7, seconds=1)) == 1
    assert queue.losses == Losses(old=1)
    found = queue.first()
    assert found is not None
    assert found.id == "new"


def test_a_full_queue_loses_its_oldest(queue: Deliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING_AT_MOST", 3)
    queue.tell([], waiting("a", "b"), T0)
    queue.tell([], waiting("c", "d", "e"), T0)
    assert queue.waiting == 3
    assert queue.losses == Losses(full=2)
    found = queue.first()
    assert found is not None
    assert found.id == "c"


def test_no_receiver_no_queue(queue: Deliveries) -> None:
    queue.begin(OWN, T0)
    queue.tell([missed()], waiting("a"), T0)
    queue.refused(waiting("a")[0])
    queue.tell([], waiting("b"), T0)
    queue.empty()
    assert (queue.waiting, queue.losses) == (0, Losses())
    assert queue.told([call()]) == {(1, Event.MISSED)}
    assert queue.since() == {OWN: T0}


def test_a_line_begins_once_until_nobody_is_told_any_more(queue: Deliveries) -> None:
    queue.begin(OWN, T0)
    queue.begin(OWN, T0 + timedelta(days=1))
    assert queue.since() == {OWN: T0}
    queue.cease()
    queue.begin(OWN, T0 + timedelta(days=2))
    assert queue.since() == {OWN: T0 + timedelta(days=2)}


def test_a_full_disk_keeps_all_or_nothing(
    queue: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.tell([], waiting("a"), T0)
    with monkeypatch.context() as broken:
        broken.setattr(module, "writing", full_disk)
        with pytest.raises(BadInput):
            queue.tell([missed()], waiting("b"), T0)
    assert queue.waiting == 1
    assert queue.told([call()]) == frozenset()


def test_the_same_id_twice_keeps_neither_it_nor_its_mark(queue: Deliveries) -> None:
    queue.tell([], waiting("a"), T0)
    with pytest.raises(sqlite3.IntegrityError):
        queue.tell([missed()], waiting("a"), T0)
    assert queue.told([call()]) == frozenset()


def test_a_number_can_be_forgotten(queue: Deliveries) -> None:
    other = Happening(Event.MISSED, call(2, BORIS), T0)
    mine = [Delivery("b", 2, "missed", "{}", T0)]
    queue.tell([missed(), other], [*waiting("a"), *mine], T0)
    queue.forget(ANNA)
    assert queue.waiting == 1
    assert queue.told([call(), call(2, BORIS)]) == {(2, Event.MISSED)}


def test_what_is_too_old_to_be_told_again_is_forgotten(queue: Deliveries) -> None:
    queue.tell([missed()], [], T0)
    later = T0 + timedelta(days=8, seconds=1)
    queue.tell([missed(2, later)], [], later)
    assert queue.told([call(), call(2)]) == {(2, Event.MISSED)}


# pages that open by themselves


def test_a_page_opens_once_a_call(queue: Deliveries, db: sqlite3.Connection) -> None:
    assert queue.open(call(), T0, 3)
    assert not queue.open(call(), T0, 3)
    assert not Deliveries(db).open(call(), T0 + timedelta(minutes=5), 3)
    assert queue.told([call()]) == frozenset()


def test_a_flood_opens_three_pages_a_minute(queue: Deliveries) -> None:
    opened = [queue.open(call(n), after(n), 3) for n in range(1, 51)]
    assert opened == [True] * 3 + [False] * 47
    assert not queue.open(call(99), after(60.5), 3)
    assert queue.open(call(100), after(61), 3)


def test_a_clock_that_was_set_back_does_not_keep_pages_shut(queue: Deliveries) -> None:
    for n in range(1, 4):
        assert queue.open(call(n), after(3600), 3)
    assert queue.open(call(4), T0, 3)


# together with the ledger


def test_what_was_told_of_a_row_that_turned_out_to_be_another_call_stays_told(
    db: sqlite3.Connection,
) -> None:
    """Two rows become one: its events are not told a second time under the older row's id."""
    ledger, queue = CallLedger(db), Deliveries(db)
    ledger.record(record(1, T0, release=20), now=T0 + LATE)
    queue.begin(OWN, T0 - timedelta(hours=1))
    known = ledger.page()[0]
    gone = Call(77, OWN, ANNA, ANNA, Direction.INCOMING, Outcome.MISSED, after(3))
    queue.tell([Happening(Event.MISSED, gone, after(3))], [], after(30))
    changes = (Change(None, known),)
    assert events(changes, after(60), queue.told([known]), queue.since()) == ()


def test_two_calls_of_one_person_in_a_row_are_two(db: sqlite3.Connection) -> None:
    ledger, queue = CallLedger(db), Deliveries(db)
    queue.begin(OWN, T0 - timedelta(hours=1))
    ledger.record(record(1, T0, release=5), record(2, after(12), release=5), now=T0 + LATE)
    calls = ledger.page()
    first = calls[-1]
    queue.tell([Happening(Event.MISSED, first, T0)], [], after(30))
    news = events(
        tuple(Change(None, one) for one in calls), after(60), queue.told(calls), queue.since()
    )
    assert [happening.call.id for happening in news] == [calls[0].id]


def test_every_report_again_tells_nothing_again(db: sqlite3.Connection) -> None:
    """Ringing, then the record grows; each poll brings all of it once more."""
    ledger, queue = CallLedger(db), Deliveries(db)
    queue.begin(OWN, T0 - timedelta(hours=1))
    heard: list[str] = []
    reports = (
        (notice(T0), after(2)),
        (notice(T0), after(3)),
        (record(1, after(1)), after(10)),
        (record(1, after(1), answer=9), after(20)),
        (record(1, after(1), answer=9, release=40), after(60)),
        (notice(T0), after(70)),
        (record(1, after(1), answer=9, release=40), after(80)),
    )
    for report, now in reports:
        changes = ledger.record(report, now=now)
        replayed = (*changes, *(Change(None, one) for one in ledger.page()))
        told = queue.told(change.after for change in replayed)
        news = events(replayed, now, told, queue.since())
        queue.tell(news, [], now)
        heard += [str(happening.event) for happening in news]
    assert heard == ["ringing", "answered", "ended"]
