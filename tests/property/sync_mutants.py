"""The engine with one rule relaxed at a time: `test_sync` must catch each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from sqlite3 import Connection

import pytest

from desk_phone.app import sync
from desk_phone.model import claims, flights, merge, pushes, wishes
from desk_phone.model.company import Company
from desk_phone.model.entries import Contact, Hold, Kind, same
from desk_phone.model.flights import Answer
from desk_phone.model.pushes import Push
from desk_phone.model.verdict import Trust, Verdict
from desk_phone.store import (
    phonebook,
    phonebook_belonging,
    phonebook_exchange,
    phonebook_following,
    phonebook_narrow,
)
from tests.property.sync_desktop import Desktop

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutant:
    """``rule`` is its number in docs/sync.md: it breaks that in one of the histories ``seeds``."""

    rule: int
    name: str
    patch: Patch
    seeds: tuple[int, ...]


MUTANTS: list[Mutant] = []


def mutant(rule: int, *seeds: int) -> Callable[[Patch], Patch]:
    def note(patch: Patch) -> Patch:
        MUTANTS.append(Mutant(rule, patch.__name__, patch, seeds))
        return patch

    return note


@mutant(1, 1, 5)
def theirs_wins_without_a_word(patch: pytest.MonkeyPatch) -> None:
    real = merge._clash
    patch.setattr(merge, "_clash", lambda contact, theirs: (real(contact, theirs)[0], None))


@mutant(1, 1, 6)
def an_edit_goes_into_the_trash_with_its_entry(patch: pytest.MonkeyPatch) -> None:
    real = merge._bury
    patch.setattr(merge, "_bury", lambda contact, now: (real(contact, now)[0], None))


@mutant(1, 129, 410, 525)
def an_unknown_answer_holds_nothing_back(patch: pytest.MonkeyPatch) -> None:
    """What comes late then wipes out what was written after it."""
    patch.setattr(claims, "is_over", lambda _flight, _now: True)


@mutant(1, 1, 95, 209)
def an_acknowledged_update_is_done(patch: pytest.MonkeyPatch) -> None:
    """Before any list shows it: the service, or somebody in between, may have lost it."""
    real = flights.answered

    def answered(contact: Contact, answer: Answer, words: str = "") -> Contact:
        flight = contact.flight
        if answer is Answer.DONE and flight is not None and flight.kind is Kind.UPDATE:
            want = None if same(contact.want, flight.payload) else contact.want
            return replace(contact, base=flight.payload, want=want, flight=None)
        return real(contact, answer, words)

    patch.setattr(flights, "answered", answered)


@mutant(2, 4, 8)
def a_deletion_takes_whatever_is_there(patch: pytest.MonkeyPatch) -> None:
    real = merge._compare

    def compare(contact: Contact, theirs: object) -> object:
        if contact.want_deleted:
            return replace(contact, base=theirs), None
        return real(contact, theirs)

    patch.setattr(merge, "_compare", compare)


@mutant(3, 1, 5)
def ours_wins_over_what_nobody_saw(patch: pytest.MonkeyPatch) -> None:
    real = merge._compare

    def compare(contact: Contact, theirs: object) -> object:
        if contact.wanted is not None:
            return replace(contact, base=theirs), None
        return real(contact, theirs)

    patch.setattr(merge, "_compare", compare)


@mutant(3, 1, 9)
def one_list_for_many_changes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        sync, "_batch", lambda taken, run: [p for p in taken.pushes if p not in run.tried]
    )


@mutant(4, 6, 14)
def a_lost_add_is_sent_again(patch: pytest.MonkeyPatch) -> None:
    real = merge._unbound

    def unbound(contact: Contact, look: object) -> Contact:
        after = real(contact, look)
        if after.hold is Hold.NOT_FOUND:
            return replace(after, hold=Hold.NONE, may_add=True, flight=None)
        return after

    patch.setattr(merge, "_unbound", unbound)


@mutant(4, 77, 110)
def an_unknown_answer_counts_as_not_sent(patch: pytest.MonkeyPatch) -> None:
    real = flights.answered

    def answered(contact: Contact, answer: Answer, words: str = "") -> Contact:
        return real(contact, Answer.NOT_SENT if answer is Answer.UNKNOWN else answer, words)

    patch.setattr(flights, "answered", answered)


@mutant(5, 2, 22)
def doubles_are_not_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(phonebook.ContactBook, "doubles", lambda _book: [])


@mutant(6, 1, 4)
def absence_is_never_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merge, "APART", timedelta(days=9))


@mutant(6, 4, 6)
def nobody_is_asked_about_an_add_that_was_not_found(patch: pytest.MonkeyPatch) -> None:
    real = merge._unbound

    def unbound(contact: Contact, look: object) -> Contact:
        after = real(contact, look)
        return replace(after, hold=contact.hold) if after.hold is Hold.NOT_FOUND else after

    patch.setattr(merge, "_unbound", unbound)


@mutant(7, 1, 3)
def what_is_there_is_written_again(patch: pytest.MonkeyPatch) -> None:
    real = pushes.pushes

    def more(contacts: list[Contact]) -> list[Push]:
        again = [
            Push(contact.id, Kind.UPDATE, contact.server_id, contact.base)
            for contact in contacts
            if contact.id and contact.live and contact.quiet and contact.missing_since is None
            if contact.base is not None and contact.base.name.isascii()
        ]
        return [*real(contacts), *again]

    patch.setattr(merge, "pushes", more)
    patch.setattr(flights, "pushes", more)


@mutant(11, 320, 802)
def a_list_is_taken_in_piece_by_piece(patch: pytest.MonkeyPatch) -> None:
    """Each statement its own transaction: a crash leaves half of a list."""

    @contextmanager
    def writing(_db: Connection) -> Iterator[None]:
        yield

    patch.setattr(phonebook_exchange, "writing", writing)


@mutant(8, 1, 2)
def the_intent_is_written_after_the_request(patch: pytest.MonkeyPatch) -> None:
    def intend(exchange: object, push: Push, now: object) -> int:
        return 1

    patch.setattr(phonebook_exchange.Exchange, "intend", intend)


@mutant(9, 6, 13)
def names_are_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(wishes, "problems", lambda _name: ())
    patch.setattr(flights, "problems", lambda _name: ())


@mutant(10, 6, 9)
def every_list_is_believed(patch: pytest.MonkeyPatch) -> None:
    real = phonebook_narrow.judge

    def judge(*about: object) -> Verdict:
        verdict = real(*about)
        return Verdict(Trust.TRUSTED) if verdict.trust is Trust.SUSPICIOUS else verdict

    patch.setattr(phonebook_narrow, "judge", judge)


@mutant(10, 1, 4)
def one_list_is_enough_to_remove(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merge, "_surely_gone", lambda _contact: True)


@mutant(11, 7, 18)
def an_act_waits_for_the_next_commit(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def writing(db: Connection) -> Iterator[None]:
        commit(db)
        db.execute("BEGIN")
        yield

    def begin(exchange: phonebook_exchange.Exchange, company: Company) -> None:
        commit(exchange._db)
        real(exchange, company)

    def commit(db: Connection) -> None:
        if db.in_transaction:
            db.execute("COMMIT")

    real = phonebook_exchange.Exchange.begin

    def executed(db: Connection) -> Iterator[None]:
        commit(db)
        with writing_at_once(db):
            yield

    writing_at_once = phonebook_exchange.writing
    patch.setattr(phonebook, "writing", writing)
    patch.setattr(phonebook_exchange, "writing", contextmanager(executed))
    patch.setattr(Desktop, "committed", Desktop.everything)
    patch.setattr(phonebook_exchange.Exchange, "begin", begin)


@mutant(12, 65, 92)
def what_comes_back_is_new(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merge, "_come_back", lambda contact, _look: contact)


@mutant(3, 5504, 8556)
def what_a_list_brings_is_written_over_an_edit(patch: pytest.MonkeyPatch) -> None:
    """Which a person made between two slices."""
    where = "AND base = ? AND NOT busy AND gone_at IS NULL"
    anyhow = phonebook_following._FOLLOW.replace(where, "AND ? <> ''")
    patch.setattr(phonebook_following, "_FOLLOW", anyhow)


@mutant(13, 8, 10)
def another_account_is_not_noticed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(phonebook_belonging.Belonging, "check", lambda _belonging, _company: None)


@mutant(13, 301, 318)
def a_list_is_taken_in_whosever_the_copy_is_by_now(patch: pytest.MonkeyPatch) -> None:
    def writing(exchange: phonebook_exchange.Exchange) -> object:
        return phonebook_exchange.writing(exchange._db)

    patch.setattr(phonebook_exchange.Exchange, "_writing", writing)


@mutant(13, 17, 32)
def the_copy_of_the_other_company_is_thrown_away(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(phonebook_belonging, "_LAY_ASIDE", "SELECT ?, * FROM {table}")


@mutant(13, 155, 358)
def a_copy_is_laid_aside_table_by_table(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def writing(_db: Connection) -> Iterator[None]:
        yield

    patch.setattr(phonebook_belonging, "writing", writing)
