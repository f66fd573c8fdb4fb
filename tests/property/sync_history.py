"""A random history: persons at desktops, the portal, faults and crashes; then peace."""

from __future__ import annotations

import random
from dataclasses import replace

from desk_phone.app.sync import Synced
from desk_phone.model.verdict import Trust
from desk_phone.telco.service import Entry
from tests.property.sync_desktop import Desktop
from tests.property.sync_moves import Moves
from tests.property.sync_people import NUMBERS, Namer, Person
from tests.property.sync_rules import Rules, Seat
from tests.property.sync_server import Broken, Clock, Server, Write

_PAUSES = (1, 5, 20, 70, 100, 100, 400)
_DESKTOPS = (1, 2, 2, 3)


class History:
    """One seed, one history. ``trace`` tells what happened, for whoever looks into a failure."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._clock = Clock()
        self._server = Server(self._clock, self._rng)
        self._other = Server(self._clock, random.Random(seed))
        self._rules = Rules((self._server, self._other))
        self._moves = Moves(seed, self._rules, self._clock, self._tell)
        self._namer = Namer(self._rng)
        self._nested = 0
        self.crashes = 0
        self.syncs = 0
        self.writes = 0
        self.trace: list[str] = []
        count = self._rng.choice(_DESKTOPS)
        self._people = [self._new_person(number) for number in range(count)]

    def play(self, steps: int = 22) -> None:
        """Raises Broken."""
        try:
            self._begin()
            for _ in range(steps):
                self._rng.choices(*_DEEDS)[0](self)
                self.crashes += self._moves.perhaps(self._people)
                for person in self._people:
                    self._rules.check(person.seat)
            self._peace()
        finally:
            for person in self._people:
                person.seat.desktop.close()

    # the world

    def _new_person(self, number: int) -> Person:
        desktop = Desktop(number, (self._server, self._other), self._clock, self._rng)
        desktop.meanwhile = self._meanwhile
        for wire in desktop.wires:
            wire.told = lambda text: self._tell(f"  desktop {number} {text}")
        seat = self._rules.seat(desktop)
        return Person(seat, self._rules, self._clock, self._rng, self._namer, self._tell)

    def _begin(self) -> None:
        for _ in range(self._rng.choice((0, 2, 4, 4, 7, 12))):
            self._portal_add()
        if self._moves.possible:
            for _ in range(3):
                entry = Entry("", self._namer.name(), NUMBERS[0])
                self._other.do(Write(-1, 0, "add", entry))
        for person in self._people:
            self._sync(person, faults=0.0)

    def _meanwhile(self) -> None:
        """While a request is under way, others act."""
        if self._nested < 2 and self._rng.random() < 0.06:
            self._nested += 1
            self._rng.choice((History._portal, History._person, History._any_sync))(self)
            self._nested -= 1
        self._moves.meanwhile(self._people)

    def _pause(self) -> None:
        self._clock.passes(self._rng.choice(_PAUSES))
        self._server.catch_up()

    def _person(self) -> None:
        person = self._rng.choice(self._people)
        may_die = not self._nested and not person.seat.desktop.syncing
        self.crashes += person.act(may_die)

    def _tell(self, text: str) -> None:
        self.trace.append(f"{self._clock.now:%H:%M:%S} {text}")

    # the portal and colleagues who use it

    def _portal(self) -> None:
        book = self._server.entries()
        if not book or self._rng.random() < 0.3:
            self._portal_add()
            return
        entry = self._rng.choice(book)
        if self._rng.random() < 0.3:
            self._portal_do("delete", Entry(entry.id, "", ""))
        elif self._rng.random() < 0.3:
            others = [number for number in NUMBERS if number != entry.number2]
            self._portal_do("update", replace(entry, number1=self._rng.choice(others)))
        else:
            self._portal_do("update", replace(entry, name=self._namer.name()))

    def _portal_add(self) -> None:
        name = "André" if self._rng.random() < 0.05 else self._namer.name()
        self._portal_do("add", Entry("", name, self._rng.choice(NUMBERS)))

    def _portal_clears(self) -> None:
        book = self._server.entries()
        for entry in self._rng.sample(book, len(book) // self._rng.choice((1, 2))):
            self._portal_do("delete", Entry(entry.id, "", ""))

    def _some_hide(self) -> None:
        self._tell("the service hides entries")
        self._server.hide(self._rng.choice((1, 5, 30)))

    def _hurry(self) -> None:
        """Somebody changes the mind while the answer to the first change is under way."""
        person = self._rng.choice(self._people)
        for faults in (0.8, 0.0):
            person.edit_again()
            self._sync(person, faults)
        for seconds in (5, 70):
            self._clock.passes(seconds)
            self._sync(person, faults=0.0)

    def _portal_renumbers(self) -> None:
        self._tell("the ids become new")
        self._server.renumber()

    def _portal_do(self, kind: str, entry: Entry) -> None:
        self._tell(f"portal {kind} {entry}")
        self._server.do(Write(-1, 0, kind, entry))

    # syncs

    def _any_sync(self) -> None:
        self._sync(self._rng.choice(self._people), self._rng.choice((0.0, 0.1, 0.3)))

    def _sync(self, person: Person, faults: float) -> Synced | None:
        """None: it did not come to its end."""
        desktop = person.seat.desktop
        if desktop.syncing:
            return None
        desktop.wire.chance = faults
        if faults and self._rng.random() < 0.3:
            desktop.light_a_fuse(60)
        self._tell(f"desktop {desktop.number} syncs")
        synced = desktop.sync()
        self._tell(f"desktop {desktop.number}: {synced or 'died'}")
        desktop.db.fuse = None
        self._rules.run_ended(person.seat, died=synced is None)
        self.syncs += 1
        if synced is None:
            self.crashes += 1
            self._rules.check(person.seat, rule=11)
        if not isinstance(synced, Synced):
            return None
        self.writes += synced.sent
        return synced

    # peace

    def _peace(self) -> None:
        """Faults stop: three syncs, then only persons' decisions are open; with them, rest."""
        self._tell("peace")
        self._nested = 9
        self._clock.passes(70)
        self._server.catch_up()
        self._server.show_all()
        self._moves.home(self._people)
        for person in self._people:
            person.decisive = True
        for _ in range(9):
            wrote = sum([self._three_syncs(person) for person in self._people])
            if not wrote and not any(self._is_asked(person.seat) for person in self._people):
                break
            for person in self._people:
                person.answer()
        for person in self._people:
            self._rules.check_rest(person.seat)
            synced = self._sync(person, faults=0.0)
            if synced is None or synced.sent or synced.changed:
                raise Broken(7, f"a further sync did {synced}")

    def _three_syncs(self, person: Person) -> int:
        """How many requests wrote."""
        wrote = 0
        for _ in range(3):
            self._clock.passes(100)
            synced = self._sync(person, faults=0.0)
            wrote += synced.sent if synced is not None else 0
            self._rules.check(person.seat)
        self._only_questions(person.seat)
        return wrote

    def _is_asked(self, seat: Seat) -> bool:
        book, doubt = seat.desktop.book, seat.desktop.doubt
        return bool(book.held() or book.conflicts() or doubt.trust is not Trust.TRUSTED)

    def _only_questions(self, seat: Seat) -> None:
        """Whatever three syncs without a fault leave open waits for a person.

        Unless the list is in doubt: that is asked about after three such lists.
        """
        if seat.desktop.doubt.trust is not Trust.TRUSTED:
            return
        held = {contact.id for contact in seat.desktop.book.held()}
        for contact in seat.desktop.book.contacts():
            if contact.id not in held and not (contact.quiet and contact.missing_since is None):
                raise Broken(6, f"three syncs without a fault leave {contact}")


_DEEDS = (
    (
        *(History._any_sync, History._person, History._portal, History._pause),
        *(History._portal_clears, History._portal_renumbers, History._some_hide, History._hurry),
    ),
    (9, 9, 3, 5, 0.15, 0.1, 0.3, 0.6),
)
