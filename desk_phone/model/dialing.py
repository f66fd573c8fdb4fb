"""The dial policy: whether a number may be dialled at once, is asked about, or is refused."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk_phone.model.reading import Kind, Problem, Reading

SAME_NUMBER_WITHIN = timedelta(seconds=10)
DIALS_A_MINUTE = 6


class Source(StrEnum):
    """Where the wish to dial came from."""

    WINDOW = "window"  # a click of the person in a window of ours
    LINK = "link"
    CLIPBOARD = "clipboard"
    HOTKEY = "hotkey"  # in the mode that a person chose for dialling without a question
    COMMAND = "command"


class Verdict(StrEnum):
    DIAL = "dial"
    ASK = "ask"
    REFUSE = "refuse"


class Why(StrEnum):
    """The reason of a verdict, and with it the words the person reads."""

    ORDINARY = "ordinary"
    UNPLANNED = "unplanned"
    PREMIUM = "premium"
    SHORT = "short"
    SERVICE = "service"
    ABROAD = "abroad"
    ASSUMED = "assumed"
    SATELLITE = "satellite"
    EMERGENCY = "emergency"
    UNDIALABLE = "undialable"
    ITSELF = "itself"  # the own number


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    why: Why
    colleague: bool = False

    @property
    def costly(self) -> bool:
        """A plain yes is not enough on the command line."""
        return self.why in _COSTLY


_COSTLY = frozenset({Why.PREMIUM, Why.SHORT, Why.SERVICE, Why.ABROAD, Why.ASSUMED})
_REFUSED = {Kind.SATELLITE: Why.SATELLITE, Kind.EMERGENCY: Why.EMERGENCY}
_ASKED = {
    Kind.UNPLANNED: Why.UNPLANNED,
    Kind.PREMIUM: Why.PREMIUM,
    Kind.SHORT: Why.SHORT,
    Kind.SERVICE: Why.SERVICE,
    Kind.ABROAD: Why.ABROAD,
}


def decide(reading: Reading, source: Source, own: str, colleagues: AbstractSet[str]) -> Decision:
    """The policy's table. ``own`` and ``colleagues`` (the company's numbers) are canonical."""
    if reading.problem is not Problem.NONE or not reading.key:
        return Decision(Verdict.REFUSE, Why.UNDIALABLE)
    if reading.kind in _REFUSED:
        return Decision(Verdict.REFUSE, _REFUSED[reading.kind])
    if own and reading.key == own:
        return Decision(Verdict.REFUSE, Why.ITSELF)
    if reading.assumed:
        return Decision(Verdict.ASK, Why.ASSUMED)
    colleague = reading.key in colleagues
    if not colleague and reading.kind in _ASKED:
        return Decision(Verdict.ASK, _ASKED[reading.kind])
    dials_at_once = source in (Source.WINDOW, Source.HOTKEY)
    return Decision(Verdict.DIAL if dials_at_once else Verdict.ASK, Why.ORDINARY, colleague)


class Restraint(StrEnum):
    NONE = ""
    SAME_AGAIN = "same again"
    TOO_MANY = "too many"


def restrain(key: str, now: datetime, dialled: list[tuple[str, datetime]]) -> Restraint:
    """Whether the last minute's own dials, (other, at), forbid one more to ``key``."""
    if any(o == key and timedelta() <= now - at < SAME_NUMBER_WITHIN for o, at in dialled):
        return Restraint.SAME_AGAIN
    minute = timedelta(minutes=1)
    recent = sum(timedelta() <= now - at < minute for _, at in dialled)
    return Restraint.TOO_MANY if recent >= DIALS_A_MINUTE else Restraint.NONE
