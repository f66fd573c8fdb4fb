from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.text import AT_MOST, clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("   ", ""),
        ("Mari Maasikas", "Mari Maasikas"),
        ("  Mari \t\r\n Maasikas ", "Mari Maasikas"),
        ("Mari  Maasikas", "Mari Maasikas"),
        ("Mari\u00a0Maasikas", "Mari Maasikas"),
        ("Mari\u2028Maasikas", "Mari Maasikas"),
        ("O\u0303ie", "Õie"),  # decomposed
        ("Ольга Šapiro", "Ольга Šapiro"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("\u2066Mari\u2069\u200b\ufeff\u00ad", "Mari"),
        ("a\x00b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("half \ud83d a face", "half a face"),
        ("<b>Mari</b> %(who)s", "<b>Mari</b> %(who)s"),  # kept: labels show plain text
        ("x" * 500, "x" * AT_MOST),
        ("x" * 127 + " y", "x" * 127),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters(), max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert len(once) <= AT_MOST
    assert once.encode("utf-8").decode("utf-8") == once  # no half characters


@given(st.text(st.characters(max_codepoint=0x7F), max_size=200))
def test_ascii_has_no_way_of_its_own(text: str) -> None:
    """The quick path says what the slow one says (a letter outside ASCII forces the slow one)."""
    if len(text) < AT_MOST - 2:
        assert clean("Õ " + text) == ("Õ " + clean(text)).strip()
