"""What happens while the simulator runs: an endless schedule, pure, from the seed alone.

Waits and durations are seconds at speed 1; whoever lives them divides by the speed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from desk_phone.simulator.calls import Way
from desk_phone.simulator.people import Crowd, Person, someone_new

USUAL_FIRST_CALL = 12.0  # seconds from the start to the first new call


@dataclass(frozen=True, slots=True)
class Rings:
    """A call begins ``wait`` after the event before it began. ``talks`` is None when missed."""

    wait: float
    own: str
    other: Person
    way: Way
    rings: float
    talks: float | None
    shows_early: bool


class Deed(StrEnum):
    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Writes:
    """Somebody else changes the phonebook: ``person`` is added, or gives an entry a new number.

    ``pick`` (0 to 1) chooses among the entries there are; a deletion only hits what such writers
    added before.
    """

    wait: float
    deed: Deed
    person: Person
    pick: float


@dataclass(frozen=True, slots=True)
class Reaction:
    """What becomes of a clickToCall: the own phone is lifted, then the other one rings."""

    lifted_after: float
    rings: float
    talks: float | None
    shows_early: bool


Event = Rings | Writes


def events(seed: int, own: Sequence[str], crowd: Crowd) -> Iterator[Event]:
    """Never ends. The first three calls are the busiest number's: one missed whose record comes
    when it is over, one answered, one missed whose record is there while the phone rings."""
    rng = Random(f"{seed} life")
    yield from _opening(rng, own[0], crowd)
    while True:
        dice = rng.random()
        if dice < 0.1:
            yield _writes(rng)
        elif dice < 0.25:
            yield from _insists(rng, _line(rng, own), crowd.anyone(rng))
        else:
            yield _any_call(rng, _line(rng, own), crowd)


def reaction(seed: int, number_of_dial: int) -> Reaction:
    """What becomes of the n-th clickToCall."""
    rng = Random(f"{seed} dial {number_of_dial}")
    return Reaction(
        lifted_after=rng.uniform(2, 5),
        rings=rng.uniform(4, 12),
        talks=rng.uniform(15, 90) if rng.random() < 0.7 else None,
        shows_early=rng.random() < 0.5,
    )


def _opening(rng: Random, busiest: str, crowd: Crowd) -> Iterator[Rings]:
    callers = rng.sample([person for person in crowd.regulars if person.name], 3)
    for index, (wait, talks) in enumerate(((0.0, None), (20.0, 35.0), (25.0, None))):
        yield Rings(wait, busiest, callers[index], Way.INCOMING, 6.0, talks, index > 0)


def _any_call(rng: Random, own: str, crowd: Crowd) -> Rings:
    incoming = rng.random() < 0.75
    return Rings(
        wait=rng.uniform(15, 60),
        own=own,
        other=crowd.anyone(rng) if incoming else crowd.reachable(rng),
        way=Way.INCOMING if incoming else Way.OUTGOING,
        rings=rng.uniform(4, 20),
        talks=rng.uniform(10, 120) if rng.random() < 0.55 else None,
        shows_early=rng.random() < 0.5,
    )


def _insists(rng: Random, own: str, other: Person) -> Iterator[Rings]:
    """The same caller, missed three times in minutes."""
    early = rng.random() < 0.5
    for turn in range(3):
        wait = rng.uniform(30, 60) if turn else rng.uniform(15, 60)
        yield Rings(wait, own, other, Way.INCOMING, rng.uniform(5, 15), None, early)


def _writes(rng: Random) -> Writes:
    (deed,) = rng.choices(tuple(Deed), weights=(5, 3, 2))
    return Writes(rng.uniform(10, 30), deed, someone_new(rng), rng.random())


def _line(rng: Random, own: Sequence[str]) -> str:
    """Six of ten calls are the busiest number's."""
    return own[0] if len(own) == 1 or rng.random() < 0.6 else rng.choice(own[1:])
