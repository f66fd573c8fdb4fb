from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.attention import announce
from desk_phone.model.calls import (
    Attention,
    Call,
    CallRecord,
    Change,
    Direction,
    NameSource,
    Outcome,
    Record,
    Report,
)
from desk_phone.store.calls import CallFilter, CallLedger, Gap
from desk_phone.store.database import open_database
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

SOON = timedelta(seconds=30)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def ledger(db: sqlite3.Connection) -> CallLedger:
    return CallLedger(db)


def only(changes: tuple[Change, ...]) -> Call:
    (change,) = changes
    return change.after


# what becomes of a call


@pytest.mark.parametrize(
    ("report", "direction", "outcome"),
    [
        pytest.param(record(1, T0), Direction.INCOMING, Outcome.MISSED, id="nobody answered"),
        pytest.param(
            record(1, T0, answer=3, release=60), Direction.INCOMING, Outcome.ANSWERED, id="talked"
        ),
        pytest.param(
            record(1, T0, answer=3), Direction.INCOMING, Outcome.ANSWERED, id="still talking"
        ),
        pytest.param(
            record(1, T0, release=20), Direction.INCOMING, Outcome.MISSED, id="only a release"
        ),
        pytest.param(
            record(1, T0, incoming=False), Direction.OUTGOING, Outcome.UNANSWERED, id="not reached"
        ),
        pytest.param(
            record(1, T0, incoming=False, answer=9, release=30),
            Direction.OUTGOING,
            Outcome.ANSWERED,
            id="reached",
        ),
    ],
)
def test_an_old_record_says_what_became_of_its_call(
    ledger: CallLedger, report: Record, direction: Direction, outcome: Outcome
) -> None:
    call = only(ledger.record(report, now=T0 + LATE))
    assert (call.direction, call.outcome, call.other) == (direction, outcome, ANNA)
    assert call.start == T0
    assert ledger.call(call.id) == call


def words(**given: str) -> Record:
    plain = CallRecord(
        "7", "51234567", "6401234", "No", "Terminating", "2026-06-01T12:00:00", "# #", "", ""
    )
    return Record(OWN, replace(plain, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "direction", "other", "text"),
    [
        pytest.param(words(), Direction.INCOMING, ANNA, "51234567", id="documented"),
        pytest.param(
            words(direction="Redirected"), Direction.INCOMING, ANNA, "51234567", id="own is called"
        ),
        pytest.param(
            words(direction="", calling="6401234", called="51234567"),
            Direction.OUTGOING,
            ANNA,
            "51234567",
            id="own is calling",
        ),
        pytest.param(
            words(calling="60000002", called="60000003"),
            Direction.INCOMING,
            "+37260000002",
            "60000002",
            id="the text's own sample: neither is own",
        ),
        pytest.param(
            words(direction="ORIGINATING", calling="60000002", called="60000003"),
            Direction.OUTGOING,
            "+37260000003",
            "60000003",
            id="outgoing, neither is own",
        ),
        pytest.param(
            words(direction="?", calling="60000002", called="60000003"),
            Direction.UNKNOWN,
            "+37260000002",
            "60000002",
            id="an unknown word, neither is own",
        ),
        pytest.param(words(calling=""), Direction.INCOMING, "", "", id="withheld"),
        pytest.param(
            words(calling="anonymous"), Direction.INCOMING, "", "anonymous", id="withheld in words"
        ),
        pytest.param(
            words(called="51234567", calling="3726401234"),
            Direction.INCOMING,
            ANNA,
            "51234567",
            id="the other party is the one that is not own",
        ),
    ],
)
def test_who_called_whom(
    ledger: CallLedger, report: Record, direction: Direction, other: str, text: str
) -> None:
    call = only(ledger.record(report, now=T0 + LATE))
    assert (call.direction, call.other, call.other_text) == (direction, other, text)


