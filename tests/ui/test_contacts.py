"""The phonebook's controller: what it keeps, when it syncs, what it tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.app import commands, sync_clock
from desk_phone.app.contacts import Contacts, Kept
from desk_phone.app.instance import Asked
from desk_phone.app.phonebook_news import Answer, Restored
from desk_phone.app.poll import Looked
from desk_phone.app.requests import Requests
from desk_phone.app.sync_clock import AFTER_EDIT
from desk_phone.app.typed import Typed
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Uncertain
from desk_phone.model.entries import Content, Hold
from desk_phone.model.pieces import at_once
from desk_phone.model.secret import Secret
from desk_phone.model.verdict import Trust
from desk_phone.model.wishes import Decision
from desk_phone.settings import Settings
from desk_phone.store import phonebook as store
from desk_phone.store.memory import Memory
from desk_phone.system import request as system
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry
from tests.offices import full_disk
from tests.ui.conftest import OWN, USER, Desk, FakeKeyring

MOBILE, OFFICE = "+37251234567", "+3726409999"
DOWN = Offline("No network", "Try later.")
SILENT = Uncertain("No answer", "Look.")


@pytest.fixture
def settings() -> Settings:
    return Settings(user=USER, own_number=OWN, phonebook_unlocked=True)


@pytest.fixture
def contacts(empty_desk: Desk) -> Contacts:
    return empty_desk.contacts


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an edit there is hardly any wait."""
    monkeypatch.setattr(sync_clock, "AFTER_EDIT", timedelta(milliseconds=30))


class Heard:
    """What a signal carried, in order."""

    def __init__(self, signal: object) -> None:
        self.all: list[object] = []
        signal.connect(self.all.append)  # type: ignore[attr-defined]


def asked(desk: Desk, method: str = "entries") -> int:
    return sum(each[0] == method for each in desk.telco.asked)


def there(desk: Desk) -> list[str]:
    return [entry.name for entry in desk.telco.entries_.values()]


def content(contacts: Contacts, contact_id: int) -> Content | None:
    return contacts.book.contact(contact_id).effective


def fill(desk: Desk, count: int = 9) -> None:
    """Entries on which everybody agrees."""
    desk.list_entries(*((f"Name {n}", f"+3726400{n:03}") for n in range(1, count + 1)))


# what is not done


DEEDS: list[tuple[str, Callable[[Contacts], object]]] = [
    ("add", lambda c: c.add("Anna", MOBILE)),
    ("save", lambda c: c.save(1, content(c, 1), "Anna", MOBILE) is not Kept.FAILED),
    ("delete", lambda c: c.delete(1, content(c, 1)) is not Kept.FAILED),
    ("restore", lambda c: c.restore(1)),
    ("try again", lambda c: c.try_again(1)),
    ("give up", lambda c: c.give_up(1)),
    ("undo", lambda c: c.undo()),
    ("put mine back", lambda c: c.answer(Answer.PUT_BACK)),
]


@pytest.mark.parametrize("deed", [pytest.param(d, id=name) for name, d in DEEDS])
def test_nothing_is_changed_before_it_is_unlocked(
    empty_desk: Desk, deed: Callable[[Contacts], object]
) -> None:
    fill(empty_desk, 2)
    empty_desk.change(phonebook_unlocked=False)
    contacts, before = empty_desk.contacts, empty_desk.contacts.book.contacts()
    failed, changed = Heard(contacts.failed), Heard(contacts.changed)
    assert not deed(contacts)
    assert isinstance(failed.all[0], BadInput)
    assert changed.all == []
    assert contacts.book.contacts() == before
    assert not contacts.state.unlocked


def test_unlocking_is_remembered(empty_desk: Desk) -> None:
    empty_desk.change(phonebook_unlocked=False)
    told = Heard(empty_desk.preferences.changed)
    empty_desk.contacts.unlock()
    assert empty_desk.contacts.state.unlocked
    assert len(told.all) == 1
    assert empty_desk.contacts.add("Anna", MOBILE)


