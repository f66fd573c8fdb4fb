"""What changes something is done once under its key, whoever asks how often and whatever dies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from desk_phone.errors import Offline
from desk_phone.relay.company.shared import settled
from desk_phone.relay.gateway.answers import Became, became_of
from desk_phone.relay.gateway.place import Place
from desk_phone.relay.state import idempotency
from desk_phone.relay.state.idempotency import BEGUN, Outcome, Request, other_request

Doing = Callable[[], Coroutine[None, None, Outcome]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _UnderWay:
    fingerprint: str
    task: asyncio.Task[Outcome]


class Once:
    """For one event loop. A desk that goes away stops nothing."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._under_way: dict[tuple[str, str], _UnderWay] = {}

    async def do(self, request: Request, doing: Doing) -> Outcome:
        """Its outcome, now or from before; of one that is under way when it is there.

        Raises OtherRequest, and Offline where it cannot be written down: then it is not done.
        """
        key = (request.device, request.key)
        known = self._under_way.get(key)
        if known is None:
            task = asyncio.create_task(self._through(request, doing))
            known = self._under_way[key] = _UnderWay(request.fingerprint, task)
            task.add_done_callback(lambda _: self._under_way.pop(key))
        elif known.fingerprint != request.fingerprint:
            raise other_request()
        return await settled(known.task)

    async def settle(self) -> None:
        """At the end: wait for what is under way."""
        while self._under_way:
            await asyncio.wait([one.task for one in self._under_way.values()])

    async def _through(self, request: Request, doing: Doing) -> Outcome:
        now = self._place.now
        known = await self._place.keep(lambda db: idempotency.begin(db, request, now()))
        if known != BEGUN:
            return known
        became = await _becomes(doing)
        try:
            await self._place.keep(
                lambda db: idempotency.end(db, request, became.outcome, became.word, now())
            )
        except Offline:  # the desk hears what is so; asked again, nobody knows it any more
            log.error("an outcome could not be written down")
        return became.outcome


async def _becomes(doing: Doing) -> Became:
    task = asyncio.create_task(doing())
    await asyncio.wait([task])
    if (error := task.exception()) is not None:
        return became_of(error)
    return Became(task.result())
