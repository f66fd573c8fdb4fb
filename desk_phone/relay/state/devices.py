"""Who may ask the gateway, and how a desk becomes one of them. Deeds.

Codes and tokens are kept as SHA-256, and looked up by it: how long that takes tells nothing of
them. A code has 51 bits and lives for 15 minutes, a token 256.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from desk_phone.errors import BadCredentials, BadInput, Refused
from desk_phone.i18n import tr
from desk_phone.model.numbers import from_service, is_e164
from desk_phone.model.secret import Secret
from desk_phone.model.text import clean
from desk_phone.relay.state import audit
from desk_phone.relay.state.audit import ADMINISTRATOR, DONE, Act, What

CODE_LIVES = timedelta(minutes=15)
_CORRECTED = timedelta(minutes=1)  # so far a clock may be set back and codes still work
_LETTERS = "ABCDEFGHJKMNPRSTWXYZ"  # none that is taken for another, or for a digit
_GROUPS, _GROUP = 3, 4
_TOKEN_BYTES, _ID_BYTES = 32, 6
_SEEN_EVERY = timedelta(hours=1)  # so that a question costs no write
_DAY, _YEAR = timedelta(days=1), timedelta(days=365)
_COLUMNS = "id, name, numbers, may_edit, may_target, enrolled, seen, revoked"


@dataclass(frozen=True, slots=True)
class Rights:
    """``numbers``, canonical, may be its own line; ``may_edit``: the company's phonebook;
    ``may_target``: where the service tells of calls."""

    numbers: tuple[str, ...]
    may_edit: bool = False
    may_target: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """What a code that was not used yet stands for."""

    name: str
    rights: Rights


@dataclass(frozen=True, slots=True)
class Enrolment:
    """``token`` is told here once, and to nobody again."""

    device: str
    token: Secret
    name: str
    rights: Rights


@dataclass(frozen=True, slots=True)
class Device:
    """``seen`` is when it asked last, to the hour; it and ``revoked`` are None for never."""

    id: str
    name: str
    rights: Rights
    enrolled: datetime
    seen: datetime | None
    revoked: datetime | None


def new_code(db: sqlite3.Connection, name: str, rights: Rights, now: datetime) -> Secret:
    """``ABCD-EFGH-JKMN``, for one computer. Raises BadInput: no name, no number of the form."""
    name = clean(name)
    if not name:
        raise BadInput(tr("The computer needs a name"), tr("Say whose it is, or where it stands."))
    code = "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP))
    db.execute(
        "INSERT INTO codes (hash, name, numbers, may_edit, may_target, ends)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (_hash(code), name, *_written(rights), _seconds(now + CODE_LIVES)),
    )
    audit.append(db, Act(ADMINISTRATOR, What.CODE), DONE, now)
    return Secret("-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)))


def offered(db: sqlite3.Connection, code: Secret, now: datetime) -> Offered:
    """Raises Refused: unknown, used or too old, and nobody is told which. One that a clock set back
    since would let live longer is too old, too."""
    row = db.execute(
        "SELECT name, numbers, may_edit, may_target FROM codes"
        " WHERE hash = ? AND NOT used AND ends > ? AND ends <= ?",
        (_hash(_typed(code)), _seconds(now), _seconds(now + CODE_LIVES + _CORRECTED)),
    ).fetchone()
    if row is None:
        raise Refused(
            tr("The relay does not take this code"),
            tr("Is it typed right? It works once and not for long: ask for a new one."),
        )
    name, *rights = row
    return Offered(name, _rights(*rights))


def new_id() -> str:
    """Of a device that is none yet; also its name at the broker."""
    return f"d-{secrets.token_hex(_ID_BYTES)}"


def use_code(db: sqlite3.Connection, code: Secret, now: datetime, device: str = "") -> Enrolment:
    """Make it a device, with this id or a new one. Raises Refused as `offered` does."""
    found, device = offered(db, code, now), device or new_id()
    token, rights = Secret(f"dp1.{device}.{_new_token()}"), _written(found.rights)
    db.execute("UPDATE codes SET used = ? WHERE hash = ?", (_seconds(now), _hash(_typed(code))))
    db.execute(
        "INSERT INTO devices (id, token, name, numbers, may_edit, may_target, enrolled, at_broker)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (device, _hash(token.reveal()), found.name, *rights, _seconds(now), rights[0]),
    )
    audit.append(db, Act(device, What.ENROL), DONE, now)
    return Enrolment(device, token, found.name, found.rights)


def by_token(db: sqlite3.Connection, token: Secret, now: datetime) -> Device:
    """Raises BadCredentials."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM devices WHERE token = ? AND NOT revoked",  # noqa: S608 - ours
        (_hash(token.reveal()),),
    ).fetchone()
    if row is None:
        raise BadCredentials(
            tr("This computer is no longer enrolled"), tr("Ask your administrator for a new code.")
        )
    device = _device(*row)
    if device.seen is None or now - device.seen >= _SEEN_EVERY:
        db.execute("UPDATE devices SET seen = ? WHERE id = ?", (_seconds(now), device.id))
    return device


