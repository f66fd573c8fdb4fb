"""How the relay's address is said."""

from __future__ import annotations

import pytest

from desk_phone.app.relay_state import RelayState
from desk_phone.ui.settings import relay_words

LONG = "https://" + "relay-of-the-company." * 12 + "example:8443/desk-phone"


def _said(url: str) -> str:
    return relay_words.enrolled(RelayState(url=url)).split("\n")[0]


def test_a_long_address_is_said_whole_and_can_be_broken() -> None:
    said = _said(LONG)
    assert said.replace("\u200b", "") == f"Enrolled at {LONG}."
    assert max(map(len, said.split("\u200b"))) <= 30


def test_a_word_without_end_can_be_broken_too() -> None:
    said = _said(f"https://{'x' * 200}.example")
    assert max(map(len, said.split("\u200b"))) <= 40


def test_a_short_one_is_left_alone() -> None:
    assert _said("https://relay.company.example") == "Enrolled at https://relay.company.example."


def test_what_is_longer_than_any_address_says_that_there_is_more() -> None:
    assert _said("https://" + "x" * 9999).endswith("….")


@pytest.mark.parametrize("url", ["https://a\u202eb.example", "https://a\nb.example"])
def test_nothing_in_it_turns_the_text_round(url: str) -> None:
    assert _said(url) == "Enrolled at https://ab.example."


def test_no_line_ends_inside_a_number() -> None:
    state = RelayState(url="https://a.example", numbers=("+3726403231", "+3726401234"))
    said = relay_words.enrolled(state).split("\n")[1]
    assert said == "Numbers: 640\u00a03231, 640\u00a01234"
