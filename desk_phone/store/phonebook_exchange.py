"""The database's side of a sync: whatever belongs together is one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from desk_phone.model import flights
from desk_phone.model.company import Company
from desk_phone.model.flights import Answer
from desk_phone.model.pushes import Push
from desk_phone.model.verdict import Suspicion, Trust, suspect
from desk_phone.store.database import writing
from desk_phone.store.phonebook_belonging import Belonging
from desk_phone.store.phonebook_conflicts import Conflicts
from desk_phone.store.phonebook_doubt import Doubt
from desk_phone.store.phonebook_following import Following
from desk_phone.store.phonebook_narrow import Known, Ours, Weighed, weigh
from desk_phone.store.phonebook_narrow import Listed as Listed
from desk_phone.store.phonebook_past import KEPT, Past, Why, pack
from desk_phone.store.phonebook_rows import Facts, Rows
from desk_phone.store.steps import Steps, elsewhere, in_place, pause

AT_ONCE = 200  # rows that a transaction writes of what merely follows a list
LONG = 1000  # entries, from which on a list is weighed elsewhere
_TRIES = 3  # to weigh one while nobody writes
_AT_REST = "at rest"  # the digest of the list that everything here agreed with


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list brought. ``changed`` are our ids; ``suspicion`` only of a suspicious list."""

    trust: Trust
    pushes: tuple[Push, ...] = ()
    changed: tuple[int, ...] = ()
    clashes: int = 0
    suspicion: Suspicion | None = None


