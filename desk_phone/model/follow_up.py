"""What becomes of a missed call after it was seen: put off, done, taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk_phone.model.calls import Call


@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody is to be called, at ``due``; ``since`` is when a person put it off.

    ``told``: it came due and was said; it stays until the person is dealt with.
    """

    other: str
    due: datetime
    since: datetime
    told: bool = False


class By(StrEnum):
    PERSON = "person"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why nobody needs to call back: a person said so, or the two talked after the missed call.

    ``at`` is when; None where nobody noted it. ``talk`` is the call in which they talked, None
    where a person hid it.
    """

    by: By
    at: datetime | None
    talk: Call | None = None


class What(StrEnum):
    HANDLED = "handled"
    TAKEN_UP = "taken up"
    SNOOZED = "snoozed"
    WOKEN = "woken"


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did last, and `undo` takes back: to ``people`` at once, ``other`` the last."""

    what: What
    other: str
    at: datetime
    people: int = 1
