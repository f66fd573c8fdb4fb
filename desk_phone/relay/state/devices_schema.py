"""The relay's tables of devices, codes, requests under a key, and the audit log.

Tokens and codes are there as SHA-256 alone. What the triggers of ``audit`` refuse is refused to
everybody who writes into the file, by whatever program.
"""

from __future__ import annotations


def _refused(what: str) -> str:
    """``what``: a trigger's name, when it acts, and where it matters."""
    why = "the audit log is only written on"
    return f"CREATE TRIGGER {what} BEGIN SELECT RAISE(ABORT, '{why}'); END"


DEVICES = (
    # Times are seconds of the epoch, UTC; 0: not yet. ``numbers`` is a JSON list.
    (
        "CREATE TABLE codes ("
        " hash TEXT PRIMARY KEY, name TEXT NOT NULL, numbers TEXT NOT NULL,"
        " may_edit INTEGER NOT NULL, may_target INTEGER NOT NULL,"
        " ends INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID"
    ),
    (
        "CREATE TABLE devices ("
        " id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, name TEXT NOT NULL,"
        " numbers TEXT NOT NULL, may_edit INTEGER NOT NULL, may_target INTEGER NOT NULL,"
        " enrolled INTEGER NOT NULL,"
        " seen INTEGER NOT NULL DEFAULT 0,"  # about when it asked last
        " revoked INTEGER NOT NULL DEFAULT 0,"
        " at_broker TEXT NOT NULL) WITHOUT ROWID"  # the numbers that its account there hears of
    ),
    (
        "CREATE TABLE requests ("
        " device TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL,"
        " begun INTEGER NOT NULL,"
        " what TEXT NOT NULL, own TEXT NOT NULL, other TEXT NOT NULL, entry TEXT NOT NULL,"
        " status INTEGER NOT NULL DEFAULT 0,"  # 0: nobody knows what became of it
        " body TEXT NOT NULL DEFAULT '', retry_after INTEGER NOT NULL DEFAULT 0,"
        " PRIMARY KEY (device, key)) WITHOUT ROWID"
    ),
    "CREATE INDEX requests_age ON requests (begun)",
    (
        "CREATE TABLE audit ("
        " seq INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
        " who TEXT NOT NULL, what TEXT NOT NULL,"
        " own TEXT NOT NULL, other TEXT NOT NULL, entry TEXT NOT NULL, outcome TEXT NOT NULL,"
        " before TEXT NOT NULL, hash TEXT NOT NULL)"
    ),
    # ``head``: the last row; ``cut``: the last one that was let go of.
    "CREATE TABLE audit_ends (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL)",
    "INSERT INTO audit_ends VALUES ('head', 0, ''), ('cut', 0, '')",
    _refused(
        "audit_follows BEFORE INSERT ON audit"
        " WHEN NEW.seq IS NOT (SELECT seq + 1 FROM audit_ends WHERE name = 'head')"
        " OR NEW.before IS NOT (SELECT hash FROM audit_ends WHERE name = 'head')"
    ),
    (
        "CREATE TRIGGER audit_goes_on AFTER INSERT ON audit"
        " BEGIN UPDATE audit_ends SET seq = NEW.seq, hash = NEW.hash WHERE name = 'head'; END"
    ),
    _refused("audit_stays BEFORE UPDATE ON audit"),
    _refused(
        "audit_is_kept BEFORE DELETE ON audit"
        " WHEN OLD.seq > (SELECT seq FROM audit_ends WHERE name = 'cut')"
    ),
    _refused(
        "audit_ends_fit BEFORE UPDATE ON audit_ends"
        " WHEN NEW.name IS NOT OLD.name OR NEW.seq <= OLD.seq"
        " OR NEW.hash IS NOT (SELECT hash FROM audit WHERE seq = NEW.seq)"
    ),
    _refused("audit_ends_stay BEFORE DELETE ON audit_ends"),
    _refused("audit_ends_are_two BEFORE INSERT ON audit_ends"),
)
