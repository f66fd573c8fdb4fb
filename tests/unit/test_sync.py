from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from desk_phone.app.acts import Act, Errand, LaneName, perform
from desk_phone.app.sync import ADDS_AT_ONCE, Synced, sync
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.company import AnotherCompany, Company
from desk_phone.model.entries import Contact, Content, FlightState, Hold, Standing
from desk_phone.model.flights import Answer
from desk_phone.model.pieces import at_once
from desk_phone.model.verdict import Trust
from desk_phone.store.database import open_database
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_exchange import Exchange
from desk_phone.store.phonebook_past import Why
from desk_phone.telco.service import Entry
from tests.fakes import FakeTelco
from tests.phonebook import (
    ANNA,
    ANNA_MOVED,
    ANNA_TAMM,
    BOB,
    CHEF,
    OURS,
    Asking,
    Clock,
    empty_phonebook,
    write,
    writes,
)

THEIRS = Company("P9999999@elion.ee", OURS.service)
DOWN = Offline("No connection")
SILENT = Uncertain("No answer")


@dataclass
class Office:
    telco: FakeTelco
    clock: Clock
    ask: Asking
    book: ContactBook
    exchange: Exchange

    def sync(self, going: Callable[[], bool] = lambda: True) -> Synced:
        return perform(sync(self.ask, self.exchange, OURS, self.clock, going))

    def later(self, seconds: float = 100) -> Synced:
        self.clock.passes(seconds)
        return self.sync()

    def add(self, content: Content) -> Contact:
        return self.book.add(content, self.clock.now)

    def edit(self, contact: Contact, content: Content) -> Contact:
        now = self.book.contact(contact.id)
        return self.book.save(contact.id, content, now.effective, self.clock.now)

    def delete(self, contact: Contact) -> Contact:
        now = self.book.contact(contact.id)
        return self.book.delete(contact.id, now.effective, self.clock.now)

    def contact(self, contact: Contact) -> Contact:
        return self.book.contact(contact.id)

    def there(self) -> list[Content]:
        return [Content(e.name, e.number1, e.number2) for e in self.telco.entries_.values()]


@pytest.fixture
def office() -> Iterator[Office]:
    with closing(empty_phonebook()) as db:
        telco = FakeTelco()
        yield Office(telco, Clock(), Asking(telco), ContactBook(db), Exchange(db))


@pytest.fixture
def anna(office: Office) -> Contact:
    """An entry on which everybody agrees."""
    write(office.telco, ANNA, BOB)
    office.sync()
    office.telco.asked.clear()
    return office.book.contacts()[0]


def finish(act: Act[Synced], errand: Errand) -> Synced:
    """The rest of a sync, from ``errand`` on."""
    try:
        while True:
            errand = act.send(errand.work())
    except StopIteration as end:
        return cast("Synced", end.value)


# what does not work


@pytest.mark.parametrize(
    "trouble", [DOWN, SILENT, BadCredentials("No"), Refused("No", code="ERR003")]
)
def test_without_a_list_nothing_happens(office: Office, anna: Contact, trouble: PhoneError) -> None:
    office.edit(anna, ANNA_TAMM)
    office.telco.trouble["entries"].append(trouble)
    with pytest.raises(type(trouble)):
        office.sync()
    assert writes(office.telco) == []
    assert office.contact(anna).want == ANNA_TAMM


