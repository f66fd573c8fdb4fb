"""The phonebook as a person uses it: every act is durable before it is called done."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Generator
from datetime import datetime

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model import wishes
from desk_phone.model.entries import Contact, Content, Hold, respelled, same
from desk_phone.model.merge import Clash
from desk_phone.model.pieces import at_once
from desk_phone.model.undo import Step, comparing
from desk_phone.model.wishes import Decision
from desk_phone.store.database import writing
from desk_phone.store.phonebook_conflicts import Conflict, Conflicts
from desk_phone.store.phonebook_past import Past
from desk_phone.store.phonebook_rows import Line, Rows


class ContactBook:
    """Contents are in the wire's letters with canonical numbers; ``pretty`` is the person's own
    spelling of the name, which stays here. All acts raise BadInput for what cannot be."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._rows, self._conflicts, self.past = Rows(db), Conflicts(db), Past(db)

    # what is so

    def contacts(self) -> list[Contact]:
        """All but those in the trash; one that is being deleted has no ``effective`` content."""
        return self._rows.live()

    def contact(self, contact_id: int) -> Contact:
        """Raises KeyError: there never was such an entry, or its time in the trash is over."""
        return self._rows.get(contact_id)

    def lines(self, after: int = 0, limit: int = 500) -> list[Line]:
        """Entries as a table shows them, a portion at a time: those whose id is above ``after``."""
        return self._rows.lines(after, limit)

    def trash(self) -> list[Contact]:
        """What went into it last first."""
        return self._rows.gone()

    def held(self) -> list[Contact]:
        """Those that wait for a person: parked adds, and what the service refused."""
        waiting = (Hold.NOT_FOUND, Hold.REFUSED, Hold.ALREADY_THERE)
        return [contact for contact in self._rows.busy() if contact.hold in waiting]

    def waiting(self) -> int:
        """How many entries are not on the server as the window shows them."""
        return sum(not contact.quiet for contact in self._rows.busy())

    def conflicts(self) -> list[Conflict]:
        return self._conflicts.open()

    def doubles(self) -> list[tuple[Contact, ...]]:
        """Entries that say the same as another."""
        groups: defaultdict[tuple[str, str, str], list[Contact]] = defaultdict(list)
        for contact in self._rows.live():
            if contact.effective is not None:
                groups[contact.effective.key].append(contact)
        return [tuple(group) for group in groups.values() if len(group) > 1]

    def by_number(self, key: str) -> list[tuple[Contact, str]]:
        """The live entries with this number, and their names as the person spells them."""
        found = self._db.execute(
            "SELECT id FROM contacts WHERE (number1 = ?1 OR number2 = ?1) AND ?1 <> ''"
            " AND gone_at IS NULL AND NOT want_deleted ORDER BY id",
            (key,),
        ).fetchall()
        return [(self._rows.get(id_), self.spelling(id_)) for (id_,) in found]

    def spelling(self, contact_id: int) -> str:
        """The person's own spelling of the name, or the wire's; empty for an unknown entry."""
        return self.spellings(contact_id).get(contact_id, "")

    def spellings(self, contact_id: int | None = None) -> dict[int, str]:
        """`spelling` of all entries, or of one. A name that somebody changed loses its own."""
        found = self._db.execute(
            "SELECT id, CASE WHEN pretty <> '' AND pretty_for = name THEN pretty ELSE name END"
            " FROM contacts WHERE ?1 IS NULL OR id = ?1",
            (contact_id,),
        )
        return dict(found.fetchall())

    # acts

    def add(self, content: Content, now: datetime, pretty: str = "") -> Contact:
        """A new entry; allows one AddEntry."""
        content = wishes.checked(content)
        with writing(self._db):
            self._refuse_double(content)
            return self._add(content, now, pretty)

    def save(
        self,
        contact_id: int,
        content: Content,
        seen: Content | None,
        now: datetime,
        pretty: str = "",
    ) -> Contact:
        """The entry shall say ``content``. ``seen`` is what the person began from: if a list has
        brought something else meanwhile, theirs stays and the text goes to the conflict list."""
        content = wishes.checked(content)
        with writing(self._db):
            contact = self._rows.get(contact_id)
            if not contact.live or not same(contact.effective, seen):
                return self._clash(contact, content, now)
            self._refuse_double(content, contact_id)
            return self._become(contact, wishes.edited(contact, content), now, pretty)

    def delete(self, contact_id: int, seen: Content | None, now: datetime) -> Contact:
        """The entry shall go, as the person saw it; else as in `save`."""
        with writing(self._db):
            contact = self._rows.get(contact_id)
            if not contact.live or contact.want_deleted:
                return contact
            if not same(contact.effective, seen):
                return self._clash(contact, None, now)
            return self._become(contact, wishes.deleted(contact), now)

    def restore(self, contact_id: int, now: datetime) -> Contact:
        """Not deleted after all, or back from the trash; allows one AddEntry where it is gone."""
        with writing(self._db):
            contact = self._rows.get(contact_id)
            if contact.live and not contact.want_deleted:
                return contact
            return self._become(contact, self._restored(contact), now)

    def try_again(self, contact_id: int, now: datetime) -> Contact:
        """Send what is held; an add is looked for first. Allows one AddEntry."""
        with writing(self._db):
            contact = self._rows.get(contact_id)
            if contact.hold in (Hold.NONE, Hold.GONE):
                return contact
            return self._become(contact, wishes.tried_again(contact), now)

    def give_up(self, contact_id: int, now: datetime) -> Contact:
        """What is held is wanted no more; an add goes to the trash."""
        with writing(self._db):
            contact = self._rows.get(contact_id)
            if contact.hold in (Hold.NONE, Hold.GONE):
                return contact
            return self._become(contact, wishes.given_up(contact, now), now)

    def decide(
        self,
        conflict_id: int,
        decision: Decision,
        now: datetime,
        text: Content | None = None,
        pretty: str = "",
    ) -> None:
        """Settle a conflict. ``text``, with its ``pretty`` spelling, stands for ours (Edit). BOTH:
        theirs stays, and ours is added where it is a text: nothing is deleted then."""
        text = None if text is None else wishes.checked(text)
        with writing(self._db):
            conflict = self._conflicts.get(conflict_id)
            ours = text or conflict.ours
            contact = self._rows.get(conflict.contact)
            if text is None and ours is not None:
                pretty = self._spelt(contact.id, ours.name)
            if decision is Decision.BOTH and ours is not None and contact.live:
                self._add(respelled(ours), now, pretty)
            elif decision is Decision.MINE or (decision is Decision.BOTH and ours is not None):
                self._insist(contact, ours, now, pretty)
            self._conflicts.close(conflict_id, decision, now)

    # undoing

    def undo(self, now: datetime) -> Step | None:
        """Undo the last act that changed an entry; None: there is none.

        Raises BadInput when the entry has changed since.
        """
        with writing(self._db):
            found = self.past.last_act()
            if found is None:
                return None
            act, step = found
            self._take(step.back, now, undone=True)
            self.past.mark_undone(act)
            return step.back

    def undo_part(self, together: int, now: datetime, at_most: int) -> tuple[list[int], int]:
        """Undo some acts that belong together, last first, and be done with them: whose entries,
        and how many of these had changed since and were left alone."""
        refused, part = 0, self.past.part(together, at_most)
        with writing(self._db):
            for act, step in part:
                try:
                    self._take(step.back, now, undone=True)
                except BadInput:
                    refused += 1
                self.past.mark_undone(act)
        return [step.contact for _, step in part], refused

    def restoration(self, snapshot: int) -> tuple[Step, ...]:
        """The steps that bring a snapshot back, to be shown before they are taken."""
        return at_once(self.comparing(snapshot))

    def comparing(self, snapshot: int) -> Generator[None, None, tuple[Step, ...]]:
        """`restoration` in pieces of some milliseconds; each entry as it is in its piece."""
        saved = yield from self.past.saved(snapshot)
        now: dict[int, Content | None] = {}
        last = 0
        while said := self._rows.said(last):
            now.update(said)
            last = max(said)
            yield
        return (yield from comparing(saved, now))

    def take(self, step: Step, now: datetime) -> None:
        """One step, as an act of a person; raises BadInput when the entry has changed since."""
        with writing(self._db):
            self._take(step, now)

    # inside a transaction

    def _add(self, content: Content, now: datetime, pretty: str = "") -> Contact:
        contact = self._rows.put(wishes.added(content))
        self._spell(contact, pretty)
        self.past.note_act(Step(contact.id, None, content), now)
        return contact

    def _become(
        self, before: Contact, after: Contact, now: datetime, pretty: str = "", undone: bool = False
    ) -> Contact:
        self._rows.put(after)
        self._spell(after, pretty)
        self.past.note_act(Step(after.id, before.effective, after.effective), now, undone)
        return after

    def _clash(self, contact: Contact, ours: Content | None, now: datetime) -> Contact:
        self._conflicts.add(Clash(contact.id, ours, contact.effective, contact.base), now)
        return contact

    def _insist(self, contact: Contact, ours: Content | None, now: datetime, pretty: str) -> None:
        """Ours, against what the entry has become."""
        if ours is None:
            if contact.live:
                self._become(contact, wishes.deleted(contact), now)
            return
        ours = respelled(ours)
        if contact.live and not contact.want_deleted:
            self._become(contact, wishes.edited(contact, ours), now, pretty)
        else:
            self._become(contact, wishes.edited(self._restored(contact), ours), now, pretty)

    def _restored(self, contact: Contact) -> Contact:
        if not contact.live and self._rows.is_taken(contact.server_id):
            contact = wishes.parted(contact)
        return wishes.restored(contact)

    def _take(self, step: Step, now: datetime, undone: bool = False) -> None:
        if not self._rows.has(step.contact):
            if step.after is not None:
                self._add(wishes.checked(respelled(step.after)), now)
            return
        contact = self._rows.get(step.contact)
        if not same(contact.effective, step.before):
            raise BadInput(
                tr("This entry has changed since"),
                tr("Nothing was undone. Look at it, and change it by hand."),
            )
        after = wishes.deleted(contact) if step.before is not None else self._restored(contact)
        if step.after is not None:
            base = contact if step.before is not None else after
            after = wishes.edited(base, wishes.checked(respelled(step.after)))
        self._become(contact, after, now, undone=undone)

    def _spell(self, contact: Contact, pretty: str) -> None:
        if pretty and contact.shown is not None:
            self._db.execute(
                "UPDATE contacts SET pretty = ?, pretty_for = ? WHERE id = ?",
                (pretty, contact.shown.name, contact.id),
            )

    def _spelt(self, contact_id: int, name: str) -> str:
        """How a person spelled this name of the entry; empty where nobody did."""
        found = self._db.execute(
            "SELECT pretty FROM contacts WHERE id = ?1 AND pretty_for = ?2 UNION ALL"
            " SELECT pretty FROM spellings WHERE contact = ?1 AND wire = ?2 LIMIT 1",
            (contact_id, name),
        ).fetchone()
        return str(found[0]) if found else ""

    def _refuse_double(self, content: Content, but: int = 0) -> None:
        if any(contact.id != but for contact in self._rows.saying(content)):
            raise BadInput(
                tr("It is already there"),
                tr("%(name)s with the same numbers is in the phonebook.") % {"name": content.name},
            )
