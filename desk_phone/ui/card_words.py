"""What the cards of missed calls say. Pure: no widget, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk_phone.i18n import ntr, tr
from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.ui import words


@dataclass(frozen=True, slots=True)
class CardText:
    """The lines of a card; an empty one is not shown. ``name`` is for the picture, ``moment`` says
    when for those who cannot keep ``heading`` current. ``unknown``: a number without a name."""

    heading: str
    title: str
    times: str = ""
    detail: str = ""
    past: str = ""
    source: str = ""
    name: str = ""
    moment: str = ""
    unknown: bool = False

    @property
    def sentence(self) -> str:
        """The card as a screen reader speaks it."""
        parts = (self.title, self.times, self.heading, self.detail, self.past, self.source)
        return ", ".join(part for part in parts if part)


def of_missed(missed: Sequence[Call], before: Call | None, now: datetime) -> CardText:
    """One person's new missed calls, newest first; ``before`` is the last call ahead of them."""
    newest = missed[0]
    name = words.plain(newest.name)
    source = words.source(newest.name_source) if name else ""
    return CardText(
        heading(newest, now),
        words.who(newest),
        _times(len(missed)),
        words.about(newest),
        past(before, now) if before is not None else "",
        tr("Name: %(source)s") % {"source": source} if source else "",
        name,
        moment(newest, now),
        unknown=bool(newest.other) and not name,
    )


def of_hidden(missed: Sequence[Call], now: datetime) -> CardText:
    """The same while somebody presents: nobody in the room reads who called."""
    newest = missed[0]
    when = moment(newest, now)
    return CardText(heading(newest, now), tr("Missed call"), _times(len(missed)), moment=when)


def of_summary(missed: Sequence[Call], since: datetime, now: datetime) -> CardText:
    """``7 missed calls from 5 callers since Friday 17:20``; ``missed`` are newest first."""
    calls = ntr("%(n)d missed call", "%(n)d missed calls", len(missed))
    callers = ntr("from %(n)d caller", "from %(n)d callers", len({c.other for c in missed}))
    return CardText(
        tr("Missed since %(time)s") % {"time": words.since(since, now)},
        tr("%(calls)s %(callers)s") % {"calls": calls, "callers": callers},
    )


def heading(newest: Call, now: datetime) -> str:
    """What is known and no more: ``Missed 2 min ago``."""
    return tr("Missed %(ago)s") % {"ago": words.ago(newest.start, now)}


def moment(newest: Call, now: datetime) -> str:
    return tr("Missed %(ago)s") % {"ago": words.moment(newest.start, now)}


def past(call: Call, now: datetime) -> str:
    """``Last call: Thu 12 Nov 14:32, you called, 4 min``"""
    said = {
        Direction.INCOMING: tr("they called"),
        Direction.OUTGOING: tr("you called"),
    }.get(call.direction, "")
    if call.outcome is Outcome.MISSED:
        said = ""
    parts = (words.moment(call.start, now), said, words.outcome(call).lower())
    return tr("Last call: %(what)s") % {"what": ", ".join(part for part in parts if part)}


def _times(count: int) -> str:
    return f"×{count}" if count > 1 else ""
