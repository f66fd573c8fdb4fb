"""Which of our entries an entry of a list is; `merge` decides what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from desk_phone.model.entries import Contact, Content, Flight, Key, akin, same
from desk_phone.model.flights import is_over, waited


class Look:
    """A list that was asked for at ``now`` and ``came`` at the latest by then; and which of its
    entries nobody of ours has claimed yet."""

    def __init__(
        self,
        listed: Mapping[str, Content],
        contacts: Iterable[Contact],
        trusted: bool,
        now: datetime,
        came: datetime,
    ) -> None:
        self.listed, self.trusted, self.now, self.came = listed, trusted, now, came
        claimed = {contact.server_id for contact in contacts if contact.live}
        self._free = {server_id: None for server_id in listed if server_id not in claimed}
        self._said: dict[Key, list[str]] | None = None

    def turn(self, contact: Contact) -> int:
        """In which order entries claim: the surest first."""
        theirs = self.listed.get(contact.server_id)
        if not contact.live:
            if theirs is None or not is_that(contact, theirs):
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
        same_key = self._by_key().get(content.key, []) if content is not None else []
        while same_key:
            if self.claim(server_id := same_key.pop()):
                return server_id
        return ""

    def unclaimed(self) -> Iterable[str]:
        return tuple(self._free)

    def _by_key(self) -> dict[Key, list[str]]:
        """Ids of what nobody had claimed at the first question; for most lists nobody asks."""
        if self._said is None:
            self._said = defaultdict(list)
            for server_id in sorted(self._free, key=int, reverse=True):
                self._said[self.listed[server_id].key].append(server_id)
        return self._said

    def waited(self, flight: Flight) -> Flight:
        return waited(flight, self.now) if self.trusted else flight

    def is_over(self, flight: Flight) -> bool:
        return self.trusted and is_over(flight, self.now)


def is_that(contact: Contact, theirs: Content) -> bool:
    """Whether what has its id now may be the entry in the trash: edited once, or as we sent it."""
    ours = contact.flight is not None and same(theirs, contact.flight.payload)
    return ours or akin(theirs, contact.base)
