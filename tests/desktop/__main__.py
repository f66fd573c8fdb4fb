"""Run a command on a private desktop, and take a picture of it.

  python -m tests.desktop --shot window.png --after 3 -- python -m desk_phone demo

Without --after the desktop stays until the command ends; with it the picture is taken and the
desktop goes away that many seconds after the start. DISPLAY and DBUS_SESSION_BUS_ADDRESS are
printed, so that xdotool, xclip and dunstctl can be used on it meanwhile. Its home is empty.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import get_args

from tests.desktop.desktop import Desktop, Notifications, Tray
from tests.desktop.processes import Program


def main(argv: list[str]) -> int:
    asked = _options().parse_args(argv)
    command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
    width, _, height = asked.size.partition("x")
    with Desktop(asked.tray, asked.notifications, (int(width), int(height))) as desktop:
        for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "HOME"):
            _say(f"export {name}={desktop.env[name]}")
        status = _run(desktop.start(command, cwd=Path.cwd()), asked.after)
        if asked.shot:
            desktop.screenshot(asked.shot)
        _say(desktop.said())
    return status


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _run(program: Program, after: float | None) -> int:
    """Its status; 0 when it was still running at the end of the time it was given."""
    try:
        return program.wait(after)
    except subprocess.TimeoutExpired:
        return 0
    except KeyboardInterrupt:
        return 130


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.desktop",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--tray", choices=get_args(Tray), default="tint2")
    parser.add_argument("--notifications", choices=get_args(Notifications), default="dunst")
    parser.add_argument("--size", default="1280x800", help="of the screen, WIDTHxHEIGHT")
    parser.add_argument("--shot", metavar="FILE", help="keep a picture of the screen (PNG)")
    parser.add_argument("--after", type=float, metavar="SECONDS", help="end after that time")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
