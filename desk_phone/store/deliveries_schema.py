"""Tables of what still has to be told to other programs, and of what was told.

Moments are whole microseconds since 1970, UTC.
"""

from __future__ import annotations

DELIVERY_STEPS: tuple[str, ...] = (
    # Since when calls of an own line are told about: a first import of a month is no news.
    "CREATE TABLE told_lines (own TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID",
    # Once a call and thing, however often it is reported. No foreign key: a call that turns out to
    # be another one goes, and what was told of it counts for the other (own, other and start say
    # which). ``what`` is an event of model.crm, or 'opened'; ``told_at`` when.
    """CREATE TABLE told (
        call_id INTEGER NOT NULL,
        what TEXT NOT NULL,
        own TEXT NOT NULL,
        other TEXT NOT NULL,
        start INTEGER NOT NULL,
        told_at INTEGER NOT NULL,
        PRIMARY KEY (call_id, what)) WITHOUT ROWID""",
    "CREATE INDEX told_by_start ON told (start)",
    "CREATE INDEX told_by_person ON told (other, start)",
    # The queue of the webhook, in the order of id. ``key`` is the same at each try.
    """CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        call_id INTEGER NOT NULL,
        event TEXT NOT NULL,
        body TEXT NOT NULL,
        made INTEGER NOT NULL,
        stumbles INTEGER NOT NULL DEFAULT 0)""",
    # How many left the queue untold: 'full', 'old', 'refused'.
    "CREATE TABLE losses (why TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
)
