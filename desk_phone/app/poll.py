"""One look at the call history, free of Qt: ask, record, remember that we looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from desk_phone.app.access import Access
from desk_phone.app.acts import Act, LaneName, away
from desk_phone.model.calls import Change, Record
from desk_phone.store.calls import CallLedger
from desk_phone.store.memory import Memory

REMEMBERED = timedelta(days=31)  # so far back the service tells
_AT_ONCE = 50  # records of a first look, some milliseconds
_WRITTEN_DOWN = timedelta(minutes=10)  # a poll with nothing new writes at most so often


@dataclass(frozen=True, slots=True)
class Polled:
    """``first``: this line's calls came for the first time, silently. ``wire_bytes`` travelled."""

    own: str
    changes: tuple[Change, ...]
    at: datetime
    first: bool
    wire_bytes: int


class Looked:
    """When each line was last looked at and what it said, over restarts.

    Written down with what a poll changed, else at most every ten minutes: a poll that brings
    nothing new touches no disk.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._at: dict[str, datetime] = {}
        self._written: dict[str, datetime] = {}

    def at(self, own: str) -> datetime | None:
        """The last good answer, in UTC; None before the first."""
        if own not in self._at and (kept := self._memory.get(f"looked at {own}")):
            self._at[own] = self._written[own] = datetime.fromisoformat(kept)
        return self._at.get(own)

    def digest(self, own: str) -> str:
        return self._memory.get(f"digest {own}")

    def note(self, own: str, at: datetime, digest: str) -> None:
        self._at[own] = at
        written = self._written.get(own)
        new = digest != self.digest(own)
        if new:
            self._memory.put(f"digest {own}", digest)
        if new or written is None or not timedelta() <= at - written < _WRITTEN_DOWN:
            self._memory.put(f"looked at {own}", at.astimezone(UTC).isoformat())
            self._written[own] = at


def _take_in(
    reports: Sequence[Record], ledger: CallLedger, at: datetime, first: bool, lane: LaneName
) -> Act[tuple[Change, ...]]:
    """In one transaction; the first look at a busy line in several, with others' turns between
    them: the ledger comes to the same however its reports are spread, and nothing is told before
    the end."""
    changes: list[Change] = []
    left = list(reports)
    while first and len(left) > _AT_ONCE:
        changes += ledger.record_silently(*left[:_AT_ONCE], now=at)
        del left[:_AT_ONCE]
        yield from away(lane, _nothing)
    changes += ledger.record(*left, now=at, silent=first)
    if first:
        yield from away(lane, _nothing)
    return tuple(changes)


def _nothing() -> None:
    """On a lane."""


def poll(
    access: Access,
    ledger: CallLedger,
    looked: Looked,
    own: str,
    now: Callable[[], datetime],
    lane: LaneName = LaneName.UPKEEP,
) -> Act[Polled]:
    """Ask for the history of ``own`` and record it; raises PhoneError, and then nothing changed.

    The digest is remembered after the records are safe: killed in between, the next poll records
    the same again, which changes nothing.
    """
    known = looked.digest(own)
    history = yield from access.ask(lane, lambda telco: telco.history(own, known))
    at, before = now(), looked.at(own)
    if history.records is None:
        changes = ledger.settle(at)
    else:
        reports = [Record(own, record) for record in history.records]
        changes = yield from _take_in(reports, ledger, at, before is None, lane)
    if before is not None and at - before > REMEMBERED:
        ledger.note_gap(own, before, at - REMEMBERED)
    looked.note(own, at, history.digest)
    return Polled(own, changes, at, before is None, history.wire_bytes)
