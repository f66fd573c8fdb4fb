"""A package is upgraded under the running program, which becomes the new one in the tray."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from desk_phone.system.replaced import SETTLES_MS
from desk_phone.ui.renewal import LOOKS_AGAIN_MS
from tests.desktop import Desktop, until
from tests.desktop.sandbox import ROOT
from tests.desktop.waiting import PATIENCE
from tests.e2e.program import Company, Phone
from tests.e2e.shown import MAIN, find, keep_picture, shown

pytestmark = pytest.mark.e2e

BUNDLE = """#!/bin/sh
# {version}
cd {root}
exec {python} -c '
import sys
sys.frozen, sys.executable = True, "{file}"
from desk_phone.cli import main
sys.exit(main())' "$@"
"""


def put(file: Path, version: str) -> None:
    """As a package's file is put there: written beside it, then renamed."""
    new = file.with_name("new")
    words = {"version": version, "root": ROOT, "python": sys.executable, "file": file}
    new.write_text(BUNDLE.format(**words), encoding="utf-8")
    new.chmod(0o755)
    new.replace(file)


def test_it_begins_anew_once_its_window_is_closed(desktop: Desktop) -> None:
    phone, place = Phone(desktop, Company(desktop).url), desktop.folder / "bundle"
    place.mkdir()
    file = place / "desk-phone"
    put(file, "a version")
    words = (str(file), "--data-dir", str(phone.paths.root), "--verbose")
    program = desktop.start(words, cwd=Path(os.sep))
    window = find(desktop, program, MAIN)  # without a password it waits there for one
    desktop.tray_icon()

    put(file, "another version")
    program.wait_for("replaced", SETTLES_MS / 1000 + PATIENCE)
    assert window.id in [each.id for each in shown(desktop, program)]  # nobody has closed it
    keep_picture(desktop, "upgraded")
    assert program.said().count("tray icon shown") == 1

    desktop.focus(window)
    desktop.key("alt+F4")
    desktop.wait_closed(window)
    until(
        lambda: program.said().count("tray icon shown") == 2,
        "it begins anew",
        LOOKS_AGAIN_MS / 1000 + PATIENCE,
    )
    assert program.poll() is None
    desktop.tray_icon()
    assert phone.run("calls", "--offline").status == 0  # by the one that runs now
    assert shown(desktop, program) == []
