"""Under one key a thing is done once, though the relay dies at any moment."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.relay.state import audit, idempotency
from desk_phone.relay.state.audit import Act, What
from desk_phone.relay.state.database import Keeper, open_keeper
from desk_phone.relay.state.idempotency import BEGUN, UNKNOWN, OtherRequest, Outcome, Request
from desk_phone.relay.state.schema import STEPS
from desk_phone.store.database import open_database

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
REQUEST = Request("d1", "k1", "f1", Act("d1", What.CALL, "…234", "…56"))
DONE = Outcome(204)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = open_database(tmp_path / "relay.sqlite3", tmp_path / "backups", NOW, STEPS).db
    yield db
    db.close()


def begin(db: sqlite3.Connection, request: Request = REQUEST) -> Outcome:
    return idempotency.begin(db, request, NOW)


def test_another_request_under_the_same_key_is_refused(db: sqlite3.Connection) -> None:
    begin(db)
    with pytest.raises(OtherRequest):
        begin(db, replace(REQUEST, fingerprint="f2"))
    idempotency.end(db, REQUEST, DONE, audit.DONE, NOW)
    with pytest.raises(OtherRequest):
        begin(db, replace(REQUEST, fingerprint="f2"))


def test_without_an_outcome_it_is_in_doubt(db: sqlite3.Connection) -> None:
    assert begin(db) == BEGUN
    assert begin(db) == begin(db) == UNKNOWN


def test_the_first_outcome_is_told_again(db: sqlite3.Connection) -> None:
    begin(db)
    said = Outcome(503, '{"kind":"offline","code":""}', 30)
    idempotency.end(db, REQUEST, said, "offline", NOW)
    assert begin(db) == said
    (row,) = audit.rows(db, 0, 10)
    assert (row.act, row.outcome) == (REQUEST.act, "offline")


def test_two_devices_may_use_the_same_key(db: sqlite3.Connection) -> None:
    begin(db)
    assert begin(db, replace(REQUEST, device="d2", fingerprint="f2")) == BEGUN


def test_a_key_is_kept_for_a_day(db: sqlite3.Connection) -> None:
    begin(db)
    idempotency.end(db, REQUEST, DONE, audit.DONE, NOW)
    assert idempotency.purge(db, NOW + idempotency.KEPT) == 0
    assert begin(db) == DONE
    assert idempotency.purge(db, NOW + idempotency.KEPT + timedelta(seconds=1)) == 1
    assert begin(db) == BEGUN


def test_each_part_of_a_request_makes_another_fingerprint() -> None:
    parts = [
        ("POST", "/v1/calls", "", b"{}"),
        ("PUT", "/v1/calls", "", b"{}"),
        ("POST", "/v1/call", "s", b"{}"),
        ("POST", "/v1/calls", "", b"{} "),
        ("POST", "/v1/calls", "{}", b""),
    ]
    assert len({idempotency.fingerprint(*each) for each in parts}) == len(parts)


# killed


def run(folder: Path, story: Callable[[Keeper], Coroutine[None, None, None]]) -> None:
    async def told() -> None:
        keeper = await open_keeper(folder / "relay.sqlite3", folder / "backups", NOW)
        try:
            await story(keeper)
        finally:
            await keeper.close()

    asyncio.run(told())


def test_what_has_begun_is_on_the_disk_before_it_is_done(tmp_path: Path) -> None:
    async def story(keeper: Keeper) -> None:
        await keeper.do(begin)
        other = sqlite3.connect(
            tmp_path / "relay.sqlite3"
        )  # what another process sees is committed
        assert other.execute("SELECT device, key, status FROM requests").fetchall() == [
            ("d1", "k1", 0)
        ]
        other.close()

    run(tmp_path, story)


def test_one_that_the_relay_died_in_is_never_done_again(tmp_path: Path) -> None:
    async def dies(keeper: Keeper) -> None:
        assert await keeper.do(begin) == BEGUN

    async def later(keeper: Keeper) -> None:
        assert await keeper.do(begin) == UNKNOWN
        settled = await keeper.do(lambda db: idempotency.settle_interrupted(db, NOW))
        again = await keeper.do(lambda db: idempotency.settle_interrupted(db, NOW))
        assert (settled, again) == (1, 0)
        assert await keeper.do(begin) == UNKNOWN
        (row,) = await keeper.do(lambda db: audit.rows(db, 0, 10))
        assert (row.act, row.outcome) == (REQUEST.act, idempotency.INTERRUPTED)
        assert await keeper.do(audit.check) == 0

    run(tmp_path, dies)
    run(tmp_path, later)
