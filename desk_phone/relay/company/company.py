"""The company's service for all desks at once: few requests, in lanes, and none twice.

    company = Company(lambda: SoapTelco(account))
    told = await company.history(own)   # one poll for everybody who asks within ten seconds

It raises what `telco.service` raises, and Offline where too many wait already. Once the service has
refused the login nothing is sent any more, until `unlock`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from desk_phone.relay.company.lanes import Lane, Latch
from desk_phone.relay.company.phonebook import Phonebook
from desk_phone.relay.company.shared import Shared
from desk_phone.relay.company.told import Told, told_records
from desk_phone.telco.service import Entry, Telco

SHARED = 10.0  # seconds that a history is told to others
_NUMBERS_SHARED = 60.0
# Nobody knows whether the service answers a call at once or when the handset is lifted.
_DIALLING, _READING, _WRITING = 8, 4, 2  # threads


@dataclass(slots=True)
class Counted:
    """Histories since the start: told to desks, and asked of the service for them."""

    told: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class _Polled:
    """``digest`` is of the service's own answer."""

    digest: str
    told: Told


class Company:
    """``telco`` makes one for each thread, with the login that holds now; ``steady`` gives seconds.

    For one event loop. `close` it.
    """

    def __init__(
        self, telco: Callable[[], Telco], steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.counted = Counted()
        self._latch, self._steady = Latch(telco), steady
        self._dial = self._lane("dial", _DIALLING)
        self._read = self._lane("read", _READING)
        self._write = self._lane("write", _WRITING)
        self._book = Phonebook(self._read, self._write, steady)
        self._numbers = Shared(self._ask_numbers, steady)
        self._histories: dict[str, Shared[_Polled]] = {}

    # reading

    async def numbers(self) -> tuple[str, ...]:
        """The company's, canonical."""
        return await self._numbers.get(_NUMBERS_SHARED)

    async def history(self, own: str) -> Told:
        """``{"records": [...]}``, as docs/relay.md has it."""
        self.counted.told += 1
        return (await self._history(own).get(SHARED)).told

    async def entries(self) -> Told:
        """``{"entries": [...]}``, as docs/relay.md has it."""
        return await self._book.entries()

    def heard(self, own: str) -> None:
        """A notice came, or a call was made: what was polled of this number is old now."""
        self._history(own).grow_old()

    # doing: never repeated

    async def call(self, own: str, other: str, may: Callable[[], object] = bool) -> None:
        """``may`` is asked in the lane's thread right before: what it raises ends it undialled."""

        def dial(telco: Telco) -> None:
            may()
            telco.call(own, other)

        try:
            await self._dial.run(dial)
        finally:
            self.heard(own)

    async def name_line(self, own: str, first: str, last: str) -> None:
        await self._write.run(lambda telco: telco.name_line(own, first, last))

    async def activate_notices(self, own: str, url: str) -> None:
        await self._write.run(lambda telco: telco.activate_notices(own, url))

    async def deactivate_notices(self, own: str) -> None:
        await self._write.run(lambda telco: telco.deactivate_notices(own))

    async def add_entry(self, name: str, number1: str, number2: str) -> None:
        await self._book.add(name, number1, number2)

    async def update_entry(self, entry: Entry, version: str) -> str:
        """The new version. Refused with CHANGED where the entry has another version by now."""
        return await self._book.update(entry, version)

    async def delete_entry(self, entry_id: str, version: str) -> None:
        await self._book.delete(entry_id, version)

    # the login

    @property
    def locked(self) -> bool:
        """The service refused the login: nothing is sent."""
        return self._latch.locked

    def unlock(self, telco: Callable[[], Telco] | None = None) -> None:
        """An administrator says that the login is right, or gives another one."""
        self._latch.unlock(telco or self._latch.telco)

    async def close(self) -> None:
        """Wait for what the service was asked; what still waits in a lane is not done."""
        await asyncio.gather(*(lane.close() for lane in (self._dial, self._read, self._write)))

    # inside

    def _lane(self, name: str, threads: int) -> Lane:
        return Lane(name, threads, self._latch, self._steady)

    def _history(self, own: str) -> Shared[_Polled]:
        if own not in self._histories:

            async def ask(before: _Polled | None) -> _Polled:
                return await self._poll(own, before)

            self._histories[own] = Shared(ask, self._steady)
        return self._histories[own]

    async def _poll(self, own: str, before: _Polled | None) -> _Polled:
        self.counted.asked += 1

        def polled(telco: Telco) -> _Polled:
            history = telco.history(own, before.digest if before else "")
            if history.records is None and before is not None:
                return before
            return _Polled(history.digest, told_records(history.records or ()))

        return await self._read.run(polled)

    async def _ask_numbers(self, _before: tuple[str, ...] | None) -> tuple[str, ...]:
        return await self._read.run(lambda telco: telco.numbers())
