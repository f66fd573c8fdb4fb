"""What the company's phones show for the own line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desk_phone.app.access import Access
from desk_phone.app.acts import LaneName
from desk_phone.app.lane import Lanes
from desk_phone.app.preferences import Preferences
from desk_phone.errors import BadInput, PhoneError
from desk_phone.model.text import clean

Named = Callable[[str, str], object]  # a line, canonical, and what it is called now


@dataclass(frozen=True, slots=True)
class Naming:
    """``busy``: it is being sent. ``sent`` is what the phones show now; ``trouble`` why not."""

    busy: bool = False
    sent: str = ""
    trouble: PhoneError | None = None


class LineName(QObject):
    """Sends a name for the own line, one at a time, and has it remembered by ``named``."""

    changed = Signal(object)  # Naming

    def __init__(
        self,
        lanes: Lanes,
        access: Access,
        preferences: Preferences,
        named: Named,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._access, self._preferences = lanes, access, preferences
        self._named = named
        self._state = Naming()

    @property
    def state(self) -> Naming:
        return self._state

    def send(self, first: str, last: str) -> None:
        """In the letters the service takes; nothing happens without a line, or while one is
        sent."""
        own = self._preferences.settings.own_number
        if self._state.busy or not own:
            return
        self._be(Naming(busy=True))
        self._lanes.perform(
            self._access.ask(LaneName.DIAL, lambda telco: telco.name_line(own, first, last)),
            then=lambda _: self._sent(own, clean(f"{first} {last}")),
            otherwise=lambda error: self._be(Naming(trouble=error)),
        )

    def _sent(self, own: str, name: str) -> None:
        with suppress(BadInput):  # no room to remember it: the service has it
            self._named(own, name)
        self._be(Naming(sent=name))

    def _be(self, state: Naming) -> None:
        self._state = state
        self.changed.emit(state)
