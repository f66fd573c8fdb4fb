"""The ledger: a first import, a poll with what is known, a page, a search, one durable edit."""

from __future__ import annotations

import gc
import os
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from benchmarks.report import Figure, end, grows, heading, limit, line, ratio, seconds_of
from desk_phone.model.calls import Record
from desk_phone.simulator.company import OWN_NUMBERS
from desk_phone.simulator.past import records
from desk_phone.simulator.people import crowd
from desk_phone.store.calls import CallFilter, CallLedger
from desk_phone.store.database import open_database, writing
from desk_phone.store.memory import Memory

IMPORTED = 5_000
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OWN = "+" + OWN_NUMBERS[0]


def main() -> None:
    held = []
    for count in (1_000, 10_000, 100_000):
        heading(f"The ledger with {count} calls")
        with tempfile.TemporaryDirectory() as folder:
            held += _measure(Path(folder), count)
    heading("The ledger's first import")
    held += _import()
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
    edits, floors = [], []
    for _ in range(50):  # in turn: a disk has its moods
        floors += _once(lambda: _fdatasync(folder / "floor")).values
        edits += _once(lambda: memory.put("bench", str(os.urandom(4)))).values
    edit, disk = Figure(edits, "ms"), Figure(floors, "ms")
    opened.db.close()
    grows("first import of all calls", count, first)
    grows("the month polled again (at most 5,000 records)", count, known)
    grows("a page of 200 calls", count, page)
    grows("a page of missed calls", count, missed)
    grows("a page of a search of calls", count, search)
    grows("people of a search", count, people)
    grows("one durable edit", count, edit)
    held = [ratio(f"an edit against the disk's fdatasync, {count:,} calls", edit, disk, 3.0)]
    if count == 10_000:
        held.append(limit("people of a search", people.median, 12.0, "ms", people))
    return held


def _import() -> list[bool]:
    """The first look at a busy month, and the same rows put plainly into one table."""
    reports = _reports(IMPORTED)
    taken, floors = [], []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            opened = open_database(Path(folder) / "calls.sqlite3", Path(folder), NOW)
            ledger = CallLedger(opened.db)
            gc.collect()
            taken += _once(lambda: ledger.record(*reports, now=NOW, silent=True)).values  # noqa: B023
            rows = [astuple(report.record) for report in reports]
            floors += _once(lambda: _plainly(opened.db, rows)).values  # noqa: B023
            opened.db.close()
    ours, floor = Figure(taken, "ms"), Figure(floors, "ms")
    line("the same rows into one plain table", floor)
    name = f"first import of {IMPORTED:,} records"
    line(name, ours)
    return [limit(name, ours.median, 150, "ms", ours, floor)]


def _plainly(db: sqlite3.Connection, rows: Sequence[tuple[str, ...]]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    with writing(db):
        db.execute(f"CREATE TABLE plain ({', '.join(f'c{n}' for n in range(len(rows[0])))})")
        db.executemany(f"INSERT INTO plain VALUES ({marks})", rows)


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
