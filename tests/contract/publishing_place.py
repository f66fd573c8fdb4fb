"""A relay that publishes, and a desk that follows it, in a test's own event loop."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self, TypeVar

from desk_phone.model.broker import Broker
from desk_phone.model.relayed import (
    RELAY_TOPIC,
    Position,
    Relayed,
    Step,
    lags,
    next_step,
    own_of,
    read,
    read_state,
)
from desk_phone.model.secret import Secret
from desk_phone.relay.broker.publishing import Publishing
from desk_phone.relay.broker.rhythm import Rhythm
from desk_phone.relay.configuration import BrokerPlace
from desk_phone.relay.state import outbox
from desk_phone.relay.state.database import Keeper, open_keeper
from desk_phone.telco.feed import Feed, Pauses
from desk_phone.telco.feed_events import Connected, Event, Message, Subscription
from tests.contract.brokers import PATIENCE
from tests.contract.scripted_broker import ScriptedBroker
from tests.relayed import NOON, OTHER_LINE, OWN, notice

QUICK = Rhythm(first=0.005, longest=0.02, refused=0.02, again=0.02, turn=0.01, turns=5)
PASSWORD = Secret("verborgen")

R = TypeVar("R")


async def until(what: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not what():
            await asyncio.sleep(0.001)


class Relay:
    """The outbox, and what publishes it while `publishing` is entered."""

    def __init__(self, keeper: Keeper, port: int) -> None:
        self.keeper = keeper
        self.place = BrokerPlace("127.0.0.1", port, False, "relay")
        self.now: Publishing | None = None
        self.taken: list[Relayed] = []

    @asynccontextmanager
    async def publishing(self, rhythm: Rhythm = QUICK) -> AsyncIterator[Publishing]:
        publishing = Publishing(
            *(self.keeper, self.place, PASSWORD, lambda: [OWN, OTHER_LINE]),
            taken=self.taken.append,
            rhythm=rhythm,
        )
        async with publishing:
            self.now = publishing
            yield publishing
            self.now = None

    async def hear(self, n: int, own: str = OWN) -> Relayed:
        """A notice came, and its sender has been answered."""
        relayed = await self.keeper.do(lambda db: outbox.append(db, notice(n, own), NOON))
        if self.now is not None:
            self.now.tell(relayed)
        return relayed

    async def hear_many(self, count: int, own: str = OWN) -> None:
        await asyncio.gather(*(self.hear(n + 1, own) for n in range(count)))

    async def left(self) -> int:
        return await self.keeper.do(outbox.left)

    async def all_published(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self.left():
                await asyncio.sleep(0.001)


class Desk:
    """Follows its numbers as the contract says, only sooner; ``seqs`` is what its ledger has,
    ``came`` what the broker delivered."""

    def __init__(self, broker: Broker, keeper: Keeper, numbers: tuple[str, ...] = (OWN,)) -> None:
        self.seqs: defaultdict[str, set[int]] = defaultdict(set)
        self.came: defaultdict[str, list[int]] = defaultdict(list)
        self.states: defaultdict[str, list[Position]] = defaultdict(list)
        self.relay_said: list[bytes] = []
        self.connected = 0
        self._keeper, self._known = keeper, dict.fromkeys(numbers, Position("", 0))
        self._loop = asyncio.get_running_loop()
        subscription = Subscription(broker, Secret("x"), broker.user, numbers)
        self._feed = Feed(subscription, self._told, Pauses(first=0.01, longest=0.03))
        self._asking: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._feed.start()
        await until(lambda: self.connected)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._feed.close, PATIENCE)
        await asyncio.gather(*self._asking)

    def has(self, count: int, own: str = OWN) -> bool:
        return self.seqs[own] == set(range(1, count + 1))

    def _told(self, event: Event) -> None:
        self._loop.call_soon_threadsafe(self._hear, event)

    def _hear(self, event: Event) -> None:
        if isinstance(event, Connected):
            self.connected += 1
        if not isinstance(event, Message):
            return
        if event.topic == RELAY_TOPIC:
            self.relay_said.append(event.payload)
        elif event.topic.endswith("/state"):
            self._beat(own_of(event.topic), read_state(event.payload)[0])
        elif event.receipt is not None:
            self._take(read(event.payload))
            self._feed.accept(event.receipt)

    def _take(self, relayed: Relayed) -> None:
        own, position = relayed.notice.own, relayed.position
        self.came[own].append(position.seq)
        self.seqs[own].add(position.seq)
        step = next_step(self._known[own], position)
        if step is Step.TAKE:
            self._known[own] = position
        elif step is Step.CATCH_UP:
            self._ask(own)

    def _beat(self, own: str, last: Position) -> None:
        self.states[own].append(last)
        if lags(self._known[own], last):
            self._ask(own)

    def _ask(self, own: str) -> None:
        task = asyncio.get_running_loop().create_task(self._catch_up(own))
        self._asking.add(task)

    async def _catch_up(self, own: str) -> None:
        known = self._known[own]
        page = await self._keeper.do(lambda db: outbox.after(db, own, known, 500))
        for relayed in page.notices:
            if next_step(self._known[own], relayed.position) is Step.TAKE:
                self._known[own] = relayed.position
                self.seqs[own].add(relayed.position.seq)


@asynccontextmanager
async def kept(folder: Path) -> AsyncIterator[Keeper]:
    keeper = await open_keeper(folder / "relay.sqlite3", folder / "backups", NOON)
    try:
        yield keeper
    finally:
        await keeper.close()


def run(folder: Path, port: int, story: Callable[[Relay], Coroutine[None, None, None]]) -> None:
    """Nothing is left afterwards: no task, no thread, no socket."""
    threads = set(threading.enumerate())

    async def told() -> None:
        async with kept(folder) as keeper:
            await story(Relay(keeper, port))
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(told())
    assert set(threading.enumerate()) <= threads


def scripted(
    folder: Path, broker: ScriptedBroker, story: Callable[[Relay], Coroutine[None, None, None]]
) -> None:
    async def told(relay: Relay) -> None:
        async with broker:
            relay.place = BrokerPlace("127.0.0.1", broker.port, False, "relay")
            await story(relay)

    run(folder, 0, told)
