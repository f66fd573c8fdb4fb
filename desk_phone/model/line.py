"""How our connection to the phone service stands, in the words the windows show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk_phone.errors import PhoneError


class Link(StrEnum):
    STARTING = "starting"  # nothing asked yet
    READY = "ready"
    TROUBLE = "trouble"  # offline, refused or uncertain: tried again by itself
    LOCKED = "locked"  # the password is missing or was refused: nothing is sent until a person acts
    NO_LINE = "no line"  # the own number is not chosen yet


@dataclass(frozen=True, slots=True)
class LineState:
    """``trouble`` says why the link is not ready; ``updated`` is the last good answer, in UTC.

    ``thrifty``: the next look waits because the day's bytes run short.
    """

    link: Link = Link.STARTING
    own: str = ""
    trouble: PhoneError | None = None
    updated: datetime | None = None
    next_try: datetime | None = None
    thrifty: bool = False
