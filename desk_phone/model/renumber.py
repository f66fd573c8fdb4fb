"""When the service gave its entries new ids: finding ours again by what they say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from desk_phone.model.entries import Contact, Content, Hold, same


def rebind(contacts: Collection[Contact], listed: Mapping[str, Content]) -> tuple[Contact, ...]:
    """``contacts`` with the ids of ``listed``: each is where its base now stands.

    One whose base stands nowhere keeps its id if nobody else has it, else it is held as gone. Only
    a person may say that the ids are new.
    """
    stays = {c.id for c in contacts if _is_at(c, listed.get(c.server_id))}
    taken = {c.server_id for c in contacts if c.id in stays}
    free: dict[tuple[str, str, str], list[str]] = {}
    for server_id in sorted(set(listed) - taken, key=int, reverse=True):
        free.setdefault(listed[server_id].key, []).append(server_id)
    found: dict[int, str] = {}
    for contact in contacts:
        at = free.get(contact.base.key) if contact.base is not None else None
        if at and contact.id not in stays and contact.live and contact.server_id:
            found[contact.id] = at.pop()
    taken.update(found.values())
    return tuple(_moved(c, found.get(c.id, ""), c.id in stays, taken) for c in contacts)


def _is_at(contact: Contact, theirs: Content | None) -> bool:
    return contact.live and theirs is not None and same(contact.base, theirs)


def _moved(contact: Contact, server_id: str, stays: bool, taken: set[str]) -> Contact:
    if server_id:
        return replace(contact, server_id=server_id, flight=None, missing_since=None)
    if stays or not contact.live or contact.server_id not in taken:
        return contact
    return replace(contact, server_id=_nowhere(contact), flight=None, hold=Hold.GONE)


def _nowhere(contact: Contact) -> str:
    """An id that no list has; the next one finds the entry gone."""
    return f"-{contact.id}"