def test_a_rejected_list_changes_and_sends_nothing(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.telco.entries_["x7"] = Entry("x7", "Odd", "1")
    synced = office.sync()
    assert (synced.trust, synced.sent, synced.look_again is not None) == (Trust.REJECTED, 0, True)
    assert len(office.book.contacts()) == 2


def test_an_update_that_surely_was_not_sent_is_sent_by_the_next_sync(
    office: Office, anna: Contact
) -> None:
    office.edit(anna, ANNA_TAMM)
    office.telco.trouble["update_entry"].append(DOWN)
    with pytest.raises(Offline):
        office.sync()
    assert office.contact(anna).flight is None
    assert office.sync().sent == 1
    assert office.there()[0] == ANNA_TAMM


def test_an_add_that_surely_was_not_sent_is_sent_by_the_next_sync(office: Office) -> None:
    office.add(CHEF)
    office.telco.trouble["add_entry"].append(DOWN)
    with pytest.raises(Offline):
        office.sync()
    office.sync()
    assert office.there() == [CHEF]


def test_an_add_without_an_answer_is_never_sent_again(office: Office) -> None:
    contact = office.add(CHEF)
    office.telco.trouble["add_entry"].append(SILENT)
    with pytest.raises(Uncertain):
        office.sync()
    office.telco.entries_.clear()  # it was lost after all
    for _ in range(5):
        office.later()
    assert writes(office.telco) == ["add_entry"]
    assert office.book.held() == [office.contact(contact)]
    assert office.contact(contact).hold is Hold.NOT_FOUND


def test_a_parked_add_is_sent_once_for_one_click(office: Office) -> None:
    contact = office.add(CHEF)
    office.telco.trouble["add_entry"].append(SILENT)
    with pytest.raises(Uncertain):
        office.sync()
    office.telco.entries_.clear()
    for _ in range(3):
        office.later()
    office.book.try_again(contact.id, office.clock.now)
    for _ in range(3):
        office.later()
    assert writes(office.telco) == ["add_entry", "add_entry"]
    assert office.contact(contact).standing is Standing.ON_SERVER


def test_an_add_without_an_answer_is_found(office: Office) -> None:
    contact = office.add(CHEF)
    office.telco.trouble["add_entry"].append(SILENT)
    with pytest.raises(Uncertain):
        office.sync()
    office.sync()
    assert office.contact(contact).standing is Standing.ON_SERVER
    assert office.there() == [CHEF]


def test_an_update_without_an_answer_is_sent_again_when_two_lists_lack_it(
    office: Office, anna: Contact
) -> None:
    office.edit(anna, ANNA_TAMM)
    office.telco.trouble["update_entry"].append(SILENT)
    with pytest.raises(Uncertain):
        office.sync()
    office.telco.entries_["1"] = Entry("1", ANNA.name, ANNA.number1)  # it was lost after all
    assert office.later(10).sent == 0
    assert office.later(100).sent == 1
    assert office.there()[0] == ANNA_TAMM


def test_an_unknown_id_on_update_goes_to_the_conflict_list(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.telco.trouble["update_entry"].append(Refused("Gone", code="ERR1002"))
    office.sync()
    (conflict,) = office.book.conflicts()
    assert (conflict.ours, conflict.theirs) == (ANNA_TAMM, ANNA)
    assert writes(office.telco) == ["update_entry"]


def test_an_unknown_id_on_delete_means_that_it_is_gone_already(
    office: Office, anna: Contact
) -> None:
    office.delete(anna)
    office.telco.trouble["delete_entry"].append(Refused("Gone", code="ERR1002"))
    del office.telco.entries_["1"]
    office.telco.entries_["1"] = Entry("1", ANNA.name, ANNA.number1)
    office.sync()
    del office.telco.entries_["1"]
    office.sync()
    assert [gone.id for gone in office.book.trash()] == [anna.id]
    assert writes(office.telco) == ["delete_entry"]


@pytest.mark.parametrize("kind", ["update_entry", "add_entry"])
@pytest.mark.parametrize("code", ["ERR1003", "ERR002"])
def test_a_refused_entry_is_parked_with_the_words_and_the_others_go_on(
    office: Office, anna: Contact, kind: str, code: str
) -> None:
    first = office.edit(anna, ANNA_TAMM) if kind == "update_entry" else office.add(CHEF)
    second = office.edit(office.book.contacts()[1], Content("Rob", "112"))
    if kind == "add_entry":
        second = office.add(Content("Dora", "1234"))
    office.telco.trouble[kind].append(Refused("Unallowed Character", code=code))
    office.sync()
    assert office.contact(first).hold is Hold.REFUSED
    assert office.contact(first).words == "Unallowed Character"
    assert office.contact(second).standing is Standing.ON_SERVER
    assert office.later().sent == 0


def test_a_new_text_for_a_refused_add_is_sent(office: Office) -> None:
    contact = office.add(CHEF)
    office.telco.trouble["add_entry"].append(Refused("No", code="ERR1003"))
    office.sync()
    office.edit(contact, Content("Chief", "112"))
    office.sync()
    assert office.there() == [Content("Chief", "112")]


@pytest.mark.parametrize("trouble", [BadCredentials("No"), Refused("No", code="ERR003")])
def test_who_may_not_write_stops(office: Office, anna: Contact, trouble: PhoneError) -> None:
    office.edit(anna, ANNA_TAMM)
    office.add(CHEF)
    office.telco.trouble["update_entry"].append(trouble)
    with pytest.raises(type(trouble)):
        office.sync()
    assert writes(office.telco) == ["update_entry"]
    assert office.contact(anna).want == ANNA_TAMM
    assert office.contact(anna).hold is Hold.NONE


def test_a_code_that_is_not_documented_leaves_doubt(office: Office) -> None:
    contact = office.add(CHEF)
    office.telco.trouble["add_entry"].append(Refused("Fault", code="SOAP-ENV:Server"))
    with pytest.raises(Refused):
        office.sync()
    flight = office.contact(contact).flight
    assert flight is not None
    assert flight.state is FlightState.UNKNOWN


def test_what_is_caught_before_sending_is_parked(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.telco.trouble["update_entry"].append(BadInput("A character cannot be sent"))
    office.sync()
    assert office.contact(anna).hold is Hold.REFUSED


def test_an_unallowed_letter_never_leaves(
    office: Office, anna: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_phone.model.wishes.problems", lambda _name: ())
    contact = office.add(Content("Žanna", "112"))
    office.sync()
    assert writes(office.telco) == []
    assert office.contact(contact).hold is Hold.REFUSED


def test_a_suspicious_list_in_the_middle_ends_the_writing(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.edit(office.book.contacts()[1], Content("Rob", "112"))
    update = office.telco.update_entry

    def lose_everything(entry: Entry) -> None:
        update(entry)
        office.telco.entries_.clear()

    office.telco.update_entry = lose_everything  # type: ignore[method-assign]
    synced = office.sync()
    assert (synced.trust, synced.sent) == (Trust.SUSPICIOUS, 1)
    assert len(office.book.contacts()) == 2


# how it works


def test_the_first_list_fills_the_phonebook(office: Office) -> None:
    write(office.telco, ANNA, BOB)
    synced = office.sync()
    assert [contact.effective for contact in office.book.contacts()] == [ANNA, BOB]
    assert (synced.sent, len(synced.changed)) == (0, 2)


def test_everything_is_asked_on_the_upkeep_lane(office: Office) -> None:
    office.add(CHEF)
    office.sync()
    assert set(office.ask.lanes) == {LaneName.UPKEEP}


def test_every_change_has_a_list_right_before_it(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.delete(office.book.contacts()[1])
    office.sync()
    assert [str(asked[0]) for asked in office.telco.asked] == [
        *("entries", "update_entry"),
        *("entries", "delete_entry"),
        "entries",
    ]
    assert office.there() == [ANNA_TAMM]


def test_adds_go_in_batches_between_two_lists(office: Office) -> None:
    for n in range(ADDS_AT_ONCE + 3):
        office.add(Content(f"Entry {n}", f"+37264{n:05}"))
    assert office.sync().sent == ADDS_AT_ONCE + 3
    asked = [str(asked[0]) for asked in office.telco.asked]
    lists = [n for n, name in enumerate(asked) if name == "entries"]
    assert lists == [0, ADDS_AT_ONCE + 1, ADDS_AT_ONCE + 5]


def test_acknowledged_is_not_done_until_a_list_shows_it(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.telco.update_entry = lambda _entry: None  # type: ignore[method-assign]
    office.sync()
    assert office.contact(anna).standing is Standing.WAITING
    for _ in range(2):
        office.later()
    assert [conflict.ours for conflict in office.book.conflicts()] == [ANNA_TAMM]


def test_an_edit_while_the_answer_is_under_way_is_sent_next(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    update = office.telco.update_entry

    def edit_meanwhile(entry: Entry) -> None:
        update(entry)
        if entry.name == ANNA_TAMM.name:
            office.edit(anna, ANNA_MOVED)

    office.telco.update_entry = edit_meanwhile  # type: ignore[method-assign]
    assert office.sync().sent == 2
    assert office.there()[0] == ANNA_MOVED


def test_what_a_person_gives_up_during_a_batch_is_not_sent(office: Office) -> None:
    office.add(CHEF)
    second = office.add(BOB)
    add = office.telco.add_entry

    def give_up(name: str, number1: str, number2: str) -> None:
        add(name, number1, number2)
        office.delete(second)

    office.telco.add_entry = give_up  # type: ignore[method-assign]
    assert office.sync().sent == 1
    assert office.there() == [CHEF]


def test_a_sync_that_is_stopped_goes_on_with_the_next(office: Office) -> None:
    for n in range(3):
        office.add(Content(f"Entry {n}", f"+37264{n:05}"))
    left = iter([True, True, False])
    synced = office.sync(going=lambda: next(left))
    assert (synced.stopped, synced.sent) == (True, 1)
    assert office.sync().sent == 2
    assert len(office.there()) == 3


def test_every_write_leaves_the_content_before_it(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.sync()
    office.delete(anna)
    office.telco.trouble["delete_entry"].append(SILENT)
    with pytest.raises(Uncertain):
        office.sync()
    delete, update = office.book.past.writes()
    assert (update.before, update.after, update.answer) == (ANNA, ANNA_TAMM, Answer.DONE)
    assert (delete.before, delete.after, delete.answer) == (ANNA_TAMM, None, Answer.UNKNOWN)


def test_a_sync_that_writes_keeps_what_was_there_before(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.sync()
    newest, daily = office.book.past.snapshots()
    assert (newest.why, daily.why) == (Why.BEFORE_WRITING, Why.DAILY)
    assert [saved.content for saved in at_once(office.book.past.saved(newest.id))] == [ANNA, BOB]


def test_a_sync_with_nothing_new_touches_no_disk(office: Office, anna: Contact) -> None:
    before = office.exchange._db.total_changes
    assert office.later(10).changed == frozenset()
    assert office.exchange._db.total_changes == before


def test_a_dead_sync_leaves_doubt_and_the_list_decides(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    act = sync(office.ask, office.exchange, OURS, office.clock)
    answer = next(act).work()
    errand = act.send(answer)  # the intent is on the disk
    act.close()
    flight = office.contact(anna).flight
    assert flight is not None
    assert flight.state is FlightState.SENT
    errand.work()
    office.sync()
    assert office.contact(anna).standing is Standing.ON_SERVER
    assert writes(office.telco) == ["update_entry"]


# whose account it is


def test_with_another_account_nothing_is_asked_or_changed(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    before = office.book.contacts()
    office.ask.company = THEIRS
    act = sync(office.ask, office.exchange, THEIRS, office.clock)
    with pytest.raises(AnotherCompany):
        perform(act)
    assert office.telco.asked == []
    assert office.book.contacts() == before


def test_an_account_that_changes_before_a_write_gets_nothing(office: Office, anna: Contact) -> None:
    """The act still allows its one add."""
    bob = office.add(CHEF)
    act = sync(office.ask, office.exchange, OURS, office.clock)
    errand = next(act)
    office.ask.company = THEIRS
    with pytest.raises(AnotherCompany):
        act.send(errand.work())
    assert writes(office.telco) == []
    assert (office.contact(bob).flight, office.contact(bob).may_add) == (None, True)
    assert office.contact(anna).quiet


# lists that bring nothing new


def test_an_unchanged_list_is_not_even_read(office: Office, anna: Contact) -> None:
    office.sync()
    known = office.exchange.known(office.clock.now)
    assert office.telco.entries(known.body).entries is None
    office.telco.asked.clear()
    assert office.later(10) == Synced(Trust.TRUSTED, 0, frozenset(), 0)
    assert office.telco.asked == [("entries",)]


def test_an_edit_while_an_unchanged_list_is_under_way_is_sent_by_the_same_sync(
    office: Office, anna: Contact
) -> None:
    office.sync()
    act = sync(office.ask, office.exchange, OURS, office.clock)
    errand = next(act)
    office.edit(anna, ANNA_TAMM)
    finish(act, errand)
    assert writes(office.telco) == ["update_entry"]
    assert office.contact(anna).standing is Standing.ON_SERVER


def test_bytes_of_lists_are_counted_each(office: Office, anna: Contact) -> None:
    office.edit(anna, ANNA_TAMM)
    office.sync()
    assert len(office.exchange.lists) == 2
    assert all(size > 0 for size in office.exchange.lists)
    office.sync()
    assert len(office.exchange.lists) == 1


# long lists come in slices


def many(count: int, word: str = "Name") -> dict[str, Entry]:
    return {str(n): Entry(str(n), f"{word} {n}", f"+372640{n:04}") for n in range(1, count + 1)}


def test_a_long_list_comes_in_slices_and_a_crash_between_them_loses_nothing(
    office: Office,
) -> None:
    office.telco.entries_ = many(1500)
    act = sync(office.ask, office.exchange, OURS, office.clock)
    errand = next(act)
    for _ in range(4):  # the list, its weighing, two slices
        errand = act.send(errand.work())
    act.close()
    some = office.book.contacts()
    assert 0 < len(some) < 1500
    office.sync()
    contacts = office.book.contacts()
    assert contacts[: len(some)] == some
    assert [c.base.name for c in contacts if c.base] == [f"Name {n}" for n in range(1, 1501)]


def test_an_edit_between_two_slices_is_no_victim(office: Office) -> None:
    office.telco.entries_ = many(1500)
    office.sync()
    last = office.book.contacts()[-1]
    office.telco.entries_ = many(1500, "Other")
    act = sync(office.ask, office.exchange, OURS, office.clock)
    errand = next(act)
    for _ in range(3):
        errand = act.send(errand.work())
    assert office.contact(last).effective == last.base
    office.edit(last, ANNA_TAMM)
    finish(act, errand)
    assert office.contact(last).wanted == ANNA_TAMM
    assert writes(office.telco) == []
    assert office.later().clashes == 1
    (conflict,) = office.book.conflicts()
    assert conflict.ours == ANNA_TAMM


def test_an_edit_while_a_long_list_is_weighed_is_weighed_too(office: Office) -> None:
    office.telco.entries_ = many(1500)
    office.sync()
    first = office.book.contacts()[0]
    office.telco.entries_ = many(1500, "Other")
    act = sync(office.ask, office.exchange, OURS, office.clock)
    errand = act.send(next(act).work())  # the list; it is weighed
    weighed = errand.work()
    office.edit(first, ANNA_TAMM)
    errand = act.send(weighed)
    finish(act, errand)
    (conflict,) = office.book.conflicts()
    assert (conflict.ours, writes(office.telco)) == (ANNA_TAMM, [])


_SAVES_AND_IS_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from desk_phone.model.entries import Content
from desk_phone.store.database import open_database
from desk_phone.store.phonebook import ContactBook

now = datetime(2026, 3, 2, tzinfo=UTC)
db = open_database(Path(sys.argv[1]), Path(sys.argv[2]), now).db
ContactBook(db).add(Content("Anna", "112"), now)
os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
"""


def test_what_was_called_saved_outlives_the_program(tmp_path: Path) -> None:
    file, backups = tmp_path / "phone.db", tmp_path / "backups"
    backups.mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", _SAVES_AND_IS_KILLED, file, backups],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode != 0
    assert killed.stderr == ""
    with closing(open_database(file, backups, Clock().now).db) as db:
        assert [c.effective for c in ContactBook(db).contacts()] == [Content("Anna", "112")]
