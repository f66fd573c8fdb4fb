"""What Windows and macOS tell of the person at the desk, by stand-ins for their libraries."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from desk_phone.system import mac_session, windows_session
from desk_phone.system.full_screen import Presenting, somebody_is_presenting
from desk_phone.system.presence import idle_seconds
from desk_phone.system.windows_session import UserState, user_state

FRONT_WINDOWS = [
    {"kCGWindowLayer": 25, "kCGWindowBounds": (0, 0, 1440, 900)},  # the menu bar's owner
    {"kCGWindowBounds": (0, 0, 1440, 900)},
]


class Windows:
    """user32, shell32 and kernel32 as far as we ask them."""

    def __init__(self, state: int = 5, ticks: int = 0, last: int = 0, result: int = 0) -> None:
        self.shell32 = SimpleNamespace(SHQueryUserNotificationState=self._state)
        self.user32 = SimpleNamespace(GetLastInputInfo=self._last_input)
        self.kernel32 = SimpleNamespace(GetTickCount=lambda: ctypes.c_int32(ticks).value)
        self._told, self._last, self._result = state, last, result

    def _state(self, pointer: Any) -> int:
        pointer._obj.value = self._told
        return self._result

    def _last_input(self, pointer: Any) -> int:
        assert pointer._obj.size == 8
        pointer._obj.time = self._last
        return 1 - self._result


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def become(**kind: int) -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setattr(ctypes, "windll", Windows(**kind), raising=False)

    return become


@pytest.mark.parametrize(
    ("state", "presenting"),
    [(0, False), (1, False), (2, True), (3, True), (4, True), (5, False), (6, False), (7, False)],
)
def test_windows_tells_of_a_presentation(
    windows: Callable[..., None], state: int, presenting: bool
) -> None:
    windows(state=state)
    assert somebody_is_presenting() is presenting


def test_many_who_ask_at_once_ask_the_system_once(windows: Callable[..., None]) -> None:
    at = [7.0]
    presenting = Presenting(lambda: at[0])
    windows(state=UserState.PRESENTING)
    assert presenting()
    windows(state=UserState.ACCEPTS)
    at[0] += 0.2
    assert presenting()
    at[0] += 0.1
    assert not presenting()
    windows(state=UserState.PRESENTING)
    at[0] -= 5  # whatever clock that is
    assert presenting()


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param({"state": 4, "result": -2147467259}, id="an error"),
        pytest.param({"state": 77}, id="a state of the future"),
    ],
)
def test_windows_that_does_not_know_is_not_believed(
    windows: Callable[..., None], kind: dict[str, int]
) -> None:
    windows(**kind)
    assert user_state() is UserState.UNKNOWN
    assert not somebody_is_presenting()


@pytest.mark.parametrize(
    ("ticks", "last", "seconds"),
    [
        pytest.param(10_000, 9_000, 1.0, id="a second"),
        pytest.param(3_000_000_000, 2_999_999_500, 0.5, id="a computer that is on for a month"),
        pytest.param(500, (1 << 32) - 500, 1.0, id="the counter began anew"),
    ],
)
def test_windows_tells_how_long_nothing_was_touched(
    windows: Callable[..., None], ticks: int, last: int, seconds: float
) -> None:
    windows(ticks=ticks, last=last)
    assert idle_seconds() == seconds


def test_windows_without_an_input_desktop_tells_no_time(windows: Callable[..., None]) -> None:
    windows(ticks=10_000, last=1, result=1)
    assert idle_seconds() == 0.0


def test_elsewhere_windows_is_not_asked() -> None:
    assert windows_session.idle_seconds() == 0.0
    assert user_state() is UserState.UNKNOWN


class Function:
    """Takes a restype and argtypes as ctypes' functions do."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return self._function(*args)


