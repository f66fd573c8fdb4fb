"""The dial policy, cell by cell, and the brake on clicks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desk_phone.model.dialing import (
    DIALS_A_MINUTE,
    SAME_NUMBER_WITHIN,
    Decision,
    Restraint,
    Source,
    Verdict,
    Why,
    decide,
    restrain,
)
from desk_phone.model.reading import Kind, Problem, Reading, of_key, read

OWN = "+3726403231"
COLLEAGUE = "+3726403232"
COLLEAGUES = frozenset({OWN, COLLEAGUE, "+37260000003", "2345", "555111222"})
ELSEWHERE = sorted(set(Source) - {Source.WINDOW, Source.HOTKEY})

ASK, DIAL, REFUSE = Verdict.ASK, Verdict.DIAL, Verdict.REFUSE


# (what, how it is written, from a click in our window, from anywhere else, why)
TABLE = [
    ("a colleague", "640 3232", DIAL, ASK, Why.ORDINARY),
    ("Estonian fixed", "730 1234", DIAL, ASK, Why.ORDINARY),
    ("Estonian mobile", "5123 4567", DIAL, ASK, Why.ORDINARY),
    ("800", "800 1234", DIAL, ASK, Why.ORDINARY),
    ("possible but in no plan", "6000 0002", ASK, ASK, Why.UNPLANNED),
    ("a registry code", "10421629", ASK, ASK, Why.UNPLANNED),
    ("900", "900 1234", ASK, ASK, Why.PREMIUM),
    ("901", "901 1234", ASK, ASK, Why.PREMIUM),
    ("900 in its world form", "+372 900 1234", ASK, ASK, Why.PREMIUM),
    ("short, 3 digits", "201", ASK, ASK, Why.SHORT),
    ("short, 5 digits", "23456", ASK, ASK, Why.SHORT),
    ("118x", "1182", ASK, ASK, Why.SERVICE),
    ("1xx", "1247", ASK, ASK, Why.SERVICE),
    ("abroad", "+358 40 1234567", ASK, ASK, Why.ABROAD),
    ("a Russian habit", "8 (495) 123-45-67", ASK, ASK, Why.ASSUMED),
    ("a Finnish habit", "040 123 4567", ASK, ASK, Why.ASSUMED),
    ("satellite +870", "+870 773 111 222", REFUSE, REFUSE, Why.SATELLITE),
    ("satellite +881", "+881 6 1234 5678", REFUSE, REFUSE, Why.SATELLITE),
    ("satellite +882", "+882 16 123 456", REFUSE, REFUSE, Why.SATELLITE),
    ("international premium", "+979 1 2345 6789", REFUSE, REFUSE, Why.SATELLITE),
    ("satellite without its plus", "870773111222", REFUSE, REFUSE, Why.SATELLITE),
    ("110", "110", REFUSE, REFUSE, Why.EMERGENCY),
    ("112", "112", REFUSE, REFUSE, Why.EMERGENCY),
    ("112 in its world form", "+372 112", REFUSE, REFUSE, Why.EMERGENCY),
    ("a star", "*31#5123456", REFUSE, REFUSE, Why.UNDIALABLE),
    ("a hash", "5123456#", REFUSE, REFUSE, Why.UNDIALABLE),
    ("letters", "Mari 5123 4567, tuba 12", REFUSE, REFUSE, Why.UNDIALABLE),
    ("pauses", "6403232,12", REFUSE, REFUSE, Why.UNDIALABLE),
    ("over 15 digits", "1" * 16, REFUSE, REFUSE, Why.UNDIALABLE),
    ("over 15 digits abroad", "+" + "1" * 16, REFUSE, REFUSE, Why.UNDIALABLE),
    ("over 15 digits of our own country", "+372" + "5" * 13, REFUSE, REFUSE, Why.UNDIALABLE),
    ("nothing", "", REFUSE, REFUSE, Why.UNDIALABLE),
    ("white space", " \u200b ", REFUSE, REFUSE, Why.UNDIALABLE),
    ("two digits", "12", REFUSE, REFUSE, Why.UNDIALABLE),
    ("a range", "640 3231-33", REFUSE, REFUSE, Why.UNDIALABLE),
    ("a date", "29.11.2011", REFUSE, REFUSE, Why.UNDIALABLE),
    ("the own number", "640 3231", REFUSE, REFUSE, Why.ITSELF),
]


@pytest.mark.parametrize(
    ("text", "window", "elsewhere", "why"), [pytest.param(*row[1:], id=row[0]) for row in TABLE]
)
def test_the_table(text: str, window: Verdict, elsewhere: Verdict, why: Why) -> None:
    decided = decide(read(text), Source.WINDOW, OWN, COLLEAGUES)
    assert (decided.verdict, decided.why) == (window, why)
    for source in ELSEWHERE:
        decided = decide(read(text), source, OWN, COLLEAGUES)
        assert (decided.verdict, decided.why) == (elsewhere, why), source


@pytest.mark.parametrize("text", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_hotkey_of_a_person_who_wants_no_question_is_like_a_click(text: str) -> None:
    click = decide(read(text), Source.WINDOW, OWN, COLLEAGUES)
    assert decide(read(text), Source.HOTKEY, OWN, COLLEAGUES) == click


@pytest.mark.parametrize("text", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
@pytest.mark.parametrize("source", ELSEWHERE)
def test_nothing_from_elsewhere_is_dialled_without_asking(text: str, source: Source) -> None:
    assert decide(read(text), source, OWN, COLLEAGUES).verdict is not Verdict.DIAL
    assert decide(read(f"tel:{text}"), source, OWN, COLLEAGUES).verdict is not Verdict.DIAL


def test_every_kind_of_number_is_in_the_table() -> None:
    assert {read(row[1]).kind for row in TABLE} == set(Kind)
    assert {row[4] for row in TABLE} == set(Why)


# colleagues


@pytest.mark.parametrize("text", ["+37260000003", "2345", "555111222"])
@pytest.mark.parametrize(("source", "verdict"), [(Source.WINDOW, DIAL), (Source.LINK, ASK)])
def test_a_colleague_is_ordinary_however_odd_the_number(
    text: str, source: Source, verdict: Verdict
) -> None:
    decided = decide(of_key(text), source, OWN, COLLEAGUES)
    assert decided == Decision(verdict, Why.ORDINARY, colleague=True)


def test_who_is_no_colleague_is_not_called_one() -> None:
    assert not decide(read("5123 4567"), Source.WINDOW, OWN, COLLEAGUES).colleague
    assert not decide(read("5123 4567"), Source.WINDOW, OWN, frozenset()).colleague


def test_no_colleague_makes_112_or_a_satellite_dialable() -> None:
    everybody = frozenset({"112", "+870773111222"})
    for text in everybody:
        assert decide(read(text), Source.WINDOW, OWN, everybody).verdict is Verdict.REFUSE


def test_without_an_own_line_no_number_is_the_own_one() -> None:
    assert decide(read("640 3231"), Source.WINDOW, "", frozenset()).verdict is Verdict.DIAL
    assert decide(Reading(""), Source.WINDOW, "", frozenset()).why is Why.UNDIALABLE


def test_a_reading_with_a_problem_is_never_dialled() -> None:
    for problem in set(Problem) - {Problem.NONE}:
        broken = Reading("6403232", COLLEAGUE, Kind.FIXED, problem)
        assert decide(broken, Source.WINDOW, OWN, COLLEAGUES).verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    ("why", "costly"),
    [
        (Why.ORDINARY, False), (Why.UNPLANNED, False), (Why.PREMIUM, True), (Why.SHORT, True),
        (Why.SERVICE, True), (Why.ABROAD, True), (Why.ASSUMED, True), (Why.SATELLITE, False),
        (Why.EMERGENCY, False), (Why.UNDIALABLE, False), (Why.ITSELF, False),
    ],
)  # fmt: skip
def test_what_may_cost(why: Why, costly: bool) -> None:
    assert Decision(Verdict.ASK, why).costly is costly


# never twice, never too often

NOW = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
A, B = "+3725123456", "+3725123457"


def ago(*seconds: float, key: str = A) -> list[tuple[str, datetime]]:
    return [(key, NOW - timedelta(seconds=each)) for each in seconds]


@pytest.mark.parametrize(
    ("key", "dialled", "restraint"),
    [
        pytest.param(A, [], Restraint.NONE, id="the first"),
        pytest.param(A, ago(0), Restraint.SAME_AGAIN, id="a double click"),
        pytest.param(A, ago(9.999), Restraint.SAME_AGAIN, id="within ten seconds"),
        pytest.param(A, ago(10), Restraint.NONE, id="after ten seconds"),
        pytest.param(B, ago(0), Restraint.NONE, id="another number"),
        pytest.param(B, ago(*range(0, 50, 10)), Restraint.NONE, id="five in a minute"),
        pytest.param(B, ago(*range(0, 60, 10)), Restraint.TOO_MANY, id="six in a minute"),
        pytest.param(B, ago(1, 1, 1, 1, 1, 59.999), Restraint.TOO_MANY, id="barely a minute"),
        pytest.param(B, ago(1, 1, 1, 1, 1, 60), Restraint.NONE, id="a minute ago"),
        pytest.param(A, ago(*range(6)), Restraint.SAME_AGAIN, id="the same comes first"),
        pytest.param(B, ago(*range(100, 200)), Restraint.NONE, id="long ago"),
        pytest.param(A, ago(-1, -3600), Restraint.NONE, id="the clock was set back"),
        pytest.param(B, ago(-1, -1, -1, 1, 1, 1), Restraint.NONE, id="and some not"),
    ],
)
def test_the_brake(key: str, dialled: list[tuple[str, datetime]], restraint: Restraint) -> None:
    assert restrain(key, NOW, dialled) is restraint
    assert restrain(key, NOW, dialled[::-1]) is restraint


def test_the_limits_are_those_decided() -> None:
    assert timedelta(seconds=10) == SAME_NUMBER_WITHIN
    assert DIALS_A_MINUTE == 6
    assert not Restraint.NONE
