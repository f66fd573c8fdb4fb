"""``desk-phone note``, and what ``calls --json`` tells of notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.commands import run
from desk_phone.model.calls import Change
from desk_phone.model.notes import NOTE_AT_MOST
from desk_phone.options import read
from desk_phone.said import Said, Status
from tests.offices import OWN, RIGHT, USER, Workplace, told

MOBILE = "+37251234567"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """One missed call from the mobile is known."""
    place = Workplace(tmp_path)
    place.keyring.keep(USER, RIGHT)
    place.telco.records[OWN] = (told(7),)
    place.command("calls")
    return place


def parsed(said: Said) -> Any:
    assert (said.status, said.err) == (0, "")
    return json.loads(said.out)


def only_id(place: Workplace) -> int:
    (call,) = parsed(place.command("calls", "--offline", "--json"))
    return int(call["id"])


def test_a_note_about_a_person_is_set_and_shown(place: Workplace) -> None:
    assert place.command("note", "5123 4567") == Said(out="No note.\n")
    assert place.command("note", "5123 4567", "Prefers", "mornings").out == "Prefers mornings\n"
    found = parsed(place.command("note", MOBILE, "--json"))
    assert (found["note"], found["other"], found["call"]) == ("Prefers mornings", MOBILE, None)
    assert found["created"] == found["changed"] != ""


@pytest.mark.parametrize(
    ("words", "other", "text"),
    [
        (("5123", "4567", "Prefers", "mornings"), MOBILE, "Prefers mornings"),
        (("+372", "5123", "4567", "Monday"), MOBILE, "Monday"),
        (("51234567", "2", "pieces"), MOBILE, "2 pieces"),
        (("640", "3231", "Wants", "it"), "+3726403231", "Wants it"),
        (("1182", "2", "pieces"), None, "2 pieces"),
    ],
)
def test_a_number_in_groups_is_one(
    place: Workplace, words: tuple[str, ...], other: str | None, text: str
) -> None:
    found = parsed(place.command("note", *words, "--json"))
    assert (found["other"], found["note"]) == (other, text)


def test_a_note_of_a_call_is_set_and_shown(place: Workplace) -> None:
    call = only_id(place)
    assert place.command("note", "--call", str(call), "Call", "at 9").out == "Call at 9\n"
    found = parsed(place.command("note", "--call", str(call), "--json"))
    assert (found["note"], found["other"], found["call"]) == ("Call at 9", None, call)
    (listed,) = parsed(place.command("calls", "--offline", "--json"))
    assert (listed["note"], listed["attention"]) == ("Call at 9", "seen")
    first, heading, line = place.command("note", MOBILE).out.splitlines()
    assert (first, heading) == ("No note.", "Notes of calls:")
    assert line.endswith("  Call at 9")
    assert place.command("note", "5123 4568").out == "No note.\n"


def test_who_shows_calls_reads_the_note_again(place: Workplace) -> None:
    call = only_id(place)
    heard: list[tuple[Change, ...]] = []
    with place.open() as office:
        desk = place.desk(office, heard.append)
        for words in (("note", MOBILE), ("note", MOBILE, "x"), ("note", "--call", str(call), "x")):
            perform(run(desk, read(words)))
    assert [[change.after.id for change in changes] for changes in heard] == [[call], [call]]


def test_a_note_is_taken_away_and_erased(place: Workplace) -> None:
    place.command("note", MOBILE, "x")
    place.command("note", "--call", str(only_id(place)), "y")
    assert place.command("note", MOBILE, "--clear").out == "No note.\n"
    assert place.command("note", MOBILE, "--erase").out == "No note.\n"
    assert parsed(place.command("calls", "--offline", "--json"))[0]["note"] == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "Whom is the note about?", id="nobody"),
        pytest.param(("abc",), "abc is no phone number", id="no number"),
        pytest.param(("--call", "99"), "no call 99", id="no such call"),
        pytest.param((MOBILE, "x" * (NOTE_AT_MOST + 1)), "too long", id="too long"),
        pytest.param((MOBILE, "x", "--clear"), "not both", id="set and clear"),
        pytest.param(("--call", "1", "--erase"), "erased by person", id="erase a call's"),
    ],
)
def test_what_cannot_be_noted_is_told(place: Workplace, words: tuple[str, ...], said: str) -> None:
    found = place.command("note", *words)
    assert (found.status, found.out) == (Status.BAD_INPUT, "")
    assert said in found.err


def test_a_call_for_which_nobody_lifted_their_own_phone_is_told(place: Workplace) -> None:
    place.command("call", "6000123", "--yes")
    assert "ringing" in place.command("calls").out.splitlines()[0]
    place.clock.pass_(minutes=4)
    assert "not lifted" in place.command("calls").out.splitlines()[0]
