"""The whole tray program killed (``kill -9``) while it is busy: soak_tray.py [LIVES] [SEED].

People call all the time, one request in twenty is spoilt, and the program clicks itself. Exits with
1 when a call is lost or there twice, a missed one told twice, or a file left over.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.processes import ROOT
from benchmarks.screens import screen
from desk_phone.paths import Paths
from desk_phone.settings import Settings, save
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import OWN_NUMBERS, USER
from tests.property.drill_checks import Checks
from tests.property.drill_company import Watched, Weather
from tests.property.drill_desk import Life, Times

LIVES = 40
_A_LIFE = (0.4, 4.0)  # seconds
_LAST = 12.0  # seconds without a fault, in which it must come to know all
_OWN = OWN_NUMBERS[0]
_ANNOUNCED = re.compile(r"announced: ([\d, ]+)")


def main(argv: list[str]) -> int:
    lives, seed = (int(word) for word in (*argv, *(str(LIVES), "1")[len(argv) :]))
    begun = time.monotonic()
    said, wrong = play(lives, seed)
    print(f"{lives} lives of the tray program in {time.monotonic() - begun:.0f} s: {said}")
    for fault in wrong[:20]:
        print(f"  {fault}")
    return int(bool(wrong))


def play(lives: int, seed: int) -> tuple[str, list[str]]:
    """What happened, and what was wrong."""
    company, weather, random = Watched([_OWN]), Weather(seed), Random(seed)
    simulator = Simulator(company=company, quiet=True, records=0)
    simulator._world.faults = weather
    with tempfile.TemporaryDirectory() as folder, simulator, screen() as env:
        place = Paths(Path(folder))
        place.make()
        usual = {"notices_on": True, "notices_port": 0, "notices_callers": "127.0.0.1"}
        account = {"user": USER, "own_number": f"+{_OWN}", "service_url": simulator.base_url}
        settings = Settings(**account, **usual, poll_seconds=1)  # type: ignore[arg-type]
        save(place.settings, settings)
        for number in range(lives):
            for n in range(random.randrange(4)):
                lasts = random.uniform(0.0, 2.0)
                simulator.ring(_OWN, f"5{8_000_000 + 10 * number + n}", ring_seconds=lasts)
            _live(env, place, seed + number, random.uniform(*_A_LIFE))
        weather.chance = 0.0
        save(place.settings, replace(settings, language=""))
        _live(env, place, seed + lives, _LAST)
        return _judged(place, company, weather)


def _live(env: Mapping[str, str], place: Paths, seed: int, seconds: float) -> None:
    words = ["-m", "benchmarks.day_program", str(place.root), "1", "1000", str(seed)]
    program = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        status = program.wait(seconds)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
    else:
        raise SystemExit(f"it ended by itself with {status}")


def _judged(place: Paths, company: Watched, weather: Weather) -> tuple[str, list[str]]:
    times = Times(datetime.now(UTC), time.monotonic(), 1.0)
    life = Life(0, place.root, "", f"+{_OWN}", 0, 0, times)
    with closing(Checks(life, [], company)) as checks:
        wrong = list(checks.wrong())
    logs = "\n".join(file.read_text() for file in place.logs.iterdir())
    told = Counter(call for calls in _ANNOUNCED.findall(logs) for call in calls.split(", "))
    wrong += [f"call {call} was told {count} times" for call, count in told.items() if count > 1]
    faults = sum(weather.met.values())
    return f"{checks.counted['calls']} calls, {len(told)} told, {faults} faults", wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
