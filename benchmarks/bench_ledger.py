"""The ledger: a first import, a poll with what is known, a page, a search, one durable edit."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from benchmarks.report import Figure, end, heading, limit, line, ratio, seconds_of
from desk_phone.model.calls import Record
from desk_phone.simulator.company import OWN_NUMBERS
from desk_phone.simulator.past import records
from desk_phone.simulator.people import crowd
from desk_phone.store.calls import CallFilter, CallLedger
from desk_phone.store.database import open_database
from desk_phone.store.memory import Memory

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OWN = "+" + OWN_NUMBERS[0]


def main() -> None:
    held = []
    for count in (1_000, 10_000, 100_000):
        heading(f"The ledger with {count} calls")
        with tempfile.TemporaryDirectory() as folder:
            held += _measure(Path(folder), count)
    end(held)


def _measure(folder: Path, count: int) -> list[bool]:
    opened = open_database(folder / "calls.sqlite3", folder, NOW)
    ledger = CallLedger(opened.db)
    reports = _reports(count)
    first = _once(lambda: ledger.record(*reports, now=NOW, silent=True))
    month = reports[-min(count, 5_000) :]
    known = _ms(lambda: ledger.record(*month, now=NOW))
    page = _ms(lambda: ledger.page(CallFilter.ALL, limit=200))
    missed = _ms(lambda: ledger.page(CallFilter.MISSED, limit=200))
    search = _ms(lambda: ledger.page(CallFilter.ALL, "tamm", limit=200))
    people = _ms(lambda: ledger.people("õuna", 50))
    memory = Memory(opened.db)
    edit = _ms(lambda: memory.put("bench", str(os.urandom(4))), 50)
    disk = _ms(lambda: _fdatasync(folder / "floor"), 50)
    opened.db.close()
    line(f"first import of {count}", first)
    line(f"{len(month)} known records polled again", known)
    line("a page of 200", page)
    line("a page of missed calls", missed)
    line("a page of a search", search)
    line("people of a search", people)
    line("one durable edit", edit)
    line("the disk's own fdatasync", disk)
    held = [ratio("an edit against the disk", edit, disk, 3.0)]
    if count == 10_000:
        held.append(limit("people of a search", people.median, 12.0, "ms"))
    return held


def _reports(count: int) -> list[Record]:
    """So many records of a month, oldest first."""
    calls = records(1, [OWN_NUMBERS[0]], crowd(1), NOW, count)
    found = (replace(call, id=number).record(NOW) for number, call in enumerate(calls, 1))
    return [Record(OWN, record) for record in found if record is not None]


def _once(work: Callable[[], object]) -> Figure:
    begun = perf_counter()
    work()
    return Figure([(perf_counter() - begun) * 1000], "ms")


def _ms(work: Callable[[], object], runs: int = 9) -> Figure:
    return Figure([s * 1000 for s in seconds_of(work, runs)], "ms")


def _fdatasync(file: Path) -> None:
    with file.open("ab") as opened:
        opened.write(b"x" * 4096)
        opened.flush()
        os.fdatasync(opened.fileno())


if __name__ == "__main__":
    main()
