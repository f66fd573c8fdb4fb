"""Whose the copy of the phonebook is, and what lies aside meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.company import AnotherCompany, Company
from desk_phone.model.entries import Content
from desk_phone.model.flights import Answer
from desk_phone.model.verdict import Trust
from desk_phone.model.wishes import Decision
from desk_phone.store import phonebook_belonging
from desk_phone.store.copies_schema import TABLES
from desk_phone.store.naming import Naming
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_belonging import Belonging
from desk_phone.store.phonebook_doubt import Doubt
from desk_phone.store.phonebook_exchange import Exchange
from desk_phone.store.phonebook_narrow import Known, Listed
from tests.offices import full_disk
from tests.phonebook import ANNA, ANNA_MOVED, ANNA_TAMM, BOB, CHEF, OURS, T0, after, empty_phonebook

THEIRS = Company("P9999999@elion.ee", OURS.service)
RENAMED = Company("P0000001@elion.ee", OURS.service)
LIST = Listed((("5", ANNA), ("6", BOB), ("7", CHEF)), "1")


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_phonebook()) as db:
        yield db


@pytest.fixture
def belonging(db: sqlite3.Connection) -> Belonging:
    return Belonging(db)


@pytest.fixture
def book(db: sqlite3.Connection) -> ContactBook:
    return ContactBook(db)


@pytest.fixture
def ours(db: sqlite3.Connection) -> Exchange:
    exchange = Exchange(db)
    exchange.begin(OURS)
    return exchange


def everything(db: sqlite3.Connection) -> dict[str, list[object]]:
    return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


def work_in(book: ContactBook, exchange: Exchange) -> None:
    """Everything that a copy may hold: edits, a conflict, acts, the trash, spellings."""
    exchange.take(LIST, T0)
    anna, bob, chef = book.contacts()
    book.save(anna.id, ANNA_TAMM, ANNA, T0, "Änna Tamm")
    book.save(bob.id, ANNA, CHEF, T0)
    book.delete(chef.id, CHEF, T0)
    gone = book.add(ANNA_MOVED, T0, "Änna")
    book.delete(gone.id, ANNA_MOVED, T0)
    exchange.take(LIST, after(100))
    assert book.trash()
    assert book.conflicts()


def test_a_copy_is_nobodys_before_a_list_is_believed(
    ours: Exchange, belonging: Belonging, book: ContactBook
) -> None:
    book.add(ANNA, T0)
    assert belonging.owner is None
    odd = Listed((("x", ANNA),), "odd")
    assert ours.take(odd, T0).trust is Trust.REJECTED
    assert belonging.owner is None
    belonging.check(THEIRS)
    ours.take(LIST, T0)
    assert belonging.owner == OURS
    belonging.check(Company(OURS.user.lower(), OURS.service))
    with pytest.raises(AnotherCompany):
        belonging.check(THEIRS)


def test_another_account_begins_no_sync(
    db: sqlite3.Connection, ours: Exchange, book: ContactBook
) -> None:
    work_in(book, ours)
    before = everything(db)
    with pytest.raises(AnotherCompany):
        Exchange(db).begin(THEIRS)
    assert everything(db) == before


def test_a_list_that_comes_after_the_copy_was_changed_changes_nothing(
    db: sqlite3.Connection, ours: Exchange, belonging: Belonging, book: ContactBook
) -> None:
    ours.take(LIST, T0)
    taken = ours.take(Listed((("5", ANNA), ("6", BOB)), "2"), T0)
    book.add(ANNA_TAMM, T0)
    belonging.start_anew(THEIRS, T0)
    before = everything(db)
    with pytest.raises(AnotherCompany):
        ours.take(LIST, after(1))
    assert everything(db) == before
    assert taken.trust is Trust.TRUSTED


def test_a_request_under_way_lies_aside_as_sent(
    ours: Exchange, belonging: Belonging, book: ContactBook
) -> None:
    ours.take(LIST, T0)
    contact = book.add(ANNA_TAMM, T0)
    (push,) = ours.take(LIST, T0).pushes
    write = ours.intend(push, T0)
    assert write is not None
    belonging.start_anew(THEIRS, T0)
    ours.answered(push, write, Answer.DONE, T0)
    with pytest.raises(AnotherCompany):
        ours.intend(push, T0)
    assert book.contacts() == []
    belonging.start_anew(OURS, T0)
    flight = book.contact(contact.id).flight
    assert flight is not None
    assert (flight.state, book.contact(contact.id).may_add) == ("sent", False)


def test_a_copy_goes_aside_whole_and_comes_back_as_it_was(
    db: sqlite3.Connection, ours: Exchange, belonging: Belonging, book: ContactBook
) -> None:
    work_in(book, ours)
    before = everything(db)
    belonging.start_anew(THEIRS, T0)
    assert (book.contacts(), book.trash(), book.conflicts()) == ([], [], [])
    assert (book.past.last_act(), book.past.snapshots()) == (None, [])
    (aside,) = belonging.aside()
    assert (aside.company, aside.at, aside.entries) == (OURS, T0, 3)
    new = Exchange(db)
    new.begin(THEIRS)
    new.take(Listed((("5", CHEF),), "3"), T0)
    (chef,) = book.contacts()
    assert chef.id > 4  # notes hang on ids
    belonging.start_anew(OURS, after(9))
    assert everything(db) == before
    assert [(copy.company, copy.entries) for copy in belonging.aside()] == [(THEIRS, 1)]
    stranger = belonging.stranger(THEIRS)
    assert stranger is not None
    assert stranger.aside == after(9)


def test_the_same_company_carries_on_with_everything(
    ours: Exchange, belonging: Belonging, book: ContactBook, db: sqlite3.Connection
) -> None:
    work_in(book, ours)
    before = book.contacts()
    belonging.carry_on(RENAMED)
    assert book.contacts() == before
    renamed = Exchange(db)
    renamed.begin(RENAMED)
    assert renamed.take(LIST, after(200)).pushes
    with pytest.raises(AnotherCompany):
        ours.take(LIST, after(200))


def test_names_of_the_other_company_leave_the_calls(
    ours: Exchange, belonging: Belonging, db: sqlite3.Connection
) -> None:
    ours.take(LIST, T0)
    db.execute("DELETE FROM names_due")
    belonging.start_anew(THEIRS, T0)
    assert set(Naming(db).due(9)) == {ANNA.number1, BOB.number1, BOB.number2, CHEF.number1}


def test_doubt_about_one_copy_is_not_about_the_other(
    ours: Exchange, belonging: Belonging, db: sqlite3.Connection
) -> None:
    ours.take(LIST, T0)
    ours.take(Listed((), "0"), T0)
    assert Doubt(db).trust is Trust.SUSPICIOUS
    belonging.start_anew(THEIRS, T0)
    assert (Doubt(db).trust, Doubt(db).suspicion) == (Trust.TRUSTED, None)


def test_a_full_disk_leaves_the_copy_where_it_is(
    ours: Exchange,
    belonging: Belonging,
    db: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours.take(LIST, T0)
    before = everything(db)
    monkeypatch.setattr(phonebook_belonging, "writing", full_disk)
    for deed in (belonging.carry_on, lambda company: belonging.start_anew(company, T0)):
        with pytest.raises(BadInput):
            deed(THEIRS)
    assert everything(db) == before


def test_a_list_that_the_other_copy_agreed_with_is_read_for_this_one(
    ours: Exchange, belonging: Belonging
) -> None:
    """The same service, asked as another: the same bytes may come again."""
    ours.take(Listed((("5", ANNA),), "1", body="one"), T0)
    assert ours.known(T0) == Known("one", "1")
    belonging.start_anew(RENAMED, T0)
    ours.begin(RENAMED)
    ours.take(Listed((("5", ANNA), ("6", BOB)), "2", body="two"), T0)
    assert ours.known(T0) == Known("two", "2")
    belonging.start_anew(OURS, T0)
    ours.begin(OURS)
    assert ours.known(T0) == Known("", "1")


# the person's own spelling, in a conflict


@pytest.mark.parametrize("decision", [Decision.BOTH, Decision.MINE])
def test_what_a_person_spells_anew_in_a_conflict_stays_so(
    ours: Exchange, book: ContactBook, decision: Decision
) -> None:
    ours.take(LIST, T0)
    anna = book.contacts()[0]
    book.save(anna.id, ANNA_TAMM, CHEF, T0)
    (conflict,) = book.conflicts()
    sharlotte = Content("Sharlotte", "112233")
    book.decide(conflict.id, decision, T0, sharlotte, "Šarlotte")
    (found,) = (c for c in book.contacts() if c.effective == sharlotte)
    assert book.spelling(found.id) == "Šarlotte"
    assert book.contact(found.id).want == sharlotte


def test_both_keeps_the_spelling_that_ours_had(ours: Exchange, book: ContactBook) -> None:
    ours.take(LIST, T0)
    anna = book.contacts()[0]
    zhanna = Content("Zhanna", ANNA.number1)
    book.save(anna.id, zhanna, ANNA, T0, "Žanna")
    ours.take(Listed((("5", ANNA_MOVED), ("6", BOB), ("7", CHEF)), "2"), T0)
    (conflict,) = book.conflicts()
    book.decide(conflict.id, Decision.BOTH, T0)
    (added,) = (c for c in book.contacts() if c.effective == zhanna)
    assert (book.spelling(anna.id), book.spelling(added.id)) == ("Anna", "Žanna")
