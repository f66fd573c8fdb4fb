"""What the relay does by the clock: it lets go of what is old, copies its state, ends accounts of
revoked desks at the broker, and sees whether its database still answers."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from desk_phone.errors import PhoneError
from desk_phone.relay import audit, devices, idempotency, outbox
from desk_phone.relay.broker_accounts import Accounts
from desk_phone.relay.database import Keeper

_HOUR, _REVOKE, _PULSE = 3600.0, 5.0, 5.0  # seconds
_PATIENCE = 20.0  # seconds for the database to answer

log = logging.getLogger(__name__)


class Upkeep:
    """Runs while it is entered. ``alive`` is called every five seconds while the database answers;
    ``copy`` makes the day's copy of the state, in a thread."""

    def __init__(
        self,
        keeper: Keeper,
        accounts: Accounts,
        copy: Callable[[], object],
        now: Callable[[], datetime],
        alive: Callable[[], object],
    ) -> None:
        self._keeper, self._accounts, self._copy = keeper, accounts, copy
        self._now, self._alive = now, alive
        self._answered = time.monotonic()
        self._ended: set[str] = set()  # accounts at the broker
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        for deed, pause in (
            (self._see_whether_it_answers, _PULSE),
            (self._end_accounts, _REVOKE),
            (self._let_go, _HOUR),
        ):
            self._tasks.append(asyncio.create_task(_again_and_again(deed, pause)))
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def database_answers(self) -> bool:
        return time.monotonic() - self._answered < _PULSE + _PATIENCE

    async def _see_whether_it_answers(self) -> None:
        asking = self._keeper.do(lambda db: db.execute("SELECT 1").fetchone())
        await asyncio.wait_for(asking, _PATIENCE)
        self._answered = time.monotonic()
        self._alive()

    async def _end_accounts(self) -> None:
        """Of desks that were revoked, by whichever process; also of those that nobody knows: one
        whose enrolment broke in the middle."""
        if not self._ended:
            live = await self._keeper.do(_live)
            for device in await self._accounts.known() - live:
                await self._end(device)
            self._ended.add("")
        revoked = await self._keeper.do(devices.revoked_accounts)
        for device in revoked - self._ended:
            await self._end(device)

    async def _end(self, device: str) -> None:
        await self._accounts.revoke(device)
        self._ended.add(device)
        log.info("the account of a desk was ended at the broker")

    async def _let_go(self) -> None:
        now = self._now()

        def purge(db: sqlite3.Connection) -> int:
            old = (outbox, audit, idempotency, devices)
            return sum(one.purge(db, now) for one in old)

        gone = await self._keeper.do(purge)
        if gone:
            log.info("let go of %d old rows", gone)
        await asyncio.to_thread(self._copy)


async def _again_and_again(deed: Callable[[], Awaitable[None]], pause: float) -> None:
    while True:
        try:
            await deed()
        except (PhoneError, sqlite3.Error, TimeoutError) as error:
            log.warning("upkeep has to wait: %s", type(error).__name__)
        await asyncio.sleep(pause)


def _live(db: sqlite3.Connection) -> frozenset[str]:
    return frozenset(one.id for one in devices.listed(db) if one.revoked is None)
