from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.entries import Contact, Content, Flight, FlightState, Hold, Kind
from desk_phone.model.undo import Step
from desk_phone.model.verdict import Trust
from desk_phone.model.wishes import Decision
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_doubt import Doubt
from desk_phone.store.phonebook_exchange import Exchange
from desk_phone.store.phonebook_narrow import Listed, Ours, narrow
from desk_phone.store.phonebook_past import KEPT, KEPT_WHOLE, Why
from desk_phone.store.phonebook_rows import Rows
from desk_phone.store.steps import in_place
from tests.phonebook import (
    ANNA,
    ANNA_MOVED,
    ANNA_TAMM,
    BOB,
    BOB_TURNED,
    CHEF,
    T0,
    after,
    empty_phonebook,
)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_phonebook()) as db:
        yield db


@pytest.fixture
def book(db: sqlite3.Connection) -> ContactBook:
    return ContactBook(db)


@pytest.fixture
def exchange(db: sqlite3.Connection) -> Exchange:
    return Exchange(db)


def lists(**listed: Content) -> Listed:
    """``_5=ANNA``: the entry with id 5 is listed as ANNA."""
    entries = tuple((server_id.removeprefix("_"), content) for server_id, content in listed.items())
    return Listed(entries, repr(entries))


def agreed(book: ContactBook, exchange: Exchange, **listed: Content) -> list[Contact]:
    """What the book holds after a trusted list."""
    assert exchange.take(lists(**listed), T0).trust is Trust.TRUSTED
    return book.contacts()


# acts that are refused


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(Content("Žanna", "112"), id="letter"),
        pytest.param(Content("", "112"), id="no-name"),
        pytest.param(Content("Anna", ""), id="no-number"),
        pytest.param(Content("Anna", " ", " "), id="blank-numbers"),
        pytest.param(Content("Anna", "Võru 12"), id="no-ascii-number"),
        pytest.param(Content("x" * 129, "112"), id="long"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_it_is_saved(
    book: ContactBook, content: Content
) -> None:
    known = book.add(CHEF, T0)
    with pytest.raises(BadInput):
        book.add(content, T0)
    with pytest.raises(BadInput):
        book.save(known.id, content, CHEF, T0)
    assert book.contacts() == [known]


def test_the_same_content_twice_is_refused(book: ContactBook) -> None:
    book.add(BOB, T0)
    other = book.add(CHEF, T0)
    with pytest.raises(BadInput, match="already there"):
        book.add(BOB_TURNED, T0)
    with pytest.raises(BadInput, match="already there"):
        book.save(other.id, BOB_TURNED, CHEF, T0)


def test_what_is_being_deleted_may_be_added_again(book: ContactBook) -> None:
    first = book.add(BOB, T0)
    book.delete(first.id, BOB, T0)
    assert book.add(BOB, T0).id != first.id


def test_an_entry_may_be_saved_as_it_is(book: ContactBook) -> None:
    contact = book.add(BOB, T0)
    assert book.save(contact.id, BOB_TURNED, BOB, T0).want == BOB_TURNED


def test_a_name_is_composed_and_numbers_are_kept_as_lists_show_them(book: ContactBook) -> None:
    contact = book.add(Content("O\u0303nne", "", "+372123456"), T0)
    assert contact.want == Content("Õnne", "123456")


def test_the_same_number_twice_is_kept_once(book: ContactBook) -> None:
    assert book.add(Content("Anna", "112", "112"), T0).want == Content("Anna", "112")


# the form was open while a list came


def test_an_edit_of_what_has_changed_goes_to_the_conflict_list(
    book: ContactBook, exchange: Exchange
) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    exchange.take(lists(_5=ANNA_MOVED), T0)
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    (conflict,) = book.conflicts()
    assert (conflict.ours, conflict.theirs) == (ANNA_TAMM, ANNA_MOVED)
    assert book.contact(contact.id).quiet


def test_a_deletion_of_what_has_changed_goes_to_the_conflict_list(
    book: ContactBook, exchange: Exchange
) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    exchange.take(lists(_5=ANNA_MOVED), T0)
    book.delete(contact.id, ANNA, T0)
    (conflict,) = book.conflicts()
    assert conflict.ours is None
    assert book.contact(contact.id).effective == ANNA_MOVED


def test_an_edit_of_what_has_gone_goes_to_the_conflict_list(
    book: ContactBook, exchange: Exchange
) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA, _6=BOB)[:1]
    for seconds in (1, 100):
        exchange.take(lists(_6=BOB), after(seconds))
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    assert [conflict.ours for conflict in book.conflicts()] == [ANNA_TAMM]


