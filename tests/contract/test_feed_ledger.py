"""A real broker that is killed, a feed that is cut off, a desk that starts anew, in any order: in
the end the ledger holds every call that the relay does, each once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.relay_following import Following
from desk_phone.model.broker import Broker
from desk_phone.model.calls import Notice
from desk_phone.model.relayed import notices_topic, state_topic, write, write_state
from desk_phone.model.secret import Secret
from desk_phone.store.calls import CallLedger
from desk_phone.store.memory import Memory
from desk_phone.telco.feed import Feed, Pauses
from desk_phone.telco.feed_events import Event, Message, Subscription
from tests.contract.brokers import Mosquitto, wait_for
from tests.relayed import NOON, OWN, Relay, WayTo
from tests.reported import empty_database

LATER = NOON + timedelta(days=1)


class Desk:
    """As `app.relay_feed` does it, without a window."""

    def __init__(self, mosquitto: Mosquitto, relay: Relay) -> None:
        self.db = empty_database()
        self.ledger, self.relay = CallLedger(self.db), relay
        broker = Broker("127.0.0.1", mosquitto.port, False, "d1")
        self._subscription = Subscription(broker, Secret("x"), "d1", (OWN,))
        self.start()

    def start(self) -> None:
        self.came: SimpleQueue[Event] = SimpleQueue()
        self.following = Following(Memory(self.db), self._hear, lambda: (OWN,))
        self.feed = Feed(self._subscription, self.came.put, Pauses(first=0.01, longest=0.02))
        self.feed.start()

    def stop(self) -> None:
        self.feed.close(patience=10)
        assert not self.feed._thread.is_alive()

    def close(self) -> None:
        self.stop()
        self.db.close()

    def _hear(self, notices: Sequence[Notice]) -> bool:
        self.ledger.hear(*notices, now=LATER)
        return True

    def take(self, forgetful: bool = False) -> None:
        """What came; ``forgetful``: it dies before it can acknowledge."""
        while True:
            try:
                event = self.came.get_nowait()
            except Empty:
                break
            if not isinstance(event, Message):
                continue
            if event.topic == state_topic(OWN):
                self.following.note_state(event)
            elif self.following.take([event]) and event.receipt is not None and not forgetful:
                self.feed.accept(event.receipt)

    def ask(self) -> None:
        for own in self.following.behind:
            perform(self.following.catch_up(WayTo(self.relay), own))

    @property
    def count(self) -> int:
        return int(self.db.execute("SELECT count(*) FROM notices").fetchone()[0])


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    mosquitto = Mosquitto(tmp_path)
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_and_nothing_comes_twice(mosquitto: Mosquitto, seed: int) -> None:
    chance = random.Random(seed)
    relay = Relay()
    desk = Desk(mosquitto, relay)

    def call() -> None:
        mosquitto.publish(notices_topic(OWN), write(relay.tell()))

    def kill() -> None:
        mosquitto.kill()
        mosquitto.start()

    def start_anew() -> None:
        desk.take(forgetful=True)
        desk.stop()
        desk.start()

    deeds = (call, call, call, desk.take, lambda: desk.feed.again(), kill, start_anew)
    for _ in range(25):
        chance.choice(deeds)()
    call()

    def beat_and_look() -> bool:
        mosquitto.publish(state_topic(OWN), write_state(relay.last, LATER), retain=True)
        desk.take()
        desk.ask()
        return desk.following.known(OWN) == relay.last

    wait_for(beat_and_look)
    assert desk.count == len(relay.held)
    desk.close()
