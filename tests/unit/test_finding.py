"""Numbers in free text: right on what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.finding import RANGE_AT_MOST, READ_AT_MOST, find, spell_out
from desk_phone.model.reading import Kind, Problem, normalise, range_of, read

HOME = "+3726403231"
MOBILE = "+37251234567"


def keys(text: str) -> list[str]:
    return [reading.key for reading in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \n\t\u200b", id="nothing to be seen"),
        pytest.param("Mari Maasikas", id="a name"),
        pytest.param("EE382200221020145685", id="an IBAN"),
        pytest.param("EE38 2200 2210 2014 5685", id="an IBAN in groups"),
        pytest.param("a/a EE382200221020145685, SWIFT HABAEE2X", id="an IBAN in a line"),
        pytest.param("Konto: EE38 2200 2210 2014 5685 (Swedbank)", id="in groups in a line"),
        pytest.param("DE89 3704 0044 0532 0130 00", id="a foreign IBAN"),
        pytest.param("38001085718", id="a personal code"),
        pytest.param("48501011234", id="a personal code like a Polish number"),
        pytest.param("isikukood 38001085718", id="a personal code in a line"),
        pytest.param("isikukood: 48501011234, sündinud", id="and another"),
        pytest.param("registrikood 10421629", id="a registry code in a line"),
        pytest.param("reg. nr 80000001, KMKR EE100247019", id="a registry and a VAT code"),
        pytest.param("2011-11-29", id="a date"),
        pytest.param("29.11.2011", id="a date of this country"),
        pytest.param("01/02/2026", id="a date with slashes"),
        pytest.param("1. 2. 2026", id="a date with spaces"),
        pytest.param("kohtume 29.11.2026 kell 12.30", id="a date and a time"),
        pytest.param("2026-05-20T12:00:00", id="a time stamp"),
        pytest.param("arve 1234567 summa 1 234,56", id="a sum"),
        pytest.param("10,20 €", id="a price"),
        pytest.param("192.168.100.200", id="an address of a network"),
        pytest.param("tuba 112", id="112 is not the whole text"),
        pytest.param("kell 1182 ja 2345", id="nor are other short numbers"),
        pytest.param("112\n110", id="two short numbers"),
        pytest.param("1182\n1234", id="two lines make no number"),
        pytest.param("*31#", id="a service code"),
        pytest.param("1234 5678 9012 3456", id="a card"),
        pytest.param("abc6403231def", id="amid letters"),
        pytest.param("56403231123456789", id="amid digits"),
        pytest.param("\x00" * 50, id="NULs"),
    ],
)  # fmt: skip
def test_what_is_no_number(text: str) -> None:
    assert keys(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("6403231", [HOME]),
        ("Mari 5123 4567, tuba 12", [MOBILE]),
        ("tel. 640 3231", [HOME]),
        ("tel: 640 3231", [HOME]),
        ("(+372) 640 3231", [HOME]),
        ("Tel (+372) 640 3231, faks +372 640 3232", [HOME, "+3726403232"]),
        ("+372 640 3231 / 5123 4567", [HOME, MOBILE]),
        ("640 3231, 640 3232", [HOME, "+3726403232"]),
        ("640 3231; 5123 4567.", [HOME, MOBILE]),
        ("helista 640 3231!", [HOME]),
        ("<6403231>", [HOME]),
        ("640 3231²", [HOME]),
        ("isikukood 48501011234, tel 5123 4567", [MOBILE]),
        ("EE382200221020145685 tel 640 3231", [HOME]),
        ("29.11.2026 kell 12.30 helista 5123 4567", [MOBILE]),
        ("tel 6403231 tel 640-3231 tel +3726403231", [HOME]),  # each once
        ("Matti +358 40 1234567", ["+358401234567"]),
        ("Lars 0046 8 123 456 78", ["+46812345678"]),
        ("mari@example.com 640 3231 www.example.com", [HOME]),
        ("640 3231 ext. 12", [HOME]),
        ("tel:+372-640-3231", [HOME]),
        ("<a href='tel:+3726403231'>640 3231</a>", [HOME]),
        ("tel. ６４０ ３２３１", [HOME]),
        ("tel. ٦٤٠ ٣٢٣١", [HOME]),
        ("tel. 640\u00a03231", [HOME]),
        ("tel. 640\u20113231", [HOME]),
        ("\u202etel. 640\u200b3231\u202c", [HOME]),
        ("112", ["112"]),
        (" 1182\n", ["1182"]),
        ("2345", ["2345"]),
        ("60000002", ["+37260000002"]),  # as the whole text, like one that was typed
        ("10421629", ["+37210421629"]),
        ("900 1234", ["+3729001234"]),
        # each in a line or a cell of its own
        ("5123 4567\n640 3231\n600 1234", [MOBILE, HOME, "+3726001234"]),
        ("640 3231\r\n5123 4567\r\n", [HOME, MOBILE]),
        ("Mari\t640 3231\t5123 4567", [HOME, MOBILE]),
        ("640 3231\u20285123 4567", [HOME, MOBILE]),
    ],
    ids=ascii,
)
def test_what_is_found_in_order(text: str, found: list[str]) -> None:
    assert keys(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("640 3231-33", ["+3726403231", "+3726403232", "+3726403233"]),
        ("640 3231–33", ["+3726403231", "+3726403232", "+3726403233"]),
        ("tel. 640 3231-33, 5123 4567", ["+3726403231", "+3726403232", "+3726403233", MOBILE]),
        ("+372 640 3231-2", ["+3726403231", "+3726403232"]),
        ("(+372) 640 3231-32", ["+3726403231", "+3726403232"]),
        ("372 6403231-32", ["+3726403231", "+3726403232"]),
        ("5123 4567-68", [MOBILE, "+37251234568"]),
        ("640 3298-99", ["+3726403298", "+3726403299"]),
        ("640 3200-99", [f"+37264032{n:02}" for n in range(RANGE_AT_MOST)]),
    ],
)
def test_a_range_is_spelt_out(text: str, found: list[str]) -> None:
    assert keys(text) == found


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("640 3231-33", ("6403231", "6403233")),
        ("+372 640 3231-9", ("+3726403231", "+3726403239")),
        ("(640) 3231 - 33", ("6403231", "6403233")),
        ("640-3231", None), ("5123 45-67", None), ("640 3231-31", None), ("640 3231-30", None),
        ("640 3231-133", None), ("640 3231-", None), ("-33", None), ("", None), ("640 3231", None),
        ("+358 40 123456-58", None), ("12-34", None), ("123456-78", None),
    ],
)  # fmt: skip
def test_what_is_a_range(text: str, ends: tuple[str, str] | None) -> None:
    assert range_of(text) == ends
    assert bool(spell_out(text)) is (ends is not None)


def test_a_range_that_is_dialled_is_no_number() -> None:
    assert read("640 3231-33").problem is Problem.RANGE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Москва 8 (495) 123-45-67", "+74951234567"),
        ("звоните 8-916-123-45-67 вечером", "+79161234567"),
        ("soita 040 123 4567", "+358401234567"),
        ("8 (495) 123-45-67", "+74951234567"),
        ("040 123 4567", "+358401234567"),
    ],
)
def test_habits_are_found_and_must_be_confirmed(text: str, found: str) -> None:
    (reading,) = find(text)
    assert (reading.key, reading.assumed, reading.kind) == (found, True, Kind.ABROAD)


@pytest.mark.parametrize(
    "text", ["8123 4567 640 3231", "tel 8123 4567, 640 3231", "8123 4567 5123 4567"]
)
def test_an_estonian_number_with_8_is_no_russian_one(text: str) -> None:
    assert all(key.startswith("+372") for key in keys(text))


def test_habits_and_numbers_in_one_line() -> None:
    text = "8 (495) 123-45-67, 640 3231-32 ja 040 123 4567 või 5123 4567"
    assert keys(text) == [
        "+74951234567", "+3726403231", "+3726403232", "+358401234567", MOBILE,
    ]  # fmt: skip


# at most 2,000 characters


def test_nothing_beyond_is_read() -> None:
    assert keys("x" * READ_AT_MOST + " 640 3231") == []
    assert keys("640 3231 " + "x" * 10 * READ_AT_MOST) == [HOME]


@pytest.mark.parametrize("shown", range(1, 10))
@pytest.mark.parametrize("filler", ["x", " ", "\u200b", "x\n"], ids=ascii)
def test_half_a_number_at_the_end_is_not_taken_for_one(filler: str, shown: int) -> None:
    """``5123 456`` is a number by itself, and another one than ``5123 4567``."""
    number = "5123 4567"
    space = READ_AT_MOST - shown
    text = (filler * READ_AT_MOST)[: space - 1] + "\n" + number + " x" * READ_AT_MOST
    assert len(text[:READ_AT_MOST]) - text.index(number) == shown
    assert keys(text) == []


def test_a_long_list_is_read_but_for_what_was_cut() -> None:
    numbers = [f"51{n:02} 4567" for n in range(10, 99)] * 3
    text = "\n".join(numbers)
    assert len(text) > READ_AT_MOST
    assert keys(text) == [read(number).key for number in numbers[:89]]


@pytest.mark.parametrize(
    "piece",
    ["1 ", "1-", "8 ", "(8 (4", "+1 ", "040", "640 3231-33 ", "1", "5123 4567 ", "((((1(", "+",
     "-", ".", "640 3231-", "1\u200b", "\ud800", "x1", "EE38 2200 ", "٦", "\x00"],
    ids=ascii,
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    began = time.process_time()
    find(piece * 100_000)
    assert time.process_time() - began < 0.5


@given(
    st.text(max_size=120)
    | st.text(st.sampled_from("0123456789+-() ./*#,;:pwx٣６²\u200b\ud800\n\tabctel"), max_size=120)
)
def test_finding_never_raises(text: str) -> None:
    found = find(text)
    assert all(reading.key and reading.problem is Problem.NONE for reading in found)
    assert len({reading.key for reading in found}) == len(found)
    short = [r for r in found if r.kind in (Kind.SHORT, Kind.SERVICE, Kind.EMERGENCY)]
    if short:
        assert len(found) == 1
        assert read(normalise(text)).key == short[0].key
