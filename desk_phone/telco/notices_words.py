"""The words of one notice: ``ts=...&anr=...&bnr=...&fn=...&type=Start&answer=No``.

Only ``type=Start&answer=No`` is documented; any other words are taken as they are. The service
may put a space before a name (``%20ts``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from desk_phone.model.calls import Notice
from desk_phone.model.notices import Freshness, Refusal, freshness
from desk_phone.model.numbers import from_service
from desk_phone.model.text import clean

FIELDS_AT_MOST = 16
_DIGITS_OF_TIME = 11


def believe(
    query: bytes, numbers: frozenset[str], now: datetime
) -> tuple[Notice, Freshness] | Refusal:
    """What a query says, if it may be so. ``numbers`` are the canonical ones that are ours."""
    fields = _fields(query)
    if fields is None:
        return Refusal.FIELDS
    at = _moment(fields.get("ts", b""))
    if at is None:
        return Refusal.FIELDS
    own = from_service(_text(fields.get("bnr", b"")))
    if own not in numbers:
        return Refusal.NUMBER
    fresh = freshness(at, now)
    if isinstance(fresh, Refusal):
        return fresh
    other, name, kind, answer = (
        _text(fields.get(key, b"")) for key in ("anr", "fn", "type", "answer")
    )
    return Notice(own, from_service(other), at, name, kind, answer), fresh


def _fields(query: bytes) -> dict[str, bytes] | None:
    """By name, decoded but for their letters; None where two readers could disagree."""
    parts = [part for part in query.split(b"&") if part]
    if len(parts) > FIELDS_AT_MOST:
        return None
    fields: dict[str, bytes] = {}
    for part in parts:
        raw_name, _, raw = part.partition(b"=")
        name = _text(_decoded(raw_name))
        if name in fields:
            return None
        fields[name] = _decoded(raw)
    return fields


def _decoded(raw: bytes) -> bytes:
    return unquote_to_bytes(raw.replace(b"+", b" "))


def _text(value: bytes) -> str:
    """UTF-8 where it can be that, else Windows' own (cp1252), of which ISO-8859-1 is a part."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("cp1252", "ignore")
    return clean(text)


def _moment(value: bytes) -> datetime | None:
    """Of a unix timestamp in whole seconds."""
    digits = value.strip()
    if not digits.isdigit() or len(digits) > _DIGITS_OF_TIME:
        return None
    return datetime.fromtimestamp(int(digits), UTC)
