"""Initials, and a colour that stays with a name."""

import pytest

from desk_phone.ui.avatar import colour, initials
from desk_phone.ui.look import DARK, LIGHT


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Kristiina Õunapuu", "KÕ"),
        ("Kristel Saar-Lindström", "KS"),
        ("Сергей Иванов", "СИ"),
        ("Anna Maria Tamm", "AT"),
        ("jaan", "J"),
        ("O\u0303unapuu", "Õ"),  # decomposed
        ("(Mari) «Kask»", "MK"),
        ("ßtefan", "S"),
        ("5123 4567", ""),
        ("4 You", "Y"),
        ("", ""),
        ("# #", ""),
        ("<img src=x>", "IS"),
        ("x" * 10_000, "X"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_a_name_keeps_its_colour() -> None:
    names = [f"Person {n}" for n in range(40)]
    assert [LIGHT.avatars.index(colour(n, LIGHT)) for n in names] == [
        DARK.avatars.index(colour(n, DARK)) for n in names
    ]
    assert len({colour(n, LIGHT) for n in names}) == len(LIGHT.avatars)
