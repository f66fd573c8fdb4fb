"""A day of the whole tray program, hurried: day_program.py FOLDER URL SPEED HOURS SEED.

It runs itself, clicks itself, and prints a line of JSON each hour: how large it is by then. What
the company does, others see to; the clock of everything but the event loop's timers hurries.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from ctypes.util import find_library
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.processes import own_mb, pss_mb, threads
from desk_phone import logs
from desk_phone.app import office
from desk_phone.model.dialing import Source
from desk_phone.model.secret import Secret
from desk_phone.options import read
from desk_phone.paths import Paths
from desk_phone.simulator.company import PASSWORD
from desk_phone.system import plain_import
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import MemoryKeyring

if TYPE_CHECKING:
    from desk_phone.program import Program
    from desk_phone.ui.main_window import MainWindow

WARM = 6  # hours until everything was shown once, in each language
_TICK_MS = 15
_LANGUAGES = ("en", "et", "ru")
_WORDS = ("kris", "512", "Portal 1", "õun", "zz")


class Hurried:
    """In the place of the wall clock."""

    def __init__(self, shown: datetime, speed: float) -> None:
        self._shown, self._begun, self._speed = shown, time.monotonic(), speed
        self.off = timedelta()

    def __call__(self) -> datetime:
        passed = (time.monotonic() - self._begun) * self._speed
        return self._shown + timedelta(seconds=passed) + self.off


class Day(QObject):
    def __init__(self, program: Program, clock: Hurried, hours: int, seed: int) -> None:
        super().__init__(program)
        self._program, self._clock, self._hours = program, clock, hours
        self._begun, self._hour, self._random = clock(), 0, Random(seed)
        self._did: Counter[str] = Counter()
        self._made = program.controllers
        self._made.calls.announced.connect(lambda _: self._count("announced"))
        self._made.calls.polled.connect(lambda _: self._count("polled"))
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.timeout.connect(self._tick)
        program.begun.connect(self._start)

    def _start(self) -> None:
        place = self._made.notices.state.listening
        if place:
            self._program.preferences.change(notices_url=f"http://{place}/desk-phone")
            self._made.notices.activate()
        self._program.preferences.change(phonebook_unlocked=True)
        self._ticking.start()

    def _count(self, what: str) -> None:
        self._did[what] += 1

    def _tick(self) -> None:
        hour = int((self._clock() - self._clock.off - self._begun) / timedelta(hours=1))
        if hour > self._hour:
            self._hour = hour
            self._report()
            if hour < WARM - 1:  # the first times need room that stays
                self._make_anew(hour)
            if hour >= self._hours:
                self._program.quit()
                return
        deed = self._random.choices(*_DEEDS)[0]
        self._count(deed.__name__)
        deed(self)

    def _make_anew(self, hour: int) -> None:
        """Everything is open and made anew, in another language and another look."""
        for show in (self.open_calls, self.open_phonebook, self.open_settings):
            show()
        language, theme = _LANGUAGES[hour % len(_LANGUAGES)], ("light", "dark")[hour % 2]
        self._program.preferences.change(language=language, theme=theme)

    def _report(self) -> None:
        """At rest, as far as it goes: nothing open, nothing to be thrown away."""
        for window in (self._main, self._program.windows.palette, self._program.asking.box):
            window.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        said = {
            "hour": self._hour,
            "own": round(own_mb(os.getpid()), 2),
            "used": round(_used_mb(), 2),
            "sqlite": round(_sqlite_mb(), 2),
            "pss": round(pss_mb(os.getpid()), 2),
            "files": sum(1 for _ in Path("/proc/self/fd").iterdir()),
            "threads": threads(os.getpid()),
            "objects": len(gc.get_objects()),
        }
        if os.environ.get("DAY_TYPES"):  # whoever looks for a leak
            kinds = Counter(type(each).__name__ for each in gc.get_objects())
            said["types"] = dict(kinds.most_common(60))
        if self._hour >= self._hours:
            said["did"] = dict(self._did)
        print(json.dumps(said), flush=True)

    @property
    def _main(self) -> MainWindow:
        return self._program.windows.main

    # deeds

    def poll(self) -> None:
        self._made.calls.poll()

    def sync(self) -> None:
        self._made.contacts.sync()

    def see(self) -> None:
        self._made.calls.mark_seen()

    def open_calls(self) -> None:
        self._program.windows.show_calls()

    def open_phonebook(self) -> None:
        self._program.windows.show_phonebook()

    def open_settings(self) -> None:
        self._program.windows.show_settings()

    def close_main(self) -> None:
        self._main.close()

    def type_into_palette(self) -> None:
        self._program.windows.fill_palette(self._random.choice(_WORDS), Source.WINDOW)

    def close_palette(self) -> None:
        self._program.windows.palette.close()

    def dial(self) -> None:
        self._made.dialler.dial(f"5{self._random.randrange(10**6, 10**7)}", Source.LINK)

    def close_question(self) -> None:
        self._program.asking.box.close()

    def close_cards(self) -> None:
        if self._program.cards is not None:
            self._program.cards.clear()

    def add_entry(self) -> None:
        book = self._made.contacts.book
        if len(book.lines(0, 100)) < 60:
            number = f"6{self._random.randrange(10**6):06}"
            self._made.contacts.add(f"Mine {number}", number)

    def rename_entry(self) -> None:
        lines = self._made.contacts.book.lines(0, 100)
        if lines:
            contact = self._made.contacts.book.contact(self._random.choice(lines).id)
            if (seen := contact.effective) is not None:
                name = f"Mine {self._random.randrange(10**6)}"
                self._made.contacts.save(contact.id, seen, name, seen.number1, seen.number2)

    def delete_entry(self) -> None:
        lines = self._made.contacts.book.lines(0, 100)
        if len(lines) > 40:
            contact = self._made.contacts.book.contact(self._random.choice(lines).id)
            self._made.contacts.delete(contact.id, contact.effective)

    def write_note(self) -> None:
        for call in self._made.office.ledger.page(limit=1):
            self._made.follow_up.write_call_note(call.id, f"note {self._random.random()}")

    def speak(self) -> None:
        self._program.preferences.change(language=self._random.choice(_LANGUAGES))

    def change_look(self) -> None:
        self._program.preferences.change(theme=self._random.choice(("light", "dark")))

    def sleep(self) -> None:
        """The computer slept for an hour, and the desktop says so."""
        self._clock.off += timedelta(hours=1)
        self._made.presence.resumed.emit()

    def turn_the_clock(self) -> None:
        """Somebody sets it, back or on."""
        self._clock.off += timedelta(minutes=self._random.choice((-50, -3, 4, 45)))


_DEEDS: tuple[tuple[Callable[[Day], None], ...], tuple[float, ...]] = (
    (
        *(Day.poll, Day.sync, Day.see, Day.open_calls, Day.open_phonebook, Day.open_settings),
        *(Day.close_main, Day.type_into_palette, Day.close_palette, Day.dial),
        *(Day.close_question, Day.close_cards, Day.add_entry, Day.rename_entry),
        *(Day.delete_entry, Day.write_note, Day.speak, Day.change_look),
        *(Day.sleep, Day.turn_the_clock),
    ),
    (
        *(20, 3, 3, 3, 3, 2),
        *(6, 3, 3, 2),
        *(3, 3, 2, 2),
        *(1, 3, 0.04, 0.04),
        *(0.1, 0.2),
    ),
)


class _Heap(ctypes.Structure):
    """mallinfo2 of the GNU C library (mallinfo(3))."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks"),
            *("uordblks", "fordblks", "keepcost"),
        )
    )


