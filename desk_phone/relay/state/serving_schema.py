"""What the relay remembers for itself; a step of `relay.state.schema`."""

from __future__ import annotations

SERVING = (
    # Small facts by name: the secret of the address, what the service was told.
    "CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # What the company's own program has not taken yet.
    (
        "CREATE TABLE forwards ("
        " id INTEGER PRIMARY KEY,"
        " query TEXT NOT NULL,"  # what the service's own request says behind its ?
        " heard INTEGER NOT NULL, due INTEGER NOT NULL,"  # milliseconds of the epoch
        " tries INTEGER NOT NULL DEFAULT 0)"
    ),
    "CREATE INDEX forwards_due ON forwards (due, id)",
)
