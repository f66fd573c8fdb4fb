"""Brokers that behave oddly, and troubles of our own: no notice is lost, none is forged."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.relayed import (
    Position,
    read,
    read_state,
    state_topic,
)
from desk_phone.relay.broker.publishing import Publishing
from desk_phone.relay.broker.rhythm import Rhythm
from tests.contract.publishing_place import PASSWORD, QUICK, R, Relay, scripted, until
from tests.contract.scripted_broker import CONNACK, ScriptedBroker, refusal, room_for
from tests.relayed import OTHER_LINE, OWN

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
    monkeypatch.setattr("desk_phone.relay.broker.link._PATIENCE", 0.1)
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
