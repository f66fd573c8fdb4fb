"""What desks send, believed no more than anything from outside."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request

from desk_phone.model.reading import Kind, of_key
from desk_phone.model.relayed import Position
from desk_phone.model.secret import Secret
from desk_phone.model.text import AT_MOST, clean

LARGEST = 64 * 1024  # bytes of a body
_WITHIN = 10.0  # seconds for all of it
_KEY = re.compile(r"[!-~]{1,128}")
_VERSION = re.compile(r'"([0-9A-Za-z]{0,128})"')
_TOKEN = re.compile(r"bearer +([!-~]{1,512})", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_ENTRY_NUMBER = re.compile(r"[+0-9*#]{0,32}")
_ENTRY = re.compile(r"[0-9A-Za-z_-]{1,64}")
_EPOCH = re.compile(r"[0-9A-Za-z]{0,64}")
_SEQ = re.compile(r"[0-9]{1,16}")
_URL = re.compile(r"[!-~]{1,512}")
_NEVER_DIALLED = frozenset({Kind.EMERGENCY, Kind.SATELLITE})


class NotServed(Exception):
    """It ends here, with this status; ``retry_after`` in seconds, 0 for none."""

    def __init__(self, status: int, retry_after: float = 0.0) -> None:
        super().__init__(status)
        self.status, self.retry_after = status, retry_after


async def body_of(request: Request) -> bytes:
    whole = bytearray()
    try:
        async with asyncio.timeout(_WITHIN):
            async for part in request.stream():
                whole += part
                if len(whole) > LARGEST:
                    raise NotServed(400)
    except (TimeoutError, ClientDisconnect) as error:
        raise NotServed(400) from error
    return bytes(whole)


def texts(body: bytes, *names: str) -> Mapping[str, str]:
    """Exactly these members, and texts all of them; without names the body may be empty."""
    if not body and not names:
        return {}
    try:
        given = json.loads(body.decode(), object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise NotServed(400) from error
    if not isinstance(given, dict) or set(given) != set(names):
        raise NotServed(400)
    if not all(isinstance(value, str) for value in given.values()):
        raise NotServed(400)
    return given


def token_of(request: Request) -> Secret:
    found = _TOKEN.fullmatch(_only(request, "authorization", 401))
    if found is None:
        raise NotServed(401)
    return Secret(found[1])


def key_of(request: Request) -> str:
    return _like(_KEY, _only(request, "idempotency-key"))


def match_of(request: Request) -> str:
    """The version of an entry that If-Match names."""
    found = _VERSION.fullmatch(_only(request, "if-match"))
    if found is None:
        raise NotServed(400)
    return found[1]


def number(text: str) -> str:
    """Canonical, or at least digits."""
    return _like(_NUMBER, text)


def entry_number(text: str) -> str:
    """What the phonebook may hold; empty for none."""
    return _like(_ENTRY_NUMBER, text)


def name(text: str) -> str:
    """Clean; one that is too long is refused and not cut."""
    if len(text) > AT_MOST:
        raise NotServed(400)
    return clean(text)


def entry_id(text: str) -> str:
    return _like(_ENTRY, text)


def target(text: str) -> str:
    """An address that the service may call."""
    try:
        parts = urlsplit(_like(_URL, text))
        fit = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError as error:
        raise NotServed(400) from error
    if not fit:
        raise NotServed(400)
    return text


def position_of(request: Request) -> Position:
    """Of ``?epoch=E&after=N``; without them it knows nothing."""
    given = request.query_params.multi_items()
    asked = dict(given)
    if len(asked) != len(given) or not set(asked) <= {"epoch", "after"}:
        raise NotServed(400)
    epoch, seq = asked.get("epoch", ""), asked.get("after", "0")
    return Position(_like(_EPOCH, epoch), int(_like(_SEQ, seq)))


def never_dialled(other: str) -> bool:
    """As on every desk: neither emergency nor satellite numbers, whoever asks."""
    return of_key(other).kind in _NEVER_DIALLED


def _only(request: Request, header: str, otherwise: int = 400) -> str:
    """Of a header that stands there once."""
    found = request.headers.getlist(header)
    if len(found) != 1:
        raise NotServed(otherwise)
    return found[0]


def _like(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise NotServed(400)
    return text


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Who names a member twice is read differently by others."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("twice")
    return found
