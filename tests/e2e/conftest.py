"""Desktops for the end-to-end ring, and what is kept of a test that failed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desk_phone.system.bus import Bus
from tests.desktop.desktop import Desktop
from tests.desktop.private_bus import PrivateBus
from tests.desktop.sandbox import ROOT

KEPT = ROOT / "test-output"  # pictures and logs of failed tests

# The tests themselves have no screen: what they look at runs in processes of its own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The keyring's library closes its connection to a bus only when all went well; whatever test
    runs when the garbage is collected is not to blame."""
    of_a_bus = pytest.mark.filterwarnings("ignore:unclosed <socket.*/bus>:ResourceWarning")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(of_a_bus)


@pytest.fixture
def make_desktop(request: pytest.FixtureRequest) -> Iterator[Callable[..., Desktop]]:
    """Make desktops of any kind: ``make_desktop(tray="late")``. They end with the test."""
    with ExitStack() as stack:

        def make(**kind: Any) -> Desktop:
            desktop = stack.enter_context(Desktop(**kind))
            stack.callback(_keep_if_failed, request.node, desktop)
            return desktop

        yield make


@pytest.fixture
def desktop(make_desktop: Callable[..., Desktop]) -> Desktop:
    """A desktop with a panel, a tray and notifications, for one test."""
    return make_desktop()


@pytest.fixture(scope="module")
def shared_desktop() -> Iterator[Desktop]:
    """The same for all tests of a module that leave it as they found it."""
    with Desktop() as desktop:
        yield desktop


@pytest.fixture(autouse=True)
def _keep_shared_desktop(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "shared_desktop" in request.fixturenames:
        _keep_if_failed(request.node, request.getfixturevalue("shared_desktop"))


def _keep_if_failed(item: pytest.Item, desktop: Desktop) -> None:
    """A picture of the screen and what the programs wrote, in a folder named for the test."""
    if not item.stash.get(_failed, False):
        return
    folder = KEPT / re.sub(r"[^\w.-]+", "_", item.nodeid)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(desktop.logs, folder)
    desktop.screenshot(folder / "screen.png")


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    """A bus that is the session's as well as the system's for this process."""
    with PrivateBus(tmp_path) as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", daemon.address)
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
            monkeypatch.delenv(name, raising=False)
        yield daemon


@pytest.fixture
def bus(qtbot: QtBot) -> Iterator[Bus]:
    bus = Bus()
    yield bus
    bus.close()
