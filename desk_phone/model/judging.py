"""What the service's words about a call mean: who, which way, and what is known for certain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from desk_phone.model.bundles import Bundle
from desk_phone.model.calls import Call, CallRecord, Direction, NameSource, Notice, Outcome
from desk_phone.model.moment import moment
from desk_phone.model.numbers import from_service
from desk_phone.model.text import clean
from desk_phone.model.walltime import later, moments

RINGS_AT_MOST = timedelta(seconds=60)  # what began earlier and was not answered is over
DIALS_AT_MOST = timedelta(seconds=180)  # so long the call of an own dial may take to begin

# Terminating is documented, Originating inferred; other words are kept and the parties decide.
_DIRECTIONS = {"terminating": Direction.INCOMING, "originating": Direction.OUTGOING}
_YES = frozenset({"yes", "y", "true", "1"})
_UNANSWERED = {
    Direction.INCOMING: Outcome.MISSED,
    Direction.OUTGOING: Outcome.UNANSWERED,
    Direction.UNKNOWN: Outcome.UNKNOWN,
}
_OPENS = frozenset({"start", ""})


@dataclass(frozen=True, slots=True)
class Parties:
    """``other`` is canonical and empty when withheld; ``other_text`` is the service's own form."""

    direction: Direction
    other: str
    other_text: str


def parties(own: str, record: CallRecord) -> Parties:
    """Who was called by whom, seen from ``own``, the number that was asked about.

    In the service's own sample neither party is that number.
    """
    calling, called = from_service(record.calling), from_service(record.called)
    direction = _DIRECTIONS.get(record.direction.strip().casefold(), Direction.UNKNOWN)
    if direction is Direction.UNKNOWN and (calling == own) != (called == own):
        direction = Direction.OUTGOING if calling == own else Direction.INCOMING
    if (calling == own) != (called == own):
        other_is_called = calling == own
    elif direction is Direction.UNKNOWN:
        other_is_called = not calling
    else:
        other_is_called = direction is Direction.OUTGOING
    if other_is_called:
        return Parties(direction, called, record.called)
    return Parties(direction, calling, record.calling)


@lru_cache(maxsize=4096)
def real_name(text: str) -> str:
    """A name as shown; empty for ``# #`` and whatever else has neither letter nor digit."""
    name = clean(text)
    return name if any(c.isalnum() for c in name) else ""


def says_yes(word: str) -> bool:
    return word.strip().casefold() in _YES


def opens(notice: Notice) -> bool:
    """Whether it says that a phone begins to ring; every other notice is about such a call.

    Only ``type=Start&answer=No`` is documented.
    """
    return notice.type.strip().casefold() in _OPENS and not says_yes(notice.answer)


def talked(record: CallRecord) -> bool:
    return says_yes(record.answered) or bool(moments(record.answer))


def decided(record: CallRecord) -> bool:
    """Whether the record itself says what became of the call; else it may still ring."""
    return talked(record) or bool(moments(record.release))


def judged(
    bundle: Bundle, own: str, other: str, direction: Direction, now: datetime, call_id: int
) -> Call:
    """The call that all reports in a bundle tell of; its attention is the ledger's matter.

    The record is the truth, a notice only a hint, where the record is silent.
    """
    start = moment(bundle.at)
    name, source = _name(bundle)
    record = bundle.record.record if bundle.record else None
    answered = later(record.answer, start) if record else None
    return Call(
        id=call_id,
        own=own,
        other=other,
        other_text=bundle.record.other_text if bundle.record else other,
        direction=direction,
        outcome=_outcome(bundle, direction, now),
        start=start,
        answered=answered,
        released=later(record.release, answered or start) if record else None,
        record_id=record.id if record else None,
        name=name,
        name_source=source,
    )


def _name(bundle: Bundle) -> tuple[str, NameSource]:
    if bundle.record and (name := real_name(bundle.record.record.name)):
        return name, NameSource.RECORD
    for notice in bundle.notices:
        if name := real_name(notice.name):
            return name, NameSource.NOTICE
    return "", NameSource.NONE


def _outcome(bundle: Bundle, direction: Direction, now: datetime) -> Outcome:
    record = bundle.record
    if record and record.settled:
        return Outcome.ANSWERED if talked(record.record) else _UNANSWERED[direction]
    if any(n.answered for n in bundle.notices):  # a talk is certain only when the record says so
        return Outcome.RINGING if record else Outcome.ANSWERED
    began = record is not None or any(n.opens for n in bundle.notices)
    if began and any(not n.opens for n in bundle.notices):
        return _UNANSWERED[direction]
    patience = DIALS_AT_MOST if bundle.dial else RINGS_AT_MOST
    if record or now - moment(bundle.at) <= patience:
        return Outcome.RINGING
    return Outcome.UNKNOWN


def grown(known: CallRecord, said: CallRecord) -> CallRecord:
    """Two versions of one record as one: what either knows.

    Where both know and differ, the choice depends only on the words, so that it does not matter
    which version came first.
    """
    return CallRecord(
        id=known.id,
        calling=max(known.calling, said.calling, key=_number),
        called=max(known.called, said.called, key=_number),
        answered=max(known.answered, said.answered, key=lambda w: (says_yes(w), w)),
        direction=max(known.direction, said.direction, key=_direction),
        start=max(known.start, said.start, key=_time),
        name=max(known.name, said.name, key=lambda n: (real_name(n) != "", n)),
        answer=max(known.answer, said.answer, key=_time),
        release=max(known.release, said.release, key=_time),
    )


def _number(text: str) -> tuple[bool, str]:
    return from_service(text) != "", text


def _direction(word: str) -> tuple[bool, str]:
    return word.strip().casefold() in _DIRECTIONS, word


def _time(text: str) -> tuple[bool, str]:
    return moments(text) != (), text
