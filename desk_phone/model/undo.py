"""Undoing acts, and bringing a snapshot back: both are steps, and a step is an act of a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from desk_phone.model.entries import Contact, Content, same


@dataclass(frozen=True, slots=True)
class Step:
    """An entry that said ``before`` shall say ``after``; None: it was not there, or shall not be.

    ``contact`` is our id, 0 for an entry that has none yet.
    """

    contact: int
    before: Content | None
    after: Content | None

    @property
    def back(self) -> Step:
        """The step that undoes this one."""
        return Step(self.contact, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry of a snapshot, with our id at that time."""

    contact: int
    content: Content


def restoration(saved: Collection[Saved], contacts: Collection[Contact]) -> tuple[Step, ...]:
    """The steps from ``contacts``, those in the trash too, to a snapshot: a dry run of it.

    What stands elsewhere by now with the same content is left alone, so nothing doubles.
    """
    now = {contact.id: contact.effective for contact in contacts}
    there = {content.key for content in now.values() if content is not None}
    steps, wanted = [], set()
    for entry in saved:
        known = entry.contact in now
        before = now.get(entry.contact)
        if same(before, entry.content):
            wanted.add(entry.contact)
        elif entry.content.key not in there:
            wanted.add(entry.contact)
            steps.append(Step(entry.contact if known else 0, before, entry.content))
    keys = {entry.content.key for entry in saved}
    for contact_id, content in now.items():
        if content is not None and contact_id not in wanted and content.key not in keys:
            steps.append(Step(contact_id, content, None))
    return tuple(steps)
