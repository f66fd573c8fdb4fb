"""Whom a text means: the phonebook, the calls, the company's lines and others' contacts as one."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import pytest

from desk_phone.app.everybody import Everybody, Listed, Origin
from desk_phone.model.elsewhere import Outsider
from desk_phone.model.entries import Content
from desk_phone.store.calls import CallLedger
from desk_phone.store.phonebook import ContactBook
from tests.reported import LATE, T0, after, empty_database, record

ANNA, ANNAS_DESK, BORIS, LINE = "+37251234567", "+3726403299", "+37255512345", "+3726403240"
RIGA = "+37125551234"


@dataclass
class World:
    """A database, and everybody in it."""

    book: ContactBook
    ledger: CallLedger
    everybody: Everybody

    def add(self, name: str, *numbers: str, pretty: str = "") -> int:
        return self.book.add(Content(name, *numbers), T0, pretty).id

    def call(self, other: str, name: str = "# #", at: float = 0) -> None:
        now = T0 + LATE
        self.ledger.record(record(f"{other} {at}", after(at), other, name=name), now=now)

    def build(self) -> None:
        while self.ledger.names_due:
            self.ledger.rename()
        through(self.everybody.build())

    def refresh(self, *contacts: int, numbers: tuple[str, ...] = ()) -> None:
        while self.ledger.names_due:
            self.ledger.rename()
        through(self.everybody.refresh(contacts, numbers))

    def found(self, text: str) -> list[tuple[str, str, Origin]]:
        return [(one.name, one.number, one.origin) for one in self.everybody.search(text)]

    def names(self, text: str) -> list[str]:
        return [one.name for one in self.everybody.search(text)]


def through(work: Iterator[None]) -> None:
    deque(work, maxlen=0)


def outsider(name: str, *numbers: str, company: str = "") -> Outsider:
    return Outsider(name, numbers, numbers, company)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def world(db: sqlite3.Connection) -> World:
    book, ledger = ContactBook(db), CallLedger(db)
    return World(book, ledger, Everybody(book, ledger))


# before it is built, and nothing to be found


def test_nobody_is_found_before_it_is_built(world: World) -> None:
    world.add("Anna Tamm", ANNA)
    assert not world.everybody.ready
    assert (world.names("anna"), world.everybody.numbers("anna")) == ([], ())
    work = world.everybody.build()
    next(work)
    assert not world.everybody.ready
    through(work)
    assert world.names("anna") == ["Anna Tamm"]


@pytest.mark.parametrize("text", ["", "  ", "...", "--", "%", "+", "(", "🙂", "\n", "\x00", "zzz"])
def test_what_means_nobody_finds_nobody(world: World, text: str) -> None:
    world.add("Anna Tamm", ANNA)
    world.call(ANNA)
    world.build()
    assert world.everybody.search(text) == []
    assert world.everybody.entries(text, 10) == []
    assert world.everybody.numbers(text) == ()


@pytest.mark.parametrize("text", ["anna " * 40, "a" * 5000, "5" * 5000, "\u202eanna" * 50])
def test_a_very_long_text_does_no_harm(world: World, text: str) -> None:
    world.add("Anna Tamm", ANNA)
    world.build()
    assert len(world.everybody.search(text)) <= 1
    assert len(world.everybody.entries(text, 10)) <= 1


# one result


def test_a_number_in_the_phonebook_and_in_the_calls_is_one_result(world: World) -> None:
    contact = world.add("Zhanna Tamm", ANNA, pretty="Žanna Tamm")
    world.call(ANNA, "TAMM ZANNA", 60)
    world.build()
    listed = Listed(ANNA, "Žanna Tamm", Origin.PHONEBOOK, contact=contact, last=after(60))
    for text in ("zanna", "Žanna", "жанна", "tamm", "5123", "TAMM ZANNA"):
        assert world.everybody.search(text) == [listed]


def test_a_name_that_only_the_calls_say_finds_whose_number_it_is_now(world: World) -> None:
    world.add("Anna Tamm", ANNA)
    world.call(ANNA, "Old Ltd")
    world.build()
    assert world.found("old") == [("Anna Tamm", ANNA, Origin.PHONEBOOK)]


def test_two_entries_with_one_number_are_both_found(world: World) -> None:
    world.add("Anna Tamm", ANNA)
    world.add("Reception", ANNA)
    world.call(ANNA, "Old Ltd")
    world.build()
    assert sorted(world.names("5123")) == ["Anna Tamm", "Reception"]
    assert sorted(world.names("old")) == ["Anna Tamm", "Reception"]
    assert world.names("anna") == ["Anna Tamm"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        pytest.param("anna", [ANNA, ANNAS_DESK], id="by name, in their order"),
        pytest.param("3299", [ANNAS_DESK, ANNA], id="the one that answers first"),
    ],
)
def test_an_entry_with_two_numbers_gives_both(world: World, text: str, numbers: list[str]) -> None:
    world.add("Anna Tamm", ANNA, ANNAS_DESK)
    world.build()
    assert [number for _, number, _ in world.found(text)] == numbers


def test_whoever_is_in_no_phonebook_is_found_by_every_name_of_their_calls(world: World) -> None:
    world.call(BORIS, "Old Ltd", 0)
    world.call(BORIS, "New Ltd", 60)
    world.build()
    for text in ("old", "new", "555 12345"):
        assert world.found(text) == [("New Ltd", BORIS, Origin.CALLS)]


def test_a_line_of_the_company_is_found_without_any_call(world: World) -> None:
    world.ledger.hear_lines([LINE])
    world.ledger.name_line(LINE, "Õnne Kask")
    world.build()
    assert world.found("onne") == [("Õnne Kask", LINE, Origin.COMPANY)]
    assert world.everybody.numbers("onne") == ()  # no call has that number


# others' contacts


def test_others_contacts_are_found_by_name_company_and_number(world: World) -> None:
    people = [outsider("Ivan Kask", BORIS, RIGA, company="Riia Mets SIA")]
    world.everybody.put_outside(7, "Outlook", people)
    assert world.names("ivan") == []
    world.build()
    wanted = Listed(BORIS, "Ivan Kask", Origin.ELSEWHERE, "Outlook", "Riia Mets SIA")
    for text in ("иван", "riia", "555 123"):
        assert world.everybody.search(text)[0] == wanted
    world.everybody.drop_outside(7)
    world.build()
    assert world.names("ivan") == []


def test_a_source_that_is_read_anew_replaces_what_it_said(world: World) -> None:
    world.everybody.put_outside(1, "A", [outsider("Ivan Kask", BORIS)])
    world.everybody.put_outside(2, "B", iter([outsider("Olga Kask", RIGA)]))
    world.build()
    world.everybody.put_outside(1, "A", [outsider("Igor Kask", BORIS)])
    assert sorted(world.names("kask")) == ["Ivan Kask", "Olga Kask"]
    world.build()
    assert sorted(world.names("kask")) == ["Igor Kask", "Olga Kask"]


def test_a_source_that_was_read_halfway_is_read_to_its_end(world: World) -> None:
    people = [outsider(f"Person {n:03}", f"+37126{n:06}") for n in range(200)]
    world.everybody.put_outside(1, "A", iter(people))
    work = world.everybody.build()
    next(work)
    world.build()  # something changed meanwhile
    assert len(world.everybody) == 200


def test_the_phonebook_is_shown_before_others_with_the_same_number(world: World) -> None:
    world.everybody.put_outside(1, "A", [outsider("Anna (client)", ANNA)])
    world.add("Anna Tamm", ANNA)
    world.build()
    assert world.found("anna") == [("Anna Tamm", ANNA, Origin.PHONEBOOK)]
    assert world.found("client") == [("Anna (client)", ANNA, Origin.ELSEWHERE)]


def test_others_contacts_and_the_calls_are_one_result(world: World) -> None:
    world.everybody.put_outside(1, "A", [outsider("Boris Kask", BORIS)])
    world.everybody.put_outside(2, "B", [outsider("Boris Kask", BORIS)])
    world.call(BORIS, "KASK B", 60)
    world.build()
    for text in ("boris", "kask b", "55512345"):
        (found,) = world.everybody.search(text)
        assert (found.name, found.origin, found.last) == (
            *("Boris Kask", Origin.ELSEWHERE),
            after(60),
        )
    assert world.everybody.numbers("boris") == (BORIS,)


# who comes first


def test_late_and_frequent_callers_come_first_then_the_phonebook(world: World) -> None:
    day = 86_400
    world.everybody.put_outside(1, "A", [outsider("Mari Elsewhere", RIGA)])
    world.add("Mari Never", "+3726000001")
    world.add("Mari Early", "+3726000002")
    for n in range(10):
        world.call("+3726000004", "Mari Often", 60 * day + n)
    world.call("+3726000002", at=60 * day)
    world.call("+3726000003", "Mari Once", 62 * day)
    world.build()
    order = ["Mari Early", "Mari Often", "Mari Once", "Mari Never", "Mari Elsewhere"]
    assert world.names("mari") == order


# the numbers of the calls


def test_the_calls_are_told_all_numbers_and_only_theirs(world: World) -> None:
    for n in range(300):
        world.add(f"Mari {n:03}", f"+37264{n:05}")
    called = [f"+37264{n:05}" for n in range(0, 300, 2)]
    for at, number in enumerate(called):
        world.call(number, at=at)
    world.build()
    assert sorted(world.everybody.numbers("mari")) == called
    assert len(world.everybody.numbers("mari", 7)) == 7


def test_guesses_count_among_the_calls_only_where_nothing_was_found(world: World) -> None:
    world.add("Anna Tamm", "+3726000001")  # 2662 on the keys of a phone
    world.call("+3726000001")
    world.build()
    assert world.everybody.numbers("2662") == ("+3726000001",)
    world.call("+3725552662")
    world.refresh(numbers=("+3725552662",))
    assert world.everybody.numbers("2662") == ("+3725552662",)
    assert [number for _, number, _ in world.found("2662")] == ["+3725552662", "+3726000001"]


# what changes


def test_changes_are_taken_over(world: World) -> None:
    anna = world.add("Anna Tamm", ANNA)
    world.call(ANNA, "Old Ltd")
    world.build()
    world.book.save(anna, Content("Berta Tamm", BORIS), Content("Anna Tamm", ANNA), T0)
    world.refresh(anna)
    assert world.found("tamm") == [("Berta Tamm", BORIS, Origin.PHONEBOOK)]
    assert world.found("old") == world.found("51234567") == [("Old Ltd", ANNA, Origin.CALLS)]
    world.call(BORIS, at=120)
    world.refresh(numbers=(BORIS,))
    assert [one.last for one in world.everybody.search("berta")] == [after(120)]
    assert world.everybody.numbers("berta") == (BORIS,)


def test_an_entry_that_is_deleted_is_for_the_phonebook_page_until_the_server_knows(
    world: World,
) -> None:
    contact = world.add("Anna Tamm", ANNA)
    world.build()
    world.book.delete(contact, Content("Anna Tamm", ANNA), T0)
    world.refresh(contact)
    if world.book.contact(contact).live:
        assert world.everybody.entries("anna", 10) == [contact]
    assert world.names("anna") == []
    world.book.restore(contact, T0)
    world.refresh(contact)
    assert world.names("anna") == ["Anna Tamm"]


def test_a_call_that_is_hidden_takes_its_number_away(world: World) -> None:
    world.call(BORIS, "Boris")
    world.build()
    (call,) = world.ledger.page()
    world.ledger.hide(call.id)
    world.refresh(numbers=(BORIS,))
    assert world.names("boris") == []


def test_what_lived_through_changes_answers_like_what_is_built_anew(world: World) -> None:
    ids = [world.add(f"Mari {n}", f"+3726400{n:03}") for n in range(60)]
    world.build()
    for n in range(0, 60, 3):
        world.call(f"+3726400{n:03}", f"Caller {n}", n)
    for contact in ids[::4]:
        content = world.book.contact(contact).effective
        assert content is not None
        world.book.save(contact, Content(f"Jaan {contact}", content.number1), content, T0)
    world.refresh(*ids[::4], numbers=tuple(f"+3726400{n:03}" for n in range(0, 60, 3)))
    texts = ("mari", "jaan", "caller", "640", "4000", "6400012")
    lived = [world.everybody.search(text, 100) for text in texts]
    world.build()
    assert [world.everybody.search(text, 100) for text in texts] == lived


def test_work_is_done_in_small_pieces(world: World) -> None:
    for n in range(500):
        world.call(f"+37264{n:05}", f"Mari {n}", n)
    world.everybody.put_outside(1, "A", [outsider(f"P {n}", f"+3712{n:07}") for n in range(500)])
    assert sum(1 for _ in world.everybody.build()) > 40


def test_time_of_calls_long_ago_does_not_weigh_less_than_no_call(world: World) -> None:
    world.add("Mari A", "+3726000001")
    world.add("Mari B", "+3726000002")
    world.call("+3726000002", at=-timedelta(days=365 * 20).total_seconds())
    world.build()
    assert world.names("mari") == ["Mari B", "Mari A"]
