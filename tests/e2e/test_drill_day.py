"""Some hurried hours of the whole tray program; benchmarks/soak_day.py lets a day pass."""

from __future__ import annotations

import pytest

from benchmarks.soak_day import play

pytestmark = pytest.mark.e2e

HOURS = 1
FILES, THREADS = 40, 8  # at most, with Qt's own while something is painted


def test_hours_of_a_busy_day_pass_without_a_word_of_complaint() -> None:
    (hour,), said = play(HOURS, seed=7)
    assert not said
    did = hour["did"]
    assert did["polled"] > 5
    assert did["poll"] > 10
    assert hour["files"] <= FILES
    assert hour["threads"] <= THREADS
