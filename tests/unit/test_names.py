from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.names import Problem, Remark, odd_letters, problems, wire_name

WIRE = set(string.printable[:95]) | set("õüöäÕÜÖÄ")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("", (Problem.EMPTY,), id="nothing"),
        pytest.param("   ", (Problem.EMPTY,), id="blanks"),
        pytest.param("x" * 129, (Problem.TOO_LONG,), id="too-long"),
        pytest.param("Žanna", (Problem.LETTERS,), id="z-caron"),
        pytest.param("André", (Problem.LETTERS,), id="latin-1-is-not-enough"),
        pytest.param("A\tB", (Problem.LETTERS,), id="tab"),
        pytest.param("A\u00a0B", (Problem.LETTERS,), id="no-break-space"),
        pytest.param("o\u0303", (Problem.LETTERS,), id="decomposed-is-two-letters"),
        pytest.param(" Anna", (Problem.SPACES,), id="space-before"),
        pytest.param("Anna  Tamm", (Problem.SPACES,), id="two-spaces"),
        pytest.param("Õnne Äkke-Üle ÕÜÖÄ", (), id="estonian"),
        pytest.param('~!@#$%^&*()_+{}|:"<>?', (), id="all-ascii-signs"),
        pytest.param("x" * 128, (), id="just-fits"),
    ],
)
def test_a_name_that_cannot_be_sent_says_why(name: str, found: tuple[Problem, ...]) -> None:
    assert problems(name) == found


def test_the_odd_letters_are_named_once() -> None:
    assert odd_letters("Žan Žöö é") == "Žé"


@pytest.mark.parametrize(
    ("pretty", "wire"),
    [
        pytest.param("Žanna Šmidt", "Zhanna Shmidt", id="estonian-letters"),
        pytest.param("ŽANNA ŠMIDT", "ZHANNA SHMIDT", id="loud"),
        pytest.param("Z\u030canna", "Zhanna", id="composed-first"),
        pytest.param("Õunapuu Ülle", "Õunapuu Ülle", id="allowed-stays"),
        pytest.param("O\u0303unapuu", "Õunapuu", id="allowed-once-composed"),
        pytest.param("Пётр Иванов", "Petr Ivanov", id="russian"),
        pytest.param("Щукин, Хрущёв", "Shchukin, Khrushchev", id="many-letters-for-one"),
        pytest.param("ЩУКИН", "SHCHUKIN", id="loud-cyrillic"),
        pytest.param("Юлия Цой", "Iuliia Tsoi", id="vowels"),
        pytest.param("Объездчик Наталья", "Obieezdchik Natalia", id="hard-and-soft-sign"),
        pytest.param("Їжак Ґудзь", "Izhak Gudz", id="ukrainian"),
        pytest.param("Łukasz Çelik Åse", "Lukasz Celik Ase", id="marks-come-off"),
        pytest.param("Straße", "Strasse", id="sharp-s"),
        pytest.param("O’Neil – «OÜ»", 'O\'Neil - "OÜ"', id="typography"),
        pytest.param("Büroo № 5", "Büroo No 5", id="numero"),
        pytest.param("  Anna \u200b  Tamm ", "Anna Tamm", id="cleaned"),
        pytest.param("Anna 中文", "Anna", id="the-rest-goes"),
        pytest.param("中文", "", id="nothing-is-left"),
    ],
)
def test_a_wire_spelling_is_proposed(pretty: str, wire: str) -> None:
    assert wire_name(pretty).text == wire


def test_each_changed_letter_is_remarked_once() -> None:
    assert wire_name("Šaša 中").remarks == (
        Remark("Š", "Sh"),
        Remark("š", "sh"),
        Remark("中", ""),
    )


def test_only_letters_that_leave_a_gap_count_as_lost() -> None:
    assert wire_name("Наталья 中").lost == ("中",)


@given(st.text(max_size=200))
def test_no_unallowed_letter_ever_comes_out(pretty: str) -> None:
    text = wire_name(pretty).text
    assert set(text) <= WIRE
    assert Problem.LETTERS not in problems(text)
    assert Problem.SPACES not in problems(text)
    assert unicodedata.is_normalized("NFC", text)


@given(st.text(alphabet=sorted(WIRE), max_size=100))
def test_what_is_allowed_passes_unchanged(text: str) -> None:
    assert wire_name(text).text == " ".join(text.split())
    assert not wire_name(text).remarks
