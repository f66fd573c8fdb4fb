"""The ways to the service: a few threads each, so that nobody who dials waits behind a history.

Every thread has a `Telco` of its own. A refused login stops all lanes at once, whatever waits in
them; and until the service has taken it once, each lane asks one thing at a time, so that a wrong
one is tried three times at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from desk_phone.errors import BadCredentials, Offline, Refused
from desk_phone.i18n import tr
from desk_phone.telco.service import Telco

R = TypeVar("R")

PATIENCE = 15.0  # seconds in a queue: a phone must not ring when nobody waits for it any more
_BUSY = 10.0  # seconds: when to come again


@dataclass(slots=True)
class Latch:
    """Shared by all lanes, and by their threads: single words, set at once.

    ``telco`` makes one with the login that holds now; ``turn`` counts the logins.
    """

    telco: Callable[[], Telco]
    turn: int = 1
    locked: bool = False
    proven: bool = False
    closed: bool = False

    def unlock(self, telco: Callable[[], Telco]) -> None:
        self.telco, self.turn = telco, self.turn + 1
        self.locked = self.proven = False


@dataclass(slots=True)
class _Idle:
    turn: int
    telco: Telco


@dataclass(slots=True)
class Lane:
    """``steady`` gives seconds. For one event loop; `close` it."""

    name: str
    threads: int
    latch: Latch
    steady: Callable[[], float]
    _pool: ThreadPoolExecutor = field(init=False)
    _idle: list[_Idle] = field(init=False, default_factory=list)
    _first: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(self.threads, f"relay-{self.name}")

    async def run(self, question: Callable[[Telco], R], since: float | None = None) -> R:
        """What the service says to it. ``since``: the person waits already so long.

        Raises PhoneError; Offline also where it would have had to wait too long.
        """
        begun = self.steady() if since is None else since
        if self.latch.proven:
            return await self._in_thread(question, begun)
        async with self._alone_at_first():
            return await self._in_thread(question, begun)

    async def close(self) -> None:
        """Wait for what was handed over; whatever still queues is told that nothing was done."""
        self.latch.closed = True
        await asyncio.to_thread(self._pool.shutdown)

    async def _in_thread(self, question: Callable[[Telco], R], since: float) -> R:
        if self.latch.closed:
            raise _not_now()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._ask, question, since)

    @asynccontextmanager
    async def _alone_at_first(self) -> AsyncIterator[None]:
        async with self._first:
            if not self.latch.proven:
                yield
                return
        yield

    def _ask(self, question: Callable[[Telco], R], since: float) -> R:
        latch = self.latch
        if latch.closed or self.steady() - since > PATIENCE:
            raise _not_now()
        if latch.locked:
            raise refused_login()
        idle = self._telco()
        try:
            answer = question(idle.telco)
        except BadCredentials:
            if idle.turn == latch.turn:
                latch.locked = True
            raise
        except Refused:
            latch.proven = latch.proven or idle.turn == latch.turn
            raise
        finally:
            self._idle.append(idle)
        latch.proven = latch.proven or idle.turn == latch.turn
        return answer

    def _telco(self) -> _Idle:
        turn = self.latch.turn
        while self._idle:
            try:
                idle = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if idle.turn == turn:
                return idle
        return _Idle(turn, self.latch.telco())


def refused_login() -> BadCredentials:
    return BadCredentials(
        tr("The relay's own password was refused"),
        tr("Nothing more is sent until the administrator acts."),
    )


def _not_now() -> Offline:
    return Offline(
        tr("The relay does not reach the service"),
        tr("Nothing was done. It is tried again later."),
        _BUSY,
    )
