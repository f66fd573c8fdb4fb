"""What a person types into an entry."""

from __future__ import annotations

import pytest

from desk_phone.app.typed import Typed, content_of, key_of, preview, spelling_of
from desk_phone.errors import BadInput
from desk_phone.model.entries import Content
from desk_phone.model.names import Problem, Remark

MOBILE = "+37251234567"


@pytest.mark.parametrize(
    "text", ["abc", "*21#", "12", "640 3231-33", "1" * 16, "5123456 ext 7", "+"]
)
def test_what_is_no_number_is_said_with_the_text(text: str) -> None:
    with pytest.raises(BadInput) as error:
        key_of(text)
    assert text in error.value.title
    assert error.value.message


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(BadInput) as error:
        key_of("\u202ex" * 500)
    assert len(error.value.title) < 80
    assert "\u202e" not in error.value.title


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("  ", ""),
        ("5123 4567", MOBILE),
        ("tel:+37251234567", MOBILE),
        ("4567", "4567"),
        ("555111222", "555111222"),
        ("8 921 123 45 67", "+79211234567"),
    ],
)
def test_a_number_is_read_in_any_form(text: str, key: str) -> None:
    assert key_of(text) == key


def test_odd_numbers_of_an_entry_are_taken_as_they_are() -> None:
    odd = Content("Anna", "12", "4" * 18)
    assert content_of(Typed("Anna", "4" * 18, "12"), odd) == Content("Anna", "4" * 18, "12")
    with pytest.raises(BadInput):
        content_of(Typed("Anna", "12"))


def test_a_preview_tells_each_letter() -> None:
    proposal = preview("Žanna ☎")
    assert (proposal.wire, proposal.changed, proposal.lost) == ("Zhanna", True, ("☎",))
    assert proposal.remarks == (Remark("Ž", "Zh"), Remark("☎", ""))
    assert proposal.problems == ()
    assert not preview("Õnne").changed


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", Problem.EMPTY),
        ("☎", Problem.EMPTY),
        ("A" * 129, Problem.TOO_LONG),
        ("щ" * 33, Problem.TOO_LONG),
    ],
)
def test_a_preview_tells_what_cannot_be_sent(name: str, problem: Problem) -> None:
    assert problem in preview(name).problems


def test_no_name_is_cut_without_a_word() -> None:
    with pytest.raises(BadInput):
        spelling_of(Typed("A" * 129, MOBILE))
    assert spelling_of(Typed("A" * 128, MOBILE)) == "A" * 128


def test_the_phones_spelling_may_be_the_persons_own() -> None:
    typed = Typed(" Žanna  Щукина ", MOBILE, wire=" Janna   S ")
    assert spelling_of(typed) == "Žanna Щукина"
    assert content_of(typed) == Content("Janna S", MOBILE)
