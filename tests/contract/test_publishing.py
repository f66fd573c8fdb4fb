"""What the outbox holds reaches the broker and the desks, whoever dies in between."""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
import ssl
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self, TypeVar

import pytest

from desk_phone.errors import BadInput
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
    state_topic,
)
from desk_phone.model.secret import Secret
from desk_phone.relay import broker_socket, outbox
from desk_phone.relay.broker_link import Link, Login
from desk_phone.relay.configuration import BrokerPlace
from desk_phone.relay.database import Keeper, open_keeper
from desk_phone.relay.publishing import Publishing
from desk_phone.relay.rhythm import RHYTHM, Rhythm
from desk_phone.telco.feed import Feed, Pauses
from desk_phone.telco.feed_events import Connected, Event, Message, Subscription, Why
from desk_phone.web.trust import system_trust
from tests.contract.brokers import PATIENCE, Mosquitto
from tests.contract.certificates import Authority
from tests.contract.scripted_broker import CONNACK, ScriptedBroker, delivery, refusal, room_for
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

    def __init__(self, keeper: Keeper, port: int, tls: bool = False) -> None:
        self.keeper = keeper
        self.host = "localhost" if tls else "127.0.0.1"
        self.place = BrokerPlace(self.host, port, tls, "relay")
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


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    mosquitto = Mosquitto(tmp_path, "allow_anonymous true\nmax_queued_messages 10000\n")
    mosquitto.start()
    yield mosquitto
    mosquitto.stop()


def at(mosquitto: Mosquitto, device: str = "desk-1") -> Broker:
    return Broker("127.0.0.1", mosquitto.port, False, device)


# the real broker dies, and the relay


