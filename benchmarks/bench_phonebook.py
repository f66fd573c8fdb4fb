"""The phonebook at 10,000 entries: syncs with the service over HTTP, the page's data, an edit; and
how their cost grows from 1,000 entries to 100,000.

The program's controllers do it, without windows; the service is the simulator in a process of its
own. A gap is how long the main thread did not come back to its event loop: of several runs the
least counts, so that neighbours on the machine do not.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from benchmarks.report import Figure, end, grows, heading, limit, line, ratio
from desk_phone.app.garbage import Collector
from desk_phone.app.office import now
from desk_phone.app.preferences import Preferences
from desk_phone.controllers import Controllers
from desk_phone.model.secret import Secret
from desk_phone.paths import Paths
from desk_phone.settings import Settings
from desk_phone.store.phonebook_narrow import Known
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import MemoryKeyring
from desk_phone.ui.phonebook.rows import reading

ENTRIES, RUNS, EDITS = 10_000, 3, 200
CHANGED = 3_000  # by others, all at once
USER, OWN = "P0000000@elion.ee", "+3726401234"
SIZES = (1_000, ENTRIES, 100_000)
GAP = 16.0  # ms
_SERVICE = """
import sys
from dataclasses import replace
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import Company
from desk_phone.telco.service import Entry

def entry(n):
    return Entry(str(n), f"Name {n} Surname", f"+3726{n:06}", f"+37251{n:06}" if n % 3 == 0 else "")

company = Company(entries=[entry(n) for n in range(1, int(sys.argv[1]) + 1)])
with Simulator(company=company, quiet=True, records=0) as simulator:
    print(simulator.base_url, flush=True)
    for word in sys.stdin:
        for n in range(1, int(sys.argv[2]) + 1):
            company.update(replace(entry(n), name=f"{word.strip()} {n}"))
        print("done", flush=True)
"""


@dataclass
class Company:
    process: subprocess.Popen[str]
    url: str

    def rename(self, word: str) -> None:
        """Others change many entries."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(word, file=self.process.stdin, flush=True)
        self.process.stdout.readline()


@dataclass(frozen=True)
class Did:
    """What one deed took: seconds on the clock, CPU ms of this process, the longest gap in ms and
    the most CPU ms that the main thread took for itself between two strikes."""

    seconds: float
    cpu: float
    gap: float
    own: float


def main() -> None:
    heading(f"The phonebook, {ENTRIES} entries")
    app = QCoreApplication([])
    Collector(app)
    with _company() as company:
        held = [*_first(company), *_syncs(company)]
    for size in SIZES:
        with _company(size) as company:
            _grow(company, size)
    end(held)


def _grow(company: Company, size: int) -> None:
    """A list of so many entries comes for the first time, once more, and is shown."""
    heading(f"The phonebook, {size:,} entries, once")
    with tempfile.TemporaryDirectory() as folder, _controllers(Path(folder), company) as made:
        first, same = (
            _watched(made.contacts.sync, lambda: made.contacts.state.busy) for _ in range(2)
        )
        grows("the phonebook's first sync", size, Figure([first.cpu], "ms CPU"))
        grows("the same list again", size, Figure([same.cpu], "ms CPU"))
        line("first sync, longest gap", Figure([first.gap], "ms"))
        whole = Figure([sum(_pieces(lambda: reading(made.contacts.book)))], "ms")
        grows("the data of the phonebook's page", size, whole)


def _first(company: Company) -> Iterator[bool]:
    did = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder, _controllers(Path(folder), company) as made:
            did.append(_watched(made.contacts.sync, lambda: made.contacts.state.busy))
            assert len(made.contacts.book.lines(0, ENTRIES + 1)) == ENTRIES
    _line("first sync", did)
    yield limit("first sync, longest gap", min(d.gap for d in did), GAP, "ms", _gaps(did))


def _syncs(company: Company) -> Iterator[bool]:
    with tempfile.TemporaryDirectory() as folder, _controllers(Path(folder), company) as made:

        def sync() -> Did:
            return _watched(made.contacts.sync, lambda: made.contacts.state.busy)

        sync()
        same = [sync() for _ in range(RUNS * 2)]
        _line("nothing changed", same)
        cpu = Figure([d.cpu for d in same], "ms")
        yield limit("nothing changed, CPU", cpu.median, 200, "ms", cpu)
        yield limit(
            "nothing changed, longest gap", min(d.gap for d in same), GAP, "ms", _gaps(same)
        )
        read = [_after(lambda: _forget_bytes(made), sync) for _ in range(RUNS)]
        _line("nothing changed, after a start", read)
        yield limit("after a start, CPU", _median([d.cpu for d in read]), 200, "ms")
        yield limit("after a start, longest gap", min(d.gap for d in read), GAP, "ms")
        many = [_after(lambda n=n: company.rename(f"Other {n}"), sync) for n in range(RUNS)]  # type: ignore[misc]
        _line(f"{CHANGED} changed by others", many)
        gaps = _gaps(many)
        yield limit(f"{CHANGED} changed, longest gap", min(gaps.values), GAP, "ms", gaps)
        yield from _page(made)
        yield from _edits(made, Path(folder))


