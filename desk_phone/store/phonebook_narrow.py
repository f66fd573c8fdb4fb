"""Where a list and our phonebook differ: of ten thousand entries seldom more than a few.

An entry with nothing under way, whose base is what the list shows under its id, is *settled*: it
needs no look. Comparing texts finds these ten times faster than reading every entry. All of it is
pure: for long lists it belongs on a lane.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from desk_phone.model.entries import Contact, Content, Key, respelled
from desk_phone.model.merge import Merged, reconcile
from desk_phone.model.renumber import rebind
from desk_phone.model.verdict import Trust, Verdict, is_sound, judge
from desk_phone.store.phonebook_following import Came, Followed
from desk_phone.store.phonebook_rows import Calm, dump, load


@dataclass(frozen=True, slots=True)
class Known:
    """The list that everything here agrees with: the digests of its bytes, empty where this process
    has not seen them, and of what it says; both empty while something is open."""

    body: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A list that is the `Known` one and was not looked at; ``wire_bytes`` travelled."""

    body: str = ""
    wire_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the service: each entry's id and what it says. ``digest`` tells lists apart, and
    ``body`` their bytes, of which ``wire_bytes`` travelled.

    Making one costs what the comparing later saves: it belongs on the lane.
    """

    entries: tuple[tuple[str, Content], ...]
    digest: str
    body: str = ""
    wire_bytes: int = 0
    sound: bool = field(init=False)
    texts: dict[str, str | None] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sound", is_sound(self.entries))
        object.__setattr__(self, "texts", {id_: dump(content) for id_, content in self.entries})


@dataclass(frozen=True, slots=True)
class Ours:
    """All our entries at one moment. ``new_ids``: a person said that the service gave new ones."""

    calm: list[Calm]
    busy: list[Contact]
    gone: list[Contact]
    new_ids: bool = False

    def all(self) -> list[Contact]:
        contacts = [*map(_contact, self.calm), *self.busy, *self.gone]
        return sorted(contacts, key=lambda contact: contact.id)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """``contacts`` and ``entries`` without those that are ``settled``, the trash included.

    ``said`` are contents that settled entries say and that one of ``contacts`` would add.
    """

    contacts: list[Contact]
    entries: tuple[tuple[str, Content], ...]
    settled: int
    said: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A list against our entries. ``contacts`` are those it touches, before it. What merely follows
    the list stands in ``followed`` and ``came``, all else in ``decided``: each row of the first two
    may be written alone, and at any time, as long as its entry is as it was.

    ``whole``: with all of it every entry of the list is one of ours.
    """

    verdict: Verdict
    contacts: list[Contact]
    merged: Merged
    decided: list[Contact]
    followed: list[Followed]
    came: list[Came]
    whole: bool

    def slices(self, at_once: int) -> list[tuple[list[Followed], list[Came]]]:
        """What merely follows, so many rows at once; one slice at least."""
        count = max(len(self.followed), len(self.came))
        begins = range(0, max(count, 1), at_once)
        return [(self.followed[n : n + at_once], self.came[n : n + at_once]) for n in begins]


def weigh(ours: Ours, listed: Listed, now: datetime, came: datetime) -> Weighed:
    """Times as of `reconcile`."""
    if not listed.sound:
        return Weighed(Verdict(Trust.REJECTED), [], Merged(()), [], [], [], whole=False)
    near = narrow(ours, listed)
    verdict = judge(near.contacts, near.entries, now, near.settled)
    contacts = near.contacts
    if verdict.trust is Trust.RENUMBERED and ours.new_ids:
        near = Narrowed(ours.all(), listed.entries, 0, frozenset())
        contacts = list(rebind(near.contacts, dict(listed.entries)))
        verdict = judge(contacts, listed.entries, now)
    merged = reconcile(contacts, dict(near.entries), verdict.trust, now, near.said, came)
    decided, followed = _parted(near.contacts, merged, listed)
    arrivals = [Came(sid, listed.texts[sid], content) for sid, content in merged.new]
    bound = {contact.server_id for contact in merged.contacts if contact.live}
    whole = bound | dict(merged.new).keys() >= {server_id for server_id, _ in near.entries}
    return Weighed(verdict, near.contacts, merged, decided, followed, arrivals, whole)


def narrow(ours: Ours, listed: Listed) -> Narrowed:
    settled = {sid for _, sid, base in ours.calm if listed.texts.get(sid) == base}
    differing = (_contact(row) for row in ours.calm if row[1] not in settled)
    contacts = [*ours.busy, *differing, *ours.gone]
    entries = tuple(entry for entry in listed.entries if entry[0] not in settled)
    return Narrowed(contacts, entries, len(settled), _said(contacts, settled, listed))


def _said(contacts: list[Contact], settled: set[str], listed: Listed) -> frozenset[Key]:
    adds = {respelled(c.shown).key for c in contacts if c.may_add and c.shown is not None}
    if not adds:
        return frozenset()
    there = (content.key for sid, content in listed.entries if sid in settled)
    return frozenset(there) & adds


def _parted(
    before: list[Contact], merged: Merged, listed: Listed
) -> tuple[list[Contact], list[Followed]]:
    """Which changes are decisions, and which merely follow the list."""
    was = {contact.id: contact for contact in before}
    decided, followed = [], []
    for contact in merged.contacts:
        old = was[contact.id]
        if contact == old:
            continue
        if _follows(old, contact):
            text = listed.texts[contact.server_id]
            followed.append(Followed(contact, text, dump(old.base)))
        else:
            decided.append(contact)
    return decided, followed


def _follows(before: Contact, after: Contact) -> bool:
    """Nobody asked for anything, and theirs is the new base."""
    plain = before.live and before.quiet and before.missing_since is None
    return plain and after == Contact(before.id, before.server_id, after.base)


def _contact(calm: Calm) -> Contact:
    id_, server_id, base = calm
    return Contact(id_, server_id, load(base))