class Exchange:
    """For one sync at a time, of the copy of one company: it raises AnotherCompany, and nothing
    changes, where the copy is another's by now."""

    def __init__(self, db: sqlite3.Connection, at_once: int = AT_ONCE, long: int = LONG) -> None:
        self._db, self._at_once, self._long = db, at_once, long
        self._rows, self._conflicts, self._past = Rows(db), Conflicts(db), Past(db)
        self._facts, self._doubt, self._following = Facts(db), Doubt(db), Following(db)
        self._belonging = Belonging(db)
        self._company = Company("", "")
        self.lists: list[int] = []  # bytes of the lists of this sync, each
        self._seen = Known()  # the last list with which all was at rest

    def begin(self, company: Company) -> None:
        """A sync that died left requests without an answer: a list decides about them."""
        self._company, self.lists = company, []
        self._belonging.check(company)
        busy = self._rows.busy()
        opened = [flights.left_open(contact) for contact in busy]
        if opened != busy:
            with self._writing():
                self._rows.put_changed(busy, opened)

    def known(self, now: datetime) -> Known:
        """What a list that brings nothing new is known by."""
        calm = self._doubt.trust is Trust.TRUSTED and not self._rows.busy()
        digest = self._facts.get(_AT_REST)
        owner = self._belonging.owner
        ours = owner is not None and owner.is_same(self._company)
        if not (digest and calm and ours) or self._past.snapshot_due(now):
            return Known()
        return self._seen if self._seen.digest == digest else Known(digest=digest)

    def rests_on(self, known: Known, body: str, now: datetime) -> bool:
        """Whether the list ``known``, which came again as ``body``, brings nothing new by now."""
        rests = bool(known.digest) and self.known(now).digest == known.digest
        if rests:
            self._seen = Known(body, known.digest)
        return rests

    def take(self, listed: Listed, now: datetime) -> Taken:
        """`taking` in one go."""
        return in_place(self.taking(listed, now))

    def taking(self, listed: Listed, now: datetime, came: datetime | None = None) -> Steps[Taken]:
        """Judge a list, asked for at ``now``, and bring the phonebook up to it.

        What persons should know of is one transaction; what merely follows the list comes in
        slices, and a crash between two leaves what a shorter list would have left.
        """
        if self.rests_on(Known(digest=listed.digest), listed.body, now):
            return Taken(Trust.TRUSTED)
        weighed = yield from self._weighing(listed, now, came or now)
        slices = weighed.slices(self._at_once)
        changed: list[int] = []
        suspicion, whole = None, weighed.whole
        for number, (followed, arrivals) in enumerate(slices, 1):
            if number > 1:
                yield from pause()
            with self._writing():
                if number == 1:
                    changed, suspicion = self._decide(weighed, now)
                new = self._following.follow(followed, arrivals)
                changed += new
                whole = whole and len(new) == len(followed) + len(arrivals)
                if number == len(slices):
                    self._close(listed, weighed.verdict.trust, whole, now)
        trust, merged = weighed.verdict.trust, weighed.merged
        if trust is Trust.TRUSTED and self._past.snapshot_due(now):
            yield from self._snapshot(Why.DAILY, now)
        return Taken(trust, merged.pushes, tuple(changed), len(merged.clashes), suspicion)

    def before_writing(self, now: datetime) -> Steps[None]:
        """Keep what the service had before this sync writes."""
        return self._snapshot(Why.BEFORE_WRITING, now)

    def intend(self, push: Push, now: datetime) -> int | None:
        """Write down that ``push`` leaves now; the number of the write.

        None: a person wants something else by now, or it cannot be sent as it is; do not send.
        """
        self._belonging.check(self._company)
        contact = self._rows.get(push.contact)
        if not flights.still_wanted(contact, push):
            return None
        with self._writing():
            sent = flights.sent(contact, push, now)
            write = self._past.note_write(push, contact.base, now)
            if flights.unsendable(push):
                self._past.note_answer(write, Answer.REFUSED, "", now)
                self._rows.put(flights.answered(sent, Answer.REFUSED))
                return None
            self._rows.put(sent)
        return write

    def answered(
        self, push: Push, write: int, answer: Answer, now: datetime, words: str = ""
    ) -> None:
        """Write down what came of it. ``words`` are the service's."""
        with writing(self._db):
            self._past.note_answer(write, answer, words, now)
            if self._rows.has(push.contact):  # else it lies aside, as sent, with its company's copy
                contact = self._rows.get(push.contact)
                self._rows.put(flights.answered(contact, answer, words))

    # inside

    def _weighing(self, listed: Listed, now: datetime, came: datetime) -> Steps[Weighed]:
        """A list against our entries as they are when it returns."""
        if len(listed.entries) >= self._long:
            for _ in range(_TRIES):
                written = self._db.total_changes
                ours = self._ours()
                weighed = yield from elsewhere(partial(weigh, ours, listed, now, came))
                if self._db.total_changes == written:
                    return weighed
        return weigh(self._ours(), listed, now, came)

    def _ours(self) -> Ours:
        rows = self._rows
        return Ours(rows.calm(), rows.busy(), rows.gone(), self._doubt.ids_are_new)

    def _snapshot(self, why: Why, now: datetime) -> Steps[None]:
        saved = self._past.agreed()
        long = len(saved) >= self._long
        packed = (yield from elsewhere(partial(pack, saved))) if long else pack(saved)
        with self._writing():
            self._past.keep(why, packed, len(saved), now)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with writing(self._db):
            self._belonging.check(self._company)
            yield

    # inside a transaction

    def _decide(self, weighed: Weighed, now: datetime) -> tuple[list[int], Suspicion | None]:
        """Ids of what changed, beside what merely follows the list."""
        verdict, suspicion = weighed.verdict, None
        if verdict.trust is Trust.SUSPICIOUS:
            suspicion = suspect(self._doubt.suspicion, verdict.missing, now)
        self._doubt.note(verdict.trust, suspicion)
        if verdict.trust is Trust.TRUSTED and self._belonging.owner is None:
            self._belonging.bind(self._company)
        changed = self._rows.put_changed(weighed.contacts, weighed.decided)
        for clash in weighed.merged.clashes:
            self._conflicts.add(clash, now)
        return changed, suspicion

    def _close(self, listed: Listed, trust: Trust, whole: bool, now: datetime) -> None:
        """The list is in; ``whole``: each of its entries is one of ours by now."""
        at_odds = {conflict.contact for conflict in self._conflicts.open()}
        self._conflicts.settle([self._rows.get(c) for c in at_odds if self._rows.has(c)], now)
        if trust is Trust.TRUSTED:
            rests = whole and not self._rows.busy()
            self._facts.put(_AT_REST, listed.digest if rests else "")
            if rests:
                self._seen = Known(listed.body, listed.digest)
            self._rows.purge(now - KEPT)