class Mac:
    """CoreGraphics and CoreFoundation as far as we ask them. References are indexes into a list."""

    def __init__(self) -> None:
        self.things: list[Any] = [None]
        self.held = 0
        self.windows: Any = None
        self.session: Any = None
        for name in (
            *mac_session._FUNCTIONS["CoreGraphics"],
            *mac_session._FUNCTIONS["CoreFoundation"],
        ):
            setattr(self, name, Function(getattr(self, f"_{name}", self._unexpected)))

    def _unexpected(self, *args: Any) -> Any:
        raise AssertionError(args)

    def thing(self, value: Any) -> int:
        if value is None:
            return 0
        self.things.append(value)
        return len(self.things) - 1

    def _hold(self, value: Any) -> int:
        self.held += value is not None
        return self.thing(value)

    def _CFRelease(self, reference: int) -> None:
        assert reference
        self.held -= 1

    def _CGEventSourceSecondsSinceLastEventType(self, state: int, kind: int) -> float:
        return 12.5 if (state, kind) == (0, 0xFFFFFFFF) else -1.0

    def _CGSessionCopyCurrentDictionary(self) -> int:
        return self._hold(self.session)

    def _CFStringCreateWithCString(self, _: None, name: bytes, encoding: int) -> int:
        assert encoding == 0x08000100
        return self._hold(name.decode())

    def _CFDictionaryGetValue(self, dictionary: int, key: Any) -> int:
        name = self.things[key if isinstance(key, int) else key.value]
        return self.thing(self.things[dictionary].get(name))

    def _CFBooleanGetValue(self, reference: int) -> bool:
        return bool(self.things[reference])

    def _CFNumberGetValue(self, reference: int, kind: int, pointer: Any) -> bool:
        assert kind == 3
        pointer._obj.value = self.things[reference]
        return True

    def _CGWindowListCopyWindowInfo(self, option: int, _: int) -> int:
        assert option == 17
        return self._hold(self.windows)

    def _CFArrayGetCount(self, array: int) -> int:
        return len(self.things[array])

    def _CFArrayGetValueAtIndex(self, array: int, index: int) -> int:
        return self.thing(self.things[array][index])

    def _CGRectMakeWithDictionaryRepresentation(self, bounds: int, pointer: Any) -> bool:
        rect = pointer._obj
        rect.x, rect.y, rect.width, rect.height = self.things[bounds]
        return True

    def _CGMainDisplayID(self) -> int:
        return 7

    def _CGDisplayBounds(self, display: int) -> Any:
        assert display == 7
        return mac_session._Rect(0, 0, 1440, 900)


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mac]:
    mac = Mac()
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda path: mac)
    monkeypatch.setattr(mac_session, "_key", mac.thing)
    mac_session._framework.cache_clear()
    yield mac
    mac_session._framework.cache_clear()
    assert mac.held == 0  # all that was copied is released


@pytest.mark.parametrize(
    ("windows", "presenting"),
    [
        pytest.param(None, False, id="no list"),
        pytest.param([], False, id="no window"),
        pytest.param(FRONT_WINDOWS, False, id="none of a program"),
        pytest.param(
            [*FRONT_WINDOWS, {"kCGWindowLayer": 0, "kCGWindowBounds": (0, 0, 1440, 900)}],
            True,
            id="one that fills the screen",
        ),
        pytest.param(
            [
                {"kCGWindowLayer": 0, "kCGWindowBounds": (0, 25, 1440, 875)},
                {"kCGWindowLayer": 0, "kCGWindowBounds": (0, 0, 1440, 900)},
            ],
            False,
            id="one behind another",
        ),
        pytest.param([{"kCGWindowLayer": 0}], False, id="one without a place"),
    ],
)
def test_mac_window_that_fills_the_screen(mac: Mac, windows: Any, presenting: bool) -> None:
    mac.windows = windows
    assert somebody_is_presenting() is presenting


@pytest.mark.parametrize(
    ("session", "locked"),
    [
        (None, False),
        ({}, False),
        ({"CGSSessionScreenIsLocked": True}, True),
        ({"CGSSessionScreenIsLocked": False}, False),
    ],
)
def test_mac_screen_that_is_locked(mac: Mac, session: Any, locked: bool) -> None:
    mac.session = session
    assert mac_session.is_locked() is locked


def test_mac_tells_how_long_nothing_was_touched(mac: Mac) -> None:
    assert idle_seconds() == 12.5


def test_mac_without_such_functions_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    mac_session._framework.cache_clear()
    assert idle_seconds() == 0.0
    assert not somebody_is_presenting()


@pytest.mark.parametrize(
    "surroundings",
    [
        pytest.param({}, id="no display"),
        pytest.param({"DISPLAY": ":99999"}, id="no server"),
        pytest.param({"DISPLAY": "nonsense"}, id="no address"),
        pytest.param({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, id="Wayland"),
        pytest.param({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, id="Wayland by name"),
    ],
)
def test_without_a_display_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, surroundings: dict[str, str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    assert not somebody_is_presenting()
    assert idle_seconds() == 0.0
