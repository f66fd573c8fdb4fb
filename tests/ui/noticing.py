"""A desk that listens for notices, and the service's own GETs to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.app.notices import NoticeDesk
from desk_phone.app.notices_activation import Activation
from desk_phone.model.calls import Notice
from desk_phone.settings import Settings
from desk_phone.store.memory import Memory
from desk_phone.store.notices import ToldCalls
from tests.notices import get, only_here, sent, target
from tests.ui.conftest import OWN, USER, Desk


@pytest.fixture
def settings() -> Settings:
    return Settings(
        user=USER,
        own_number=OWN,
        notices_on=True,
        notices_port=0,
        notices_url="https://notices.company.example/desk-phone",
    )


@pytest.fixture
def activation(desk: Desk) -> Activation:
    memory = Memory(desk.ledger._db)
    return Activation(memory, desk.access, lambda: desk.preferences.settings, desk.now)


@pytest.fixture
def notices(desk: Desk, activation: Activation) -> Iterator[NoticeDesk]:
    notices = made(desk, activation, lambda heard: desk.calls.hear(*heard))
    yield notices
    notices.close()
    notices.deleteLater()


def made(
    desk: Desk, activation: Activation, hear: Callable[[tuple[Notice, ...]], object]
) -> NoticeDesk:
    told = ToldCalls(desk.ledger._db)
    notices = NoticeDesk(desk.lanes, activation, desk.preferences, hear, told, desk.now, desk.calls)
    notices.start()
    return notices


def knock(qtbot: QtBot, notices: NoticeDesk, *requests: bytes) -> list[bytes]:
    """What the requests were answered, one after another, from beside the event loop."""
    port = int(notices.state.listening.rpartition(":")[2])
    answers: list[bytes] = []

    def run() -> None:
        answers.extend(sent(port, request) for request in requests)

    thread = threading.Thread(target=run, name="caller")
    with only_here():
        thread.start()
        qtbot.waitUntil(lambda: not thread.is_alive())
        thread.join()
    return answers


def call(desk: Desk, activation: Activation, ago: float = 0, **fields: str) -> bytes:
    """The service's GET about a call that began ``ago`` seconds ago."""
    at = desk.clock.at - timedelta(seconds=ago)
    path = f"/desk-phone/{activation.secret.reveal()}"
    return get(target(at, path=path, bnr="3726403231", **fields))
