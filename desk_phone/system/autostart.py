"""Whether the program starts when the person logs in."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Start(StrEnum):
    OFF = "off"
    ON = "on"
    EVERYBODY = "everybody"  # an administrator has it start, whatever the person says here
    FORBIDDEN = "forbidden"  # the person switched it off in the system's own settings


class Autostart(Protocol):
    """Everything raises OSError where the system refuses."""

    def state(self) -> Start:
        """How it is now, whoever made it so."""

    def set(self, on: bool) -> None:
        """On also takes back what the person forbade elsewhere, where the system lets it."""
