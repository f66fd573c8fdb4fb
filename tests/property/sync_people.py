"""Persons at a desktop: what they do to entries, and what they answer when they are asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from desk_phone.errors import BadInput
from desk_phone.model.entries import Contact, Content, Hold
from desk_phone.model.names import wire_name
from desk_phone.model.verdict import Trust
from desk_phone.model.wishes import Decision
from desk_phone.store.phonebook_conflicts import Conflict
from tests.property.sync_rules import Rules, Seat
from tests.property.sync_server import Clock, Crash

_PRETTY = ("Anna", "Õnne Ülo", "Žanna", "Иванов", "O'Neil, A.", "Bob")
_UNSENDABLE = ("Žanna", "Иван", " ", "two  spaces", "x" * 129)
NUMBERS = (*(f"+37264000{n:02}" for n in range(6)), "112", "+358401234567")


class Namer:
    """Names nearly always of their own, so that a loss shows."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._given = 0

    def name(self) -> str:
        if self._rng.random() < 0.15:
            return "Reception"
        self._given += 1
        return f"{wire_name(self._rng.choice(_PRETTY)).text} {self._given}"

    def content(self) -> Content:
        first, second = self._rng.sample(NUMBERS, 2)
        return Content(self.name(), first, second if self._rng.random() < 0.3 else "")


