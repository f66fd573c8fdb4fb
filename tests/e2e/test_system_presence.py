"""`system.presence` with logind and screen savers played on a real bus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.system import presence as presence_module
from desk_phone.system.bus import Bus, Which
from desk_phone.system.bus_message import Rule
from desk_phone.system.presence import Presence, Whereabouts
from tests.desktop.peer import Peer
from tests.desktop.private_bus import PrivateBus

LOGIN = "org.freedesktop.login1"
MANAGER = "/org/freedesktop/login1"
OURS = "/org/freedesktop/login1/session/_32"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Logind(Peer):
    def __init__(self, address: str, **hints: tuple[str, Any]) -> None:
        super().__init__(address)
        self.answers["Get"] = ("v", (("(so)", ("2", OURS)),))
        self.answers["GetAll"] = ("a{sv}", (hints,))
        self.own(LOGIN)

    def hint(self, path: str = OURS, **hints: tuple[str, Any]) -> None:
        body = (f"{LOGIN}.Session", hints, [])
        self.signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", *body)


@pytest.fixture
def logind(daemon: PrivateBus) -> Iterator[Logind]:
    with Logind(daemon.address, LockedHint=("b", False), IdleHint=("b", False)) as logind:
        yield logind


class Person:
    """A presence and how often it changed."""

    def __init__(self, session: Bus) -> None:
        self.system = Bus(Which.SYSTEM)
        self.presence = Presence(session, self.system)
        self.changes: list[Whereabouts] = []
        self.resumes = 0
        self.presence.changed.connect(lambda: self.changes.append(self.presence.state))
        self.presence.resumed.connect(self._count)

    def _count(self) -> None:
        self.resumes += 1

    def close(self) -> None:
        self.system.close()


@pytest.fixture
def person(daemon: PrivateBus, bus: Bus) -> Iterator[Person]:
    person = Person(bus)
    yield person
    person.close()


def meet(qtbot: QtBot, logind: Logind) -> None:
    """Wait until the session was found and its hints were asked."""
    qtbot.waitUntil(lambda: len(logind.called("GetAll")) == 1)


def listens(qtbot: QtBot, bus: Bus) -> None:
    """Wait until the daemon knows what ``bus`` listens to."""
    told: list[str] = []
    bus.watch_name("test.Nobody", told.append)
    qtbot.waitUntil(lambda: bool(told))


def test_a_locked_session_is_told(qtbot: QtBot, logind: Logind, person: Person) -> None:
    meet(qtbot, logind)
    assert person.presence.state is Whereabouts.HERE
    logind.hint(LockedHint=("b", True))
    qtbot.waitUntil(lambda: person.changes == [Whereabouts.LOCKED])
    logind.hint(LockedHint=("b", True))
    logind.hint(Type=("s", "x11"))
    logind.hint(LockedHint=("b", False))
    qtbot.waitUntil(lambda: person.changes == [Whereabouts.LOCKED, Whereabouts.HERE])


def test_a_session_that_is_locked_already_is_known(
    qtbot: QtBot, daemon: PrivateBus, person: Person
) -> None:
    with Logind(daemon.address, LockedHint=("b", True)) as logind:
        listens(qtbot, person.system)
        person.system.opened.emit()  # as after a return of the bus: logind is here now
        qtbot.waitUntil(lambda: logind.pump() is None and person.changes == [Whereabouts.LOCKED])
        before, asked = len(person.system._listening), len(logind.called("GetAll"))
        person.system.opened.emit()
        qtbot.waitUntil(lambda: len(logind.called("GetAll")) > asked)
        assert len(person.system._listening) == before  # it listens to a session once


def test_the_session_of_somebody_else_means_nothing(
    qtbot: QtBot, logind: Logind, person: Person
) -> None:
    meet(qtbot, logind)
    logind.hint("/org/freedesktop/login1/session/_33", LockedHint=("b", True))
    logind.hint(LockedHint=("s", "nonsense"), IdleHint=("u", 7))
    logind.signal(OURS, PROPERTIES, "PropertiesChanged", "s", f"{LOGIN}.Session")
    logind.hint(IdleHint=("b", True), IdleSinceHint=("t", 1))
    qtbot.waitUntil(lambda: len(person.changes) == 1)
    assert person.presence.state is Whereabouts.IDLE


def test_idle_time_by_the_desktop_itself(qtbot: QtBot, logind: Logind, person: Person) -> None:
    meet(qtbot, logind)
    since = int((time.time() - 100) * 1e6)
    logind.hint(IdleHint=("b", True), IdleSinceHint=("t", since))
    qtbot.waitUntil(lambda: len(person.changes) == 1)
    assert 99 < person.presence.idle_seconds() < 110
    assert person.presence.state is Whereabouts.HERE  # not for long enough
    logind.hint(IdleHint=("b", True), IdleSinceHint=("t", since - 300_000_000))
    qtbot.waitUntil(lambda: person.presence.state is Whereabouts.IDLE)
    logind.hint(IdleHint=("b", False))
    qtbot.waitUntil(lambda: person.presence.idle_seconds() == 0.0)
    assert person.changes == [Whereabouts.HERE, Whereabouts.HERE]


def test_waking_up_is_told_and_falling_asleep_is_not(
    qtbot: QtBot, logind: Logind, person: Person
) -> None:
    meet(qtbot, logind)
    for sleeps in (True, False):
        logind.signal(MANAGER, f"{LOGIN}.Manager", "PrepareForSleep", "b", sleeps)
    qtbot.waitUntil(lambda: person.resumes == 1)


@pytest.mark.parametrize("name", presence_module._SCREEN_SAVERS)
def test_a_screen_saver_covers_the_screen(
    qtbot: QtBot, daemon: PrivateBus, person: Person, bus: Bus, name: str
) -> None:
    listens(qtbot, bus)
    with Peer(daemon.address) as saver:
        for covers in (True, True, False, False):
            saver.signal("/ScreenSaver", name, "ActiveChanged", "b", covers)
        saver.signal("/ScreenSaver", name, "ActiveChanged", "s", "nonsense")
        qtbot.waitUntil(lambda: len(person.changes) == 2)
    assert person.changes == [Whereabouts.LOCKED, Whereabouts.HERE]


def test_a_screen_saver_that_crashes_covers_nothing(
    qtbot: QtBot, daemon: PrivateBus, person: Person, bus: Bus
) -> None:
    listens(qtbot, bus)
    before = len(bus._listening)
    with Peer(daemon.address) as saver:
        saver.signal("/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", "b", True)
        qtbot.waitUntil(lambda: person.changes == [Whereabouts.LOCKED])
        listens(qtbot, bus)
    qtbot.waitUntil(lambda: person.changes == [Whereabouts.LOCKED, Whereabouts.HERE])
    assert len(bus._listening) == before + 1  # that of `listens`


def test_a_session_bus_that_goes_locks_nobody_out(
    qtbot: QtBot, daemon: PrivateBus, person: Person, bus: Bus
) -> None:
    listens(qtbot, bus)
    with Peer(daemon.address) as saver:
        saver.signal("/ScreenSaver", "org.kde.None", "ActiveChanged", "b", True)
        saver.signal("/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", "b", True)
        qtbot.waitUntil(lambda: person.presence.state is Whereabouts.LOCKED)
        daemon.stop()
        qtbot.waitUntil(lambda: person.presence.state is Whereabouts.HERE)
        daemon.start()


def test_without_any_bus_the_person_is_here(
    qtbot: QtBot, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, "unix:path=/nowhere")
    monkeypatch.delenv("DISPLAY", raising=False)
    person = Person(bus)
    bus.listen(Rule("test.Other", "Any"), lambda _: None)
    assert person.presence.state is Whereabouts.HERE
    assert person.presence.idle_seconds() == 0.0
    person.close()
