"""What a command says of trouble: one line what, one line what to do, and a status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.said import Said, Status, as_json, of_bug, of_error, status_of
from desk_phone.system.keyring_trouble import locked


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(BadInput("x"), 2, id="bad input"),
        pytest.param(Refused("x", "", "ERR1001"), 3, id="refused"),
        pytest.param(Offline("x"), 4, id="offline"),
        pytest.param(Uncertain("x"), 5, id="uncertain"),
        pytest.param(BadCredentials("x"), 6, id="credentials"),
        pytest.param(locked(), 6, id="a kind of a kind"),
        pytest.param(PhoneError("x"), 1, id="none of the kinds"),
    ],
)
def test_each_kind_of_trouble_has_its_status(error: PhoneError, status: int) -> None:
    assert status_of(error) == of_error(error).status == status


def test_trouble_is_two_lines_however_it_was_written() -> None:
    error = BadInput("No  room\nto save", "Make room,\r\n\tthen\u2028try again.")
    assert of_error(error).err == "No room to save\nMake room, then try again.\n"


def test_without_advice_it_is_one_line() -> None:
    assert of_error(BadInput("No room")).err == "No room\n"


def test_what_is_printed_all_the_same_goes_along() -> None:
    assert of_error(Offline("no network"), "a call\n") == Said(4, "a call\n", "no network\n")


def test_a_refusal_begins_with_the_code_of_the_service() -> None:
    assert of_error(Refused("Not made", "", "ERR1001")).err == "ERR1001: Not made\n"
    assert of_error(Refused("It refused (ERR9)", "", "ERR9")).err == "It refused (ERR9)\n"
    assert of_error(Refused("It refused")).err == "It refused\n"


def test_a_fault_of_our_own_is_one_line_and_names_the_log() -> None:
    said = of_bug(Path("logs/crash.log"))
    assert (said.status, said.out, said.err.count("\n")) == (Status.BUG, "", 1)
    assert str(Path("logs/crash.log")) in said.err
    assert of_bug().err.count("\n") == 1


def test_json_is_read_back_as_it_was_and_shows_letters() -> None:
    text = as_json({"name": "Jüri Õun Жуков", "none": None})
    assert json.loads(text) == {"name": "Jüri Õun Жуков", "none": None}
    assert "Õun Жуков" in text
    assert text.endswith("}\n")
