"""Our phonebook and a list of the service's: the one place where they are brought together.

`reconcile` is the decision table of docs/sync.md as a function without a clock. Theirs stays, ours
goes to the conflict list; a deletion is an explicit wish, never inferred; what was sent and not
seen is not sent again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk_phone.model.entries import (
    Contact,
    Content,
    Flight,
    FlightState,
    GoneHow,
    Hold,
    Key,
    Kind,
    akin,
    respelled,
    same,
)
from desk_phone.model.flights import is_over, waited
from desk_phone.model.pushes import Push, hold_doubles, pushes
from desk_phone.model.verdict import Trust

APART = timedelta(minutes=1)  # between two lists that lack an entry before it is believed gone


@dataclass(frozen=True, slots=True)
class Clash:
    """For the conflict list: ``ours`` None: we deleted it; ``theirs`` None: they did."""

    contact: int
    ours: Content | None
    theirs: Content | None
    base: Content | None


@dataclass(frozen=True, slots=True)
class Merged:
    """``contacts`` are all of ours as they are now, and new ones (id 0)."""

    contacts: tuple[Contact, ...]
    clashes: tuple[Clash, ...] = ()
    pushes: tuple[Push, ...] = ()


Met = tuple[Contact, Clash | None]


def reconcile(
    contacts: Collection[Contact],
    listed: Mapping[str, Content],
    trust: Trust,
    now: datetime,
    said: Collection[Key] = (),
) -> Merged:
    """Bring ``contacts``, those in the trash too, up to the list that was judged ``trust``.

    Entries that the list shows as they are may be left out of both; ``said`` is what they say.
    """
    if trust not in (Trust.TRUSTED, Trust.SUSPICIOUS):
        return Merged(tuple(contacts))
    look = _Look(listed, contacts, trust is Trust.TRUSTED, now)
    met = [_meet(contact, look) for contact in sorted(contacts, key=look.turn)]
    found = [contact for contact, _ in met] + [
        Contact(0, server_id, listed[server_id]) for server_id in look.unclaimed()
    ]
    clashes = tuple(clash for _, clash in met if clash is not None)
    if not look.trusted:
        return Merged(tuple(found), clashes)
    found = hold_doubles(found, said)
    return Merged(tuple(found), clashes, tuple(pushes(found)))


class _Look:
    """A list, and which of its entries nobody of ours has claimed yet."""

    def __init__(
        self,
        listed: Mapping[str, Content],
        contacts: Iterable[Contact],
        trusted: bool,
        now: datetime,
    ) -> None:
        self.listed, self.trusted, self.now = listed, trusted, now
        claimed = {contact.server_id for contact in contacts if contact.live}
        self._free = {server_id: None for server_id in listed if server_id not in claimed}
        self._by_key: dict[Key, list[str]] = defaultdict(list)
        for server_id in sorted(self._free, key=int, reverse=True):
            self._by_key[listed[server_id].key].append(server_id)

    def turn(self, contact: Contact) -> int:
        """In which order entries claim: the surest first."""
        theirs = self.listed.get(contact.server_id)
        if not contact.live:
            if theirs is None or not _is_that(contact, theirs):
                return 6
            # What is listed as it was is that, never the add just sent.
            return 1 if same(theirs, contact.base) else 5
        if contact.server_id:
            return 0 if theirs is not None else 3
        return 2 if contact.flight is not None else 4

    def claim(self, server_id: str) -> bool:
        if server_id not in self._free:
            return False
        del self._free[server_id]
        return True

    def find(self, content: Content | None) -> str:
        """Claim an entry that says this, the oldest id first; empty: there is none."""
        same_key = self._by_key.get(content.key, []) if content is not None else []
        while same_key:
            if self.claim(server_id := same_key.pop()):
                return server_id
        return ""

    def unclaimed(self) -> Iterable[str]:
        return tuple(self._free)

    def waited(self, flight: Flight) -> Flight:
        return waited(flight, self.now) if self.trusted else flight

    def is_over(self, flight: Flight) -> bool:
        return self.trusted and is_over(flight, self.now)


def _meet(contact: Contact, look: _Look) -> Met:
    if not contact.live:
        return _come_back(contact, look), None
    if not contact.server_id:
        return _unbound(contact, look), None
    theirs = look.listed.get(contact.server_id)
    return _absent(contact, look) if theirs is None else _present(contact, theirs, look)


# listed under its id


def _present(contact: Contact, theirs: Content, look: _Look) -> Met:
    contact = replace(contact, missing_since=None)
    flight = contact.flight
    if flight is not None:
        if flight.kind is Kind.UPDATE and same(theirs, flight.payload):
            return _agree(replace(contact, flight=None), theirs), None
        flight = look.waited(flight)
        if not look.is_over(flight):
            return replace(contact, flight=flight), None
        contact = replace(contact, flight=None)
        if _denied(flight, contact, theirs):
            return _clash(contact, theirs)
    return _compare(contact, theirs)


def _compare(contact: Contact, theirs: Content) -> Met:
    """No request is under way: who changed what?"""
    wishes = contact.want is not None or contact.want_deleted
    told_gone = contact.hold is Hold.GONE
    if same(theirs, contact.base) and not (told_gone and contact.wanted):
        return _agree(contact, theirs), None
    if wishes and not same(theirs, contact.wanted):
        return _clash(contact, theirs)
    return _agree(replace(contact, want=None), theirs), None


def _denied(flight: Flight, contact: Contact, theirs: Content) -> bool:
    """The service took it, and after all this time shows that it did not."""
    if flight.state is not FlightState.ACKNOWLEDGED:
        return False
    if flight.kind is Kind.DELETE:
        return contact.want_deleted
    return same(theirs, flight.against) and same(contact.wanted, flight.payload)


def _agree(contact: Contact, theirs: Content) -> Contact:
    return replace(
        contact,
        base=theirs,
        want=None if same(contact.want, theirs) else contact.want,
        may_add=False,
        hold=Hold.NONE if contact.hold is Hold.GONE else contact.hold,
        missing_since=None,
    )


def _clash(contact: Contact, theirs: Content) -> Met:
    clash = Clash(contact.id, contact.wanted, theirs, contact.base)
    calm = replace(contact, want=None, want_deleted=False, hold=Hold.NONE, words="")
    return _agree(calm, theirs), clash


# not listed under its id


def _absent(contact: Contact, look: _Look) -> Met:
    told_gone = contact.hold is Hold.GONE and not contact.want_deleted
    elsewhere = look.find(contact.base) if contact.quiet or told_gone else ""
    if not look.trusted:
        return contact, None
    since = contact.missing_since
    if since is None or since > look.now:
        since = look.now
    contact = replace(contact, missing_since=since)
    if not (_surely_gone(contact) or look.now - since >= APART):
        return contact, None
    if elsewhere:
        moved, theirs = replace(contact, server_id=elsewhere), look.listed[elsewhere]
        return (_agree(moved, theirs), None) if moved.wanted is None else _clash(moved, theirs)
    if contact.may_add and not contact.want_deleted:
        return _unbound(_to_be_added(contact), look), None
    return _bury(contact, look.now)


def _surely_gone(contact: Contact) -> bool:
    """One list that lacks it is enough."""
    flight = contact.flight
    acknowledged = flight is not None and flight.state is FlightState.ACKNOWLEDGED
    deleted = flight is not None and flight.kind is Kind.DELETE and acknowledged
    return deleted or contact.hold is Hold.GONE


def _to_be_added(contact: Contact) -> Contact:
    return replace(
        contact,
        server_id="",
        base=None,
        want=None if contact.shown is None else respelled(contact.shown),
        flight=None,
        hold=Hold.NONE,
        missing_since=None,
    )


def _bury(contact: Contact, now: datetime) -> Met:
    """Into the local trash; a text that somebody wanted goes to the conflict list."""
    how = GoneHow.TOLD if contact.hold is Hold.GONE else GoneHow.ABSENT
    if contact.want_deleted:
        how = GoneHow.DELETED if contact.server_id else GoneHow.DISCARDED
    ours = contact.wanted
    clash = None if ours is None else Clash(contact.id, ours, None, contact.base)
    gone = replace(
        contact,
        want=contact.want if contact.base is None else None,
        want_deleted=False,
        may_add=False,
        hold=Hold.NONE,
        words="",
        gone_at=now,
        gone_how=how,
    )
    return gone, clash


def _come_back(contact: Contact, look: _Look) -> Contact:
    """From the trash: listed again under its id, or as it was under a new one."""
    server_id = contact.server_id
    if contact.base is None or contact.gone_how is GoneHow.DISCARDED:
        return contact
    theirs = look.listed.get(server_id)
    if theirs is None or not _is_that(contact, theirs) or not look.claim(server_id):
        server_id = look.find(contact.base)
    if not server_id:
        return contact
    return Contact(contact.id, server_id, look.listed[server_id])


def _is_that(contact: Contact, theirs: Content) -> bool:
    """Whether what has its id now may be the entry in the trash: edited once, or as we sent it."""
    ours = contact.flight is not None and same(theirs, contact.flight.payload)
    return ours or akin(theirs, contact.base)


# no list has shown it yet


def _unbound(contact: Contact, look: _Look) -> Contact:
    flight = contact.flight
    if contact.want_deleted and flight is None:
        return _bury(contact, look.now)[0] if look.trusted else contact
    if server_id := look.find(flight.payload if flight is not None else contact.want):
        bound = replace(contact, server_id=server_id, flight=None, hold=Hold.NONE, words="")
        return _agree(bound, look.listed[server_id])
    if flight is None:
        return contact
    flight = look.waited(flight)
    contact = replace(contact, flight=flight)
    if not look.is_over(flight) or contact.may_add:
        return contact
    if contact.want_deleted:
        return _bury(contact, look.now)[0]
    return replace(contact, hold=Hold.NOT_FOUND) if contact.hold is Hold.NONE else contact
