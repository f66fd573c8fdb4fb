"""`system.hotkey_portal` against a portal played on a real bus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.model import shortcut
from desk_phone.system.bus import Bus
from desk_phone.system.hotkey import HotkeySignals, HotkeyState, Standing
from desk_phone.system.hotkey_portal import PortalHotkey, trigger
from tests.desktop.peer import Peer
from tests.desktop.private_bus import PrivateBus

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
SESSION = f"{PATH}/session/1_7/ours"
KEYS = shortcut.read("Ctrl+Shift+F11")


class Portal(Peer):
    """``code`` is what the person's dialog answers; ``bound`` how it names the keys.

    What was asked for comes before the answer to the question itself, as it may.
    """

    def __init__(self, address: str, code: int = 0, bound: str = "Ctrl+Shift+F11") -> None:
        super().__init__(address)
        self.code, self.bound = code, bound
        self.answers["Register"] = "org.freedesktop.DBus.Error.UnknownMethod"  # an older one
        self.answers["CreateSession"] = self._create
        self.answers["BindShortcuts"] = self._bind
        self.answers["Close"] = ("", ())
        self.own(NAME)

    def _create(self, options: dict[str, Any]) -> Any:
        return self._respond(options, {"session_handle": ("s", SESSION)})

    def _bind(self, session: str, items: Any, parent: str, options: dict[str, Any]) -> Any:
        assert (session, parent) == (SESSION, "")
        self.items = items
        return self._respond(options, {"shortcuts": ("a(sa{sv})", self.shortcuts())})

    def shortcuts(self) -> list[tuple[str, dict[str, Any]]]:
        about = {"trigger_description": ("s", self.bound)} if self.bound else {}
        return [("dial", about)]

    def _respond(self, options: dict[str, Any], results: dict[str, Any]) -> Any:
        request = f"{PATH}/request/1_7/{options['handle_token'][1]}"
        body = (self.code, results)
        self.signal(request, "org.freedesktop.portal.Request", "Response", "ua{sv}", *body)
        return ("o", (request,))

    def press(self, session: str = SESSION, which: str = "dial") -> None:
        self.signal(PATH, SHORTCUTS, "Activated", "osta{sv}", session, which, 1, {})


class Presses:
    def __init__(self, bus: Bus) -> None:
        self.hotkey = PortalHotkey(bus, HotkeySignals())
        self.count = 0
        self.hotkey.signals.pressed.connect(self._add)

    def _add(self) -> None:
        self.count += 1

    @property
    def state(self) -> HotkeyState:
        return self.hotkey.signals.state


@pytest.fixture
def presses(daemon: PrivateBus, bus: Bus) -> Iterator[Presses]:
    presses = Presses(bus)
    yield presses
    presses.hotkey.close()


def wait_for(qtbot: QtBot, portal: Portal, presses: Presses, standing: Standing) -> None:
    qtbot.waitUntil(lambda: portal.pump() is None and presses.state.standing is standing)


def test_the_keys_are_assigned_and_pressed(
    qtbot: QtBot, daemon: PrivateBus, presses: Presses
) -> None:
    with Portal(daemon.address) as portal:
        presses.hotkey.assign(KEYS)
        assert presses.state.standing is Standing.ASKED
        wait_for(qtbot, portal, presses, Standing.ASSIGNED)
        assert presses.state.shown == "Ctrl+Shift+F11"
        ((which, about),) = portal.items
        assert which == "dial"
        assert about["preferred_trigger"] == ("s", "CTRL+SHIFT+F11")
        assert about["description"][1]
        portal.press(session=f"{PATH}/session/1_8/theirs")
        portal.press(which="other")
        portal.press()
        qtbot.waitUntil(lambda: presses.count == 1)
        presses.hotkey.release()
        assert presses.state.standing is Standing.OFF
        qtbot.waitUntil(lambda: len(portal.called("Close")) == 1)


def test_success_without_keys_is_not_assigned(
    qtbot: QtBot, daemon: PrivateBus, presses: Presses
) -> None:
    with Portal(daemon.address, bound="") as portal:
        presses.hotkey.assign(KEYS)
        qtbot.waitUntil(lambda: len(portal.called("BindShortcuts")) == 1)
        assert presses.state.standing is Standing.ASKED
        portal.bound = "Super+D"
        changed = ("oa(sa{sv})", SESSION, portal.shortcuts())
        portal.signal(PATH, SHORTCUTS, "ShortcutsChanged", *changed)
        wait_for(qtbot, portal, presses, Standing.ASSIGNED)
        assert presses.state.shown == "Super+D"


@pytest.mark.parametrize(
    ("code", "standing"), [(1, Standing.OFF), (2, Standing.IMPOSSIBLE)], ids=["no", "failed"]
)
def test_a_person_or_desktop_that_says_no(
    qtbot: QtBot, daemon: PrivateBus, presses: Presses, code: int, standing: Standing
) -> None:
    with Portal(daemon.address, code=code) as portal:
        presses.hotkey.assign(KEYS)
        wait_for(qtbot, portal, presses, standing)


def test_without_a_portal_it_is_impossible(qtbot: QtBot, presses: Presses) -> None:
    presses.hotkey.assign(KEYS)
    qtbot.waitUntil(lambda: presses.state.standing is Standing.IMPOSSIBLE)


def test_a_desktop_that_ends_the_session_is_believed(
    qtbot: QtBot, daemon: PrivateBus, presses: Presses
) -> None:
    with Portal(daemon.address) as portal:
        presses.hotkey.assign(KEYS)
        wait_for(qtbot, portal, presses, Standing.ASSIGNED)
        portal.signal(SESSION, "org.freedesktop.portal.Session", "Closed")
        wait_for(qtbot, portal, presses, Standing.IMPOSSIBLE)
        portal.press()
        presses.hotkey.assign(KEYS)
        wait_for(qtbot, portal, presses, Standing.ASSIGNED)
        assert presses.count == 0


def test_nonsense_is_no_answer(qtbot: QtBot, daemon: PrivateBus, presses: Presses) -> None:
    with Portal(daemon.address) as portal:
        portal.answers["BindShortcuts"] = lambda _s, _i, _p, options: portal._respond(
            options, {"shortcuts": ("s", "nonsense")}
        )
        presses.hotkey.assign(KEYS)
        qtbot.waitUntil(lambda: len(portal.called("BindShortcuts")) == 1)
        portal.signal(PATH, SHORTCUTS, "Activated", "s", "nonsense")
        portal.press()
        qtbot.waitUntil(lambda: presses.count == 1)
        assert presses.state.standing is Standing.ASKED


@pytest.mark.parametrize(
    ("keys", "written"),
    [
        ("Ctrl+Shift+F11", "CTRL+SHIFT+F11"),
        ("Super+d", "LOGO+d"),
        ("Ctrl+Shift+1", "CTRL+SHIFT+1"),
        ("Ctrl+f", "CTRL+f"),
    ],
)
def test_keys_as_the_specification_writes_them(keys: str, written: str) -> None:
    assert trigger(shortcut.read(keys)) == written
