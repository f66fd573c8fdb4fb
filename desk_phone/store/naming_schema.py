"""Tables that tell who has which name now, for `schema.STEPS`.

Whoever writes an entry of the phonebook need not think of the calls: the triggers note in the same
transaction the numbers whose names may be others now, and `CallLedger.rename` takes them over.
"""

from __future__ import annotations

_DUE = "INSERT OR IGNORE INTO names_due SELECT {number} WHERE {number} <> ''"


def _due(*numbers: str) -> str:
    return " ".join(f"{_DUE.format(number=number)};" for number in numbers)


_OLD, _NEW = ("old.number1", "old.number2"), ("new.number1", "new.number2")
_SAYS = ("number1", "number2", "name", "pretty", "pretty_for", "want_deleted", "gone_at")
_DIFFERS = " OR ".join(f"old.{column} IS NOT new.{column}" for column in _SAYS)

NAMING_STEPS: tuple[str, ...] = (
    # How persons spelled the names that an entry had: an undone name comes back as it was written.
    """CREATE TABLE spellings (
        contact INTEGER NOT NULL, wire TEXT NOT NULL, pretty TEXT NOT NULL,
        PRIMARY KEY (contact, wire)) WITHOUT ROWID""",
    """CREATE TRIGGER contact_spelt AFTER UPDATE OF pretty, pretty_for ON contacts
        WHEN new.pretty <> '' BEGIN
        INSERT OR REPLACE INTO spellings VALUES (new.id, new.pretty_for, new.pretty); END""",
    """CREATE TRIGGER contact_spelt_again AFTER UPDATE OF name ON contacts
        WHEN new.name <> new.pretty_for BEGIN
        UPDATE contacts SET pretty_for = wire, pretty = spellings.pretty FROM spellings
        WHERE contacts.id = new.id AND contact = new.id AND wire = new.name; END""",
    # The company's own numbers, as last heard, with the display names that we know of.
    "CREATE TABLE lines (number TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE names_due (other TEXT PRIMARY KEY) WITHOUT ROWID",
    f"CREATE TRIGGER contact_came AFTER INSERT ON contacts BEGIN {_due(*_NEW)} END",
    f"""CREATE TRIGGER contact_went AFTER DELETE ON contacts
        BEGIN {_due(*_OLD)} DELETE FROM spellings WHERE contact = old.id; END""",
    f"""CREATE TRIGGER contact_changed AFTER UPDATE OF {", ".join(_SAYS)} ON contacts
        WHEN {_DIFFERS} BEGIN {_due(*_OLD, *_NEW)} END""",
)
