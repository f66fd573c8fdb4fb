"""Each notice goes on to the company's own program, as the service would have told it.

    async with Forwarding(keeper, url) as forwarding:
        await keeper.do(lambda db: append(db, relayed))  # with the outbox, in one transaction
        forwarding.wake()

Once or more, in the order of coming while nothing fails. Who does not answer costs nobody else
anything: what is not taken is tried again after pauses, for a day.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from desk_phone.errors import Offline, PhoneError
from desk_phone.model.relayed import Relayed
from desk_phone.relay import working
from desk_phone.relay.state.database import Keeper
from desk_phone.web.limits import Limits
from desk_phone.web.posting import Heard, get

GIVEN_UP = timedelta(hours=24)

_LIMITS = Limits(connect=3.0, read=8.0, whole=10.0)
_AT_ONCE = 8  # requests
_LONGEST = 60.0  # seconds between two looks, should a wish to wake be lost
_NEVER = 2**62  # milliseconds
_SET_BACK = 3_600_000  # milliseconds: what is due later was written down by a clock that was ahead
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pauses:
    """In seconds, between two tries of one notice; each is about twice the one before."""

    first: float = 1.0
    longest: float = 600.0

    def after(self, tries: int) -> float:
        """``tries`` failed so far, one at least."""
        pause = min(self.longest, self.first * 2.0 ** min(tries - 1, 30))
        return pause * random.uniform(0.75, 1.25)


@dataclass(slots=True)
class Forwarded:
    """Counted since the start. ``failed`` are tries; ``waiting`` is how it stands."""

    done: int = 0
    failed: int = 0
    given_up: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: int
    query: str
    tries: int


def append(db: sqlite3.Connection, relayed: Relayed) -> None:
    """Let it wait to be forwarded. A deed for `relay.state.database`."""
    heard = _millis(relayed.heard)
    db.execute(
        "INSERT INTO forwards (query, heard, due) VALUES (?, ?, ?)",
        (query_of(relayed), heard, heard),
    )


def query_of(relayed: Relayed) -> str:
    """As the service writes it; numbers with their country and without a plus."""
    notice = relayed.notice
    return urlencode(
        {
            "ts": int(notice.at.timestamp()),
            "anr": notice.other.removeprefix("+"),
            "bnr": notice.own.removeprefix("+"),
            "fn": notice.name,
            "type": notice.type,
            "answer": notice.answer,
        }
    )


class Forwarding:
    """Runs while it is entered. ``url`` may have a query of its own; ``tell`` sends one request."""

    def __init__(
        self,
        keeper: Keeper,
        url: str,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        tell: Callable[[str], Heard] = lambda url: get(url, limits=_LIMITS),
        pauses: Pauses | None = None,
    ) -> None:
        self.counted = Forwarded()
        self._keeper, self._url, self._now, self._tell = keeper, url, now, tell
        self._pauses = pauses or Pauses()
        self._threads = ThreadPoolExecutor(_AT_ONCE, "relay-forwarding")
        self._woken = asyncio.Event()
        self._is_left = False  # what threads still hear is nobody's business any more
        self._failing = 0  # in a row, of whatever kind
        self._work: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.counted.waiting, _ = await self._keeper.do(_left)
        self._work = working.start("forwarding", self._run())
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """What is under way may arrive, and is then sent once more after the next start."""
        await working.stop(self._work)
        self._is_left = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def wake(self) -> None:
        """Something was appended."""
        self.counted.waiting += 1
        self._woken.set()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                wait = await self._turn()
            except (PhoneError, sqlite3.Error) as error:
                log.error("what is to be forwarded cannot be read: %s", type(error).__name__)
                wait = self._pauses.longest
            if wait > 0:
                await self._rest(wait)

    async def _rest(self, seconds: float) -> None:
        """Something new is no reason to end a pause that the receiver needs."""
        if self._failing:
            await asyncio.sleep(seconds)
            return
        await working.pause(self._woken, seconds)

    async def _turn(self) -> float:
        """Send what is due; seconds until the next turn."""
        now = _millis(self._now())
        at_most = 1 if self._failing else _AT_ONCE
        given_up, due = await self._keeper.do(lambda db: _due(db, now, at_most))
        if given_up:
            self.counted.given_up += given_up
            log.error("%d notices were not taken within a day and are let go of", given_up)
        if due:
            await self._send(due)
        self.counted.waiting, next_due = await self._keeper.do(_left)
        if not self.counted.waiting:
            self._failing = 0
        wait = min(_LONGEST, max(0.0, (next_due - _millis(self._now())) / 1000))
        return max(wait, self._pauses.after(self._failing)) if self._failing else wait

    async def _send(self, due: Sequence[_Waiting]) -> None:
        loop = asyncio.get_running_loop()
        sending = [loop.run_in_executor(self._threads, self._taken, one) for one in due]
        taken = await asyncio.gather(*sending)
        done = [one for one, is_taken in zip(due, taken, strict=True) if is_taken]
        failed = [one for one, is_taken in zip(due, taken, strict=True) if not is_taken]
        self._failing = 0 if done else self._failing + 1
        self.counted.done += len(done)
        self.counted.failed += len(failed)
        now, pauses = _millis(self._now()), self._pauses

        def note(db: sqlite3.Connection) -> None:
            db.executemany("DELETE FROM forwards WHERE id = ?", [(one.id,) for one in done])
            db.executemany(
                "UPDATE forwards SET tries = tries + 1, due = ? WHERE id = ?",
                [(now + int(pauses.after(one.tries + 1) * 1000), one.id) for one in failed],
            )

        await self._keeper.do(note)

    def _taken(self, one: _Waiting) -> bool:
        """Whether the receiver said yes; in a thread."""
        mark = "&" if "?" in self._url else "?"
        try:
            heard = self._tell(f"{self._url}{mark}{one.query}")
        except PhoneError as error:
            if not isinstance(error, Offline) and not self._is_left:
                log.warning("a notice was not forwarded: %s", type(error).__name__)
            return False
        taken = 200 <= heard.status < 300
        if not taken and not self._is_left:
            log.warning("a notice was not taken: HTTP status %d", heard.status)
        return taken


def _left(db: sqlite3.Connection) -> tuple[int, int]:
    """How many wait, and when the next is due: never, where none does."""
    count, due = db.execute("SELECT count(*), min(due) FROM forwards").fetchone()
    return int(count), _NEVER if due is None else int(due)


def _due(db: sqlite3.Connection, now: int, at_most: int) -> tuple[int, list[_Waiting]]:
    """How many were given up, and what to send now."""
    too_old = now - GIVEN_UP // timedelta(milliseconds=1)
    gone = db.execute("DELETE FROM forwards WHERE heard < ?", (too_old,)).rowcount
    rows = db.execute(
        "SELECT id, query, tries FROM forwards WHERE due <= ? OR due > ? ORDER BY due, id LIMIT ?",
        (now, now + _SET_BACK, at_most),
    )
    return gone, [_Waiting(*row) for row in rows]


def _millis(moment: datetime) -> int:
    return (moment - _BEGINNING) // timedelta(milliseconds=1)
