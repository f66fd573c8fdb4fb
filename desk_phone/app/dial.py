"""One dial function for every way to dial, free of Qt: read, decide, note, send."""

from __future__ import annotations

from dataclasses import dataclass

from desk_phone.model.dialing import Decision, Source
from desk_phone.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Plan:
    """A wish to dial, read and judged. ``name`` is who it is, if known; ``own`` rings first."""

    reading: Reading
    decision: Decision
    source: Source
    own: str
    name: str = ""
