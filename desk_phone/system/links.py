"""Who opens ``tel:``, ``callto:`` and ``sip:`` links: taken on demand, and given back on demand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Scheme(StrEnum):
    TEL = "tel"
    CALLTO = "callto"
    SIP = "sip"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who opens the links of a scheme: this program, or one that calls itself ``name``; nobody
    where it is empty. ``for_all``: an administrator has them opened by us, and the person chose
    nobody else."""

    is_ours: bool = False
    name: str = ""
    for_all: bool = False


class Links(Protocol):
    """``needs_person``: the system lets only the person choose; `take` offers us there, and opens
    nothing by itself. Everything raises OSError where the system refuses."""

    needs_person: bool
    settings_uri: str  # of the system's own page for it; may be empty

    def holder(self, scheme: Scheme) -> Holder:
        """Who opens these links now."""

    def take(self, schemes: Collection[Scheme]) -> None:
        """Have these links opened by us, and no others; who had them is remembered."""

    def give_back(self) -> None:
        """Whoever had them before has them again."""
