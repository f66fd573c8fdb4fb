"""What the program runs in, for a report: nothing of it names a person. Free of Qt."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path

from desk_phone import __version__
from desk_phone.model.diagnostics import Part
from desk_phone.model.text import clean
from desk_phone.paths import Paths, paths
from desk_phone.store.examining import Examined, examine

_DESKTOP = ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "DESKTOP_SESSION", "QT_QPA_PLATFORM", "LANG")
_WORDS_AT_MOST = 60  # letters of what anybody may have set
_LIBRARIES = ("PySide6-Essentials", "PySide6", "zeep", "lxml", "urllib3", "truststore", "keyring")


def program_part() -> Part:
    facts = [
        ("Desk Phone", __version__),
        ("Python", platform.python_version()),
        ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("in one file", str(bool(getattr(sys, "frozen", False)))),
    ]
    facts += [(name, version) for name in _LIBRARIES if (version := _version(name))]
    return Part("Program", tuple(facts))


def desktop_part() -> Part:
    facts = [
        (name, clean(os.environ.get(name, ""))[:_WORDS_AT_MOST] or "not set") for name in _DESKTOP
    ]
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    facts += [(name, "set" if os.environ.get(name) else "not set") for name in screens]
    return Part("Desktop", tuple(facts))


def data_part(place: Paths) -> Part:
    """How the data is; where it lies only in so far as it is the usual place."""
    found = examine(place.database, place.backups)
    usual = place.root == paths().root
    facts = [
        ("directory", _told(place.root) if usual else "another than the usual one"),
        ("free on that disk", _free(place.root)),
        ("settings file", "there" if place.settings.exists() else "none"),
        *_database_facts(found),
    ]
    return Part("Data", tuple(facts))


def home_words() -> tuple[str, ...]:
    """The names of the person and the computer, as the system has them."""
    import getpass
    import socket

    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in the system's list
        user = ""
    return tuple(filter(None, (user, Path.home().name, socket.gethostname())))


def _database_facts(found: Examined) -> list[tuple[str, str]]:
    return [
        ("database", found.soundness),
        ("database size", f"{found.size} bytes"),
        ("database version", str(found.version)),
        ("backups", f"{found.backups}, newest {found.newest or 'none'}"),
        *((f"rows of {table}", str(count)) for table, count in found.rows),
    ]


def _told(root: Path) -> str:
    try:
        return f"~/{root.relative_to(Path.home()).as_posix()}"
    except ValueError:
        return "the usual one"


def _free(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free // 1_000_000} MB"
    except OSError as error:
        return type(error).__name__


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