def test_acts_that_belong_together_are_undone_as_one(book: ContactBook) -> None:
    """But for an entry that somebody changed since; what was done before stays."""
    book.add(CHEF, T0)
    together = book.past.new_together()
    with book.past.as_part(together):
        anna, bob = book.add(ANNA, T0), book.add(BOB, T0)
    assert book.past.last_together() == (together, 2)
    book.save(bob.id, BOB_TURNED, BOB, T0)
    book.save(bob.id, Content("Robert", BOB.number1), BOB_TURNED, T0)
    assert book.past.last_together() == (0, 1)
    assert book.past.new_together() > together
    assert book.undo_part(together, T0, 1) == ([bob.id], 1)
    assert book.undo_part(together, T0, 10) == ([anna.id], 0)
    assert book.undo_part(together, T0, 10) == ([], 0)
    assert {c.effective.name for c in book.contacts() if c.effective} == {CHEF.name, "Robert"}


# conflicts


@pytest.mark.parametrize(
    ("decision", "text", "wants"),
    [
        pytest.param(Decision.MINE, None, [ANNA_TAMM], id="mine"),
        pytest.param(Decision.THEIRS, None, [None], id="theirs"),
        pytest.param(Decision.BOTH, None, [None, ANNA_TAMM], id="both"),
        pytest.param(Decision.MINE, CHEF, [CHEF], id="edit"),
    ],
)
def test_a_conflict_is_decided(
    book: ContactBook,
    exchange: Exchange,
    decision: Decision,
    text: Content | None,
    wants: list[Content | None],
) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    assert exchange.take(lists(_5=ANNA_MOVED), T0).clashes == 1
    book.decide(book.conflicts()[0].id, decision, T0, text)
    assert [contact.want for contact in book.contacts()] == wants
    assert book.conflicts() == []


def test_mine_against_a_deletion_adds_it_again_with_its_own_id(
    book: ContactBook, exchange: Exchange
) -> None:
    contact = agreed(book, exchange, _5=ANNA, _6=BOB)[0]
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    for seconds in (1, 100):
        exchange.take(lists(_6=BOB), after(seconds))
    book.decide(book.conflicts()[0].id, Decision.MINE, T0)
    pushes = exchange.take(lists(_6=BOB), after(101)).pushes
    assert [(push.contact, push.kind, push.content) for push in pushes] == [
        (contact.id, Kind.ADD, ANNA_TAMM)
    ]


def test_mine_of_a_deletion_deletes_what_stands_there_now(
    book: ContactBook, exchange: Exchange
) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.delete(contact.id, ANNA, T0)
    exchange.take(lists(_5=ANNA_MOVED), T0)
    book.decide(book.conflicts()[0].id, Decision.MINE, T0)
    (push,) = exchange.take(lists(_5=ANNA_MOVED), T0).pushes
    assert (push.kind, push.content) == (Kind.DELETE, ANNA_MOVED)


def test_both_of_a_deletion_deletes_nothing(book: ContactBook, exchange: Exchange) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.delete(contact.id, ANNA, T0)
    exchange.take(lists(_5=ANNA_MOVED), T0)
    book.decide(book.conflicts()[0].id, Decision.BOTH, T0)
    assert exchange.take(lists(_5=ANNA_MOVED), T0).pushes == ()
    assert [contact.effective for contact in book.contacts()] == [ANNA_MOVED]
    assert book.conflicts() == []


def test_a_conflict_that_came_about_by_itself_is_closed(
    book: ContactBook, exchange: Exchange
) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    exchange.take(lists(_5=ANNA_MOVED), T0)
    exchange.take(lists(_5=ANNA_TAMM), T0)
    assert book.conflicts() == []


def test_a_conflict_stays_open_while_another_wish_is_on_its_way(
    book: ContactBook, exchange: Exchange
) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    book.save(contact.id, ANNA, CHEF, T0)  # from a form that was open for too long
    exchange.take(lists(_5=ANNA), T0)
    assert [conflict.ours for conflict in book.conflicts()] == [ANNA]


def test_a_decided_conflict_cannot_be_decided_again(book: ContactBook, exchange: Exchange) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.save(contact.id, ANNA_TAMM, BOB, T0)
    (conflict,) = book.conflicts()
    book.decide(conflict.id, Decision.THEIRS, T0)
    with pytest.raises(KeyError):
        book.decide(conflict.id, Decision.MINE, T0)


