"""The address that the service calls: 200 only for what is kept for sure.

The judgement is `telco.notices.Reception`'s; here a notice that it believes is appended to the
outbox first, and its sender answered when that is on the disk.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from desk_phone.errors import PhoneError
from desk_phone.model.notices import Arrival, Heard, Refusal
from desk_phone.model.relayed import Relayed
from desk_phone.relay.state import outbox
from desk_phone.relay.state.database import Keeper
from desk_phone.telco.notices import Reception, Rules
from desk_phone.telco.notices_asyncio import NoticeListener
from desk_phone.telco.notices_callers import Rates

SLOW = 0.05  # seconds: what an answer should take at most
# A second and at once, from one address: the service tells of all lines of a company from two.
_COMPANY = (1000.0, 2000.0)
_LONGEST = 5.0  # seconds: so long the service may be kept waiting; it has given up by then
_COMPLAIN_EVERY = 10.0  # seconds
_LATELY = 600.0  # seconds
_UNTIMELY = frozenset({Refusal.FUTURE, Refusal.TOO_OLD})  # said by who knows the secret

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Received:
    """Counted since the start. ``lost``: believed and not kept, and answered so; ``slow``: kept,
    but answered after more than 50 ms."""

    kept: int = 0
    lost: int = 0
    refused: int = 0
    slow: int = 0


class Receiving:
    """``told`` is called with each notice once it is durable; ``beside`` writes down whatever
    belongs into the same transaction. ``rules`` may be replaced."""

    def __init__(
        self,
        keeper: Keeper,
        rules: Rules,
        told: Callable[[Relayed], object],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        beside: Callable[[sqlite3.Connection, Relayed], object] = lambda _db, _relayed: None,
    ) -> None:
        self.counted = Received()
        self.reception = Reception(rules, self._arrived, now=now, rates=Rates(*_COMPANY))
        self._keeper, self._told, self._now, self._beside = keeper, told, now, beside
        self._arrival: Arrival | None = None
        self._complained = -_COMPLAIN_EVERY
        self._lost = self._untimely = -_LATELY

    def listener(self, address: str, port: int) -> NoticeListener:
        """Use it as `NoticeListener` says."""
        return NoticeListener(self.reception, address, port, self._kept)

    @property
    def loses(self) -> bool:
        """What was told last could not be kept, and that is not long ago."""
        return time.monotonic() - self._lost < _LATELY

    @property
    def clocks_differ(self) -> bool:
        """What was told last is of another time, as this computer's clock has it."""
        return time.monotonic() - self._untimely < _LATELY

    def _arrived(self, arrival: Arrival) -> None:
        self._arrival = arrival

    def _kept(self) -> Awaitable[bool] | None:
        arrival, self._arrival = self._arrival, None
        if isinstance(arrival, Heard):
            return self._keep(arrival)
        if arrival is not None:
            self.counted.refused += 1
            if arrival.why in _UNTIMELY:
                self._untimely = time.monotonic()
            self._complain(arrival.why)
        return None

    def _complain(self, why: Refusal) -> None:
        """Now and then: whoever knocks at the address all day fills no log."""
        if time.monotonic() >= self._complained + _COMPLAIN_EVERY:
            self._complained = time.monotonic()
            log.info("turned away: %s (%d since the start)", why, self.counted.refused)

    async def _keep(self, heard: Heard) -> bool:
        begun, at = time.monotonic(), self._now()

        def append(db: sqlite3.Connection) -> Relayed:
            relayed = outbox.append(db, heard.notice, at)
            self._beside(db, relayed)
            return relayed

        appending = asyncio.ensure_future(self._keeper.do(append))
        try:
            relayed = await asyncio.wait_for(asyncio.shield(appending), _LONGEST)
        except (PhoneError, sqlite3.Error, TimeoutError) as error:
            # It may be on the disk after all; then desks hear of it, and the service says it again.
            appending.add_done_callback(self._kept_late)
            self.counted.lost += 1
            self._lost = time.monotonic()
            log.error("a notice was not kept: %s", type(error).__name__)
            return False
        self._lost = self._untimely = -_LATELY
        self.counted.kept += 1
        self.counted.slow += time.monotonic() - begun > SLOW
        self._told(relayed)
        return True

    def _kept_late(self, appending: asyncio.Future[Relayed]) -> None:
        if not appending.cancelled() and appending.exception() is None:
            self._told(appending.result())
