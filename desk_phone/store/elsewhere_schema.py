"""Tables of the contacts that come from elsewhere."""

from __future__ import annotations

ELSEWHERE_STEPS: tuple[str, ...] = ()
