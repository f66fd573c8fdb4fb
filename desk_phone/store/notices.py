"""Which calls the service told of by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from desk_phone.model.moment import micros

_AT_MOST = 20  # calls


class ToldCalls:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def since(self, owns: Iterable[str], since: datetime, until: datetime) -> list[bool]:
        """Of the recorded calls to these lines that began in between, the last twenty in the order
        of time: whether a notice told of it."""
        ours = frozenset(owns)
        found = self._db.execute(
            "SELECT own, EXISTS (SELECT 1 FROM notices WHERE call_id = calls.id) FROM calls"
            " WHERE direction = 'incoming' AND start BETWEEN ? AND ? AND hidden = 0"
            " AND record_id IS NOT NULL ORDER BY start DESC, id DESC",
            (micros(since), micros(until)),
        )
        told = [bool(noticed) for own, noticed in found if own in ours]
        return told[:_AT_MOST][::-1]
