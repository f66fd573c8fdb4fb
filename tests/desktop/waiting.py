"""Waiting for a condition, the one place of the tests that sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 30.0  # seconds; what is right takes a hundredth of it, a busy machine is no failure
_PAUSE = 0.02


class NotInTime(AssertionError):
    """What was waited for did not come true."""


def until(
    condition: Callable[[], T],
    what: str,
    seconds: float = PATIENCE,
    shown: Callable[[], object] = str,
) -> T:
    """Ask again and again until ``condition`` gives something true, and return that.

    Raises NotInTime, which says ``what`` was waited for and what ``shown`` says then.
    """
    end = time.monotonic() + seconds
    while True:
        if got := condition():
            return got
        if time.monotonic() >= end:
            seen = shown()
            raise NotInTime(f"not within {seconds:g} s: {what}" + (f"\n{seen}" if seen else ""))
        time.sleep(_PAUSE)


def until_still(
    look: Callable[[], T],
    what: str,
    seconds: float = PATIENCE,
    shown: Callable[[], object] = str,
) -> T:
    """Look again and again until the same is seen twice in a row and it is something; return that.

    For what comes to rest by itself, such as the place of a window.
    """
    seen: list[T] = []

    def same() -> bool:
        seen.append(look())
        return bool(seen[-1]) and seen[-1:] == seen[-2:-1]

    until(same, what, seconds, shown)
    return seen[-1]
