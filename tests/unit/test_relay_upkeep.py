"""What the relay does by itself: accounts that must end, numbers it asks for, parts that break."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from desk_phone.errors import BadInput, Offline
from desk_phone.model.relayed import Position
from desk_phone.model.secret import Secret
from desk_phone.relay import server, working
from desk_phone.relay.broker.reconciling import Reconciling
from desk_phone.relay.company import lines
from desk_phone.relay.company.lines import Lines
from desk_phone.relay.state import devices, kept, outbox
from desk_phone.relay.state.database import Deed, Keeper, open_keeper
from desk_phone.relay.state.devices import Rights
from desk_phone.relay.upkeep import Stand, Upkeep, _again_and_again
from desk_phone.said import Status
from desk_phone.system.secrets import MemoryKeyring
from tests.relayed import NOON, OTHER_LINE, OWN, notice

_PATIENCE = 20.0  # seconds; only a broken test waits so long
AWAY = Offline("The broker is away")


def play(folder: Path, story: Callable[[Keeper], Coroutine[Any, Any, None]]) -> None:
    async def told() -> None:
        keeper = await open_keeper(folder / "relay.sqlite3", folder / "backups", NOON)
        try:
            async with asyncio.timeout(_PATIENCE):
                await story(keeper)
        finally:
            await keeper.close()

    asyncio.run(told())


# accounts


@dataclass
class Accounts:
    """At the broker; ``trouble`` is raised by the next acts."""

    there: set[str] = field(default_factory=set)
    trouble: list[Exception] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)

    allowed: dict[str, tuple[str, ...]] = field(default_factory=dict)

    async def create(self, device: str, _password: Secret, _numbers: Sequence[str]) -> None:
        self.there.add(device)

    async def allow(self, device: str, numbers: Sequence[str]) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.allowed[device] = tuple(numbers)

    async def revoke(self, device: str) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.revoked.append(device)
        self.there.discard(device)

    async def known(self) -> frozenset[str]:
        if self.trouble:
            raise self.trouble.pop(0)
        return frozenset(self.there)


def enrolled(db: sqlite3.Connection) -> str:
    code = devices.new_code(db, "Mari", Rights((OWN,)), NOON)
    return devices.use_code(db, code, NOON).device


def test_who_is_revoked_loses_the_account_once(tmp_path: Path) -> None:
    accounts = Accounts()

    async def story(keeper: Keeper) -> None:
        reconciling = Reconciling(keeper, accounts)
        mari, jaan = [await keeper.do(enrolled) for _ in range(2)]
        accounts.there |= {mari, jaan}
        await reconciling.look()
        assert (accounts.revoked, reconciling.left) == ([], 0)
        await keeper.do(lambda db: devices.revoke(db, mari, NOON))
        for _ in range(3):
            await reconciling.look()
        assert (accounts.revoked, accounts.there, reconciling.left) == ([mari], {jaan}, 0)
        begun_anew = Reconciling(keeper, accounts)
        await begun_anew.look()
        assert begun_anew.left == 0  # the broker's list says so at once

    play(tmp_path, story)


def test_other_lines_are_heard_of_once_the_broker_knows(tmp_path: Path) -> None:
    accounts = Accounts()

    async def story(keeper: Keeper) -> None:
        reconciling = Reconciling(keeper, accounts)
        mari = await keeper.do(enrolled)
        accounts.there.add(mari)
        await reconciling.look()
        assert accounts.allowed == {}
        rights = Rights((OTHER_LINE,), may_edit=True)
        await keeper.do(lambda db: devices.grant(db, mari, rights, NOON))
        accounts.trouble.append(AWAY)
        with pytest.raises(Offline):
            await reconciling.look()
        await Reconciling(keeper, accounts).look()  # a restart in between
        assert accounts.allowed == {mari: (OTHER_LINE,)}
        accounts.allowed.clear()
        await reconciling.look()
        assert accounts.allowed == {}

    play(tmp_path, story)


def test_a_broker_that_is_away_is_asked_again(tmp_path: Path) -> None:
    accounts = Accounts()

    async def story(keeper: Keeper) -> None:
        reconciling = Reconciling(keeper, accounts)
        mari = await keeper.do(enrolled)
        accounts.there.add(mari)
        await reconciling.look()
        await keeper.do(lambda db: devices.revoke(db, mari, NOON))
        for _ in range(3):
            accounts.trouble.append(AWAY)
            with pytest.raises(Offline):
                await reconciling.look()
            assert reconciling.left == 1
        await reconciling.look()
        assert (accounts.there, reconciling.left) == (set(), 0)

    play(tmp_path, story)


def test_those_that_were_revoked_long_ago_are_not_ended_at_each_start(tmp_path: Path) -> None:
    accounts = Accounts()

    async def story(keeper: Keeper) -> None:
        mari = await keeper.do(enrolled)
        await keeper.do(lambda db: devices.revoke(db, mari, NOON))
        await Reconciling(keeper, accounts).look()
        assert accounts.revoked == []

    play(tmp_path, story)


def test_an_account_of_nobody_ends_but_not_one_that_is_being_enrolled(tmp_path: Path) -> None:
    accounts, now = Accounts({"d-left-over", "d-new"}), [0.0]

    async def story(keeper: Keeper) -> None:
        accounts.there.add(first := await keeper.do(enrolled))
        reconciling = Reconciling(keeper, accounts, lambda: now[0])
        await reconciling.look()
        code = await keeper.do(lambda db: devices.new_code(db, "Mari", Rights((OWN,)), NOON))
        now[0] = 30.0
        await reconciling.look()
        await keeper.do(lambda db: devices.use_code(db, code, NOON, "d-new"))
        assert accounts.revoked == []
        now[0] = 61.0
        await reconciling.look()
        assert (accounts.revoked, accounts.there) == (["d-left-over"], {first, "d-new"})

    play(tmp_path, story)


def test_a_state_that_was_lost_puts_nobody_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    accounts, now = Accounts({f"d-{n}" for n in range(50)}), [0.0]

    async def story(keeper: Keeper) -> None:
        reconciling = Reconciling(keeper, accounts, lambda: now[0])
        for _ in range(5):
            await reconciling.look()
            now[0] += 3600.0
        assert accounts.revoked == []

    play(tmp_path, story)
    assert "50 accounts" in caplog.text


def test_desks_that_the_broker_forgot_are_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    accounts, now = Accounts(), [0.0]

    async def story(keeper: Keeper) -> None:
        await keeper.do(enrolled)
        reconciling = Reconciling(keeper, accounts, lambda: now[0])
        for hours in range(3):
            now[0] = hours * 3600.0
            await reconciling.look()

    play(tmp_path, story)
    said = [record.getMessage() for record in caplog.records]
    assert said == ["1 desks have no account at the broker: each needs a new code"]


# the clock


@asynccontextmanager
async def keeping(keeper: Keeper, alive: Callable[[], object]) -> AsyncIterator[Upkeep]:
    async def nothing() -> None:
        return

    copied: list[datetime] = []
    later = NOON + timedelta(days=40)
    async with Upkeep(
        keeper, nothing, lambda: copied.append(later), lambda: later, alive
    ) as upkeep:
        yield upkeep
        while not copied:
            await asyncio.sleep(0)


def test_what_is_old_goes_and_how_it_stands_is_known(tmp_path: Path) -> None:
    alive = asyncio.Event()

    async def story(keeper: Keeper) -> None:
        device = await keeper.do(enrolled)
        await keeper.do(lambda db: outbox.append(db, notice(1), NOON))
        async with keeping(keeper, alive.set) as upkeep:
            await alive.wait()
            assert upkeep.database_answers
        assert upkeep.stand == Stand(1, NOON.timestamp())
        assert await keeper.do(lambda db: outbox.left(db)) == 0  # of 40 days ago
        assert [one.id for one in await keeper.do(devices.listed)] == [device]

    play(tmp_path, story)


def test_a_clock_that_leaps_ahead_lets_go_of_little(tmp_path: Path) -> None:
    async def kept_at(keeper: Keeper, now: datetime) -> int:
        await Upkeep(keeper, keeper.close, list, lambda: now, list)._let_go()
        page = await keeper.do(lambda db: outbox.after(db, OWN, Position("", 0), 9))
        return len(page.notices)

    async def story(keeper: Keeper) -> None:
        await keeper.do(lambda db: outbox.append(db, notice(1), NOON))
        assert await kept_at(keeper, NOON) == 1
        assert await kept_at(keeper, NOON + timedelta(days=4000)) == 1
        assert await kept_at(keeper, NOON + timedelta(hours=2)) == 1
        for day in range(1, 32):
            assert await kept_at(keeper, NOON + timedelta(days=day)) == 1
        assert await kept_at(keeper, NOON + timedelta(days=31, hours=1)) == 0

    play(tmp_path, story)


class Full:
    """A database without room."""

    async def do(self, _deed: Deed[Any]) -> Any:
        raise BadInput("No room to save")


def test_no_sign_of_life_is_given_for_a_database_that_has_no_room() -> None:
    signs: list[int] = []

    async def story() -> None:
        full: Any = Full()
        asked = asyncio.Event()

        async def accounts() -> None:
            asked.set()

        async with Upkeep(full, accounts, list, lambda: NOON, lambda: signs.append(1)):
            await asked.wait()  # the pulse was before it

    asyncio.run(story())
    assert signs == []


def test_trouble_is_said_once_until_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    says: list[Exception | None] = [AWAY, AWAY, None, AWAY, AWAY]

    async def deed() -> None:
        if not says:
            raise asyncio.CancelledError
        if (said := says.pop(0)) is not None:
            raise said

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(_again_and_again("this", deed, 0))
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in told] == ["this has to wait: Offline"] * 2


# numbers


@dataclass
class Company:
    says: list[tuple[str, ...] | Exception]
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def numbers(self) -> tuple[str, ...]:
        said = self.says.pop(0)
        if not self.says:
            self.asked.set()
        if isinstance(said, Exception):
            raise said
        return said


def numbers_after(
    folder: Path, company: Company, chosen: frozenset[str] = frozenset()
) -> tuple[frozenset[str], int]:
    """And how often they were others."""
    changes: list[int] = []
    found: list[frozenset[str]] = []

    async def story(keeper: Keeper) -> None:
        async with Lines(keeper, company, chosen, lambda: changes.append(1)) as known:
            await company.asked.wait()
            await keeper.do(lambda _: None)  # behind what was remembered
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            found.append(known.now)

    play(folder, story)
    return found[0], len(changes)


def test_the_company_s_numbers_are_remembered(tmp_path: Path) -> None:
    assert numbers_after(tmp_path, Company([(OWN, OTHER_LINE)])) == ({OWN, OTHER_LINE}, 1)
    assert numbers_after(tmp_path, Company([AWAY])) == ({OWN, OTHER_LINE}, 0)
    assert numbers_after(tmp_path, Company([()])) == ({OWN, OTHER_LINE}, 0)  # nobody believes that
    assert numbers_after(tmp_path, Company([(OWN,)])) == ({OWN}, 1)


def test_numbers_of_the_file_come_first(tmp_path: Path) -> None:
    company = Company([(OWN,)])
    company.asked.set()
    assert numbers_after(tmp_path, company, frozenset({OTHER_LINE})) == ({OTHER_LINE}, 0)
    assert company.says == [(OWN,)]


def test_nothing_is_known_at_first(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        assert await keeper.do(lines.remembered) == frozenset()
        await keeper.do(lambda db: kept.put(db, "numbers", '["+3726403231"]'))
        assert await keeper.do(lines.remembered) == {OWN}

    play(tmp_path, story)


# parts that break


def test_a_part_that_breaks_is_told_to_whoever_runs_the_loop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken() -> None:
        raise RuntimeError("a bug")

    async def story() -> None:
        heard = asyncio.Event()
        working.when_broken(heard.set)
        task = working.start("targets", broken())
        await asyncio.wait_for(heard.wait(), _PATIENCE)
        await working.stop(task, None)

    asyncio.run(story())
    (record,) = caplog.records
    assert (record.levelno, record.exc_info is None) == (logging.CRITICAL, False)
    assert record.getMessage() == "targets has ended: RuntimeError"


def test_a_part_that_is_left_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        working.when_broken(lambda: pytest.fail("it was told"))
        await working.stop(working.start("targets", asyncio.sleep(_PATIENCE)))

    asyncio.run(story())
    assert not caplog.records


def test_a_part_that_does_not_hear_at_once_that_it_is_to_end_is_told_again() -> None:
    async def deaf() -> None:
        for _ in range(2):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(_PATIENCE)
        await asyncio.sleep(_PATIENCE)

    async def story() -> None:
        task = working.start("targets", deaf())
        await asyncio.sleep(0)
        async with asyncio.timeout(_PATIENCE / 2):
            await working.stop(task)

    asyncio.run(story())


def test_other_trouble_of_the_loop_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        working.when_broken(lambda: pytest.fail("it was told"))
        asyncio.get_running_loop().call_exception_handler({"message": "a peer's"})

    asyncio.run(story())
    assert [record.getMessage() for record in caplog.records] == ["a peer's"]


class Breaking:
    """In the place of a relay: one of its parts has a bug."""

    async def __aenter__(self) -> Self:
        async def broken() -> None:
            raise RuntimeError("a bug")

        self.task = working.start("targets", broken())
        return self

    async def __aexit__(self, *_: object) -> None:
        await working.stop(self.task)


def test_a_relay_that_lacks_a_part_ends_so_that_it_is_started_anew() -> None:
    breaking: Any = Breaking()
    try:
        assert asyncio.run(server._until_told(breaking, pytest.fail, server._Early())) == Status.BUG
    finally:
        gc.unfreeze()


def test_a_bug_is_said_where_the_server_s_log_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("of +3726403231")

    file = tmp_path / "relay.toml"
    file.write_text(
        f'state_dir = "{tmp_path}/state"\n'
        '[company]\nuser = "P1"\n[public]\nurl = "https://relay.company.example"\n'
    )
    for name in ("company-password", "broker-password"):
        (tmp_path / name).write_text("secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setattr(server, "serve", broken)
    try:
        with pytest.raises(RuntimeError):
            server.run(file, MemoryKeyring())
    finally:
        gc.unfreeze()
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["level"], "RuntimeError" in told["said"]) == ("critical", True)
    assert "broken" in told["trace"]
    assert "6403" not in line
