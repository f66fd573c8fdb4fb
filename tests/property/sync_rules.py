"""What must never happen (docs/sync.md), checked from outside: by what persons did, what lists
showed and what went over the wire. Of the engine's state only what its windows show is believed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from desk_phone.model.entries import Contact, Content, Hold, Kind, respelled
from desk_phone.model.names import problems
from desk_phone.telco.service import Entry
from tests.property.sync_desktop import Desktop
from tests.property.sync_server import Broken, Server, Write

Key = tuple[str, str, str]


def key_of(entry: Entry) -> Key:
    return Content(entry.name, entry.number1, entry.number2).key


@dataclass
class Owed:
    """The text of a person's act, until something better became of it.

    ``sent`` is how the wire spells it, where somebody else's letters are put back.
    """

    key: Key
    sent: Key
    contact: int
    seen: bool = False  # a list showed it to this desktop


@dataclass
class Seat:
    """What one desktop's person did and saw with the copy of ``server``'s phonebook."""

    desktop: Desktop
    server: Server
    owed: list[Owed] = field(default_factory=list)
    may_add: Counter[int] = field(default_factory=Counter)
    adds: Counter[int] = field(default_factory=Counter)
    saw: defaultdict[int, set[Key]] = field(default_factory=lambda: defaultdict(set))
    deleted: defaultdict[int, set[Key]] = field(default_factory=lambda: defaultdict(set))
    listed: dict[str, Key] | None = None  # the last list of this run, until a write follows it
    doubtful: bool = False
    live: set[int] = field(default_factory=set)  # expected on the last list
    absent: dict[int, datetime] = field(default_factory=dict)  # since the first list without it
    absent_before: dict[int, datetime] = field(default_factory=dict)
    asked: datetime | None = None  # when the last list came
    home: dict[int, tuple[str, int]] = field(default_factory=dict)  # where an entry was last
    ids_are_new: bool = False  # the person said so: what is found nowhere may go
    bound: dict[tuple[str, int], tuple[int, Key]] = field(default_factory=dict)


class Rules:
    def __init__(self, servers: tuple[Server, Server]) -> None:
        self.seats: dict[int, Seat] = {}
        for server in servers:
            server.watch = self._lands

    def seat(self, desktop: Desktop) -> Seat:
        for wire in desktop.wires:
            wire.listed = partial(self._listed, desktop.number, wire.server)
            wire.writes = lambda write: self._leaves(self.seats[desktop.number], write)
        return self.sit_down(Seat(desktop, desktop.wire.server))

    def sit_down(self, seat: Seat) -> Seat:
        """Before another copy, whose seat is given; `Seat`s of other companies are kept aside."""
        self.seats[seat.desktop.number] = seat
        return seat

    # what persons do

    def before_act(self, seat: Seat, contact: Contact) -> None:
        """The person looks at the entry: an old text is theirs no longer once they write anew."""
        if contact.quiet:
            seat.saw[contact.id].clear()
            seat.deleted[contact.id].clear()
        if contact.shown is not None:
            seat.saw[contact.id].add(contact.shown.key)
        if contact.base is not None and len(seat.saw[contact.id]) == 1:
            seat.saw[contact.id].add(contact.base.key)

    def wrote(self, seat: Seat, contact: int, content: Content, instead: Key | None = None) -> None:
        """``instead``: what the entry showed before, which is wanted no more."""
        self.dropped(seat, contact, instead)
        now = seat.desktop.book.contact(contact)
        already = now.want is None and now.base is not None and now.base.key == content.key
        seat.owed.append(Owed(content.key, respelled(content).key, contact, seen=already))
        seat.saw[contact].add(content.key)

    def dropped(self, seat: Seat, contact: int, key: Key | None) -> None:
        seat.owed = [o for o in seat.owed if (o.contact, o.key) != (contact, key)]

    def erased(self, seat: Seat, contact: Contact) -> None:
        if contact.effective is not None:
            self.dropped(seat, contact.id, contact.effective.key)
        seat.deleted[contact.id] |= seat.saw[contact.id]

    def reconsider(self, seat: Seat) -> None:
        """The person acted between a list's arrival and its reading."""
        contacts = seat.desktop.everything()
        seat.live -= {contact.id for contact in contacts if contact.live and not _expected(contact)}
        if seat.doubtful and seat.listed is not None:
            seat.doubtful = _doubtful(contacts, seat.listed)

    # what goes over the wire

    def _listed(self, number: int, server: Server, entries: tuple[Entry, ...]) -> None:
        seat = self.seats[number]
        if seat.server is not server:
            return  # it was asked for before the person took another copy
        self._no_removal(seat)
        seat.asked = None
        seat.listed = {entry.id: key_of(entry) for entry in entries}
        if len(seat.listed) != len(entries) or not all(map(str.isdigit, seat.listed)):
            return  # nothing of it may be used
        keys = set(seat.listed.values())
        for owed in seat.owed:
            owed.seen = owed.seen or bool({owed.key, owed.sent} & keys)
        contacts = seat.desktop.committed()
        seat.doubtful = _doubtful(contacts, seat.listed)
        seat.live = {c.id for c in contacts if _expected(c)}
        seat.asked = seat.server.clock.now
        bound = {c.id: c.server_id for c in contacts if c.live and c.server_id}
        lacking = {i for i, server_id in bound.items() if server_id not in seat.listed}
        seat.absent_before = seat.absent
        seat.absent = {i: seat.absent.get(i, seat.asked) for i in lacking}

    def run_ended(self, seat: Seat, died: bool) -> None:
        """``died``: perhaps nobody read the last list."""
        self._no_removal(seat)
        seat.listed, seat.asked, seat.ids_are_new = None, None, False
        if died:
            seat.absent = {**seat.absent, **seat.absent_before}

    def _no_removal(self, seat: Seat) -> None:
        """Nothing vanishes on a suspicious list, nor on lists that are less than a minute apart."""
        if seat.asked is None or seat.ids_are_new:
            return
        now = {contact.id for contact in seat.desktop.book.contacts()}
        for lost in seat.live - now:
            since = seat.absent.get(lost, seat.asked)
            if seat.doubtful or seat.asked - since < timedelta(minutes=1):
                raise Broken(10, f"{lost} was removed, missing since {since}")

    def _leaves(self, seat: Seat, write: Write) -> None:
        _check_wire(write)
        if seat.asked is not None and seat.doubtful:
            raise Broken(10, f"{write} on a suspicious list")
        if write.kind == "add":
            seat.adds[write.contact] += 1
            if seat.adds[write.contact] > seat.may_add[write.contact]:
                raise Broken(4, f"{write} sent {seat.adds[write.contact]} times")
            return
        flight = seat.desktop.book.contact(write.contact).flight
        believed = None if flight is None or flight.against is None else flight.against.key
        shown = None if seat.listed is None else seat.listed.get(write.entry.id)
        if shown is None or shown != believed:
            raise Broken(3, f"{write}: believed {believed}, the list showed {shown}")
        if write.kind == "update" and key_of(write.entry) == shown:
            raise Broken(7, f"{write} says what is there already")
        seat.listed = None
        known = seat.deleted if write.kind == "delete" else seat.saw
        if shown not in known[write.contact]:
            rule = 2 if write.kind == "delete" else 3
            raise Broken(rule, f"{write} over {shown}, which nobody here saw")

    def _lands(self, write: Write, before: Entry | None) -> None:
        """A desktop that wipes out the last text of its own person owes it again."""
        seat = self.seats.get(write.author)
        if seat is None or before is None:
            return
        if write.kind == "delete" or key_of(write.entry) != key_of(before):
            for owed in seat.owed:
                if (owed.contact, owed.key) == (write.contact, key_of(before)):
                    owed.seen = False

    # looking back

    def check(self, seat: Seat, rule: int = 1) -> None:
        """Rules 1 (or, right after a crash, 11) and 12, at any moment between two acts."""
        contacts = {contact.id: contact for contact in seat.desktop.everything()}
        conflicts = {
            (conflict.contact, conflict.ours.key)
            for conflict in seat.desktop.book.conflicts()
            if conflict.ours is not None
        }
        there = {key_of(entry) for entry in seat.server.entries()}
        for owed in seat.owed:
            contact = contacts.get(owed.contact)
            wanted = None if contact is None or contact.quiet else contact.effective
            kept = wanted is not None and wanted.key in (owed.key, owed.sent)
            told = (owed.contact, owed.key) in conflicts
            if not (owed.seen or kept or told or {owed.key, owed.sent} & there):
                raise Broken(rule, f"lost: {owed} of desktop {seat.desktop.number}, now {contact}")
        self._same_ids(seat)
        self._no_stranger(seat)

    def _no_stranger(self, seat: Seat) -> None:
        """What is called agreed was once in the phonebook of that company."""
        for contact in seat.desktop.everything():
            base = contact.base
            if (
                base
                and (base.name, frozenset((base.number1, base.number2))) not in seat.server.ever
            ):
                raise Broken(13, f"{contact} is none of this company's")

    def _same_ids(self, seat: Seat) -> None:
        """An entry that the server has had all the time has one local id all the time.

        Unless it was changed beyond recognition while it was missing: then it may be another one.
        """
        there = Counter(key_of(entry) for entry in seat.server.entries())
        contacts = seat.desktop.book.contacts()
        everything = seat.desktop.everything()
        put_back = {contact.id for contact in everything if _put_back(contact)}
        at = {contact.id: contact.server_id for contact in everything}
        # As this desktop knew it last, perhaps from a list that was old: in the trash, too.
        bases = {c.id: c.base.key for c in everything if c.base is not None}
        for contact in contacts:
            entry = seat.server.book.get(contact.server_id)
            if entry is None or contact.base is None:
                continue
            key, birth = contact.base.key, (entry.id, seat.server.births[entry.id])
            as_listed = key == key_of(entry)
            if birth not in seat.bound and not as_listed:
                continue  # the id is used again, and no list has said so yet
            known, was = seat.bound.get(birth, (contact.id, key))
            was = bases.get(known, was) if known != contact.id else was
            akin = key[0] == was[0] or key[1:] == was[1:]
            alone = as_listed and there[key] == 1
            elsewhere = known in put_back or seat.home.get(known, birth) != birth
            elsewhere = elsewhere or at.get(known, "") not in ("", entry.id)
            if known != contact.id and akin and alone and not elsewhere:
                raise Broken(12, f"{entry} was {known}, now {contact.id}")
            seat.bound[birth] = (contact.id, key)
            seat.home[contact.id] = birth

    def check_rest(self, seat: Seat) -> None:
        """Rules 5 and 6: everything agrees, and what stands there twice is told."""
        ours = {c.server_id: c for c in seat.desktop.book.contacts()}
        theirs = {entry.id: key_of(entry) for entry in seat.server.entries()}
        base = {i: c.base.key for i, c in ours.items() if c.base is not None}
        if base != theirs or any(not contact.quiet for contact in ours.values()):
            raise Broken(6, f"no rest: here {ours}, there {theirs}")
        told = {group[0].effective.key: len(group) for group in seat.desktop.book.doubles()}  # type: ignore[union-attr]
        twice = {key: n for key, n in Counter(theirs.values()).items() if n > 1}
        if told != twice:
            raise Broken(5, f"doubles {twice}, told {told}")


