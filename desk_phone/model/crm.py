"""What another program is told of a call, and when: events, and what may open by itself.

The ledger is free of order: a call may be told first as missed and then as answered, in one poll or
in two, once or ten times. So an event is read from what is known of a call *now*, and what was told
already is remembered outside (`store.deliveries`); how the call changed plays no part.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import phonenumbers

from desk_phone.model.calls import Call, Change, Direction, NameSource, Outcome
from desk_phone.model.numbers import HOME_CODE, is_e164, is_home, parse

RINGS_FOR = timedelta(seconds=30)  # later nobody can say that it still rings
OPENS_AFTER_ANSWER = timedelta(minutes=2)
ANSWERED_IS_NEWS = timedelta(minutes=15)
TOLD_FOR = timedelta(days=7)  # what ended earlier is told to nobody any more
OPENED_A_MINUTE = 3


class Event(StrEnum):
    RINGING = "ringing"  # either way
    ANSWERED = "answered"
    MISSED = "missed"  # incoming, over, nobody talked; it has no ENDED
    ENDED = "ended"  # after a talk, or outgoing and nobody answered


class OpenOn(StrEnum):
    """When the page or the program of the CRM opens."""

    CLICK = "click"
    RINGING = "ringing"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class CrmCall:
    """A call as another program hears of it."""

    call: Call
    note: str = ""

    @property
    def number(self) -> str:
        """E.164 where there is one, else the bare digits; empty when withheld."""
        return self.call.other

    @property
    def national(self) -> str:
        """The digits one dials within the number's own country."""
        return national(self.call.other)

    @property
    def digits(self) -> str:
        return self.call.other.removeprefix("+")


@dataclass(frozen=True, slots=True)
class Happening:
    """``at`` is when it happened, as well as anybody knows."""

    event: Event
    call: Call
    at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """What opens by itself; ``own`` is a line, canonical, empty for every line."""

    on: OpenOn = OpenOn.CLICK
    unknown_only: bool = False
    incoming_only: bool = True
    own: str = ""


Told = Collection[tuple[int, Event]]


def events(
    changes: tuple[Change, ...], now: datetime, told: Told, since: Mapping[str, datetime]
) -> tuple[Happening, ...]:
    """What happened and was not told yet, in the order of time.

    ``told`` has (call id, event); ``since`` when each own line began to be told about: calls from
    before it, such as a first import of a whole month, and of other lines are nobody's news.
    """
    latest = {change.after.id: change.after for change in changes}
    found = [
        happening
        for call in latest.values()
        if call.own in since and call.start >= since[call.own]
        for happening in _of(call)
        if _is_news(happening, now) and not _is_told(happening, told)
    ]
    return tuple(sorted(found, key=lambda h: (h.at, h.call.id, _ORDER.index(h.event))))


def opens(happening: Happening, chosen: Filter, now: datetime) -> bool:
    """Whether it opens the page by itself: as it was chosen, live, and with a number to look up."""
    call = happening.call
    if not call.other or happening.event.value != chosen.on.value:
        return False
    within = RINGS_FOR if happening.event is Event.RINGING else OPENS_AFTER_ANSWER
    if call.released is not None or now - happening.at > within:
        return False
    if chosen.own and call.own != chosen.own:
        return False
    if chosen.incoming_only and call.direction is not Direction.INCOMING:
        return False
    return not (chosen.unknown_only and is_known(call))


def is_known(call: Call) -> bool:
    """Whether we know the caller ourselves: what the network says is nobody's acquaintance."""
    return call.name_source not in (NameSource.NONE, NameSource.RECORD, NameSource.NOTICE)


def national(key: str) -> str:
    """``6403231``, ``0401234567`` for a Finnish number; what has no country stays as it is."""
    if is_home(key):
        return key.removeprefix("+" + HOME_CODE)
    parsed = parse(key) if is_e164(key) else None
    if parsed is None:
        return key.removeprefix("+")
    form = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(letter for letter in form if letter.isdigit())


_ORDER = tuple(Event)
_LONG = {
    Event.RINGING: RINGS_FOR,
    Event.ANSWERED: ANSWERED_IS_NEWS,
    Event.MISSED: TOLD_FOR,
    Event.ENDED: TOLD_FOR,
}
# An event is stale once one of these was told of the same call.
_LATER = {
    Event.RINGING: frozenset(Event),
    Event.ANSWERED: frozenset({Event.ANSWERED, Event.ENDED}),
    Event.MISSED: frozenset({Event.MISSED}),
    Event.ENDED: frozenset({Event.ENDED}),
}


def _of(call: Call) -> list[Happening]:
    over = call.released or call.start
    match call.outcome:
        case Outcome.RINGING:
            return [Happening(Event.RINGING, call, call.start)]
        case Outcome.ANSWERED:
            answered = [Happening(Event.ANSWERED, call, call.answered or call.start)]
            ended = [Happening(Event.ENDED, call, call.released)] if call.released else []
            return answered + ended
        case Outcome.MISSED:
            return [Happening(Event.MISSED, call, over)]
        case Outcome.UNANSWERED:
            return [Happening(Event.ENDED, call, over)]
    return []


def _is_news(happening: Happening, now: datetime) -> bool:
    """A clock that goes ahead of ours by less than a ring is forgiven."""
    return -RINGS_FOR <= now - happening.at <= _LONG[happening.event]


def _is_told(happening: Happening, told: Told) -> bool:
    return any((happening.call.id, event) in told for event in _LATER[happening.event])