def _used_mb() -> float:
    """What is in use of the heaps, Qt's and Python's, in MB: without the holes that each peak
    leaves, which are used again. Python counts its small blocks alone: 64 bytes are about the
    middle of their sizes."""
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = _Heap
    heap = ask()
    return (heap.uordblks + heap.hblkhd + sys.getallocatedblocks() * 64) / 1e6


def _sqlite_mb() -> float:
    """Of it what SQLite has, most of all its cache: 2 MB a database at most."""
    ask = ctypes.CDLL(find_library("sqlite3")).sqlite3_memory_used
    ask.restype = ctypes.c_int64
    return float(ask()) / 1e6


def main(argv: list[str]) -> int:
    folder, speed, hours, seed = Path(argv[0]), float(argv[1]), int(argv[2]), int(argv[3])
    clock = Hurried(datetime.now(UTC), speed)
    office.now = clock
    office.open_office = partial(office.open_office, now=clock)
    plain_import.keep()
    from desk_phone import desktop

    place = Paths(folder)
    with InstanceLock(place.lock) as lock:
        assert lock.take(5.0)
        return desktop.run(
            *(read(["--hidden"]), place, lock, Secret(PASSWORD), MemoryKeyring()),
            watch=lambda program: _live(program, clock, hours, seed),
            prepare=lambda: logs.set_up(place.logs, verbose=False),
        )


def _live(program: Program, clock: Hurried, hours: int, seed: int) -> None:
    program.day = Day(program, clock, hours, seed)  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
