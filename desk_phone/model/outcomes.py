"""What became of a call that was made from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.model.judging import DIALS_AT_MOST


class Became(StrEnum):
    OPEN = "open"  # it rings, or the two still talk
    TALKED = "talked"
    NOT_ANSWERED = "not answered"
    NOT_LIFTED = "not lifted"  # the own phone: the service rings it first
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OwnOutcome:
    """``length`` of a talk that is over."""

    became: Became
    length: timedelta | None = None


def own_outcome(call: Call, looked: datetime | None) -> OwnOutcome:
    """Of an outgoing call; ``looked`` is when the history of its own line was last asked for.

    A dial that the service has no record of three minutes later rang the own phone in vain. That
    is judged by a look after that time, and taken back by any record that comes after all: of a
    long talk it may come no sooner than its end.
    """
    if call.outcome is Outcome.ANSWERED:
        became = Became.TALKED if call.talked is not None else Became.OPEN
        return OwnOutcome(became, call.talked)
    if call.outcome is Outcome.UNANSWERED:
        return OwnOutcome(Became.NOT_ANSWERED)
    if call.outcome is Outcome.RINGING:
        return OwnOutcome(Became.OPEN)
    if is_unheard(call) and looked is not None and looked - call.start > DIALS_AT_MOST:
        return OwnOutcome(Became.NOT_LIFTED)
    return OwnOutcome(Became.UNKNOWN)


def is_unheard(call: Call) -> bool:
    """A dial of ours that the service says nothing of; notices are about incoming calls."""
    return call.direction is Direction.OUTGOING and call.record_id is None
