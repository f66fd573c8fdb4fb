"""Desktops whose settings name another account: by mistake, after a rename, in another company."""

from __future__ import annotations

import random
from collections.abc import Callable

from desk_phone.model.entries import Contact, FlightState
from desk_phone.store.phonebook_conflicts import Conflict
from tests.phonebook import OURS
from tests.property.sync_desktop import RENAMED, THEIRS, Desktop
from tests.property.sync_people import Person
from tests.property.sync_rules import Rules, Seat
from tests.property.sync_server import Broken, Clock, Crash

_HISTORIES = 0.2  # so many of them have moves at all
_OFTEN, _NESTED = 0.2, 0.04


class Moves:
    """Has a chance of its own, lest all histories be others for it."""

    def __init__(self, seed: int, rules: Rules, clock: Clock, tell: Callable[[str], None]) -> None:
        self._rng = random.Random(f"moves {seed}")
        self._rules, self._clock, self._tell = rules, clock, tell
        self.possible = self._rng.random() < _HISTORIES
        self._aside: dict[tuple[int, str], tuple[Seat, object]] = {}

    def perhaps(self, people: list[Person]) -> bool:
        """Whether a program died over it."""
        if self.possible and self._rng.random() < _OFTEN:
            return self._move(self._rng.choice(people), may_die=True)
        return False

    def meanwhile(self, people: list[Person]) -> None:
        """While a list, not a write, is under way: whose intent is it else?"""
        if not self.possible or self._rng.random() >= _NESTED:
            return
        person = self._rng.choice(people)
        flights = [contact.flight for contact in person.seat.desktop.everything()]
        if not any(flight and flight.state is FlightState.SENT for flight in flights):
            self._move(person, may_die=False)

    def home(self, people: list[Person]) -> None:
        """Everybody is back in our company, with its copy."""
        self.possible = False
        for person in people:
            desktop = person.seat.desktop
            desktop.account = OURS
            if desktop.belonging.stranger(OURS) is not None:
                self._start_anew(person)

    def _move(self, person: Person, may_die: bool) -> bool:
        desktop = person.seat.desktop
        stranger = desktop.belonging.stranger(desktop.account)
        if stranger is None or self._rng.random() < 0.3:
            if desktop.belonging.owner is not None:
                desktop.account = self._rng.choice((OURS, RENAMED, THEIRS))
                self._tell(f"desktop {desktop.number} is {desktop.account.user}")
            return False
        if may_die and self._rng.random() < 0.4:
            desktop.light_a_fuse(30)
        try:
            ours = desktop.wire.server is person.seat.server
            if ours and self._rng.random() < 0.8:
                self._tell(f"desktop {desktop.number}: the same company")
                desktop.belonging.carry_on(desktop.account)
            else:
                self._start_anew(person)
        except Crash:
            desktop.crash()
            return True
        finally:
            desktop.db.fuse = None
        return False

    def _start_anew(self, person: Person) -> None:
        """The copy goes aside; one that comes back is as it was."""
        desktop, seat = person.seat.desktop, person.seat
        owner, whole = desktop.belonging.owner, _whole(desktop)
        assert owner is not None
        self._tell(f"desktop {desktop.number}: another company, {desktop.account.user}")
        try:
            desktop.belonging.start_anew(desktop.account, self._clock.now)
        except Crash:
            desktop.crash()
            if desktop.belonging.owner == owner:
                if _whole(desktop) != whole:
                    raise Broken(13, "half of a copy went aside") from None
                raise
        seat.listed, seat.asked = None, None
        self._aside[desktop.number, owner.user] = (seat, whole)
        fresh = Seat(desktop, desktop.wire.server), ([], [])
        seat, whole = self._aside.pop((desktop.number, desktop.account.user), fresh)
        person.seat = self._rules.sit_down(seat)
        if _whole(desktop) != whole:
            raise Broken(13, f"it was {whole}, and comes back as {_whole(desktop)}")


def _whole(desktop: Desktop) -> tuple[list[Contact], list[Conflict]]:
    return desktop.everything(), desktop.book.conflicts()
