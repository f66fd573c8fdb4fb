"""The tables, as the steps that made them. A step that was released is never changed.

Moments are whole microseconds since 1970, UTC.
"""

from __future__ import annotations

from desk_phone.store.copies_schema import COPIES_STEPS
from desk_phone.store.deliveries_schema import DELIVERY_STEPS
from desk_phone.store.elsewhere_schema import ELSEWHERE_STEPS
from desk_phone.store.follow_up_schema import FOLLOW_UP_STEPS
from desk_phone.store.naming_schema import NAMING_STEPS
from desk_phone.store.phonebook_schema import PHONEBOOK_STEPS, TOGETHER_STEPS

_FIRST = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # One row a call. ``attention`` is what became of it once it was told as missed, and stays
    # when it turns out not to be; AUTOINCREMENT: an id is never given twice, notes hang on it.
    """CREATE TABLE calls (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        own TEXT NOT NULL,
        other TEXT NOT NULL,
        other_text TEXT NOT NULL,
        direction TEXT NOT NULL,
        outcome TEXT NOT NULL,
        start INTEGER NOT NULL,
        answered INTEGER,
        released INTEGER,
        record_id TEXT,
        name TEXT NOT NULL,
        name_source TEXT NOT NULL,
        attention TEXT NOT NULL,
        hidden INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX calls_all ON calls (start, id) WHERE hidden = 0",
    "CREATE INDEX calls_one_way ON calls (direction, start, id) WHERE hidden = 0",
    "CREATE INDEX calls_missed ON calls (start, id) WHERE outcome = 'missed' AND hidden = 0",
    """CREATE INDEX calls_open ON calls (other, start, id)
        WHERE outcome = 'missed' AND attention IN ('new', 'seen')""",
    """CREATE INDEX calls_new ON calls (start, id)
        WHERE outcome = 'missed' AND attention = 'new' AND hidden = 0""",
    "CREATE INDEX calls_with ON calls (other, start)",
    "CREATE INDEX calls_ringing ON calls (start) WHERE outcome = 'ringing'",
    # What was reported, each thing once. The first ten columns of a record are its own words; of
    # two versions what either knows. ``start`` is when that was, ``heard`` when it first came.
    """CREATE TABLE records (
        own TEXT NOT NULL,
        record_id TEXT NOT NULL,
        calling TEXT NOT NULL,
        called TEXT NOT NULL,
        answer_indic TEXT NOT NULL,
        direction_word TEXT NOT NULL,
        start_time TEXT NOT NULL,
        other_party_name TEXT NOT NULL,
        answer_time TEXT NOT NULL,
        release_time TEXT NOT NULL,
        direction TEXT NOT NULL,
        other TEXT NOT NULL,
        other_text TEXT NOT NULL,
        start INTEGER NOT NULL,
        heard INTEGER NOT NULL,
        settled INTEGER NOT NULL,
        call_id INTEGER REFERENCES calls (id),
        PRIMARY KEY (own, record_id)) WITHOUT ROWID""",
    "CREATE INDEX records_of_group ON records (own, other, direction, start)",
    "CREATE INDEX records_of_call ON records (call_id)",
    "CREATE INDEX records_unsettled ON records (start) WHERE settled = 0",
    """CREATE TABLE notices (
        id INTEGER PRIMARY KEY,
        own TEXT NOT NULL,
        other TEXT NOT NULL,
        at INTEGER NOT NULL,
        name TEXT NOT NULL,
        type TEXT NOT NULL,
        answer TEXT NOT NULL,
        opens INTEGER NOT NULL,
        answered INTEGER NOT NULL,
        call_id INTEGER REFERENCES calls (id),
        UNIQUE (own, other, at, name, type, answer))""",
    "CREATE INDEX notices_of_call ON notices (call_id)",
    """CREATE TABLE dials (
        id INTEGER PRIMARY KEY,
        own TEXT NOT NULL,
        other TEXT NOT NULL,
        at INTEGER NOT NULL,
        call_id INTEGER REFERENCES calls (id),
        UNIQUE (own, other, at))""",
    "CREATE INDEX dials_by_time ON dials (at)",
    "CREATE INDEX dials_of_call ON dials (call_id)",
    # Whom the calls were with: the latest known name, and what a search looks through.
    """CREATE TABLE people (
        other TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        name_source TEXT NOT NULL,
        last INTEGER NOT NULL,
        calls INTEGER NOT NULL,
        folded TEXT NOT NULL,
        sounded TEXT NOT NULL,
        keyed TEXT NOT NULL,
        digits TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX people_by_time ON people (last)",
    # Time nobody can tell about any more: the service keeps 31 days.
    """CREATE TABLE gaps (
        own TEXT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (own, since)) WITHOUT ROWID""",
)

_PHONEBOOK = (*PHONEBOOK_STEPS, *NAMING_STEPS, *COPIES_STEPS)

STEPS: tuple[tuple[str, ...], ...] = (
    _FIRST,
    _PHONEBOOK,
    ELSEWHERE_STEPS,
    FOLLOW_UP_STEPS,
    DELIVERY_STEPS,
    TOGETHER_STEPS,
)