def _page(made: Controllers) -> Iterator[bool]:
    """What the page reads when it is opened, in the pieces between which the loop goes on."""
    whole, longest = [], []
    for _ in range(RUNS):
        pieces = _pieces(lambda: reading(made.contacts.book))
        whole.append(sum(pieces))
        longest.append(max(pieces))
    line("the page's data", Figure(whole, "ms"))
    yield limit("the page's data, longest piece", min(longest), GAP, "ms")


def _edits(made: Controllers, folder: Path) -> Iterator[bool]:
    """Written so that it outlives the program; and the whole deed, with the names of calls."""
    made.preferences.change(phonebook_unlocked=True)
    contacts, book = made.contacts, made.contacts.book
    ids = [found.id for found in book.lines(0, EDITS)]

    def save(id_: int, name: str) -> None:
        seen = book.contact(id_).effective
        assert seen is not None
        book.save(id_, replace(seen, name=name), seen, now())

    def edit(id_: int, name: str) -> None:
        seen = book.contact(id_).effective
        assert seen is not None
        contacts.save(id_, seen, name, seen.number1, seen.number2)

    floors, durable, whole = [], [], []
    with (folder / "floor").open("wb", buffering=0) as file:
        for id_ in ids:  # in turn: a disk has its moods
            floors.append(_ms(lambda: _write_a_page(file)))
            durable.append(_ms(lambda id_=id_: save(id_, f"Saved {id_}")))  # type: ignore[misc]
            whole.append(_ms(lambda id_=id_: edit(id_, f"Edited {id_}")))  # type: ignore[misc]
    floor = Figure(floors, "ms")
    line("bare fdatasync of a page", floor)
    line("one edit, durable", Figure(durable, "ms"))
    line("one edit, with all that follows from it", Figure(whole, "ms"))
    yield ratio("one edit against fdatasync", Figure(durable, "ms"), floor, 3.0)


def _ms(deed: Callable[[], object]) -> float:
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1e3


def _write_a_page(file: FileIO) -> None:
    file.write(bytes(4096))
    getattr(os, "fdatasync", os.fsync)(file.fileno())


# how


def _watched(begin: Callable[[], object], busy: Callable[[], bool]) -> Did:
    """Do it while the event loop is watched by a clock that strikes each millisecond."""
    loop, clock = QEventLoop(), QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
    gaps: list[float] = []
    owns: list[float] = []
    last, worked = time.perf_counter(), time.thread_time()

    def strike() -> None:
        nonlocal last, worked
        gaps.append((time.perf_counter() - last) * 1e3)
        owns.append((time.thread_time() - worked) * 1e3)
        last, worked = time.perf_counter(), time.thread_time()
        if not busy():
            loop.quit()

    clock.timeout.connect(strike)
    gc.collect()
    clock.start()
    begun, cpu = time.perf_counter(), time.process_time()
    last, worked = begun, time.thread_time()
    begin()
    loop.exec()
    clock.stop()
    spent = (time.process_time() - cpu) * 1e3
    return Did(time.perf_counter() - begun, spent, max(gaps) - 1, max(owns))


def _pieces(make: Callable[[], Iterator[None]]) -> list[float]:
    taken: list[float] = []
    work = make()
    while True:
        begun = time.perf_counter()
        try:
            next(work)
        except StopIteration:
            return taken
        finally:
            taken.append((time.perf_counter() - begun) * 1e3)


def _after(first: Callable[[], object], then: Callable[[], Did]) -> Did:
    first()
    return then()


def _forget_bytes(made: Controllers) -> None:
    """A program that has just started has not seen the bytes of any list."""
    made.office.phonebook._exchange._seen = Known()


def _line(name: str, did: list[Did]) -> None:
    line(name, Figure([d.cpu for d in did], "ms CPU"))
    line("  until it is over", Figure([d.seconds * 1e3 for d in did], "ms"))
    line("  longest gap", Figure([d.gap for d in did], "ms"))
    line("  of it the main thread's own work", Figure([d.own for d in did], "ms CPU"))


def _gaps(did: list[Did]) -> Figure:
    return Figure([d.gap for d in did], "ms")


def _median(values: list[float]) -> float:
    return Figure(values, "").median


@contextmanager
def _controllers(folder: Path, company: Company) -> Iterator[Controllers]:
    settings = Settings(own_number=OWN, user=USER, service_url=company.url)
    parts = (Preferences(settings, None), Paths(folder), InstanceLock(folder / "lock"))
    made = Controllers(*parts, Secret("secret"), MemoryKeyring())
    try:
        made.directory.start()
        _watched(made.account.refresh_numbers, lambda: not made.account.numbers)  # zeep is imported
        yield made
    finally:
        made.close()
        made.let_go()


@contextmanager
def _company(entries: int = ENTRIES) -> Iterator[Company]:
    """In a process of its own, so that its work is not ours."""
    words = [sys.executable, "-c", _SERVICE, str(entries), str(CHANGED)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Company(process, process.stdout.readline().strip())
    finally:
        process.stdin.close()
        process.terminate()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    main()
