"""Reading the ledger: pages, filters, search, people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from desk_phone.model.calls import Call, NameSource, Record
from desk_phone.model.moment import micros
from desk_phone.store.calls import CallFilter, CallLedger, Person, Sought
from tests.reported import LATE, OWN, T0, after, empty_database, notice, record

PEOPLE = {
    "+37251234567": "Žanna Щербакова",
    "+3726403231": "Иванов Иван",
    "+3726403299": "Õunapuu & Pojad",
    "+358401234567": "Matti Meikäläinen",
    "+37255512345": "Anna-Liisa Kask",
    "4567": "Anna Tamm",
    "+37260000002": "# #",
}


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def ledger(db: sqlite3.Connection) -> CallLedger:
    return CallLedger(db)


def fill(ledger: CallLedger) -> None:
    """One missed call of everybody, an hour apart, the last one of the first in PEOPLE's order."""
    hours = range(len(PEOPLE), 0, -1)
    for hour, (other, name) in zip(hours, PEOPLE.items(), strict=True):
        one = record(hour, T0 + timedelta(hours=hour), other, name=name)
        ledger.record(one, now=T0 + LATE)


def names(calls: list[Call] | list[Person]) -> list[str]:
    return [call.name for call in calls]


# search


@pytest.mark.parametrize(
    "text", ["xyz", "+1", "+640", "+++", "''; --", "%", "_", "zzzz", "''", "0" * 9]
)
def test_what_is_nobodys_finds_nothing(ledger: CallLedger, text: str) -> None:
    fill(ledger)
    assert ledger.page(text=text) == []
    assert ledger.people(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("иванов", ["Иванов Иван"], id="as written"),
        pytest.param("ivanov", ["Иванов Иван"], id="transliterated"),
        pytest.param("bdfyjd", ["Иванов Иван"], id="on the wrong keyboard"),
        pytest.param("ivan iva", ["Иванов Иван"], id="two beginnings"),
        pytest.param("щерб", ["Žanna Щербакова"], id="a beginning"),
        pytest.param("shcherbakova", ["Žanna Щербакова"], id="one way to write it"),
        pytest.param("štšerbakova zhanna", ["Žanna Щербакова"], id="another, the other way round"),
        pytest.param("shche", ["Žanna Щербакова"], id="half a sound typed"),
        pytest.param("zanna", ["Žanna Щербакова"], id="without marks"),
        pytest.param("ounapuu", ["Õunapuu & Pojad"], id="Estonian without marks"),
        pytest.param("ÕUNAPUU", ["Õunapuu & Pojad"], id="capitals"),
        pytest.param("napuu", ["Õunapuu & Pojad"], id="the middle of a word"),
        pytest.param("ъгтфзгг", ["Õunapuu & Pojad"], id="Russian keys"),
        pytest.param("anna", ["Anna-Liisa Kask", "Anna Tamm", "Žanna Щербакова"], id="several"),
        pytest.param("liisa anna", ["Anna-Liisa Kask"], id="every word must fit"),
        pytest.param("640 32", ["Иванов Иван", "Õunapuu & Pojad"], id="a number's beginning"),
        pytest.param("+372 640", ["Иванов Иван", "Õunapuu & Pojad"], id="with its country"),
        pytest.param("00372640", ["Иванов Иван", "Õunapuu & Pojad"], id="as dialled from abroad"),
        pytest.param("6403231", ["Иванов Иван"], id="a whole number"),
        pytest.param("(640) 32-31", ["Иванов Иван"], id="with signs"),
        pytest.param("3231", ["Иванов Иван"], id="its end"),
        pytest.param("040 123", [], id="no national form is known abroad"),
        pytest.param("40 123", ["Matti Meikäläinen"], id="abroad"),
        pytest.param("4567", ["Anna Tamm", "Žanna Щербакова", "Matti Meikäläinen"], id="internal"),
        pytest.param("60000002", [""], id="of no plan"),
        pytest.param("matti 401", ["Matti Meikäläinen"], id="name and number"),
    ],
)
def test_search(ledger: CallLedger, text: str, found: list[str]) -> None:
    fill(ledger)
    assert names(ledger.people(text)) == found
    assert sorted(names(ledger.page(text=text))) == sorted(found)


