"""How far each number has come at the broker, told again and again: the heartbeats. Pure.

A desk that has less than a heartbeat tells asks the gateway. So none may run ahead of the broker:
what is still on its way will come by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from zlib import crc32

from desk_phone.model.relayed import PAGE, Position, state_topic, write_state

_AT_ONCE = 500  # numbers that have moved; the others follow in the next turn


class Heartbeats:
    """`begin` each connection with what the outbox knows, then tell of every notice that was
    `acknowledged`."""

    def __init__(self, turns: int) -> None:
        """A number is told of once in so many turns."""
        self._turns = turns
        self._turn = 0
        self._reached = Reached()
        self._moved: dict[str, None] = {}  # in that order
        self._trusted: dict[str, None] = {}  # acknowledged since the connection began

    def begin(self, known: Mapping[str, Position]) -> None:
        """A broker that was killed may have lost what it had acknowledged: desks hear at once how
        far the numbers of the last connection are."""
        self._reached.begin(known)
        self._moved |= self._trusted
        self._trusted.clear()

    def acknowledged(self, own: str, position: Position) -> None:
        self._reached.acknowledged(own, position)
        self._moved[own] = self._trusted[own] = None

    def next_turn(self, numbers: Iterable[str], now: datetime) -> Iterator[tuple[str, bytes]]:
        """Topics and messages: of the numbers that have moved, and of those whose turn it is."""
        moved = list(islice(self._moved, _AT_ONCE))
        for own in moved:
            del self._moved[own]
        self._turn = (self._turn + 1) % self._turns
        for own in {*moved, *due(numbers, self._turn, self._turns)}:
            yield state_topic(own), write_state(self._reached.of(own), now)


def due(numbers: Iterable[str], turn: int, turns: int) -> list[str]:
    """Each number in one turn of a round, always the same, so that no turn has many."""
    return [own for own in numbers if crc32(own.encode()) % turns == turn]


class Reached:
    """Of each number the last notice before which the broker lacks none."""

    def __init__(self) -> None:
        self._whole: dict[str, Position] = {}
        self._beyond: dict[str, set[int]] = {}  # acknowledged, but something before them is not

    def begin(self, known: Mapping[str, Position]) -> None:
        """As the outbox has it."""
        self._whole = dict(known)
        self._beyond.clear()

    def of(self, own: str) -> Position:
        """Its epoch is empty where the number has no notice yet."""
        return self._whole.get(own, Position("", 0))

    def acknowledged(self, own: str, position: Position) -> None:
        epoch, whole = position.epoch, self.of(own)
        if whole.epoch != epoch:  # its first, for epochs change only between two runs
            whole = Position(epoch, 0)
            self._beyond.pop(own, None)
        seq, beyond = whole.seq, self._beyond.setdefault(own, set())
        if position.seq > seq:
            beyond.add(position.seq)
        if len(beyond) > PAGE:  # what lacks is refused for good, or too old: the gateway has it
            seq = max(beyond)
        while seq + 1 in beyond:
            seq += 1
        self._whole[own] = Position(epoch, seq)
        beyond.difference_update([one for one in beyond if one <= seq])
        if not beyond:
            del self._beyond[own]
