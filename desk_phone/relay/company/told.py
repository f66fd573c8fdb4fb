"""An answer for many desks: written as JSON once, packed once, named by what it says."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from desk_phone.model.calls import CallRecord
from desk_phone.telco.service import Entry

_WORTH_PACKING = 1024  # bytes
FOR_MANY, FOR_ONE = 6, 1  # levels of gzip
_MEMBERS = tuple(field.name for field in fields(CallRecord))


@dataclass(frozen=True, slots=True)
class Told:
    """``etag`` is a digest of the JSON. ``packed``: ``body`` is gzip's."""

    etag: str
    body: bytes
    packed: bool

    def plain(self) -> bytes:
        return gzip.decompress(self.body) if self.packed else self.body


def told(members: Mapping[str, object], level: int = FOR_MANY) -> Told:
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    etag = hashlib.sha256(text).hexdigest()
    if len(text) < _WORTH_PACKING:
        return Told(etag, text, False)
    return Told(etag, gzip.compress(text, level, mtime=0), True)


def told_records(records: Iterable[CallRecord]) -> Told:
    return told({"records": [{m: getattr(one, m) for m in _MEMBERS} for one in records]})


def told_entries(entries: Iterable[Entry]) -> Told:
    return told({"entries": [{**_written(one), "version": version(one)} for one in entries]})


def version(entry: Entry) -> str:
    """Of what the entry says: another name or number makes another version."""
    text = json.dumps(list(_written(entry).values()), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _written(entry: Entry) -> dict[str, str]:
    return {
        "id": entry.id,
        "name": entry.name,
        "number1": entry.number1,
        "number2": entry.number2,
    }
