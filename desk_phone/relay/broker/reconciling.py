"""The broker's accounts follow the devices: who was revoked, by whatever process, has none, and who
got other numbers hears of them."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desk_phone.relay.broker.accounts import Accounts
from desk_phone.relay.state import devices
from desk_phone.relay.state.database import Keeper

_LIST_EVERY = 3600.0  # seconds
# An account is made before its device is written down; so long it may belong to nobody.
_SURE = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Devices:
    live: frozenset[str]
    revoked: frozenset[str]
    otherwise: Mapping[str, tuple[str, ...]]  # hear of other numbers than these, their own


class Reconciling:
    """`look` every few seconds; ``left`` revoked devices may still have an account."""

    def __init__(
        self, keeper: Keeper, accounts: Accounts, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._keeper, self._accounts, self._steady = keeper, accounts, steady
        self._ended: set[str] = set()
        self._strange: dict[str, float] = {}  # accounts of nobody, since when
        self._listed: float | None = None
        self._lacking = 0
        self.left = 0

    async def look(self) -> None:
        """Raises PhoneError and sqlite3.Error: what is left then is done the next time."""
        known = await self._keeper.do(_devices)
        self.left = len(known.revoked - self._ended)
        if self._strange or self._listed is None or self._steady() - self._listed >= _LIST_EVERY:
            await self._compare()
            self.left = len(known.revoked - self._ended)
        for device in sorted(known.revoked - self._ended):
            await self._end(device)
            self.left -= 1
        for device, numbers in known.otherwise.items():
            await self._allow(device, numbers)

    async def _compare(self) -> None:
        there = await self._accounts.known()
        now, known = self._steady(), await self._keeper.do(_devices)
        self._ended |= known.revoked - there
        self._ended -= there
        strange = there - known.live - known.revoked
        if strange and not (known.live or known.revoked):
            log.error("the broker has %d accounts and the relay no computer", len(strange))
            strange = frozenset()  # a state that was lost may come back: nobody is put out for it
        self._strange = {device: self._strange.get(device, now) for device in strange}
        for device in [one for one, since in self._strange.items() if now - since >= _SURE]:
            await self._end(device)
            del self._strange[device]
        lacking = len(known.live - there)
        if lacking > self._lacking:
            log.error("%d desks have no account at the broker: each needs a new code", lacking)
        self._listed, self._lacking = now, lacking

    async def _allow(self, device: str, numbers: tuple[str, ...]) -> None:
        await self._accounts.allow(device, numbers)
        await self._keeper.do(lambda db: devices.hears(db, device, numbers))
        log.info("the account of a desk at the broker hears of other lines now")

    async def _end(self, device: str) -> None:
        await self._accounts.revoke(device)
        self._ended.add(device)
        log.info("the account of a desk was ended at the broker")


def _devices(db: sqlite3.Connection) -> _Devices:
    live = (one.id for one in devices.listed(db) if one.revoked is None)
    revoked = devices.revoked_accounts(db)
    return _Devices(frozenset(live), revoked, devices.heard_otherwise(db))
