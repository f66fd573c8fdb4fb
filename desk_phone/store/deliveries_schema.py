"""Tables of what still has to be told to other programs."""

from __future__ import annotations

DELIVERY_STEPS: tuple[str, ...] = ()
