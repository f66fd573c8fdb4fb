"""`system.tray_watch`: what it tells and when, on a real bus and a real display."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.system.bus import Bus
from desk_phone.system.tray_watch import Tray, TrayWatch
from tests.desktop import Desktop
from tests.desktop.peer import Peer
from tests.desktop.private_bus import PrivateBus

WATCHER = "org.kde.StatusNotifierWatcher"


class Owner:
    """Owns an icon, so to say: notes what it is told."""

    def __init__(self, bus: Bus, present: bool) -> None:
        self.watch = TrayWatch(bus, present)
        self.told: list[str] = []
        self.watch.appeared.connect(lambda: self.told.append(f"appeared {self.watch.kind}"))
        self.watch.gone.connect(lambda: self.told.append(f"gone {self.watch.present}"))


@pytest.fixture
def make_owner(bus: Bus) -> Iterator[Callable[[bool], Owner]]:
    owners: list[Owner] = []

    def make(present: bool = False) -> Owner:
        owners.append(Owner(bus, present))
        return owners[-1]

    yield make
    for owner in owners:
        owner.watch.close()


def has_looked(owner: Owner) -> bool:
    return owner.watch._found is not None


def host(there: bool) -> tuple[str, tuple[object, ...]]:
    return "v", (("b", there),)


@pytest.mark.parametrize(
    ("there", "present", "told"),
    [
        pytest.param(True, True, [], id="Qt found it"),
        pytest.param(True, False, ["appeared notifier"], id="Qt was too early"),
        pytest.param(False, False, [], id="there is none"),
        pytest.param(False, True, ["gone False"], id="it has gone meanwhile"),
    ],
)
def test_the_first_look_tells_only_what_is_new(
    qtbot: QtBot,
    daemon: PrivateBus,
    make_owner: Callable[[bool], Owner],
    there: bool,
    present: bool,
    told: list[str],
) -> None:
    with Peer(daemon.address, WATCHER) as watcher:
        watcher.answers["Get"] = host(there)
        owner = make_owner(present)
        assert owner.told == []
        qtbot.waitUntil(lambda: watcher.pump() is None and has_looked(owner))
        assert owner.told == told
        assert owner.watch.present is there


def test_a_watcher_without_a_host_is_no_tray_yet(
    qtbot: QtBot, daemon: PrivateBus, make_owner: Callable[[], Owner]
) -> None:
    with Peer(daemon.address, WATCHER) as watcher:
        watcher.answers["Get"] = host(False)
        owner = make_owner()
        qtbot.waitUntil(lambda: watcher.pump() is None and has_looked(owner))
        assert not owner.watch.present
        watcher.answers["Get"] = host(True)
        watcher.signal("/StatusNotifierWatcher", WATCHER, "StatusNotifierHostRegistered")
        qtbot.waitUntil(lambda: watcher.pump() is None and owner.told == ["appeared notifier"])
        watcher.answers["Get"] = host(False)
        watcher.signal("/StatusNotifierWatcher", WATCHER, "StatusNotifierHostUnregistered")
        qtbot.waitUntil(lambda: watcher.pump() is None and owner.told[1:] == ["gone False"])


def test_a_watcher_that_errs_is_no_tray(
    qtbot: QtBot, daemon: PrivateBus, make_owner: Callable[[], Owner]
) -> None:
    with Peer(daemon.address, WATCHER) as watcher:
        watcher.answers["Get"] = ("v", (("s", "true"),))
        owner = make_owner()
        qtbot.waitUntil(lambda: watcher.pump() is None and has_looked(owner))
        assert owner.watch.kind is Tray.NONE


def test_with_neither_bus_nor_display_there_is_no_tray(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, make_owner: Callable[[bool], Owner]
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "nonsense")
    monkeypatch.setenv("DISPLAY", ":99999")
    owner = make_owner(True)
    qtbot.waitUntil(lambda: owner.told == ["gone False"])


@pytest.fixture
def screen(make_desktop: Callable[..., Desktop], monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """A desktop without a tray, where this process lives, too."""
    desktop = make_desktop(tray="late", notifications="none")
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_SESSION_TYPE"):
        monkeypatch.setenv(name, desktop.env[name])
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return desktop


def test_an_xembed_tray_comes_goes_and_comes_again(
    qtbot: QtBot, screen: Desktop, make_owner: Callable[[], Owner]
) -> None:
    owner = make_owner()
    qtbot.waitUntil(lambda: has_looked(owner))
    for _ in range(2):
        owner.told.clear()
        screen.start_tray()
        qtbot.waitUntil(lambda: owner.told == ["appeared xembed"])
        screen.stop_tray()
        qtbot.waitUntil(lambda: owner.told[1:] == ["gone False"])


def test_one_xembed_tray_after_another_is_a_new_one(
    qtbot: QtBot, screen: Desktop, make_owner: Callable[[bool], Owner]
) -> None:
    screen.start_tray()
    owner = make_owner(True)
    qtbot.waitUntil(lambda: has_looked(owner))
    assert owner.told == []
    screen.stop_tray()
    screen.start_tray()
    qtbot.waitUntil(lambda: owner.told == ["gone False", "appeared xembed"])


def test_a_notifier_host_is_taken_rather_than_xembed(
    qtbot: QtBot, screen: Desktop, make_owner: Callable[[bool], Owner]
) -> None:
    screen.start_tray()
    owner = make_owner(True)
    qtbot.waitUntil(lambda: has_looked(owner))
    with Peer(screen.bus.address, WATCHER) as watcher:
        watcher.answers["Get"] = host(True)
        qtbot.waitUntil(lambda: watcher.pump() is None and len(owner.told) == 2)
    qtbot.waitUntil(lambda: len(owner.told) == 4)
    assert owner.told == ["gone False", "appeared notifier", "gone False", "appeared xembed"]


def test_under_wayland_the_display_of_old_programs_is_left_alone(
    qtbot: QtBot,
    screen: Desktop,
    make_owner: Callable[[], Owner],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen.start_tray()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    owner = make_owner()
    qtbot.waitUntil(lambda: has_looked(owner))
    assert not owner.watch.present
    assert owner.watch._display is None


def test_a_display_that_goes_takes_the_tray_with_it(
    qtbot: QtBot, screen: Desktop, make_owner: Callable[[bool], Owner]
) -> None:
    screen.start_tray()
    owner = make_owner(True)
    qtbot.waitUntil(lambda: has_looked(owner))
    screen.stop_server()
    qtbot.waitUntil(lambda: owner.told == ["gone False"])
    assert owner.watch._display is None  # nothing wakes us any more


def test_happenings_on_the_display_do_not_disturb_a_notifier_host(
    qtbot: QtBot, screen: Desktop, make_owner: Callable[[], Owner]
) -> None:
    owner = make_owner()
    qtbot.waitUntil(lambda: has_looked(owner))  # the display is watched now
    with Peer(screen.bus.address, WATCHER) as watcher:
        watcher.answers["Get"] = host(True)
        qtbot.waitUntil(lambda: watcher.pump() is None and bool(owner.told))
        screen.start_tray()
        screen.stop_tray()
        watcher.signal("/StatusNotifierWatcher", WATCHER, "StatusNotifierHostRegistered")
        qtbot.waitUntil(lambda: len(watcher.called("Get")) == 2)
        screen.stop_server()
        qtbot.waitUntil(lambda: owner.watch._display is None)
        assert owner.told == ["appeared notifier"]


def test_the_display_is_not_asked_where_there_is_a_notifier_host(
    qtbot: QtBot, screen: Desktop, make_owner: Callable[[], Owner]
) -> None:
    screen.start_tray()
    with Peer(screen.bus.address, WATCHER) as watcher:
        watcher.answers["Get"] = host(True)
        owner = make_owner()
        qtbot.waitUntil(lambda: watcher.pump() is None and owner.told == ["appeared notifier"])
        assert owner.watch._display is None


def test_nothing_is_told_after_the_end(
    qtbot: QtBot, screen: Desktop, make_owner: Callable[[bool], Owner], bus: Bus
) -> None:
    screen.start_tray()
    owner = make_owner(True)
    qtbot.waitUntil(lambda: has_looked(owner))
    owner.watch.close()
    bus.close()  # which tells that every name has gone
    assert owner.told == []
    assert owner.watch._display is None
