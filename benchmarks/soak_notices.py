"""The notify endpoint under attack: soak_notices.py [REQUESTS] [FIRST SEED].

A million broken requests through the reception, then 400 half-open connections for a minute at the
real server, through which the service's own GETs must come. Exits with 1 when one does not, or when
a request raises or becomes a bad row; names its seed.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks.slow_callers import Crowd, served_behind
from tests.property.notices_fuzz import Counted, play

REQUESTS = 1_000_000
AT_ONCE = 5_000
CROWD, SECONDS = 400, 60.0


def play_some(seed: int) -> Counted:
    return play(seed, AT_ONCE)


def fuzz(count: int, first: int) -> bool:
    begun, total = time.monotonic(), Counted()
    seeds = range(first, first + max(1, count // AT_ONCE))
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        for counted in workers.map(play_some, seeds):
            total = total.plus(counted)
    for line in total.wrong:
        print(line)
    print(
        f"{total.requests} broken requests: {total.heard} of them believed, {total.unanswered} cut"
        f" off, {len(total.wrong)} wrong; {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    return not total.wrong


def besiege() -> bool:
    with Crowd(CROWD) as crowd:
        waits = served_behind(crowd, SECONDS)
    lost = sum(wait is None for wait in waits)
    slowest = max((wait for wait in waits if wait is not None), default=0.0)
    print(
        f"{len(waits)} GETs of the service behind {CROWD} half-open connections: {lost} lost,"
        f" the slowest answer after {slowest * 1000:.0f} ms"
    )
    return not lost


def main(argv: list[str]) -> int:
    count = int(argv[0]) if argv else REQUESTS
    first = int(argv[1]) if argv[1:] else 1_000_000  # other seeds than the tests play
    held = [fuzz(count, first), besiege()]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
