"""The decision table of docs/sync.md, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desk_phone.model.entries import (
    Contact,
    Content,
    Flight,
    FlightState,
    GoneHow,
    Hold,
    Kind,
    Standing,
    listed_number,
    same,
)
from desk_phone.model.flights import HELD
from desk_phone.model.merge import Clash, Merged, reconcile
from desk_phone.model.pushes import Push
from desk_phone.model.renumber import rebind
from desk_phone.model.verdict import Trust
from tests.phonebook import ANNA, ANNA_MOVED, ANNA_TAMM, BOB, BOB_TURNED, CHEF, T0, after

LATER = T0 + HELD
KNOWN = Contact(1, "5", ANNA)
EDITED = replace(KNOWN, want=ANNA_TAMM)
DELETED = replace(KNOWN, want_deleted=True)
ADDED = Contact(1, want=ANNA, may_add=True)


def meet(
    *contacts: Contact, trust: Trust = Trust.TRUSTED, now: object = LATER, **listed: Content
) -> Merged:
    """``_5=ANNA``: the entry with id 5 is listed as ANNA."""
    book = {server_id.removeprefix("_"): content for server_id, content in listed.items()}
    return reconcile(contacts, book, trust, now)  # type: ignore[arg-type]


def flown(
    contact: Contact, kind: Kind, payload: Content, state: FlightState, lists: int = 1
) -> Contact:
    """With a request under way since T0: `meet` reads the list after which it is over."""
    flight = Flight(kind, payload, contact.base, state, T0, lists)
    return replace(contact, flight=flight, may_add=False)


UNKNOWN, ACKNOWLEDGED = FlightState.UNKNOWN, FlightState.ACKNOWLEDGED


# listed under its id, no request under way


def test_an_untouched_entry_follows_theirs() -> None:
    assert meet(KNOWN, _5=ANNA_MOVED) == Merged((replace(KNOWN, base=ANNA_MOVED),))


def test_an_unchanged_entry_stays_the_same_value() -> None:
    assert meet(KNOWN, _5=ANNA) == Merged((KNOWN,))


@pytest.mark.parametrize("trust", [Trust.TRUSTED, Trust.SUSPICIOUS])
def test_theirs_stays_and_ours_goes_to_the_conflict_list(trust: Trust) -> None:
    merged = meet(EDITED, trust=trust, _5=ANNA_MOVED)
    assert merged.contacts == (replace(KNOWN, base=ANNA_MOVED),)
    assert merged.clashes == (Clash(1, ANNA_TAMM, ANNA_MOVED, ANNA),)
    assert merged.pushes == ()


def test_fields_are_never_merged() -> None:
    """Renamed here and moved there would make a name with somebody else's number."""
    merged = meet(replace(KNOWN, want=ANNA_TAMM), _5=ANNA_MOVED)
    assert Content(ANNA_TAMM.name, ANNA_MOVED.number1) not in [c.effective for c in merged.contacts]


def test_a_deletion_of_what_was_changed_meanwhile_is_a_conflict() -> None:
    merged = meet(DELETED, _5=ANNA_MOVED)
    assert merged.contacts == (replace(KNOWN, base=ANNA_MOVED),)
    assert merged.clashes == (Clash(1, None, ANNA_MOVED, ANNA),)
    assert merged.pushes == ()


def test_the_same_wish_there_is_agreement() -> None:
    assert meet(EDITED, _5=ANNA_TAMM) == Merged((replace(KNOWN, base=ANNA_TAMM),))


def test_a_change_is_pushed_against_what_the_list_shows() -> None:
    merged = meet(EDITED, _5=ANNA)
    assert merged.contacts == (EDITED,)
    assert merged.pushes == (Push(1, Kind.UPDATE, "5", ANNA_TAMM),)


def test_a_deletion_is_pushed_with_the_content_that_goes() -> None:
    assert meet(DELETED, _5=ANNA).pushes == (Push(1, Kind.DELETE, "5", ANNA),)


def test_a_deletion_beats_an_older_edit() -> None:
    assert meet(replace(EDITED, want_deleted=True), _5=ANNA).pushes == (
        Push(1, Kind.DELETE, "5", ANNA),
    )


def test_the_order_of_the_numbers_is_no_change() -> None:
    contact = Contact(1, "5", BOB, want=replace(BOB_TURNED, name="Rob"))
    merged = meet(contact, _5=BOB_TURNED)
    assert merged.clashes == ()
    assert [push.content.name for push in merged.pushes] == ["Rob"]


