"""A relay in memory for tests of the desk's side: what it holds, tells and answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.errors import Offline, PhoneError
from desk_phone.model.broker import Broker
from desk_phone.model.calls import Notice
from desk_phone.model.relayed import (
    RELAY_TOPIC,
    Page,
    Position,
    Relayed,
    notices_topic,
    state_topic,
    write,
    write_state,
)
from desk_phone.model.secret import Secret
from desk_phone.telco.enrolled import Enrolled
from desk_phone.telco.feed_events import Message, Receipt

OWN, OTHER_LINE = "+3726403231", "+3726401234"
NOON = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
RELAY = "https://relay.company.example"
CODE = Secret("ABCD-EFGH-IJKL")

R = TypeVar("R")


def enrolled(device: str = "d1", numbers: tuple[str, ...] = (OWN,)) -> Enrolled:
    return Enrolled(
        *(device, Secret(f"token of {device}"), numbers, True),
        *("P0000000@elion.ee", "https://teenused.telia.ee/external/"),
        Broker("broker.company.example", 8883, True, device),
        Secret(f"broker of {device}"),
    )


def notice(n: int, own: str = OWN) -> Notice:
    """The n-th call of a made-up day; each another caller's."""
    return Notice(own, f"+372510{n:05}", NOON + timedelta(seconds=n), f"Caller {n}", "Start", "No")


def message(relayed: Relayed, mid: int = 1, connection: int = 1) -> Message:
    topic = notices_topic(relayed.notice.own)
    return Message(topic, write(relayed), False, Receipt(connection, mid))


def heartbeat(
    last: Position, at: datetime = NOON, own: str = OWN, retained: bool = False
) -> Message:
    return Message(state_topic(own), write_state(last, at), retained)


def relay_says(word: bytes) -> Message:
    return Message(RELAY_TOPIC, word, True)


@dataclass
class Relay:
    """Holds the notices of one number; ``page`` is how many one answer has at most."""

    epoch: str = "e1"
    held: list[Relayed] = field(default_factory=list)
    page: int = 2
    trouble: PhoneError | None = None
    asked: list[Position] = field(default_factory=list)
    told: int = 0  # over all epochs

    @property
    def last(self) -> Position:
        return Position(self.epoch, len(self.held))

    def tell(self) -> Relayed:
        """Somebody calls."""
        self.told += 1
        position = Position(self.epoch, len(self.held) + 1)
        relayed = Relayed(position, NOON, notice(self.told))
        self.held.append(relayed)
        return relayed

    def restore(self, keep: int) -> None:
        """From a backup: the end is lost, and nothing can be compared with before."""
        self.epoch = f"{self.epoch}x"
        kept = self.held[:keep]
        self.held = [
            replace(one, position=Position(self.epoch, n + 1)) for n, one in enumerate(kept)
        ]

    def notices_after(self, own: str, known: Position) -> Page:
        self.asked.append(known)
        if self.trouble is not None:
            raise self.trouble
        after = known.seq if known.epoch == self.epoch else 0
        found = self.held[after : after + self.page]
        return Page(self.last, tuple(found), after + len(found) < len(self.held))


@dataclass
class WayTo:
    """In the place of `Access`: every question goes to the relay."""

    relay: Relay

    def ask(self, lane: LaneName, question: Callable[[Relay], R]) -> Act[R]:
        return (yield from away(lane, lambda: question(self.relay)))


OFFLINE = Offline("The relay does not answer")


def positions(relayed: Sequence[Relayed]) -> list[int]:
    return [one.position.seq for one in relayed]
