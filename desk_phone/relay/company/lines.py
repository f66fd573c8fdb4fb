"""Which numbers the relay speaks for: those of its configuration, or all that the company has."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from desk_phone.errors import PhoneError
from desk_phone.relay import working
from desk_phone.relay.state import kept
from desk_phone.relay.state.database import Keeper

_KEPT = "numbers"
_EVERY = 3600.0  # seconds
_AGAIN = 60.0  # seconds, where nobody knows them yet

log = logging.getLogger(__name__)


class Numbering(Protocol):
    """The company's part in it."""

    async def numbers(self) -> tuple[str, ...]: ...


class Lines:
    """Runs while it is entered; ``changed`` is called when they are others. What the service told
    last is remembered, so that a start without it hears of calls all the same. ``chosen`` are those
    of the configuration, empty for all."""

    def __init__(
        self,
        keeper: Keeper,
        company: Numbering,
        chosen: frozenset[str],
        changed: Callable[[], object],
    ) -> None:
        self._keeper, self._company, self.chosen = keeper, company, chosen
        self._changed = changed
        self._asked = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self.now = chosen

    async def __aenter__(self) -> Self:
        known = await self._keeper.do(remembered)
        if not self.chosen:
            self.now = known
        self._work = working.start("lines", self._run())
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        await working.stop(self._work)

    def choose(self, chosen: frozenset[str]) -> None:
        """The configuration says others now; empty: the company's."""
        self.chosen = chosen
        if chosen:
            self._take(chosen)
        self._asked.set()

    async def _run(self) -> None:
        while True:
            self._asked.clear()
            if not self.chosen:
                await self._ask()
            await working.pause(self._asked, _EVERY if self.now else _AGAIN)

    async def _ask(self) -> None:
        try:
            found = frozenset(await self._company.numbers())
            if found:  # a company without any has a service with a problem
                text = json.dumps(sorted(found))
                await self._keeper.do(lambda db: kept.put(db, _KEPT, text))
                self._take(found)
        except (PhoneError, sqlite3.Error) as error:
            log.warning("the company's numbers are not known anew: %s", type(error).__name__)

    def _take(self, found: frozenset[str]) -> None:
        if found != self.now:
            self.now = found
            self._changed()


def remembered(db: sqlite3.Connection) -> frozenset[str]:
    """The company's, as the service told them last; empty: it was never asked. A deed."""
    known = kept.get(db, _KEPT)
    return frozenset(json.loads(known)) if known else frozenset()
