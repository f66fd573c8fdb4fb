"""Long deeds of the store in steps, between which whoever owns the data may do something else.

A step yields work that touches no database, for another thread, and goes on with its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar, cast

T = TypeVar("T")

Steps = Generator[Callable[[], object], object, T]


def elsewhere(work: Callable[[], T]) -> Steps[T]:
    """``answer = yield from elsewhere(work)``"""
    return cast("T", (yield work))


def pause() -> Steps[None]:
    """Others' turn."""
    yield from elsewhere(_nothing)


def in_place(steps: Steps[T]) -> T:
    """All of it here and now."""
    try:
        work = next(steps)
        while True:
            work = steps.send(work())
    except StopIteration as end:
        return cast("T", end.value)


def _nothing() -> None: ...
