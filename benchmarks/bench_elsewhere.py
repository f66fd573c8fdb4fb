"""Others' contacts: a file of 10,000 people read for the first time, again, and after changes.

The program's own controller does it, without windows. A gap is how long the main thread did not
come back to its event loop: of several runs the least counts, so that neighbours do not.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer

from benchmarks.report import Figure, end, heading, limit, line
from desk_phone.app.elsewhere import Elsewhere
from desk_phone.app.elsewhere_clock import OutsideContacts
from desk_phone.app.lane import Lanes
from desk_phone.app.office import now
from desk_phone.model.elsewhere import SourceKind
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.system.secrets import MemoryKeyring

PEOPLE, RUNS = 10_000, 4
GAP, LOOKUP = 16.0, 50.0  # ms, us


class Nobody(QObject):
    """In the place of the calls."""

    def take(self, changes: object) -> None: ...


def main() -> None:
    heading(f"Others' contacts, {PEOPLE} people")
    QCoreApplication([])
    held: list[bool] = []
    first, same, some, lookups = [], [], [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            for kind, did in _run(Path(folder), lookups):
                {"first": first, "same": same, "some": some}[kind].append(did)
    for name, did in (("first reading", first), ("nothing changed", same), ("2 % changed", some)):
        line(name, Figure([seconds * 1e3 for seconds, _ in did], "ms"))
        gaps = Figure([gap for _, gap in did], "ms")
        held.append(limit(f"{name}, longest gap", min(gaps.values), GAP, "ms", gaps))
    found = Figure(lookups, "us")
    held.append(limit("number to name, nobody called yet", min(lookups), LOOKUP, "us", found))
    end(held)


def _run(folder: Path, lookups: list[float]) -> Iterator[tuple[str, tuple[float, float]]]:
    file = folder / "contacts.csv"
    with closing(open_database(folder / "db.sqlite3", folder, now()).db) as db:
        ledger, lanes = CallLedger(db), Lanes()
        parts = (Sources(db), Outsiders(db), ledger, MemoryKeyring(), Settings, now)
        outside: Any = OutsideContacts(lanes, Elsewhere(*parts), Nobody(), now)  # type: ignore[arg-type]
        source = Sources(db).add(SourceKind.FILE, str(file), "Bench", "", "")
        for kind, generation in (("first", 0), ("same", 0), ("some", 1)):
            _write(file, generation)
            yield kind, _watched(lambda: outside.read(source.id), lambda: bool(outside.reading))
        begun = time.perf_counter()
        for n in range(1000):
            assert ledger.name_of(f"+37251{n:06}")[0]
        lookups.append((time.perf_counter() - begun) * 1e3)
        outside.close()
        lanes.close(patience=5)


def _write(file: Path, generation: int) -> None:
    rows = ("First Name,Last Name,Company,Mobile Phone,Business Phone\n",)
    people = (
        f"Mari{n},Maasikas{generation if n % 50 == 0 else 0},Firma {n % 99},51{n:06},6{n:06}\n"
        for n in range(PEOPLE)
    )
    file.write_text("".join((*rows, *people)))


def _watched(begin: Callable[[], object], busy: Callable[[], bool]) -> tuple[float, float]:
    """Seconds, and the longest gap in ms."""
    gc.collect()
    loop = QEventLoop()
    last = begun = time.perf_counter()
    longest = 0.0

    def tick() -> None:
        nonlocal last, longest
        at = time.perf_counter()
        longest, last = max(longest, at - last), at
        if not busy():
            loop.quit()

    ticking = QTimer(interval=0, timerType=Qt.TimerType.PreciseTimer)
    ticking.timeout.connect(tick)
    begin()
    ticking.start()
    loop.exec()
    ticking.stop()
    return time.perf_counter() - begun, longest * 1e3


if __name__ == "__main__":
    main()
