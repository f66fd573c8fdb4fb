"""The company's phonebook as a double with a will of its own: faults on every call, ids that are
used again, answers that come late or never."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from desk_phone.errors import BadCredentials, Offline, PhoneError, Uncertain
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry, Listing


class Broken(AssertionError):
    """A rule was broken; ``rule`` is its number in docs/sync.md."""

    def __init__(self, rule: int, text: str) -> None:
        super().__init__(rule, text)
        self.rule = rule


class Crash(BaseException):
    """The program dies here."""


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Write:
    """A change of the company's phonebook. ``author``: a desktop's number, or -1 for the portal;
    ``contact`` is that desktop's id of the entry, ``entry.id`` empty for an add."""

    author: int
    contact: int
    kind: str  # add, update, delete
    entry: Entry


@dataclass
class _Late:
    due: datetime
    write: Write


class Server:
    """``births`` counts how often an id was given: the same id may be another entry."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self.clock, self._rng = clock, rng
        self.book: dict[str, Entry] = {}
        self.births: dict[str, int] = {}
        self.past: list[tuple[Entry, ...]] = [()]
        self.ever: set[tuple[str, frozenset[str]]] = set()  # names and numbers that it ever had
        self.watch: Callable[[Write, Entry | None], None] = lambda _write, _before: None
        self.reuses = rng.random() < 0.3
        self.swaps = rng.random() < 0.2  # has its own mind about which number is the first
        self._hidden: dict[str, datetime] = {}
        self._late: list[_Late] = []
        self._freed: list[str] = []
        self._last = 0

    def entries(self) -> tuple[Entry, ...]:
        return tuple(self.book.values())

    def listed(self) -> tuple[Entry, ...]:
        """As the service lists it, without what it hides for a while."""
        now = self.clock.now
        return tuple(entry for entry in self.entries() if self._hidden.get(entry.id, now) <= now)

    def hide(self, minutes: float) -> None:
        """One or two entries are missing from all lists for so long."""
        for server_id in self._rng.sample(list(self.book), min(len(self.book), 2)):
            self._hidden[server_id] = self.clock.now + timedelta(minutes=minutes)

    def show_all(self) -> None:
        self._hidden.clear()

    def do(self, write: Write) -> None:
        """Raises Refused as the service does."""
        before = self.book.get(write.entry.id)
        if write.kind != "add" and before is None:
            raise refusal("ERR1002", "Unknown ID")
        self.watch(write, before)
        entry = write.entry
        if self.swaps and entry.number2 and self._rng.random() < 0.5:
            entry = replace(entry, number1=entry.number2, number2=entry.number1)
        if write.kind == "add":
            entry_id = self._new_id()
            self.births[entry_id] = self.births.get(entry_id, 0) + 1
            self.book[entry_id] = replace(entry, id=entry_id)
        elif write.kind == "update":
            self.book[write.entry.id] = entry
        else:
            del self.book[write.entry.id]
            self._freed.append(write.entry.id)
        self.past = [*self.past[-5:], self.entries()]
        self.ever |= {(e.name, frozenset((e.number1, e.number2))) for e in self.entries()}

    def later(self, write: Write, seconds: float) -> None:
        self._late.append(_Late(self.clock.now + timedelta(seconds=seconds), write))

    def catch_up(self) -> None:
        """What was under way arrives."""
        for late in sorted(self._late, key=lambda late: late.due):
            if late.due <= self.clock.now:
                self._late.remove(late)
                try:
                    self.do(late.write)
                except PhoneError:
                    continue

    def renumber(self) -> None:
        for entry in self.entries():
            del self.book[entry.id]
            entry_id = self._fresh_id()
            self.births[entry_id] = 1
            self.book[entry_id] = replace(entry, id=entry_id)
        self.past = [self.entries()]

    def _new_id(self) -> str:
        if self.reuses and self._freed and self._rng.random() < 0.5:
            return self._freed.pop()
        return self._fresh_id()

    def _fresh_id(self) -> str:
        self._last += 1
        return str(self._last)


class Fault(StrEnum):
    OFFLINE = "offline"
    LOST_BEFORE = "lost before"
    LOST_AFTER = "lost after"
    DELAYED = "delayed"
    REFUSED = "refused"
    FAULT = "fault"
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    EMPTY = "empty"
    PARTIAL = "partial"
    STALE = "stale"
    MALFORMED = "malformed"


_ON_LIST = (
    *(Fault.OFFLINE, Fault.LOST_BEFORE, Fault.EMPTY, Fault.PARTIAL, Fault.PARTIAL),
    *(Fault.STALE, Fault.MALFORMED, Fault.CRASH_AFTER, Fault.REFUSED),
)
_ON_WRITE = (
    *(Fault.OFFLINE, Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.LOST_AFTER, Fault.DELAYED),
    *(Fault.DELAYED, Fault.REFUSED, Fault.FAULT, Fault.CRASH_BEFORE, Fault.CRASH_AFTER),
)
_DONE_ALL_THE_SAME = (None, Fault.LOST_AFTER, Fault.CRASH_AFTER)
_CODES = ("ERR001", "ERR002", "ERR003", "ERR1002", "ERR1003")


class Wire:
    """One desktop's way to the server: the phonebook's part of `Telco`.

    ``chance`` is how often a call meets a fault, ``whose`` tells our id of the entry under way.
    ``listed`` and ``writes`` hear of what is served and of every request that leaves, before
    anything becomes of it.
    """

    def __init__(
        self, server: Server, author: int, whose: Callable[[], int], rng: random.Random
    ) -> None:
        self.server, self._author, self._whose, self._rng = server, author, whose, rng
        self.chance = 0.0
        self.listed: Callable[[tuple[Entry, ...]], None] = lambda _entries: None
        self.writes: Callable[[Write], None] = lambda _write: None
        self.told: Callable[[str], None] = lambda _text: None

    def entries(self, known: str = "") -> Listing:
        fault = self._fault(_ON_LIST)
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault is not None and fault not in _SPOILT:
            self._fail(fault)
        entries = self.server.listed()
        if fault in _SPOILT:
            entries = self._spoil(fault, entries)
        self.told(f"list: {fault or 'ok'}, {len(entries)} entries")
        self.listed(entries)
        body = repr(entries)
        return Listing(None if body == known else entries, body, len(body))

    def add_entry(self, name: str, number1: str, number2: str) -> None:
        self._write("add", Entry("", name, number1, number2))

    def update_entry(self, entry: Entry) -> None:
        self._write("update", entry)

    def delete_entry(self, entry_id: str) -> None:
        self._write("delete", Entry(entry_id, "", ""))

    def _write(self, kind: str, entry: Entry) -> None:
        write = Write(self._author, self._whose(), kind, entry)
        fault = self._fault(_ON_WRITE)
        self.told(f"{kind} {entry}: {fault or 'ok'}")
        if fault is not Fault.OFFLINE:
            self.writes(write)
        if fault is Fault.DELAYED:
            self.server.later(write, self._rng.uniform(1, 60))
        elif fault in _DONE_ALL_THE_SAME or (fault is Fault.FAULT and self._rng.random() < 0.5):
            self.server.do(write)
        if fault in (Fault.CRASH_BEFORE, Fault.CRASH_AFTER):
            raise Crash
        if fault is not None:
            self._fail(fault)

    def _fault(self, kinds: tuple[Fault, ...]) -> Fault | None:
        self.server.clock.passes(self._rng.uniform(0.1, 2))
        self.server.catch_up()
        return self._rng.choice(kinds) if self._rng.random() < self.chance else None

    def _fail(self, fault: Fault) -> None:
        self.server.clock.passes(self._rng.uniform(0, 30))
        if fault is Fault.OFFLINE:
            raise Offline("No connection")
        if fault is Fault.FAULT:
            raise refusal("SOAP-ENV:Server", "Internal error")
        if fault is Fault.REFUSED:
            code = self._rng.choice(_CODES)
            raise BadCredentials("No") if code == "ERR001" else refusal(code, "No")
        raise Uncertain("No answer")

    def _spoil(self, fault: Fault | None, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        if fault is Fault.EMPTY:
            return ()
        if fault is Fault.PARTIAL:
            left_out = self._rng.choice((1, 1, 2, len(entries) // 2))
            return tuple(self._rng.sample(entries, max(0, len(entries) - left_out)))
        if fault is Fault.STALE:
            return self._rng.choice(self.server.past)
        odd = replace(entries[0], name="Twice") if entries else Entry("x7", "Odd", "1")
        return (*entries, odd)


_SPOILT = (Fault.EMPTY, Fault.PARTIAL, Fault.STALE, Fault.MALFORMED)
