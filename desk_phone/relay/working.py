"""Work that goes on in the background until its part of the relay is left.

A bug that ends it is said at once, and told to whoever runs the loop: a relay that lacks a part is
better started anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

_PART = "part"  # marks what is told to the loop as ours
_AGAIN = 0.1  # seconds

log = logging.getLogger(__name__)


def start(part: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Keep the task, and `stop` it."""
    task = asyncio.create_task(work, name=part)
    task.add_done_callback(_ended)
    return task


async def stop(*tasks: asyncio.Task[None] | None) -> None:
    """End them, and wait until they have ended. One that is told to end in the very moment when
    what it waits for comes may not hear it: it is told again."""
    left = {task for task in tasks if task is not None}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN)


async def pause(woken: asyncio.Event, seconds: float) -> None:
    """Until it is set, or so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()


def when_broken(deed: Callable[[], object]) -> None:
    """Of the running loop: what is done when a part ended by a bug."""

    def hear(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if _PART in context:
            deed()
        else:
            loop.default_exception_handler(context)

    asyncio.get_running_loop().set_exception_handler(hear)


def _ended(task: asyncio.Task[None]) -> None:
    if task.cancelled() or (bug := task.exception()) is None:
        return
    part = task.get_name()
    log.critical("%s has ended: %s", part, type(bug).__name__, exc_info=bug)
    tell(task.get_loop(), part)


def tell(loop: asyncio.AbstractEventLoop, part: str) -> None:
    """Whoever runs the loop, if they want to know: a bug has ended this part."""
    if loop.get_exception_handler() is not None:
        loop.call_exception_handler({"message": "a part has ended", _PART: part})
