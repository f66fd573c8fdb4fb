"""The relay's own database, version by version: see `store.database.open_database`.

``notices`` is the outbox: what the service told, kept for 31 days, numbered for each own line.
What the gateway keeps is in `devices_schema`.
"""

from __future__ import annotations

from desk_phone.relay.state.devices_schema import DEVICES
from desk_phone.relay.state.serving_schema import SERVING

_OUTBOX = (
    # ``last`` goes on for ever, though notices are purged.
    (
        "CREATE TABLE lines (own TEXT PRIMARY KEY, epoch TEXT NOT NULL, last INTEGER NOT NULL)"
        " WITHOUT ROWID"
    ),
    (
        "CREATE TABLE notices ("
        " own TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL,"
        " at INTEGER NOT NULL,"  # seconds of the epoch, UTC: what the service said
        " heard INTEGER NOT NULL,"  # milliseconds: when we heard it
        " other TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, answer TEXT NOT NULL,"
        " published INTEGER NOT NULL DEFAULT 0,"  # the broker said that it has it
        " PRIMARY KEY (own, epoch, seq)) WITHOUT ROWID"
    ),
    "CREATE INDEX waiting ON notices (heard, own, seq) WHERE NOT published",
    "CREATE INDEX age ON notices (heard)",
)

_DEVICES = DEVICES

STEPS = (_OUTBOX, _DEVICES, SERVING)
