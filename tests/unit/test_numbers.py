"""One canonical form for comparing, one for showing, one for the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model import numbers
from desk_phone.model.numbers import (
    from_service,
    is_e164,
    is_home,
    national,
    region,
    shown,
    wire_other,
    wire_own,
)
from desk_phone.model.reading import Kind, read


@pytest.mark.parametrize(
    ("text", "key"),
    [
        # nothing, or no number: withheld
        ("", ""),
        ("   ", ""),
        ("+", ""),
        ("# #", ""),
        ("*31#", ""),
        ("*31#5123456", ""),
        ("Anonymous", ""),
        ("anonymous@5123456", ""),
        ("-", ""),
        # the contract's own samples
        ("6403231", "+3726403231"),
        ("6403232", "+3726403232"),
        ("6000001", "+3726000001"),
        ("6401234", "+3726401234"),
        ("64012347", "+37264012347"),
        ("3726401234", "+3726401234"),
        ("37264012345", "+37264012345"),
        ("37262000001", "+37262000001"),
        ("372620000002", "+372620000002"),  # nine digits: no length is validated
        ("60000002", "+37260000002"),
        ("60000003", "+37260000003"),
        ("55512345", "+37255512345"),
        ("555111222", "555111222"),  # in no plan: kept, compared by its digits
        ("555111223", "555111223"),
        # with the marks people put into numbers
        ("+372 640 3231", "+3726403231"),
        (" 640-3231 ", "+3726403231"),
        ("(640) 32.31", "+3726403231"),
        ("00372 640 3231", "+3726403231"),
        # abroad, in every likely form
        ("+358401234567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("358401234567", "+358401234567"),
        ("79161234567", "+79161234567"),
        ("00441632960961", "+441632960961"),
        # short and internal
        ("1", "1"),
        ("112", "112"),
        ("1182", "1182"),
        ("12345", "12345"),
        ("123456", "123456"),
        # seven digits that begin like the country code
        ("3726403", "+3723726403"),
        # odd, and kept
        ("0401234567", "0401234567"),
        ("00", "00"),
        ("000", "000"),
        ("+12", "12"),
        ("1234567890123456", "1234567890123456"),
        ("37212345678901234567", "37212345678901234567"),  # over the 15 digits of E.164
        ("+1234567890123456", "1234567890123456"),
    ],
)
def test_what_the_service_writes(text: str, key: str) -> None:
    assert from_service(text) == key


@pytest.mark.parametrize("text", ["６４０３２３１", "٦٤٠٣٢٣١", "640\u00a03231", "640\u200b3231"])
def test_the_service_writes_ascii(text: str) -> None:
    assert from_service(text) == ""


@given(st.text(st.sampled_from("0123456789+-() ./372"), max_size=24) | st.text(max_size=24))
def test_a_key_is_its_own_key(text: str) -> None:
    key = from_service(text)
    assert from_service(key) == key
    assert key.removeprefix("+").isdigit() or key == ""
    assert key.isascii()


@pytest.mark.parametrize(
    ("digits", "key"),
    [
        ("", ""), ("123456", ""), ("123456789", ""), ("0123456", ""), ("01234567", ""),
        ("1234567", "+3721234567"), ("12345678", "+37212345678"),
    ],
)  # fmt: skip
def test_the_plan_has_room_for_seven_or_eight_digits(digits: str, key: str) -> None:
    assert national(digits) == key


@pytest.mark.parametrize(
    ("key", "people"),
    [
        ("", ""),
        ("+3726403231", "640 3231"),
        ("+37251234567", "5123 4567"),
        ("+3725123456", "512 3456"),
        ("+3728002123", "8002 123"),
        ("+3729001234", "900 1234"),
        ("+358401234567", "+358 40 1234567"),
        ("+79161234567", "+7 916 123-45-67"),
        ("+441632960961", "+44 1632 960961"),
        ("112", "112"),
        ("1182", "1182"),
        ("555111222", "555111222"),
        # in no plan: raw
        ("+37260000002", "60000002"),
        ("+37210421629", "10421629"),
        ("+372620000002", "+372620000002"),
        ("+3720123456", "+3720123456"),
        ("+372112", "+372112"),
        ("+", "+"),
        ("+999", "+999"),
        ("nonsense", "nonsense"),
    ],
)
def test_how_people_write_it(key: str, people: str) -> None:
    assert shown(key) == people


home_digits = st.from_regex(r"[1-9][0-9]{6,7}", fullmatch=True)


@given(home_digits)
def test_a_home_number_that_is_shown_is_read_back(digits: str) -> None:
    key = national(digits)
    assert read(shown(key)).key == key
    assert from_service(shown(key)) == key
    assert from_service(wire_own(key)) == key
    assert from_service(wire_other(key)) == key


@given(st.from_regex(r"\+372[0-9]{0,14}", fullmatch=True))
def test_a_home_key_that_is_shown_is_never_read_as_another_number(key: str) -> None:
    found = read(shown(key))
    assert found.key in (key, "") or found.kind is Kind.EMERGENCY


@pytest.mark.parametrize(
    ("key", "own", "other"),
    [
        ("+3726401234", "3726401234", "6401234"),
        ("+37264012345", "37264012345", "64012345"),
        ("+358401234567", "358401234567", "00358401234567"),
        ("1182", "1182", "1182"),
        ("555111222", "555111222", "555111222"),
    ],
)
def test_the_wires_own_forms(key: str, own: str, other: str) -> None:
    assert wire_own(key) == own
    assert wire_other(key) == other


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", ""), ("1182", ""), ("555111222", ""), ("+3726403231", "EE"), ("+358401234567", "FI"),
        ("+79161234567", "RU"), ("+77011234567", "KZ"), ("+12015550123", "US"),
        ("+441632960961", "GB"), ("+870773111222", "001"), ("+999123456", ""), ("+", ""),
    ],
)  # fmt: skip
def test_the_country(key: str, code: str) -> None:
    assert region(key) == code


@pytest.mark.parametrize(
    ("key", "e164", "home"),
    [
        ("+3726403231", True, True), ("+358401234567", True, False), ("6403231", False, False),
        ("3726403231", False, False), ("", False, False),
    ],
)  # fmt: skip
def test_what_a_key_is(key: str, e164: bool, home: bool) -> None:
    assert (is_e164(key), is_home(key)) == (e164, home)


@given(st.text(max_size=40))
def test_nothing_raises_on_any_text(text: str) -> None:
    shown(text)
    region(text)
    wire_own(text)
    wire_other(text)
    numbers.parse(text)
