"""When the phonebook was looked at, over restarts."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime

from desk_phone.errors import BadInput
from desk_phone.store.memory import Memory

_LISTED, _UPDATED = "phonebook listed at", "phonebook updated"

_log = logging.getLogger(__name__)


class Times:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def listed(self) -> datetime | None:
        """When the last list came, believed or not."""
        return self._moment(_LISTED)

    @property
    def updated(self) -> datetime | None:
        """When the last list came that could be believed."""
        return self._moment(_UPDATED)

    def note(self, at: datetime, believed: bool) -> None:
        with suppress(BadInput):
            self._memory.put(_LISTED, at.astimezone(UTC).isoformat())
            if believed:
                self._memory.put(_UPDATED, at.astimezone(UTC).isoformat())
            return
        _log.warning("no room to write down when the phonebook was looked at")

    def forget(self) -> None:
        """Another copy is in use."""
        with suppress(BadInput):
            for name in (_LISTED, _UPDATED):
                self._memory.forget(name)

    def _moment(self, name: str) -> datetime | None:
        kept = self._memory.get(name)
        return datetime.fromisoformat(kept) if kept else None