def test_the_keys_of_a_phone_spell_a_name_for_the_palette_only(ledger: CallLedger) -> None:
    fill(ledger)
    assert names(ledger.people("2662")) == ["Anna-Liisa Kask", "Anna Tamm"]
    assert ledger.page(text="2662") == []


def test_a_very_long_text_is_no_trouble(ledger: CallLedger) -> None:
    fill(ledger)
    assert ledger.people("anna " * 2000) != []
    assert ledger.page(text="x y z " * 2000) == []
    assert ledger.people("4567" * 2000) == []


def test_every_name_a_number_ever_had_finds_it(ledger: CallLedger) -> None:
    old, new = record(1, T0, name="Old Ltd"), record(2, after(1000), name="New Ltd")
    ledger.record(old, new, record(3, after(2000)), now=T0 + LATE)
    assert len(ledger.page(text="old")) == len(ledger.page(text="new")) == 3
    assert names(ledger.people("old")) == ["New Ltd"]


def test_a_search_within_a_filter(ledger: CallLedger) -> None:
    ledger.record(
        record(1, T0, name="Anna"),
        record(2, after(999), name="Anna", incoming=False),
        now=T0 + LATE,
    )
    assert [c.record_id for c in ledger.page(CallFilter.MISSED, "anna")] == ["1"]
    assert [c.record_id for c in ledger.page(CallFilter.OUTGOING, "anna")] == ["2"]


@pytest.mark.parametrize("few", [0, 10_000], ids=["through all calls", "number by number"])
def test_a_search_finds_the_same_whichever_way_it_goes(
    ledger: CallLedger, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("desk_phone.store.pages._FEW", few)
    ledger.record(*by_hundreds(140), now=T0 + LATE)
    ledger.record(record(999, after(7), "+3726403231", name="Anna"), now=T0 + LATE)
    assert len(ledger.page(text="0000003")) == 20
    assert len(ledger.page(CallFilter.MISSED, "+3725")) == 140


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        pytest.param(Sought("matti", by_name=False), [], id="names are the directory's"),
        pytest.param(
            Sought("matti", ("+358401234567",), by_name=False),
            ["Matti Meikäläinen"],
            id="its answer",
        ),
        pytest.param(
            Sought("4567", ("+37255512345",), by_name=False),
            ["Žanna Щербакова", "Matti Meikäläinen", "Anna-Liisa Kask", "Anna Tamm"],
            id="numbers that it does not know yet",
        ),
        pytest.param(Sought("0" * 9, by_name=False), [], id="nobody"),
        pytest.param(Sought(), list(PEOPLE.values()), id="all"),
    ],
)
def test_whom_somebody_else_found(ledger: CallLedger, sought: Sought, found: list[str]) -> None:
    fill(ledger)
    assert [call.name or "# #" for call in ledger.page(text=sought)] == found


