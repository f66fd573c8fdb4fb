"""Tables of notes, of what was put off, and of why a missed call needs nobody any more."""

from __future__ import annotations

FOLLOW_UP_STEPS: tuple[str, ...] = ()