def test_a_broker_killed_before_a_notice_gets_it_afterwards_and_so_do_desks_that_sleep(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async def story(relay: Relay) -> None:
        async with Desk(at(mosquitto), relay.keeper):
            mosquitto.save()  # the desk's session
        async with relay.publishing() as publishing:
            await until(lambda: publishing.connected)
            mosquitto.kill()
            await relay.hear_many(30)
            assert await relay.left() == 30
            assert publishing.counted.waiting == 30
            mosquitto.start()
            await relay.all_published()
            async with Desk(at(mosquitto), relay.keeper) as desk:
                await until(lambda: desk.came[OWN] == list(range(1, 31)))

    run(tmp_path, mosquitto.port, story)


def test_a_broker_killed_again_and_again_in_the_midst_of_it_loses_nothing_for_a_desk(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async def story(relay: Relay) -> None:
        async with Desk(at(mosquitto), relay.keeper) as desk, relay.publishing() as publishing:
            for kill in range(1, 4):
                await until(lambda: publishing.connected)
                talking = asyncio.create_task(relay.hear_many(100))
                await until(lambda goal=kill * 100 - 60: publishing.counted.sent >= goal)
                mosquitto.kill()
                mosquitto.start()
                await talking
            await relay.all_published()
            await until(lambda: desk.has(300))

    run(tmp_path, mosquitto.port, story)


def test_a_relay_that_is_started_anew_sends_what_was_left_oldest_first(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async def story(relay: Relay) -> None:
        for own in (OWN, OTHER_LINE):
            await relay.hear_many(700, own)
        async with Desk(at(mosquitto), relay.keeper, (OWN, OTHER_LINE)) as desk:
            async with relay.publishing() as publishing:
                await relay.hear_many(50)
                await relay.all_published()
                assert publishing.counted.waiting == 0
                assert publishing.counted.acknowledged == 1450
            all_of_it = {OWN: [*range(1, 751)], OTHER_LINE: [*range(1, 701)]}
            await until(lambda: desk.came == all_of_it)
        async with relay.publishing() as again:
            await until(lambda: again.connected)
            await relay.hear(1)
            await relay.all_published()
            assert again.counted.sent == 1  # nothing of before

    run(tmp_path, mosquitto.port, story)


def test_whether_the_relay_is_there_is_told_in_every_case(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async def story(relay: Relay) -> None:
        async with Desk(at(mosquitto), relay.keeper) as desk:
            async with relay.publishing() as publishing:
                await until(lambda: desk.relay_said == [b"up"])
                assert publishing._link is not None
                publishing._link.cut()  # as if it were killed
                await until(lambda: desk.relay_said == [b"up", b"down", b"up"])
            await until(lambda: desk.relay_said[-1] == b"down")
        async with Desk(at(mosquitto, "desk-2"), relay.keeper) as later:
            await until(lambda: later.relay_said == [b"down"])

    run(tmp_path, mosquitto.port, story)


def test_each_number_has_a_heartbeat_and_none_runs_ahead(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async def story(relay: Relay) -> None:
        numbers = (OWN, OTHER_LINE)
        async with Desk(at(mosquitto), relay.keeper, numbers) as desk, relay.publishing():
            await until(lambda: len(desk.states[OTHER_LINE]) >= 3)
            assert set(desk.states[OTHER_LINE]) == {Position("", 0)}
            last = await relay.hear(1)
            for n in range(2, 40):
                last = await relay.hear(n)
            await until(lambda: last.position in desk.states[OWN])
            seqs = [position.seq for position in desk.states[OWN]]
            assert seqs == sorted(seqs)
        async with Desk(at(mosquitto, "desk-2"), relay.keeper, numbers) as later:
            await until(lambda: later.states[OWN] == [last.position])  # it is retained

    run(tmp_path, mosquitto.port, story)


def test_a_number_that_moved_has_a_heartbeat_that_was_not_due(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    async def story(relay: Relay) -> None:
        async with (
            Desk(at(mosquitto), relay.keeper) as desk,
            relay.publishing(replace(QUICK, turns=10**9)) as publishing,
        ):
            await until(lambda: publishing.connected)
            heard = await relay.hear(1)
            await until(lambda: desk.states[OWN] == [heard.position])

    run(tmp_path, mosquitto.port, story)


def test_who_is_not_let_in_says_so_once_and_tries_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mosquitto = Mosquitto(tmp_path, "allow_anonymous false\n")
    mosquitto.start()
    caplog.set_level(logging.INFO)

    def tries() -> int:
        return sum("again in" in record.message for record in caplog.records)

    async def story(relay: Relay) -> None:
        async with relay.publishing() as publishing:
            await until(lambda: tries() >= 3)
            assert not publishing.connected

    run(tmp_path, mosquitto.port, story)
    mosquitto.stop()
    errors = [r.message for r in caplog.records if r.levelno >= logging.ERROR]
    assert errors == ["the broker does not let the relay in: no desk hears of calls"]
    assert "verborgen" not in caplog.text


# brokers that behave oddly


@pytest.mark.parametrize("code", [0x80, 0x87, 0x97])
def test_a_refusal_is_no_acknowledgement(tmp_path: Path, code: int) -> None:
    broker = ScriptedBroker()
    broker.codes = [code, code]

    async def story(relay: Relay) -> None:
        async with relay.publishing() as publishing:
            await until(lambda: publishing.connected)
            first = await relay.hear(1)
            await until(lambda: publishing.counted.refused == 1)
            assert await relay.left() == 1
            await relay.all_published()
            assert publishing.counted.refused == 2
            assert publishing.counted.again == 2
            assert relay.taken == [first]
            assert broker.connections == 1  # the connection is not to blame

    scripted(tmp_path, broker, story)


def test_a_notice_that_nobody_subscribes_to_is_published(tmp_path: Path) -> None:
    broker = ScriptedBroker(usual=0x10)

    async def story(relay: Relay) -> None:
        async with relay.publishing() as publishing:
            await relay.hear(1)
            await relay.all_published()
            assert publishing.counted.refused == 0
            assert len(broker.notices()) == 1

    scripted(tmp_path, broker, story)


def test_a_broker_that_refuses_everything_is_not_flooded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = ScriptedBroker(room_for(3), usual=0x97)

    async def story(relay: Relay) -> None:
        async with relay.publishing(Rhythm(again=600)) as publishing:
            await until(lambda: publishing.connected)
            await relay.hear_many(20)
            await until(lambda: publishing.counted.refused == 3)
            await relay.hear(21)
            assert publishing.counted.sent == 3

    scripted(tmp_path, broker, story)
    assert [r.message for r in caplog.records] == ["the broker refuses a notice: Quota exceeded"]


def test_without_its_acknowledgement_a_notice_stays_and_its_heartbeat_too(tmp_path: Path) -> None:
    broker = ScriptedBroker(usual=None)

    def told() -> set[Position]:
        states = [one.payload for one in broker.came if one.topic == state_topic(OWN)]
        return {read_state(payload)[0] for payload in states}

    async def story(relay: Relay) -> None:
        async with relay.publishing() as publishing:
            await until(lambda: publishing.connected)
            heard = await relay.hear(1)
            await until(lambda: broker.unanswered and len(broker.came) > 10)
            assert told() == {Position("", 0)}
            assert await relay.left() == 1
            broker.answer_now()
            await relay.all_published()
            await until(lambda: heard.position in told())

    scripted(tmp_path, broker, story)


def test_after_a_restart_heartbeats_go_on_where_the_broker_stands(tmp_path: Path) -> None:
    broker = ScriptedBroker()

    def told(own: str) -> set[Position]:
        states = [one.payload for one in broker.came if one.topic == state_topic(own)]
        return {read_state(payload)[0] for payload in states}

    async def story(relay: Relay) -> None:
        async with relay.publishing():
            last = await relay.hear(1)
            await relay.hear(2, OTHER_LINE)
            await relay.all_published()
        await relay.hear(3, OTHER_LINE)  # nobody publishes it yet
        broker.came.clear()
        broker.usual = None
        async with relay.publishing():
            await until(lambda: told(OWN) and told(OTHER_LINE) and broker.unanswered)
            assert told(OWN) == {last.position}
            assert {position.seq for position in told(OTHER_LINE)} == {1}
            broker.answer_now()

    scripted(tmp_path, broker, story)


def test_a_clean_end_hears_the_last_acknowledgements(tmp_path: Path) -> None:
    broker = ScriptedBroker(usual=None)

    async def story(relay: Relay) -> None:
        async with relay.publishing() as publishing:
            await until(lambda: publishing.connected)
            await relay.hear(1)
            await until(lambda: broker.unanswered)
            asyncio.get_running_loop().call_later(0.05, broker.answer_now)
        assert await relay.left() == 0

    scripted(tmp_path, broker, story)


def test_no_more_is_on_its_way_than_the_broker_takes(tmp_path: Path) -> None:
    broker = ScriptedBroker(room_for(3), usual=None)

    async def story(relay: Relay) -> None:
        await relay.hear_many(10)
        async with relay.publishing() as publishing:
            while publishing.counted.waiting:
                await until(lambda: broker.unanswered or not publishing.counted.waiting)
                broker.answer_now()
        assert broker.most_unanswered <= 3
        assert len(broker.notices()) == 10

    scripted(tmp_path, broker, story)


def test_what_a_lost_connection_did_not_acknowledge_goes_first_again(tmp_path: Path) -> None:
    broker = ScriptedBroker(usual=None)

    async def story(relay: Relay) -> None:
        async with relay.publishing() as publishing:
            await until(lambda: publishing.connected)
            await relay.hear_many(5)
            await until(lambda: len(broker.notices()) == 5)
            broker.usual = 0
            broker.came.clear()
            broker.hang_up()
            await relay.hear(6)
            await relay.all_published()
            assert [read(one).position.seq for one in broker.notices()] == [1, 2, 3, 4, 5, 6]
            assert publishing.counted.again == 5

    scripted(tmp_path, broker, story)


def test_a_broker_that_acknowledges_nothing_any_more_is_left(tmp_path: Path) -> None:
    broker = ScriptedBroker(usual=None)
    quick = Rhythm(first=0.005, longest=0.01, stalled=0.05, turn=0.01)

    async def story(relay: Relay) -> None:
        async with relay.publishing(quick) as publishing:
            await until(lambda: publishing.connected)
            await relay.hear(1)
            await until(lambda: broker.connections >= 2)
            broker.usual = 0
            await relay.all_published()

    scripted(tmp_path, broker, story)


NONSENSE = {
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "half a connack": b"\x20\x03\x00",
    "a short connack": b"\x20\x00",
    "properties that are none": b"\x20\x06\x00\x00\x03\xff\xff\xff",
    "another refusal": refusal(0x88),
    "a puback of nothing": CONNACK + b"\x40\x00",
    "a puback for what was not sent": CONNACK + b"\x40\x02\x00\x07" + b"\xe0\x00",
    "an endless packet": CONNACK + b"\x32\xff\xff\xff\x7f" + b"x" * 100_000,
    "a length that never ends": CONNACK + b"\x32\xff\xff\xff\xff\xff\xff",
    "goodbye": CONNACK + b"\xe0\x02\x8b\x00",
}


@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_ends_the_connection_and_nothing_else(
    tmp_path: Path, said: bytes, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk_phone.relay.broker_link._PATIENCE", 0.1)
    broker = ScriptedBroker(said)

    async def story(relay: Relay) -> None:
        await relay.hear(1)
        async with relay.publishing():
            await until(lambda: broker.connections >= 2)
            broker.greeting = CONNACK
            await relay.all_published()

    scripted(tmp_path, broker, story)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]


def test_a_second_relay_of_the_name_is_complained_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By a broker that says so; those that only hang up are tried ever more seldom."""
    broker = ScriptedBroker(CONNACK + b"\xe0\x02\x8e\x00")

    async def story(relay: Relay) -> None:
        async with relay.publishing(Rhythm(refused=600)):
            await until(lambda: caplog.records)
        assert broker.connections == 1

    scripted(tmp_path, broker, story)
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR] == [
        "another relay has this one's name at the broker"
    ]


def test_an_end_while_nobody_answers_comes_soon(tmp_path: Path) -> None:
    broker = ScriptedBroker(greeting=b"")

    async def story(relay: Relay) -> None:
        async with relay.publishing():
            await until(lambda: broker.connections)

    scripted(tmp_path, broker, story)


# our own troubles


def test_what_could_not_be_noted_down_is_noted_later(tmp_path: Path) -> None:
    broker = ScriptedBroker()

    async def story(relay: Relay) -> None:
        real, troubles = relay.keeper.do, [0]

        async def full(deed: Callable[[sqlite3.Connection], R]) -> R:
            troubles[0] += 1
            raise BadInput("No room to save", "Make some.")

        async with relay.publishing() as publishing:
            await until(lambda: publishing.connected)
            await until(lambda: not publishing._way.behind)
            heard = await relay.hear(1)
            relay.keeper.do = full  # type: ignore[method-assign]
            await until(lambda: troubles[0] >= 2)
            assert relay.taken == [heard]
            relay.keeper.do = real  # type: ignore[method-assign]
            await relay.all_published()
            assert publishing.counted.sent == 1

    scripted(tmp_path, broker, story)


def test_an_outbox_that_cannot_be_read_is_read_later(tmp_path: Path) -> None:
    broker = ScriptedBroker()

    async def story(relay: Relay) -> None:
        await relay.hear_many(3)
        real, troubles = relay.keeper.do, [0]

        async def damaged(deed: Callable[[sqlite3.Connection], R]) -> R:
            troubles[0] += 1
            raise sqlite3.OperationalError("disk I/O error")

        async with relay.publishing():
            relay.keeper.do = damaged  # type: ignore[method-assign]
            await until(lambda: troubles[0] >= 3)
            assert broker.notices() == []
            relay.keeper.do = real  # type: ignore[method-assign]
            await relay.all_published()

    scripted(tmp_path, broker, story)


def test_a_bug_ends_all_of_it_for_everybody_to_see(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = ScriptedBroker()

    def numbers() -> list[str]:
        raise RuntimeError("a bug")

    async def story(relay: Relay) -> None:
        publishing = Publishing(relay.keeper, relay.place, PASSWORD, numbers, rhythm=QUICK)
        async with publishing:
            await until(lambda: caplog.records)
            await until(lambda: not publishing.connected)
            publishing.tell(await relay.hear(1))
        assert await relay.left() == 1
        assert broker.left == 0  # not a clean end: the broker tells the last will

    scripted(tmp_path, broker, story)
    assert [r.message for r in caplog.records] == ["publishing has ended: RuntimeError"]


# TLS


@contextmanager
def secured(folder: Path) -> Iterator[tuple[Mosquitto, Authority]]:
    authority = Authority(folder)
    authority.context("localhost")  # writes its certificate and key
    pem = folder / "localhost.pem"
    mosquitto = Mosquitto(folder, f"allow_anonymous true\ncertfile {pem}\nkeyfile {pem}\n")
    mosquitto.start()
    try:
        yield mosquitto, authority
    finally:
        mosquitto.stop()


def trusting(authority: Authority) -> Callable[[], ssl.SSLContext]:
    def trust() -> ssl.SSLContext:
        context = system_trust()
        context.load_verify_locations(authority.file)
        return context

    return trust


def test_whom_nobody_vouches_for_hears_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(relay: Relay) -> None:
        relay.place = BrokerPlace("localhost", relay.place.port, True, "relay")
        async with relay.publishing() as publishing:
            await until(lambda: "not trusted" in caplog.text)
            assert not publishing.connected

    with secured(tmp_path) as (mosquitto, _):
        run(tmp_path, mosquitto.port, story)


def test_through_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(relay: Relay) -> None:
        relay.place = BrokerPlace("localhost", relay.place.port, True, "relay")
        await relay.hear_many(300)
        async with relay.publishing() as publishing:
            await relay.all_published()
            await relay.hear_many(300, OTHER_LINE)
            await relay.all_published()
            assert publishing.counted.sent == 600

    with secured(tmp_path) as (mosquitto, authority):
        monkeypatch.setattr(broker_socket, "system_trust", trusting(authority))
        run(tmp_path, mosquitto.port, story)


def test_many_messages_in_one_piece_of_tls_are_all_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    piece = CONNACK + b"".join(delivery("x", b"%d" % n) for n in range(50))
    broker = ScriptedBroker(piece, tls=authority.context("localhost"))
    monkeypatch.setattr(broker_socket, "system_trust", trusting(authority))
    came: list[bytes] = []

    async def story(relay: Relay) -> None:
        place = BrokerPlace("localhost", broker.port, True, "relay")
        link = Link(Login(place, PASSWORD, "x"), came=came.append)
        await link.open()
        await until(lambda: len(came) == 50)
        await link.leave()

    scripted(tmp_path, broker, story)


def test_whoever_stops_waiting_for_a_connection_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = socket.socketpair()
    theirs.settimeout(PATIENCE)
    go_on = threading.Event()

    def slow(*_: object) -> socket.socket:
        assert go_on.wait(PATIENCE)
        return ours

    monkeypatch.setattr(broker_socket, "connect", slow)

    async def story(relay: Relay) -> None:
        async with relay.publishing():
            await asyncio.sleep(0)
        go_on.set()

    run(tmp_path, 0, story)
    assert theirs.recv(1) == b""
    theirs.close()
    assert ours.fileno() == -1


def test_without_tls_only_this_computer_is_spoken_to(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(relay: Relay) -> None:
        relay.place = BrokerPlace("192.0.2.1", 1883, False, "relay")
        async with relay.publishing():
            await until(lambda: "no secure connection" in caplog.text)

    run(tmp_path, 0, story)


def test_heartbeats_come_as_often_as_the_contract_says() -> None:
    assert RHYTHM.turn * RHYTHM.turns < 60
    assert RHYTHM.turn < 1


def test_pauses_lie_between_one_second_and_one_minute() -> None:
    assert all(1 <= RHYTHM.pause(Why.LOST, before) <= 60 for before in (0, 1, 10, 60) * 50)
    assert len({RHYTHM.pause(Why.LOST, 0) for _ in range(50)}) == 50  # at random
    assert RHYTHM.pause(Why.REFUSED, 0.0) == 60
