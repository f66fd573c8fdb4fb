"""Every command works where there is no Qt and no display."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = '''
import contextlib
import io
import json
import sys


class NoQt:
    """Finds none of Qt's packages, as where they are not installed."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, NoQt())

from desk_phone import cli
from desk_phone.cli import runner
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD, USER
from desk_phone.system.secrets import MemoryKeyring

keyring = MemoryKeyring()
runner.SystemKeyring = lambda: keyring

with Simulator(seed=1) as simulator:
    simulator.ring("3726401234", "5123456", name="Õnne", after=-3600.0)
    shared = ["--data-dir", sys.argv[1], "--service", simulator.base_url, "--user", USER]
    shared += ["--own", "640 1234", "--json"]
    said = []
    for line in sys.argv[2:]:
        out, err = io.StringIO(), io.StringIO()
        sys.stdin = io.StringIO(PASSWORD + chr(10))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = cli.main([*shared, *line.split()])
        said.append([status, out.getvalue(), err.getvalue()])
    said.append([sorted(name for name in sys.modules if "PySide" in name), "", ""])
print(json.dumps(said))
'''
COMMANDS = (
    "account set --password-stdin",
    "account show",
    "numbers",
    "call 5123456 --yes",
    "calls",
    "calls --missed --offline",
    "name Mari Maasikas",
    "phonebook sync",
    "phonebook list",
    "notices on https://notices.company.example/desk-phone --yes",
    "notices status",
    "notices off",
    "sources",
    "account forget",
)


def test_every_command_works_without_qt(tmp_path: Path) -> None:
    unseen = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path), *COMMANDS],
        env={name: value for name, value in os.environ.items() if name not in unseen},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    *said, (loaded, _, _) = json.loads(done.stdout)
    assert loaded == []
    assert [
        (words, status, err) for words, (status, _, err) in zip(COMMANDS, said, strict=True)
    ] == [(words, 0, "") for words in COMMANDS]
    told = {words: json.loads(out) for words, (_, out, _) in zip(COMMANDS, said, strict=True)}
    assert told["account show"]["password"] == "kept"
    assert told["numbers"][0]["number"] == "+3726401234"
    assert told["call 5123456 --yes"]["other"] == "+3725123456"
    assert "Õnne" in {call["name"] for call in told["calls"]}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_the_tray_program_says_what_it_needs(tmp_path: Path) -> None:
    """Without a display it says so, before Qt is even looked for."""
    program = PROGRAM.partition("from desk_phone.cli import runner")[0]
    start = "sys.exit(cli.main(['--data-dir', sys.argv[1]]))"
    unseen = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{program}\n{start}", str(tmp_path)],
        env={name: value for name, value in os.environ.items() if name not in unseen},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("There is no display to show the tray icon on\n")
