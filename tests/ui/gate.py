"""What a signal said, and a request that stays under way until the test lets it go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.fakes import FakeTelco

_PATIENCE = 30.0  # seconds; only a broken test waits so long


def heard(signal: Any) -> list[Any]:
    """What the signal says from now on."""
    said: list[Any] = []
    signal.connect(lambda *words: said.append(words[0] if words else None))
    return said


class Gate:
    """``passed``: how many requests came so far."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._open = threading.Event()
        self.passed = 0

    def wait(self) -> None:
        """On the lane."""
        self.passed += 1
        assert self._open.wait(_PATIENCE)

    def wait_for_somebody(self) -> None:
        self._qtbot.waitUntil(lambda: self.passed > 0)

    def open(self) -> None:
        self._open.set()


@contextmanager
def shut(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, telco: FakeTelco, method: str
) -> Iterator[Gate]:
    """Inside, requests of that kind wait at the gate. It is open afterwards, whatever happens."""
    gate = Gate(qtbot)
    really = getattr(telco, method)

    def through(*arguments: Any) -> Any:
        gate.wait()
        return really(*arguments)

    monkeypatch.setattr(telco, method, through)
    try:
        yield gate
    finally:
        gate.open()
