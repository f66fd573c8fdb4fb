"""What carries the relay's notices to this computer: `telco.feed.Feed`, or a test's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from desk_phone.telco.feed_events import Event, Receipt, Subscription


class AnyFeed(Protocol):
    def start(self) -> None: ...

    def accept(self, receipt: Receipt) -> None: ...

    def again(self) -> None: ...

    def close(self, patience: float = 0.5, for_good: bool = False) -> None: ...


MakeFeed = Callable[[Subscription, Callable[[Event], object]], AnyFeed]


def make_feed(subscription: Subscription, told: Callable[[Event], object]) -> AnyFeed:
    from desk_phone.telco.feed import Feed  # only where there is a relay

    return Feed(subscription, told)