def test_a_record_without_any_time_is_kept_and_shown_as_of_now(
    ledger: CallLedger, db: sqlite3.Connection
) -> None:
    call = only(ledger.record(words(start="soon", answer="later"), now=T0))
    assert (call.start, call.outcome, call.answered) == (T0, Outcome.RINGING, None)
    assert db.execute("SELECT start_time, answer_time FROM records").fetchall() == [
        ("soon", "later")
    ]
    grown = only(ledger.record(words(), now=T0 + LATE))
    assert (grown.id, grown.start) == (call.id, after(0))


def test_a_release_before_the_answer_is_no_release(ledger: CallLedger) -> None:
    call = only(ledger.record(record(1, T0, answer=30, release=10), now=T0 + LATE))
    assert (call.answered, call.released, call.talked) == (after(30), None, None)


# ringing, then missed


def test_a_fresh_record_without_answer_may_still_ring(ledger: CallLedger) -> None:
    ringing = only(ledger.record(record(1, T0), now=T0 + SOON))
    assert (ringing.outcome, ringing.attention) == (Outcome.RINGING, Attention.NONE)
    assert ledger.missed_people() == 0


def test_a_second_poll_that_says_the_same_means_missed(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), now=T0 + SOON)
    (change,) = ledger.record(record(1, T0), now=T0 + SOON + timedelta(seconds=5))
    assert change.became_missed
    assert change.after.attention is Attention.NEW


def test_the_same_record_twice_in_one_answer_is_no_second_poll(ledger: CallLedger) -> None:
    changes = ledger.record(record(1, T0), record(1, T0), now=T0 + SOON)
    assert [c.after.outcome for c in changes] == [Outcome.RINGING]


def test_one_answer_taken_in_slices_is_no_second_poll(ledger: CallLedger) -> None:
    for _ in range(2):
        ledger.record(record(1, T0), now=T0 + SOON)
    assert ledger.settle(T0 + SOON) == ()
    assert [c.outcome for c in ledger.page()] == [Outcome.RINGING]


def test_an_unchanged_poll_settles_what_rang(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), now=T0 + SOON)
    (change,) = ledger.settle(T0 + 2 * SOON)
    assert change.became_missed
    assert ledger.settle(T0 + 3 * SOON) == ()


def test_a_notice_does_not_settle_what_an_older_poll_said(ledger: CallLedger) -> None:
    """The person may have answered since; only a poll can tell."""
    ledger.record(record(1, T0), now=T0 + SOON)
    changes = ledger.record(notice(after(120), BORIS), now=after(120))
    assert [c.after.other for c in changes] == [BORIS]


def test_a_call_answered_after_all_is_not_missed_any_more(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), now=T0 + SOON)
    ledger.settle(T0 + 2 * SOON)
    (change,) = ledger.record(record(1, T0, answer=50), now=T0 + 3 * SOON)
    assert change.ceased_missed
    assert (change.after.attention, ledger.missed_people()) == (Attention.NONE, 0)


def test_a_call_known_from_a_notice_alone_never_becomes_missed_by_waiting(
    ledger: CallLedger,
) -> None:
    """It may be a long talk whose record comes when it is over."""
    ringing = only(ledger.record(notice(T0), now=T0))
    assert ringing.outcome is Outcome.RINGING
    assert only(ledger.settle(T0 + 10 * SOON)).outcome is Outcome.UNKNOWN
    missed = ledger.record(record(1, T0), now=T0 + 20 * SOON)
    assert [(c.after.id, c.became_missed) for c in missed] == [(ringing.id, True)]


@pytest.mark.parametrize("word", ["End", "Missed", "NoAnswer", "Whatever"])
def test_any_second_word_about_a_call_nobody_answered_is_a_hint_that_it_is_missed(
    ledger: CallLedger, word: str
) -> None:
    ledger.record(notice(T0), now=T0)
    (change,) = ledger.record(notice(after(25), type_=word), now=after(25))
    assert change.became_missed
    assert ledger.record(record(1, T0), now=after(30)) != ()  # the record is fresh and says nothing
    assert [c.outcome for c in ledger.page()] == [Outcome.MISSED]
    (corrected,) = ledger.record(record(1, T0, answer=20), now=after(40))
    assert corrected.ceased_missed


