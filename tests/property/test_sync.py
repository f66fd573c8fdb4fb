"""The thirteen rules of docs/sync.md over random histories, and a mutant of the engine for each.

The real engine on real SQLite; the server, persons, faults and crashes are `sync_history`'s. A
failure names its seed: ``History(seed).play()`` plays it again. benchmarks/soak_sync.py plays many
more.
"""

from __future__ import annotations

import pytest

from tests.property.sync_history import History
from tests.property.sync_mutants import MUTANTS, Mutant
from tests.property.sync_server import Broken

HISTORIES = 1000
AT_ONCE = 50  # a test; so many seeds that the workers share the load evenly
RULES = range(1, 14)


@pytest.mark.parametrize("first", range(0, HISTORIES, AT_ONCE))
def test_no_history_breaks_a_rule(first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        history = History(seed)
        try:
            history.play()
        except Broken as broken:
            tail = "\n".join(history.trace[-40:])
            pytest.fail(f"seed {seed} broke rule {broken.rule}: {broken.args[1]}\n{tail}")


def test_the_histories_are_not_idle() -> None:
    """Else the rules would hold for nothing."""
    played = [History(seed) for seed in range(20)]
    for history in played:
        history.play()
    assert sum(history.crashes for history in played) > 10
    assert sum(history.syncs for history in played) > 200
    assert sum(history.writes for history in played) > 30


def test_a_seed_gives_the_same_history_again() -> None:
    first, second = History(7), History(7)
    first.play()
    second.play()
    assert first.trace == second.trace


def test_every_rule_has_a_mutant() -> None:
    assert {mutant.rule for mutant in MUTANTS} == set(RULES)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.rule}-{mutant.name}")
def test_a_relaxed_rule_is_noticed(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant.patch(monkeypatch)
    for seed in mutant.seeds:
        try:
            History(seed).play()
        except Broken as broken:
            if broken.rule == mutant.rule:
                return
    pytest.fail(f"none of the seeds {mutant.seeds} notices {mutant.name}")
