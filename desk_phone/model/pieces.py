"""Long work in pieces: a generator that pauses every few milliseconds, so that others have turns.

Whoever has a window does a piece at a time; whoever has none does all of them at once.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


def at_once(pieces: Generator[object, None, T]) -> T:
    """All pieces without a pause; what they come to."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            result: T = end.value
            return result
