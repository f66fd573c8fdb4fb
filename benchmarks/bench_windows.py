"""The page of calls and the palette until they are painted, among 1,000 to 100,000 calls.

A child process for each size measures itself, unseen; the peer is a list that has all rows in
memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import process_time

from benchmarks.report import Figure, end, grows, heading, limit

SIZES = (1_000, 10_000, 100_000)
STEPS, TIMES = 150, 15
_FIRST, _SCROLL, _FILTER, _MEMORY = 20.0, 16.0, 40.0, 12.0  # ms, MB
_COLD, _WARM = 80.0, 20.0  # ms


def main() -> None:
    heading("The page of calls, and the palette, until they are painted")
    runs = {size: _child(size) for size in SIZES}
    for size, run in runs.items():
        for name in ("the page of calls painted first", "a step of scrolling", "another filter"):
            grows(name, size, Figure(run[name], "ms CPU"))
        grows("the same in a list with all rows in memory", size, Figure(run["peer"], "ms CPU"))
    most = runs[SIZES[-1]]
    first, filters = (Figure(most[n], "ms CPU") for n in ("again", "another filter"))
    memory, peer = (Figure(most[n], "MB") for n in ("memory", "peer memory"))
    cold, warm = (Figure(most[n], "ms CPU") for n in ("palette cold", "palette warm"))
    in_memory, scroll = (
        Figure(most["peer"], "ms CPU"),
        Figure(most["a step of scrolling"], "ms CPU"),
    )
    end(
        [
            limit("100,000 calls painted", first.median, _FIRST, "ms CPU", first, in_memory),
            limit("a step of scrolling, p99", _p99(scroll), _SCROLL, "ms CPU", scroll),
            limit("another filter, p99", _p99(filters), _FILTER, "ms CPU", filters),
            limit("memory of the page's rows", memory.median, _MEMORY, "MB", None, peer),
            limit("the palette, made and painted", max(cold.values), _COLD, "ms CPU", cold),
            limit("the palette, shown again, p99", _p99(warm), _WARM, "ms CPU", warm),
        ]
    )


def _p99(figure: Figure) -> float:
    values = sorted(figure.values)
    return values[len(values) * 99 // 100]


def _child(size: int) -> dict[str, list[float]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_windows", str(size)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=200,
        check=True,
    )
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


# the child


def measure(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder), size)
        from benchmarks import painted
        from benchmarks.bench_ledger import OWN

        with painted.controllers(Path(folder), OWN) as made:
            print(json.dumps(_measured(made)))


def _fill(folder: Path, size: int) -> None:
    from benchmarks.bench_ledger import NOW, _reports
    from desk_phone.paths import Paths
    from desk_phone.store.calls import CallLedger
    from desk_phone.store.database import open_database

    with closing(open_database(Paths(folder).database, folder / "backups", NOW).db) as db:
        db.execute("PRAGMA synchronous = OFF")
        CallLedger(db).record(*_reports(size), now=NOW, silent=True)


def _measured(made: object) -> dict[str, list[float]]:
    from PySide6.QtWidgets import QWidget

    from benchmarks import painted
    from desk_phone.controllers import Controllers
    from desk_phone.store.calls import CallFilter
    from desk_phone.ui.calls.page import CallsPage
    from desk_phone.ui.calls.view import CallsView

    assert isinstance(made, Controllers)
    cold = _ms(lambda: painted.palette(made).window)
    pages: list[QWidget] = []
    first = _ms(lambda: pages.append(painted.calls(made).window))
    (page,) = pages
    assert isinstance(page, CallsPage)
    (view,) = page.findChildren(CallsView)
    bar, filters = view.verticalScrollBar(), (CallFilter.MISSED, CallFilter.ALL)
    before = painted.resident_mb()
    scroll = [_ms(lambda: bar.setValue(bar.value() + 400)) for _ in range(STEPS)]
    memory = painted.resident_mb() - before
    again = [_ms(lambda: painted.calls(made).window) for _ in range(TIMES)]
    other = [_ms(lambda n=n: page.show_filter(filters[n % 2])) for n in range(2 * TIMES)]  # type: ignore[misc]
    window = painted.palette(made).window
    warm = []
    for _ in range(4 * TIMES):
        window.hide()
        painted.paint()
        warm.append(_ms(window.show))
    before = painted.resident_mb()
    peer = [_ms(lambda: pages.append(painted.all_in_memory(made)))]
    return {
        "the page of calls painted first": [first],
        "again": again,
        "a step of scrolling": scroll,
        "another filter": other,
        "memory": [memory],
        "palette cold": [cold],
        "palette warm": warm,
        "peer": peer,
        "peer memory": [painted.resident_mb() - before],
    }


def _ms(deed: Callable[[], object]) -> float:
    """CPU ms until nothing more is to be painted: neighbours on the machine do not count."""
    from benchmarks import painted

    begun = process_time()
    kept = deed()
    painted.paint()
    taken = (process_time() - begun) * 1e3
    del kept
    return taken


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
