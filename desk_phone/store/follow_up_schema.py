"""Tables of notes, of what was put off, and of why a missed call needs nobody any more.

Moments are whole microseconds since 1970, UTC.
"""

from __future__ import annotations

FOLLOW_UP_STEPS: tuple[str, ...] = (
    # Either of a call or about a number. The note of a call goes with it (`CallLedger.purge`); of
    # two calls that turn out to be one it moves to the other first (`store.notes.Notes.move`).
    """CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        call_id INTEGER UNIQUE REFERENCES calls (id) ON DELETE CASCADE,
        other TEXT UNIQUE,
        text TEXT NOT NULL,
        folded TEXT NOT NULL,
        created INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        CHECK ((call_id IS NULL) <> (other IS NULL)))""",
    "CREATE INDEX notes_by_time ON notes (changed)",
    # The texts that a note had before, so that a mistaken clear can be undone.
    """CREATE TABLE note_versions (
        note INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
        nr INTEGER NOT NULL,
        text TEXT NOT NULL,
        written INTEGER NOT NULL,
        PRIMARY KEY (note, nr)) WITHOUT ROWID""",
    # Whom to call, and when. ``about`` is the start of the latest missed call that was put off,
    # else when that was: a talk that began no earlier makes it needless. ``told``: it came due.
    """CREATE TABLE reminders (
        other TEXT PRIMARY KEY,
        due INTEGER NOT NULL,
        since INTEGER NOT NULL,
        about INTEGER NOT NULL,
        told INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX reminders_by_time ON reminders (due) WHERE told = 0",
    """CREATE INDEX calls_snoozed ON calls (other)
        WHERE outcome = 'missed' AND attention = 'snoozed'""",
    # The missed calls of which a person said that they are done.
    """CREATE TABLE handled (
        call_id INTEGER PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE,
        at INTEGER NOT NULL)""",
    # The calls that were told as ringing.
    """CREATE TABLE rings (
        call_id INTEGER PRIMARY KEY REFERENCES calls (id) ON DELETE CASCADE)""",
    # What a person did last, and how everything was before, as JSON.
    """CREATE TABLE deeds (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        other TEXT NOT NULL,
        before TEXT NOT NULL)""",
)
