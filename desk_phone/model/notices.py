"""What arrives where the service tells of calls, and what is to be thought of it. Pure.

A notice is fast, lossy and forgeable: it may ring a card, it never dials and never opens anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk_phone.model.calls import Notice

RINGS = timedelta(seconds=30)  # an older notice never rings
POPS_UP = timedelta(minutes=15)  # an older one never pops up
KEPT = timedelta(days=31)  # an older one is refused: the service itself forgets then
AHEAD = timedelta(minutes=5)  # how far our clock may be behind the service's
TEST_LASTS = timedelta(minutes=2)
_TRUSTED_FOR = timedelta(days=14)  # so long a quiet line is no sign that notices are down


class Freshness(StrEnum):
    RINGING = "ringing"  # at most 30 s old
    RECENT = "recent"  # at most 15 min old
    OLD = "old"  # only for the list


class Refusal(StrEnum):
    """Why a connection was not believed. Who is outside cannot tell most of them apart."""

    TLS = "tls"  # https was spoken to a port of plain HTTP
    NOT_HTTP = "not http"  # or HTTP that two readers could read in two ways
    TOO_LONG = "too long"  # the head is over 8 KiB
    LATE = "late"  # no whole head within 5 s
    CROWDED = "crowded"  # the oldest of over 64 that had not finished
    TOO_MANY = "too many"  # over 20 requests a second from one address
    METHOD = "method"  # anything but GET, or a GET with a body
    PATH = "path"  # nothing like our address
    SECRET = "secret"  # noqa: S105 - like our address, but with another secret
    CALLER = "caller"  # the secret is right, but the address is not one of the service's
    FIELDS = "fields"  # too many, twice the same, or no time
    NUMBER = "number"  # of a line that is not ours
    TOO_OLD = "too old"
    FUTURE = "future"


@dataclass(frozen=True, slots=True)
class Heard:
    """A notice that is believed. ``caller`` is the address that sent it."""

    notice: Notice
    freshness: Freshness
    caller: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A connection that was not. ``caller`` is empty where nobody can tell."""

    why: Refusal
    caller: str


Arrival = Heard | TurnedAway


def freshness(at: datetime, now: datetime) -> Freshness | Refusal:
    """How fresh a notice about ``at`` is, or why it is not to be believed."""
    age = now - at
    if age < -AHEAD:
        return Refusal.FUTURE
    if age > KEPT:
        return Refusal.TOO_OLD
    if age <= RINGS:
        return Freshness.RINGING
    return Freshness.RECENT if age <= POPS_UP else Freshness.OLD


class Finding(StrEnum):
    """What a test of the whole way from the service to this program found out."""

    WORKS = "works"
    PORT = "port"  # our own port does not answer us
    TLS = "tls"
    SECRET = "secret"  # noqa: S105 - it is set to an older address
    CALLER = "caller"  # callers or proxies in the settings
    NUMBER = "number"  # it is set for another line
    CLOCK = "clock"  # of this computer
    PROXY = "proxy"  # something came through and was no GET of the service
    NOTHING = "nothing"  # the address or the firewall


_TELLING = (  # the surest sign first
    (Refusal.CALLER, Finding.CALLER),
    (Refusal.NUMBER, Finding.NUMBER),
    (Refusal.TOO_OLD, Finding.CLOCK),
    (Refusal.FUTURE, Finding.CLOCK),
    (Refusal.FIELDS, Finding.PROXY),
    (Refusal.SECRET, Finding.SECRET),
    (Refusal.TLS, Finding.TLS),
    (Refusal.METHOD, Finding.PROXY),
    (Refusal.TOO_LONG, Finding.PROXY),
)


def diagnose(port_answers: bool, arrived: Sequence[Arrival]) -> Finding:
    """Which of address, firewall, callers or secret is wrong, by what arrived during the test.

    Strangers knock at every open port: what only they do (a wrong path, no HTTP) says nothing.
    """
    if any(isinstance(arrival, Heard) for arrival in arrived):
        return Finding.WORKS
    if not port_answers:
        return Finding.PORT
    why = {arrival.why for arrival in arrived if isinstance(arrival, TurnedAway)}
    return next((finding for refusal, finding in _TELLING if refusal in why), Finding.NOTHING)


def settles(arrival: Arrival) -> bool:
    """Whether a test need not wait any longer: only the service knows the secret."""
    after_the_secret = (Refusal.CALLER, Refusal.NUMBER, Refusal.TOO_OLD, Refusal.FUTURE)
    return isinstance(arrival, Heard) or arrival.why in after_the_secret


def is_silent(told: Sequence[bool]) -> bool:
    """Whether notices fail to come: of the recorded calls since we listen, in the order of time,
    which had a notice. One that got lost among others is no silence; the very first one is."""
    return bool(told) and not any(told[-2:])


def are_up(listening: bool, in_force: bool, heard: datetime | None, now: datetime) -> bool:
    """Whether notices may take the place of looking often. ``in_force``: the service was told our
    present address; ``heard``: the last notice since then."""
    return listening and in_force and heard is not None and now - heard <= _TRUSTED_FOR
