"""What the cards of callers say. Pure: no widget, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desk_phone.i18n import ntr, tr
from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.ui import words


class State(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"  # told as ringing, and somebody took it
    ENDED = "ended"  # told as ringing, and nobody knows what became of it
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CardText:
    """The lines of a card; an empty one is not shown.

    ``name`` is for the picture, ``moment`` says when for those who cannot keep ``heading`` current.
    ``number`` is the canonical one, ``unknown`` one without a name. ``hidden``: others may read it.
    """

    heading: str
    title: str
    times: str = ""
    detail: str = ""
    past: str = ""
    note: str = ""
    source: str = ""
    name: str = ""
    moment: str = ""
    number: str = ""
    unknown: bool = False
    hidden: bool = False
    state: State = State.MISSED

    @property
    def sentence(self) -> str:
        """The card as a screen reader speaks it."""
        first = (self.title, self.times, self.heading, self.detail)
        parts = (*first, self.past, self.note, self.source)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Known:
    """What is told beside the call: the last call ahead of it, the last note about the person."""

    before: Call | None = None
    note: str = ""


NOTHING = Known()


def of_missed(missed: Sequence[Call], known: Known, now: datetime) -> CardText:
    """One person's new missed calls, newest first; the call ``known`` before is ahead of all."""
    newest = missed[0]
    return _of(newest, State.MISSED, len(missed), known, now)


def of_ringing(call: Call, times: int, known: Known, now: datetime) -> CardText:
    """A phone rings; ``times``: that person was not reached so often, this call too."""
    return _of(call, State.RINGING, times, known, now)


def of_over(call: Call, known: Known, now: datetime) -> CardText:
    """It rang, and does so no more."""
    return _of(call, over(call), 1, known, now)


def over(call: Call) -> State:
    return State.ANSWERED if call.outcome is Outcome.ANSWERED else State.ENDED


def of_hidden(call: Call, state: State, times: int, now: datetime) -> CardText:
    """The same while somebody presents: nobody in the room reads who called."""
    return CardText(
        heading(call, state, now),
        tr("Missed call") if state is State.MISSED else tr("Incoming call"),
        _times(times),
        moment=moment(call, state, now),
        number=call.other,
        hidden=True,
        state=state,
    )


def of_summary(missed: Sequence[Call], since: datetime, now: datetime) -> CardText:
    """``7 missed calls from 5 callers since Friday 17:20``; ``missed`` are newest first. Of one
    person alone it says who."""
    if len({call.other for call in missed}) == 1:
        return _of_one(missed, now)
    return of_many(missed, since, now)


def of_many(missed: Sequence[Call], since: datetime, now: datetime) -> CardText:
    """How many, and of nobody who it was."""
    calls = ntr("%(n)d missed call", "%(n)d missed calls", len(missed))
    callers = ntr("from %(n)d caller", "from %(n)d callers", len({c.other for c in missed}))
    return CardText(
        tr("Missed since %(time)s") % {"time": words.since(since, now)},
        tr("%(calls)s %(callers)s") % {"calls": calls, "callers": callers},
    )


def _of_one(missed: Sequence[Call], now: datetime) -> CardText:
    newest, times = missed[0], _times(len(missed))
    said = moment(newest, State.MISSED, now)
    return CardText(said, words.who(newest), times, _detail(newest), moment=said)


def heading(call: Call, state: State, now: datetime) -> str:
    """What is known and no more: ``Calling 640 3231``, ``Missed 2 min ago``."""
    if state is State.MISSED:
        return tr("Missed %(ago)s") % {"ago": words.ago(call.start, now)}
    said = {
        State.RINGING: tr("Calling %(number)s"),
        State.ANSWERED: tr("Answered on %(number)s"),
        State.ENDED: tr("Called %(number)s"),
    }
    return said[state] % {"number": words.number(call.own)}


def moment(call: Call, state: State, now: datetime) -> str:
    if state is not State.MISSED:
        return heading(call, state, now)
    return tr("Missed %(ago)s") % {"ago": words.moment(call.start, now)}


def past(call: Call, now: datetime) -> str:
    """``Last call: Thu 12 Nov 14:32, you called, 4 min``"""
    said = {
        Direction.INCOMING: tr("they called"),
        Direction.OUTGOING: tr("you called"),
    }.get(call.direction, "")
    outcome = words.outcome(call).lower()
    if call.outcome is Outcome.MISSED:
        said = ""
    elif call.outcome is Outcome.RINGING and said:
        outcome = ""  # nobody has told yet what became of it
    parts = (words.moment(call.start, now), said, outcome)
    return tr("Last call: %(what)s") % {"what": ", ".join(part for part in parts if part)}


def _of(call: Call, state: State, times: int, known: Known, now: datetime) -> CardText:
    name, note = words.plain(call.name), words.plain(known.note)
    return CardText(
        heading(call, state, now),
        words.who(call),
        _times(times),
        _detail(call),
        past(known.before, now) if known.before is not None else "",
        tr("Note: %(text)s") % {"text": note} if note else "",
        _source(call, state),
        name,
        moment(call, state, now),
        call.other,
        unknown=bool(call.other) and not name,
        state=state,
    )


def _detail(call: Call) -> str:
    """The number and what sort of number it is, as far as the title does not say it."""
    if not call.other:
        return tr("The caller sent no number")
    sort = words.kind_of(call.other)
    if not words.plain(call.name):
        return sort
    return " · ".join(part for part in (words.number(call.other), sort) if part)


def _source(call: Call, state: State) -> str:
    """Where the name comes from, and which own line was called unless the heading says it."""
    source = words.source(call.name_source, call.name_label)
    named = tr("Name: %(source)s") % {"source": source} if source and call.name else ""
    own = words.whole(call.own) if call.own and state is State.MISSED else ""
    line = tr("Your line: %(number)s") % {"number": own} if own else ""
    return " · ".join(part for part in (named, line) if part)


def _times(count: int) -> str:
    return f"×{count}" if count > 1 else ""
