"""What the gateway works with."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from desk_phone.errors import BadInput, Offline
from desk_phone.i18n import tr
from desk_phone.model.broker import Broker
from desk_phone.relay.broker.accounts import Accounts
from desk_phone.relay.company.company import Company
from desk_phone.relay.state.database import Deed, Keeper
from desk_phone.relay.state.idempotency import OtherRequest
from desk_phone.telco.notices_callers import Networks

R = TypeVar("R")

_LATER = 30.0  # seconds


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """``user`` and ``service_url`` tell desks which company it is, ``desk_broker`` where its broker
    is for them (without a user). ``proxies`` are believed when they name whom they speak for.
    ``ours`` are the numbers that the administrator chose, empty for all the company's: a desk has
    no right to another, whatever it was given. ``answers`` are counted by their status.
    """

    keeper: Keeper
    company: Company
    accounts: Accounts
    user: str
    service_url: str
    desk_broker: Broker
    proxies: Networks = field(default_factory=Networks)
    now: Callable[[], datetime] = _now
    steady: Callable[[], float] = time.monotonic
    ours: Callable[[], frozenset[str]] = frozenset
    answers: Counter[int] = field(default_factory=Counter)

    async def keep(self, deed: Deed[R]) -> R:
        """As `Keeper.do`; where it cannot be written down, Offline: then nothing is done either."""
        try:
            return await self.keeper.do(deed)
        except OtherRequest:
            raise
        except (BadInput, sqlite3.Error) as error:
            raise Offline(tr("No room to save"), tr("Nothing was done."), _LATER) from error