def test_a_suspicious_list_pushes_nothing() -> None:
    assert meet(EDITED, DELETED, ADDED, trust=Trust.SUSPICIOUS, _5=ANNA).pushes == ()


@pytest.mark.parametrize("trust", [Trust.REJECTED, Trust.RENUMBERED])
def test_a_list_that_is_not_believed_changes_nothing(trust: Trust) -> None:
    assert meet(EDITED, ADDED, trust=trust, _5=BOB, _6=CHEF) == Merged((EDITED, ADDED))


@pytest.mark.parametrize("hold", [Hold.REFUSED, Hold.NOT_FOUND, Hold.ALREADY_THERE])
def test_what_is_held_is_not_pushed(hold: Hold) -> None:
    assert meet(replace(EDITED, hold=hold), _5=ANNA).pushes == ()
    assert meet(replace(ADDED, hold=hold)).pushes == ()


def test_an_edit_of_an_entry_the_service_calls_unknown_is_a_conflict() -> None:
    merged = meet(replace(EDITED, hold=Hold.GONE), _5=ANNA)
    assert merged.contacts == (KNOWN,)
    assert merged.clashes == (Clash(1, ANNA_TAMM, ANNA, ANNA),)


# listed, with a request under way


def test_an_update_that_is_listed_is_done() -> None:
    contact = flown(EDITED, Kind.UPDATE, ANNA_TAMM, UNKNOWN)
    assert meet(contact, _5=ANNA_TAMM, now=T0) == Merged((replace(KNOWN, base=ANNA_TAMM),))


def test_a_newer_wish_outlives_the_update_that_landed() -> None:
    contact = flown(replace(KNOWN, want=ANNA_MOVED), Kind.UPDATE, ANNA_TAMM, ACKNOWLEDGED)
    assert meet(contact, _5=ANNA_TAMM).pushes == (Push(1, Kind.UPDATE, "5", ANNA_MOVED),)


@pytest.mark.parametrize(
    ("seconds", "lists"),
    [
        pytest.param(89, 5, id="younger-than-90-seconds"),
        pytest.param(900, 0, id="one-list-only"),
    ],
)
@pytest.mark.parametrize("theirs", [ANNA, ANNA_MOVED], ids=["as-before", "changed"])
@pytest.mark.parametrize("state", list(FlightState))
def test_a_request_that_may_still_arrive_holds_the_entry(
    seconds: float, lists: int, theirs: Content, state: FlightState
) -> None:
    contact = flown(EDITED, Kind.UPDATE, ANNA_TAMM, state, lists)
    merged = meet(contact, now=after(seconds), _5=theirs)
    assert (merged.clashes, merged.pushes) == ((), ())
    assert merged.contacts[0].effective == ANNA_TAMM


def test_a_suspicious_list_does_not_count_as_one_that_lacks_it() -> None:
    contact = flown(EDITED, Kind.UPDATE, ANNA_TAMM, UNKNOWN)
    assert meet(contact, trust=Trust.SUSPICIOUS, _5=ANNA).contacts == (contact,)


def test_a_clock_that_was_set_back_starts_the_waiting_anew() -> None:
    contact = flown(EDITED, Kind.UPDATE, ANNA_TAMM, UNKNOWN)
    waiting = meet(contact, now=T0 - timedelta(days=365), _5=ANNA)
    over = meet(*waiting.contacts, now=T0 - timedelta(days=364), _5=ANNA)
    assert waiting.pushes == ()
    assert over.pushes == (Push(1, Kind.UPDATE, "5", ANNA_TAMM),)


def test_an_update_that_never_came_about_may_be_sent_again() -> None:
    contact = flown(EDITED, Kind.UPDATE, ANNA_TAMM, UNKNOWN)
    assert meet(contact, _5=ANNA).pushes == (Push(1, Kind.UPDATE, "5", ANNA_TAMM),)


def test_an_update_that_was_taken_and_is_not_there_is_a_conflict() -> None:
    contact = flown(EDITED, Kind.UPDATE, ANNA_TAMM, ACKNOWLEDGED)
    merged = meet(contact, _5=ANNA)
    assert merged.clashes == (Clash(1, ANNA_TAMM, ANNA, ANNA),)
    assert merged.pushes == ()