def live(db: sqlite3.Connection, device: str) -> Device | None:
    """As it is now; None where it is unknown or was revoked."""
    row = db.execute(
        f"SELECT {_COLUMNS} FROM devices WHERE id = ? AND NOT revoked",  # noqa: S608 - ours
        (device,),
    ).fetchone()
    return _device(*row) if row else None


def withdraw_codes(db: sqlite3.Connection) -> None:
    """Of an older state: each may have been used since."""
    db.execute("DELETE FROM codes")


def doubt_accounts(db: sqlite3.Connection) -> None:
    """Of an older state: their accounts at the broker may hear of other numbers by now."""
    db.execute("UPDATE devices SET at_broker = ''")


def listed(db: sqlite3.Connection) -> tuple[Device, ...]:
    """By name, also those that were revoked."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM devices ORDER BY name, id")  # noqa: S608 - ours
    return tuple(_device(*row) for row in rows)


def grant(db: sqlite3.Connection, device: str, rights: Rights, now: datetime) -> None:
    """Other rights from now on; its account at the broker follows (`heard_otherwise`).

    Raises BadInput for a device that is unknown or revoked, and as `new_code` does.
    """
    _known(db, device)
    changed = db.execute(
        "UPDATE devices SET numbers = ?, may_edit = ?, may_target = ? WHERE id = ? AND NOT revoked",
        (*_written(rights), device),
    )
    if not changed.rowcount:
        raise BadInput(
            tr("This computer is no longer enrolled"), tr("“desk-phone relay devices” lists them.")
        )
    audit.append(db, Act(ADMINISTRATOR, What.GRANT, entry=device), DONE, now)


def revoke(db: sqlite3.Connection, device: str, now: datetime) -> None:
    """Its token is none from now on; its account at the broker is the caller's to end.

    Raises BadInput for one that is unknown.
    """
    _known(db, device)
    gone = db.execute(
        "UPDATE devices SET revoked = ? WHERE id = ? AND NOT revoked", (_seconds(now), device)
    )
    if gone.rowcount:
        audit.append(db, Act(ADMINISTRATOR, What.REVOKE, entry=device), DONE, now)


def revoked_accounts(db: sqlite3.Connection) -> frozenset[str]:
    """Devices that must have no account at the broker."""
    return frozenset(one for (one,) in db.execute("SELECT id FROM devices WHERE revoked"))


def heard_otherwise(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Devices whose account at the broker hears of other numbers than these, their own."""
    rows = db.execute("SELECT id, numbers FROM devices WHERE NOT revoked AND at_broker <> numbers")
    return {device: tuple(json.loads(numbers)) for device, numbers in rows}


def hears(db: sqlite3.Connection, device: str, numbers: Sequence[str]) -> None:
    """Its account at the broker was changed: it hears of these numbers now."""
    written = json.dumps(tuple(numbers))
    db.execute("UPDATE devices SET at_broker = ? WHERE id = ?", (written, device))


def purge(db: sqlite3.Connection, now: datetime) -> int:
    """Let go of codes a day after their end, of devices a year after they were revoked."""
    codes = db.execute("DELETE FROM codes WHERE ends < ?", (_seconds(now - _DAY),))
    long_ago = (_seconds(now - _YEAR),)
    gone = db.execute("DELETE FROM devices WHERE revoked AND revoked < ?", long_ago)
    return codes.rowcount + gone.rowcount


def _known(db: sqlite3.Connection, device: str) -> None:
    if db.execute("SELECT 1 FROM devices WHERE id = ?", (device,)).fetchone() is None:
        raise BadInput(
            tr("There is no such computer: %(device)s") % {"device": clean(device)},
            tr("“desk-phone relay devices” lists them."),
        )


def _written(rights: Rights) -> tuple[str, bool, bool]:
    numbers: Sequence[str] = tuple(dict.fromkeys(rights.numbers))
    if not numbers or not all(is_e164(one) and from_service(one) == one for one in numbers):
        raise BadInput(
            tr("The computer needs a number"),
            tr("Write it with its country code: %(number)s") % {"number": "+3726403231"},
        )
    return json.dumps(numbers), rights.may_edit, rights.may_target


def _rights(numbers: str, may_edit: int, may_target: int) -> Rights:
    return Rights(tuple(json.loads(numbers)), bool(may_edit), bool(may_target))


def _device(
    device: str,
    name: str,
    numbers: str,
    may_edit: int,
    may_target: int,
    enrolled: int,
    seen: int,
    revoked: int,
) -> Device:
    rights = _rights(numbers, may_edit, may_target)
    when = datetime.fromtimestamp(enrolled, UTC)
    return Device(device, name, rights, when, _moment(seen), _moment(revoked))


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def _typed(code: Secret) -> str:
    """As it was made, however a person types it."""
    return "".join(letter for letter in code.reveal().upper() if letter.isalnum())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
