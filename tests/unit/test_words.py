"""How calls are said, as tables."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from desk_phone.model.calls import Attention, Call, Direction, NameSource, Outcome
from desk_phone.model.reading import Problem, Reading, read
from desk_phone.ui import words

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = QLocale()
    words.speak("en")
    yield
    QLocale.setDefault(before)


def local(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute).astimezone()


def a_call(**known: object) -> Call:
    call: dict[str, object] = {
        "id": 1,
        "own": "+3726403231",
        "other": "+37251234567",
        "other_text": "51234567",
        "direction": Direction.INCOMING,
        "outcome": Outcome.MISSED,
        "start": local(TODAY, 14, 32),
    }
    return Call(**{**call, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 24), "Today"),
        (date(2026, 11, 23), "Yesterday"),
        (date(2026, 11, 22), "Sunday 22 November"),
        (date(2026, 1, 1), "Thursday 1 January"),
        (date(2025, 12, 31), "Wednesday 31 December 2025"),
        (date(2026, 11, 25), "Wednesday 25 November"),  # a clock that went wrong
    ],
)
def test_heading(day: date, said: str) -> None:
    assert words.heading(day, TODAY) == said


def test_the_last_day_of_a_year_is_yesterday_on_new_year() -> None:
    assert words.heading(date(2025, 12, 31), date(2026, 1, 1)) == "Yesterday"


@pytest.mark.parametrize(
    ("language", "said"),
    [("et", "Pühapäev 22 november"), ("ru", "Воскресенье 22 ноября"), ("xx", "Sunday 22 November")],
)
def test_dates_follow_the_language(language: str, said: str) -> None:
    words.speak(language)
    assert words.heading(date(2026, 11, 22), TODAY) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 24), "14:32"),
        (date(2026, 11, 23), "yesterday 14:32"),
        (date(2026, 11, 12), "Thu 12 Nov 14:32"),
        (date(2025, 11, 12), "12 Nov 2025 14:32"),
    ],
)
def test_moment(day: date, said: str) -> None:
    assert words.moment(local(day, 14, 32), local(TODAY, 15, 0)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (46, "46 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (239, "3 min"),
        (3599, "59 min"),
        (3600, "1 h 00 min"),
        (3840, "1 h 04 min"),
        (90000, "25 h 00 min"),
    ],
)
def test_duration(seconds: float, said: str) -> None:
    assert words.duration(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("outcome", "minutes", "attention", "said"),
    [
        (Outcome.MISSED, None, Attention.NEW, "Missed"),
        (Outcome.MISSED, None, Attention.HANDLED, "Missed, done"),
        (Outcome.UNANSWERED, None, Attention.NONE, "No answer"),
        (Outcome.RINGING, None, Attention.NONE, "Ringing"),
        (Outcome.ANSWERED, 12, Attention.NONE, "12 min"),
        (Outcome.ANSWERED, None, Attention.NONE, "Answered"),
        (Outcome.UNKNOWN, None, Attention.NONE, ""),
    ],
)
def test_outcome(outcome: Outcome, minutes: int | None, attention: Attention, said: str) -> None:
    start = local(TODAY, 9, 0)
    over = None if minutes is None else start + timedelta(minutes=minutes)
    answered = start if outcome is Outcome.ANSWERED else None
    call = a_call(
        outcome=outcome, start=start, answered=answered, released=over, attention=attention
    )
    assert words.outcome(call) == said


@pytest.mark.parametrize(
    ("name", "other", "said", "about"),
    [
        ("Kristiina Õunapuu", "+37251234567", "Kristiina Õunapuu", "5123 4567"),
        ("", "+37251234567", "5123 4567", "Mobile"),
        ("", "+3726403231", "640 3231", "Landline"),
        ("", "", "Number withheld", "The caller sent no number"),
        ("Matti", "+358401234567", "Matti", "+358 40 1234567 · Finland"),
        ("", "+358401234567", "+358 40 1234567", "Finland"),
        ("", "60000002", "60000002", ""),
        ("", "60", "60", ""),
    ],
)
def test_who_and_about(name: str, other: str, said: str, about: str) -> None:
    call = a_call(name=name, other=other)
    assert (words.who(call), words.about(call)) == (said, about)


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("FI", "Finland"),
        ("GB", "United Kingdom"),
        ("001", ""),
        ("", ""),
        ("ZZ", ""),
        ("<b", ""),
    ],
)
def test_country(region: str, said: str) -> None:
    assert words.country(region) == said


def test_every_source_of_a_name_but_none_has_words() -> None:
    assert [source for source in NameSource if not words.source(source)] == [NameSource.NONE]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "Missed call from 5123 4567, Today 14:32"),
        ({"attention": Attention.HANDLED}, "Missed call from 5123 4567, Today 14:32, done"),
        ({"name": "Jaan"}, "Missed call from Jaan, 5123 4567, Today 14:32"),
        ({"other": ""}, "Missed call from Number withheld, Today 14:32"),
        (
            {"direction": Direction.OUTGOING, "outcome": Outcome.UNANSWERED},
            "Call to 5123 4567, Today 14:32, No answer",
        ),
        (
            {"direction": Direction.UNKNOWN, "outcome": Outcome.UNKNOWN},
            "Call with 5123 4567, Today 14:32",
        ),
        ({"name": "100 %s %(x)s", "other": ""}, "Missed call from 100 %s %(x)s, Today 14:32"),
    ],
)
def test_sentence(known: dict[str, object], said: str) -> None:
    assert words.sentence(a_call(**known), TODAY) == said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Jaan \n\t Tamm ", "Jaan Tamm"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("<img src=x>", "<img src=x>"),
        ("\u200b\u2066", ""),
        ("x" * 10_000, "x" * 128),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert words.plain(text) == shown


def test_plain_cuts_where_there_is_less_room() -> None:
    assert words.plain("Kristiina Õunapuu", 11) == "Kristiina…"


def test_a_tooltip_shows_markup_instead_of_obeying_it() -> None:
    assert words.tooltip("<img src=x> & co") == "<qt>&lt;img src=x&gt; &amp; co</qt>"
    assert words.tooltip("") == ""


@pytest.mark.parametrize(
    "text", ["Mari", "*21#", "6403231,,5", "51", "1" * 20, "640 3231-33", "0000000000"]
)
def test_every_problem_has_words(text: str) -> None:
    assert words.problem(read(text))


def test_no_problem_has_no_words() -> None:
    assert words.problem(read("6403231")) == ""
    silent = [p for p in Problem if not words.problem(Reading("x", problem=p))]
    assert silent == [Problem.NONE, Problem.EMPTY]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-20), "just now"),  # a clock that was set back a little
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(minutes=60), "13:32"),
        (timedelta(days=1), "yesterday 14:32"),
        (timedelta(hours=-3), "17:32"),  # a clock that went wrong
    ],
)
def test_ago(before: timedelta, said: str) -> None:
    now = local(TODAY, 14, 32)
    assert words.ago(now - before, now) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 24), "09:05"),
        (date(2026, 11, 23), "yesterday 09:05"),
        (date(2026, 11, 20), "Friday 09:05"),
        (date(2026, 11, 18), "Wednesday 09:05"),
        (date(2026, 11, 17), "Tue 17 Nov 09:05"),
        (date(2025, 11, 20), "20 Nov 2025 09:05"),
    ],
)
def test_since(day: date, said: str) -> None:
    assert words.since(local(day, 9, 5), local(TODAY, 14, 32)) == said


def test_an_ampersand_in_a_menu_is_one() -> None:
    assert words.menu("Kägu & Pojad") == "Kägu && Pojad"


def test_a_name_from_elsewhere_says_where_from() -> None:
    assert words.source(NameSource.ELSEWHERE, "My \u202ephone") == "from My phone"
    assert words.source(NameSource.ELSEWHERE) == "from other contacts"
    assert words.source(NameSource.PHONEBOOK, "My phone") == "phonebook"
