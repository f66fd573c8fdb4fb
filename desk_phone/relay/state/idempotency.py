"""Requests that change something, each under a key of its device: done once, whatever dies. Deeds.

A request is written down as begun before the service is asked, and its outcome afterwards. One that
has begun and has no outcome was under way when the relay died: nobody knows what became of it, and
it is not done again.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.relay.state import audit
from desk_phone.relay.state.audit import Act, What

KEPT = timedelta(hours=24)
INTERRUPTED = "uncertain, the relay ended"  # the outcome in the audit log


@dataclass(frozen=True, slots=True)
class Request:
    """``fingerprint`` tells whether two requests ask for the same; see `fingerprint`."""

    device: str
    key: str
    fingerprint: str
    act: Act


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered: ``body`` is JSON or empty, ``retry_after`` in seconds, 0 for none."""

    status: int
    body: str = ""
    retry_after: int = 0


BEGUN = Outcome(0)  # it is new, and may be done now
UNKNOWN = Outcome(502, '{"kind":"uncertain","code":""}')


class OtherRequest(BadInput):
    """The key was used for something else."""


def fingerprint(method: str, path: str, match: str, body: bytes) -> str:
    """``match`` is the version it was asked about, empty for none."""
    digest = hashlib.sha256()
    for part in (method.encode(), path.encode(), match.encode(), body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def begin(db: sqlite3.Connection, request: Request, now: datetime) -> Outcome:
    """`BEGUN`, or what became of it the first time. Raises OtherRequest."""
    row = db.execute(
        "SELECT fingerprint, status, body, retry_after FROM requests WHERE device = ? AND key = ?",
        (request.device, request.key),
    ).fetchone()
    if row is not None:
        known, *outcome = row
        if known != request.fingerprint:
            raise other_request()
        return Outcome(*outcome) if outcome[0] else UNKNOWN
    act = request.act
    words = (request.device, request.key, request.fingerprint)
    db.execute(
        "INSERT INTO requests (device, key, fingerprint, begun, what, own, other, entry)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*words, int(now.timestamp()), act.what.value, act.own, act.other, act.entry),
    )
    return BEGUN


def end(
    db: sqlite3.Connection, request: Request, outcome: Outcome, word: str, now: datetime
) -> None:
    """Write down what became of it, here and in the audit log, where it is called ``word``."""
    db.execute(
        "UPDATE requests SET status = ?, body = ?, retry_after = ? WHERE device = ? AND key = ?",
        (outcome.status, outcome.body, outcome.retry_after, request.device, request.key),
    )
    audit.append(db, request.act, word, now)


def settle_interrupted(db: sqlite3.Connection, now: datetime) -> int:
    """At the start: what was under way when the relay died is in doubt for good. How many."""
    found = db.execute(
        "SELECT device, key, what, own, other, entry FROM requests WHERE NOT status ORDER BY begun"
    ).fetchall()
    for device, key, what, *rest in found:
        act = Act(device, What(what), *rest)
        end(db, Request(device, key, "", act), UNKNOWN, INTERRUPTED, now)
    return len(found)


def purge(db: sqlite3.Connection, now: datetime) -> int:
    """Let go of keys after a day."""
    kept = int((now - KEPT).timestamp())
    return db.execute("DELETE FROM requests WHERE begun < ?", (kept,)).rowcount


def other_request() -> OtherRequest:
    return OtherRequest(
        tr("The relay does not understand this"), tr("Update this program or the relay.")
    )
