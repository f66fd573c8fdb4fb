"""A small drill: the relay and a real broker are killed again and again while calls are told of;
what was answered 200 reaches its desk, once.

benchmarks/soak_relay.py does it with a thousand desks. Moments differ from run to run; what must
hold does not.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.relay_drill import Drill, Plan


def test_killed_at_any_moment_every_call_that_was_answered_reaches_its_desk_once(
    tmp_path: Path,
) -> None:
    outcome = Drill(tmp_path, Plan(seed=4, events=500, kills=10)).play()
    assert not outcome.wrong, "\n".join(outcome.wrong)
    assert {kill.what for kill in outcome.kills} == {"relay", "broker"}
    assert outcome.answered > 100
    assert sum(outcome.ways.values()) >= outcome.answered
    assert min(outcome.ways.values()) > 0  # by both ways
