"""What the service should be told, once our phonebook and a list are brought together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from desk_phone.model.entries import Contact, Content, Hold, Key, Kind


@dataclass(frozen=True, slots=True)
class Push:
    """What the service should be told. ``content`` of a delete is what it deletes."""

    contact: int
    kind: Kind
    server_id: str
    content: Content


def hold_doubles(contacts: Sequence[Contact], said: Iterable[Key] = ()) -> list[Contact]:
    """An add of what another entry says, or will say, waits for a person.

    ``said`` is what entries say that are not among ``contacts``.
    """
    if not any(map(_may_go, contacts)):
        return list(contacts)
    taken = {*said, *map(_settled_key, contacts)}
    kept = []
    for contact in contacts:
        want = contact.want
        if _may_go(contact) and want is not None:
            if want.key in taken:
                contact = replace(contact, hold=Hold.ALREADY_THERE)
            taken.add(want.key)
        kept.append(contact)
    return kept


def _settled_key(contact: Contact) -> Key | None:
    content = contact.effective
    return None if content is None or _may_go(contact) else content.key


def _may_go(contact: Contact) -> bool:
    """An add that nothing holds back but what else there is."""
    asked = contact.live and contact.may_add and contact.wanted is not None
    return asked and not contact.server_id and contact.hold is Hold.NONE


def pushes(contacts: Sequence[Contact]) -> Iterable[Push]:
    for contact in contacts:
        if _may_go(contact) and contact.want is not None:
            yield Push(contact.id, Kind.ADD, "", contact.want)
        elif _shown_as_believed(contact) and contact.base is not None:
            if contact.want_deleted:
                yield Push(contact.id, Kind.DELETE, contact.server_id, contact.base)
            elif contact.want is not None:
                yield Push(contact.id, Kind.UPDATE, contact.server_id, contact.want)


def _shown_as_believed(contact: Contact) -> bool:
    """An entry that this very list shows as we believe it to be."""
    seen = contact.live and bool(contact.server_id) and contact.missing_since is None
    return seen and contact.flight is None and contact.hold is Hold.NONE
