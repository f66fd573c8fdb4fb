"""The tray program at rest: it has imported no room that nobody entered, and no source of any."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import builtins, gc, json, linecache, sys
from functools import partial
from pathlib import Path

from desk_phone import start
from desk_phone.model.secret import Secret
from desk_phone.options import read
from desk_phone.paths import Paths
from desk_phone.system import plain_import

ours, keep = builtins.__import__, plain_import.keep


def keep_and_watch():
    keep()
    from PySide6.QtWidgets import QSystemTrayIcon

    QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)  # else a window opens
    from desk_phone import desktop

    desktop.run = partial(desktop.run, watch=watch)


def watch(program):
    from PySide6.QtCore import QTimer

    program.begun.connect(lambda: QTimer.singleShot(0, partial(tell, program)))


def tell(program):
    names = sorted(sys.modules)
    told = {"modules": names, "lines": len(linecache.cache), "own": builtins.__import__ is ours}
    told["collects_by_itself"] = gc.isenabled()
    if len(sys.argv) > 2:
        getattr(program.windows, sys.argv[2])()
        told["then"] = sorted(set(sys.modules) - set(names))
    print(json.dumps(told))
    program.quit()


plain_import.keep = keep_and_watch
place = Paths(Path(sys.argv[1]))
place.make()
sys.exit(start.run(read(["--hidden"]), ["--hidden"], place, Secret("")))
"""
ROOMS = frozenset(
    {
        *("desk_phone.ui.main_window", "desk_phone.ui.pages", "desk_phone.ui.carried"),
        *("desk_phone.ui.calls.page", "desk_phone.ui.phonebook.page", "desk_phone.ui.wizard"),
        *("desk_phone.ui.settings.page", "desk_phone.ui.company_page", "desk_phone.ui.printing"),
        *("desk_phone.ui.dialling.dialer", "desk_phone.ui.dialling.ask_box"),
        *("desk_phone.ui.dialling.number_choice", "desk_phone.ui.cards.caller_card"),
        *("desk_phone.app.diagnostics", "desk_phone.app.surroundings", "desk_phone.app.transfers"),
        *("desk_phone.app.commands.phonebook", "desk_phone.app.commands.calls"),
        *("desk_phone.telco.soap", "desk_phone.telco.gateway", "desk_phone.elsewhere.fetch"),
        *("desk_phone.system.notice_server", "desk_phone.simulator", "desk_phone.relay"),
        *("PySide6.QtPrintSupport", "zeep", "requests", "lxml", "urllib3", "keyring", "email"),
    }
)


def at_rest(folder: Path, *words: str) -> dict[str, Any]:
    """What the program tells of itself as soon as it has begun; ``words`` then open a window."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        env.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return at_rest(tmp_path_factory.mktemp("rest"))


def test_no_room_is_imported_that_nobody_entered(told: dict[str, Any]) -> None:
    assert "desk_phone.program" in told["modules"]
    assert ROOMS.isdisjoint(told["modules"])


def test_no_source_is_kept(told: dict[str, Any]) -> None:
    """PySide's own import statement reads that of every module, and linecache keeps it."""
    assert told["own"]
    assert told["lines"] < 20


def test_garbage_is_looked_for_by_the_main_thread_alone(told: dict[str, Any]) -> None:
    assert not told["collects_by_itself"]


@pytest.mark.parametrize(
    ("wish", "room", "others"),
    [
        (
            "show_calls",
            "desk_phone.ui.main_window",
            {"desk_phone.ui.phonebook.page", "desk_phone.ui.settings.page"},
        ),
        ("show_palette", "desk_phone.ui.dialling.dialer", {"desk_phone.ui.main_window"}),
        ("show_phonebook", "desk_phone.ui.phonebook.page", {"desk_phone.ui.settings.page"}),
        ("show_settings", "desk_phone.ui.settings.page", {"desk_phone.ui.phonebook.page"}),
    ],
)
def test_a_room_is_imported_by_who_enters_it(
    tmp_path: Path, wish: str, room: str, others: set[str]
) -> None:
    then = at_rest(tmp_path, wish)["then"]
    assert room in then
    assert others.isdisjoint(then)
