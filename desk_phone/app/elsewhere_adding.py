"""A new source of others' contacts: it is added where its first reading succeeds. Free of Qt."""

from __future__ import annotations

import logging

from desk_phone.app.acts import Act
from desk_phone.app.elsewhere import Elsewhere
from desk_phone.errors import PhoneError
from desk_phone.model.elsewhere import Source, SourceKind
from desk_phone.model.secret import Secret

_log = logging.getLogger(__name__)


def add_read(
    elsewhere: Elsewhere,
    kind: SourceKind,
    address: str,
    label: str = "",
    user: str = "",
    secret: Secret | None = None,
    key: str = "",
) -> Act[tuple[Source, PhoneError | None]]:
    """`Elsewhere.add` and the first reading: until that has succeeded nobody sees the source, and
    where it fails nothing was added. Raises PhoneError."""
    source, trouble = yield from elsewhere.add(kind, address, label, user, secret, key, tried=True)
    try:
        yield from elsewhere.read(source.id, asked=True)
    except PhoneError:
        yield from _take_away(elsewhere, source.id)
        raise
    finally:
        elsewhere.tried.discard(source.id)
    elsewhere.moved(source.id)
    elsewhere.told(frozenset({source.id}), ())  # its people came while nobody saw the source
    return source, trouble


def _take_away(elsewhere: Elsewhere, source_id: int) -> Act[None]:
    try:
        yield from elsewhere.remove(source_id)
    except PhoneError as error:  # no room, say: the person needs the first reason more
        _log.warning("source %d could not be removed: %s", source_id, error.title)
