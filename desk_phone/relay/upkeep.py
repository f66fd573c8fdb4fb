"""What the relay does by the clock: it lets go of what is old, copies its state, ends accounts of
revoked desks at the broker, and sees whether its database still answers."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from desk_phone.errors import PhoneError
from desk_phone.relay import working
from desk_phone.relay.state import audit, devices, idempotency, kept, outbox
from desk_phone.relay.state.database import Keeper

_HOUR, _ACCOUNTS, _PULSE = 3600.0, 5.0, 5.0  # seconds
_PATIENCE = 20.0  # seconds for the database to answer
_PURGED, _A_STEP = "purged until", timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stand:
    """How it stood a moment ago. ``devices`` are those that were not revoked, ``heard`` is when the
    last notice came, in seconds of the epoch; 0: none is there."""

    devices: int = 0
    heard: float = 0.0


class Upkeep:
    """Runs while it is entered. ``alive`` is called every five seconds while the database answers,
    ``accounts`` as often; ``copy`` makes the day's copy of the state, in a thread."""

    def __init__(
        self,
        keeper: Keeper,
        accounts: Callable[[], Awaitable[None]],
        copy: Callable[[], object],
        now: Callable[[], datetime],
        alive: Callable[[], object],
    ) -> None:
        self._keeper, self._accounts, self._copy = keeper, accounts, copy
        self._now, self._alive = now, alive
        self._answered = time.monotonic()
        self.stand = Stand()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        for what, deed, pause in (
            ("the pulse", self._see_whether_it_answers, _PULSE),
            ("the broker's accounts", self._accounts, _ACCOUNTS),
            ("housekeeping", self._let_go, _HOUR),
        ):
            self._tasks.append(working.start(what, _again_and_again(what, deed, pause)))
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        await working.stop(*self._tasks)

    @property
    def database_answers(self) -> bool:
        return time.monotonic() - self._answered < _PULSE + _PATIENCE

    async def _see_whether_it_answers(self) -> None:
        async with asyncio.timeout(_PATIENCE):
            self.stand = await self._keeper.do(_stand)
        self._answered = time.monotonic()
        self._alive()

    async def _let_go(self) -> None:
        now = self._now()

        def purge(db: sqlite3.Connection) -> int:
            old, until = (outbox, audit, idempotency, devices), _until(db, now)
            return sum(one.purge(db, until) for one in old)

        gone = await self._keeper.do(purge)
        if gone:
            log.info("let go of %d old rows", gone)
        await asyncio.to_thread(self._copy)


async def _again_and_again(what: str, deed: Callable[[], Awaitable[None]], pause: float) -> None:
    """Trouble is said once, until it is over."""
    well = True
    while True:
        try:
            await deed()
            well = True
        except (PhoneError, sqlite3.Error, TimeoutError) as error:
            log.log(
                logging.WARNING if well else logging.DEBUG,
                "%s has to wait: %s",
                *(what, type(error).__name__),
            )
            well = False
        await asyncio.sleep(pause)


def _until(db: sqlite3.Connection, now: datetime) -> datetime:
    """A clock that leaps ahead lets go of a day an hour, and not of everything before it is set."""
    before = kept.get(db, _PURGED)
    until = min(now, datetime.fromisoformat(before) + _A_STEP) if before else now
    kept.put(db, _PURGED, until.isoformat())
    return until


def _stand(db: sqlite3.Connection) -> Stand:
    (count,) = db.execute("SELECT count(*) FROM devices WHERE NOT revoked").fetchone()
    (heard,) = db.execute("SELECT max(heard) FROM notices").fetchone()
    return Stand(count, (heard or 0) / 1000)
