"""A day of the whole tray program in minutes: soak_day.py [HOURS] [SEED].

The simulator rings, others write into the phonebook, one request in twenty is spoilt; the program
polls, syncs, dials, shows cards and windows, speaks another language now and then, sleeps. Its
own memory must be flat after the first hours, and so must its files and threads. Exits with 1 where
they are not, or where the program says anything on its standard error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.day_program import WARM
from benchmarks.screens import screen
from desk_phone.paths import Paths
from desk_phone.settings import Settings, save
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import OWN_NUMBERS, USER
from tests.property.drill_company import Watched, Weather

HOURS, SPEED = 24, 360.0
FLAT = 2.0  # MB up or down
FILES, THREADS = 3, 1  # more than when it was warm
_OWN = OWN_NUMBERS[0]
# As `desk_phone.start` does it, before whatever imports PySide.
_BEGIN = (
    "import sys; from desk_phone.system import plain_import; plain_import.keep();"
    "from benchmarks.day_program import main; sys.exit(main(sys.argv[1:]))"
)
_CALL_EVERY = 300.0 / SPEED  # seconds


def main(argv: list[str]) -> int:
    hours, seed = (int(word) for word in (*argv, *(str(HOURS), "1")[len(argv) :]))
    begun = time.monotonic()
    heard, said = play(hours, seed)
    for each in heard:
        print(json.dumps({name: value for name, value in each.items() if name != "did"}))
    did = ", ".join(f"{count} {what}" for what, count in sorted(heard[-1]["did"].items()))
    print(f"{hours} hours in {time.monotonic() - begun:.0f} s: {did}")
    wrong = [*judge(heard, min(WARM, hours // 2)), *said]
    for fault in wrong[:40]:
        print(f"  {fault}")
    return int(bool(wrong))


def play(hours: int, seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    """What it measured each hour, and what it said that was not asked for."""
    company = Watched([_OWN])
    simulator = Simulator(company=company, quiet=True, records=200, speed=SPEED)
    simulator._world.faults = Weather(seed)
    with tempfile.TemporaryDirectory() as folder, simulator, screen() as env:
        place = Paths(Path(folder))
        place.make()
        usual = {"notices_on": True, "notices_port": 0, "notices_callers": "127.0.0.1"}
        account = {"user": USER, "own_number": f"+{_OWN}", "service_url": simulator.base_url}
        save(place.settings, Settings(**account, **usual))  # type: ignore[arg-type]
        words = ["-c", _BEGIN, folder, str(SPEED), str(hours), str(seed)]
        with _life(simulator, company, seed):
            done = subprocess.run(
                [sys.executable, *words],
                env={**os.environ, **env},
                capture_output=True,
                text=True,
                timeout=60 + 2 * hours * 3600 / SPEED,
                check=False,
            )
    heard = [json.loads(line) for line in done.stdout.splitlines()]
    said = [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]
    if done.returncode or len(heard) != hours:
        raise SystemExit(f"ended with {done.returncode} in hour {len(heard)}:\n{done.stderr}")
    return heard, said


def judge(heard: Sequence[dict[str, Any]], warm: int) -> Iterator[str]:
    later = heard[warm:]
    some = max(1, len(later) // 4)
    # What is in use too: a leak may fill the holes that were left by the first windows, 15 MB.
    for what, named in (("own", "of its own"), ("used", "in use")):
        first, last = (
            _middle([each[what] for each in part]) for part in (later[:some], later[-some:])
        )
        print(f"{first:.1f} MB {named} when warm, {last:.1f} MB in the end")
        if abs(last - first) > FLAT:
            yield f"memory {named} went from {first:.1f} to {last:.1f} MB"
    for what, more in (("files", FILES), ("threads", THREADS)):
        before, after = heard[warm - 1][what], heard[-1][what]
        if after > before + more:
            yield f"{before} {what} became {after}"


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


@contextmanager
def _life(simulator: Simulator, company: Watched, seed: int) -> Iterator[None]:
    """Meanwhile people call, and others write into the phonebook."""
    over, random = threading.Event(), Random(seed)

    def live() -> None:
        count = 0
        while not over.wait(_CALL_EVERY * random.uniform(0.5, 1.5)):
            count += 1
            fate = "answered" if random.random() < 0.4 else "missed"
            lasts = random.uniform(0.0, 0.2)
            other = f"5{random.randrange(40):07}"
            simulator.ring(_OWN, other, name=f"Caller {other}", fate=fate, ring_seconds=lasts)
            if count % 10 == 0:
                with simulator._world.lock:
                    _write(company, random)

    thread = threading.Thread(target=live, name="life")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _write(company: Watched, random: Random) -> None:
    theirs = [entry for entry in company.entries() if entry.name.startswith("Portal")]
    if len(theirs) > 30:
        company.delete(random.choice(theirs).id)
    else:
        company.add(f"Portal {random.randrange(10**6)}", f"6{random.randrange(10**6):06}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
