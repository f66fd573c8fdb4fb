"""Dates and times in the three languages, as people there write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from desk_phone.ui import words

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_tallinn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import time

    monkeypatch.setenv("TZ", "Europe/Tallinn")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("en", date(2026, 11, 12), "Thursday 12 November"),
        ("et", date(2026, 11, 12), "Neljapäev 12 november"),
        ("ru", date(2026, 11, 12), "Четверг 12 ноября"),
        ("en", date(2025, 5, 3), "Saturday 3 May 2025"),
        ("ru", date(2025, 5, 3), "Суббота 3 мая 2025"),
    ],
)
def test_the_heading_of_a_day(language: str, day: date, said: str) -> None:
    words.speak(language)
    assert words.heading(day, TODAY) == said


@pytest.mark.parametrize("language", ["en", "et", "ru"])
def test_the_clock_has_24_hours_everywhere(language: str) -> None:
    words.speak(language)
    assert words.clock(datetime(2026, 11, 24, 12, 5, tzinfo=UTC)) == "14:05"
    assert words.clock(datetime(2026, 11, 24, 6, 5, tzinfo=UTC)) in ("08:05", "8:05")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Thu 12 Nov"), ("et", "N 12 nov"), ("ru", "чт 12 нояб.")]
)
def test_a_moment_within_a_sentence(language: str, said: str) -> None:
    words.speak(language)
    assert words.moment(NOW - timedelta(days=12), NOW).startswith(said)


@pytest.mark.parametrize("language", ["", "xx", "de"])
def test_another_language_has_british_dates(language: str) -> None:
    assert words.locale(language).name() == "en_GB"
