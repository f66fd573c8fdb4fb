"""Which calls were told as ringing: each is told once, whatever is heard of it later."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection


class Rings:
    """Every write belongs to the caller's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def first(self, ringing: Collection[int]) -> set[int]:
        """Those of the calls that were not told before; from now on they were."""
        if not ringing:
            return set()
        wanted = json.dumps(sorted(ringing))
        found = self._db.execute(
            "SELECT call_id FROM rings WHERE call_id IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
        new = set(ringing) - {call_id for (call_id,) in found}
        self._db.executemany("INSERT INTO rings VALUES (?)", ((call_id,) for call_id in new))
        return new

    def move(self, loser: int, winner: int) -> None:
        """Two calls turned out to be one."""
        self._db.execute(
            "INSERT OR IGNORE INTO rings SELECT ? FROM rings WHERE call_id = ?", (winner, loser)
        )
