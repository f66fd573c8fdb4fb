"""The company that never existed: its numbers, phonebook and calls, and the acts that change them.

No clock and no socket: time comes in. What the service refuses is raised as `Refusal`, with the
words its text prints. One thread at a time: the server holds a lock around it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desk_phone.model.calls import CallRecord
from desk_phone.simulator.calls import PhoneCall, national, with_country
from desk_phone.telco.service import Entry

USER = "P0000000@elion.ee"
PASSWORD = "secret"  # noqa: S105 - the login of a company that does not exist
OWN_NUMBERS = ("3726401234", "37264012345", "37264012347", "3726403231", "3726403232")
ENTRIES = (
    Entry("1", "Alice", "555111222"),
    Entry("2", "Bob", "555111223", "6123455"),
    Entry("12", "A Client", "60000002"),
)
REMEMBERED = timedelta(days=31)  # "Retrieves Call logs for last 31 days"
CALLS_KEPT = 5000  # a number: at speed 1000 a company would live a month in an hour
DIALS_KEPT = 1000
FIRST_CALL_ID = 50762616

_DIALABLE = re.compile(r"\+?[0-9]{3,17}")
# "ASCII characters plus õ,ü,ö,ä"; the capitals are a fair reading of it.
_ALLOWED_NAME = re.compile(r"[ -~õüöäÕÜÖÄ]*")


class Refusal(Exception):
    """The service says no: a ServiceError with these words."""

    def __init__(self, code: str, message: str, description: str = "") -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message
        self.description = description


def bad_login() -> Refusal:
    """As the text's first error example prints it, misprint and all."""
    return Refusal("ERR001", "Aiuthentication error")


def missing(element: str) -> Refusal:
    """As the sample answer of updateCallingLineNameIdentity prints it."""
    return Refusal("ERR002", f"Missin Element: {element}")


_FROM_THE_TABLE = {
    "ERR003": ("Authorization Error", "Requested operation is not permitted"),
    "ERR1001": ("Dialing Error", "Call could not be made"),
    "ERR1002": ("Unknown ID", "In operation a nonexistent element ID was used"),
    "ERR1003": (
        "Unallowed Character",
        "Request contained an unallowed Character. Probably in the name field.",
    ),
}


def refusal(code: str) -> Refusal:
    """Any code, with the documented words if there are some."""
    if code == "ERR001":
        return bad_login()
    if code == "ERR002":
        return missing("Anumber")
    return Refusal(code, *_FROM_THE_TABLE.get(code, ("Internal error", "")))


@dataclass(frozen=True, slots=True)
class Dialled:
    """A clickToCall that was taken: ``own`` is ``372...``, ``other`` as it was asked for."""

    own: str
    other: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LineName:
    """What updateCallingLineNameIdentity set."""

    own: str
    first: str
    last: str


class Company:
    def __init__(
        self, own: Sequence[str] = OWN_NUMBERS, entries: Iterable[Entry] = ENTRIES
    ) -> None:
        self.own = tuple(own)
        self.user = USER
        self.password = PASSWORD
        self.dialled: deque[Dialled] = deque(maxlen=DIALS_KEPT)
        self.dials = 0
        self.targets: dict[str, str] = {}
        self.line_names: dict[str, LineName] = {}
        self._entries = {entry.id: entry for entry in entries}
        self._last_entry = max(map(int, self._entries), default=0)
        self._calls: dict[str, deque[PhoneCall]] = {}
        self._next_call = FIRST_CALL_ID
        self.forget_calls()

    def owner(self, number: str) -> str:
        """The own number that is meant, ``372...``; raises ERR003 for anybody else's.

        The text asks for ``372...`` and its own sample sends the national form: both are taken.
        """
        for own in self.own:
            if number in (own, national(own)):
                return own
        raise refusal("ERR003")

    def own_numbers(self) -> tuple[str, ...]:
        """In the national form, as the sample answer has them."""
        return tuple(national(number) for number in self.own)

    # calls

    def note(self, *calls: PhoneCall) -> tuple[PhoneCall, ...]:
        """These calls take place; each is given its id and the name that the company knows."""
        names = self._names()
        noted = []
        for call in calls:
            name = names.get(with_country(call.other)) or call.name
            noted.append(replace(call, id=self._next_call, name=name))
            self._next_call += 1
            self._calls[call.own].append(noted[-1])
        return tuple(noted)

    def forget_calls(self, room: int = CALLS_KEPT) -> None:
        """Begin anew; from now on each number keeps its latest ``room`` calls."""
        self._calls = {number: deque(maxlen=room) for number in self.own}

    def calls(self, own: str) -> tuple[PhoneCall, ...]:
        return tuple(self._calls[own])

    def history(self, own: str, now: datetime) -> tuple[CallRecord, ...]:
        """The records of the last 31 days, newest first."""
        calls = [call for call in self._calls[own] if call.start > now - REMEMBERED]
        calls.sort(key=lambda call: (call.start, call.id), reverse=True)
        return tuple(record for call in calls if (record := call.record(now)))

    def dial(self, own: str, other: str, now: datetime) -> Dialled:
        if not _DIALABLE.fullmatch(other):
            raise refusal("ERR1001")
        self.dials += 1
        self.dialled.append(Dialled(own, other, now))
        return self.dialled[-1]

    # lines

    def activate(self, own: str, url: str) -> None:
        """One address a number: a second one replaces the first."""
        self.targets[own] = url

    def deactivate(self, own: str) -> None:
        self.targets.pop(own, None)

    def name_line(self, own: str, first: str, last: str) -> None:
        _check_name(first)
        _check_name(last)
        self.line_names[own] = LineName(own, first, last)

    # phonebook

    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries.values())

    def _names(self) -> dict[str, str]:
        """Who is called what: the lines by their display names, all by the phonebook's first."""
        names = {name.own: f"{name.first} {name.last}" for name in self.line_names.values()}
        for entry in reversed(self._entries.values()):
            for number in (entry.number1, entry.number2):
                names[with_country(number)] = entry.name
        names.pop("", None)
        return names

    def add(self, name: str, number1: str, number2: str = "") -> Entry:
        """Ids are given in order; whether the real service refuses duplicates is unknown."""
        _check_name(name)
        self._last_entry += 1
        entry = Entry(str(self._last_entry), name, number1, number2)
        self._entries[entry.id] = entry
        return entry

    def update(self, entry: Entry) -> None:
        if entry.id not in self._entries:
            raise refusal("ERR1002")
        _check_name(entry.name)
        self._entries[entry.id] = entry

    def delete(self, entry_id: str) -> None:
        if entry_id not in self._entries:
            raise refusal("ERR1002")
        del self._entries[entry_id]


def _check_name(name: str) -> None:
    if not _ALLOWED_NAME.fullmatch(name):
        raise refusal("ERR1003")
