"""Hostile links: soak_links.py [LINKS] [FIRST SEED]. Exits with 1 when one dials or raises."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.property.links_fuzz import play

LINKS = 1_000_000
AT_ONCE = 5_000


def wrong(seed: int) -> list[str]:
    return [f"seed {seed}: {fault}" for fault in play(seed, AT_ONCE)]


def main(argv: list[str]) -> int:
    count, first = (int(word) for word in (*argv, *(str(LINKS), "1000")[len(argv) :]))
    begun = time.monotonic()
    seeds = range(first, first + max(1, count // AT_ONCE))
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        found = [fault for faults_of in workers.map(wrong, seeds) for fault in faults_of]
    for fault in found[:20]:
        print(fault)
    print(f"{len(seeds) * AT_ONCE} links, {len(found)} wrong; {time.monotonic() - begun:.0f} s")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
