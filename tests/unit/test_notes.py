"""Notes: kept with their call or person, found, and never lost to a mistake."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.calls import Record
from desk_phone.model.notes import (
    KEPT_AT_MOST,
    VERSIONS_KEPT,
    Version,
    joined,
    kept,
    tidy,
)
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.notes import Notes
from desk_phone.store.rows import CallRows
from tests.reported import ANNA, BORIS, LATE, T0, after, dialled, empty_database, notice, record


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(empty_database()) as db:
        yield db


@pytest.fixture
def ledger(db: sqlite3.Connection) -> CallLedger:
    return CallLedger(db)


@pytest.fixture
def notes(ledger: CallLedger) -> Notes:
    ledger.record(record(1, T0, name="Anna"), record(2, after(900), BORIS), now=T0 + LATE)
    return ledger.notes


def text_of(notes: Notes, call_id: int) -> str:
    note = notes.of_call(call_id)
    return note.text if note else ""


def text_about(notes: Notes, other: str) -> str:
    note = notes.about(other)
    return note.text if note else ""


# what is kept of the texts before


def versions(*texts: str) -> list[Version]:
    return [Version(text, after(60 * n)) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("before", "now", "left"),
    [
        pytest.param(["Call back"], "", ["Call back"], id="cleared"),
        pytest.param(["Call back"], "Call back at noon", [], id="written on"),
        pytest.param(["Call back"], "Do call back", ["Call back"], id="rewritten"),
        pytest.param(["Call noon"], "Call before noon", [], id="put in between"),
        pytest.param(["no"], "another thing: now", [], id="there as a part of a word"),
        pytest.param(["9"], "Ring at eight", ["9"], id="a short one is not taken for others"),
        pytest.param(["", "  "], "x", [], id="nothing is nothing"),
        pytest.param(["A", "Call", "A"], "", ["Call", "A"], id="the same again is kept once"),
        pytest.param(["Ca", "Call", "Call x"], "", ["Call x"], id="the trail of one who types"),
    ],
)
def test_what_is_kept_of_the_texts_before(before: list[str], now: str, left: list[str]) -> None:
    assert [version.text for version in kept(versions(*before), now)] == left


def test_of_too_many_the_shortest_lived_go_and_never_the_latest() -> None:
    moments = [0, 1000, 2000, 2001, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 9001]
    many = [Version(text, after(at)) for text, at in zip("abcdefghijkl", moments, strict=True)]
    left = [version.text for version in kept(many, "")]
    assert len(left) == VERSIONS_KEPT
    assert "".join(left) == "abdefghijl"


@pytest.mark.parametrize(
    ("text", "kept_as"),
    [
        pytest.param("a\r\nb\rc\n\n ", "a\nb\nc", id="lines end alike"),
        pytest.param("x\ud83d", "x?", id="half a character"),
        pytest.param("a\0b", "ab", id="an end of text"),
        pytest.param(" \n\t", "", id="blank"),
    ],
)
def test_a_note_can_always_be_written_down(notes: Notes, text: str, kept_as: str) -> None:
    assert tidy(text) == kept_as
    notes.write_about(ANNA, text, T0)
    assert text_about(notes, ANNA) == kept_as


@pytest.mark.parametrize(
    ("older", "newer", "one"),
    [
        ("a", "b", "a\nb"),
        ("a", "a", "a"),
        ("", "b", "b"),
        ("a", " ", "a"),
        ("a", "a b", "a b"),
        ("ab", "b", "ab"),
    ],
)
def test_two_notes_become_one(older: str, newer: str, one: str) -> None:
    assert joined(older, newer) == one


# writing


def test_a_note_has_its_moments(notes: Notes) -> None:
    notes.write_of_call(1, "Wants an offer", after(10))
    notes.write_of_call(1, "Wants two offers", after(99))
    note = notes.of_call(1)
    assert note is not None
    assert (note.text, note.created, note.changed) == ("Wants two offers", after(10), after(99))


def test_the_same_again_changes_nothing(notes: Notes) -> None:
    notes.write_of_call(1, "x", after(10))
    notes.write_of_call(1, "x \n", after(99))
    note = notes.of_call(1)
    assert note is not None
    assert note.changed == after(10)
    notes.write_of_call(2, " ", T0)
    assert notes.of_call(2) is None


def test_a_mistaken_clear_is_recovered_after_any_typing(notes: Notes) -> None:
    notes.write_about(ANNA, "The long story of Anna", T0)
    notes.write_about(ANNA, "", after(5))
    for n in range(1, 60):
        notes.write_about(ANNA, "x" * n, after(5 + n))
    assert [v.text for v in notes.versions_about(ANNA)] == ["The long story of Anna"]
    assert notes.versions_about(ANNA)[0].written == T0


def test_a_full_disk_keeps_what_was(notes: Notes, db: sqlite3.Connection) -> None:
    notes.write_of_call(1, "before", T0)
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(BadInput, match="No room"):
        notes.write_of_call(1, "y" * KEPT_AT_MOST, after(5))
    assert text_of(notes, 1) == "before"
    assert notes.versions_of_call(1) == ()


def test_what_cannot_be_noted(notes: Notes) -> None:
    with pytest.raises(BadInput, match="not known"):
        notes.write_of_call(77, "x", T0)
    with pytest.raises(BadInput, match="Nobody knows"):
        notes.write_about("", "x", T0)
    with pytest.raises(BadInput, match="too long"):
        notes.write_about(ANNA, "x" * (KEPT_AT_MOST + 1), T0)
    assert notes.find_people("x") == set()


def test_the_last_note_is_of_the_person_or_a_call_with_them(
    ledger: CallLedger, notes: Notes
) -> None:
    def last() -> str:
        note = notes.last(ANNA)
        return note.text if note else ""

    assert last() == ""
    notes.write_about(ANNA, "about", after(1))
    notes.write_of_call(2, "of another", after(9))
    assert last() == "about"
    notes.write_of_call(1, "of the call", after(2))
    assert last() == "of the call"
    notes.write_of_call(1, "", after(3))
    assert last() == "about"
    notes.write_of_call(1, "hidden", after(4))
    ledger.hide(1)
    assert last() == "about"
    assert notes.last("") is None


# finding


@pytest.mark.parametrize(
    "sought",
    [
        pytest.param("ounapuu", id="without its marks"),
        pytest.param("Õunapuu offer", id="all words in any order"),
        pytest.param("щааук", id="typed on the wrong keyboard"),
    ],
)
def test_a_note_is_found_in_any_spelling(notes: Notes, sought: str) -> None:
    notes.write_of_call(1, "The offer for Õunapuu & sons", T0)
    notes.write_about(BORIS, "Offers: see Õunapuu", T0)
    notes.write_of_call(2, "Nothing to do with it", T0)
    assert notes.find_calls(sought) == {1}
    assert notes.find_people(sought) == {BORIS}


@pytest.mark.parametrize("sought", ["", "o", "offer zebra", "%", "'"])
def test_what_no_note_says_finds_none(notes: Notes, sought: str) -> None:
    notes.write_of_call(1, "The offer for Õunapuu", T0)
    assert notes.find_calls(sought) == set()


def test_a_cleared_note_is_not_found(notes: Notes) -> None:
    notes.write_of_call(1, "offer", T0)
    notes.write_of_call(1, "", after(1))
    assert notes.find_calls("offer") == set()
    assert notes.of_calls([1, 2]) == {}


# when calls turn out to be one, were not made, or are too old


def one_call_in_two_rows(ledger: CallLedger) -> tuple[int, int]:
    """A notice, and a record whose number is withheld at first."""
    ledger.record(notice(after(10)), now=after(10))
    ledger.record(withheld_at_first(), now=after(40))
    first, second = sorted(call.id for call in ledger.page())
    return first, second


def withheld_at_first() -> Record:
    known = record(1, T0)
    return replace(known, record=replace(known.record, calling=""))


def unite(ledger: CallLedger) -> None:
    ledger.record(record(1, T0), now=T0 + LATE)


@pytest.mark.parametrize("noted", [(0,), (1,), (0, 1)], ids=["older", "younger", "both"])
def test_notes_move_when_two_calls_turn_out_to_be_one(
    ledger: CallLedger, noted: tuple[int, ...]
) -> None:
    ids, texts = one_call_in_two_rows(ledger), ("first", "second")
    for n in noted:
        ledger.notes.write_of_call(ids[n], texts[n], after(400 + n))
    unite(ledger)
    (call,) = ledger.page()
    assert call.id == min(ids)
    assert text_of(ledger.notes, call.id) == "\n".join(texts[n] for n in noted)
    assert ledger.notes.find_calls(texts[noted[-1]]) == {call.id}


def test_killed_while_two_calls_become_one_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "calls.sqlite3"
    with closing(open_database(file, tmp_path / "backups", T0).db) as db:
        ledger = CallLedger(db)
        ids = one_call_in_two_rows(ledger)
        ledger.notes.write_of_call(ids[1], "precious", after(600))
        with monkeypatch.context() as killed:
            killed.setattr(CallRows, "delete", kill)
            with pytest.raises(KeyboardInterrupt):
                unite(ledger)
    with closing(open_database(file, tmp_path / "backups", T0).db) as db:
        ledger = CallLedger(db)
        assert text_of(ledger.notes, ids[1]) == "precious"
        unite(ledger)
        (call,) = ledger.page()
        assert text_of(ledger.notes, call.id) == "precious"


def kill(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("known", ["", "Prefers mornings"])
def test_the_note_of_a_dial_that_was_not_made_is_about_the_person(
    ledger: CallLedger, known: str
) -> None:
    ledger.notes.write_about(ANNA, known, T0)
    (change,) = ledger.record(dialled(after(9)), now=after(9))
    ledger.notes.write_of_call(change.after.id, "Ask for the key", after(10))
    ledger.withdraw(change.after.id)
    assert ledger.page() == []
    wanted = f"{known}\nAsk for the key" if known else "Ask for the key"
    assert text_about(ledger.notes, ANNA) == wanted


def test_a_purged_call_takes_its_note_along_and_a_persons_note_stays(tmp_path: Path) -> None:
    file = tmp_path / "calls.sqlite3"
    with closing(open_database(file, tmp_path / "backups", T0).db) as db:
        ledger = CallLedger(db)
        ledger.record(record(1, T0), record(2, after(9000)), now=T0 + LATE)
        old, young = sorted(call.id for call in ledger.page())
        ledger.notes.write_of_call(old, "Secretnote", T0)
        ledger.notes.write_of_call(old, "another", after(60))
        ledger.notes.write_of_call(young, "Staying", T0)
        ledger.notes.write_about(ANNA, "Remaining", T0)
        assert ledger.purge(after(5000)) == 1
        assert (text_of(ledger.notes, young), text_about(ledger.notes, ANNA)) == (
            "Staying",
            "Remaining",
        )
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"Staying" in left
    assert b"ecretnote" not in left


def test_what_is_erased_of_a_person_is_nowhere_any_more(tmp_path: Path) -> None:
    file = tmp_path / "calls.sqlite3"
    with closing(open_database(file, tmp_path / "backups", T0).db) as db:
        ledger = CallLedger(db)
        ledger.record(record(1, T0), record(2, after(99), BORIS), now=T0 + LATE)
        mine = next(call.id for call in ledger.page() if call.other == ANNA)
        theirs = next(call.id for call in ledger.page() if call.other == BORIS)
        for text in ("Secretnote", ""):
            ledger.notes.write_of_call(mine, text, T0 + timedelta(seconds=len(text)))
            ledger.notes.write_about(ANNA, text, T0 + timedelta(seconds=len(text)))
        ledger.notes.write_of_call(theirs, "Staying", T0)
        ledger.notes.erase_about(ANNA)
        assert ledger.notes.about(ANNA) is None
        assert ledger.notes.versions_of_call(mine) == ()
        assert text_of(ledger.notes, theirs) == "Staying"
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert b"ecretnote" not in left