def test_a_later_word_without_its_start_is_a_call_by_itself_until_the_record_comes(
    ledger: CallLedger,
) -> None:
    lone = only(ledger.record(notice(after(25), type_="End"), now=after(25)))
    assert lone.outcome is Outcome.RINGING  # of which call it spoke nobody knows yet
    (change,) = ledger.record(record(1, T0), now=T0 + LATE)
    assert (change.before and change.before.id, change.after.id) == (lone.id, lone.id)
    assert change.became_missed
    assert change.after.start == T0


def test_that_somebody_talked_is_no_call_by_itself(ledger: CallLedger) -> None:
    assert ledger.record(notice(T0, type_="End", answer="Yes"), now=T0) == ()
    assert ledger.page() == []


# one call, many reports


def test_a_notice_and_its_record_are_one_call_either_way_round(ledger: CallLedger) -> None:
    first = only(ledger.record(notice(after(2), name="Anna"), now=after(2)))
    (change,) = ledger.record(record(1, T0, answer=5, release=60), now=T0 + LATE)
    assert (change.before, change.after.id) == (first, first.id)
    ledger.record(record(2, after(1000), name="Anna K"), now=T0 + LATE)
    assert ledger.record(notice(after(1003), name="Anna"), now=T0 + LATE) == ()
    assert [(c.start, c.name) for c in ledger.page()] == [(after(1000), "Anna K"), (T0, "Anna")]


def test_two_records_are_two_calls_however_near(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), record(2, after(1)), notice(T0), now=T0 + LATE)
    assert len(ledger.page()) == 2


def test_the_record_of_another_line_is_another_call(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), record(1, T0, own="+3726403231"), now=T0 + LATE)
    assert len(ledger.page()) == 2
    assert ledger.missed_people() == 1


def test_two_rows_that_turn_out_to_be_one_keep_the_older_id(ledger: CallLedger) -> None:
    """A record whose number was withheld at first."""
    rang = only(ledger.record(notice(after(10)), now=after(10)))
    other = only(ledger.record(words(calling=""), now=after(40)))
    ledger.record(words(calling=""), now=after(50))  # missed
    assert rang.id < other.id
    changes = ledger.record(words(), now=after(55))
    assert {c.after.id for c in changes} == {rang.id}
    assert not any(c.became_missed for c in changes)  # it was told of the other row
    assert [c.id for c in ledger.page()] == [rang.id]
    assert ledger.call(other.id) is None
    assert ledger.missed_people() == 1


def test_a_record_only_learns(ledger: CallLedger) -> None:
    full = record(1, T0, answer=5, release=60, name="Anna")
    ledger.record(full, now=T0 + LATE)
    for poorer in (record(1, T0), record(1, T0, answer=5), words(id="1", calling="")):
        assert ledger.record(poorer, now=T0 + LATE) == ()
    (call,) = ledger.page()
    assert (call.name, call.outcome, call.released) == ("Anna", Outcome.ANSWERED, after(60))


def test_a_poll_that_lacks_a_call_deletes_nothing(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), record(2, after(1000)), now=T0 + LATE)
    assert ledger.record(record(2, after(1000)), now=T0 + LATE) == ()
    assert len(ledger.page()) == 2


@pytest.mark.parametrize(
    ("told", "name", "source"),
    [
        pytest.param(("# #", "Anna"), "Anna", NameSource.NOTICE, id="the record has none"),
        pytest.param(("A. Kask", "Anna"), "A. Kask", NameSource.RECORD, id="the record wins"),
        pytest.param(("  ", "# #"), "", NameSource.NONE, id="nobody knows"),
        pytest.param(("A\u202ena\n", ""), "Ana", NameSource.RECORD, id="cleaned"),
    ],
)
def test_the_name_of_a_call(
    ledger: CallLedger, told: tuple[str, str], name: str, source: NameSource
) -> None:
    ledger.record(record(1, T0, name=told[0]), notice(T0, name=told[1]), now=T0 + LATE)
    (call,) = ledger.page()
    assert (call.name, call.name_source) == (name, source)
    assert ledger.name_of(ANNA) == (name, source)


