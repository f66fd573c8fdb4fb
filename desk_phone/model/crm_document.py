"""What a webhook is told of one event, as JSON. docs/crm.md describes it: change both."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from desk_phone.model.crm import CrmCall, Happening
from desk_phone.model.numbers import is_e164

VERSION = 1
_NOTE_AT_MOST = 4000
_ZONE = ZoneInfo("Europe/Tallinn")


def document(happening: Happening, delivery_id: str, note: str = "", test: bool = False) -> str:
    """One object. ``delivery_id`` is the same however often it is sent; ``other`` is null when
    withheld, and for a short number, which has no international form. Half a character becomes ?"""
    call, told = happening.call, CrmCall(happening.call, note)
    said = {
        "version": VERSION,
        "id": delivery_id,
        "event": str(happening.event),
        "test": test,
        "at": _iso(happening.at),
        "call_id": call.id,
        "own": call.own,
        "other": call.other if is_e164(call.other) else None,
        "national": told.national or None,
        "name": call.name,
        "name_source": str(call.name_source),
        "direction": str(call.direction),
        "start": _iso(call.start),
        "answered": _iso(call.answered),
        "released": _iso(call.released),
        "outcome": str(call.outcome),
        "note": note[:_NOTE_AT_MOST],
    }
    return json.dumps(said, ensure_ascii=False).encode(errors="replace").decode()


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(_ZONE).isoformat()
