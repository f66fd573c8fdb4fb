"""A small drill: desks are killed again and again, and nothing is lost or done twice.

benchmarks/soak_drill.py kills thousands of times. Moments, and so what a seed finds, differ from
run to run; what must hold does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.property.drill import Drill, stop_forks

KILLS = 30


@pytest.fixture(scope="module", autouse=True)
def _no_process_left() -> Iterator[None]:
    yield
    stop_forks()


@pytest.mark.parametrize("seed", [1, 2], ids=["by day", "the clocks go back"])
def test_killed_at_any_moment_nothing_is_lost_or_done_twice(tmp_path: Path, seed: int) -> None:
    outcome = Drill(tmp_path, seed, KILLS).play()
    assert not outcome.wrong, "\n".join(outcome.wrong)
    assert outcome.kills >= KILLS
    assert outcome.counted["edits"] > 10
    assert outcome.counted["calls"] > 5
