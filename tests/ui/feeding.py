"""A desk that is enrolled at a relay, and a feed that a test holds in hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from desk_phone.app.relay import RelayDesk
from desk_phone.app.relay_acts import broker_item
from desk_phone.errors import Offline
from desk_phone.model.relayed import UP, Position
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.telco.feed_events import Connected, Event, Lost, Receipt, Subscription, Why
from tests.relayed import OWN, RELAY, Relay, enrolled, heartbeat, relay_says
from tests.ui.behind import relay_desk
from tests.ui.conftest import USER, Desk, FakeKeyring

GONE = Lost(Why.LOST, Offline("The connection was lost", "It is tried again."), 1.0)


@dataclass
class HandFeed:
    """Tells what a test wants it to, from whatever thread."""

    subscription: Subscription
    told: Callable[[Event], object]
    accepted: list[Receipt] = field(default_factory=list)
    started: int = 0
    agains: int = 0
    closed: list[bool] = field(default_factory=list)  # for good?

    def start(self) -> None:
        self.started += 1

    def accept(self, receipt: Receipt) -> None:
        self.accepted.append(receipt)

    def again(self) -> None:
        self.agains += 1

    def close(self, patience: float = 0.5, for_good: bool = False) -> None:
        self.closed.append(for_good)


@dataclass
class Feeding:
    """``feeds`` are those that were made, the last is the present one."""

    desk: Desk
    relay: Relay = field(default_factory=Relay)
    feeds: list[HandFeed] = field(default_factory=list)
    desk_of_relay: RelayDesk | None = None

    def make(self, subscription: Subscription, told: Callable[[Event], object]) -> HandFeed:
        feed = HandFeed(subscription, told)
        self.feeds.append(feed)
        return feed

    @property
    def it(self) -> RelayDesk:
        assert self.desk_of_relay is not None
        return self.desk_of_relay

    @property
    def feed(self) -> HandFeed:
        return self.feeds[-1]

    def start(self) -> None:
        """Listen, as far as the keyring lets us."""
        self.it.feed.start()
        self.desk.qtbot.waitUntil(lambda: bool(self.feeds))

    def say(self, *events: Event) -> None:
        """The broker does; until all of it has been heard."""
        for event in events:
            self.feed.told(event)
        self.settle()

    def come_up(self, last: Position | None = None) -> None:
        self.say(Connected(kept=True), relay_says(UP))
        self.say(heartbeat(last or self.relay.last, self.desk.clock.at))

    def settle(self) -> None:
        """Until nothing waits in the event loop."""
        rounds: list[int] = []
        self.desk.qtbot.waitUntil(lambda: bool(rounds.append(1)) or len(rounds) > 5)


@pytest.fixture
def settings() -> Settings:
    given = enrolled()
    return Settings(
        user=USER,
        own_number=OWN,
        relay_url=RELAY,
        relay_device="d1",
        relay_broker=str(given.broker),
        relay_numbers=OWN,
    )


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring({"d1": enrolled().token, broker_item("d1"): Secret("broker of d1")})


@pytest.fixture
def feeding(desk: Desk) -> Feeding:
    """Started, and connected to nothing yet."""
    feeding = Feeding(desk)
    desk.telco.notices_after = feeding.relay.notices_after  # type: ignore[attr-defined]
    feeding.desk_of_relay = relay_desk(desk, feeding.make)
    feeding.start()
    return feeding
