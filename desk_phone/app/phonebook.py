"""The company's phonebook as persons and syncs change it, free of Qt: for windows and commands.

Whatever changed is told, with the calls that are called otherwise now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import suppress
from datetime import datetime

from desk_phone.app.acts import Act, LaneName
from desk_phone.app.phonebook_news import Answer, News, Restored, What
from desk_phone.app.phonebook_times import Times
from desk_phone.app.phonebook_turns import STEPS_AT_ONCE, others, undoing, with_turns
from desk_phone.app.sync import Ask, Synced, sync
from desk_phone.app.typed import Typed, content_of, spelling_of
from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.calls import Change
from desk_phone.model.company import Company, Stranger
from desk_phone.model.entries import Contact, Content
from desk_phone.model.pieces import at_once
from desk_phone.model.undo import Step
from desk_phone.model.verdict import Trust
from desk_phone.model.wishes import Decision
from desk_phone.store.calls import CallLedger
from desk_phone.store.memory import Memory
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_belonging import Belonging
from desk_phone.store.phonebook_counts import Counting
from desk_phone.store.phonebook_doubt import Doubt
from desk_phone.store.phonebook_watch import WatchedExchange

_log = logging.getLogger(__name__)


class Phonebook:
    """For the thread that owns the data. ``told`` hears all news; there is one listener.
    ``account`` says, each time, whose account the settings name."""

    def __init__(
        self,
        book: ContactBook,
        exchange: WatchedExchange,
        doubt: Doubt,
        counting: Counting,
        belonging: Belonging,
        ledger: CallLedger,
        memory: Memory,
        ask: Ask,
        account: Callable[[], Company],
        now: Callable[[], datetime],
    ) -> None:
        self.book, self.doubt, self.counting = book, doubt, counting
        self._exchange, self._ledger, self.times = exchange, ledger, Times(memory)
        self._belonging, self._account = belonging, account
        self._ask, self._now = ask, now
        self._syncing = self._stopped = False
        self.told: Callable[[News], object] = lambda _: None
        exchange.moved = lambda ids: self.told(News(What.MOVED, ids))

    # what a person does: durable on return, or PhoneError and nothing changed

    def add(self, typed: Typed) -> Contact:
        pretty = spelling_of(typed)
        return self.add_content(content_of(typed), pretty)

    def add_content(self, content: Content, pretty: str) -> Contact:
        """`add` of what was read elsewhere."""
        return self._edited(self.book.add(content, self._now(), pretty))

    def save(self, contact_id: int, typed: Typed, seen: Content | None) -> bool:
        """Whether it is kept; false: the entry is not what the person began from (``seen``), so
        that the text went to the conflict list."""
        pretty = spelling_of(typed)
        content = content_of(typed, self.contact(contact_id).shown)
        return self.save_content(contact_id, content, seen, pretty)

    def save_content(
        self, contact_id: int, content: Content, seen: Content | None, pretty: str
    ) -> bool:
        """`save` of what was read elsewhere."""
        contact = self.contact(contact_id)
        before = self.counting.now().conflicts
        self.book.save(contact_id, content, seen, self._now(), pretty)
        self._edited(contact)
        return self.counting.now().conflicts == before

    def delete(self, contact_id: int, seen: Content | None) -> bool:
        """As `save`."""
        contact = self.contact(contact_id)
        before = self.counting.now().conflicts
        self.book.delete(contact_id, seen, self._now())
        self._edited(contact)
        return self.counting.now().conflicts == before

    def restore(self, contact_id: int) -> Contact:
        """Not deleted after all, or back from the trash."""
        self.contact(contact_id)
        return self._edited(self.book.restore(contact_id, self._now()))

    def try_again(self, contact_id: int) -> Contact:
        """Send what is held once more; an add is looked for first."""
        self.contact(contact_id)
        return self._edited(self.book.try_again(contact_id, self._now()))

    def give_up(self, contact_id: int) -> Contact:
        """What is held is wanted no more."""
        self.contact(contact_id)
        return self._edited(self.book.give_up(contact_id, self._now()))

    def decide(self, conflict_id: int, decision: Decision, text: Typed | None = None) -> Contact:
        """Settle a conflict; ``text`` stands in the place of ours. Gives the entry it is about."""
        conflict = next((c for c in self.book.conflicts() if c.id == conflict_id), None)
        if conflict is None:
            raise BadInput(
                tr("There is no such conflict"), tr("It may be settled already: look at the list.")
            )
        if decision is Decision.BOTH and text is None and conflict.ours is None:
            raise BadInput(
                tr("You deleted this entry: there is no text of yours to keep"),
                tr("Say mine (it is deleted) or theirs (it stays)."),
            )
        content, pretty = None, ""
        if text is not None:
            content = content_of(text, conflict.ours or conflict.theirs)
            pretty = spelling_of(text)
        self.book.decide(conflict_id, decision, self._now(), content, pretty)
        self._tell_edited(frozenset())
        return self.contact(conflict.contact)

    def undo(self) -> Step:
        """Undo the last act that changed an entry; gives what was done for it."""
        step = self.book.undo(self._now())
        if step is None:
            raise BadInput(tr("There is nothing to undo"), tr("Nothing was changed."))
        self._tell_edited(frozenset({step.contact} if step.contact else ()))
        return step

    def undoing(self, together: int) -> Act[Restored]:
        """Undo the acts that belong together, an import's, as far as nobody changed their entries
        since, and nobody stops it."""
        self._stopped = False
        return (
            yield from undoing(
                *(self.book, together, self._now, self._tell_edited),
                lambda: not self._stopped,
            )
        )

    @property
    def can_undo(self) -> bool:
        return self.book.past.last_act() is not None

    def answer(self, answer: Answer) -> None:
        """What a person says to a list that is not believed, or to another account."""
        match answer:
            case Answer.SAME_COMPANY:
                self._belonging.carry_on(self._account())
            case Answer.NEW_COPY:
                self._stopped = True  # what runs is about the other copy
                self._belonging.start_anew(self._account(), self._now())
                self.times.forget()
            case Answer.KEEP_WAITING:
                self.doubt.keep_waiting()
            case Answer.ON_PURPOSE:
                self.doubt.deleted_on_purpose()
            case Answer.PUT_BACK:
                self.doubt.put_mine_back()
            case Answer.NEW_IDS:
                self.doubt.accept_new_ids()
        self._tell_edited(frozenset())

    def contact(self, contact_id: int) -> Contact:
        """Raises BadInput where there is none, or its time in the trash is over."""
        try:
            return self.book.contact(contact_id)
        except KeyError:
            raise BadInput(
                tr("There is no entry %(id)d") % {"id": contact_id},
                tr("Look at the list; the trash keeps an entry for 90 days."),
            ) from None

    def restoration(self, snapshot: int) -> tuple[Step, ...]:
        """What bringing a snapshot back would do."""
        return at_once(self.comparing(snapshot))

    def comparing(self, snapshot: int) -> Generator[None, None, tuple[Step, ...]]:
        """`restoration` in pieces of some milliseconds."""
        try:
            return (yield from self.book.comparing(snapshot))
        except KeyError:
            raise BadInput(
                tr("There is no snapshot %(id)d") % {"id": snapshot}, tr("Nothing was changed.")
            ) from None

    def restoring(self, snapshot: int) -> Act[Restored]:
        """Bring a snapshot back, each step an act of its own, as far as nobody stops it."""
        self._stopped = False
        steps = yield from with_turns(self.comparing(snapshot))
        refused = done = 0
        while done < len(steps) and not self._stopped:
            ids = set()
            for step in steps[done : done + STEPS_AT_ONCE]:
                done += 1
                try:
                    self.book.take(step, self._now())
                except BadInput:
                    refused += 1
                ids.add(step.contact)
            self._tell_edited(frozenset() if 0 in ids else frozenset(ids))
            yield from others(LaneName.DIAL)
        return Restored(done - refused, refused, len(steps) - done)

    # the sync

    @property
    def syncing(self) -> bool:
        return self._syncing

    @property
    def stranger(self) -> Stranger | None:
        """Set where the copy is not the account's: nothing is asked or sent before an answer."""
        account = self._account()
        return self._belonging.stranger(account) if account.user else None

    @property
    def sent(self) -> tuple[int, ...]:
        """Which entries the requests of the last sync wrote about, in their order."""
        return tuple(self._exchange.sent)

    @property
    def brought(self) -> frozenset[int]:
        """Which entries its lists changed or brought, beside those that it sent."""
        return frozenset(self._exchange.brought - set(self._exchange.sent))

    def sync(self) -> Act[Synced]:
        """One sync, after the one that runs. Raises PhoneError; what was done until then stays."""
        while self._syncing:
            yield from others(LaneName.UPKEEP)  # it waits in the same lane
        self._syncing, self._stopped = True, False
        try:
            self.told(News(What.BEGAN))
            outcome = yield from self._sync()
            yield from self._rename()
        finally:
            self._syncing = False
        exchange = self._exchange
        touched = frozenset(exchange.touched)
        self.told(News(What.ENDED, touched, (), outcome, tuple(exchange.lists)))
        if isinstance(outcome, PhoneError):
            raise outcome
        return outcome

    def stop(self) -> None:
        """Send nothing more, and restore nothing more, until somebody wants it anew."""
        self._stopped = True

    # inside

    def _sync(self) -> Act[Synced | PhoneError]:
        try:
            synced = yield from sync(
                *(self._ask, self._exchange, self._account(), self._now),
                lambda: not self._stopped,
            )
        except PhoneError as error:
            return error
        self.times.note(self._now(), synced.trust is Trust.TRUSTED)
        return synced

    def _rename(self) -> Act[None]:
        """Let the calls be called what the phonebook says by now."""
        while self._ledger.names_due:
            try:
                changes = self._ledger.rename()
            except BadInput as error:  # no room: the names wait, all else is safe
                _log.warning("%s", error)
                return
            self.told(News(What.RENAMED, calls=changes))
            yield from others(LaneName.UPKEEP)

    def _edited(self, contact: Contact) -> Contact:
        self._tell_edited(frozenset({contact.id}))
        return self.book.contact(contact.id)

    def _tell_edited(self, ids: frozenset[int]) -> None:
        changes: tuple[Change, ...] = ()
        with suppress(BadInput):  # no room: the names wait, the edit is safe
            changes = self._ledger.rename()
        self.told(News(What.EDITED, ids, changes))
