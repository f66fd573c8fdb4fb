"""Which missed calls a person said are done, and when.

Every write belongs to the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from desk_phone.model.moment import micros, moment


class Handled:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of(self, ids: Iterable[int]) -> dict[int, datetime]:
        """By the call's id; what a later talk did by itself is not among them."""
        found = self._db.execute(
            "SELECT call_id, at FROM handled WHERE call_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return {call_id: moment(at) for call_id, at in found}

    def mark(self, ids: Iterable[int], at: datetime) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO handled VALUES (?, ?)",
            [(call_id, micros(at)) for call_id in ids],
        )

    def unmark(self, ids: Iterable[int]) -> None:
        self._db.executemany("DELETE FROM handled WHERE call_id = ?", [(id_,) for id_ in ids])

    def move(self, loser: int, winner: int) -> None:
        """Two calls turned out to be one."""
        self._db.execute(
            "UPDATE OR IGNORE handled SET call_id = ? WHERE call_id = ?", (winner, loser)
        )
