"""The relay's outbox: numbered, durable before anybody hears so, and whole whatever fails."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.model.calls import Notice
from desk_phone.model.relayed import Page, Position, Relayed
from desk_phone.relay.state import outbox
from desk_phone.relay.state.database import Keeper, open_keeper
from desk_phone.store.database import Recovery, back_up

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OWN, OTHER_OWN = "+3726401234", "+3726403231"
NOTICE = Notice(OWN, "+37251234567", NOW, "Kristiina Õunapuu", "Start", "No")


@asynccontextmanager
async def keeping(folder: Path) -> AsyncIterator[Keeper]:
    keeper = await open_keeper(folder / "relay.sqlite3", folder / "backups", NOW)
    try:
        yield keeper
    finally:
        await keeper.close()


def run(folder: Path, story: Callable[[Keeper], Coroutine[None, None, None]]) -> None:
    async def told() -> None:
        async with keeping(folder) as keeper:
            await story(keeper)

    asyncio.run(told())


async def append(keeper: Keeper, notice: Notice = NOTICE, heard: datetime = NOW) -> Relayed:
    return await keeper.do(lambda db: outbox.append(db, notice, heard))


async def waiting(keeper: Keeper) -> list[tuple[str, int]]:
    found = await keeper.do(lambda db: outbox.waiting(db, 100))
    return [(relayed.notice.own, relayed.position.seq) for relayed in found]


def test_each_line_counts_its_own_from_one(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        first, other, second = await asyncio.gather(
            append(keeper), append(keeper, replace(NOTICE, own=OTHER_OWN)), append(keeper)
        )
        assert [each.position.seq for each in (first, other, second)] == [1, 1, 2]
        assert first.position.epoch == second.position.epoch != other.position.epoch
        assert await waiting(keeper) == [(OWN, 1), (OWN, 2), (OTHER_OWN, 1)]

    run(tmp_path, story)


def test_what_was_told_as_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    kept: list[Relayed] = []

    async def story(keeper: Keeper) -> None:
        kept.append(await append(keeper, heard=NOW + timedelta(milliseconds=1)))

    async def later(keeper: Keeper) -> None:
        page = await keeper.do(lambda db: outbox.after(db, OWN, Position("", 0), 10))
        assert page == Page(kept[0].position, tuple(kept), more=False)
        assert (await append(keeper)).position == replace(kept[0].position, seq=2)

    run(tmp_path, story)
    run(tmp_path, later)


def test_those_who_write_at_once_share_a_commit(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        commits: list[str] = []

        def count(statement: str) -> None:
            commits.extend([statement] * (statement == "COMMIT"))

        await keeper.do(lambda db: db.set_trace_callback(count))
        commits.clear()
        await asyncio.gather(*(append(keeper) for _ in range(100)))
        assert len(commits) <= 2
        assert (await keeper.do(lambda db: outbox.last(db, OWN))).seq == 100

    run(tmp_path, story)


def test_a_deed_that_fails_takes_nothing_of_the_others_with_it(tmp_path: Path) -> None:
    def half(db: sqlite3.Connection) -> None:
        outbox.append(db, NOTICE, NOW)
        raise BadInput("No", "It was not meant.")

    async def story(keeper: Keeper) -> None:
        first, failed, second = await asyncio.gather(
            append(keeper), keeper.do(half), append(keeper), return_exceptions=True
        )
        assert isinstance(failed, BadInput)
        assert isinstance(first, Relayed)
        assert isinstance(second, Relayed)
        assert [first.position.seq, second.position.seq] == [1, 2]

    run(tmp_path, story)


def test_a_full_disk_is_told_to_all_and_nothing_counts_as_kept(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        await append(keeper)
        full = "PRAGMA max_page_count = 1"
        await keeper.do(lambda db: db.execute(full).fetchone())
        long = replace(NOTICE, name="x" * 100_000)
        told = await asyncio.gather(
            append(keeper, long), append(keeper, long), return_exceptions=True
        )
        assert [type(each) for each in told] == [BadInput, BadInput]
        await keeper.do(lambda db: db.execute("PRAGMA max_page_count = 100000").fetchone())
        assert (await append(keeper)).position.seq == 2

    run(tmp_path, story)


def test_a_bug_is_heard_by_whoever_waits_and_the_next_goes_on(tmp_path: Path) -> None:
    def bug(_db: sqlite3.Connection) -> None:
        raise ZeroDivisionError

    async def story(keeper: Keeper) -> None:
        with pytest.raises(ZeroDivisionError):
            await keeper.do(bug)
        assert (await append(keeper)).position.seq == 1

    run(tmp_path, story)


def test_who_gives_up_waiting_stops_nobody(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(append(keeper), 0)
        await append(keeper)
        assert await waiting(keeper)

    run(tmp_path, story)


def test_published_ones_wait_no_more_and_can_be_asked_for(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        first, second, _third = [await append(keeper) for _ in range(3)]
        taken = [(OWN, first.position), (OWN, second.position)]
        await keeper.do(lambda db: outbox.mark_published(db, taken))
        assert await waiting(keeper) == [(OWN, 3)]
        page = await keeper.do(lambda db: outbox.after(db, OWN, first.position, 1))
        assert ([each.position.seq for each in page.notices], page.more) == ([2], True)
        assert page.last.seq == 3

    run(tmp_path, story)


def test_a_desk_of_another_epoch_is_told_from_the_first(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        await append(keeper)
        page = await keeper.do(lambda db: outbox.after(db, OWN, Position("another", 7), 10))
        assert [each.position.seq for each in page.notices] == [1]

    run(tmp_path, story)


def test_a_clock_that_is_set_back_lets_none_overtake_another(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        await append(keeper)
        back = await append(keeper, heard=NOW - timedelta(hours=1))
        assert back.heard == NOW
        await append(keeper, replace(NOTICE, own=OTHER_OWN), NOW - timedelta(minutes=1))
        assert await waiting(keeper) == [(OTHER_OWN, 1), (OWN, 1), (OWN, 2)]
        marks = [(OWN, Position(back.position.epoch, seq)) for seq in (1, 2)]
        await keeper.do(lambda db: outbox.mark_published(db, marks))
        later = await append(keeper, heard=NOW - timedelta(minutes=59))
        assert later.heard == NOW - timedelta(minutes=59)  # nobody waits before it

    run(tmp_path, story)


def test_how_far_the_broker_is_ends_before_the_first_that_it_lacks(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        ours = [await append(keeper) for _ in range(4)]
        epoch = ours[0].position.epoch
        taken = [(OWN, ours[n].position) for n in (0, 1, 3)]
        await keeper.do(lambda db: outbox.mark_published(db, taken))
        assert await keeper.do(outbox.reached) == {OWN: Position(epoch, 2)}
        assert await keeper.do(outbox.left) == 1
        await keeper.do(lambda db: outbox.mark_published(db, [(OWN, ours[2].position)]))
        await keeper.do(lambda db: outbox.purge(db, NOW + outbox.KEPT * 2))
        assert await keeper.do(outbox.reached) == {OWN: Position(epoch, 4)}
        assert await keeper.do(outbox.left) == 0

    run(tmp_path, story)


def test_old_ones_go_and_the_count_goes_on(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        await append(keeper, heard=NOW - outbox.KEPT - timedelta(seconds=1))
        await append(keeper)
        assert await keeper.do(lambda db: outbox.purge(db, NOW)) == 1
        assert await waiting(keeper) == [(OWN, 2)]
        assert (await append(keeper)).position.seq == 3

    run(tmp_path, story)


def test_a_state_from_a_backup_counts_in_another_epoch(tmp_path: Path) -> None:
    before: list[Relayed] = []

    async def story(keeper: Keeper) -> None:
        before.extend([await append(keeper), await append(keeper)])
        await keeper.do(lambda db: outbox.mark_published(db, [(OWN, before[0].position)]))

    run(tmp_path, story)
    backups, file = tmp_path / "backups", tmp_path / "relay.sqlite3"
    backups.mkdir()
    db = sqlite3.connect(file)
    back_up(db, backups, NOW)
    db.close()
    file.write_bytes(b"nonsense" * 1000)

    async def later(keeper: Keeper) -> None:
        assert keeper.opened.recovery is Recovery.RESTORED
        (left,) = await keeper.do(lambda db: outbox.waiting(db, 10))
        assert left.position.epoch != before[0].position.epoch
        assert (left.position.seq, left.notice) == (1, NOTICE)

    run(tmp_path, later)