def test_the_latest_name_of_a_number_is_its_name(ledger: CallLedger) -> None:
    ledger.record(record(2, after(1000), name="New"), record(3, after(2000)), now=T0 + LATE)
    ledger.record(record(1, T0, name="Old"), now=T0 + LATE)
    assert ledger.name_of(ANNA) == ("New", NameSource.RECORD)
    assert ledger.name_of(BORIS) == ("", NameSource.NONE)
    assert ledger.name_of("") == ("", NameSource.NONE)


# own dials


def test_an_own_dial_becomes_the_call_it_made(ledger: CallLedger) -> None:
    rings = only(ledger.record(dialled(T0), now=T0))
    assert (rings.direction, rings.outcome) == (Direction.OUTGOING, Outcome.RINGING)
    (change,) = ledger.record(record(1, after(20), incoming=False, answer=9), now=T0 + LATE)
    assert (change.after.id, change.after.outcome) == (rings.id, Outcome.ANSWERED)


@pytest.mark.parametrize(
    ("seconds", "calls"),
    [
        pytest.param(-11, 2, id="too early"),
        pytest.param(-10, 1, id="earliest"),
        pytest.param(180, 1, id="latest"),
        pytest.param(181, 2, id="too late"),
    ],
)
def test_how_far_from_its_dial_a_call_may_start(
    ledger: CallLedger, seconds: int, calls: int
) -> None:
    ledger.record(dialled(T0), now=T0)
    ledger.record(record(1, after(seconds), incoming=False), now=T0 + LATE)
    assert len(ledger.page()) == calls


def test_a_dial_again_after_nobody_lifted_takes_the_call(ledger: CallLedger) -> None:
    ledger.record(dialled(T0), dialled(after(60)), now=after(60))
    ledger.record(record(1, after(64), incoming=False), now=T0 + LATE)
    assert [(c.start, c.outcome) for c in ledger.page()] == [
        (after(64), Outcome.UNANSWERED),
        (T0, Outcome.UNKNOWN),
    ]


def test_a_dial_always_tells_of_its_call_and_only_once(ledger: CallLedger) -> None:
    known = only(ledger.record(record(1, after(-3), incoming=False), now=T0 + LATE))
    assert ledger.record(dialled(T0), now=T0) == (Change(known, known),)
    assert ledger.record(dialled(T0), now=T0) == ()


def test_a_dial_that_was_not_made_leaves_nothing(ledger: CallLedger) -> None:
    call = only(ledger.record(dialled(T0), now=T0))
    ledger.withdraw(call.id)
    ledger.withdraw(call.id)
    assert (ledger.page(), ledger.people(), ledger.dialled_since(T0)) == ([], [], [])


def test_what_the_service_knows_of_is_not_withdrawn(ledger: CallLedger) -> None:
    call = only(ledger.record(dialled(T0), now=T0))
    ledger.record(record(1, after(4), incoming=False), now=T0 + LATE)
    ledger.withdraw(call.id)
    assert [c.id for c in ledger.page()] == [call.id]


def test_the_own_dials_since(ledger: CallLedger) -> None:
    ledger.record(dialled(after(60), BORIS), dialled(T0), dialled(after(-60)), now=T0)
    assert ledger.dialled_since(T0) == [(ANNA, T0), (BORIS, after(60))]


# attention


def test_the_first_import_is_silent(ledger: CallLedger) -> None:
    changes = ledger.record(record(1, T0), record(2, after(99), BORIS), now=T0 + LATE, silent=True)
    assert not announce(changes, T0 + LATE, T0)
    assert [c.after.attention for c in changes] == [Attention.SEEN] * 2
    assert (ledger.missed_people(), ledger.missed()) == (0, [])


