"""The phonebook as the windows see it: what is in it, what waits, and how the sync stands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desk_phone.app.access import NoPassword
from desk_phone.app.acts import LaneName, away
from desk_phone.app.calls import Calls
from desk_phone.app.lane import Lanes
from desk_phone.app.phonebook import Phonebook
from desk_phone.app.phonebook_news import Answer, News, What
from desk_phone.app.phonebook_state import Kept as Kept
from desk_phone.app.phonebook_state import PhonebookState as PhonebookState
from desk_phone.app.preferences import Preferences
from desk_phone.app.sync import Synced
from desk_phone.app.sync_clock import SyncClock
from desk_phone.app.typed import Typed
from desk_phone.errors import BadCredentials, BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.company import AnotherCompany
from desk_phone.model.entries import Content
from desk_phone.model.line import Link
from desk_phone.model.undo import Step
from desk_phone.model.wishes import Decision
from desk_phone.store.phonebook import ContactBook

if TYPE_CHECKING:
    from desk_phone.transfer.planning import Planned

T = TypeVar("T")
log = logging.getLogger(__name__)


class Contacts(QObject):
    """Wraps `Phonebook` in signals, and syncs it: at the start, after edits, by the clock.

    Acts are durable before ``changed``. While the phonebook is not unlocked they fail.
    """

    changed = Signal(object)  # frozenset[int]: our ids; empty: read everything again
    state_changed = Signal()
    failed = Signal(object)  # PhoneError: what a person wanted was not done
    received = Signal(int)  # bytes of the lists of a sync
    restored = Signal(object)  # Restored: what came of `restore_snapshot`
    import_undone = Signal(object)  # Restored

    def __init__(
        self,
        lanes: Lanes,
        phonebook: Phonebook,
        calls: Calls,
        preferences: Preferences,
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lanes, self._phonebook, self._calls = lanes, phonebook, calls
        self._preferences, self._locked = preferences, False
        self._trouble: PhoneError | None = None
        self._apart: Callable[[int], timedelta] = lambda _: timedelta()
        self._clock = SyncClock(now, self)
        self._clock.due.connect(self.sync)
        self._state = self._look()
        phonebook.told = self._heard
        preferences.changed.connect(self._settings_changed)
        calls.polled.connect(self._service_answered)
        calls.line_changed.connect(self._line_changed)

    @property
    def book(self) -> ContactBook:
        return self._phonebook.book

    @property
    def state(self) -> PhonebookState:
        return self._state

    # a person's acts

    def add(self, name: str, number1: str, number2: str = "", wire: str = "") -> int:
        """The new entry's id; 0: it failed. Arguments as of `Typed`."""
        typed = Typed(name, number1, number2, wire)
        return self._do(lambda: self._phonebook.add(typed).id, 0)

    def save(
        self,
        contact_id: int,
        seen: Content | None,
        name: str,
        number1: str,
        number2: str = "",
        wire: str = "",
    ) -> Kept:
        """``seen``: the entry's ``effective`` content as the person began to edit it."""
        typed = Typed(name, number1, number2, wire)
        return self._do(lambda: _kept(self._phonebook.save(contact_id, typed, seen)), Kept.FAILED)

    def delete(self, contact_id: int, seen: Content | None) -> Kept:
        return self._do(lambda: _kept(self._phonebook.delete(contact_id, seen)), Kept.FAILED)

    def restore(self, contact_id: int) -> bool:
        """Not deleted after all, or back from the trash."""
        return self._do(lambda: bool(self._phonebook.restore(contact_id)), False)

    def try_again(self, contact_id: int) -> bool:
        """Send what is held once more; an add is looked for first."""
        return self._do(lambda: bool(self._phonebook.try_again(contact_id)), False)

    def give_up(self, contact_id: int) -> bool:
        """What is held is wanted no more."""
        return self._do(lambda: bool(self._phonebook.give_up(contact_id)), False)

    def decide(self, conflict_id: int, decision: Decision, text: Typed | None = None) -> bool:
        """Settle a conflict; ``text`` stands in the place of ours (Edit: MINE with a text)."""
        return self._do(lambda: bool(self._phonebook.decide(conflict_id, decision, text)), False)

    def undo(self) -> Step | None:
        """What was done to undo the last act; None: it failed."""
        return self._do(self._phonebook.undo, None)

    def undo_import(self, together: int) -> None:
        """All of its rows that nobody changed since; ``import_undone`` tells the end."""
        if self._may_edit():
            act = self._phonebook.undoing(together)
            self._lanes.perform(act, self.import_undone.emit, self.failed.emit)

    def put(self, planned: Planned, together: int) -> None:
        """One planned row of an import; raises PhoneError, which nobody else is told."""
        if not self._preferences.settings.phonebook_unlocked:
            raise _no_edits()
        from desk_phone.app import transfers  # what reads files; imports are seldom

        transfers.put(self._phonebook, planned, together)

    def comparing(self, snapshot: int) -> Generator[None, None, tuple[Step, ...]]:
        """What `restore_snapshot` would do, to be shown before, in pieces of some milliseconds;
        empty also where it failed."""
        try:
            return (yield from self._phonebook.comparing(snapshot))
        except PhoneError as error:
            self.failed.emit(error)
            return ()

    def restore_snapshot(self, snapshot: int) -> None:
        """Bring a snapshot back in steps; ``restored`` tells the end, `stop` ends it early."""
        if self._may_edit():
            act = self._phonebook.restoring(snapshot)
            self._lanes.perform(act, self.restored.emit, self.failed.emit)

    def answer(self, answer: Answer) -> bool:
        """What a person says to a list that is not believed, or to another account."""
        if answer is Answer.PUT_BACK and not self._may_edit():
            return False
        self._clock.answered()
        try:
            self._phonebook.answer(answer)
        except PhoneError as error:
            self.failed.emit(error)
            return False
        return True

    def unlock(self) -> None:
        """The person knows that the whole company sees what is changed here."""
        self._preferences.change(phonebook_unlocked=True)

    def aside(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        otherwise: Callable[[PhoneError], object],
    ) -> None:
        """Work on files of the person's: off the main thread, and heard of on it."""
        self._lanes.perform(away(LaneName.FILES, work), then, otherwise)

    # the sync

    def start(self) -> None:
        self.sync()

    def sync(self) -> None:
        """Sync now; nothing happens while a sync runs."""
        if not self._phonebook.syncing:
            self._lanes.perform(self._phonebook.sync(), otherwise=lambda _: None)  # `_heard` did

    def stop(self) -> None:
        """Send and restore nothing more for now; what is not sent yet waits for the next sync."""
        self._phonebook.stop()

    def save_bytes(self, apart: Callable[[int], timedelta]) -> None:
        """``apart``: how far from each other the clock's lists of so many bytes should be."""
        self._apart = apart

    def close(self) -> None:
        """The program ends."""
        self._clock.stop()
        self._phonebook.stop()

    # what happens

    def _heard(self, news: News) -> None:
        """Whoever did it: a window, a command, the clock."""
        if news.calls:
            self._calls.take(news.calls)
        match news.what:
            case What.BEGAN:
                self._clock.began()
            case What.MOVED:
                self.changed.emit(news.contacts)
            case What.EDITED:
                self.changed.emit(news.contacts)
                self._clock.edited()
            case What.ENDED:
                if news.lists:
                    self.received.emit(sum(news.lists))
                    self._clock.spread(self._apart(news.lists[-1]))
                self._ended(news.outcome)
        self._say()

    def _settings_changed(self, _: object) -> None:
        if self._phonebook.stranger != self._state.stranger:
            self._clock.edited()  # another account, or the old one again
        self._say()

    def _service_answered(self, _: object) -> None:
        self._clock.reachable()
        self._say()

    def _line_changed(self) -> None:
        if self._calls.line.link is Link.TROUBLE:
            self._clock.unreachable()

    def _ended(self, outcome: Synced | PhoneError | None) -> None:
        if isinstance(outcome, AnotherCompany):  # the state tells
            self._trouble, self._locked = None, False
            self._clock.refused()
        elif isinstance(outcome, PhoneError):
            self._locked = isinstance(outcome, BadCredentials)
            self._trouble = None if isinstance(outcome, NoPassword) else outcome
            self._clock.failed(outcome)
            log.info("phonebook: %s", outcome.title)
        elif outcome is not None:
            self._trouble, self._locked = None, False
            counts = self._phonebook.counting.now()
            self._clock.succeeded(outcome, bool(counts.under_way or counts.missing))
            log.info("phonebook %s, sent %d", outcome.trust, outcome.sent)

    def _do(self, deed: Callable[[], T], otherwise: T) -> T:
        return self._try(deed, otherwise) if self._may_edit() else otherwise

    def _try(self, deed: Callable[[], T], otherwise: T) -> T:
        try:
            return deed()
        except PhoneError as error:
            self.failed.emit(error)
            return otherwise

    def _may_edit(self) -> bool:
        if not self._preferences.settings.phonebook_unlocked:
            self.failed.emit(_no_edits())
        return self._preferences.settings.phonebook_unlocked

    def _look(self) -> PhonebookState:
        phonebook, counts = self._phonebook, self._phonebook.counting.now()
        return PhonebookState(
            busy=phonebook.syncing,
            updated=phonebook.times.updated,
            next_try=self._clock.next,
            trouble=self._trouble,
            locked=self._locked,
            trust=phonebook.doubt.trust,
            suspicion=phonebook.doubt.suspicion,
            waiting=counts.waiting,
            held=counts.held,
            conflicts=counts.conflicts,
            unlocked=self._preferences.settings.phonebook_unlocked,
            can_undo=phonebook.can_undo,
            stranger=phonebook.stranger,
        )

    def _say(self) -> None:
        state = self._look()
        if state != self._state:
            self._state = state
            self.state_changed.emit()


def _no_edits() -> BadInput:
    return BadInput(
        tr("The phonebook is locked against changes"),
        tr("The whole company sees what is changed here. Unlock it first."),
    )


def _kept(kept: bool) -> Kept:
    return Kept.KEPT if kept else Kept.CONFLICT
