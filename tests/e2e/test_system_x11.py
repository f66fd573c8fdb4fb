"""`system.x11` on a real display, against what xcffib and xdotool say of it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest

from desk_phone.system.full_screen import somebody_is_presenting
from desk_phone.system.presence import idle_seconds
from desk_phone.system.x11 import Display, NoDisplay, is_x11
from tests.desktop import Desktop, until, until_still


@pytest.fixture
def screen(make_desktop: Callable[..., Desktop], monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """A desktop where this process lives, too."""
    desktop = make_desktop(notifications="none")
    for name in ("DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.setenv(name, desktop.env[name])
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return desktop


def test_it_sees_what_others_see(screen: Desktop) -> None:
    assert is_x11()
    (panel,) = until_still(screen.windows, "the panel")
    with Display() as display:
        assert display.owner("_NET_SYSTEM_TRAY_S0") == screen.screen.tray()
        assert display.owner("PRIMARY") == 0
        assert display.numbers(display.root, "_NET_WORKAREA")[:4] == screen.screen.work_area()
        assert display.numbers(panel.id, "_NET_WM_PID") == (panel.pid,)
        assert display.numbers(panel.id, "WM_CLASS") == ()  # text, not numbers
        assert display.numbers(panel.id, "_NO_SUCH_PROPERTY") == ()
        assert display.numbers(0x7FFFFFFF, "_NET_WM_PID") == ()  # no such window
        assert not display.is_gone
    assert display.is_gone
    assert display.owner("PRIMARY") == 0


def test_idle_time_begins_anew_with_a_key(screen: Desktop) -> None:
    screen.move(10, 10)
    until(lambda: idle_seconds() > 0.05, "time goes by")
    begun = time.monotonic()
    screen.key("Shift_L")
    assert idle_seconds() <= time.monotonic() - begun


def test_many_connections_leave_none_behind(screen: Desktop) -> None:
    for _ in range(400):  # a server takes 256 at most
        assert idle_seconds() >= 0


def test_a_full_screen_window_counts_while_there_is_a_window_manager(screen: Desktop) -> None:
    program = screen.start_python("-m", "tests.desktop.tray_program", stdin=subprocess.PIPE)
    program.tell("full-screen")
    window = screen.find_window("A window")
    until(lambda: screen.screen.active() == window.id, "the window is active")
    until(somebody_is_presenting, "somebody is presenting")
    screen.stop_window_manager()
    assert screen.screen.active() == window.id  # what it left behind
    assert not somebody_is_presenting()


def test_a_server_that_goes_is_empty_and_says_so(screen: Desktop) -> None:
    with Display() as display:
        screen.stop_server()
        assert display.owner("PRIMARY") == 0
        assert display.numbers(display.root, "_NET_WORKAREA") == ()
        assert display.idle_ms() == 0
        assert display.drain() == []
        assert display.is_gone
    with pytest.raises(NoDisplay):
        Display()
    assert idle_seconds() == 0.0
    assert not somebody_is_presenting()
