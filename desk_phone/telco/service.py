"""What the company can do for us, in our own words.

Every method blocks until the outcome is known and raises only `errors.PhoneError`: `Offline`
(surely not sent), `Refused` (with the service's code), `Uncertain` (sent, no answer to trust),
`BadCredentials` (ERR001) or `BadInput` (caught before sending). Numbers are canonical
(`model.numbers`); the wire's own forms are this package's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desk_phone.model.calls import CallRecord


@dataclass(frozen=True, slots=True)
class History:
    """One answer of getCallHistory.

    ``records`` is None when the answer was, byte for byte, the one whose ``digest`` the caller
    already had. ``wire_bytes`` is what travelled, compressed, head and body.
    """

    records: tuple[CallRecord, ...] | None
    digest: str
    wire_bytes: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A phonebook entry as the service has it; ``number2`` is empty when there is none."""

    id: str
    name: str
    number1: str
    number2: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One answer of listPhoneBookEntries; ``digest``, ``wire_bytes`` and an unchanged answer, whose
    ``entries`` are None, as of `History`."""

    entries: tuple[Entry, ...] | None
    digest: str
    wire_bytes: int


class Telco(Protocol):
    def call(self, own: str, other: str) -> None:
        """Ring ``own``, then connect it to ``other``. Never repeated by itself."""

    def numbers(self) -> tuple[str, ...]:
        """The company's numbers, canonical, in the service's order."""

    def history(self, own: str, known: str = "") -> History:
        """The last 31 days of ``own``; ``known`` is the digest of the answer one already has."""

    def name_line(self, own: str, first: str, last: str) -> None:
        """Set the display name that goes with ``own``."""

    def activate_notices(self, own: str, url: str) -> None: ...

    def deactivate_notices(self, own: str) -> None: ...

    def entries(self, known: str = "") -> Listing:
        """The whole phonebook; ``known`` is the digest of the answer one already has."""

    def add_entry(self, name: str, number1: str, number2: str) -> None:
        """Never repeated by itself; the service does not tell the new id."""

    def update_entry(self, entry: Entry) -> None: ...

    def delete_entry(self, entry_id: str) -> None: ...
