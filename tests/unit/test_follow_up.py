"""What becomes of missed calls: put off, done by a person or by a talk, taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.calls import Attention, Outcome, Report
from desk_phone.model.follow_up import By, Reason, Reminder, What
from desk_phone.store import changing
from desk_phone.store.calls import CallFilter, CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.follow_up import FollowUpBook
from tests.offices import full_disk
from tests.reported import ANNA, BORIS, LATE, T0, after, empty_database, notice, record

NOW = T0 + LATE
HOUR = timedelta(hours=1)
UNTIL = NOW + HOUR


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def ledger(db: sqlite3.Connection) -> CallLedger:
    """Anna was missed twice, Boris once, and somebody with a withheld number."""
    ledger = CallLedger(db)
    ledger.record(
        *(record(1, T0), record(2, after(900)), record(3, after(1000), BORIS)),
        record(4, after(2000), ""),
        now=NOW,
    )
    return ledger


@pytest.fixture
def book(ledger: CallLedger) -> FollowUpBook:
    return ledger.follow_up


def talk(ledger: CallLedger, start: float, other: str = ANNA, record_id: int = 50) -> None:
    outgoing = record(record_id, after(start), other, incoming=False, answer=5, release=60)
    ledger.record(outgoing, now=NOW + HOUR)


def waiting(ledger: CallLedger) -> tuple[set[str], set[str]]:
    """Whom the badge counts, and whom the filter lists; withheld ones cannot be called back."""
    new = {call.other for call in ledger.missed()}
    assert ledger.missed_people() == len(new)
    return new - {""}, {call.other for call in ledger.page(CallFilter.CALL_BACK)}


def of_anna(ledger: CallLedger) -> list[Attention]:
    return [call.attention for call in ledger.page(CallFilter.MISSED) if call.other == ANNA]


# putting off


def test_who_is_put_off_is_counted_nowhere_until_then(
    ledger: CallLedger, book: FollowUpBook
) -> None:
    assert waiting(ledger) == ({ANNA, BORIS}, {ANNA, BORIS})
    changes = book.snooze(ANNA, UNTIL, NOW)
    assert [c.after.attention for c in changes] == [Attention.SNOOZED] * 2
    assert waiting(ledger) == ({BORIS}, {BORIS})
    assert book.fall_due(UNTIL - timedelta(seconds=1)).reminders == ()
    fallen = book.fall_due(UNTIL)
    assert fallen.reminders == (Reminder(ANNA, UNTIL, NOW, told=True),)
    assert [c.after.attention for c in fallen.changes] == [Attention.NEW] * 2
    assert waiting(ledger) == ({ANNA, BORIS}, {ANNA, BORIS})


def test_a_reminder_outlives_a_restart_and_is_told_once(tmp_path: Path) -> None:
    def opened() -> sqlite3.Connection:
        return open_database(tmp_path / "calls.sqlite3", tmp_path / "backups", T0).db

    with closing(opened()) as db:
        ledger = CallLedger(db)
        ledger.record(record(1, T0), now=NOW)
        ledger.follow_up.snooze(ANNA, UNTIL, NOW)
    told = []
    for _ in range(2):
        with closing(opened()) as db:
            told += CallLedger(db).follow_up.fall_due(UNTIL + 30 * HOUR).reminders
            assert CallLedger(db).missed_people() == 1
    assert [reminder.other for reminder in told] == [ANNA]


def test_who_calls_again_meanwhile_is_new(ledger: CallLedger, book: FollowUpBook) -> None:
    book.snooze(ANNA, UNTIL, NOW)
    ledger.record(record(9, NOW), now=NOW + timedelta(minutes=5))
    assert waiting(ledger)[0] == {ANNA, BORIS}
    assert of_anna(ledger) == [Attention.NEW, Attention.SNOOZED, Attention.SNOOZED]


@pytest.mark.parametrize("incoming", [True, False], ids=["they called again", "we called back"])
def test_a_talk_drops_the_reminder(ledger: CallLedger, book: FollowUpBook, incoming: bool) -> None:
    book.snooze(ANNA, UNTIL, NOW)
    ledger.record(record(9, NOW, incoming=incoming, answer=4, release=9), now=NOW + HOUR)
    assert (book.reminders(), book.next_due()) == ((), None)
    assert of_anna(ledger) == [Attention.HANDLED] * 2
    assert book.fall_due(UNTIL + HOUR).reminders == ()


@pytest.mark.parametrize(
    "talked",
    [
        pytest.param(record(9, after(500), answer=4), id="ahead of the last missed call"),
        pytest.param(record(9, NOW, BORIS, answer=4), id="with somebody else"),
        pytest.param(record(9, NOW, incoming=False), id="not reached"),
        pytest.param(notice(NOW, answer="Yes"), id="only a notice says so"),
    ],
)
def test_what_leaves_a_reminder(ledger: CallLedger, book: FollowUpBook, talked: Report) -> None:
    book.snooze(ANNA, UNTIL, NOW)
    ledger.record(talked, now=NOW + timedelta(minutes=10))
    assert [reminder.other for reminder in book.reminders()] == [ANNA]
    assert of_anna(ledger)[0] is Attention.SNOOZED


def test_somebody_without_missed_calls_may_be_called_later_too(
    ledger: CallLedger, book: FollowUpBook
) -> None:
    stranger = "+3726000000"
    assert book.snooze(stranger, UNTIL, NOW) == ()
    talk(ledger, 100, stranger)
    assert len(book.reminders()) == 1  # they talked before it was put off
    fallen = book.fall_due(UNTIL)
    assert (len(fallen.reminders), fallen.changes) == (1, ())
    assert book.reminder(stranger) == Reminder(stranger, UNTIL, NOW, told=True)
    book.handle(stranger, UNTIL)
    assert book.reminders() == ()


def test_a_withheld_number_cannot_be_put_off(book: FollowUpBook) -> None:
    with pytest.raises(BadInput, match="Nobody knows"):
        book.snooze("", UNTIL, NOW)
    assert book.last_deed() is None


def test_put_off_again_only_the_last_time_counts(ledger: CallLedger, book: FollowUpBook) -> None:
    book.snooze(ANNA, UNTIL, NOW)
    book.fall_due(UNTIL)
    book.snooze(ANNA, UNTIL + HOUR, UNTIL)
    assert book.fall_due(UNTIL + timedelta(minutes=1)).reminders == ()
    assert book.next_due() == UNTIL + HOUR
    assert of_anna(ledger) == [Attention.SNOOZED] * 2


def test_a_person_wakes_whom_they_put_off(ledger: CallLedger, book: FollowUpBook) -> None:
    book.snooze(ANNA, UNTIL, NOW)
    book.wake(ANNA, NOW)
    assert (of_anna(ledger), book.reminders()) == ([Attention.SEEN] * 2, ())
    assert waiting(ledger) == ({BORIS}, {ANNA, BORIS})


# why somebody needs no call


def test_a_person_handled_them(ledger: CallLedger, book: FollowUpBook) -> None:
    assert book.why_handled(ANNA) is None
    book.handle(ANNA, NOW)
    assert book.why_handled(ANNA) == Reason(By.PERSON, NOW)
    book.handle("", NOW)
    assert book.why_handled("") == Reason(By.PERSON, NOW)


def test_the_first_talk_after_them_is_why(ledger: CallLedger, book: FollowUpBook) -> None:
    talk(ledger, 5000, record_id=51)
    talk(ledger, 4000, record_id=50)
    why = book.why_handled(ANNA)
    assert why is not None
    assert (why.by, why.at) == (By.TALK, after(4000))
    assert why.talk is not None
    assert why.talk.record_id == "50"
    ledger.hide(why.talk.id)
    assert book.why_handled(ANNA) == Reason(By.TALK, after(4000))


def test_a_new_missed_call_waits_whatever_was_done_before(
    ledger: CallLedger, book: FollowUpBook
) -> None:
    book.handle(ANNA, NOW)
    ledger.record(record(9, NOW), now=NOW + HOUR)
    assert book.why_handled(ANNA) is None
    assert [call.record_id for call in book.waiting(ANNA)] == ["9"]


def test_nobody_was_missed(book: FollowUpBook) -> None:
    assert book.why_handled("+3726000000") is None


def test_done_by_a_person_stays_theirs_when_the_rows_become_one(db: sqlite3.Connection) -> None:
    ledger = CallLedger(db)
    ledger.record(notice(T0), now=T0)
    ledger.record(notice(after(20), type_="End"), now=after(20))
    ledger.follow_up.handle(ANNA, after(60))
    ledger.record(record(1, T0), now=NOW)
    assert [call.outcome for call in ledger.page()] == [Outcome.MISSED]
    assert ledger.follow_up.why_handled(ANNA) == Reason(By.PERSON, after(60))


# taking up again


def test_taken_up_is_what_was_handled_last(ledger: CallLedger, book: FollowUpBook) -> None:
    book.handle(ANNA, NOW)
    ledger.record(record(9, NOW), now=NOW + HOUR)
    book.handle(ANNA, NOW + HOUR)
    book.take_up(ANNA, NOW + HOUR)
    assert of_anna(ledger) == [Attention.SEEN, Attention.HANDLED, Attention.HANDLED]


def test_taken_up_after_a_talk_is_what_came_since_the_talk_before(
    ledger: CallLedger, book: FollowUpBook
) -> None:
    talk(ledger, 500, record_id=50)
    talk(ledger, 950, record_id=51)
    assert of_anna(ledger) == [Attention.HANDLED] * 2
    assert len(book.take_up(ANNA, NOW)) == 1
    assert of_anna(ledger) == [Attention.SEEN, Attention.HANDLED]
    talk(ledger, 960, record_id=52)
    assert of_anna(ledger) == [Attention.HANDLED] * 2


# taking back

Deed = Callable[[FollowUpBook], object]
DEEDS = [
    pytest.param(lambda book: book.handle(ANNA, NOW), What.HANDLED, id="done"),
    pytest.param(lambda book: book.snooze(ANNA, UNTIL, NOW), What.SNOOZED, id="later"),
]


@pytest.mark.parametrize(("deed", "what"), DEEDS)
def test_undo_takes_back_the_last_deed(
    ledger: CallLedger, book: FollowUpBook, deed: Deed, what: What
) -> None:
    ledger.mark_seen()
    ledger.record(record(9, after(5000)), now=NOW)
    before = ledger.page()
    deed(book)
    done = book.last_deed()
    assert done is not None
    assert (done.what, done.other, done.at) == (what, ANNA, NOW)
    assert len(book.undo()) == 3
    assert ledger.page() == before
    assert (book.reminders(), book.last_deed()) == ((), None)
    assert book.undo() == ()


def test_undo_goes_back_step_by_step(ledger: CallLedger, book: FollowUpBook) -> None:
    before = ledger.page()
    book.snooze(ANNA, UNTIL, NOW)
    book.handle(BORIS, NOW)
    book.handle(ANNA, NOW)
    book.take_up(ANNA, NOW)
    book.undo()
    assert book.why_handled(ANNA) == Reason(By.PERSON, NOW)
    book.undo()
    assert [r.due for r in book.reminders()] == [UNTIL]
    assert of_anna(ledger) == [Attention.SNOOZED] * 2
    book.undo()
    book.undo()
    assert ledger.page() == before


def test_undo_outlives_a_restart(tmp_path: Path) -> None:
    for turn in range(2):
        opened = open_database(tmp_path / "calls.sqlite3", tmp_path / "backups", T0)
        with closing(opened.db) as db:
            ledger = CallLedger(db)
            ledger.record(record(1, T0), now=NOW)
            if turn == 0:
                ledger.follow_up.handle(ANNA, NOW)
            else:
                ledger.follow_up.undo()
                assert waiting(ledger)[0] == {ANNA}


@pytest.mark.parametrize(("deed", "what"), DEEDS)
def test_undo_wakes_nobody_with_whom_somebody_talked_since(
    ledger: CallLedger, book: FollowUpBook, deed: Deed, what: What
) -> None:
    deed(book)
    ledger.record(record(9, NOW + timedelta(minutes=1), answer=5), now=NOW + HOUR)
    book.undo()
    assert (of_anna(ledger), book.reminders()) == ([Attention.HANDLED] * 2, ())
    why = book.why_handled(ANNA)
    assert why is not None
    assert why.by is By.TALK


def test_undo_leaves_what_came_after(ledger: CallLedger, book: FollowUpBook) -> None:
    book.handle(ANNA, NOW)
    ledger.record(record(9, NOW), now=NOW + HOUR)
    ledger.mark_seen()
    book.undo()
    assert of_anna(ledger) == [Attention.SEEN, Attention.NEW, Attention.NEW]


def test_what_changed_nothing_is_not_to_be_undone(ledger: CallLedger, book: FollowUpBook) -> None:
    book.handle(ANNA, NOW)
    book.handle(ANNA, NOW + HOUR)
    book.take_up(BORIS, NOW)
    book.wake(BORIS, NOW)
    book.undo()
    assert book.last_deed() is None
    assert waiting(ledger)[0] == {ANNA, BORIS}


def test_a_purged_call_is_not_brought_back(ledger: CallLedger, book: FollowUpBook) -> None:
    book.handle(ANNA, NOW)
    book.snooze(BORIS, UNTIL, NOW)
    ledger.purge(after(950))
    book.undo()
    book.undo()
    assert {call.other for call in ledger.page()} == {BORIS, ""}
    ledger.purge(NOW + LATE)
    assert (book.last_deed(), ledger.page()) == (None, [])


def test_a_full_disk_leaves_everything(
    ledger: CallLedger, book: FollowUpBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.snooze(BORIS, UNTIL, NOW)
    before = ledger.page()
    monkeypatch.setattr(changing, "writing", full_disk)
    for deed in (
        lambda: book.handle_all([ANNA, ""], NOW),
        lambda: book.snooze(ANNA, UNTIL, NOW),
        lambda: book.undo(),
        lambda: book.fall_due(UNTIL),
    ):
        with pytest.raises(BadInput, match="No room"):
            deed()
    assert ledger.page() == before


# many at once


def test_many_are_done_at_once_and_taken_back_at_once(
    ledger: CallLedger, book: FollowUpBook
) -> None:
    book.snooze(BORIS, UNTIL, NOW)
    changes = book.handle_all([ANNA, BORIS, "", ANNA], NOW)
    assert len(changes) == 4
    assert waiting(ledger) == (set(), set())
    assert book.reminders() == ()
    done = book.last_deed()
    assert done is not None
    assert (done.what, done.people) == (What.HANDLED, 3)
    assert len(book.undo()) == 4
    assert waiting(ledger) == ({ANNA}, {ANNA})
    assert [reminder.other for reminder in book.reminders()] == [BORIS]
    book.undo()
    assert waiting(ledger) == ({ANNA, BORIS}, {ANNA, BORIS})


def test_a_deed_at_the_same_moment_is_not_taken_back_with_them(
    ledger: CallLedger, book: FollowUpBook
) -> None:
    book.handle(ANNA, NOW)
    book.handle_all([BORIS, ""], NOW)
    book.undo()
    assert waiting(ledger) == ({BORIS}, {BORIS})
    book.undo()
    assert waiting(ledger) == ({ANNA, BORIS}, {ANNA, BORIS})


def test_so_many_that_older_deeds_are_forgotten_are_taken_back_whole(
    ledger: CallLedger, book: FollowUpBook
) -> None:
    callers = [f"+3725{n:07}" for n in range(60)]
    missed = [record(100 + n, after(3000 + n), other) for n, other in enumerate(callers)]
    ledger.record(*missed, now=NOW + HOUR)
    book.handle_all([ANNA, *callers], NOW + HOUR)
    assert waiting(ledger)[0] == {BORIS}
    book.undo()
    assert waiting(ledger)[0] == {ANNA, BORIS, *callers}


def test_of_one_who_was_erased_since_nothing_else_is_taken_back(
    db: sqlite3.Connection, ledger: CallLedger, book: FollowUpBook
) -> None:
    book.handle(ANNA, NOW)
    book.handle_all([BORIS, ""], NOW + HOUR)
    db.execute("DELETE FROM deeds WHERE other = ?", (BORIS,))
    book.undo()
    assert waiting(ledger) == (set(), set())
    assert ledger.missed_people() == 1
