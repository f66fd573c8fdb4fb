"""What becomes of a message to a webhook, and when the next try is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0  # seconds
STUMBLES_AT_MOST = 10
WAITING_AT_MOST = 10_000

_ASK_LATER = (408, 425, 429, 502, 503, 504)  # the way there, or no time: not this message's fault


@dataclass(frozen=True, slots=True)
class Delivery:
    """``id`` is the same at each try; ``made`` when it was put into the queue; ``stumbles`` how
    often the receiver broke over it."""

    id: str
    call_id: int
    event: str
    body: str
    made: datetime
    stumbles: int = 0


class Verdict(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"  # it will not be taken, however often it is sent
    LATER = "later"


def verdict(status: int, stumbles: int = 0) -> Verdict:
    """What an HTTP answer means; ``stumbles`` as of before it.

    Only 2xx is a yes: a redirect is followed nowhere and is told as a refusal. A receiver that
    stumbles over one message (500) is asked ten times, so that it does not hold up all others.
    """
    if 200 <= status < 300:
        return Verdict.TAKEN
    if status in _ASK_LATER:
        return Verdict.LATER
    if stumbled(status) and stumbles + 1 < STUMBLES_AT_MOST:
        return Verdict.LATER
    return Verdict.REFUSED


def stumbled(status: int) -> bool:
    """Whether the receiver broke, and perhaps over this very message."""
    return status >= 500 and status not in _ASK_LATER


def pause(last: float, random: Callable[[], float], asked: float | None = None) -> float:
    """Seconds until the next try, by decorrelated jitter: between the first pause and three times
    the last one, a quarter of an hour at most; not before the other side ``asked`` for it."""
    longest = max(FIRST_PAUSE, last) * 3
    jittered = min(LONGEST_PAUSE, FIRST_PAUSE + (longest - FIRST_PAUSE) * random())
    return max(jittered, min(asked or 0.0, LONGEST_PAUSE))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``sha256=`` and the HMAC, in hex, of the timestamp, a dot and the body."""
    import hashlib  # milliseconds at each start, for what few use
    import hmac

    signed = timestamp.encode("ascii") + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
