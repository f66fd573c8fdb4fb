"""What deserves a person's attention now, and what only a line in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk_phone.model.calls import Attention, Call, Change, Outcome

FRESH = timedelta(minutes=15)  # an older missed call gets no card of its own
LIVE = timedelta(seconds=30)  # what a notice told earlier rings no more
CARDS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """``7 missed calls from 5 callers since Friday 17:20``; ``since`` is the earliest start."""

    calls: int
    people: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Announcement:
    """What to show: a card a call, or one summary.

    ``corrected`` are calls that were announced as missed and turned out otherwise: their cards
    must go. ``ringing`` are calls that ring now; ``over`` those that were announced so and ring no
    more, whatever became of them. A call rings once: its feed may say so as often as it likes.
    """

    cards: tuple[Call, ...] = ()
    summary: Summary | None = None
    corrected: tuple[Call, ...] = ()
    ringing: tuple[Call, ...] = ()
    over: tuple[Call, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cards or self.summary or self.corrected or self.ringing or self.over)


NOTHING = Announcement()


def announce(
    changes: tuple[Change, ...],
    now: datetime,
    awake_since: datetime,
    ringing: frozenset[int] = frozenset(),
) -> Announcement:
    """Judge the changes of one poll, or of what one notice said.

    ``awake_since``: since when we have looked without a gap (start, resume, the network's return).
    A missed call from before it, or over 15 minutes old, comes in a summary; so do more than three
    at once. Calls that were imported silently or are handled already are not announced.
    ``ringing``: the ids of the calls that were announced so (`still_ringing`).
    """
    if not changes:
        return NOTHING
    missed = [c.after for c in changes if c.became_missed and c.after.attention is Attention.NEW]
    fresh = [c for c in missed if c.start >= awake_since and now - c.start <= FRESH]
    alone = len(fresh) == len(missed) <= CARDS_AT_ONCE
    return Announcement(
        tuple(sorted(fresh, key=lambda c: (c.start, c.id))) if alone else (),
        None if alone else _summary(missed),
        tuple(c.after for c in changes if c.ceased_missed),
        tuple(c.after for c in changes if _rings(c, now)),
        tuple(c.after for c in changes if _is_over(c, ringing)),
    )


def still_ringing(
    ringing: frozenset[int], changes: tuple[Change, ...], announced: Announcement
) -> frozenset[int]:
    """The calls that ring after an announcement, by the ids that they have now."""
    became = {c.before.id: c.after.id for c in changes if c.before is not None}
    over = {call.id for call in announced.over}
    going_on = {became.get(call_id, call_id) for call_id in ringing} - over
    return frozenset(going_on | {call.id for call in announced.ringing})


def _rings(change: Change, now: datetime) -> bool:
    """Only a notice tells of a call while it rings: a record without an end may be an old one."""
    is_ringing = change.after.outcome is Outcome.RINGING
    return is_ringing and change.rang is not None and now - change.rang <= LIVE


def _is_over(change: Change, ringing: frozenset[int]) -> bool:
    was_told = change.before is not None and change.before.id in ringing
    return was_told and change.after.outcome is not Outcome.RINGING


def _summary(missed: list[Call]) -> Summary:
    known = {call.other for call in missed if call.other}
    withheld = any(not call.other for call in missed)
    return Summary(len(missed), len(known) + withheld, min(call.start for call in missed))
