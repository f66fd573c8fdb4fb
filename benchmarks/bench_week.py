"""The card of the week and the export of the list, among 100,000 calls of a year; in CPU time, so
that neighbours on the machine do not count."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import process_time

from benchmarks.bench_ledger import NOW, OWN
from benchmarks.report import Figure, cpu_of, end, heading, limit, line
from desk_phone.app.piecemeal import PIECE_MS
from desk_phone.model.calls import Record
from desk_phone.model.week import week_of
from desk_phone.simulator.company import OWN_NUMBERS
from desk_phone.simulator.past import records
from desk_phone.simulator.people import crowd
from desk_phone.store.calls import CallFilter, CallLedger, Sought
from desk_phone.store.database import open_database
from desk_phone.transfer.tables import rows_part
from desk_phone.ui.calls.table import Listed, reading

_COUNT = 100_000
_MONTHS = 12  # the simulator tells a month, which is drawn out to a year


def main() -> None:
    heading(f"A week and an export among {_COUNT} calls of a year")
    with tempfile.TemporaryDirectory() as folder, _ledger(Path(folder)) as ledger:
        held = [_week(ledger), *_export(ledger)]
    end(held)


@contextmanager
def _ledger(folder: Path) -> Iterator[CallLedger]:
    opened = open_database(folder / "calls.sqlite3", folder, NOW)
    with closing(opened.db):
        ledger = CallLedger(opened.db)
        calls = records(1, [OWN_NUMBERS[0]], crowd(1), NOW, _COUNT)
        told = (replace(call, id=number).record(NOW) for number, call in enumerate(calls, 1))
        ledger.record(
            *(Record(OWN, record) for record in told if record is not None), now=NOW, silent=True
        )
        now = int(NOW.timestamp() * 1e6)
        opened.db.execute("UPDATE calls SET start = ? - (? - start) * ?", (now, now, _MONTHS))
        yield ledger


def _week(ledger: CallLedger) -> bool:
    last = week_of(NOW).before
    taken = cpu_of(lambda: (ledger.weeks.report(last, NOW), ledger.weeks.first(NOW)), 15)
    figure = Figure([seconds * 1e3 for seconds in taken], "ms")
    line("last week and the one before it, counted", figure)
    return limit("the same", figure.median, 16.0, "ms")


def _export(ledger: CallLedger) -> Iterator[bool]:
    parts: list[bytes] = []
    listed = Listed(CallFilter.ALL, Sought(), "")
    work = reading(ledger, listed, lambda _: None, lambda rows: parts.append(rows_part(rows)))
    steps, begun = [], process_time()
    for _ in work:
        steps.append((process_time() - begun) * 1e3)
        begun = process_time()
    longest = sorted(steps)[int(len(steps) * 0.999)]
    line("all calls as CSV", f"{sum(steps) / 1e3:.2f} s, {sum(map(len, parts)) / 1e6:.1f} MB")
    yield limit("a stretch of it: p99.9", PIECE_MS + longest, 16.0, "ms")


if __name__ == "__main__":
    main()