@pytest.mark.parametrize("state", [UNKNOWN, ACKNOWLEDGED])
def test_an_update_that_met_somebody_elses_is_a_conflict(state: FlightState) -> None:
    contact = flown(EDITED, Kind.UPDATE, ANNA_TAMM, state)
    merged = meet(contact, _5=ANNA_MOVED)
    assert merged.clashes == (Clash(1, ANNA_TAMM, ANNA_MOVED, ANNA),)
    assert merged.contacts == (replace(KNOWN, base=ANNA_MOVED),)


def test_a_delete_that_never_came_about_may_be_sent_again() -> None:
    contact = flown(DELETED, Kind.DELETE, ANNA, UNKNOWN)
    assert meet(contact, _5=ANNA).pushes == (Push(1, Kind.DELETE, "5", ANNA),)


@pytest.mark.parametrize(
    ("state", "theirs"),
    [
        pytest.param(ACKNOWLEDGED, ANNA, id="taken-and-still-there"),
        pytest.param(ACKNOWLEDGED, CHEF, id="the-id-is-used-again"),
        pytest.param(UNKNOWN, ANNA_MOVED, id="changed-meanwhile"),
    ],
)
def test_a_delete_that_others_gainsay_is_a_conflict(state: FlightState, theirs: Content) -> None:
    merged = meet(flown(DELETED, Kind.DELETE, ANNA, state), _5=theirs)
    assert merged.clashes == (Clash(1, None, theirs, ANNA),)
    assert merged.pushes == ()


# not listed under its id


def test_one_list_without_it_removes_nothing() -> None:
    merged = meet(KNOWN, now=T0)
    assert merged.contacts == (replace(KNOWN, missing_since=T0),)
    assert merged.contacts[0].standing is Standing.MISSING


@pytest.mark.parametrize(
    ("seconds", "live"), [pytest.param(59, True, id="59-s"), pytest.param(60, False, id="60-s")]
)
def test_two_lists_a_minute_apart_are_believed(seconds: float, live: bool) -> None:
    missing = replace(KNOWN, missing_since=T0)
    assert meet(missing, now=after(seconds)).contacts[0].live is live


def test_what_is_gone_lies_in_the_trash_as_it_was() -> None:
    (gone,) = meet(replace(KNOWN, missing_since=T0)).contacts
    assert gone == replace(KNOWN, missing_since=T0, gone_at=LATER, gone_how=GoneHow.ABSENT)


def test_it_is_not_missing_any_more_once_it_is_listed() -> None:
    assert meet(replace(KNOWN, missing_since=T0), _5=ANNA).contacts == (KNOWN,)


def test_a_suspicious_list_removes_nothing() -> None:
    missing = replace(KNOWN, missing_since=T0)
    assert meet(missing, trust=Trust.SUSPICIOUS).contacts == (missing,)


def test_nothing_is_sent_for_an_entry_that_is_missing() -> None:
    assert meet(EDITED, DELETED, now=T0).pushes == ()


def test_an_edit_that_meets_a_deletion_is_kept_and_not_created_again() -> None:
    merged = meet(replace(EDITED, missing_since=T0))
    assert not merged.contacts[0].live
    assert merged.clashes == (Clash(1, ANNA_TAMM, None, ANNA),)
    assert merged.pushes == ()


def test_both_deleted_it() -> None:
    (gone,) = meet(replace(DELETED, missing_since=T0)).contacts
    assert (gone.live, gone.gone_how) == (False, GoneHow.DELETED)


@pytest.mark.parametrize(
    "contact",
    [
        pytest.param(flown(DELETED, Kind.DELETE, ANNA, ACKNOWLEDGED), id="our-delete"),
        pytest.param(replace(KNOWN, hold=Hold.GONE), id="somebody-said-so"),
    ],
)
def test_an_absence_that_was_announced_is_believed_at_once(contact: Contact) -> None:
    assert not meet(contact, now=T0).contacts[0].live


def test_a_delete_without_an_answer_takes_two_lists() -> None:
    contact = flown(DELETED, Kind.DELETE, ANNA, UNKNOWN)
    assert meet(contact, now=after(1)).contacts[0].live


def test_an_entry_made_anew_elsewhere_keeps_its_local_id() -> None:
    first = meet(KNOWN, now=T0, _9=ANNA)
    assert first.contacts == (replace(KNOWN, missing_since=T0),)  # and no double of it
    assert meet(*first.contacts, _9=ANNA).contacts == (replace(KNOWN, server_id="9"),)


