"""Our phonebook and a list of the service's: the one place where they are brought together.

`reconcile` is the decision table of docs/sync.md as a function without a clock. Theirs stays, ours
goes to the conflict list; a deletion is an explicit wish, never inferred; what was sent and not
seen is not sent again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from desk_phone.model.claims import Look, is_that
from desk_phone.model.entries import (
    Contact,
    Content,
    Flight,
    FlightState,
    GoneHow,
    Hold,
    Key,
    Kind,
    respelled,
    same,
)
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
    """``contacts`` are all of ours as they are now; ``new`` are entries of the list that are none
    of ours: the service's ids and what is there."""

    contacts: tuple[Contact, ...]
    new: tuple[tuple[str, Content], ...] = ()
    clashes: tuple[Clash, ...] = ()
    pushes: tuple[Push, ...] = ()


Met = tuple[Contact, Clash | None]


def reconcile(
    contacts: Collection[Contact],
    listed: Mapping[str, Content],
    trust: Trust,
    now: datetime,
    said: Collection[Key] = (),
    came: datetime | None = None,
) -> Merged:
    """Bring ``contacts``, those in the trash too, up to the list that was judged ``trust``.

    Entries that the list shows as they are may be left out of both; ``said`` is what they say.
    ``now`` is when the list was asked for, ``came`` when it had come: an entry is missing since the
    latter, and gone by the former.
    """
    if trust not in (Trust.TRUSTED, Trust.SUSPICIOUS):
        return Merged(tuple(contacts))
    look = Look(listed, contacts, trust is Trust.TRUSTED, now, came or now)
    met = [_meet(contact, look) for contact in sorted(contacts, key=look.turn)]
    found = [contact for contact, _ in met]
    new = tuple((server_id, listed[server_id]) for server_id in look.unclaimed())
    clashes = tuple(clash for _, clash in met if clash is not None)
    if not look.trusted:
        return Merged(tuple(found), new, clashes)
    found = hold_doubles(found, chain(said, (content.key for _, content in new)))
    return Merged(tuple(found), new, clashes, tuple(pushes(found)))


def _meet(contact: Contact, look: Look) -> Met:
    if not contact.live:
        return _come_back(contact, look), None
    if not contact.server_id:
        return _unbound(contact, look), None
    theirs = look.listed.get(contact.server_id)
    return _absent(contact, look) if theirs is None else _present(contact, theirs, look)


# listed under its id


def _present(contact: Contact, theirs: Content, look: Look) -> Met:
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


def _absent(contact: Contact, look: Look) -> Met:
    told_gone = contact.hold is Hold.GONE and not contact.want_deleted
    elsewhere = look.find(contact.base) if contact.quiet or told_gone else ""
    if not look.trusted:
        return contact, None
    since = contact.missing_since
    if since is None or since > look.came:  # a clock was set back
        since = look.came
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


def _come_back(contact: Contact, look: Look) -> Contact:
    """From the trash: listed again under its id, or as it was under a new one."""
    server_id = contact.server_id
    if contact.base is None or contact.gone_how is GoneHow.DISCARDED:
        return contact
    theirs = look.listed.get(server_id)
    if theirs is None or not is_that(contact, theirs) or not look.claim(server_id):
        server_id = look.find(contact.base)
    if not server_id:
        return contact
    return Contact(contact.id, server_id, look.listed[server_id])


# no list has shown it yet


def _unbound(contact: Contact, look: Look) -> Contact:
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
