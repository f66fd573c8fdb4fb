"""How long the whole tray program does not come back to its event loop: while it warms up after its
icon, at the first look at 5,000 calls, at a look with nothing new, at the first sync of 2,000
entries, as a window is opened for the first time.

A child process watches itself by a clock that strikes each millisecond; of several runs the least
counts, so that neighbours on the machine do not. The service is the simulator in another process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Figure, end, heading, limit
from benchmarks.screens import screen

if TYPE_CHECKING:
    from desk_phone.program import Program

RUNS = 4
RECORDS, ENTRIES = 5_000, 2_000
TARGETS = {
    "warming up after the icon": 12.0,
    f"first look, {RECORDS:,} calls": 16.0,
    "a look with nothing new": 16.0,
    f"first sync, {ENTRIES:,} entries": 16.0,
}
_WINDOW = "the window, opened for the first time"  # told, and no target: a click is being answered
_OWN = "3726401234"
_SERVICE = """
import sys
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import Company
from desk_phone.telco.service import Entry

def entry(n):
    return Entry(str(n), f"Name {n} Surname", f"+3726{n:06}")

company = Company(entries=[entry(n) for n in range(1, int(sys.argv[2]) + 1)])
with Simulator(company=company, quiet=True, records=int(sys.argv[1])) as simulator:
    print(simulator.base_url, flush=True)
    sys.stdin.read()
"""


def main() -> None:
    heading("The longest gap of the tray program's event loop")
    words = [sys.executable, "-c", _SERVICE, str(RECORDS), str(ENTRIES)]
    with screen() as env:
        service = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ}
        )
        assert service.stdin is not None
        assert service.stdout is not None
        url = service.stdout.readline().strip()
        runs = [_child(url, {**os.environ, **env}) for _ in range(RUNS)]
        service.stdin.close()
        service.wait()
        service.stdout.close()
    held = []
    for name, target in TARGETS.items():
        gaps = Figure([run[name] for run in runs], "ms")
        held.append(limit(name, min(gaps.values), target, "ms", gaps))
    opened = Figure([run[_WINDOW] for run in runs], "ms")
    limit(_WINDOW, opened.median, 200.0, "ms", opened)
    end(held)


def _child(url: str, env: dict[str, str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_gaps", url, folder],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


# the child


class Watch:
    """``longest`` is the longest gap in ms since `begin`."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._clock = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._strike)
        self._clock.start()
        self.begin()

    def begin(self) -> None:
        self._last, self.longest = time.perf_counter(), 0.0

    def _strike(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1e3 - 1)
        self._last = now


def measure(url: str, folder: str) -> int:
    """Print the longest gap of each phase."""
    from desk_phone.system import plain_import

    plain_import.keep()
    from desk_phone import desktop
    from desk_phone.model.secret import Secret
    from desk_phone.options import read
    from desk_phone.paths import Paths
    from desk_phone.settings import Settings, save
    from desk_phone.simulator.company import PASSWORD, USER
    from desk_phone.system.lock import InstanceLock
    from desk_phone.system.secrets import MemoryKeyring

    place = Paths(Path(folder))
    place.make()
    save(place.settings, Settings(own_number=f"+{_OWN}", user=USER, service_url=url))
    begin, watches = desktop._Warming.start, []

    def start(warming: desktop._Warming) -> None:
        watches.append(Watch())  # the icon is there
        begin(warming)

    desktop._Warming.start = start  # type: ignore[method-assign]
    with InstanceLock(place.lock) as lock:
        lock.take()
        return desktop.run(
            *(read(["--hidden"]), place, lock, Secret(PASSWORD), MemoryKeyring()),
            watch=lambda program: _play(program, watches[0]),
        )


def _play(program: Program, watch: Watch) -> None:
    from PySide6.QtCore import QTimer

    found: dict[str, float] = {}
    phases = _phases(program, watch, found)

    def look() -> None:
        ready = waits[-1]
        if ready():
            try:
                waits.append(next(phases))
            except StopIteration:
                print(json.dumps(found), flush=True)
                program.quit()

    waits = [next(phases)]
    asking = QTimer(program, interval=20)
    asking.timeout.connect(look)
    asking.start()


def _phases(
    program: Program, watch: Watch, found: dict[str, float]
) -> Iterator[Callable[[], bool]]:
    """Yields what each phase waits for."""
    made, began, polled = program.controllers, [], []
    program.begun.connect(lambda: began.append(1))
    made.calls.polled.connect(polled.append)
    warm, first, again, sync = TARGETS
    made.poller.start = made.contacts.start = lambda: None  # type: ignore[method-assign]
    yield lambda: bool(began)
    yield _after(1.5)
    found[warm] = watch.longest
    watch.begin()
    made.calls.poll()
    yield lambda: bool(polled)
    yield _after(1.0)
    found[first] = watch.longest
    watch.begin()
    made.calls.poll()
    yield lambda: len(polled) > 1
    yield _after(0.3)
    found[again] = watch.longest
    watch.begin()
    made.contacts.sync()
    yield lambda: not made.contacts.state.busy and bool(made.contacts.book.lines(0, 1))
    yield _after(1.0)
    found[sync] = watch.longest
    watch.begin()
    program.windows.show_calls()
    yield _after(0.5)
    found[_WINDOW] = watch.longest


def _after(seconds: float) -> Callable[[], bool]:
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() > until


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(measure(*sys.argv[1:3]))
    main()