class Person:
    """Whoever sits at ``seat``. ``decisive``: takes what is offered instead of trying for ever."""

    def __init__(
        self,
        seat: Seat,
        rules: Rules,
        clock: Clock,
        rng: random.Random,
        namer: Namer,
        tell: Callable[[str], None],
    ) -> None:
        self.seat, self._rules, self._clock, self._rng = seat, rules, clock, rng
        self._namer = namer
        self._desktop = seat.desktop
        self._tell = lambda text: tell(f"desktop {seat.desktop.number} {text}")
        self.decisive = False
        self._edited = 0

    def act(self, may_die: bool) -> bool:
        """Do something; whether the program died over it."""
        before = {contact.id: contact for contact in self._desktop.everything()}
        conflicts = self._desktop.book.conflicts()
        if may_die and self._rng.random() < 0.15:
            self._desktop.light_a_fuse(8)
        try:
            self._rng.choices(*_ACTS)[0](self)
        except BadInput:
            return False
        except Crash:
            self._tell("died in an act")
            self._desktop.crash()
            self._see_what_was_kept(before, conflicts)
            self._rules.check(self.seat, rule=11)
            return True
        finally:
            self._desktop.db.fuse = None
        self._rules.reconsider(self.seat)
        return False

    def edit_again(self) -> None:
        """Another text for the entry that was edited last, or for any."""
        book = self._desktop.book
        last = [c for c in book.contacts() if c.id == self._edited and c.effective is not None]
        contact = last[0] if last else self._some()
        if contact is not None and contact.effective is not None:
            content = self._namer.content()
            with suppress(BadInput):
                self._save(contact, content, contact.effective)
                self._edited = contact.id

    def answer(self) -> None:
        """Everything that waits for a person."""
        for contact in self._desktop.book.held():
            hopeless = self.decisive or contact.hold is Hold.ALREADY_THERE
            again = not hopeless and self._rng.random() < 0.5
            book = self._desktop.book
            self._act_on(contact, book.try_again if again else book.give_up)
        for conflict in self._desktop.book.conflicts():
            self._decide(conflict)
        self._answer_doubt()

    def _see_what_was_kept(self, before: dict[int, Contact], conflicts: list[Conflict]) -> None:
        """Nobody was told that the act is done; it may be all the same."""
        still_open = {conflict.id for conflict in self._desktop.book.conflicts()}
        for conflict in conflicts:
            if conflict.id not in still_open and conflict.ours is not None:
                self._rules.dropped(self.seat, conflict.contact, conflict.ours.key)
        for contact in self._desktop.everything():
            if contact.id in before:
                self._follow(before[contact.id])
            elif contact.want is not None:
                self.seat.may_add[contact.id] = 1
                self._rules.wrote(self.seat, contact.id, contact.want)

    # acts

    def _add(self) -> None:
        content = self._namer.content()
        if self._rng.random() < 0.1:  # what the wire cannot carry is refused at once
            content = replace(content, name=self._rng.choice(_UNSENDABLE))
        contact = self._desktop.book.add(content, self._clock.now)
        self.seat.may_add[contact.id] = 1
        self._rules.wrote(self.seat, contact.id, content)
        self._tell(f"adds {contact.id} {content}")

    def _edit(self) -> None:
        contact = self._some()
        if contact is None or contact.effective is None:
            return
        content = self._namer.content()
        if self._rng.random() < 0.4:
            content = replace(content, name=wire_name(contact.effective.name).text)
        if self._rng.random() < 0.1 and contact.base is not None and contact.base.name.isascii():
            content = contact.base
        self._save(contact, content, contact.effective)

    def _edit_late(self) -> None:
        """The form was open while lists came."""
        contact = self._some()
        if contact is not None and contact.effective is not None:
            seen = replace(contact.effective, name="As it was")
            self._save(contact, self._namer.content(), seen)

    def _save(self, contact: Contact, content: Content, seen: Content) -> None:
        if contact.hold in (Hold.REFUSED, Hold.ALREADY_THERE):
            self.seat.may_add[contact.id] += 1
        self._rules.before_act(self.seat, contact)
        after = self._desktop.book.save(contact.id, content, seen, self._clock.now)
        taken = after.effective is not None and after.effective.key == content.key
        before = contact.effective.key if taken and contact.effective else None
        self._rules.wrote(self.seat, contact.id, content, before)
        self._tell(f"edits {contact.id} {content}")

    def _delete(self) -> None:
        contact = self._some()
        if contact is not None:
            self._rules.before_act(self.seat, contact)
            self._rules.erased(self.seat, contact)
            self._desktop.book.delete(contact.id, contact.effective, self._clock.now)
            self._tell(f"deletes {contact.id}")

    def _restore(self) -> None:
        gone = [c for c in self._desktop.everything() if c.effective is None and c.shown]
        if gone:
            self._act_on(self._rng.choice(gone), self._desktop.book.restore)

    def _undo(self) -> None:
        found = self._desktop.book.past.last_act()
        if found is not None:
            contact = self._desktop.book.contact(found[1].contact)
            self._act_on(contact, lambda _id, now: self._desktop.book.undo(now))

    def _act_on(self, contact: Contact, act: Callable[..., object]) -> None:
        """An act whose text follows from what it makes of the entry; may allow one add."""
        self.seat.may_add[contact.id] += 1
        self._rules.before_act(self.seat, contact)
        act(contact.id, self._clock.now)
        self._tell(f"{getattr(act, '__name__', act)} {contact.id}")
        self._follow(contact)

    def _follow(self, before: Contact) -> None:
        after = self._desktop.book.contact(before.id).effective
        old = before.effective.key if before.effective else None
        if after is None:
            self._rules.erased(self.seat, before)
        elif after.key != old:
            gone = before.shown.key if old is None and before.shown else old
            self._rules.wrote(self.seat, before.id, after, gone)

    # answers

    def _decide(self, conflict: Conflict) -> None:
        book = self._desktop.book
        decision = self._rng.choice(list(Decision))
        text = self._namer.content() if self._rng.random() < 0.2 else None
        contact = book.contact(conflict.contact)
        known = {c.id for c in book.contacts()}
        self.seat.may_add[contact.id] += 1
        self._rules.before_act(self.seat, contact)
        self._tell(f"decides {decision} {text or ''} on {conflict}")
        book.decide(conflict.id, decision, self._clock.now, text)
        if conflict.ours is not None:
            self._rules.dropped(self.seat, contact.id, conflict.ours.key)
        for new in book.contacts():
            if new.id not in known and new.id != contact.id and new.want is not None:
                self.seat.may_add[new.id] = 1
                self._rules.wrote(self.seat, new.id, new.want)
        if decision is not Decision.THEIRS:
            self._follow(contact)

    def _answer_doubt(self) -> None:
        doubt = self._desktop.doubt
        if doubt.trust is Trust.RENUMBERED:
            doubt.accept_new_ids()
            self.seat.bound.clear()  # whoever says so gives up which is which
            self.seat.ids_are_new = True
        if doubt.suspicion is None or not doubt.suspicion.asks:
            return
        choice = self._rng.randrange(2 if self.decisive else 3)
        self._tell(f"answers {doubt.suspicion}: {choice}")
        if choice == 0:
            for missing in doubt.suspicion.missing:
                self.seat.may_add[missing] += 1
            doubt.put_mine_back()
            self.seat.doubtful = False
        elif choice == 1:
            doubt.deleted_on_purpose()
            self.seat.doubtful = False
        else:
            doubt.keep_waiting()

    def _some(self) -> Contact | None:
        there = [c for c in self._desktop.book.contacts() if c.effective is not None]
        return self._rng.choice(there) if there else None


_ACTS = (
    (
        *(Person._add, Person._edit, Person._edit_late, Person._delete),
        *(Person._restore, Person._undo, Person.answer),
    ),
    (4, 6, 0.5, 3, 1, 1, 2),
)
