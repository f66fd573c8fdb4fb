"""Tables of the contacts that come from elsewhere.

A person who changes is another row (`model.elsewhere.Outsider.id`), so rows come and go and never
change. The triggers note, as those of the phonebook do, which numbers' names may be others now;
only of numbers that somebody called from or to: of the rest nobody shows a name before they call.
"""

from __future__ import annotations

_DUE = """INSERT OR IGNORE INTO names_due SELECT {number}
    WHERE EXISTS (SELECT 1 FROM calls WHERE other = {number});"""

ELSEWHERE_STEPS: tuple[str, ...] = (
    # ``key`` names the password in the keyring. ``mark`` and ``digest`` are those of the last good
    # reading; ``doubted`` is the digest of a list too short to be believed, ``doubted_at`` since
    # when it is so. AUTOINCREMENT: an id that people were chosen from is never another source's.
    """CREATE TABLE sources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        address TEXT NOT NULL,
        label TEXT NOT NULL,
        user TEXT NOT NULL,
        key TEXT NOT NULL,
        mark TEXT NOT NULL DEFAULT '',
        digest TEXT NOT NULL DEFAULT '',
        entries INTEGER NOT NULL DEFAULT 0,
        left_out INTEGER NOT NULL DEFAULT 0,
        read_at INTEGER,
        trouble TEXT NOT NULL DEFAULT '',
        doubted TEXT NOT NULL DEFAULT '',
        doubted_at INTEGER,
        UNIQUE (kind, address, user))""",
    """CREATE TABLE outsiders (
        source INTEGER NOT NULL REFERENCES sources (id),
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        company TEXT NOT NULL,
        numbers TEXT NOT NULL,
        texts TEXT NOT NULL,
        PRIMARY KEY (source, id)) WITHOUT ROWID""",
    """CREATE TABLE outside_numbers (
        number TEXT NOT NULL,
        source INTEGER NOT NULL,
        outsider TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (number, source, outsider)) WITHOUT ROWID""",
    f"""CREATE TRIGGER outside_number_came AFTER INSERT ON outside_numbers
        BEGIN {_DUE.format(number="new.number")} END""",
    f"""CREATE TRIGGER outside_number_went AFTER DELETE ON outside_numbers
        BEGIN {_DUE.format(number="old.number")} END""",
    """CREATE TRIGGER source_renamed AFTER UPDATE OF label ON sources
        WHEN old.label IS NOT new.label BEGIN
        INSERT OR IGNORE INTO names_due SELECT other FROM people
        WHERE name_source = 'elsewhere' AND name_label = old.label; END""",
    "ALTER TABLE people ADD COLUMN name_label TEXT NOT NULL DEFAULT ''",
)
