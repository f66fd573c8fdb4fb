"""How far a list of the company's phonebook may be believed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from desk_phone.model.entries import Contact, Content, Flight, GoneHow, Hold, Kind, same

DRAIN = timedelta(hours=24)  # what vanishes within it counts together
ASK_AFTER = 3  # suspicious lists in a row that lack the same
LOOK_AGAIN = (timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=10))

_ID = re.compile(r"[0-9]{1,18}")


class Trust(StrEnum):
    REJECTED = "rejected"  # nothing of it is used
    RENUMBERED = "renumbered"  # read-only until a person says that the ids are new
    SUSPICIOUS = "suspicious"  # additions and changes count, absence does not; nothing is written
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``missing`` are our ids of the agreed entries that the list lacks."""

    trust: Trust
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Suspicious lists in a row that lack the same entries: ``times`` of them since ``since``."""

    since: datetime
    missing: tuple[int, ...]
    times: int = 1

    @property
    def asks(self) -> bool:
        """Whether a person should decide what became of the missing entries."""
        return self.times >= ASK_AFTER

    @property
    def look_again(self) -> timedelta:
        return LOOK_AGAIN[min(self.times, len(LOOK_AGAIN)) - 1]


def suspect(before: Suspicion | None, missing: tuple[int, ...], now: datetime) -> Suspicion:
    """One more suspicious list."""
    if before is None or before.missing != missing:
        return Suspicion(now, missing)
    return replace(before, times=before.times + 1)


def is_sound(listed: Sequence[tuple[str, Content]]) -> bool:
    """Whether each entry of a list has an integer id of its own."""
    ids = {server_id for server_id, _ in listed}
    return len(ids) == len(listed) and all(_ID.fullmatch(server_id) for server_id in ids)


def judge(
    contacts: Collection[Contact],
    listed: Sequence[tuple[str, Content]],
    now: datetime,
    settled: int = 0,
) -> Verdict:
    """Judge ``listed``, pairs of the service's id and what is there.

    ``contacts`` are all of ours, those in the trash too: what vanished in 24 hours counts together.
    ``settled`` agreed entries, which the list shows as they are, may be left out of both.
    """
    if not is_sound(listed):
        return Verdict(Trust.REJECTED)
    book = dict(listed)
    expected = [contact for contact in contacts if _agreed(contact)]
    away = [contact for contact in expected if not _at_its_id(contact, book)]
    agreed = len(expected) + settled
    if _renumbered(contacts, agreed, away, book):
        return Verdict(Trust.RENUMBERED)
    missing = tuple(_missing(contacts, away, book))
    if not missing:
        return Verdict(Trust.TRUSTED)
    drained = sum(_drained(contact, now) for contact in contacts)
    empty = not book and not settled
    suspicious = empty or len(missing) + drained > bearable(agreed + drained)
    return Verdict(Trust.SUSPICIOUS if suspicious else Trust.TRUSTED, missing)


def bearable(agreed: int) -> float:
    """How many of the agreed entries may vanish within a day and still be believed gone."""
    return max(2.0, min(20.0, 0.2 * agreed))


def _agreed(contact: Contact) -> bool:
    """Expected on every list: nobody here deleted it or was told that it is gone."""
    bound = contact.live and bool(contact.server_id) and contact.base is not None
    return bound and not (_leaving(contact) or contact.may_add or contact.hold is Hold.GONE)


def _leaving(contact: Contact) -> bool:
    return contact.want_deleted or _under_way(contact.flight, Kind.DELETE)


def _under_way(flight: Flight | None, kind: Kind) -> bool:
    return flight is not None and flight.kind is kind


def _at_its_id(contact: Contact, book: Mapping[str, Content]) -> bool:
    theirs = book.get(contact.server_id)
    if theirs is None:
        return False
    ours = contact.flight is not None and same(theirs, contact.flight.payload)
    return ours or same(theirs, contact.base)


def _renumbered(
    contacts: Iterable[Contact], agreed: int, away: Sequence[Contact], book: Mapping[str, Content]
) -> bool:
    """Over 30 % of the entries (two at least) are elsewhere, while 80 % of the contents remain.

    What is at its own id does not stand for another: then saying that the ids are new would help
    nobody.
    """
    if len(away) <= max(1.0, 0.3 * agreed):
        return False
    settled = {c.server_id for c in contacts if c.live and _at_its_id(c, book)}
    left = Counter(content.key for server_id, content in book.items() if server_id not in settled)
    moved = 0
    for contact in away:
        if contact.base is not None and left[contact.base.key] > 0:
            left[contact.base.key] -= 1
            moved += 1
    return agreed - len(away) + moved >= 0.8 * agreed


def _missing(
    contacts: Iterable[Contact], away: Iterable[Contact], book: Mapping[str, Content]
) -> Iterable[int]:
    """Those whose id is not listed and whose content is under no id that is new to us."""
    ours = {contact.server_id for contact in contacts if contact.live}
    new = Counter(content.key for server_id, content in book.items() if server_id not in ours)
    for contact in away:
        if contact.server_id in book or contact.base is None:
            continue
        if contact.quiet and new[contact.base.key] > 0:
            new[contact.base.key] -= 1
        else:
            yield contact.id


def _drained(contact: Contact, now: datetime) -> bool:
    gone = contact.gone_at
    return gone is not None and contact.gone_how is GoneHow.ABSENT and now - gone < DRAIN
