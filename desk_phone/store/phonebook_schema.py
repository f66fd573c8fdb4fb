"""The phonebook's tables, for `schema.STEPS`. A step that was released is never changed.

Contents are JSON lists (name, number, second number), moments whole microseconds since 1970, UTC.
"""

from __future__ import annotations

PHONEBOOK_STEPS: tuple[str, ...] = (
    # AUTOINCREMENT: an id is never given twice, notes hang on it. name and the numbers are what the
    # window shows; busy is 1 where the next list must be looked at for more than a change.
    """CREATE TABLE contacts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        server_id TEXT NOT NULL, base TEXT, want TEXT, want_deleted INTEGER NOT NULL,
        may_add INTEGER NOT NULL, flight TEXT, hold TEXT NOT NULL, words TEXT NOT NULL,
        missing_since INTEGER, gone_at INTEGER, gone_how TEXT NOT NULL, busy INTEGER NOT NULL,
        name TEXT NOT NULL, number1 TEXT NOT NULL, number2 TEXT NOT NULL,
        pretty TEXT NOT NULL DEFAULT '', pretty_for TEXT NOT NULL DEFAULT '')""",
    """CREATE UNIQUE INDEX contacts_server_id ON contacts (server_id)
        WHERE server_id <> '' AND gone_at IS NULL""",
    "CREATE INDEX contacts_busy ON contacts (busy) WHERE busy",
    "CREATE INDEX contacts_number1 ON contacts (number1)",
    "CREATE INDEX contacts_number2 ON contacts (number2) WHERE number2 <> ''",
    """CREATE TABLE phonebook_conflicts (
        id INTEGER PRIMARY KEY, contact INTEGER NOT NULL, at INTEGER NOT NULL,
        ours TEXT, theirs TEXT, base TEXT,
        decision TEXT NOT NULL DEFAULT '', decided_at INTEGER)""",
    "CREATE INDEX phonebook_conflicts_open ON phonebook_conflicts (contact) WHERE decision = ''",
    """CREATE TABLE phonebook_acts (
        id INTEGER PRIMARY KEY, contact INTEGER NOT NULL, at INTEGER NOT NULL,
        before TEXT, after TEXT, undone INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE phonebook_audit (
        id INTEGER PRIMARY KEY, contact INTEGER NOT NULL, server_id TEXT NOT NULL,
        kind TEXT NOT NULL, before TEXT, after TEXT, at INTEGER NOT NULL,
        answer TEXT NOT NULL DEFAULT '', words TEXT NOT NULL DEFAULT '', answered_at INTEGER)""",
    """CREATE TABLE phonebook_snapshots (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, why TEXT NOT NULL, entries INTEGER NOT NULL,
        packed BLOB NOT NULL)""",
    "CREATE TABLE phonebook_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)

# Acts of the same number but 0 are undone as one: those of an import.
TOGETHER_STEPS: tuple[str, ...] = (
    *(
        f"ALTER TABLE {table} ADD COLUMN together INTEGER NOT NULL DEFAULT 0"
        for table in ("phonebook_acts", "aside_phonebook_acts")
    ),
    "CREATE INDEX phonebook_acts_together ON phonebook_acts (together) WHERE together <> 0",
)
