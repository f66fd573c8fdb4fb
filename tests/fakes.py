"""Stand-ins that tests of every ring share."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from dataclasses import replace

from desk_phone.errors import PhoneError, Uncertain
from desk_phone.model.calls import CallRecord
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry, History, Listing
from desk_phone.telco.values import wire_name


class FakeTelco:
    """The company in memory; tests/contract/test_telco.py keeps it like the real one.

    Everything may be looked at and set between calls. ``asked`` has each request that would have
    left us: the method's name and its arguments. The next error in ``trouble["call"]`` is raised by
    the next `call`: an Uncertain one after the deed was done, which is the worst case, any other
    instead of it. Numbers are canonical, but records' own are the service's texts.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.trouble: defaultdict[str, deque[PhoneError]] = defaultdict(deque)
        self.numbers_: tuple[str, ...] = ("+3726401234", "+3726403231")
        self.records: defaultdict[str, tuple[CallRecord, ...]] = defaultdict(tuple)
        self.dialled: list[tuple[str, str]] = []
        self.line_names: dict[str, tuple[str, str]] = {}
        self.notices: dict[str, str] = {}
        self.entries_: dict[str, Entry] = {}

    def call(self, own: str, other: str) -> None:
        doubt = self._ask("call", own, other, own=own)
        if len(other) < 3:
            raise refusal("ERR1001", "Dialing Error")
        self.dialled.append((own, other))
        _raise(doubt)

    def numbers(self) -> tuple[str, ...]:
        _raise(self._ask("numbers"))
        return self.numbers_

    def history(self, own: str, known: str = "") -> History:
        _raise(self._ask("history", own, known, own=own))
        body = repr(self.records[own]).encode()
        digest = hashlib.sha256(body).hexdigest()
        return History(None if digest == known else self.records[own], digest, len(body))

    def name_line(self, own: str, first: str, last: str) -> None:
        first, last = wire_name(first), wire_name(last)
        doubt = self._ask("name_line", own, first, last, own=own)
        self.line_names[own] = (first, last)
        _raise(doubt)

    def activate_notices(self, own: str, url: str) -> None:
        doubt = self._ask("activate_notices", own, url, own=own)
        self.notices[own] = url
        _raise(doubt)

    def deactivate_notices(self, own: str) -> None:
        doubt = self._ask("deactivate_notices", own, own=own)
        self.notices.pop(own, None)
        _raise(doubt)

    def entries(self, known: str = "") -> Listing:
        _raise(self._ask("entries"))
        listed = tuple(self.entries_.values())
        body = repr(listed).encode()
        digest = hashlib.sha256(body).hexdigest()
        return Listing(None if digest == known else listed, digest, len(body))

    def add_entry(self, name: str, number1: str, number2: str) -> None:
        name = wire_name(name)
        doubt = self._ask("add_entry", name, number1, number2)
        entry_id = str(max(map(int, self.entries_), default=0) + 1)
        self.entries_[entry_id] = Entry(entry_id, name, number1, number2)
        _raise(doubt)

    def update_entry(self, entry: Entry) -> None:
        entry = replace(entry, name=wire_name(entry.name))
        doubt = self._ask("update_entry", entry)
        self._must_exist(entry.id)
        self.entries_[entry.id] = entry
        _raise(doubt)

    def delete_entry(self, entry_id: str) -> None:
        doubt = self._ask("delete_entry", entry_id)
        self._must_exist(entry_id)
        del self.entries_[entry_id]
        _raise(doubt)

    def _ask(self, method: str, *arguments: object, own: str | None = None) -> Uncertain | None:
        """Note it; raise the trouble that is due, or give it back to be raised after the deed."""
        self.asked.append((method, *arguments))
        trouble = self.trouble[method].popleft() if self.trouble[method] else None
        if trouble is not None and not isinstance(trouble, Uncertain):
            raise trouble
        if own is not None and own not in self.numbers_:
            raise refusal("ERR003", "Authorization Error")
        return trouble

    def _must_exist(self, entry_id: str) -> None:
        if entry_id not in self.entries_:
            raise refusal("ERR1002", "Unknown ID")


def _raise(doubt: Uncertain | None) -> None:
    if doubt is not None:
        raise doubt
