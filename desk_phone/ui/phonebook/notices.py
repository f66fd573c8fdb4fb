"""Keeps the banners of the Phonebook page true, and does what their buttons say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desk_phone.app.contacts import Contacts
from desk_phone.app.dialler import Dial, Dialler, Stage
from desk_phone.app.phonebook_news import Answer
from desk_phone.errors import PhoneError
from desk_phone.ui import trouble, words
from desk_phone.ui.banner import Banners
from desk_phone.ui.notices import RINGING_SHOWN_MS
from desk_phone.ui.phonebook import trouble as phonebook_trouble
from desk_phone.ui.phonebook.cells import Unsaved
from desk_phone.ui.phonebook.trouble import Deed
from desk_phone.ui.trouble import Act, Message

ORDER = ("error", "dial", "unsaved", "account", "list", "line", "decide", "lock")
_NAMES_ASKED = 3
_ANSWERS = {
    Deed.KEEP_WAITING: Answer.KEEP_WAITING,
    Deed.ON_PURPOSE: Answer.ON_PURPOSE,
    Deed.PUT_BACK: Answer.PUT_BACK,
    Deed.NEW_IDS: Answer.NEW_IDS,
    Deed.SAME_COMPANY: Answer.SAME_COMPANY,
    Deed.NEW_COPY: Answer.NEW_COPY,
}


class PhonebookNotices(Banners):
    """``wanted`` asks the page or the window for what no banner can do itself."""

    wanted = Signal(object)  # Deed or Act

    def __init__(
        self,
        contacts: Contacts,
        dialler: Dialler,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ORDER, parent)
        self._contacts, self._now = contacts, now
        self._ringing = QTimer(self, singleShot=True, interval=RINGING_SHOWN_MS)
        self._ringing.timeout.connect(lambda: self.put("dial", None))
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.tell)
        self.pressed.connect(self._press)
        contacts.state_changed.connect(self.tell)
        contacts.failed.connect(self.tell_error)
        dialler.refused_here.connect(self._tell_refusal)
        dialler.progressed.connect(self._tell_dial)
        self.tell()

    def tell(self) -> None:
        """How things stand by now."""
        state, now = self._contacts.state, self._now()
        messages = {
            "lock": phonebook_trouble.of_lock(state),
            "line": phonebook_trouble.of_connection(state, now),
            "account": phonebook_trouble.of_stranger(state, now),
            "list": phonebook_trouble.of_list(state, self._gone(), now),
            "decide": phonebook_trouble.of_decisions(state),
        }
        for name, message in messages.items():
            self.put(name, message)
        counts = state.trouble is not None or state.suspicion is not None
        if counts and state.next_try is not None and self.isVisible():
            self._second.start()
        else:
            self._second.stop()

    def tell_error(self, error: PhoneError) -> None:
        """What a person wanted was not done."""
        self.put("error", trouble.of_error(error))

    def _tell_refusal(self, error: PhoneError) -> None:
        self._ringing.stop()
        self.put("dial", trouble.of_error(error))

    def _tell_dial(self, dial: Dial) -> None:
        if dial.stage is Stage.FAILED and dial.trouble is not None:
            self._tell_refusal(dial.trouble)
        elif dial.stage is Stage.RINGING:
            self.put("dial", trouble.of_ringing(dial.plan.own))
            self._ringing.start()
        else:
            self.put("dial", None)

    def tell_unsaved(self, unsaved: list[Unsaved]) -> None:
        problems = [one.first for one in unsaved]
        first = problems[0] if problems else ""
        self.put("unsaved", phonebook_trouble.of_unsaved(len(unsaved), first))

    def say(self, message: Message | None) -> None:
        """A word of the page's own, in the place of an error."""
        self.put("error", message)

    def _gone(self) -> list[str]:
        suspicion = self._contacts.state.suspicion
        ids = suspicion.missing[:_NAMES_ASKED] if suspicion else ()
        names = (words.plain(self._contacts.book.spelling(id_), 40) for id_ in ids)
        return [name for name in names if name]

    def _press(self, name: str, act: StrEnum) -> None:
        if act in (Act.CLOSE, Deed.CLOSE):
            self.put(name, None)
        elif act is Deed.UNLOCK:
            self._contacts.unlock()
        elif act is Deed.SYNC:
            self._contacts.sync()
        elif isinstance(act, Deed) and act in _ANSWERS:
            if self._contacts.answer(_ANSWERS[act]):
                self._contacts.sync()
        else:
            self.wanted.emit(act)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()
