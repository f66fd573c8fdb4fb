"""`model.clipping`: what a copied text is meant for."""

from __future__ import annotations

import pytest

from desk_phone.model.clipping import CHOICES_AT_MOST, HotkeyMode, Meaning, wish

OWN, COLLEAGUE = "+3726401234", "+3726403231"


def meant(text: str, mode: HotkeyMode = HotkeyMode.ASK) -> tuple[Meaning, list[str]]:
    found = wish([text], mode, OWN, frozenset({COLLEAGUE}))
    return found.meaning, [each.key for each in found.numbers]


@pytest.mark.parametrize(
    ("text", "mode", "meaning"),
    [
        ("5123 4567", HotkeyMode.ASK, Meaning.ASK),
        ("5123 4567", HotkeyMode.AT_ONCE, Meaning.DIAL),
        ("5123 4567", HotkeyMode.PALETTE, Meaning.PALETTE),
        ("Mari 5123 4567, tuba 12", HotkeyMode.AT_ONCE, Meaning.DIAL),
        ("640 3231", HotkeyMode.AT_ONCE, Meaning.DIAL),
        ("+358 40 123 4567", HotkeyMode.AT_ONCE, Meaning.ASK),
        ("8 (495) 123-45-67", HotkeyMode.AT_ONCE, Meaning.ASK),
        ("900 1234", HotkeyMode.AT_ONCE, Meaning.ASK),
        ("1182", HotkeyMode.AT_ONCE, Meaning.ASK),
        ("60000002", HotkeyMode.AT_ONCE, Meaning.ASK),
        ("112", HotkeyMode.AT_ONCE, Meaning.ASK),  # the policy refuses it, with the reason
        ("640 1234", HotkeyMode.AT_ONCE, Meaning.ASK),  # the own number: refused, too
        ("", HotkeyMode.ASK, Meaning.NOTHING),
        ("tere", HotkeyMode.AT_ONCE, Meaning.NOTHING),
        ("tere", HotkeyMode.PALETTE, Meaning.PALETTE),
    ],
)
def test_what_a_text_is_meant_for(text: str, mode: HotkeyMode, meaning: Meaning) -> None:
    assert meant(text, mode)[0] is meaning


@pytest.mark.parametrize(
    "text",
    [
        *("EE471000001020145685", "EE 47 1000 0010 2014 5685"),
        *("38001085718", "10137025", "12345678", "2026-11-25", "25.11.2026"),
        *("*21*51234567#", "##002#", "Arve nr 2026/1137"),
    ],
)
def test_what_looks_like_a_number_and_is_none(text: str) -> None:
    assert meant(text)[0] is Meaning.NOTHING


def test_a_code_with_a_wrong_check_digit_may_be_a_number() -> None:
    assert meant("10137026")[0] is Meaning.ASK


def test_several_numbers_are_chosen_from() -> None:
    meaning, keys = meant("6403231, mob 5123 4567", HotkeyMode.AT_ONCE)
    assert (meaning, keys) == (Meaning.CHOOSE, [COLLEAGUE, "+37251234567"])


def test_a_range_is_spelt_out() -> None:
    meaning, keys = meant("640 3231-33")
    assert meaning is Meaning.CHOOSE
    assert keys == ["+3726403231", "+3726403232", "+3726403233"]


def test_more_than_there_are_keys_for_are_counted() -> None:
    text = "\n".join(f"5123 45{n}" for n in range(60, 75))
    found = wish([text], HotkeyMode.ASK, OWN, frozenset())
    assert (len(found.numbers), found.more) == (CHOICES_AT_MOST, 6)


def test_the_first_text_with_a_number_counts() -> None:
    found = wish(["", "tere", "5123 4567", "640 3231"], HotkeyMode.ASK, OWN, frozenset())
    assert found.text == "5123 4567"
    assert wish(["", "tere"], HotkeyMode.ASK, OWN, frozenset()).text == "tere"
