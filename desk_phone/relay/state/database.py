"""One writer for the relay's database: all who write at a time share one transaction and one fsync.

    keeper = await open_keeper(file, backups, now)
    relayed = await keeper.do(lambda db: outbox.append(db, notice, heard))  # durable by now

Everything runs in one thread that owns the connection. A deed that fails takes nothing of the
others with it; where the commit fails nothing of any was done, and all of them are told.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from desk_phone.errors import PhoneError
from desk_phone.relay.state import outbox
from desk_phone.relay.state.schema import STEPS
from desk_phone.store.database import Opened, open_database, writing

R = TypeVar("R")
Deed = Callable[[sqlite3.Connection], R]


async def open_keeper(
    file: Path, backups: Path, now: datetime, settle: Deed[object] = outbox.begin_anew
) -> Keeper:
    """Raises BadInput as `store.database.open_database` does.

    What was restored from a backup knows less than desks do: it begins anew, in other epochs, and
    ``settle`` sees to that before it is used.
    """
    thread = ThreadPoolExecutor(1, "relay-database")

    def opened() -> Opened:
        return open_database(file, backups, now, STEPS, settle)

    try:
        return Keeper(await asyncio.get_running_loop().run_in_executor(thread, opened), thread)
    except BaseException:
        thread.shutdown(wait=False)
        raise


class Keeper:
    """For one event loop; ``opened`` says in what state the file was found. `close` it."""

    def __init__(self, opened: Opened, thread: ThreadPoolExecutor) -> None:
        self.opened = opened
        self._thread = thread
        self._waiting: list[_Asked] = []
        self._work: asyncio.Task[None] | None = None

    async def do(self, deed: Deed[R]) -> R:
        """What the deed gives, once everything it wrote is durable.

        Raises what the deed raises (PhoneError, sqlite3.Error), and BadInput where there is no room
        on the disk: then nothing of it was done.
        """
        asked = _Asked(deed, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        self._go_on()
        outcome: R = await asked.answer
        return outcome

    async def close(self) -> None:
        """What was asked for is done first."""
        while self._work is not None:
            await asyncio.wait([self._work])
        await asyncio.get_running_loop().run_in_executor(self._thread, self.opened.db.close)
        self._thread.shutdown()

    def _go_on(self) -> None:
        if self._work is None and self._waiting:
            batch, self._waiting = self._waiting, []
            self._work = asyncio.create_task(self._do_together(batch))

    async def _do_together(self, batch: list[_Asked]) -> None:
        loop, deeds = asyncio.get_running_loop(), [asked.deed for asked in batch]
        outcomes: Sequence[_Outcome]
        try:
            outcomes = await loop.run_in_executor(self._thread, _together, self.opened.db, deeds)
        except BaseException as error:  # a full disk, or a bug: whoever waits must hear of it
            outcomes = [_Outcome(error=error)] * len(batch)
        for asked, outcome in zip(batch, outcomes, strict=True):
            asked.hear(outcome)
        self._work = None
        self._go_on()


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: object = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    deed: Deed[Any]
    answer: asyncio.Future[Any]

    def hear(self, outcome: _Outcome) -> None:
        if self.answer.done():  # nobody waits any more
            return
        if outcome.error is not None:
            self.answer.set_exception(outcome.error)
        else:
            self.answer.set_result(outcome.value)


def _together(db: sqlite3.Connection, deeds: Sequence[Deed[Any]]) -> list[_Outcome]:
    with writing(db):
        return [_apart(db, deed) for deed in deeds]


def _apart(db: sqlite3.Connection, deed: Deed[Any]) -> _Outcome:
    db.execute("SAVEPOINT one")
    try:
        value = deed(db)
    except (PhoneError, sqlite3.Error) as error:
        if not db.in_transaction:  # a full disk ends the whole of it
            raise
        db.execute("ROLLBACK TO one")
        db.execute("RELEASE one")
        return _Outcome(error=error)
    db.execute("RELEASE one")
    return _Outcome(value)
