"""Desks that are killed at seeded moments: soak_drill.py [KILLS] [FIRST SEED].

Hours in minutes against the simulator over HTTP, one request in twenty spoilt; nights on which the
clocks change and clocks that are wrong. Exits with 1 when anything was lost or done twice.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.property.drill import SPEED, Drill, stop_forks

KILLS = 2_000
AT_ONCE = 500  # kills of one company's desks; even seeds begin on the night the clocks go back


def main(argv: list[str]) -> int:
    kills, seed = (int(word) for word in (*argv, *(str(KILLS), "1")[len(argv) :]))
    wrong = 0
    while kills > 0:
        with tempfile.TemporaryDirectory() as folder:
            outcome = Drill(Path(folder), seed, min(kills, AT_ONCE)).play()
            if outcome.wrong:
                kept = shutil.copytree(folder, tempfile.mkdtemp(), dirs_exist_ok=True)
                print(f"what it left is kept in {kept}")
        print(f"seed {seed}, {outcome.seconds * SPEED / 3600:.1f} hours: {outcome}", flush=True)
        for fault in outcome.wrong[:20]:
            print(f"  {fault}")
        wrong += len(outcome.wrong)
        kills, seed = kills - AT_ONCE, seed + 1
    stop_forks()
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
