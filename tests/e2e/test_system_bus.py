"""`system.bus` against a real D-Bus daemon, and against what only pretends to be one."""

from __future__ import annotations

import gc
import socket
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.system import bus as bus_module
from desk_phone.system.bus import Bus, Which
from desk_phone.system.bus_message import NO_ANSWER, NO_BUS, Answer, Heard, Rule, Target
from tests.desktop.peer import Peer
from tests.desktop.private_bus import PrivateBus

DAEMON = Target("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
OTHER = Target("test.Other", "/test", "test.Other")


@pytest.fixture
def other(daemon: PrivateBus) -> Iterator[Peer]:
    with Peer(daemon.address, "test.Other") as peer:
        yield peer


def ask(qtbot: QtBot, bus: Bus, target: Target, method: str, limit_ms: int = 15_000) -> Answer:
    answers: list[Answer] = []
    bus.call(target, method, answered=answers.append, limit_ms=limit_ms)
    assert answers == []  # never before the call returns
    qtbot.waitUntil(lambda: bool(answers))
    (answer,) = answers
    return answer


def test_a_call_is_answered(qtbot: QtBot, daemon: PrivateBus, bus: Bus) -> None:
    answer = ask(qtbot, bus, DAEMON, "GetId")
    assert answer.ok
    assert len(str(answer.body[0])) == 32
    assert bus.is_open


def test_an_error_has_a_name(qtbot: QtBot, daemon: PrivateBus, bus: Bus) -> None:
    assert ask(qtbot, bus, DAEMON, "Nonsense").error == "org.freedesktop.DBus.Error.UnknownMethod"
    assert ask(qtbot, bus, OTHER, "Any").error == "org.freedesktop.DBus.Error.ServiceUnknown"


def test_who_does_not_answer_is_given_up(qtbot: QtBot, other: Peer, bus: Bus) -> None:
    assert ask(qtbot, bus, OTHER, "Any", limit_ms=30).error == NO_ANSWER
    other.pump()  # the answer that comes too late disturbs nobody
    assert ask(qtbot, bus, DAEMON, "GetId").ok


def test_a_call_without_interest_in_an_answer_gets_none(
    qtbot: QtBot, other: Peer, bus: Bus
) -> None:
    bus.call(OTHER, "Do", "su", ("Õun", 7))
    qtbot.waitUntil(lambda: other.called("Do") == [("Õun", 7)])


def test_more_than_the_socket_takes_arrives_whole(qtbot: QtBot, other: Peer, bus: Bus) -> None:
    data = bytes(range(256)) * 3000
    bus.call(OTHER, "Do", "ay", (data,))
    qtbot.waitUntil(lambda: other.called("Do") == [(data,)])


def test_signals_are_heard_as_long_as_they_are_wanted(qtbot: QtBot, other: Peer, bus: Bus) -> None:
    heard: list[Heard] = []
    rule = Rule("test.Other", "Rang", path="/test", sender="test.Other", first="640")
    bus.listen(rule, heard.append)
    assert ask(qtbot, bus, DAEMON, "GetId").ok
    other.signal("/test", "test.Other", "Rang", "s", "641")
    other.signal("/elsewhere", "test.Other", "Rang", "s", "640")
    other.signal("/test", "test.Other", "Stopped", "s", "640")
    other.signal("/test", "test.Other", "Rang", "s", "640")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [Heard(other.unique_name, "/test", "test.Other", "Rang", ("640",))]
    bus.unlisten(rule, heard.append)
    other.signal("/test", "test.Other", "Rang", "s", "640")
    assert ask(qtbot, bus, DAEMON, "GetId").ok
    assert len(heard) == 1


def test_the_owner_of_a_name_is_told_from_first_to_last(
    qtbot: QtBot, daemon: PrivateBus, bus: Bus
) -> None:
    told: list[str] = []
    bus.watch_name("test.Other", told.append)
    qtbot.waitUntil(lambda: told == [""])
    with Peer(daemon.address, "test.Other") as peer:
        qtbot.waitUntil(lambda: told == ["", peer.unique_name])
        late: list[str] = []
        bus.watch_name("test.Other", late.append)
        qtbot.waitUntil(lambda: late == [peer.unique_name])
    qtbot.waitUntil(lambda: told[2:] == [""])


def test_a_daemon_that_comes_back_is_used_again(
    qtbot: QtBot, daemon: PrivateBus, other: Peer, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "_RETRY", 0.05)
    bus._pause = 0.05
    told: list[str] = []
    heard: list[Heard] = []
    bus.watch_name("test.Other", told.append)
    bus.listen(Rule("test.Other", "Rang"), heard.append)
    qtbot.waitUntil(lambda: told == [other.unique_name])
    pending: list[Answer] = []
    bus.call(OTHER, "Any", answered=pending.append)
    with qtbot.waitSignal(bus.lost):
        daemon.stop()
    assert pending == [Answer(error=NO_BUS)]
    assert not bus.is_open
    assert told[1:] == [""]
    assert ask(qtbot, bus, OTHER, "Any").error == NO_BUS
    with qtbot.waitSignal(bus.opened):
        daemon.start()
    assert bus._pause == 0.05  # the next loss is looked at as soon as this one was
    with Peer(daemon.address, "test.Other") as again:
        qtbot.waitUntil(lambda: told[-1] == again.unique_name)
        again.signal("/test", "test.Other", "Rang")
        qtbot.waitUntil(lambda: [signal.sender for signal in heard] == [again.unique_name])


def test_a_closed_bus_is_no_bus(qtbot: QtBot, daemon: PrivateBus, bus: Bus) -> None:
    assert ask(qtbot, bus, DAEMON, "GetId").ok
    bus.close()
    bus.close()
    assert ask(qtbot, bus, DAEMON, "GetId").error == NO_BUS


@pytest.mark.parametrize("address", ["", "nonsense"])
def test_a_bus_that_nobody_holds_goes_at_once(
    qtbot: QtBot, daemon: PrivateBus, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Held by a function in a timer of its own, it would go while that goes, and crash."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address or daemon.address)
    bus = Bus()
    bus.listen(Rule("test.Other", "Rang"), lambda _: None)
    bus.watch_name("test.Other", lambda _: None)
    if not address:
        assert ask(qtbot, bus, DAEMON, "GetId").ok
    bus.call(OTHER, "Any", answered=lambda _: None)  # not answered any more
    bus.close()
    gone = weakref.ref(bus)
    del bus
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "unix:path=/nowhere/bus",
        "tcp:host=localhost,port=1",
        "unix:tmpdir=/tmp",
        "x:",
    ],
)
def test_without_a_daemon_everything_is_quiet(
    qtbot: QtBot, bus: Bus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    told: list[str] = []
    bus.listen(Rule("test.Other", "Rang"), lambda _: None)
    bus.watch_name("test.Other", told.append)
    qtbot.waitUntil(lambda: told == [""])
    assert ask(qtbot, bus, OTHER, "Any").error == NO_BUS
    assert not bus._again.isActive()  # who never had a bus does not look for one


def test_the_runtime_directory_is_looked_into(
    qtbot: QtBot, daemon: PrivateBus, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(daemon.socket.parent))
    assert ask(qtbot, bus, DAEMON, "GetId").ok


def test_the_system_bus_is_another_one(
    qtbot: QtBot, daemon: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "nonsense")
    system = Bus(Which.SYSTEM)
    assert ask(qtbot, system, DAEMON, "GetId").ok
    system.close()


@pytest.fixture
def impostor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen(1)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        yield listener


def test_a_daemon_that_says_nothing_delays_nobody(
    qtbot: QtBot, impostor: socket.socket, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "_LIMIT_MS", 2000)
    begun = time.monotonic()
    bus.listen(Rule("test.Other", "Rang"), lambda _: None)
    assert time.monotonic() - begun < 1
    assert ask(qtbot, bus, OTHER, "Any", limit_ms=30).error == NO_ANSWER
    with qtbot.waitSignal(bus.lost):
        pass
    assert ask(qtbot, bus, OTHER, "Any").error == NO_BUS


@pytest.mark.parametrize(
    "words",
    [
        b"REJECTED EXTERNAL\r\n",
        b"OK 1234\r\nand more\r\n",
        b"\0" * 10_000,
        b"",
        b"OK 1234\r\n|" + b"\xff" * 64,
    ],
)
def test_a_daemon_that_talks_nonsense_is_left(
    qtbot: QtBot, impostor: socket.socket, bus: Bus, words: bytes
) -> None:
    answers: list[Answer] = []
    bus.call(OTHER, "Any", answered=answers.append)
    link, _ = impostor.accept()
    with link:
        first, _, second = words.partition(b"|")
        link.sendall(first)
        if second:
            qtbot.waitUntil(lambda: b"BEGIN" in link.recv(65536))
            link.sendall(second)
        elif not first:
            link.shutdown(socket.SHUT_RDWR)
        qtbot.waitUntil(lambda: answers == [Answer(error=NO_BUS)])
    assert not bus.is_open
