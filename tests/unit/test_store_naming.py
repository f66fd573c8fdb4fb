"""What a number is called: the phonebook's names over the calls' own, and in the search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from desk_phone.model.calls import NameSource
from desk_phone.model.entries import Content
from desk_phone.store.calls import CallFilter, CallLedger, Person
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_exchange import Exchange, Listed
from tests.reported import (
    ANNA,
    BORIS,
    LATE,
    OWN,
    T0,
    after,
    dialled,
    empty_database,
    notice,
    record,
)

COLLEAGUE = "+3726401235"


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def ledger(db: sqlite3.Connection) -> CallLedger:
    """Anna called twice, Boris once; the record calls her something."""
    ledger = CallLedger(db)
    ledger.record(
        *(record(1, T0, name="A TAMM"), record(2, after(1000)), record(3, after(2000), BORIS)),
        now=T0 + LATE,
    )
    return ledger


@pytest.fixture
def book(db: sqlite3.Connection) -> ContactBook:
    return ContactBook(db)


def names(ledger: CallLedger) -> list[str]:
    """Of all calls, oldest first; what a number is called is the same everywhere."""
    calls = ledger.page()[::-1]
    assert [ledger.call(call.id) for call in calls] == calls
    assert sorted(ledger.missed(), key=lambda call: call.start) == calls
    return [call.name for call in calls]


def add(book: ContactBook, name: str, number: str, second: str = "", pretty: str = "") -> int:
    return book.add(Content(name, number, second), T0, pretty).id


def delete(book: ContactBook, contact_id: int) -> None:
    book.delete(contact_id, book.contact(contact_id).effective, T0)


def test_what_no_entry_says_stays_with_its_own_name(ledger: CallLedger, book: ContactBook) -> None:
    add(book, "Chef", "112")
    assert ledger.rename() == ()
    assert names(ledger) == ["A TAMM", "", ""]
    assert not ledger.names_due


def test_an_entry_names_all_calls_of_its_numbers(ledger: CallLedger, book: ContactBook) -> None:
    add(book, "Zhanna", ANNA, BORIS, pretty="Žanna")
    changes = ledger.rename()
    assert names(ledger) == ["Žanna"] * 3
    assert [(c.before.name if c.before else "", c.after.name) for c in changes] == [
        ("A TAMM", "Žanna"),
        ("", "Žanna"),
        ("", "Žanna"),
    ]
    assert not any(change.became_missed for change in changes)
    assert {call.name_source for call in ledger.page()} == {NameSource.PHONEBOOK}
    assert ledger.name_of(ANNA) == ("Žanna", NameSource.PHONEBOOK)


def test_a_call_that_comes_later_has_the_entrys_name(ledger: CallLedger, book: ContactBook) -> None:
    add(book, "Zhanna", ANNA, pretty="Žanna")
    ledger.rename()
    (change,) = ledger.record(record(9, after(3000), name="ANNA"), now=T0 + LATE)
    assert change.after.name == "Žanna"
    (change,) = ledger.record(dialled(after(9000)), now=after(9000))
    assert change.after.name == "Žanna"
    (change,) = ledger.follow_up.handle(ANNA, T0 + LATE)[:1]
    assert (change.before and change.before.name, change.after.name) == ("Žanna", "Žanna")


def test_entries_with_one_number_are_both_named(ledger: CallLedger, book: ContactBook) -> None:
    mari = add(book, "Mari Maasikas", ANNA)
    add(book, "Vastuvõtt", BORIS, ANNA)
    ledger.rename()
    assert names(ledger)[0] == "Mari Maasikas / Vastuvõtt"
    add(book, "Mari Maasikas", "112", ANNA)  # the same name says nothing new
    for number in range(3):
        add(book, f"Other {number}", ANNA)
    ledger.rename()
    assert names(ledger)[0] == "Mari Maasikas / Vastuvõtt / Other 0…"
    delete(book, mari)
    ledger.rename()
    assert names(ledger)[0] == "Vastuvõtt / Mari Maasikas / Other 0…"


def test_the_own_name_is_there_again_when_the_entry_is_gone(
    ledger: CallLedger, book: ContactBook
) -> None:
    anna = add(book, "Anna", ANNA)
    ledger.rename()
    book.save(anna, Content("Anna", BORIS), book.contact(anna).effective, T0)
    ledger.rename()
    assert names(ledger) == ["A TAMM", "", "Anna"]
    delete(book, anna)
    ledger.rename()
    assert names(ledger) == ["A TAMM", "", ""]
    assert ledger.name_of(ANNA) == ("A TAMM", NameSource.RECORD)
    book.restore(anna, T0)
    ledger.rename()
    assert names(ledger) == ["A TAMM", "", "Anna"]


def test_what_a_list_brings_and_takes_away_renames_too(
    db: sqlite3.Connection, ledger: CallLedger
) -> None:
    exchange = Exchange(db)
    exchange.take(Listed((("5", Content("Anna", ANNA)), ("6", Content("B", BORIS))), "1"), T0)
    ledger.rename()
    assert names(ledger) == ["Anna", "Anna", "B"]
    exchange.take(Listed((("5", Content("Anna Tamm", ANNA)), ("6", Content("B", BORIS))), "2"), T0)
    ledger.rename()
    assert names(ledger) == ["Anna Tamm", "Anna Tamm", "B"]
    for digest, minutes in (("3", 0), ("4", 2)):
        listed = Listed((("6", Content("B", BORIS)),), digest)
        exchange.take(listed, after(60 * minutes))
    ledger.rename()
    assert names(ledger) == ["A TAMM", "", "B"]


def test_numbers_alone_or_letters_alone_are_no_change_for_the_calls(
    ledger: CallLedger, book: ContactBook
) -> None:
    anna = add(book, "Anna", ANNA)
    ledger.rename()
    book.save(anna, Content("Anna", ANNA), book.contact(anna).effective, T0)
    assert not ledger.names_due


def test_many_names_are_taken_over_in_slices(db: sqlite3.Connection) -> None:
    ledger, book = CallLedger(db), ContactBook(db)
    for number in range(150):
        add(book, f"Name {number}", f"+372500{number:04}")
    slices = 0
    while ledger.names_due:
        ledger.rename()
        slices += 1
    assert slices == 3
    assert len(ledger.people("name", 1000)) == 150


def test_names_wait_through_a_crash(db: sqlite3.Connection, book: ContactBook) -> None:
    add(book, "Anna", ANNA)
    assert CallLedger(db).names_due  # whoever opens the database next


# search


@pytest.mark.parametrize("text", ["žanna", "zhanna", "zanna", "щук", "shchuk", "5123 4567"])
def test_an_entry_is_found_by_every_spelling(
    ledger: CallLedger, book: ContactBook, text: str
) -> None:
    add(book, "Zhanna Shchukina", ANNA, pretty="Žanna Щукина")
    ledger.rename()
    assert [call.other for call in ledger.page(text=text)] == [ANNA, ANNA]
    assert [person.name for person in ledger.people(text)] == ["Žanna Щукина"]
    assert [person.name for person in ledger.people("a tamm")] == ["Žanna Щукина"]


def test_who_never_called_is_found_but_is_nobodys_last_call(
    ledger: CallLedger, book: ContactBook
) -> None:
    add(book, "Chef", "112")
    add(book, "Anna's chef", ANNA)
    ledger.rename()
    chef = Person("112", "Chef", NameSource.PHONEBOOK, None)
    assert [person.other for person in ledger.people("chef")] == [ANNA, "112"]
    assert ledger.people("chef")[1] == chef
    assert chef not in ledger.people()
    assert ledger.page(text="112") == []
    delete(book, 1)
    ledger.rename()
    assert ledger.people("112") == []


# the company's own lines


def test_lines_are_found_without_a_call(ledger: CallLedger) -> None:
    ledger.hear_lines([OWN, COLLEAGUE])
    assert [person.other for person in ledger.people("640 123")] == [OWN, COLLEAGUE]
    assert {person.other for person in ledger.people()} == {ANNA, BORIS}
    ledger.hear_lines([OWN])
    assert [person.other for person in ledger.people("640 123")] == [OWN]


def test_a_display_name_is_used_where_there_is_no_better(
    ledger: CallLedger, book: ContactBook
) -> None:
    ledger.hear_lines([ANNA, BORIS])
    ledger.name_line(ANNA, "Anna T")
    ledger.name_line(BORIS, "Boris B")
    assert names(ledger) == ["A TAMM", "", "Boris B"]
    assert ledger.name_of(BORIS) == ("Boris B", NameSource.COMPANY)
    assert [person.other for person in ledger.people("anna t")] == [ANNA]
    ledger.hear_lines([ANNA, BORIS])  # that they are there says nothing about their names
    assert ledger.name_of(BORIS) == ("Boris B", NameSource.COMPANY)
    add(book, "Boris", BORIS)
    ledger.rename()
    assert names(ledger)[2] == "Boris"


def test_the_badge_and_the_filters_do_not_mind_names(ledger: CallLedger, book: ContactBook) -> None:
    before = {f: [call.id for call in ledger.page(f)] for f in CallFilter}
    add(book, "Anna", ANNA)
    ledger.rename()
    assert {f: [call.id for call in ledger.page(f)] for f in CallFilter} == before
    assert ledger.missed_people() == 2


def test_a_hidden_call_is_not_told_as_renamed(ledger: CallLedger, book: ContactBook) -> None:
    ledger.hide(ledger.page()[0].id)
    add(book, "Boris", BORIS)
    assert ledger.rename() == ()
    assert [person.name for person in ledger.people("boris")] == ["Boris"]
    ledger.record(notice(after(9000), BORIS), now=after(9000))
    assert [call.name for call in ledger.page()[:1]] == ["Boris"]