# undo, trash, snapshots


def test_an_edit_is_undone(book: ContactBook, exchange: Exchange) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    assert book.undo(T0) == Step(contact.id, ANNA_TAMM, ANNA)
    assert book.contact(contact.id) == contact


def test_acts_are_undone_one_after_another(book: ContactBook) -> None:
    contact = book.add(ANNA, T0)
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    book.delete(contact.id, ANNA_TAMM, T0)
    shown = []
    while book.undo(T0) is not None:
        shown.append(book.contact(contact.id).effective)
    assert shown == [ANNA_TAMM, ANNA, None]


def test_what_somebody_changed_since_is_not_undone(book: ContactBook, exchange: Exchange) -> None:
    (contact,) = agreed(book, exchange, _5=ANNA)
    book.save(contact.id, ANNA_TAMM, ANNA, T0)
    exchange.take(lists(_5=ANNA_MOVED), T0)
    with pytest.raises(BadInput, match="changed since"):
        book.undo(T0)
    assert book.contact(contact.id).effective == ANNA_MOVED


def test_an_entry_is_restored_from_the_trash_with_its_id(
    book: ContactBook, exchange: Exchange
) -> None:
    contact = agreed(book, exchange, _5=ANNA, _6=BOB)[0]
    for seconds in (1, 100):
        exchange.take(lists(_6=BOB), after(seconds))
    assert [gone.id for gone in book.trash()] == [contact.id]
    book.restore(contact.id, after(101))
    (push,) = exchange.take(lists(_6=BOB), after(200)).pushes
    assert (push.contact, push.kind, push.content) == (contact.id, Kind.ADD, ANNA)


def test_a_restored_entry_that_is_listed_again_is_not_added(
    book: ContactBook, exchange: Exchange
) -> None:
    contact = agreed(book, exchange, _5=ANNA, _6=BOB)[0]
    for seconds in (1, 100):
        exchange.take(lists(_6=BOB), after(seconds))
    book.restore(contact.id, after(101))
    assert exchange.take(lists(_5=ANNA, _6=BOB), after(200)).pushes == ()
    assert book.contact(contact.id) == contact


def test_an_entry_whose_id_another_has_by_now_is_restored_without_it(
    book: ContactBook, exchange: Exchange
) -> None:
    contact = agreed(book, exchange, _5=ANNA, _6=BOB)[0]
    for seconds in (1, 100):
        exchange.take(lists(_6=BOB), after(seconds))
    exchange.take(lists(_5=CHEF, _6=BOB), after(101))
    book.restore(contact.id, after(102))
    assert book.contact(contact.id) == Contact(contact.id, want=ANNA, may_add=True)


def test_the_trash_is_emptied_after_90_days_but_not_under_an_open_conflict(
    book: ContactBook, exchange: Exchange
) -> None:
    anna, bob, _ = agreed(book, exchange, _5=ANNA, _6=BOB, _7=CHEF)
    book.save(bob.id, Content("Rob", "112"), BOB, T0)
    for seconds in (1, 100):
        exchange.take(lists(_7=CHEF), after(seconds))
    assert {gone.id for gone in book.trash()} == {anna.id, bob.id}
    exchange.take(lists(_7=CHEF), after(200) + KEPT)
    assert {gone.id for gone in book.trash()} == {bob.id}
    with pytest.raises(KeyError):
        book.contact(anna.id)


def test_an_id_is_never_given_twice(book: ContactBook, db: sqlite3.Connection) -> None:
    first = book.add(ANNA, T0)
    db.execute("DELETE FROM contacts")
    assert book.add(ANNA, T0).id > first.id


def test_a_snapshot_is_brought_back_by_steps(book: ContactBook, exchange: Exchange) -> None:
    anna, bob = agreed(book, exchange, _5=ANNA, _6=BOB)
    (snapshot,) = book.past.snapshots()
    assert (snapshot.why, snapshot.entries) == (Why.DAILY, 2)
    book.save(anna.id, ANNA_TAMM, ANNA, T0)
    book.delete(bob.id, BOB, T0)
    chef = book.add(CHEF, T0)
    steps = book.restoration(snapshot.id)
    assert steps == (
        Step(anna.id, ANNA_TAMM, ANNA),
        Step(bob.id, None, BOB),
        Step(chef.id, CHEF, None),
    )
    for step in steps:
        book.take(step, T0)
    assert [contact.effective for contact in book.contacts()] == [ANNA, BOB, None]
    assert book.restoration(snapshot.id) == ()