def test_what_shall_be_put_back_is_added() -> None:
    contact = replace(KNOWN, want=ANNA, may_add=True, missing_since=T0)
    assert meet(contact).pushes == (Push(1, Kind.ADD, "", ANNA),)


def test_what_shall_be_put_back_and_is_there_is_not_added() -> None:
    contact = replace(KNOWN, want=ANNA, may_add=True, missing_since=T0)
    assert meet(contact, _5=ANNA) == Merged((KNOWN,))


# adds


def test_an_add_is_pushed() -> None:
    assert meet(ADDED, now=T0).pushes == (Push(1, Kind.ADD, "", ANNA),)


def test_an_add_of_what_is_there_is_bound_and_not_sent() -> None:
    assert meet(ADDED, _5=ANNA) == Merged((KNOWN,))


def test_an_add_is_found_by_what_it_says() -> None:
    contact = flown(Contact(1, want=BOB), Kind.ADD, BOB, UNKNOWN)
    assert meet(contact, _8=BOB_TURNED, now=T0).contacts == (Contact(1, "8", BOB_TURNED),)


def test_an_edit_during_the_add_becomes_an_update() -> None:
    contact = flown(Contact(1, want=ANNA_TAMM), Kind.ADD, ANNA, ACKNOWLEDGED)
    assert meet(contact, _5=ANNA).pushes == (Push(1, Kind.UPDATE, "5", ANNA_TAMM),)


@pytest.mark.parametrize("state", list(FlightState))
def test_an_add_that_is_not_found_is_parked_and_never_repeated(state: FlightState) -> None:
    contact = flown(Contact(1, want=ANNA), Kind.ADD, ANNA, state)
    waiting = meet(contact, now=after(89))
    assert (waiting.contacts[0].hold, waiting.pushes) == (Hold.NONE, ())
    parked = meet(contact)
    assert (parked.contacts[0].hold, parked.pushes) == (Hold.NOT_FOUND, ())
    assert meet(*parked.contacts, now=after(9999)).pushes == ()


def test_a_parked_add_that_turns_up_is_bound() -> None:
    contact = replace(flown(Contact(1, want=ANNA), Kind.ADD, ANNA, UNKNOWN, 2), hold=Hold.NOT_FOUND)
    assert meet(contact, _5=ANNA) == Merged((KNOWN,))


def test_one_click_looks_and_adds_again() -> None:
    parked = flown(Contact(1, want=ANNA), Kind.ADD, ANNA, UNKNOWN, 2)
    again = replace(parked, may_add=True)
    assert meet(again).pushes == (Push(1, Kind.ADD, "", ANNA),)
    assert meet(again, _5=ANNA) == Merged((KNOWN,))


def test_an_add_that_was_deleted_before_it_was_sent_is_forgotten() -> None:
    (gone,) = meet(replace(ADDED, want_deleted=True, may_add=False), _5=ANNA).contacts[:1]
    assert (gone.live, gone.gone_how, gone.server_id) == (False, GoneHow.DISCARDED, "")


def test_an_add_that_was_deleted_under_way_is_deleted_when_it_turns_up() -> None:
    contact = flown(Contact(1, want=ANNA, want_deleted=True), Kind.ADD, ANNA, ACKNOWLEDGED)
    assert meet(contact, _5=ANNA).pushes == (Push(1, Kind.DELETE, "5", ANNA),)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Contact(2, "6", ANNA), id="is-there"),
        pytest.param(Contact(2, "6", CHEF, want=ANNA), id="will-be-there"),
    ],
)
def test_an_add_of_what_another_entry_says_waits_for_a_person(other: Contact) -> None:
    assert other.base is not None
    merged = meet(ADDED, other, _6=other.base)
    assert merged.contacts[-1].hold is Hold.ALREADY_THERE
    assert [push.kind for push in merged.pushes if push.kind is Kind.ADD] == []


def test_what_another_entry_will_cease_to_say_may_be_added() -> None:
    leaving = Contact(2, "6", ANNA, want=CHEF)
    assert Push(1, Kind.ADD, "", ANNA) in meet(ADDED, leaving, _6=ANNA).pushes


def test_of_two_adds_that_say_the_same_one_is_sent() -> None:
    merged = meet(ADDED, replace(ADDED, id=2))
    assert merged.pushes == (Push(1, Kind.ADD, "", ANNA),)


# the trash, and what is new

TRASHED = replace(KNOWN, gone_at=T0, gone_how=GoneHow.ABSENT)


