"""What deserves a person's attention now, and what only a line in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk_phone.model.calls import Attention, Call, Change

FRESH = timedelta(minutes=15)  # an older missed call gets no card of its own
CARDS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """``7 missed calls from 5 callers since Friday 17:20``; ``since`` is the earliest start."""

    calls: int
    people: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """What to show: a card a call, or one summary. ``corrected`` are calls that were announced as
    missed and turned out otherwise: their cards must go."""

    cards: tuple[Call, ...] = ()
    summary: Summary | None = None
    corrected: tuple[Call, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cards or self.summary or self.corrected)


def announce(changes: tuple[Change, ...], now: datetime, awake_since: datetime) -> Announcement:
    """Judge the changes of one poll.

    ``awake_since``: since when we have looked without a gap (start, resume, the network's return).
    A missed call from before it, or over 15 minutes old, comes in a summary; so do more than three
    at once. Calls that were imported silently or are handled already are not announced.
    """
    missed = [c.after for c in changes if c.became_missed and c.after.attention is Attention.NEW]
    corrected = tuple(c.after for c in changes if c.ceased_missed)
    if not missed:
        return Announcement(corrected=corrected)
    fresh = [c for c in missed if c.start >= awake_since and now - c.start <= FRESH]
    if len(fresh) == len(missed) <= CARDS_AT_ONCE:
        return Announcement(tuple(sorted(fresh, key=lambda c: (c.start, c.id))), None, corrected)
    return Announcement((), _summary(missed), corrected)


def _summary(missed: list[Call]) -> Summary:
    known = {call.other for call in missed if call.other}
    withheld = any(not call.other for call in missed)
    return Summary(len(missed), len(known) + withheld, min(call.start for call in missed))
