"""Sources and their people in the database: replaced in slices, named in order, never lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.errors import BadInput
from desk_phone.model.calls import NameSource
from desk_phone.model.elsewhere import Listing, Outsider, Source, SourceKind
from desk_phone.model.entries import Content
from desk_phone.store.calls import CallLedger
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.store.phonebook import ContactBook
from tests.reported import ANNA, BORIS, LATE, T0, after, empty_database, record

CHEF = "+3726409999"


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def ledger(db: sqlite3.Connection) -> CallLedger:
    """Anna called, whom the record names, and Boris, whom nobody names."""
    ledger = CallLedger(db)
    ledger.record(record(1, T0, name="A TAMM"), record(2, after(2000), BORIS), now=T0 + LATE)
    return ledger


def person(name: str, *numbers: str, company: str = "") -> Outsider:
    return Outsider(name, numbers, numbers, company)


def add(db: sqlite3.Connection, label: str = "Cloud") -> Source:
    return Sources(db).add(SourceKind.WEB, f"https://{label}.example/", label, "", label)


def put(db: sqlite3.Connection, source: Source, *people: Outsider) -> None:
    for _ in Outsiders(db).replacing(source.id, people):
        pass


def rename(ledger: CallLedger) -> None:
    while ledger.names_due:
        ledger.rename()


def shown(ledger: CallLedger, number: str) -> tuple[str, NameSource, str]:
    (call,) = (call for call in ledger.page() if call.other == number)
    assert ledger.name_of(number) == (call.name, call.name_source)
    return call.name, call.name_source, call.name_label


# Sources


def test_a_source_is_added_once(db: sqlite3.Connection) -> None:
    first = add(db)
    with pytest.raises(BadInput, match="there already"):
        add(db)
    assert [state.source for state in Sources(db).states()] == [first]


def test_what_is_not_there_is_said(db: sqlite3.Connection) -> None:
    with pytest.raises(BadInput, match="no source 7"):
        Sources(db).state(7)


def test_an_id_is_never_given_twice(db: sqlite3.Connection) -> None:
    first = add(db)
    Sources(db).forget(first.id)
    assert add(db).id != first.id


def test_a_failure_keeps_what_there_was(db: sqlite3.Connection) -> None:
    sources, source = Sources(db), add(db)
    listing = Listing((person("Anna", ANNA),), 3, "mark")
    put(db, source, *listing.people)
    sources.finished(source.id, listing, listing.digest, T0)
    sources.failed(source.id, "Gone\nIt is not there")
    state = sources.state(source.id)
    assert (state.entries, state.left_out, state.read_at) == (1, 3, T0)
    assert state.trouble == "Gone\nIt is not there"
    assert sources.known(source.id).mark == "mark"
    assert [found.name for _, _, found in Outsiders(db).everyone()] == ["Anna"]
    sources.unchanged(source.id, after(60))
    assert sources.state(source.id).trouble == ""
    assert sources.state(source.id).read_at == after(60)


@pytest.mark.parametrize(
    ("before", "now", "doubted"),
    [
        pytest.param(0, 0, False, id="nothing before"),
        pytest.param(1, 0, True, id="the last one"),
        pytest.param(9, 1, False, id="too few to tell"),
        pytest.param(10, 5, False, id="half"),
        pytest.param(10, 4, True, id="less than half"),
        pytest.param(1000, 900, False, id="some"),
        pytest.param(10, 90, False, id="more"),
    ],
)
def test_a_list_that_shrank_is_doubted(
    db: sqlite3.Connection, before: int, now: int, doubted: bool
) -> None:
    sources, source = Sources(db), add(db)
    people = tuple(person(f"P{n}", f"+3725{n:07}") for n in range(max(before, now)))
    sources.finished(source.id, Listing(people[:before]), "a", T0)
    assert sources.doubt(source.id, Listing(people[:now]), "b", T0) is doubted


def test_what_stays_short_for_a_day_is_believed_and_an_empty_list_never(
    db: sqlite3.Connection,
) -> None:
    sources, source = Sources(db), add(db)
    people = tuple(person(f"P{n}", f"+3725{n:07}") for n in range(100))
    sources.finished(source.id, Listing(people), "a", T0)
    short, day = Listing(people[:3]), timedelta(days=1)
    assert sources.doubt(source.id, short, "b", T0)
    assert sources.doubt(source.id, short, "b", T0 + day / 2)
    assert sources.doubt(source.id, short, "c", T0 + day * 0.9)  # another one: anew
    assert sources.doubt(source.id, short, "c", T0 + day * 1.5)
    assert not sources.doubt(source.id, short, "c", T0 + day * 2)
    for days in range(5):
        assert sources.doubt(source.id, Listing(()), "d", T0 + day * days)


def test_a_list_that_is_whole_again_ends_the_doubt(db: sqlite3.Connection) -> None:
    sources, source = Sources(db), add(db)
    people = tuple(person(f"P{n}", f"+3725{n:07}") for n in range(100))
    sources.finished(source.id, Listing(people), "a", T0)
    short = Listing(people[:3])
    assert sources.doubt(source.id, short, "b", T0)
    sources.unchanged(source.id, after(60))
    assert sources.doubt(source.id, short, "b", T0 + timedelta(days=3))


# Names


def test_the_phonebook_s_name_comes_first_then_elsewhere_then_the_record(
    db: sqlite3.Connection, ledger: CallLedger
) -> None:
    ledger.hear_lines([ANNA, BORIS])
    ledger.name_line(BORIS, "Line")
    assert shown(ledger, BORIS) == ("Line", NameSource.COMPANY, "")
    source = add(db)
    put(db, source, person("Anna from the cloud", ANNA), person("Boris", BORIS))
    rename(ledger)
    assert shown(ledger, ANNA) == ("Anna from the cloud", NameSource.ELSEWHERE, "Cloud")
    assert shown(ledger, BORIS) == ("Boris", NameSource.ELSEWHERE, "Cloud")
    entry = ContactBook(db).add(Content("Anna Tamm", ANNA), T0).id
    rename(ledger)
    assert shown(ledger, ANNA) == ("Anna Tamm", NameSource.PHONEBOOK, "")
    book = ContactBook(db)
    book.delete(entry, book.contact(entry).effective, T0)
    rename(ledger)
    assert shown(ledger, ANNA) == ("Anna from the cloud", NameSource.ELSEWHERE, "Cloud")
    put(db, source)
    rename(ledger)
    assert shown(ledger, ANNA) == ("A TAMM", NameSource.RECORD, "")
    assert shown(ledger, BORIS) == ("Line", NameSource.COMPANY, "")


def test_the_oldest_source_that_knows_a_number_names_it(
    db: sqlite3.Connection, ledger: CallLedger
) -> None:
    first, second = add(db, "First"), add(db, "Second")
    put(db, second, person("Anna II", ANNA), person("B", BORIS), person("A", BORIS))
    rename(ledger)
    assert shown(ledger, ANNA) == ("Anna II", NameSource.ELSEWHERE, "Second")
    assert shown(ledger, BORIS)[0] == "A / B"
    put(db, first, person("Anna I", ANNA))
    rename(ledger)
    assert shown(ledger, ANNA) == ("Anna I", NameSource.ELSEWHERE, "First")
    assert {person.other for person in ledger.people("anna ii")} == {ANNA}


def test_calls_follow_the_label(db: sqlite3.Connection, ledger: CallLedger) -> None:
    source = add(db)
    put(db, source, person("Anna", ANNA))
    rename(ledger)
    Sources(db).call(source.id, "My phone")
    rename(ledger)
    assert shown(ledger, ANNA) == ("Anna", NameSource.ELSEWHERE, "My phone")


def test_who_never_called_is_named_and_costs_the_calls_nothing(
    db: sqlite3.Connection, ledger: CallLedger
) -> None:
    put(db, add(db), person("Chef", CHEF), person("Anna", ANNA))
    assert db.execute("SELECT other FROM names_due").fetchall() == [(ANNA,)]
    rename(ledger)
    assert ledger.name_of(CHEF) == ("Chef", NameSource.ELSEWHERE)
    assert ledger.people("chef") == []  # the directory finds them
    ledger.record(record(9, after(9000), CHEF), now=T0 + LATE)
    assert shown(ledger, CHEF) == ("Chef", NameSource.ELSEWHERE, "Cloud")
    assert [person.name_label for person in ledger.people("chef")] == ["Cloud"]


# People


def test_people_come_back_as_they_were(db: sqlite3.Connection) -> None:
    mari = Outsider("Žanna", (ANNA, BORIS), ("512", "555"), "Firma")
    put(db, add(db, "A"), mari)
    put(db, add(db, "B"), person("Chef", CHEF), mari)
    found = list(Outsiders(db).everyone())
    assert [(id_, label) for id_, label, _ in found] == [(1, "A"), (2, "B"), (2, "B")]
    assert {someone for _, _, someone in found} == {mari, person("Chef", CHEF)}
    assert Outsiders(db).with_number(BORIS) == ((1, "A", mari), (2, "B", mari))


def test_what_ends_early_is_done_at_the_next(db: sqlite3.Connection) -> None:
    source, outsiders = add(db), Outsiders(db)
    before = [person(f"P{n}", f"+3725{n:07}") for n in range(1000)]
    after_ = [person(f"Q{n}", f"+3725{n:07}") for n in range(1000)]
    put(db, source, *before)
    for _ in islice(outsiders.replacing(source.id, after_), 3):
        pass
    there = list(outsiders.of_source(source.id))
    assert set(before) < set(there)  # nobody is gone before the others are there
    put(db, source, *after_)
    assert set(outsiders.of_source(source.id)) == set(after_)


def test_whoever_leaves_takes_their_names_along(db: sqlite3.Connection, ledger: CallLedger) -> None:
    source, sources = add(db), Sources(db)
    put(db, source, person("Anna", ANNA))
    sources.finished(source.id, Listing((), 0, "mark"), "digest", T0)
    steps = Outsiders(db).leaving(source.id)
    next(steps)
    assert sources.known(source.id).mark == ""  # should it end here, the next reading is whole
    list(steps)
    sources.forget(source.id)
    rename(ledger)
    assert shown(ledger, ANNA) == ("A TAMM", NameSource.RECORD, "")
    assert sources.states() == ()
    assert db.execute("SELECT count(*) FROM outside_numbers").fetchone() == (0,)


NUMBERS = st.sampled_from([ANNA, BORIS, CHEF, "+3726400001", "112"])
PEOPLE = st.builds(
    lambda name, numbers: person(name, *dict.fromkeys(numbers)),
    st.sampled_from("ABCD"),
    st.lists(NUMBERS, min_size=1, max_size=4),
)
LISTS = st.lists(st.tuples(st.integers(1, 2), st.lists(PEOPLE, max_size=8)), max_size=8)


@settings(max_examples=80, deadline=None)
@given(LISTS, st.integers(0, 6))
def test_after_any_lists_the_names_are_those_of_the_last_ones(
    lists: list[tuple[int, list[Outsider]]], stop: int
) -> None:
    """Whatever came before, some of it broken off."""
    with closing(empty_database()) as db:
        ledger, outsiders = CallLedger(db), Outsiders(db)
        ledger.record(record(1, T0), record(2, after(2000), BORIS), now=T0 + LATE)
        add(db, "One")
        add(db, "Two")
        last: dict[int, set[Outsider]] = {1: set(), 2: set()}
        for source, people in lists:
            for _ in islice(outsiders.replacing(source, people), stop):
                pass
            for _ in outsiders.replacing(source, people):
                pass
            last[source] = set(people)
        rename(ledger)
        for source, wanted in last.items():
            assert set(outsiders.of_source(source)) == wanted
        for number in (ANNA, BORIS):
            names: list[str] = []
            for source in (2, 1):
                names = sorted({p.name for p in last[source] if number in p.numbers}) or names
            said = " / ".join(names[:3]) + ("…" if len(names) > 3 else "")
            assert shown(ledger, number)[0] == said
