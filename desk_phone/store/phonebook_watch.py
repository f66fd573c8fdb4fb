"""An exchange that tells what it does while it does it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

from desk_phone.model.company import Company
from desk_phone.model.flights import Answer
from desk_phone.model.pushes import Push
from desk_phone.store.phonebook_exchange import AT_ONCE, Exchange, Taken
from desk_phone.store.phonebook_narrow import Listed
from desk_phone.store.steps import Steps, pause


class WatchedExchange(Exchange):
    """``moved`` is told our ids whenever entries changed, after each transaction. ``sent`` and
    ``brought`` are those of the sync that runs, or of the last one."""

    def __init__(
        self, db: sqlite3.Connection, moved: Callable[[frozenset[int]], object] = lambda _: None
    ) -> None:
        super().__init__(db)
        self.moved = moved
        self.sent: list[int] = []
        self.brought: set[int] = set()

    @property
    def touched(self) -> set[int]:
        return self.brought | set(self.sent)

    def begin(self, company: Company) -> None:
        self.sent, self.brought = [], set()
        super().begin(company)

    def taking(self, listed: Listed, now: datetime, came: datetime | None = None) -> Steps[Taken]:
        taken = yield from super().taking(listed, now, came)
        self.brought.update(taken.changed)
        if len(taken.changed) > AT_ONCE:
            yield from pause()  # whoever is told has much to do, too
        if taken.changed:
            self.moved(frozenset(taken.changed))
        return taken

    def intend(self, push: Push, now: datetime) -> int | None:
        write = super().intend(push, now)
        if write is not None:
            self.sent.append(push.contact)
        return write

    def answered(
        self, push: Push, write: int, answer: Answer, now: datetime, words: str = ""
    ) -> None:
        super().answered(push, write, answer, now, words)
        self.moved(frozenset({push.contact}))
