"""Has the service call the relay about its numbers, and sees that it stays so.

Nobody can ask the service which address it has for a number. So what it is told is written down
before, and told anew once a day: whoever else set another meanwhile is found out in a day at most.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from desk_phone.errors import BadCredentials, PhoneError
from desk_phone.relay import working
from desk_phone.relay.state import kept
from desk_phone.relay.state.database import Keeper

AGAIN = timedelta(hours=24)

_START = "target "  # and the number: how each is kept
_TURN = 60.0  # seconds between two looks
_FIRST, _LONGEST = 30.0, 3600.0  # seconds until what failed is tried again
_APART = 0.2  # seconds between two requests: fifty numbers are no burst

log = logging.getLogger(__name__)


class Activating(Protocol):
    """The service's part in it, as `relay.company.company.Company` has it."""

    async def activate_notices(self, own: str, url: str) -> None: ...

    async def deactivate_notices(self, own: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """What the service was told about a number; ``at`` in seconds of the epoch. Not ``sure``: it
    was about to be told, and nobody heard whether it was."""

    url: str
    at: int
    sure: bool


class Targets:
    """Runs while it is entered. ``numbers`` are canonical and asked at each look, ``url`` is what
    the service is to call. ``counted_off`` is how many are not surely so."""

    def __init__(
        self,
        keeper: Keeper,
        company: Activating,
        numbers: Callable[[], Iterable[str]],
        url: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        rest: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._keeper, self._company, self._numbers = keeper, company, numbers
        self._url, self._now, self._rest = url, now, rest
        self._woken = asyncio.Event()
        self._known: dict[str, Target] = {}
        self._failed: dict[str, tuple[int, float]] = {}  # how often, and when to try again
        self._work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._known = await self._keeper.do(_read)
        self._work = working.start("targets", self._run())
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """The service goes on calling: the relay will be back, and nothing else would hear it."""
        await working.stop(self._work)

    def look(self) -> None:
        """Numbers, password or network are others: try what failed at once."""
        self._failed.clear()
        self._woken.set()

    @property
    def in_force(self) -> frozenset[str]:
        """The numbers that the service surely calls us about."""
        sure = (own for own, known in self._known.items() if known.sure and known.url == self._url)
        return frozenset(sure)

    @property
    def missing(self) -> int:
        """How many of ours it may not call us about."""
        return len(frozenset(self._numbers()) - self.in_force)

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self._turn()
            except BadCredentials:
                log.error("the service refuses the password: no address is set any more")
                await self._woken.wait()
            except sqlite3.Error as error:
                log.error("the addresses cannot be written down: %s", type(error).__name__)
            await working.pause(self._woken, _TURN)

    async def _turn(self) -> None:
        """Raises BadCredentials."""
        wanted = frozenset(self._numbers())
        for own in sorted(wanted):
            if self._is_due(own):
                await self._one(own, self._activate)
        # Without any the numbers are not known yet: nobody has to be let go of.
        for own in sorted(self._known.keys() - wanted if wanted else ()):
            if self._may_try(own):
                await self._one(own, self._deactivate)

    def _is_due(self, own: str) -> bool:
        if not self._may_try(own):
            return False
        known = self._known.get(own)
        if known is None or not known.sure or known.url != self._url:
            return True
        age = self._now() - datetime.fromtimestamp(known.at, UTC)
        return not timedelta() <= age < AGAIN

    def _may_try(self, own: str) -> bool:
        """Also where the clock was set back since it failed."""
        _, due = self._failed.get(own, (0, 0.0))
        return not 0.0 < due - self._now().timestamp() <= 2.0 * _LONGEST

    async def _one(self, own: str, deed: Callable[[str], Awaitable[None]]) -> None:
        try:
            await deed(own)
        except BadCredentials:
            raise
        except PhoneError as error:
            tries = self._failed.get(own, (0, 0.0))[0] + 1
            pause = min(_LONGEST, _FIRST * 2.0 ** min(tries - 1, 10)) * random.uniform(0.75, 1.25)
            self._failed[own] = tries, self._now().timestamp() + pause
            log.warning("an address was not set: %s", type(error).__name__)
        else:
            self._failed.pop(own, None)
        await self._rest(_APART)

    async def _activate(self, own: str) -> None:
        await self._note(own, sure=False)
        await self._company.activate_notices(own, self._url)
        await self._note(own, sure=True)

    async def _deactivate(self, own: str) -> None:
        """Of a number that is not ours any more."""
        await self._company.deactivate_notices(own)
        await self._keeper.do(lambda db: kept.forget(db, _START + own))
        del self._known[own]

    async def _note(self, own: str, sure: bool) -> None:
        target = Target(self._url, int(self._now().timestamp()), sure)
        text = json.dumps(asdict(target))
        await self._keeper.do(lambda db: kept.put(db, _START + own, text))
        self._known[own] = target


def doubt(db: sqlite3.Connection) -> None:
    """The state is an older one: what the service was told since is not in it. A deed."""
    for own, known in _read(db).items():
        kept.put(db, _START + own, json.dumps(asdict(replace(known, sure=False))))


def _read(db: sqlite3.Connection) -> dict[str, Target]:
    return {own: Target(**json.loads(text)) for own, text in kept.beginning(db, _START).items()}