def _check_wire(write: Write) -> None:
    if write.kind == "delete":
        return
    entry = write.entry
    if problems(entry.name) or not entry.number1 or not (entry.number1 + entry.number2).isascii():
        raise Broken(9, f"{write} on the wire")


def _put_back(contact: Contact) -> bool:
    """Its person lets it be added, or let it: what it was before is another entry since then."""
    flight = contact.flight
    return contact.may_add or (flight is not None and flight.kind is Kind.ADD)


def _leaving(contact: Contact) -> bool:
    flight = contact.flight
    return contact.want_deleted or (flight is not None and flight.kind is Kind.DELETE)


def _expected(contact: Contact) -> bool:
    """A list should have it: nobody here deleted it or said that it is gone."""
    bound = contact.live and bool(contact.server_id)
    return bound and not _leaving(contact) and contact.hold is not Hold.GONE


def _doubtful(contacts: list[Contact], listed: dict[str, Key]) -> bool:
    """Our own reading of what a suspicious list is, without the day's drain."""
    agreed = [contact for contact in contacts if _expected(contact) and not contact.may_add]
    contents = set(listed.values())
    missing = [
        contact
        for contact in agreed
        if contact.server_id not in listed and contact.base and contact.base.key not in contents
    ]
    empty = not listed and bool(agreed)
    return empty or len(missing) > max(2.0, min(20.0, 0.2 * len(agreed)))
