"""What sending a change, waiting for it, and its answer make of an entry (docs/sync.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from desk_phone.model.entries import Contact, Flight, FlightState, Hold, Kind, same
from desk_phone.model.names import problems
from desk_phone.model.pushes import Push, pushes

HELD = timedelta(seconds=90)  # so long a request may still arrive; the longest seen is 60 s
LISTS = 2  # trusted lists that do not show it


class Answer(StrEnum):
    """What came of a request."""

    DONE = "done"
    NOT_SENT = "not sent"  # surely
    UNKNOWN = "unknown"
    REFUSED = "refused"  # this entry, for what it says
    NO_SUCH_ID = "no such id"
    NOT_ALLOWED = "not allowed"  # anything at all: not done, and nothing more is sent


def still_wanted(contact: Contact, push: Push) -> bool:
    """Whether ``push`` is what the entry, as it is by now, still asks for."""
    return push in pushes([contact])


def unsendable(push: Push) -> bool:
    """The last look before the wire: an unallowed letter would become ``?`` on every phone."""
    return push.kind is not Kind.DELETE and bool(problems(push.content.name))


def sent(contact: Contact, push: Push, now: datetime) -> Contact:
    """The intent, to be written down before the request leaves; the act's one add is used up."""
    flight = Flight(push.kind, push.content, contact.base, FlightState.SENT, now)
    return replace(contact, flight=flight, may_add=contact.may_add and push.kind is not Kind.ADD)


def left_open(contact: Contact) -> Contact:
    """No answer will come any more: a list decides."""
    if contact.flight is None or contact.flight.state is not FlightState.SENT:
        return contact
    return replace(contact, flight=replace(contact.flight, state=FlightState.UNKNOWN))


def waited(flight: Flight, now: datetime) -> Flight:
    """One more trusted list does not show it; a clock set back starts the waiting anew."""
    return replace(flight, at=min(flight.at, now), lists=min(flight.lists + 1, LISTS))


def is_over(flight: Flight, now: datetime) -> bool:
    """Whether it cannot arrive any more."""
    return flight.lists >= LISTS and now - flight.at >= HELD


def answered(contact: Contact, answer: Answer, words: str = "") -> Contact:
    """``words`` are the service's, where it refused."""
    flight = contact.flight
    if flight is None:
        return contact
    add = flight.kind is Kind.ADD
    if answer is Answer.UNKNOWN:
        return left_open(contact)
    if answer is Answer.DONE or (answer is Answer.NO_SUCH_ID and flight.kind is Kind.DELETE):
        return replace(contact, flight=replace(flight, state=FlightState.ACKNOWLEDGED))
    contact = replace(contact, flight=None)
    if answer is Answer.NOT_SENT:
        return replace(contact, may_add=contact.may_add or add)
    if answer is Answer.NO_SUCH_ID and not add:
        return replace(contact, hold=Hold.GONE)
    if answer is Answer.NOT_ALLOWED and not add:
        return contact
    if add or _as_sent(contact, flight):
        return replace(contact, hold=Hold.REFUSED, words=words)
    return contact  # a newer wish gets a try of its own


def _as_sent(contact: Contact, flight: Flight) -> bool:
    if flight.kind is Kind.DELETE:
        return contact.want_deleted
    return same(contact.wanted, flight.payload)
