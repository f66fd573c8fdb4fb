"""The phonebook's twelve rules over many random histories: soak_sync.py [HISTORIES] [FIRST SEED].

Prints what was played; exits with 1 when a history breaks a rule, and names its seed.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.property.sync_history import History
from tests.property.sync_server import Broken

HISTORIES = 20_000
AT_ONCE = 250


@dataclass
class Played:
    histories: int = 0
    syncs: int = 0
    writes: int = 0
    crashes: int = 0
    broken: tuple[str, ...] = ()

    def plus(self, other: Played) -> Played:
        return Played(
            self.histories + other.histories,
            self.syncs + other.syncs,
            self.writes + other.writes,
            self.crashes + other.crashes,
            self.broken + other.broken,
        )


def play(seed: int) -> Played:
    history = History(seed)
    broken: tuple[str, ...] = ()
    try:
        history.play()
    except Broken as found:
        broken = (f"seed {seed} breaks rule {found.rule}: {found.args[1]}",)
    return Played(1, history.syncs, history.writes, history.crashes, broken)


def play_some(seeds: range) -> Played:
    total = Played()
    for seed in seeds:
        total = total.plus(play(seed))
    return total


def main(argv: list[str]) -> int:
    count = int(argv[0]) if argv else HISTORIES
    first = int(argv[1]) if argv[1:] else 1_000_000  # other histories than the tests play
    begun = time.monotonic()
    some = [
        range(seed, min(seed + AT_ONCE, first + count))
        for seed in range(first, first + count, AT_ONCE)
    ]
    total = Played()
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        for played in workers.map(play_some, some):
            total = total.plus(played)
    for line in total.broken:
        print(line)
    print(
        f"{total.histories} histories: {total.syncs} syncs, {total.writes} writes,"
        f" {total.crashes} crashes, {len(total.broken)} broken;"
        f" {time.monotonic() - begun:.0f} s"
    )
    return int(bool(total.broken))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
