"""What the desk's session at the broker tells, and is told. Frozen values alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from desk_phone.errors import PhoneError
from desk_phone.model.broker import Broker
from desk_phone.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Subscription:
    """``device`` is the session's name; ``numbers``, canonical, are those whose calls it hears."""

    broker: Broker
    password: Secret
    device: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """With it a message is acknowledged, on the connection it came by and no other: the broker
    sends what was not acknowledged again by itself."""

    connection: int
    mid: int


@dataclass(frozen=True, slots=True)
class Message:
    """``payload`` as it came. ``retained``: it was there before we came. ``receipt`` None: the
    broker waits for nothing."""

    topic: str
    payload: bytes = field(repr=False)
    retained: bool = False
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """``kept``: the broker has kept what came meanwhile. ``denied``: topics it does not allow."""

    kept: bool
    denied: tuple[str, ...] = ()


class Why(StrEnum):
    """A connection is not there."""

    UNREACHABLE = "unreachable"  # or not who it says
    LOST = "lost"  # it was there, or the broker had begun to speak
    REFUSED = "refused"  # the broker does not take the device's name or password
    TAKEN_OVER = "taken over"  # another program came with the same device's name


@dataclass(frozen=True, slots=True)
class Lost:
    """Tried again by itself after ``pause`` seconds."""

    why: Why
    trouble: PhoneError
    pause: float


Event = Message | Connected | Lost
