"""One transaction that changes calls, and what it changed as it is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from desk_phone.model.calls import Change
from desk_phone.store.database import writing
from desk_phone.store.people import People
from desk_phone.store.tally import Tally


class Changing:
    def __init__(self, db: sqlite3.Connection, people: People) -> None:
        self._db, self._people = db, people

    @contextmanager
    def begin(self) -> Iterator[Tally]:
        """Durable at the end, or BadInput and nothing changed; not to be nested."""
        with writing(self._db):
            tally = Tally()
            yield tally
            self._people.refresh(tally.others)

    def told(self, tally: Tally) -> tuple[Change, ...]:
        """What changed, with the names of now."""
        changes = tally.changes()
        after = self._people.calling([change.after for change in changes])
        known = [change.before for change in changes if change.before is not None]
        before = iter(self._people.calling(known))
        return tuple(
            Change(None if change.before is None else next(before), now)
            for change, now in zip(changes, after, strict=True)
        )
