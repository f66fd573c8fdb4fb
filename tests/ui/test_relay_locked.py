"""The company refused the relay's own password: no desk can mend that, and none stops for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk_phone.app.office import now
from desk_phone.app.poller import Poller
from desk_phone.model.line import Link
from desk_phone.store.memory import Memory
from desk_phone.telco.gateway_trouble import trouble_of
from desk_phone.telco.operations import Operation
from desk_phone.telco.reply import Reply
from tests.ui.conftest import Desk
from tests.ui.feeding import Feeding, feeding, keyring, settings
from tests.ui.test_poller_bytes import Present

__all__ = ["feeding", "keyring", "settings"]  # fixtures

MINUTE = timedelta(minutes=1)


def fail(desk: Desk, status: int, retry_after: float | None = None) -> None:
    reply = Reply(status, "application/json", b"{}", retry_after=retry_after)
    desk.fail(trouble_of(reply, Operation.HISTORY))


@pytest.mark.parametrize(
    ("asked", "least", "most"), [(None, 10, 15), (60.0, 0.5, 15), (1800.0, 30, 36)]
)
def test_it_is_said_and_tried_again_by_itself(
    desk: Desk, feeding: Feeding, asked: float | None, least: float, most: float
) -> None:
    feeding.come_up()
    poller = Poller(desk.calls, desk.preferences, Present(), Memory(desk.ledger._db))  # type: ignore[arg-type]
    for _ in range(4):  # more often than a wrong password may be tried
        fail(desk, 423, asked)
    line = desk.calls.line
    assert line.link is Link.TROUBLE
    assert line.trouble is not None
    assert "own password was refused" in line.trouble.title
    assert line.next_try is not None
    assert least * MINUTE < line.next_try - now() + MINUTE / 60 < most * MINUTE + MINUTE / 60
    assert desk.access.refusal is None
    assert not feeding.it.state.refused
    assert feeding.feed.closed == []  # notices may come all the same
    desk.poll()
    assert desk.calls.line.link is Link.READY
    poller.stop()


def test_a_token_that_is_none_stops_all_as_ever(desk: Desk, feeding: Feeding) -> None:
    poller = Poller(desk.calls, desk.preferences, Present(), Memory(desk.ledger._db))  # type: ignore[arg-type]
    fail(desk, 401)
    assert desk.calls.line.link is Link.LOCKED
    assert desk.calls.line.next_try is None
    assert desk.access.refusal is not None
    poller.stop()
