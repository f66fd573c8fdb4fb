"""Which notices are on their way to the broker. Pure.

The outbox has all of them; here are those that go out next. While it has more than is known here
("behind"), what is told is left to it; otherwise it goes out at once. Either way the notices of a
number leave in their order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from desk_phone.model.relayed import PAGE, Position, Relayed

Key = tuple[str, Position]

ROOM = 100  # notices that are sent and not yet acknowledged


def key_of(relayed: Relayed) -> Key:
    return relayed.notice.own, relayed.position


class UnderWay:
    """`read` and `page` bring what the outbox holds, `tell` what is new, `take` gives what is to
    be sent, `sent` and `answered` follow it; `lost` begins anew. The broker's acknowledgements are
    collected in ``acknowledged`` until `marked` says that they are written down."""

    def __init__(self, room: int = ROOM, page: int = PAGE) -> None:
        self.room, self._page = room, page
        self.behind = True  # the outbox holds more than is known here
        self.reading = False
        self.acknowledged: list[Key] = []
        self._queue: deque[Relayed] = deque()
        self._flying: dict[int, tuple[float, Relayed]] = {}  # in the order of sending
        self._aside: set[Key] = set()  # refused; each takes room, so that all of them stop us
        self._known: set[Key] = set()  # all of these, and those acknowledged but not written down
        self._meanwhile: list[Relayed] = []  # told while the outbox was read
        self._limit = 0

    @property
    def wants_more(self) -> bool:
        return self.behind and not self.reading and len(self._queue) < self.room

    @property
    def left(self) -> int:
        """Known here and not acknowledged."""
        return len(self._queue) + len(self._flying) + len(self._aside)

    @property
    def flying(self) -> int:
        return len(self._flying)

    def tell(self, relayed: Relayed) -> None:
        """It is in the outbox by now, behind all that was told before of its number."""
        if self.reading:
            self._meanwhile.append(relayed)
        elif self.behind:
            return
        elif len(self._queue) < self._page:
            self._add((relayed,))
        else:
            self.behind = True

    def read(self) -> int:
        """How many of the oldest to read that are not written down as published."""
        self.reading = True
        self._limit = self._page + len(self._known)
        return self._limit

    def page(self, oldest: Sequence[Relayed]) -> None:
        """What was read; a short page is all there was."""
        self.reading = False
        self.behind = len(oldest) >= self._limit
        meanwhile, self._meanwhile = self._meanwhile, []
        self._add(oldest)
        for relayed in meanwhile:
            self.tell(relayed)

    def unread(self) -> None:
        """The outbox could not be read."""
        self.reading = False
        self._meanwhile.clear()
        self.behind = True

    def take(self) -> Relayed | None:
        """The next to be sent; None: there is none, or no room."""
        if self._queue and len(self._flying) + len(self._aside) < self.room:
            return self._queue.popleft()
        return None

    def sent(self, mid: int, relayed: Relayed, moment: float) -> None:
        self._flying[mid] = (moment, relayed)

    def oldest(self, now: float) -> float:
        """For how long an answer has been missing."""
        return now - next(iter(self._flying.values()))[0] if self._flying else 0.0

    def answered(self, mid: int, accepted: bool) -> Relayed | None:
        """Which notice it was; None: something else, or an answer that came twice."""
        if mid not in self._flying:
            return None
        _, relayed = self._flying.pop(mid)
        if accepted:
            self.acknowledged.append(key_of(relayed))
        else:
            self._aside.add(key_of(relayed))
        return relayed

    def again(self) -> None:
        """What was refused may be tried again."""
        self._known -= self._aside
        self._aside.clear()
        self.behind = True

    def lost(self) -> tuple[Key, ...]:
        """The connection: what was not acknowledged is to be sent anew; what was on its way."""
        flying = tuple(key_of(relayed) for _, relayed in self._flying.values())
        self._queue.clear()
        self._flying.clear()
        self._aside.clear()
        self._known = set(self.acknowledged)
        self.behind = True
        return flying

    def to_mark(self) -> list[Key]:
        """The acknowledgements, to be written down and then `marked`; or put back."""
        acknowledged, self.acknowledged = self.acknowledged, []
        return acknowledged

    def marked(self, keys: Iterable[Key]) -> None:
        self._known.difference_update(keys)

    def put_back(self, keys: Sequence[Key]) -> None:
        self.acknowledged[:0] = keys

    def _add(self, these: Iterable[Relayed]) -> None:
        for relayed in these:
            if (key := key_of(relayed)) not in self._known:
                self._known.add(key)
                self._queue.append(relayed)