def test_a_snapshot_does_not_double_what_stands_there_under_another_id(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    (anna,) = agreed(book, exchange, _5=ANNA)
    (snapshot,) = book.past.snapshots()
    db.execute("DELETE FROM contacts WHERE id = ?", (anna.id,))
    book.add(ANNA, T0)
    assert book.restoration(snapshot.id) == ()


def test_an_entry_of_a_snapshot_that_nobody_remembers_is_added(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    agreed(book, exchange, _5=ANNA)
    (snapshot,) = book.past.snapshots()
    db.execute("DELETE FROM contacts")
    (step,) = book.restoration(snapshot.id)
    book.take(step, T0)
    assert [contact.effective for contact in book.contacts()] == [ANNA]


def test_one_snapshot_a_day_and_the_newest_are_kept(book: ContactBook, exchange: Exchange) -> None:
    for day in range(100):
        for hour in range(3):
            in_place(exchange.before_writing(T0 + timedelta(days=day, hours=hour)))
    kept = book.past.snapshots()
    days = {snapshot.at.date() for snapshot in kept}
    assert len(days) == 91  # the last 90 days and today
    assert len(kept) == KEPT_WHOLE + 91 - KEPT_WHOLE // 3


# reading


def test_the_own_spelling_is_kept_until_somebody_changes_the_name(
    book: ContactBook, exchange: Exchange
) -> None:
    contact = book.add(Content("Zhanna", "112"), T0, pretty="Žanna")
    assert book.spelling(contact.id) == "Žanna"
    exchange.take(lists(_5=Content("Zhanna", "112")), T0)
    assert book.spelling(contact.id) == "Žanna"
    exchange.take(lists(_5=Content("Zhanna Tamm", "112")), T0)
    assert book.spelling(contact.id) == "Zhanna Tamm"
    exchange.take(lists(_5=Content("Zhanna", "112")), T0)
    assert book.spelling(contact.id) == "Žanna"


def test_entries_are_found_by_either_number(book: ContactBook) -> None:
    contact = book.add(BOB, T0, pretty="Боб")
    book.add(CHEF, T0)
    assert book.by_number(BOB.number2) == [(contact, "Боб")]
    assert book.by_number("") == []
    book.delete(contact.id, BOB, T0)
    assert book.by_number(BOB.number2) == []


def test_doubles_are_told(book: ContactBook, exchange: Exchange) -> None:
    agreed(book, exchange, _5=BOB, _6=BOB_TURNED, _7=CHEF)
    assert [[contact.server_id for contact in group] for group in book.doubles()] == [["5", "6"]]


@pytest.mark.parametrize(
    "contact",
    [
        pytest.param(Contact(0), id="nothing"),
        pytest.param(
            Contact(
                *(0, "5", ANNA, BOB, True, True),
                Flight(Kind.UPDATE, BOB, ANNA, FlightState.ACKNOWLEDGED, after(0.25), 2),
                *(Hold.REFUSED, "ERR1003", after(1), None),
            ),
            id="everything",
        ),
    ],
)
def test_an_entry_is_read_as_it_was_written(db: sqlite3.Connection, contact: Contact) -> None:
    stored = Rows(db).put(contact)
    assert Rows(db).get(stored.id) == replace(contact, id=stored.id)


def test_two_entries_may_change_places_in_one_list(db: sqlite3.Connection) -> None:
    rows = Rows(db)
    before = [rows.put(Contact(0, "5", ANNA)), rows.put(Contact(0, "6", BOB))]
    rows.put_changed(before, [replace(before[0], server_id="6"), replace(before[1], server_id="5")])
    assert [contact.server_id for contact in rows.all()] == ["6", "5"]


# only what differs is read


def test_only_what_a_list_shows_otherwise_is_looked_at(
    db: sqlite3.Connection, book: ContactBook, exchange: Exchange
) -> None:
    anna, bob, chef = agreed(book, exchange, _5=ANNA, _6=BOB, _7=CHEF)
    book.delete(chef.id, CHEF, T0)
    rows = Rows(db)
    ours = Ours(rows.calm(), rows.busy(), rows.gone())
    near = narrow(ours, lists(_5=ANNA_MOVED, _6=BOB, _7=CHEF, _8=ANNA_TAMM))
    assert [contact.id for contact in sorted(near.contacts, key=lambda c: c.id)] == [
        anna.id,
        chef.id,
    ]
    assert [server_id for server_id, _ in near.entries] == ["5", "7", "8"]
    assert near.settled == 1
    assert bob.id not in exchange.take(lists(_5=ANNA_MOVED, _6=BOB, _7=CHEF), T0).changed


def test_settled_entries_count_when_a_list_is_judged(book: ContactBook, exchange: Exchange) -> None:
    ten = {f"_{n}": Content(f"Entry {n}", f"+37264{n:05}") for n in range(1, 11)}
    agreed(book, exchange, **ten)
    eight = dict(list(ten.items())[:8])
    assert exchange.take(lists(**eight), T0).trust is Trust.TRUSTED
    seven = dict(list(ten.items())[:7])
    assert exchange.take(lists(**seven), T0).trust is Trust.SUSPICIOUS


def test_an_add_of_what_a_settled_entry_says_waits_for_a_person(
    db: sqlite3.Connection, book: ContactBook, exchange: Exchange
) -> None:
    agreed(book, exchange, _5=BOB)
    double = Rows(db).put(Contact(0, want=BOB_TURNED, may_add=True))
    assert exchange.take(lists(_5=BOB, _6=CHEF), T0).pushes == ()
    assert book.contact(double.id).hold is Hold.ALREADY_THERE


# doubt


def suspicious(exchange: Exchange, times: int) -> None:
    for n in range(times):
        assert exchange.take(lists(), after(60 * n)).trust is Trust.SUSPICIOUS


def test_a_person_is_asked_after_three_such_lists(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    agreed(book, exchange, _5=ANNA, _6=BOB)
    suspicious(exchange, 2)
    suspicion = Doubt(db).suspicion
    assert suspicion is not None
    assert not suspicion.asks
    suspicious(exchange, 1)
    suspicion = Doubt(db).suspicion
    assert suspicion is not None
    assert suspicion.asks
    assert len(suspicion.missing) == 2
    assert len(book.contacts()) == 2


def test_a_trusted_list_ends_the_suspicion(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    agreed(book, exchange, _5=ANNA, _6=BOB)
    suspicious(exchange, 3)
    exchange.take(lists(_5=ANNA, _6=BOB), after(999))
    assert Doubt(db).suspicion is None
    assert Doubt(db).trust is Trust.TRUSTED


def test_keep_waiting_asks_again_after_three_more(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    agreed(book, exchange, _5=ANNA, _6=BOB)
    suspicious(exchange, 3)
    Doubt(db).keep_waiting()
    asks = []
    for _ in range(3):
        suspicious(exchange, 1)
        suspicion = Doubt(db).suspicion
        asks.append(suspicion is not None and suspicion.asks)
    assert asks == [False, False, True]


def test_deleted_on_purpose_believes_the_next_list(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    agreed(book, exchange, _5=ANNA, _6=BOB)
    suspicious(exchange, 3)
    Doubt(db).deleted_on_purpose()
    assert exchange.take(lists(), after(999)).trust is Trust.TRUSTED
    assert book.contacts() == []


def test_put_mine_back_adds_what_is_still_missing(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    accented = Content("André", "112")
    agreed(book, exchange, _5=ANNA, _6=BOB, _7=accented)
    suspicious(exchange, 3)
    Doubt(db).put_mine_back()
    taken = exchange.take(lists(_6=BOB), after(999))
    assert [(push.kind, push.content) for push in taken.pushes] == [
        (Kind.ADD, ANNA),
        (Kind.ADD, Content("Andre", "112")),
    ]


def test_new_ids_are_taken_over_once_a_person_says_so(
    book: ContactBook, exchange: Exchange, db: sqlite3.Connection
) -> None:
    before = agreed(book, exchange, _5=ANNA, _6=BOB, _7=CHEF)
    book.save(before[0].id, ANNA_TAMM, ANNA, T0)
    renumbered = lists(_6=ANNA, _7=BOB, _8=CHEF)
    assert exchange.take(renumbered, T0).trust is Trust.RENUMBERED
    assert Doubt(db).trust is Trust.RENUMBERED
    Doubt(db).accept_new_ids()
    taken = exchange.take(renumbered, T0)
    assert taken.trust is Trust.TRUSTED
    assert [(push.contact, push.server_id) for push in taken.pushes] == [(before[0].id, "6")]
    assert [contact.server_id for contact in book.contacts()] == ["6", "7", "8"]
    assert not Doubt(db).ids_are_new
