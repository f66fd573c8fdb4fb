"""What the relay answers the service: 200 for what is on the disk, and for nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.relayed import Relayed
from desk_phone.relay import receiving
from desk_phone.relay.receiving import Receiving
from desk_phone.relay.state import outbox
from desk_phone.relay.state.database import Keeper, open_keeper
from tests.notices import NOON, NOT_FOUND, OK, OWN, get, rules, target

R = TypeVar("R")
NOT_KEPT = b"HTTP/1.1 503"


class Place:
    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.told: list[Relayed] = []
        self.receiving = Receiving(keeper, rules(), self.told.append, lambda: NOON)
        self.port = 0

    async def ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    async def kept(self) -> int:
        return (await self.keeper.do(lambda db: outbox.last(db, OWN))).seq


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[Place]:
    keeper = await open_keeper(folder / "relay.sqlite3", folder / "backups", NOON)
    place = Place(keeper)
    try:
        async with place.receiving.listener("127.0.0.1", 0) as listener:
            place.port = listener.port
            yield place
    finally:
        await keeper.close()


def run(folder: Path, story: Callable[[Place], Coroutine[None, None, None]]) -> None:
    async def told() -> None:
        async with listening(folder) as place:
            await story(place)

    asyncio.run(told())


def test_what_is_answered_200_is_on_the_disk_and_told(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        answers = await asyncio.gather(
            *(place.ask(get(target(anr=f"3726200{n:04}"))) for n in range(40))
        )
        assert {answer[:15] for answer in answers} == {OK}
        assert await place.kept() == 40
        assert sorted(each.position.seq for each in place.told) == list(range(1, 41))
        assert place.receiving.counted.kept == 40
        other = sqlite3.connect(tmp_path / "relay.sqlite3")
        assert other.execute("SELECT count(*) FROM notices").fetchone() == (40,)
        other.close()

    run(tmp_path, story)


def test_all_lines_of_a_company_may_ring_from_one_address(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        reception = place.receiving.reception
        request, answers = get(), []
        for _ in range(500):  # far more at once than one desk's line
            visit = reception.enter("127.0.0.1")
            answers.append(reception.receive(visit, request).send[:15])
        assert set(answers) == {OK}

    run(tmp_path, story)


def test_what_cannot_be_kept_is_not_said_to_be(tmp_path: Path) -> None:
    def full(_db: sqlite3.Connection) -> None:
        raise BadInput("No room to save", "Make some.")

    async def story(place: Place) -> None:
        place.keeper.do = lambda _deed: Keeper.do(place.keeper, full)  # type: ignore[method-assign]
        assert (await place.ask(get())).startswith(NOT_KEPT)
        assert place.told == []
        assert place.receiving.counted.lost == 1
        del place.keeper.do
        assert (await place.ask(get())).startswith(OK)
        assert await place.kept() == 1

    run(tmp_path, story)


def test_a_disk_that_hangs_keeps_nobody_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_LONGEST", 0.05)

    async def story(place: Place) -> None:
        go_on = asyncio.Event()
        real = place.keeper.do

        async def hang(deed: Callable[[sqlite3.Connection], R]) -> R:
            await go_on.wait()
            return await real(deed)

        place.keeper.do = hang  # type: ignore[method-assign]
        assert (await place.ask(get())).startswith(NOT_KEPT)
        assert place.receiving.counted.lost == 1
        assert place.receiving.loses
        del place.keeper.do
        go_on.set()
        while not place.told:  # it is on the disk after all
            await asyncio.sleep(0)
        assert [each.position.seq for each in place.told] == [1]

    run(tmp_path, story)


def test_a_clock_that_goes_wrong_is_seen(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        assert (await place.ask(get())).startswith(OK)
        assert not place.receiving.clocks_differ
        assert not place.receiving.loses
        stranger = get(f"/desk-phone/guess?ts={int((NOON + timedelta(days=1)).timestamp())}")
        assert (await place.ask(stranger)).startswith(NOT_FOUND)
        assert not place.receiving.clocks_differ
        tomorrow = str(int((NOON + timedelta(days=1)).timestamp()))
        assert (await place.ask(get(target(ts=tomorrow)))).startswith(b"HTTP/1.1 400")
        assert place.receiving.clocks_differ

    run(tmp_path, story)


def test_what_is_being_kept_when_it_ends_is_answered(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        asked, go_on = asyncio.Event(), asyncio.Event()
        real = place.keeper.do

        async def hang(deed: Callable[[sqlite3.Connection], R]) -> R:
            asked.set()
            await go_on.wait()
            return await real(deed)

        async with place.receiving.listener("127.0.0.1", 0) as listener:
            place.port = listener.port
            place.keeper.do = hang  # type: ignore[method-assign]
            asking = asyncio.create_task(place.ask(get()))
            await asked.wait()
            del place.keeper.do
            asyncio.get_running_loop().call_later(0.05, go_on.set)
        assert (await asking).startswith(OK)

    run(tmp_path, story)


def test_strangers_are_answered_at_once_and_leave_nothing(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        assert (await place.ask(get("/desk-phone/guess"))).startswith(NOT_FOUND)
        assert (await place.ask(b"nonsense\r\n\r\n")).startswith(b"HTTP/1.1 400")
        assert await place.kept() == 0
        assert place.receiving.counted.refused == 2
        assert place.told == []

    run(tmp_path, story)


def test_who_hangs_up_before_the_answer_has_been_heard_all_the_same(tmp_path: Path) -> None:
    async def story(place: Place) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", place.port)
        writer.write(get())
        await writer.drain()
        writer.transport.abort()
        while not place.told:
            await asyncio.sleep(0)
        assert await place.kept() == 1

    run(tmp_path, story)
