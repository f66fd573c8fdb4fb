"""What goes on to the company's own program: everything, though it fails, hangs or is away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from desk_phone.errors import Offline, PhoneError, Uncertain
from desk_phone.relay.forwarding import GIVEN_UP, Forwarded, Forwarding, Pauses, append, query_of
from desk_phone.relay.state import outbox
from desk_phone.relay.state.database import Keeper, open_keeper
from desk_phone.telco.notices_words import believe
from desk_phone.web.posting import Heard
from tests.relayed import NOON, OWN, notice

QUICK = Pauses(first=0.001, longest=0.004)
CRM = "https://crm.company.example/telia?key=abc"


@dataclass
class Crm:
    """Says ``says`` in turn (an HTTP status, or a trouble), then 200."""

    says: list[int | PhoneError] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def tell(self, url: str) -> Heard:
        self.heard.append(url)
        said = self.says.pop(0) if self.says else 200
        if isinstance(said, PhoneError):
            raise said
        return Heard(said)

    @property
    def others(self) -> list[str]:
        return [parse_qs(urlsplit(url).query)["anr"][0] for url in self.heard]


@asynccontextmanager
async def keeping(folder: Path) -> AsyncIterator[Keeper]:
    keeper = await open_keeper(folder / "relay.sqlite3", folder / "backups", NOON)
    try:
        yield keeper
    finally:
        await keeper.close()


async def rings(keeper: Keeper, n: int, forwarding: Forwarding | None = None) -> None:
    await keeper.do(lambda db: append(db, outbox.append(db, notice(n), NOON)))
    if forwarding is not None:
        forwarding.wake()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.001)


@pytest.fixture
def crm() -> Iterator[Crm]:
    return Crm()


def test_everything_arrives_in_order_and_is_forgotten(tmp_path: Path, crm: Crm) -> None:
    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            async with Forwarding(keeper, CRM, lambda: NOON, crm.tell, QUICK) as forwarding:
                for n in range(1, 4):
                    await rings(keeper, n, forwarding)
                    await until(lambda n=n: forwarding.counted.done == n)
                await until(lambda: not forwarding.counted.waiting)
            (left,) = await keeper.do(
                lambda db: db.execute("SELECT count(*) FROM forwards").fetchone()
            )
            assert left == 0

    asyncio.run(play())
    assert crm.others == [f"372510{n:05}" for n in range(1, 4)]
    assert all(url.startswith(f"{CRM}&ts=") for url in crm.heard)


def test_it_is_said_as_the_service_says_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            relayed = await keeper.do(lambda db: outbox.append(db, notice(7), NOON))
            at = relayed.notice.at
            believed = believe(query_of(relayed).encode(), frozenset({OWN}), at)
            assert isinstance(believed, tuple)
            assert believed[0] == relayed.notice

    asyncio.run(play())


def test_what_fails_is_tried_again_until_it_is_taken(tmp_path: Path, crm: Crm) -> None:
    crm.says = [Offline("away"), Uncertain("who knows"), 500, 302, 404]

    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            await rings(keeper, 1)
            clock = Clock()
            async with Forwarding(keeper, CRM, clock, crm.tell, QUICK) as forwarding:
                await until(lambda: forwarding.counted.done == 1)
            assert forwarding.counted.failed == 5

    asyncio.run(play())
    assert len(crm.heard) == 6


def test_one_that_is_never_taken_does_not_hold_up_the_others(tmp_path: Path) -> None:
    heard: list[str] = []

    def tell(url: str) -> Heard:
        number = parse_qs(urlsplit(url).query)["anr"][0]
        heard.append(number)
        return Heard(500 if number.endswith("00001") else 200)

    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            for n in range(1, 30):
                await rings(keeper, n)
            async with Forwarding(keeper, CRM, Clock(), tell, QUICK) as forwarding:
                await until(lambda: forwarding.counted.done == 28)
                assert forwarding.counted.waiting >= 1

    asyncio.run(play())


def test_a_clock_that_is_set_back_holds_nothing_up(tmp_path: Path, crm: Crm) -> None:
    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            await rings(keeper, 1)
            earlier = lambda: NOON - timedelta(days=400)  # noqa: E731 - a clock
            async with Forwarding(keeper, CRM, earlier, crm.tell, QUICK) as forwarding:
                await until(lambda: forwarding.counted == Forwarded(done=1))

    asyncio.run(play())


def test_a_day_is_enough(tmp_path: Path, crm: Crm) -> None:
    crm.says = [Offline("away")] * 1000

    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            await rings(keeper, 1)
            late = lambda: NOON + GIVEN_UP + timedelta(seconds=1)  # noqa: E731 - a clock
            async with Forwarding(keeper, CRM, late, crm.tell, QUICK) as forwarding:
                await until(lambda: forwarding.counted == Forwarded(given_up=1))

    asyncio.run(play())
    assert crm.heard == []


def test_what_waited_when_the_relay_ended_goes_on_after_its_next_start(
    tmp_path: Path, crm: Crm
) -> None:
    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            await rings(keeper, 1)
        async with (
            keeping(tmp_path) as keeper,
            Forwarding(keeper, CRM, Clock(), crm.tell, QUICK) as forwarding,
        ):
            assert forwarding.counted.waiting == 1
            await until(lambda: forwarding.counted.done == 1)

    asyncio.run(play())


def test_a_receiver_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def tell(_url: str) -> Heard:
        asked.set()
        go_on.wait(30)
        return Heard(200)

    async def play() -> None:
        async with keeping(tmp_path) as keeper:
            await rings(keeper, 1)
            async with asyncio.timeout(10), Forwarding(keeper, CRM, Clock(), tell, QUICK):
                await until(asked.is_set)
            assert not go_on.is_set()
            go_on.set()

    asyncio.run(play())


class Clock:
    """Each look is a second later: every pause is over."""

    def __init__(self) -> None:
        self._looks = 0

    def __call__(self) -> datetime:
        self._looks += 1
        return NOON + timedelta(seconds=self._looks)
