"""Small facts of the relay by name. Deeds for `relay.state.database`."""

from __future__ import annotations

import sqlite3


def get(db: sqlite3.Connection, name: str) -> str:
    """Empty where nothing was kept."""
    row = db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
    return row[0] if row else ""


def put(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (name, value))


def forget(db: sqlite3.Connection, name: str) -> None:
    db.execute("DELETE FROM kept WHERE name = ?", (name,))


def beginning(db: sqlite3.Connection, start: str) -> dict[str, str]:
    """All whose name begins so, by the rest of their names."""
    rows = db.execute(
        "SELECT substr(name, ?), value FROM kept WHERE substr(name, 1, ?) = ?",
        (len(start) + 1, len(start), start),
    )
    return dict(rows.fetchall())