@pytest.mark.parametrize(
    ("name", "number1", "number2"),
    [("", MOBILE, ""), ("Anna", "", ""), ("Anna", "abc", ""), ("Anna", MOBILE, "x")],
)
def test_what_cannot_be_sent_is_not_kept(
    contacts: Contacts, name: str, number1: str, number2: str
) -> None:
    failed = Heard(contacts.failed)
    assert contacts.add(name, number1, number2) == 0
    assert isinstance(failed.all[0], BadInput)
    assert contacts.book.contacts() == []


def test_a_full_disk_keeps_nothing_and_says_so(
    contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, changed = Heard(contacts.failed), Heard(contacts.changed)
    monkeypatch.setattr(store, "writing", full_disk)
    assert contacts.add("Anna", MOBILE) == 0
    assert len(failed.all) == 1
    assert changed.all == []


def test_an_entry_that_never_was_is_no_crash(contacts: Contacts) -> None:
    failed = Heard(contacts.failed)
    assert contacts.save(7, None, "Anna", MOBILE) is Kept.FAILED
    assert contacts.delete(7, None) is Kept.FAILED
    assert not contacts.decide(7, Decision.MINE)
    assert at_once(contacts.comparing(7)) == ()
    contacts.restore_snapshot(7)
    assert [type(error) for error in failed.all] == [BadInput] * 5


# what is told is durable


def test_an_edit_is_on_the_disk_before_it_is_told(contacts: Contacts, tmp_path: Path) -> None:
    seen: list[list[tuple[str]]] = []

    def look(ids: frozenset[int]) -> None:
        with closing(sqlite3.connect(tmp_path / "calls.sqlite")) as other:
            seen.append(other.execute("SELECT name FROM contacts").fetchall())

    contacts.changed.connect(look)
    contacts.add("Žanna", MOBILE)
    assert seen == [[("Zhanna",)]]


def test_each_act_tells_its_entry_and_the_state(contacts: Contacts) -> None:
    changed, told = Heard(contacts.changed), []
    contacts.state_changed.connect(lambda: told.append(contacts.state))
    anna = contacts.add("Žanna", MOBILE)
    assert (contacts.state.waiting, contacts.state.can_undo) == (1, True)
    kept = contacts.save(anna, content(contacts, anna), "Žanna", MOBILE, OFFICE)
    assert kept is Kept.KEPT
    assert contacts.delete(anna, content(contacts, anna)) is Kept.KEPT
    assert contacts.restore(anna)
    step = contacts.undo()
    assert step is not None
    assert step.after is None
    assert changed.all == [frozenset({anna})] * 5
    assert told[-1] == contacts.state


def test_the_phones_spelling_can_be_chosen(contacts: Contacts) -> None:
    anna = contacts.add("Žanna", MOBILE, wire="Janna")
    contact = contacts.book.contact(anna)
    assert contact.shown == Content("Janna", MOBILE)
    assert contacts.book.spelling(anna) == "Žanna"


# when it syncs


def test_edits_go_together_a_moment_later(empty_desk: Desk, soon: None) -> None:
    contacts = empty_desk.contacts
    contacts.add("Anna", MOBILE)
    contacts.add("Bob", OFFICE)
    assert asked(empty_desk) == 0
    empty_desk.qtbot.waitUntil(lambda: contacts.state.waiting == 0 and not contacts.state.busy)
    assert there(empty_desk) == ["Anna", "Bob"]
    assert asked(empty_desk) == 2  # before and after
    assert contacts.state.updated == empty_desk.clock.at


def test_an_edit_while_it_syncs_goes_with_the_next(empty_desk: Desk, soon: None) -> None:
    contacts = empty_desk.contacts
    contacts.add("Anna", MOBILE)
    contacts.sync()
    contacts.sync()  # nothing more while it runs
    assert contacts.state.busy
    contacts.add("Bob", OFFICE)
    empty_desk.qtbot.waitUntil(lambda: sorted(there(empty_desk)) == ["Anna", "Bob"])
    empty_desk.qtbot.waitUntil(lambda: contacts.state.waiting == 0)
    assert asked(empty_desk, "add_entry") == 2


def test_without_trouble_it_looks_every_quarter_of_an_hour(empty_desk: Desk) -> None:
    empty_desk.sync()
    due = empty_desk.contacts.state.next_try
    assert due is not None
    assert timedelta(minutes=12) <= due - empty_desk.clock.at <= timedelta(minutes=18)


def test_where_bytes_are_short_it_looks_more_seldom_but_sends_edits_at_once(
    empty_desk: Desk, soon: None
) -> None:
    contacts, sizes = empty_desk.contacts, []
    contacts.received.connect(sizes.append)
    contacts.save_bytes(lambda size: timedelta(hours=1 if size else 0))
    empty_desk.sync()
    due = contacts.state.next_try
    assert due is not None
    assert timedelta(minutes=48) <= due - empty_desk.clock.at <= timedelta(minutes=72)
    contacts.add("Anna", MOBILE)
    empty_desk.qtbot.waitUntil(lambda: there(empty_desk) == ["Anna"])
    empty_desk.qtbot.waitUntil(lambda: not contacts.state.busy)
    assert len(sizes) == 2
    assert sizes[1] > sizes[0] > 0


@pytest.mark.parametrize("error", [DOWN, SILENT, refusal("ERR003", "x")], ids=lambda e: e.title)
def test_trouble_is_told_and_tried_again_by_itself(empty_desk: Desk, error: PhoneError) -> None:
    contacts = empty_desk.contacts
    contacts.add("Anna", MOBILE)
    empty_desk.telco.trouble["entries"].append(error)
    empty_desk.sync()
    state = contacts.state
    assert (state.trouble, state.waiting, state.locked) == (error, 1, False)
    assert state.next_try is not None
    assert state.next_try > empty_desk.clock.at
    empty_desk.sync()
    assert (contacts.state.trouble, contacts.state.waiting) == (None, 0)


@pytest.mark.parametrize("error", [DOWN, SILENT], ids=lambda e: e.title)
def test_once_the_calls_come_again_the_sync_waits_no_longer_but_once(
    empty_desk: Desk, error: PhoneError
) -> None:
    desk, contacts = empty_desk, empty_desk.contacts

    def pause() -> timedelta:
        assert contacts.state.next_try is not None
        return contacts.state.next_try - desk.clock.at

    desk.telco.trouble["entries"] += [error, error, error]
    desk.sync()
    assert pause() > AFTER_EDIT
    desk.poll()
    assert pause() == AFTER_EDIT
    desk.sync()
    late = pause()
    desk.poll()
    assert pause() == late > AFTER_EDIT  # the phonebook alone fails: it is asked ever more seldom
    desk.fail(DOWN)
    desk.poll()
    assert pause() == AFTER_EDIT  # nothing was reached meanwhile


def test_a_pause_that_the_service_asked_for_no_call_history_shortens(empty_desk: Desk) -> None:
    empty_desk.telco.trouble["entries"].append(Uncertain("Busy", "Later", retry_after=600))
    empty_desk.sync()
    due = empty_desk.contacts.state.next_try
    empty_desk.poll()
    assert empty_desk.contacts.state.next_try == due


def test_what_the_service_asks_to_wait_no_edit_shortens(empty_desk: Desk, soon: None) -> None:
    busy = Uncertain("Busy", "Later", retry_after=600)
    empty_desk.telco.trouble["entries"].append(busy)
    empty_desk.sync()
    due = empty_desk.contacts.state.next_try
    empty_desk.contacts.add("Anna", MOBILE)
    assert empty_desk.contacts.state.next_try == due
    empty_desk.clock.pass_(minutes=15)
    empty_desk.contacts.add("Bob", OFFICE)
    empty_desk.qtbot.waitUntil(lambda: there(empty_desk) == ["Anna", "Bob"])


def test_a_refused_password_stops_everything_until_a_person_acts(
    empty_desk: Desk, soon: None
) -> None:
    contacts = empty_desk.contacts
    empty_desk.account.entered.connect(contacts.sync)
    empty_desk.telco.trouble["entries"].append(BadCredentials("Refused", "Enter it"))
    empty_desk.sync()
    assert (contacts.state.locked, contacts.state.next_try) == (True, None)
    assert contacts.state.trouble is not None
    contacts.add("Anna", MOBILE)
    assert contacts.state.next_try is None
    empty_desk.sync()
    assert asked(empty_desk) == 1  # it was not even put
    empty_desk.account.enter(USER, Secret("correct horse"))
    empty_desk.qtbot.waitUntil(lambda: there(empty_desk) == ["Anna"])
    empty_desk.qtbot.waitUntil(lambda: not contacts.state.locked)


def test_without_a_password_it_waits_without_complaint(
    keyring: FakeKeyring, empty_desk: Desk
) -> None:
    keyring.kept.clear()
    empty_desk.sync()
    state = empty_desk.contacts.state
    assert (state.locked, state.trouble, state.next_try) == (True, None, None)
    assert empty_desk.telco.asked == []


def test_stopping_leaves_the_rest_for_the_next_sync(empty_desk: Desk) -> None:
    contacts = empty_desk.contacts
    for number in range(5):
        contacts.add(f"Name {number}", f"+3726400{number:03}")
    contacts.changed.connect(lambda _: contacts.stop() if there(empty_desk) else None)
    empty_desk.sync()
    assert len(there(empty_desk)) == 1
    assert contacts.state.waiting == 5  # the one that was sent is not seen on a list yet
    contacts.changed.disconnect()
    empty_desk.sync()
    assert len(there(empty_desk)) == 5


# what a sync brings


def test_a_colleagues_edit_is_shown_and_told(empty_desk: Desk) -> None:
    fill(empty_desk, 2)
    changed = Heard(empty_desk.contacts.changed)
    empty_desk.telco.entries_["1"] = Entry("1", "Anna", MOBILE)
    empty_desk.sync()
    assert content(empty_desk.contacts, 1) == Content("Anna", MOBILE)
    assert frozenset({1}) in changed.all


def test_an_edit_of_what_a_colleague_changed_goes_to_the_conflicts(empty_desk: Desk) -> None:
    fill(empty_desk, 2)
    contacts, seen = empty_desk.contacts, content(empty_desk.contacts, 1)
    empty_desk.telco.entries_["1"] = Entry("1", "Anna", MOBILE)
    empty_desk.sync()
    assert contacts.save(1, seen, "Bob", MOBILE) is Kept.CONFLICT
    assert contacts.state.conflicts == 1
    (conflict,) = contacts.book.conflicts()
    assert contacts.decide(conflict.id, Decision.MINE, Typed("Žanna", OFFICE))
    assert contacts.state.conflicts == 0
    empty_desk.sync()
    assert there(empty_desk)[0] == "Zhanna"
    assert contacts.book.spelling(1) == "Žanna"


def test_an_add_whose_answer_is_lost_is_found_not_sent_again(empty_desk: Desk) -> None:
    contacts = empty_desk.contacts
    contacts.add("Anna", MOBILE)
    empty_desk.telco.trouble["add_entry"].append(SILENT)
    empty_desk.sync()
    assert (contacts.state.trouble, contacts.state.waiting) == (SILENT, 1)
    empty_desk.sync()
    assert (contacts.state.trouble, contacts.state.waiting) == (None, 0)
    assert asked(empty_desk, "add_entry") == 1


def test_a_parked_entry_is_sent_again_or_given_up_by_a_person(empty_desk: Desk) -> None:
    contacts = empty_desk.contacts
    contacts.add("Anna", MOBILE)
    contacts.add("Bob", OFFICE)
    empty_desk.telco.trouble["add_entry"] += [refusal("ERR002", "x"), refusal("ERR002", "y")]
    empty_desk.sync()
    assert (contacts.state.held, contacts.state.waiting) == (2, 0)
    assert {contact.hold for contact in contacts.book.held()} == {Hold.REFUSED}
    assert contacts.try_again(1)
    assert contacts.give_up(2)
    empty_desk.sync()
    assert there(empty_desk) == ["Anna"]
    assert contacts.state.held == 0


def lose_everything(desk: Desk, looks: int = 3) -> dict[str, Entry]:
    kept, desk.telco.entries_ = dict(desk.telco.entries_), {}
    for _ in range(looks):
        desk.sync()
        desk.clock.pass_(minutes=11)
    return kept


def test_an_empty_list_removes_nothing_and_asks_after_three(empty_desk: Desk) -> None:
    fill(empty_desk)
    updated = empty_desk.contacts.state.updated
    contacts = empty_desk.contacts
    lose_everything(empty_desk, looks=1)
    state = contacts.state
    assert (state.trust, state.updated) == (Trust.SUSPICIOUS, updated)
    assert state.suspicion is not None
    assert (len(state.suspicion.missing), state.suspicion.asks) == (9, False)
    assert state.next_try == empty_desk.clock.at - timedelta(minutes=10)
    lose_everything(empty_desk, looks=2)
    assert contacts.state.suspicion is not None
    assert contacts.state.suspicion.asks
    assert len(contacts.book.contacts()) == 9


def test_edits_do_not_hurry_the_next_look_at_a_suspicious_list(
    empty_desk: Desk, soon: None
) -> None:
    fill(empty_desk)
    empty_desk.telco.entries_.clear()
    empty_desk.sync()
    due = empty_desk.contacts.state.next_try
    empty_desk.contacts.add("Anna", MOBILE)
    assert empty_desk.contacts.state.next_try == due


@pytest.mark.parametrize(
    ("answer", "entries"),
    [(Answer.KEEP_WAITING, 9), (Answer.ON_PURPOSE, 0), (Answer.PUT_BACK, 9)],
)
def test_a_person_says_what_became_of_missing_entries(
    empty_desk: Desk, soon: None, answer: Answer, entries: int
) -> None:
    fill(empty_desk)
    lose_everything(empty_desk)
    lists = asked(empty_desk)
    assert empty_desk.contacts.answer(answer)
    suspicion = empty_desk.contacts.state.suspicion
    assert suspicion is None or not suspicion.asks
    empty_desk.qtbot.waitUntil(lambda: asked(empty_desk) > lists)
    empty_desk.qtbot.waitUntil(lambda: not empty_desk.contacts.state.busy)
    assert len(empty_desk.contacts.book.contacts()) == entries
    assert len(there(empty_desk)) == (9 if answer is Answer.PUT_BACK else 0)


def test_new_ids_are_taken_when_a_person_says_so(empty_desk: Desk) -> None:
    fill(empty_desk)
    renumbered = {
        str(int(i) + 100): replace(e, id=str(int(i) + 100))
        for i, e in empty_desk.telco.entries_.items()
    }
    empty_desk.telco.entries_ = renumbered
    for entry in tuple(renumbered.values())[:1]:
        empty_desk.telco.entries_["1"] = replace(entry, id="1", name="Other")
    contacts = empty_desk.contacts
    contacts.add("Anna", MOBILE)
    empty_desk.sync()
    assert contacts.state.trust is Trust.RENUMBERED
    assert asked(empty_desk, "add_entry") == 9  # those of the portal
    contacts.answer(Answer.NEW_IDS)
    empty_desk.sync()
    assert contacts.state.trust is Trust.TRUSTED
    assert "Anna" in there(empty_desk)
    assert {c.id for c in contacts.book.contacts()} >= set(range(1, 10))


def test_a_snapshot_is_brought_back_in_steps(empty_desk: Desk) -> None:
    fill(empty_desk, 30)
    contacts = empty_desk.contacts
    (snapshot,) = contacts.book.past.snapshots()
    for number in range(1, 26):
        contacts.delete(number, content(contacts, number))
    assert len(at_once(contacts.comparing(snapshot.id))) == 25
    changed = Heard(contacts.changed)
    with empty_desk.qtbot.waitSignal(contacts.restored) as told:
        contacts.restore_snapshot(snapshot.id)
    assert told.args == [Restored(25, 0, 0)]
    assert len(changed.all) == 3
    assert all(content(contacts, number) is not None for number in range(1, 31))


def test_bringing_back_stops_where_it_is(empty_desk: Desk) -> None:
    fill(empty_desk, 30)
    contacts = empty_desk.contacts
    (snapshot,) = contacts.book.past.snapshots()
    for number in range(1, 26):
        contacts.delete(number, content(contacts, number))
    with empty_desk.qtbot.waitSignal(contacts.restored) as told:
        contacts.changed.connect(lambda _: contacts.stop())
        contacts.restore_snapshot(snapshot.id)
    assert told.args == [Restored(10, 0, 15)]


# names of callers


def test_an_entry_names_past_calls_at_once(desk: Desk) -> None:
    desk.miss("51234567", name="M MAASIKAS")
    changes = Heard(desk.calls.changed)
    anna = desk.contacts.add("Žanna Maasikas", MOBILE)
    (call,) = desk.ledger.page()
    assert (call.name, str(call.name_source)) == ("Žanna Maasikas", "phonebook")
    (told,) = changes.all
    assert [(c.before.name, c.after.name) for c in told] == [("M MAASIKAS", "Žanna Maasikas")]  # type: ignore[attr-defined]
    desk.contacts.add("Vastuvõtt", MOBILE)
    assert desk.ledger.page()[0].name == "Žanna Maasikas / Vastuvõtt"
    assert desk.ledger.missed()[0].name == "Žanna Maasikas / Vastuvõtt"
    desk.contacts.delete(anna, content(desk.contacts, anna))
    assert desk.ledger.page()[0].name == "Vastuvõtt"
    desk.contacts.undo()
    desk.contacts.undo()
    desk.contacts.undo()
    assert desk.ledger.page()[0].name == "M MAASIKAS"


def test_names_that_a_sync_brings_are_told(desk: Desk) -> None:
    desk.miss("51234567")
    changes = Heard(desk.calls.changed)
    desk.list_entries(("Anna", MOBILE))
    assert desk.ledger.page()[0].name == "Anna"
    assert len(changes.all) == 1
    assert [call.other for call in desk.ledger.page(text="anna")] == [MOBILE]


def test_new_names_announce_nothing(desk: Desk) -> None:
    desk.miss("51234567")
    announced = Heard(desk.calls.announced)
    desk.contacts.add("Anna", MOBILE)
    assert announced.all == []


# commands that are handed over


def hand_over(desk: Desk, *words: str) -> system.Answer:
    """What the running program answers to a command."""
    phonebook, settings = desk.contacts._phonebook, desk.preferences
    found = commands.Desk(
        *(desk.access, desk.ledger, Looked(Memory(desk.ledger._db)), phonebook),
        *(lambda: settings.settings, settings.change, desk.now, desk.calls.take),
    )
    answers: list[system.Answer] = []
    Requests(desk.lanes, found).take(Asked(system.Request(words), answers.append))
    desk.qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def test_a_command_edits_what_the_window_shows(empty_desk: Desk, soon: None) -> None:
    changed = Heard(empty_desk.contacts.changed)
    answer = hand_over(empty_desk, "phonebook", "add", "Anna", MOBILE)
    assert (answer.status, changed.all[0]) == (0, frozenset({1}))
    empty_desk.qtbot.waitUntil(lambda: there(empty_desk) == ["Anna"])  # by itself


def test_a_commands_sync_waits_for_the_one_that_runs(empty_desk: Desk) -> None:
    contacts = empty_desk.contacts
    contacts.add("Anna", MOBILE)
    contacts.sync()
    answer = hand_over(empty_desk, "phonebook", "sync", "--json")
    assert answer.status == 0, answer
    assert asked(empty_desk, "add_entry") == 1
    assert contacts.state.waiting == 0


def test_trouble_of_a_commands_sync_is_the_windows_too(empty_desk: Desk) -> None:
    empty_desk.telco.trouble["entries"].append(DOWN)
    assert hand_over(empty_desk, "phonebook", "sync").status == 4
    assert empty_desk.contacts.state.trouble is DOWN