def test_the_badge_counts_people_and_all_withheld_numbers_as_one(ledger: CallLedger) -> None:
    missed = [record(n, after(1000 * n), other) for n, other in enumerate((ANNA, ANNA, BORIS), 1)]
    withheld = [Record(OWN, replace(r.record, id=f"1{r.record.id}", calling="")) for r in missed]
    ledger.record(*missed, *withheld, now=T0 + LATE)
    assert ledger.missed_people() == 3
    assert [c.start for c in ledger.missed()] == [after(1000 * n) for n in (3, 3, 2, 2, 1, 1)]
    for other in (ANNA, BORIS, "", OWN):
        assert ledger.missed(other) == [c for c in ledger.missed() if c.other == other]


def test_what_was_looked_at_is_not_new(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), record(2, after(99), BORIS), now=T0 + LATE)
    seen = ledger.mark_seen()
    assert [(c.before and c.before.attention, c.after.attention) for c in seen] == [
        (Attention.NEW, Attention.SEEN)
    ] * 2
    assert (ledger.missed_people(), ledger.mark_seen()) == (0, ())


@pytest.mark.parametrize("incoming", [True, False], ids=["they called again", "we called back"])
@pytest.mark.parametrize("first", ["missed", "talk"])
def test_a_later_talk_in_either_direction_handles_a_missed_call(
    ledger: CallLedger, incoming: bool, first: str
) -> None:
    missed, talk = record(1, T0), record(2, after(500), incoming=incoming, answer=4, release=60)
    for report in (missed, talk) if first == "missed" else (talk, missed):
        ledger.record(report, now=T0 + LATE)
    assert [c.attention for c in ledger.page(CallFilter.MISSED)] == [Attention.HANDLED]
    assert ledger.missed_people() == 0


def test_what_is_handled_by_itself_is_told(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), now=T0 + LATE)
    changes = ledger.record(record(2, after(500), answer=4), now=T0 + LATE)
    assert [(c.after.record_id, c.after.attention) for c in changes] == [
        ("1", Attention.HANDLED),
        ("2", Attention.NONE),
    ]


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(record(2, after(-500), answer=4), id="before it"),
        pytest.param(record(2, after(500), BORIS, answer=4), id="with somebody else"),
        pytest.param(record(2, after(500), incoming=False), id="not reached"),
    ],
)
def test_what_does_not_handle_a_missed_call(ledger: CallLedger, talk: Report) -> None:
    ledger.record(record(1, T0), now=T0 + LATE)
    ledger.record(talk, now=T0 + LATE)
    assert ledger.call(1) is not None
    assert [c.attention for c in ledger.missed() if c.record_id == "1"] == [Attention.NEW]


@pytest.mark.parametrize("polled", [False, True], ids=["no record", "a record that leaves it open"])
def test_a_talk_that_only_a_notice_tells_of_handles_nothing(
    ledger: CallLedger, polled: bool
) -> None:
    ledger.record(record(1, T0), now=T0 + LATE)
    start = T0 + LATE
    if polled:
        ledger.record(record(2, start), now=start + timedelta(seconds=5))
    ledger.record(notice(start), notice(start + SOON, answer="Yes"), now=start + SOON)
    assert ledger.page()[0].outcome is (Outcome.RINGING if polled else Outcome.ANSWERED)
    assert [c.record_id for c in ledger.missed()] == ["1"]


def test_a_talk_with_one_withheld_number_says_nothing_of_another(ledger: CallLedger) -> None:
    ledger.record(words(calling=""), now=T0 + LATE)
    ledger.record(
        words(id="8", calling="", start="2026-06-01T12:30:00", answered="Yes"), now=T0 + LATE
    )
    assert ledger.missed_people() == 1


