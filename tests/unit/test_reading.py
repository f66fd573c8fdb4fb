"""What a person typed, or a link holds, as one number: ``dialing`` says how, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.model.dialing import Source, Verdict, decide
from desk_phone.model.reading import AT_MOST, Kind, Problem, normalise, read

HOME = "+3726403231"
MOBILE = "+37251234567"


def key(text: str) -> str:
    return read(text).key


def problem(text: str) -> Problem:
    found = read(text)
    assert found.key == ""
    assert found.kind is Kind.UNDIALABLE
    return found.problem


# one canonical form, of every way to write a number


@pytest.mark.parametrize(
    "text",
    [
        "6403231", "640 3231", "640-3231", "640.3231", "64 03 231", "(640) 3231", " 640 3231 ",
        "+3726403231", "+372 640 3231", "+372-640-3231", "+372 (640) 3231", "(+372) 640 3231",
        "003726403231", "00 372 640 3231", "3726403231", "372 640 3231", "640/3231",
        "640\u00a03231", "640\u20093231", "640\u202f3231", "640\u2003\u20033231", "640\t3231",
        "640\u20103231", "640\u20113231", "640\u20133231", "640\u22123231", "640\u00ad3231",
        "６４０３２３１", "＋３７２ ６４０ ３２３１", "（６４０）３２３１", "640－3231",
        "٦٤٠٣٢٣١", "۶۴۰۳۲۳۱", "६४०३२३१", "６４０ ٣٢٣١", "𝟞𝟜𝟘 𝟛𝟚𝟛𝟙",
        "\u202a6403231\u202c", "\u200e640\u200b3231\ufeff", "\u2066+372 640 3231\u2069",
        "640\ufe0f 3231",
    ],
    ids=ascii,
)  # fmt: skip
def test_all_of_these_are_the_same_number(text: str) -> None:
    found = read(text)
    assert (found.key, found.kind, found.problem) == (HOME, Kind.FIXED, Problem.NONE)
    assert found.text == text
    assert found.shown == "640 3231"
    assert not found.assumed
    assert found.extension == ""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""), (" \t\r\n ", ""), ("a\u00a0 \u2003b", "a b"), ("１２＋", "12+"), ("٣", "3"),
        ("a\u2013b\u2014c", "a-b-c"), ("\u202ea\u200b", "a"), ("O\u0303ie Õ", "Õie Õ"),
        ("640 3231²", "640 3231²"), ("①", "①"), ("½", "½"), ("ⅷ", "ⅷ"), ("ﬁ", "ﬁ"), ("Ж", "Ж"),
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_made_plain(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text(max_size=60))
def test_plain_stays_plain(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


# Estonia has a closed plan: seven or eight digits and no trunk prefix


@pytest.mark.parametrize(
    ("text", "found", "kind"),
    [
        ("640 3231", HOME, Kind.FIXED),
        ("7301234", "+3727301234", Kind.FIXED),
        ("5123 4567", MOBILE, Kind.MOBILE),
        ("512 3456", "+3725123456", Kind.MOBILE),
        ("8123 4567", "+37281234567", Kind.MOBILE),
        ("800 1234", "+3728001234", Kind.FREE),
        ("8001 2345", "+37280012345", Kind.FREE),
        ("900 1234", "+3729001234", Kind.PREMIUM),
        ("901 1234", "+3729011234", Kind.PREMIUM),
        ("+372 900 1234", "+3729001234", Kind.PREMIUM),
        ("00372 900 1234", "+3729001234", Kind.PREMIUM),
        ("3729001234", "+3729001234", Kind.PREMIUM),
        ("4001 2345", "+37240012345", Kind.PREMIUM),
        ("123", "123", Kind.SERVICE),
        ("1182", "1182", Kind.SERVICE),
        ("11825", "11825", Kind.SERVICE),
        ("116111", "116111", Kind.SERVICE),
        ("201", "201", Kind.SHORT),
        ("2345", "2345", Kind.SHORT),
        ("23456", "23456", Kind.SHORT),
        ("6000 0002", "+37260000002", Kind.UNPLANNED),
        ("1042 1629", "+37210421629", Kind.UNPLANNED),
        ("7000 1234", "+37270001234", Kind.UNPLANNED),  # personal numbers: who knows the price
    ],
)
def test_the_estonian_plan(text: str, found: str, kind: Kind) -> None:
    reading = read(text)
    assert (reading.key, reading.kind, reading.problem) == (found, kind, Problem.NONE)
    assert not reading.assumed
    assert reading.region == ""


@pytest.mark.parametrize(
    "text",
    ["110", "112", " 112 ", "1 1 2", "1-1-2", "(112)", "112.", "１１２", "١١٢", "11\u200b2",
     "+372112", "+372 112", "00372112", "372112", "tel:112", "tel:112;phone-context=+372",
     "callto:110", "sip:112@example.com", "tel:1%312", "112 ext. 5", "112;ext=5"],
    ids=ascii,
)  # fmt: skip
def test_emergency_numbers_are_known_in_every_disguise(text: str) -> None:
    found = read(text)
    assert found.kind is Kind.EMERGENCY
    assert found.key in ("110", "112")


@pytest.mark.parametrize("rest", ["192.168.1.1", "192.168.1.1:5061", "10.0.0.5;transport=tls"])
def test_a_computer_s_address_is_no_number(rest: str) -> None:
    assert (read(f"sip:{rest}").key, read(f"sip:{rest}").problem) == ("", Problem.LETTERS)
    assert read(f"sip:6403231@{rest}").key == "+3726403231"
    assert read("sip:51.23.45.67.8").problem is not Problem.LETTERS


@pytest.mark.parametrize(
    ("text", "found", "region"),
    [
        ("+358 40 1234567", "+358401234567", "FI"),
        ("00358401234567", "+358401234567", "FI"),
        ("+371 2123 4567", "+37121234567", "LV"),
        ("+7 916 123-45-67", "+79161234567", "RU"),
        ("+7 701 123 4567", "+77011234567", "KZ"),
        ("+44 (0)20 7946 0000", "+442079460000", "GB"),
        ("+1 201 555 0123", "+12015550123", "US"),
        ("+1 900 555 0123", "+19005550123", "US"),
    ],
)
def test_abroad_names_the_country(text: str, found: str, region: str) -> None:
    reading = read(text)
    assert (reading.key, reading.kind, reading.region) == (found, Kind.ABROAD, region)
    assert not reading.assumed


@pytest.mark.parametrize(
    "text",
    ["+870 773 111 222", "+881 6 123 45678", "+882 16 1234567", "+883 5100 1234567", "+878 10 123",
     "+888 123 456 789", "+979 1 2345 6789", "00870773111222", "00979123456789", "870773111222",
     "tel:+870773111222", "＋８７０ 773 111 222", "+87", "+881"],
)  # fmt: skip
def test_satellites_and_international_premium_are_known(text: str) -> None:
    assert read(text).kind is Kind.SATELLITE


# "... are asked about, never guessed"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8 (495) 123-45-67", "+74951234567"),
        ("8 495 123 45 67", "+74951234567"),
        ("84951234567", "+74951234567"),
        ("040 123 4567", "+358401234567"),
        ("0401234567", "+358401234567"),
        ("050 123 4567", "+358501234567"),
        ("358401234567", "+358401234567"),
        ("79161234567", "+79161234567"),
    ],
)
def test_habits_of_writing_are_assumed_only(text: str, found: str) -> None:
    reading = read(text)
    assert (reading.key, reading.kind, reading.assumed) == (found, Kind.ABROAD, True)
    for source in Source:
        assert decide(reading, source, "", frozenset()).verdict is Verdict.ASK


@pytest.mark.parametrize("text", ["8 123 4567", "8123 4567", "+74951234567", "640 3231"])
def test_what_is_whole_by_itself_is_not_assumed(text: str) -> None:
    assert not read(text).assumed


# "Never strip text to digits"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("", Problem.EMPTY, id="nothing"),
        pytest.param(" \u200b\u00a0\n", Problem.EMPTY, id="nothing to be seen"),
        pytest.param("Mari 5123 4567, tuba 12", Problem.LETTERS, id="a name and a room"),
        pytest.param("tel. 640 3231", Problem.LETTERS, id="a word"),
        pytest.param("640 3231 Mari", Problem.LETTERS, id="a name behind"),
        pytest.param("1-800-FLOWERS", Problem.LETTERS, id="letters as digits"),
        pytest.param("640323l", Problem.LETTERS, id="l for 1"),
        pytest.param("64O3231", Problem.LETTERS, id="O for 0"),
        pytest.param("640 3231²", Problem.LETTERS, id="a footnote's mark"),
        pytest.param("640 323①", Problem.LETTERS, id="a circled digit"),
        pytest.param("640\x003231", Problem.LETTERS, id="a NUL"),
        pytest.param("6403231\x1b[2J", Problem.LETTERS, id="an escape"),
        pytest.param("640\ud8003231", Problem.LETTERS, id="half a character"),
        pytest.param("€640 3231", Problem.LETTERS, id="money"),
        pytest.param("12:30", Problem.LETTERS, id="a time"),
        pytest.param("640 3231?", Problem.LETTERS, id="a question mark"),
        pytest.param("++3726403231", Problem.LETTERS, id="two pluses"),
        pytest.param("372+6403231", Problem.LETTERS, id="a plus amid"),
        pytest.param("6403231+", Problem.LETTERS, id="a plus behind"),
        pytest.param("+", Problem.LETTERS, id="a plus alone"),
        pytest.param("()", Problem.LETTERS, id="brackets"),
        pytest.param("---", Problem.LETTERS, id="dashes"),
        pytest.param("javascript:alert(1)", Problem.LETTERS, id="another scheme"),
        pytest.param("EE382200221020145685", Problem.LETTERS, id="an IBAN"),
        pytest.param("EE38 2200 2210 2014 5685", Problem.LETTERS, id="an IBAN in groups"),
        pytest.param("*31#5123456", Problem.CODES, id="a service code"),
        pytest.param("#31#", Problem.CODES, id="hash"),
        pytest.param("*21*5123456#", Problem.CODES, id="call diversion"),
        pytest.param("＊２１＃", Problem.CODES, id="full-width codes"),
        pytest.param("\u200b*\u200b21", Problem.CODES, id="codes among marks"),
        pytest.param("6403231,12", Problem.PAUSES, id="a pause"),
        pytest.param("6403231;12", Problem.PAUSES, id="a wait"),
        pytest.param("6403231p12", Problem.PAUSES, id="p"),
        pytest.param("6403231 W 12", Problem.PAUSES, id="W"),
        pytest.param("6403231,,,", Problem.PAUSES, id="pauses alone"),
        pytest.param("1", Problem.TOO_SHORT, id="one digit"),
        pytest.param("12", Problem.TOO_SHORT, id="two digits"),
        pytest.param("123456", Problem.TOO_SHORT, id="six digits"),
        pytest.param("+37264", Problem.TOO_SHORT, id="half a number"),
        pytest.param("+0", Problem.TOO_SHORT, id="no country begins with 0"),
        pytest.param("00", Problem.TOO_SHORT, id="the prefix alone"),
        pytest.param("00112", Problem.TOO_SHORT, id="a prefix and 112"),
        pytest.param("+372640323112", Problem.TOO_LONG, id="nine digits"),
        pytest.param("640 3231 5123456", Problem.NO_PLAN, id="two numbers"),
        pytest.param("1" * 16, Problem.NO_PLAN, id="16 digits"),
        pytest.param("+" + "1" * 16, Problem.TOO_LONG, id="16 digits abroad"),
        pytest.param("1" * 18, Problem.TOO_LONG, id="18 digits"),
        pytest.param("1" * AT_MOST, Problem.TOO_LONG, id="256 digits"),
        pytest.param("1" * 5000, Problem.TOO_LONG, id="5000 digits"),
        pytest.param("+999 123 4567", Problem.NO_PLAN, id="no country"),
        pytest.param("640 3231-33", Problem.RANGE, id="a range"),
        pytest.param("+372 640 3231-33", Problem.RANGE, id="a range with its country"),
        pytest.param("(+372) 640 3231-33", Problem.RANGE, id="in brackets"),
        pytest.param("640 3231 – 33", Problem.RANGE, id="a range with a long dash"),
        pytest.param("6403231-9", Problem.RANGE, id="a range of one digit"),
        pytest.param("2011-11-29", Problem.DATE, id="a date"),
        pytest.param("29.11.2011", Problem.DATE, id="a date of this country"),
        pytest.param("1. 2. 2026", Problem.DATE, id="a date with spaces"),
        pytest.param("01/02/2026", Problem.DATE, id="a date that might be Finnish"),
        pytest.param("48501011234", Problem.NO_PLAN, id="a personal code that might be Polish"),
        pytest.param("39001010000", Problem.NO_PLAN, id="a personal code that might be Italian"),
        pytest.param("38001085718", Problem.NO_PLAN, id="a personal code"),
        pytest.param("7501011234567", Problem.NO_PLAN, id="a code of 13 digits"),
    ],
)  # fmt: skip
def test_what_is_no_number(text: str, why: Problem) -> None:
    assert problem(text) is why
    assert decide(read(text), Source.WINDOW, "", frozenset()).verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    "text", ["640-3231", "5123 45-67", "51 23-45 67", "640 3231-31", "640 3233-31", "640-32-31"]
)
def test_a_dash_makes_no_range_by_itself(text: str) -> None:
    assert read(text).problem is not Problem.RANGE


@pytest.mark.parametrize("text", ["5031 2011", "50.31.2011", "640.32.31", "5123-20-11"])
def test_numbers_that_look_a_little_like_dates(text: str) -> None:
    assert read(text).kind in (Kind.MOBILE, Kind.FIXED)


# extensions


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("640 3231 ext. 12", "12"), ("640 3231 ext 12", "12"), ("640 3231 EXT12", "12"),
        ("640 3231 x12", "12"), ("640 3231 доб. 12", "12"), ("640 3231 sise 1234567", "1234567"),
        ("+372 640 3231;ext=12", "12"), ("640 3231 ; ext=12", "12"),
    ],
)  # fmt: skip
def test_an_extension_is_kept_apart(text: str, extension: str) -> None:
    assert (key(text), read(text).extension) == (HOME, extension)


@pytest.mark.parametrize(
    "text",
    ["640 3231 ext. 12345678", "640 3231 ext.", "640 3231x12", "640 3231 tuba 12", "ext. 12"],
)
def test_what_is_no_extension(text: str) -> None:
    assert key(text) == ""
