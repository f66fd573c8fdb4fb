"""What is shipped, and what a package says of itself; that it works is tried by building it."""

from __future__ import annotations

import configparser
import os
import runpy
import shlex
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from desk_phone.app.licences import text_of
from tools.bundled import is_kept
from tools.help_texts import completion, manual

INSTALLERS = Path(__file__).parents[2] / "installers"
LINUX = INSTALLERS / "linux"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The command of this checkout."""
    command = tmp_path / "desk-phone"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m desk_phone "$@"\n')
    command.chmod(0o755)
    return command


def test_installing_takes_no_links_and_starts_nothing_at_login() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(LINUX / "desk-phone.desktop", encoding="utf-8")
    assert "MimeType" not in entry["Desktop Entry"]
    assert not [file for file in LINUX.rglob("*") if "autostart" in str(file)]
    assert not [file for file in LINUX.iterdir() if file.stem in ("postinst", "prerm", "postrm")]


def test_a_software_centre_finds_the_entry_and_the_command() -> None:
    told = ET.parse(LINUX / "ee.desk_phone.DeskPhone.metainfo.xml").getroot()
    assert told.findtext("launchable") == "desk-phone.desktop"
    assert told.findtext("provides/binary") == "desk-phone"


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        pytest.param("PySide6/Qt/plugins/platforms/libqxcb.so", True, id="xcb"),
        pytest.param("PySide6\\plugins\\platforms\\qwindows.dll", True, id="windows"),
        pytest.param("PySide6/Qt/plugins/platforms/libqvnc.so", False, id="a-platform-of-nobody"),
        pytest.param("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False, id="a-kind-of-nobody"),
        pytest.param("PySide6/Qt/translations/qtbase_et.qm", True, id="our-language"),
        pytest.param("PySide6/Qt/translations/qtbase_fr.qm", False, id="another-language"),
        pytest.param("desk_phone/resources/locale/et/LC_MESSAGES/desk_phone.mo", True, id="words"),
        pytest.param("libQt6PrintSupport.so.6", True, id="printing"),
        pytest.param("opengl32sw.dll", False, id="drawing-by-software"),
    ],
)
def test_what_is_shipped(inside: str, kept: bool) -> None:
    assert is_kept(inside) is kept


def test_the_desktop_has_its_own_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert not is_kept("libglib-2.0.so.0")
    assert not is_kept("libstdc++.so.6")


def test_the_manual_page_tells_what_help_tells(program: Path) -> None:
    page = manual(LINUX / "desk-phone.1", program, "1.2.3")
    assert ".B phonebook\nthe company's phonebook" in page
    assert "\\-\\-hidden" in page
    assert "Desk Phone 1.2.3" in page
    assert not [hole for hole in ("@COMMANDS@", "@OPTIONS@", "@STATUSES@") if hole in page]


def test_the_completion_knows_the_deeds_of_a_command(program: Path) -> None:
    lines = completion(program).splitlines()
    phonebook = next(line for line in lines if line.strip().startswith("phonebook)"))
    assert "import export" in phonebook
    assert "--data-dir" in phonebook


@pytest.mark.parametrize("name", ["PySide6-Essentials", "shiboken6"])
def test_the_licence_of_qt_is_there_although_its_wheels_bring_none(name: str) -> None:
    text = text_of(name)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text


@pytest.mark.parametrize("before", ["/opt/theirs", None], ids=["was-set", "was-not-set"])
def test_what_a_bundle_starts_loads_the_libraries_it_would_have_loaded(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/desk-phone/_internal")
    if before is None:
        monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    else:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    runpy.run_path(str(INSTALLERS / "run_time_hook.py"))
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
