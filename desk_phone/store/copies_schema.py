"""Where copies of other companies' phonebooks lie aside, for `schema.STEPS`.

Each table of the phonebook has one beside it with the same columns after ``copy``: a step that
gives a column to one of `TABLES` gives it to ``aside_`` of it too.
"""

from __future__ import annotations

TABLES = (  # in the order in which they come back: entries before what is said of them
    "contacts",
    "spellings",
    "phonebook_conflicts",
    "phonebook_acts",
    "phonebook_snapshots",
    "phonebook_facts",
)

_BESIDE = "CREATE TABLE aside_{table} AS SELECT 0 AS copy, {table}.* FROM {table} WHERE 0"

COPIES_STEPS: tuple[str, ...] = (
    """CREATE TABLE phonebook_copies (
        id INTEGER PRIMARY KEY, user TEXT NOT NULL, service TEXT NOT NULL, at INTEGER NOT NULL,
        entries INTEGER NOT NULL)""",
    *(_BESIDE.format(table=table) for table in TABLES),
)
