"""What the outbox holds reaches the broker and the desks, whoever dies in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk_phone.model.broker import Broker
from desk_phone.model.relayed import (
    Position,
)
from tests.contract.brokers import Mosquitto
from tests.contract.publishing_place import QUICK, Desk, Relay, run, until
from tests.relayed import OTHER_LINE, OWN


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
    refused = "the broker does not let the relay in: no desk hears of calls"

    def tries() -> int:
        return sum("again in" in record.message for record in caplog.records)

    async def story(relay: Relay) -> None:
        async with relay.publishing() as publishing:
            await until(lambda: tries() >= 3)
            assert not publishing.connected
            assert publishing.complaint == refused

    run(tmp_path, mosquitto.port, story)
    mosquitto.stop()
    errors = [r.message for r in caplog.records if r.levelno >= logging.ERROR]
    assert errors == [refused]
    assert "verborgen" not in caplog.text
