"""What a person does with a caller's card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from desk_phone.app.calls import Calls
from desk_phone.app.dialler import Dialler
from desk_phone.errors import PhoneError
from desk_phone.ui.cards.deeds import Deeds

if TYPE_CHECKING:
    from desk_phone.ui.cards.caller_card import CallerCard


@dataclass(slots=True, eq=False)
class Caller:
    """Whose card it is.

    ``call_id`` is the call that rings (``is_live``), else the newest missed one; ``noted`` the one
    a note is being typed about.
    """

    other: str
    card: CallerCard
    call_id: int
    is_live: bool = False
    noted: int = 0

    def follow(self, was: int, became: int) -> None:
        """Two rows were found to be one call."""
        self.call_id = became if self.call_id == was else self.call_id
        self.noted = became if self.noted == was else self.noted


class Hands(QObject):
    """``deeds`` None: nobody keeps notes and reminders."""

    let_go = Signal(object)  # Caller: its card is not needed any more
    add_wanted = Signal(str)  # a canonical number for the phonebook
    crm_wanted = Signal(object)  # Call

    def __init__(
        self, calls: Calls, dialler: Dialler, deeds: Deeds | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._calls, self._dialler, self._deeds = calls, dialler, deeds
        self._calling: CallerCard | None = None  # whose Call back is being asked for, while it is
        dialler.refused.connect(self._refused)

    def take(self, caller: Caller) -> None:
        """Do from now on what its card is asked for."""
        card = caller.card
        card.closed.connect(lambda: self.let_go.emit(caller))
        card.expired.connect(lambda: self.let_go.emit(caller))
        card.call_wanted.connect(lambda: self._call_back(caller))
        card.copy_wanted.connect(lambda: self._copy(caller))
        card.add_wanted.connect(lambda: self.add_wanted.emit(caller.other))
        card.done_wanted.connect(lambda: self._done(caller))
        card.later_wanted.connect(lambda until: self._later(caller, until))
        card.note_wanted.connect(lambda: self._note(caller))
        card.crm_wanted.connect(lambda: self._open_in_crm(caller))

    def _call_back(self, caller: Caller) -> None:
        self._calling = caller.card
        self._dialler.dial_key(caller.other)
        self._calling = None

    def _refused(self, error: PhoneError) -> None:
        if self._calling is not None:
            self._calling.say_trouble(error)

    def _copy(self, caller: Caller) -> None:
        QGuiApplication.clipboard().setText(caller.other)
        caller.card.say_copied()

    def _done(self, caller: Caller) -> None:
        self.let_go.emit(caller)
        handle = self._calls.handle if self._deeds is None else self._deeds.handle
        handle(caller.other)

    def _later(self, caller: Caller, until: datetime) -> None:
        self.let_go.emit(caller)
        if self._deeds is not None:
            self._deeds.snooze(caller.other, until)

    def _note(self, caller: Caller) -> None:
        if (deeds := self._deeds) is not None:
            caller.noted = caller.call_id
            noted = deeds.call_note(caller.call_id)
            caller.card.begin_note(noted, lambda text: deeds.write_note(caller.noted, text))

    def _open_in_crm(self, caller: Caller) -> None:
        if (call := self._calls.ledger.call(caller.call_id)) is not None:
            self.crm_wanted.emit(call)
