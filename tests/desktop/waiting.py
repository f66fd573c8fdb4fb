"""Waiting for a condition, the one place of the tests that sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 15.0  # seconds; what is right takes a hundredth of it, a busy machine is no failure
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