def test_a_person_handles_and_takes_up_again(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), record(2, after(900)), record(3, T0, BORIS), now=T0 + LATE)
    assert [c.after.record_id for c in ledger.follow_up.handle(ANNA, T0 + LATE)] == ["1", "2"]
    assert ledger.follow_up.handle(ANNA, T0 + LATE) == ()
    assert [c.other for c in ledger.page(CallFilter.CALL_BACK)] == [BORIS]
    assert len(ledger.follow_up.take_up(ANNA, T0 + LATE)) == 2
    assert [c.attention for c in ledger.page(CallFilter.CALL_BACK)] == [
        Attention.SEEN,
        Attention.NEW,
    ]


def test_what_a_person_took_up_again_stays_so(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), record(2, after(500), answer=4), now=T0 + LATE)
    ledger.follow_up.take_up(ANNA, T0 + LATE)
    ledger.record(record(3, after(2000)), now=T0 + LATE)
    assert [c.attention for c in ledger.page(CallFilter.MISSED)] == [Attention.NEW, Attention.SEEN]


def test_a_restart_announces_nothing_twice(tmp_path: Path) -> None:
    for turn in range(2):
        opened = open_database(tmp_path / "calls.sqlite3", tmp_path / "backups", T0)
        changes = CallLedger(opened.db).record(record(1, T0), notice(T0), now=T0 + LATE)
        opened.db.close()
        assert [c.became_missed for c in changes] == [True][turn:]


# hiding


def test_a_hidden_call_is_gone_and_no_report_revives_it(ledger: CallLedger) -> None:
    call = only(ledger.record(notice(T0), now=T0))
    ledger.hide(call.id)
    ledger.hide(12345)
    assert ledger.record(record(1, T0, name="Anna"), now=T0 + LATE) == ()
    assert ledger.record(notice(after(20), type_="End"), now=T0 + LATE) == ()
    assert (ledger.page(), ledger.call(call.id), ledger.people()) == ([], None, [])
    assert (ledger.missed_people(), ledger.missed(), ledger.mark_seen()) == (0, [], ())
    assert ledger.name_of(ANNA) == ("", NameSource.NONE)


# purging


def test_what_is_purged_is_nowhere_any_more(tmp_path: Path) -> None:
    file = tmp_path / "calls.sqlite3"
    with closing(open_database(file, tmp_path, T0).db) as db:
        ledger = CallLedger(db)
        ledger.record(
            record(1, T0, name="Secretname"),
            notice(T0, name="Secretname"),
            notice(after(90), BORIS, name="Secretname", type_="End", answer="Yes"),
            dialled(after(50), BORIS),
            record(2, after(9000), name="Somebody"),
            now=T0 + LATE,
        )
        ledger.hide(1)
        assert ledger.purge(after(5000)) == 2
        assert ledger.purge(after(5000)) == 0
        assert [c.name for c in ledger.page()] == [p.name for p in ledger.people()] == ["Somebody"]
        assert ledger.name_of(BORIS) == ("", NameSource.NONE)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Somebody" in left
    assert b"ecretname" not in left


# gaps


def test_a_gap_is_remembered_once(ledger: CallLedger) -> None:
    ledger.note_gap(OWN, T0, T0 + LATE)
    ledger.note_gap(OWN, T0, T0 + LATE)
    assert ledger.gaps(OWN) == [Gap(OWN, T0, T0 + LATE)]
    assert ledger.gaps("+3726403231") == []


# nothing half


def test_a_full_disk_changes_nothing(ledger: CallLedger, db: sqlite3.Connection) -> None:
    ledger.record(record(1, T0), now=T0 + LATE)
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages + 1}")
    many = [record(n, after(60 * n), name="x" * 100) for n in range(2, 500)]
    with pytest.raises(BadInput, match="No room"):
        ledger.record(*many, now=T0 + LATE)
    assert len(ledger.page()) == 1
    db.execute("PRAGMA max_page_count = 1000000")
    assert len(ledger.record(*many, now=T0 + LATE)) == 498


def test_nothing_reported_changes_nothing(ledger: CallLedger) -> None:
    assert ledger.record(now=T0) == ()
    assert ledger.settle(T0) == ()
