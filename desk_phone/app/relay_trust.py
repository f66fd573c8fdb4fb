"""Whether what the relay tells may take the place of looking often. Free of Qt."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta

from desk_phone.errors import BadInput
from desk_phone.model.notices import are_up, is_silent
from desk_phone.model.relayed import NotOurs, read_state
from desk_phone.store.memory import Memory
from desk_phone.store.notices import ToldCalls
from desk_phone.telco.feed_events import Message

_HEARD = "relay heard"
_WRITE_DOWN_EVERY = timedelta(hours=1)
_BEATS = timedelta(minutes=5)  # an older heartbeat is none: the relay tells one a minute
_MAY_BE_LATE = timedelta(seconds=60)  # so long a notice may come after the record of its call


class RelayTrust:
    """For the thread that owns the data."""

    def __init__(self, memory: Memory, told: ToldCalls, now: Callable[[], datetime]) -> None:
        self._memory, self._told, self._now = memory, told, now
        self._beats: dict[str, datetime] = {}
        self._awake_since = now()
        self.silent = False

    @property
    def at(self) -> datetime | None:
        """When a notice came last; to the hour."""
        kept = self._memory.get(_HEARD)
        return datetime.fromisoformat(kept) if kept else None

    @property
    def lasts_ms(self) -> int:
        """After so long without another heartbeat `holds` may be another."""
        return int(_BEATS.total_seconds() * 1000) + 1000

    def holds(self, own: str) -> bool:
        """The relay lives, it told of a call lately, and it told of all that the history knows."""
        now, beat = self._now(), self._beats.get(own)
        alive = beat is not None and now - beat <= _BEATS
        return not self.silent and are_up(alive, True, self.at, now)

    def beat(self, own: str, message: Message) -> None:
        """A heartbeat of ours. One that lay at the broker is as old as it says."""
        now = self._now()
        with suppress(NotOurs):
            _, at = read_state(message.payload)
            self._beats[own] = min(at, now) if message.retained else now

    def heard(self) -> None:
        """A notice came."""
        self.silent = False
        now, before = self._now(), self.at
        if before is None or now - before >= _WRITE_DOWN_EVERY:
            with suppress(BadInput):  # no room: only the pace of looking depends on it
                self._memory.put(_HEARD, now.isoformat())

    def began(self) -> None:
        """The broker is there: what was not told before is no silence."""
        self._awake_since = self._now()

    def woke(self) -> None:
        """The computer slept: heartbeats of before say nothing."""
        self._beats.clear()

    def look(self, owns: Collection[str]) -> bool:
        """Whether it has become silent, by what the history knows: True once."""
        until = self._now() - _MAY_BE_LATE
        if self.silent or not is_silent(self._told.since(owns, self._awake_since, until)):
            return False
        self.silent = True
        return True
