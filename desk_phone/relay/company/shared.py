"""One answer for all who ask for the same: asked for once, and shared while it is young."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Held(Generic[T]):
    value: T
    at: float  # when it was asked for
    turn: int


class Shared(Generic[T]):
    """``ask`` is given what came last, if anything did. For one event loop.

    Nobody is given an answer that was asked for before the last `grow_old`, save who asked before
    it, too. Trouble is told to those who wait, and not remembered.
    """

    def __init__(
        self,
        ask: Callable[[T | None], Coroutine[None, None, T]],
        steady: Callable[[], float],
    ) -> None:
        self._ask, self._steady = ask, steady
        self._held: _Held[T] | None = None
        self._turn = self._asking_turn = 0
        self._asking: asyncio.Task[T] | None = None

    def grow_old(self) -> None:
        self._turn += 1

    def younger_than(self, seconds: float) -> T | None:
        """What is held, unless it is older or became old; None: nothing of the kind."""
        held = self._held
        if held is None or held.turn != self._turn or self._steady() - held.at > seconds:
            return None
        return held.value

    async def get(self, lasts: float) -> T:
        """What is not older than ``lasts`` seconds."""
        while (known := self.younger_than(lasts)) is None:
            asking = self._asking
            if asking is None:
                return await settled(self._begin())
            if self._asking_turn == self._turn:
                return await settled(asking)
            await asyncio.wait([asking])  # it was asked for too early
        return known

    def _begin(self) -> asyncio.Task[T]:
        self._asking_turn = self._turn
        self._asking = task = asyncio.create_task(self._renew(self._turn, self._steady()))
        task.add_done_callback(self._ended)
        return task

    async def _renew(self, turn: int, at: float) -> T:
        value = await self._ask(None if self._held is None else self._held.value)
        self._held = _Held(value, at, turn)
        return value

    def _ended(self, task: asyncio.Task[T]) -> None:
        self._asking = None
        if not task.cancelled():
            task.exception()  # whoever waited was told


async def settled(task: asyncio.Future[T]) -> T:
    """What it gives or raises; who stops waiting does not stop it."""
    await asyncio.wait([task])
    return task.result()
