"""A relay and its broker, killed at seeded moments: soak_relay.py [EVENTS] [KILLS] [SEED] [DESKS].

The service tells of 100,000 calls; every one that was answered 200 has to reach its desk, by the
broker or by asking the gateway, once. Exits with 1 when anything was lost or came twice, and names
the seed and the moment.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.relay_drill import Drill, Plan
from benchmarks.relay_place import Served

EVENTS, EVENTS_A_KILL = 100_000, 500
A_SECOND = 200.0
DESKS = 1_000
_PATIENCE = 5.0  # seconds, as the real desks have it


def main(argv: list[str]) -> int:
    words = [int(word) for word in argv]
    events = words[0] if words else EVENTS
    kills = words[1] if words[1:] else max(1, events // EVENTS_A_KILL)
    seed = words[2] if words[2:] else 1
    desks = words[3] if words[3:] else DESKS
    plan = Plan(seed, events, kills, desks, A_SECOND, _PATIENCE)
    with tempfile.TemporaryDirectory() as folder:
        outcome = Drill(Path(folder), plan, Served).play()
        if outcome.wrong:
            kept = shutil.copytree(folder, tempfile.mkdtemp(), dirs_exist_ok=True)
            print(f"what it left is kept in {kept}")
    print(f"seed {seed}: {outcome}", flush=True)
    for wrong in outcome.wrong[:50]:
        print(f"  {wrong}")
    return int(bool(outcome.wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
