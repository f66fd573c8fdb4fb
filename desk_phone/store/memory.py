"""Small durable facts: what to remember over a restart and what is no setting."""

from __future__ import annotations

import sqlite3

from desk_phone.store.database import writing


class Memory:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, name: str, default: str = "") -> str:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """Durable on return; raises BadInput where there is no room."""
        with writing(self._db):
            self._db.execute(
                "INSERT INTO facts VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def forget(self, name: str) -> None:
        with writing(self._db):
            self._db.execute("DELETE FROM facts WHERE name = ?", (name,))