@pytest.mark.parametrize(
    "theirs", [ANNA, ANNA_MOVED, ANNA_TAMM], ids=["as-it-was", "moved", "renamed"]
)
def test_an_entry_that_comes_back_keeps_its_local_id(theirs: Content) -> None:
    assert meet(TRASHED, _5=theirs).contacts == (Contact(1, "5", theirs),)


def test_it_is_known_again_by_what_we_sent_last() -> None:
    gone = flown(replace(TRASHED, base=BOB), Kind.UPDATE, CHEF, UNKNOWN)
    assert meet(gone, _5=CHEF).contacts == (Contact(1, "5", CHEF),)


def test_the_same_id_goes_before_the_same_content() -> None:
    other = replace(TRASHED, id=2, server_id="6", base=ANNA_MOVED)
    merged = meet(other, TRASHED, _5=ANNA_MOVED)
    assert {contact.id: contact.live for contact in merged.contacts} == {1: True, 2: False}


def test_it_comes_back_under_a_new_id_by_what_it_says() -> None:
    assert meet(TRASHED, _9=ANNA).contacts == (Contact(1, "9", ANNA),)


def test_another_entry_with_a_used_id_is_new() -> None:
    merged = meet(TRASHED, _5=CHEF)
    assert (merged.contacts, merged.new) == ((TRASHED,), (("5", CHEF),))


def test_a_stale_list_does_not_pass_for_the_add_just_sent() -> None:
    """Deleted, then added again: the old entry under its old id is not the new one."""
    added = replace(flown(Contact(2, want=ANNA), Kind.ADD, ANNA, UNKNOWN), id=2)
    merged = meet(TRASHED, added, _5=ANNA, now=T0)
    assert [contact.server_id for contact in merged.contacts] == ["5", ""]


def test_what_nobody_knows_is_new_even_on_a_suspicious_list() -> None:
    merged = meet(KNOWN, trust=Trust.SUSPICIOUS, _7=CHEF)
    assert (merged.contacts, merged.new) == ((KNOWN,), (("7", CHEF),))


# new ids


def test_entries_are_found_under_their_new_ids_by_what_they_say() -> None:
    bob = Contact(2, "6", BOB, want=CHEF)
    trashed = replace(TRASHED, id=3)
    moved = rebind([KNOWN, bob, trashed], {"6": ANNA, "5": BOB_TURNED})
    assert [contact.server_id for contact in moved] == ["6", "5", "5"]
    assert moved[1].want == CHEF


def test_one_that_is_nowhere_is_gone_for_the_next_list() -> None:
    moved = rebind([KNOWN, Contact(2, "6", BOB)], {"5": BOB})
    merged = reconcile(moved, {"5": BOB}, Trust.TRUSTED, T0)
    assert [(c.id, c.live) for c in merged.contacts] == [(2, True), (1, False)]


# contents


def test_numbers_are_an_unordered_pair() -> None:
    assert same(BOB, BOB_TURNED)
    assert not same(BOB, replace(BOB, number2=""))
    assert not same(ANNA, ANNA_TAMM)
    assert not same(ANNA, None)
    assert same(None, None)


@pytest.mark.parametrize(
    ("key", "comes_back"),
    [
        pytest.param("+3726400001", "+3726400001", id="home"),
        pytest.param("+358401234567", "+358401234567", id="abroad"),
        pytest.param("112", "112", id="short"),
        pytest.param("+372123456", "123456", id="too-short-for-a-plan"),
        pytest.param("60000002", "+37260000002", id="national-digits"),
        pytest.param("Anna's", "Anna's", id="no-number-stays"),
    ],
)
def test_a_number_is_kept_as_a_list_will_show_it(key: str, comes_back: str) -> None:
    assert listed_number(key) == comes_back
    assert listed_number(comes_back) == comes_back


# a list that was long under way


def test_a_minute_lies_between_the_lists_and_not_between_our_looks_at_them() -> None:
    """Since the first had come, until the second was asked for."""
    first = reconcile([KNOWN], {}, Trust.TRUSTED, T0, came=after(40))
    assert first.contacts == (replace(KNOWN, missing_since=after(40)),)
    second = reconcile(first.contacts, {}, Trust.TRUSTED, after(61), came=after(200))
    assert second.contacts[0].live
    third = reconcile(second.contacts, {}, Trust.TRUSTED, after(100), came=after(101))
    assert not third.contacts[0].live
