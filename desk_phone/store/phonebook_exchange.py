"""The database's side of a sync: each method is one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk_phone.model import flights
from desk_phone.model.entries import Contact
from desk_phone.model.flights import Answer
from desk_phone.model.merge import Merged, reconcile
from desk_phone.model.pushes import Push
from desk_phone.model.renumber import rebind
from desk_phone.model.verdict import Suspicion, Trust, Verdict, judge, suspect
from desk_phone.store.database import writing
from desk_phone.store.phonebook_conflicts import Conflicts
from desk_phone.store.phonebook_doubt import Doubt
from desk_phone.store.phonebook_narrow import Listed as Listed
from desk_phone.store.phonebook_narrow import Narrowed, narrow
from desk_phone.store.phonebook_past import KEPT, Past, Why
from desk_phone.store.phonebook_rows import Facts, Rows

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
    """For one sync at a time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows, self._conflicts, self._past = Rows(db), Conflicts(db), Past(db)
        self._facts, self._doubt = Facts(db), Doubt(db)

    def begin(self) -> None:
        """A sync that died left requests without an answer: a list decides about them."""
        busy = self._rows.busy()
        opened = [flights.left_open(contact) for contact in busy]
        if opened != busy:
            with writing(self._db):
                self._rows.put_changed(busy, opened)

    def take(self, listed: Listed, now: datetime) -> Taken:
        """Judge a list and bring the phonebook up to it."""
        if self._nothing_new(listed, now):
            return Taken(Trust.TRUSTED)
        with writing(self._db):
            near, contacts, verdict = self._judge(listed, now)
            suspicion = None
            if verdict.trust is Trust.SUSPICIOUS:
                suspicion = suspect(self._doubt.suspicion, verdict.missing, now)
            self._doubt.note(verdict.trust, suspicion)
            merged = reconcile(contacts, dict(near.entries), verdict.trust, now, near.said)
            changed = self._keep(near.contacts, merged, now)
            if verdict.trust is Trust.TRUSTED:
                self._after_trusted(listed, near, merged, now)
        return Taken(verdict.trust, merged.pushes, tuple(changed), len(merged.clashes), suspicion)

    def before_writing(self, now: datetime) -> None:
        """Keep what the service had before this sync writes."""
        with writing(self._db):
            self._past.snapshot(Why.BEFORE_WRITING, now)

    def intend(self, push: Push, now: datetime) -> int | None:
        """Write down that ``push`` leaves now; the number of the write.

        None: a person wants something else by now, or it cannot be sent as it is; do not send.
        """
        contact = self._rows.get(push.contact)
        if not flights.still_wanted(contact, push):
            return None
        with writing(self._db):
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
            contact = self._rows.get(push.contact)
            self._rows.put(flights.answered(contact, answer, words))
            self._past.note_answer(write, answer, words, now)

    # inside a transaction

    def _nothing_new(self, listed: Listed, now: datetime) -> bool:
        same = self._facts.get(_AT_REST) == listed.digest
        calm = self._doubt.trust is Trust.TRUSTED and not self._rows.busy()
        return same and calm and not self._past.snapshot_due(now)

    def _judge(self, listed: Listed, now: datetime) -> tuple[Narrowed, Sequence[Contact], Verdict]:
        """What the list differs in, our entries to bring up to it, and the verdict."""
        if not listed.sound:
            return Narrowed([], (), 0, frozenset()), (), Verdict(Trust.REJECTED)
        near = narrow(self._rows, listed)
        verdict = judge(near.contacts, near.entries, now, near.settled)
        if verdict.trust is not Trust.RENUMBERED or not self._doubt.ids_are_new:
            return near, near.contacts, verdict
        near = Narrowed(self._rows.all(), listed.entries, 0, frozenset())
        contacts = rebind(near.contacts, dict(listed.entries))
        return near, contacts, judge(contacts, listed.entries, now)

    def _keep(self, before: Sequence[Contact], merged: Merged, now: datetime) -> list[int]:
        changed = self._rows.put_changed(before, merged.contacts)
        for clash in merged.clashes:
            self._conflicts.add(clash, now)
        at_odds = {conflict.contact for conflict in self._conflicts.open()}
        self._conflicts.settle([self._rows.get(c) for c in at_odds if self._rows.has(c)], now)
        return changed

    def _after_trusted(self, listed: Listed, near: Narrowed, merged: Merged, now: datetime) -> None:
        bound = {contact.server_id for contact in merged.contacts if contact.live}
        calm = not self._rows.busy() and bound >= {server_id for server_id, _ in near.entries}
        self._facts.put(_AT_REST, listed.digest if calm else "")
        self._rows.purge(now - KEPT)
        if self._past.snapshot_due(now):
            self._past.snapshot(Why.DAILY, now)
