"""Calls as a table for a file or for paper: in words, in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from desk_phone.i18n import ptr, tr
from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.store.calls import CallFilter, CallLedger, Sought
from desk_phone.transfer.writing import number_text
from desk_phone.ui import words

_PAGE = 100
_AT_ONCE = 20  # calls, some hundred microseconds

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Which calls are in the list; ``text`` is what somebody typed to find them."""

    chosen: CallFilter
    sought: Sought
    text: str


def head() -> Row:
    return (
        tr("Date"),
        tr("Time"),
        tr("Direction"),
        tr("Name"),
        tr("Number"),
        tr("Outcome"),
        tr("Duration"),
        tr("Note"),
    )


def reading(
    ledger: CallLedger,
    listed: Listed,
    looked: Callable[[str], datetime | None],
    take: Callable[[list[Row]], object],
    paper: bool = False,
) -> Generator[int, None, int]:
    """Hand the rows of all that is listed to ``take``, a few at a time, newest first.

    ``looked`` tells when the history of an own line was last asked for. Yields after each piece how
    many there were so far, and gives how many they are. What comes or changes above the place where
    the reading is meanwhile is not in it; no call is in it twice.
    """
    seen: set[int] = set()
    last: Call | None = None
    while page := ledger.page(listed.chosen, listed.sought, last, _PAGE):
        last = page[-1]
        notes = ledger.notes.of_calls(call.id for call in page)
        yield len(seen)
        for first in range(0, len(page), _AT_ONCE):
            fresh = [call for call in page[first : first + _AT_ONCE] if call.id not in seen]
            rows = (_row(call, looked(call.own), notes.get(call.id, ""), paper) for call in fresh)
            take(list(rows))
            seen.update(call.id for call in fresh)
            yield len(seen)
    return len(seen)


def _row(call: Call, looked: datetime | None, note: str, paper: bool) -> Row:
    """A spreadsheet reads its dates, times and numbers; paper has them as the list has."""
    start = call.start.astimezone()
    return (
        start.strftime("%Y-%m-%d"),
        words.clock(call.start) if paper else start.strftime("%H:%M:%S"),
        _direction(call.direction),
        words.plain(call.name),
        words.number(call.other) if paper or not call.other else _number(call.other),
        tr("Answered") if call.outcome is Outcome.ANSWERED else words.outcome(call, looked),
        "" if call.talked is None else _duration(call.talked),
        note,
    )


@lru_cache(maxsize=4096)
def _number(key: str) -> str:
    return number_text(key)


def _direction(direction: Direction) -> str:
    names = {
        Direction.INCOMING: ptr("one call", "Incoming"),
        Direction.OUTGOING: ptr("one call", "Outgoing"),
    }
    return names.get(direction, "")


def _duration(talked: timedelta) -> str:
    """``0:03:12``, as a spreadsheet reads it."""
    minutes, seconds = divmod(max(0, int(talked.total_seconds())), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
