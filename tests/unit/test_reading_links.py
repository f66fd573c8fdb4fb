"""Numbers in links, numbers the service sent, and whatever else comes."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk_phone.model.dialing import Source, Verdict, decide
from desk_phone.model.reading import Kind, Problem, Reading, of_key, read

HOME = "+3726403231"


def problem(text: str) -> Problem:
    found = read(text)
    assert found.key == ""
    assert found.kind is Kind.UNDIALABLE
    return found.problem


# links


@pytest.mark.parametrize(
    ("link", "found", "extension"),
    [
        ("tel:+372-640-3231", HOME, ""),
        ("tel:+3726403231", HOME, ""),
        ("TEL:+372.640.3231", HOME, ""),
        ("tel:+372(640)3231", HOME, ""),
        ("tel:640-3231;phone-context=+372", HOME, ""),
        ("tel:640-3231;Phone-Context=+372", HOME, ""),
        ("tel:3231;phone-context=+372-640", HOME, ""),
        ("tel:0401234567;phone-context=+358", "+358401234567", ""),
        ("tel:6403231;phone-context=example.com", HOME, ""),
        ("tel:2345;phone-context=pbx.example.com", "2345", ""),
        ("tel:+3726403231;phone-context=+358", HOME, ""),
        ("tel:6403231;phone-context=+", HOME, ""),
        ("tel:6403231;phone-context=", HOME, ""),
        ("tel:+3726403231;ext=12", HOME, "12"),
        ("tel:+3726403231;EXT=1-2", HOME, "12"),
        ("tel:+3726403231;ext=12;phone-context=+372", HOME, "12"),
        ("tel:+3726403231;unknown=1;another", HOME, ""),
        ("tel:%2B372%20640%203231", HOME, ""),
        ("tel:+372%C2%A0640%C2%A03231", HOME, ""),
        ("tel:%D9%A6%D9%A4%D9%A0%D9%A3%D9%A2%D9%A3%D9%A1", HOME, ""),
        ("tel:+3726403231?body=x", HOME, ""),
        ("tel://+3726403231", HOME, ""),
        ("callto:+3726403231", HOME, ""),
        ("callto://+372 640 3231", HOME, ""),
        ("callto:640-3231", HOME, ""),
        ("sip:+3726403231@example.com", HOME, ""),
        ("sips:+3726403231@example.com", HOME, ""),
        ("sip:6403231;phone-context=+372@example.com;user=phone", HOME, ""),
        ("sip:+3726403231;ext=12@example.com:5060;transport=tls?subject=x", HOME, "12"),
        ("sip:6403231", HOME, ""),
        ("  tel:+3726403231\n", HOME, ""),
        ("tel:+358-40-1234567", "+358401234567", ""),
    ],
)
def test_links_are_read_as_the_standard_says(link: str, found: str, extension: str) -> None:
    reading = read(link)
    assert (reading.key, reading.extension) == (found, extension)
    assert reading.text == link


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("tel:", Problem.EMPTY),
        ("tel://", Problem.EMPTY),
        ("tel:%00", Problem.LETTERS),
        ("tel:640%003231", Problem.LETTERS),
        ("tel:%FF6403231", Problem.LETTERS),  # no UTF-8
        ("tel:640%3F3231", Problem.LETTERS),  # a ? that was hidden cuts nothing off
        ("tel:112%40640", Problem.LETTERS),
        ("sip:mari@example.com", Problem.LETTERS),
        ("sip:mari%406403231", Problem.LETTERS),
        ("sip:6403231:password@example.com", Problem.LETTERS),
        ("callto:mari.maasikas", Problem.LETTERS),
        ("tel:tel:6403231", Problem.LETTERS),
        ("tel:6403231%3Bext=12", Problem.LETTERS),
        ("tel:javascript:alert(1)", Problem.LETTERS),
        ("tel:*31%236403231", Problem.CODES),
        ("tel:*31#6403231", Problem.CODES),
        ("tel:%2A21", Problem.CODES),
        ("tel:6403231,12", Problem.PAUSES),
        ("tel:6403231p12", Problem.PAUSES),
        ("tel:6403231;postd=pp22", Problem.PAUSES),
        ("tel:6403231;PostD=1", Problem.PAUSES),
        ("tel:6403231;isub=1411", Problem.PAUSES),
        ("tel:+", Problem.LETTERS),
        ("tel:12", Problem.TOO_SHORT),
        ("tel:640-3231-33", Problem.NO_PLAN),
        ("tel:6403231-33", Problem.RANGE),
        ("tel:2011-11-29", Problem.DATE),
        ("tel:" + "1" * 300, Problem.TOO_LONG),
    ],
)
def test_links_that_hold_no_number(link: str, why: Problem) -> None:
    assert problem(link) is why


# what the service itself sent


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (HOME, Kind.FIXED),
        ("112", Kind.EMERGENCY),
        ("2345", Kind.SHORT),
        ("+37260000002", Kind.UNPLANNED),
        ("555111222", Kind.UNPLANNED),
        ("123456", Kind.UNPLANNED),
        ("+372620000002", Kind.UNPLANNED),
        ("+3720123456", Kind.UNPLANNED),
        ("+358401234567", Kind.ABROAD),
        ("+870773111222", Kind.SATELLITE),
        ("123456789012345", Kind.UNPLANNED),
    ],
)
def test_a_number_the_service_sent_can_be_dialled_however_odd(sent: str, kind: Kind) -> None:
    found = of_key(sent)
    assert (found.key, found.kind, found.problem) == (sent, kind, Problem.NONE)


@pytest.mark.parametrize(
    "sent", ["", "+", "1", "12", "1" * 16, "+" + "1" * 16, "# #", "*31#", "abc", "١٢٣٤٥٦٧٨٩"]
)
def test_but_not_nothing_nor_what_is_too_long(sent: str) -> None:
    assert of_key(sent).kind is Kind.UNDIALABLE
    assert of_key(sent).key == ""


# whatever comes

hostile = st.text(
    st.sampled_from("0123456789+-() ./*#,;pwx٣６²\u200b\u202e\x00\ud800:%@?=&telcasip\n"),
    max_size=40,
)


@given(hostile | st.text(max_size=300) | st.builds("tel:{}".format, hostile))
@example("tel:%")
@example("tel:%%%;=;;=@?")
@example("sip:@")
@example("9" * 5000)
@example("+" + "0" * 200)
def test_reading_never_raises_and_never_half_succeeds(text: str) -> None:
    found = read(text)
    assert bool(found.key) is (found.problem is Problem.NONE)
    assert bool(found.key) is (found.kind is not Kind.UNDIALABLE)
    digits = found.key.removeprefix("+")
    assert digits == "" or (digits.isascii() and digits.isdigit())
    assert found.extension == "" or found.extension.isdecimal()
    if not found.key:
        assert decide(found, Source.WINDOW, "", frozenset()).verdict is Verdict.REFUSE
    if found.kind is not Kind.SATELLITE:
        assert len(digits) <= 15
    of_key(text)


@given(st.text("0123456789", min_size=3, max_size=15), st.text(" -./()", max_size=3))
def test_marks_between_digits_change_nothing(digits: str, marks: str) -> None:
    """But for what looks like a date or a range."""
    apart = read(marks.join(digits))
    if apart.problem not in (Problem.DATE, Problem.RANGE, Problem.LETTERS):
        together = read(digits)
        assert apart.key == together.key or together.problem is Problem.NO_PLAN


def test_a_reading_is_a_value() -> None:
    assert read("640 3231") == Reading("640 3231", HOME, Kind.FIXED)
    assert hash(read("640 3231"))
    assert read("abc").shown == "abc"
