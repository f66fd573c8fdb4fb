"""The interpreter's search for garbage that refers to itself.

A full round of it holds everything: 50 ms and more once ten thousand entries are in memory, and it
comes while a list is read, for that is when much is made.
"""

from __future__ import annotations

import gc

_YOUNG, _MIDDLE = 700, 10  # as they are: what soon becomes garbage is found soon
_FULL = 1000  # middle rounds between two full ones, 10 as it is; some million new objects


def collect_seldom() -> None:
    """For the process that has windows; once, at its start."""
    gc.set_threshold(_YOUNG, _MIDDLE, _FULL)
