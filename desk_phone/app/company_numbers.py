"""Keeps the company's numbers as the service knows them: who is a colleague, and which lines
there are."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal

from desk_phone.app.access import Access
from desk_phone.app.acts import LaneName
from desk_phone.app.lane import Lanes
from desk_phone.errors import BadInput, PhoneError
from desk_phone.store.memory import Memory

log = logging.getLogger(__name__)

ASKED_EVERY = timedelta(days=1)
TRIED_EVERY = timedelta(hours=1)  # after an answer that was none
_ASKED = "company numbers asked"


class CompanyNumbers(QObject):
    """Asks once a day, and at once where none are known; only just after the service took the
    password (`look`), and never once it refused it. A failure is nobody's news."""

    heard = Signal()

    def __init__(
        self,
        lanes: Lanes,
        access: Access,
        memory: Memory,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._access, self._memory, self._now = lanes, access, memory, now
        self._asking = False
        self._tried: datetime | None = None  # in vain

    def look(self) -> None:
        """The service has just answered another question."""
        if self._access.numbers and self._asked() is None:
            self._note()  # whoever entered the account has just heard them
        if self._asking or self._access.refusal is not None or not self._is_due():
            return
        self._asking = True
        self._lanes.perform(
            self._access.ask_numbers(LaneName.UPKEEP),
            then=lambda _: self._taken(),
            otherwise=self._failed,
        )

    def _is_due(self) -> bool:
        now = self._now()
        if self._tried is not None and timedelta(0) <= now - self._tried < TRIED_EVERY:
            return False
        asked = self._asked()
        if asked is None:
            return True
        wait = ASKED_EVERY if self._access.numbers else TRIED_EVERY  # a company may have none
        return not timedelta(0) <= now - asked < wait

    def _asked(self) -> datetime | None:
        """When this account's were heard last."""
        with suppress(ValueError):
            return datetime.fromisoformat(self._memory.get(self._name))
        return None

    @property
    def _name(self) -> str:
        return f"{_ASKED} {self._access.company.user}"

    def _taken(self) -> None:
        self._asking, self._tried = False, None
        self._note()
        self.heard.emit()

    def _note(self) -> None:
        with suppress(BadInput):  # no room on the disk: they are asked for once more
            self._memory.put(self._name, self._now().isoformat())

    def _failed(self, error: PhoneError) -> None:
        self._asking, self._tried = False, self._now()
        log.info("the company's numbers were not heard: %s", error.title)