@pytest.mark.parametrize("few", [0, 10_000], ids=["through all calls", "number by number"])
def test_calls_that_are_known_otherwise_are_found_too(
    ledger: CallLedger, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Say, because a note of them holds the text."""
    monkeypatch.setattr("desk_phone.store.pages._FEW", few)
    fill(ledger)
    noted = ledger.page(text="matti")[0].id
    assert [call.id for call in ledger.page(text=Sought("xyz", calls=(noted,)))] == [noted]
    both = ledger.page(text=Sought("liisa", calls=(noted,)))
    assert names(both) == ["Matti Meikäläinen", "Anna-Liisa Kask"]
    assert ledger.page(CallFilter.OUTGOING, Sought("", calls=(noted,))) == []


# people


def test_the_last_people_come_first(ledger: CallLedger) -> None:
    fill(ledger)
    assert [p.other for p in ledger.people()] == list(PEOPLE)
    assert ledger.people(limit=1) == [
        Person("+37251234567", "Žanna Щербакова", NameSource.RECORD, T0 + timedelta(hours=7))
    ]


def test_withheld_numbers_are_nobody(ledger: CallLedger) -> None:
    ledger.record(notice(T0, "", name="Somebody"), now=T0)
    assert ledger.people() == []
    assert ledger.people("somebody") == []


def test_the_best_match_is_before_the_latest(ledger: CallLedger) -> None:
    ledger.record(
        record(1, T0, "+3725551111", name="Anna"),
        record(2, after(900), "+3725552222", name="Joanna"),
        now=T0 + LATE,
    )
    assert names(ledger.people("anna")) == ["Anna", "Joanna"]
    assert names(ledger.people()) == ["Joanna", "Anna"]


# pages


def by_hundreds(count: int) -> list[Record]:
    """Ten calls start in every second."""
    return [record(n, after(n // 10), f"+3725{n % 7:07}") for n in range(count)]


@pytest.mark.parametrize("text", ["", "+3725"], ids=["all", "found"])
def test_pages_follow_each_other_without_gap_or_repeat(ledger: CallLedger, text: str) -> None:
    ledger.record(*by_hundreds(250), now=T0 + LATE)
    found: list[Call] = []
    while page := ledger.page(text=text, after=found[-1] if found else None, limit=37):
        assert len(page) <= 37
        found += page
    keys = [(call.start, call.id) for call in found]
    assert keys == sorted(keys, reverse=True)
    assert len({call.id for call in found}) == 250


def test_a_call_that_comes_while_somebody_scrolls_moves_no_page(ledger: CallLedger) -> None:
    ledger.record(*by_hundreds(100), now=T0 + LATE)
    first = ledger.page(limit=20)
    ledger.record(record(1000, after(5000)), now=T0 + LATE)
    second = ledger.page(after=first[-1], limit=20)
    assert not {c.id for c in first} & {c.id for c in second}
    assert ledger.page(after=first[-1], limit=0) == []


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (CallFilter.ALL, ["5", "4", "3", "2", "1"]),
        (CallFilter.MISSED, ["4", "1"]),
        (CallFilter.INCOMING, ["4", "2", "1"]),
        (CallFilter.OUTGOING, ["5", "3"]),
    ],
)
def test_filters(ledger: CallLedger, chosen: CallFilter, found: list[str]) -> None:
    ledger.record(
        record(1, T0),
        record(2, after(1000), answer=3, release=9),
        record(3, after(2000), incoming=False),
        record(4, after(3000)),
        record(5, after(4000), incoming=False, answer=3, release=9),
        now=T0 + LATE,
    )
    assert [c.record_id for c in ledger.page(chosen)] == found


def test_to_call_back_has_one_row_a_person_whom_one_can_call(ledger: CallLedger) -> None:
    others = ("+3725551111", "+3725552222", "+3725553333")
    for n, other in enumerate(others * 2):
        ledger.record(record(n, after(1000 * n), other), now=T0 + LATE)
    withheld = Record(OWN, replace(record(99, after(9000)).record, calling=""))
    ledger.record(withheld, now=T0 + LATE)
    assert [c.record_id for c in ledger.page(CallFilter.CALL_BACK)] == ["5", "4", "3"]
    ledger.record(record(50, after(20000), others[1], incoming=False, answer=5), now=T0 + LATE)
    assert [c.record_id for c in ledger.page(CallFilter.CALL_BACK)] == ["5", "3"]
    ledger.follow_up.handle(others[2], T0 + LATE)
    first = ledger.page(CallFilter.CALL_BACK)[0]
    ledger.hide(first.id)
    assert [c.record_id for c in ledger.page(CallFilter.CALL_BACK)] == ["0"]
    assert [c.record_id for c in ledger.page(CallFilter.CALL_BACK, "5551111")] == ["0"]


def test_no_page_reads_more_than_it_shows(ledger: CallLedger, db: sqlite3.Connection) -> None:
    """By index and by key: no sorting, no offset, no going through the whole table."""
    plans: list[str] = []
    db.set_trace_callback(plans.append)
    last = ledger.record(*by_hundreds(20), now=T0 + LATE)[5].after
    plans.clear()
    for chosen in (f for f in CallFilter if f is not CallFilter.CALL_BACK):
        ledger.page(chosen, after=last)
    db.set_trace_callback(None)
    assert micros(last.start) > 0
    plans = [statement for statement in plans if "FROM calls" in statement]
    assert len(plans) == 4
    for statement in plans:
        told = " ".join(row[3] for row in db.execute("EXPLAIN QUERY PLAN " + statement))
        assert "USING INDEX" in told
        assert "TEMP B-TREE" not in told
        assert "SCAN" not in told
