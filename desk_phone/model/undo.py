"""Undoing acts, and bringing a snapshot back: both are steps, and a step is an act of a person."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass

from desk_phone.model.entries import Content, same

_STEP = 500  # entries between two pauses of `comparing`: some milliseconds


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


def comparing(
    saved: Collection[Saved], now: Mapping[int, Content | None]
) -> Generator[None, None, tuple[Step, ...]]:
    """The steps from ``now`` to a snapshot, a dry run of it, with pauses of their own.

    ``now``: what each entry says by our id, None of those in the trash. What stands elsewhere by
    now with the same content is left alone, so nothing doubles.
    """
    there = set()
    for count, content in enumerate(now.values(), 1):
        if content is not None:
            there.add(content.key)
        if count % _STEP == 0:
            yield
    steps, wanted, keys = [], set(), set()
    for count, entry in enumerate(saved, 1):
        if count % _STEP == 0:
            yield
        keys.add(entry.content.key)
        known = entry.contact in now
        before = now.get(entry.contact)
        if same(before, entry.content):
            wanted.add(entry.contact)
        elif entry.content.key not in there:
            wanted.add(entry.contact)
            steps.append(Step(entry.contact if known else 0, before, entry.content))
    for contact_id, content in now.items():
        if content is not None and contact_id not in wanted and content.key not in keys:
            steps.append(Step(contact_id, content, None))
    return tuple(steps)
