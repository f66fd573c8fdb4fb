"""A made-up desk: what docs/relay.md says a desk does about what it hears, and its history.

The history is in memory: what a desk does about its own disk has drills of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from desk_phone.model.relayed import (
    NotOurs,
    Page,
    Position,
    Relayed,
    Step,
    lags,
    next_step,
    read,
    read_state,
)

_NOWHERE = Position("", 0)
_AGAIN = 1.0  # seconds until the gateway is asked once more that did not answer

BROKER, GATEWAY = "broker", "gateway"  # which way a notice came


@dataclass(frozen=True, slots=True)
class Came:
    """How an event came first; ``at`` in nanoseconds of the steady clock."""

    position: Position
    at: int
    how: str


class Desk:
    """Of one number. ``ask`` gives what the relay has after a position; raises OSError."""

    def __init__(
        self,
        own: str,
        ask: Callable[[str, Position], Awaitable[Page]],
        patience: float,
    ) -> None:
        self.own = own
        self.known = _NOWHERE
        self.history: dict[str, Came] = {}  # by the other number: each event has one of its own
        self.wrong: list[str] = []
        self.again = self.asked = self.unanswered = 0
        self._ask, self._patience = ask, patience
        self._last = _NOWHERE  # the furthest that anybody told of
        self._later: asyncio.TimerHandle | None = None
        self._asking: asyncio.Task[None] | None = None

    def forget(self, positions: bool) -> None:
        """The history so far; with ``positions`` how far it has come, too."""
        if positions:
            self.known = self._last = _NOWHERE
        self.history.clear()
        self.again = self.asked = 0

    @property
    def behind(self) -> bool:
        return lags(self.known, self._last)

    @property
    def idle(self) -> bool:
        return self._asking is None and self._later is None and not self.behind

    def hear(self, payload: bytes) -> None:
        """A notice by the broker: in the history when this returns."""
        try:
            relayed = read(payload)
        except NotOurs as error:
            self.wrong.append(f"{self.own}: a notice that is none: {error}")
            return
        step = next_step(self.known, relayed.position)
        if step is Step.KNOWN:
            self.again += 1
            self._must_be_there(relayed)
            return
        self._take(relayed, BROKER)
        if step is Step.TAKE:
            self.known = relayed.position
        else:
            self._last = relayed.position
            self._catch_up()

    def hear_state(self, payload: bytes) -> None:
        last, _ = read_state(payload)
        if lags(self.known, last):
            self._last = last
            if self._later is None:
                events = asyncio.get_running_loop()
                self._later = events.call_later(self._patience, self._still_behind)

    def _still_behind(self) -> None:
        self._later = None
        if self.behind:
            self._catch_up()

    def _catch_up(self) -> None:
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_for_all())

    async def _ask_for_all(self) -> None:
        more = True
        while more:
            try:
                page = await self._ask(self.own, self.known)
            except OSError:
                self.unanswered += 1
                await asyncio.sleep(_AGAIN)
                continue
            self.asked += 1
            more = self._take_page(page) or self.behind
        self._asking = None

    def _take_page(self, page: Page) -> bool:
        for relayed in page.notices:
            if next_step(self.known, relayed.position) is not Step.KNOWN:
                self._take(relayed, GATEWAY)
        end = page.notices[-1].position if page.more else page.last
        if end.epoch != self.known.epoch or end.seq > self.known.seq:
            self.known = end
        if not page.more and lags(page.last, self._last):
            self.wrong.append(f"{self.own}: {self._last} was told, the gateway knows {page.last}")
            self._last = page.last
        return page.more

    def _take(self, relayed: Relayed, how: str) -> None:
        event = relayed.notice.other
        before = self.history.get(event)
        if before is None:
            self.history[event] = Came(relayed.position, time.monotonic_ns(), how)
        elif before.position == relayed.position:
            self.again += 1
        else:
            self.wrong.append(
                f"{self.own}: {event} twice: {before.position} by the {before.how},"
                f" {relayed.position} by the {how}"
            )

    def _must_be_there(self, relayed: Relayed) -> None:
        came = self.history.get(relayed.notice.other)
        if came is None or came.position != relayed.position:
            self.wrong.append(f"{self.own}: {relayed.position} counts as known and is not there")
