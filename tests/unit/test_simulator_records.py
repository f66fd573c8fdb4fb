"""What records say of calls, in which forms, under which names; and that nothing grows for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desk_phone.model.calls import CallRecord
from desk_phone.simulator import life
from desk_phone.simulator.calls import (
    Fate,
    PhoneCall,
    Way,
    as_recorded,
    national,
    wall_time,
    with_country,
)
from desk_phone.simulator.company import CALLS_KEPT, OWN_NUMBERS, Company
from desk_phone.simulator.people import Person
from desk_phone.simulator.world import Ring, World
from tests.simulated import NOON, OWN, StandingClock

# what a record says


def call(
    *,
    talks: float | None = None,
    early: bool = False,
    name: str = "Mari",
    way: Way = Way.INCOMING,
    other: str = "5123456",
    start: datetime = NOON,
) -> PhoneCall:
    return PhoneCall(
        id=1,
        own=OWN,
        other=other,
        name=name,
        way=way,
        start=start,
        rings=timedelta(seconds=10),
        talks=None if talks is None else timedelta(seconds=talks),
        shows_early=early,
    )


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def said(record: CallRecord | None) -> tuple[str, str, str] | None:
    return record and (record.answered, record.answer[11:], record.release[11:])


@pytest.mark.parametrize("early", [True, False])
def test_a_missed_call_has_neither_answer_nor_release(early: bool) -> None:
    record = call(early=early).record(at(10))
    assert record == CallRecord(
        id="1",
        calling="5123456",
        called="6401234",
        answered="No",
        direction="Terminating",
        start="2026-05-20T12:00:00",
        name="Mari",
        answer="",
        release="",
    )
    assert call(early=early).record(at(86400)) == record


def test_without_a_name_it_says_so_with_hashes() -> None:
    record = call(name="").record(at(60))
    assert record is not None
    assert record.name == "# #"


def test_of_an_outgoing_call_the_own_number_is_the_calling_one() -> None:
    record = call(way=Way.OUTGOING).record(at(60))
    assert record is not None
    assert (record.calling, record.called) == ("6401234", "5123456")
    assert record.direction == "Originating"


@pytest.mark.parametrize(
    ("early", "talks", "told"),
    [
        pytest.param(False, None, {-1: None, 0: None, 9: None, 10: ("No", "", "")}, id="late"),
        pytest.param(
            True, None, {-1: None, 0: ("No", "", ""), 9: ("No", "", ""), 10: ("No", "", "")},
            id="early",
        ),
        pytest.param(
            False, 30.0,
            {0: None, 10: None, 39: None, 40: ("Yes", "12:00:10", "12:00:40")},
            id="late and answered",
        ),
        pytest.param(
            True, 30.0,
            {
                -1: None,
                0: ("No", "", ""),
                9: ("No", "", ""),
                10: ("Yes", "12:00:10", ""),
                39: ("Yes", "12:00:10", ""),
                40: ("Yes", "12:00:10", "12:00:40"),
            },
            id="early and answered",
        ),
    ],
)  # fmt: skip
def test_a_record_appears_and_grows(
    early: bool, talks: float | None, told: dict[int, tuple[str, str, str] | None]
) -> None:
    one = call(early=early, talks=talks)
    assert {second: said(one.record(at(second))) for second in told} == told


@pytest.mark.parametrize(
    ("moment", "wall"),
    [
        (datetime(2026, 10, 25, 0, 30, 0, 999_999, tzinfo=UTC), "2026-10-25T03:30:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25T03:30:00"),
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29T02:59:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T04:00:00"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T02:00:00"),
        (datetime(2026, 7, 1, 21, 0, tzinfo=UTC), "2026-07-02T00:00:00"),
    ],
)
def test_times_are_wall_times_of_tallinn_without_a_zone(moment: datetime, wall: str) -> None:
    assert wall_time(moment) == wall


def test_in_the_doubled_hour_a_call_may_end_before_it_began() -> None:
    start = datetime(2026, 10, 25, 0, 59, 55, tzinfo=UTC)
    record = call(start=start, talks=60).record(start + timedelta(hours=1))
    assert record is not None
    assert record.start == "2026-10-25T03:59:55"
    assert (record.answer, record.release) == ("2026-10-25T03:00:05", "2026-10-25T03:01:05")


@pytest.mark.parametrize(
    ("number", "long", "short", "recorded"),
    [
        ("", "", "", ""),
        ("6401234", "3726401234", "6401234", "6401234"),
        ("64012345", "37264012345", "64012345", "64012345"),
        ("3726401234", "3726401234", "6401234", "6401234"),
        ("+3726401234", "3726401234", "+3726401234", "6401234"),
        ("003726401234", "3726401234", "003726401234", "6401234"),
        ("358401234567", "358401234567", "358401234567", "358401234567"),
        ("00358401234567", "358401234567", "00358401234567", "00358401234567"),
        ("123", "123", "123", "123"),
        ("555111222", "555111222", "555111222", "555111222"),
        ("3726403", "3723726403", "3726403", "3726403"),  # seven digits: a national number
    ],
)
def test_forms_of_numbers(number: str, long: str, short: str, recorded: str) -> None:
    assert with_country(number) == long
    assert national(number) == short
    assert as_recorded(number) == recorded


# nothing grows for ever


def test_a_number_keeps_its_latest_calls_only() -> None:
    company = Company()
    calls = [call(start=at(second)) for second in range(CALLS_KEPT + 10)]
    company.note(*calls[:10])
    company.note(*calls[10:])
    kept = company.calls(OWN)
    assert len(kept) == CALLS_KEPT
    assert (kept[0].start, kept[-1].start) == (at(10), at(CALLS_KEPT + 9))


def test_as_many_records_as_are_wished_have_room() -> None:
    world = World(Company(own=(OWN,)), 1, 1.0, StandingClock())
    world.set_records(CALLS_KEPT + 10)
    assert len(world.company.calls(OWN)) == CALLS_KEPT + 10


def test_other_writers_do_not_fill_the_phonebook() -> None:
    world = World(Company(), 1, 1.0, StandingClock())
    add = life.Writes(0, life.Deed.ADD, Person("5123456", "Anu Tamm"), 0.5)
    for _ in range(1000):
        world.live(add)
    entries = world.company.entries()
    assert len(entries) < 250
    assert {"1", "2", "12"} <= {entry.id for entry in entries}


def test_other_writers_cannot_delete_what_they_did_not_write() -> None:
    world = World(Company(), 1, 1.0, StandingClock())
    delete = life.Writes(0, life.Deed.DELETE, Person("5123456", "Anu Tamm"), 0.999)
    for _ in range(9):
        world.live(delete)
        assert {"1", "2", "12"} <= {entry.id for entry in world.company.entries()}


def test_another_writer_gives_an_entry_a_new_number() -> None:
    world = World(Company(), 1, 1.0, StandingClock())
    world.live(life.Writes(0, life.Deed.UPDATE, Person("5123456", "Anu Tamm"), 0.4))
    changed = {entry.id: entry for entry in world.company.entries()}["2"]
    assert (changed.name, changed.number1, changed.number2) == ("Bob", "5123456", "6123455")


# names


@pytest.mark.parametrize("withheld", ["", "+", "00", "+00"])
def test_no_number_is_nobodys_though_an_entry_has_no_second_number(withheld: str) -> None:
    (noted,) = Company().note(call(other=withheld, name=""))
    assert noted.name == ""


@pytest.mark.parametrize("number", ["6123455", "3726123455", "+3726123455", "003726123455"])
def test_the_phonebook_names_callers(number: str) -> None:
    """ "The phonebook will also be used to insert name info", says the service's text."""
    (noted,) = Company().note(call(other=number, name="Somebody"))
    assert noted.name == "Bob"


def test_a_colleague_shows_the_name_of_the_line() -> None:
    company = Company()
    company.name_line(OWN_NUMBERS[3], "Mari", "Maasikas")
    (noted,) = company.note(call(other="6403231", name=""))
    assert noted.name == "Mari Maasikas"


def test_the_first_entry_with_a_number_names_it() -> None:
    company = Company()
    company.add("Late", "6123455")
    (noted,) = company.note(call(other="6123455"))
    assert noted.name == "Bob"


def test_a_ring_from_the_past_is_in_its_place() -> None:
    world = World(Company(), 1, 1.0, StandingClock())
    world.fill_month()
    world.ring(Ring(OWN, "5123456", fate=Fate.ANSWERED, after=-86400 * 3.0))
    starts = [record.start for record in world.company.history(OWN, NOON)]
    assert starts == sorted(starts, reverse=True)
    assert wall_time(NOON - timedelta(days=3)) in starts
