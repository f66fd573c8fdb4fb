"""The Debian and Ubuntu packages that the program and its tests need; elsewhere nothing to do."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable

from tools.talk import run, say

# What Qt's xcb and offscreen platforms load and no wheel brings, and one font to write with.
QT = (
    "fonts-inter",
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libfreetype6",
    "libgl1",
    "libglib2.0-0",
    "libgssapi-krb5-2",
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-shm0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libxcb-xinerama0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)

# What tests talk to on this computer, in any ring.
SERVERS = ("mosquitto", "mosquitto-clients")

# The private desktop of the end-to-end ring (tests/desktop), and what its tests look and type with.
DESKTOP = (
    "at-spi2-core",
    "chromium",
    "dbus",
    "dbus-x11",
    "desktop-file-utils",
    "dunst",
    "gnome-keyring",
    "imagemagick",
    "libglib2.0-bin",
    "libsecret-tools",
    "openbox",
    "tint2",
    "wmctrl",
    "x11-utils",
    "xclip",
    "xdg-utils",
    "xdotool",
    "xfce4-notifyd",
    "xvfb",
)


def here() -> bool:
    """Whether this is a system with dpkg and apt."""
    return all(shutil.which(program) for program in ("dpkg-query", "apt-get"))


def python_packages() -> tuple[str, ...]:
    """What Debian splits off Python and a virtual environment cannot do without."""
    if importlib.util.find_spec("ensurepip"):
        return ()
    return (f"python{sys.version_info.major}.{sys.version_info.minor}-venv",)


def missing(wanted: Iterable[str]) -> list[str]:
    """Those of ``wanted`` that neither are installed nor provided by an installed package."""
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}, ${Provides}\n"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    there: set[str] = set()
    for line in listing.splitlines():
        status, _, names = line.partition(" ")
        if status == "installed":  # "libglib2.0-0 (= 2.84)": newer releases provide the old names
            there.update(name.split()[0] for name in names.split(",") if name.strip())
    return sorted(set(wanted) - there)


def install(wanted: Iterable[str]) -> list[str]:
    """Install as root what is missing, else print how; return what is still missing."""
    lacking = missing(wanted)
    if not lacking:
        return []
    command = ["apt-get", "install", "-y", "--no-install-recommends", *lacking]
    if os.geteuid() != 0:
        say(
            "these system packages are missing; install them with\n\n  sudo "
            + " ".join(command)
            + "\n"
        )
        return lacking
    say("installing system packages: " + " ".join(lacking))
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], quiet)
    run(command, quiet)
    return missing(lacking)
