"""The installer: silently for one person and for all, upgraded while it runs, and away again.

What is installed is a stand-in of two small programs: the setups are built by tools/wine.py.
"""

from __future__ import annotations

import os
import subprocess
import time
import winreg
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SETUPS = Path(__file__).resolve().parents[2] / "build" / "wine" / "setups"
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\Desk Phone"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
PERSON, ALL = winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE
PATIENCE = 120  # seconds


def setup(version: int, more: str = "") -> int:
    """``more`` goes as it is: NSIS wants no quotes around a folder after /D."""
    line = f'"{SETUPS / f"setup-{version}.exe"}" /S {more}'
    return subprocess.run(line, timeout=PATIENCE, check=False).returncode


def told(root: int, path: str, name: str = "") -> str:
    """A value of the 64-bit registry; empty where there is none."""
    try:
        with winreg.OpenKey(root, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
            return str(winreg.QueryValueEx(key, name)[0])
    except OSError:  # not there, or going just now
        return ""


def uninstall(root: int) -> None:
    """As Windows' own list of programs does it; it goes on in a copy of itself."""
    line, folder = told(root, UNINSTALL, "QuietUninstallString"), place(root)
    assert line
    (folder / "given").unlink(missing_ok=True)  # the stand-in's, which no uninstaller knows
    subprocess.run(line, timeout=PATIENCE, check=True)
    wait_until(lambda: not folder.exists() and not told(root, UNINSTALL, "DisplayName"))


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end


def place(root: int) -> Path:
    return Path(told(root, UNINSTALL, "InstallLocation"))


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    yield
    for root in (PERSON, ALL):
        if told(root, UNINSTALL, "DisplayName"):
            uninstall(root)


def test_for_one_person_without_an_administrator() -> None:
    assert setup(1) == 0
    folder = place(PERSON)
    assert folder == Path(os.environ["LOCALAPPDATA"]) / "Programs" / "Desk Phone"
    assert {file.name for file in folder.iterdir()} == {
        *("desk-phone.exe", "desk-phone-console.exe", "_internal", "uninstall.exe")
    }
    assert told(PERSON, UNINSTALL, "DisplayVersion") == "0.0.1"
    assert told(ALL, UNINSTALL, "DisplayName") == ""
    menu = Path(os.environ["APPDATA"]) / "Microsoft/Windows/Start Menu/Programs/Desk Phone.lnk"
    assert menu.exists()
    assert told(PERSON, RUN, "Desk Phone") == ""  # nothing starts at the login
    assert told(PERSON, r"Software\Classes\tel", "Desk Phone") == ""  # nor are links taken
    uninstall(PERSON)
    assert not menu.exists()


def test_an_upgrade_takes_the_place_of_a_program_that_runs() -> None:
    setup(1)
    folder = place(PERSON)
    (folder / "_internal" / "of the old one.dll").touch()
    running = subprocess.Popen([folder / "desk-phone.exe"])
    try:
        assert setup(2) == 0
        running.wait(PATIENCE)
    finally:
        running.kill()
    given = folder / "given"
    wait_until(
        lambda: given.exists() and given.read_text() == "--hidden"
    )  # it goes on, in the tray
    assert told(PERSON, UNINSTALL, "DisplayVersion") == "0.0.2"
    assert [file.name for file in (folder / "_internal").iterdir()] == ["part.dll"]


def test_for_everybody_on_the_computer() -> None:
    assert setup(1, "/ALLUSERS") == 0
    assert place(ALL) == Path(r"C:\Program Files\Desk Phone")
    assert told(PERSON, UNINSTALL, "DisplayName") == ""
    assert setup(2, "/ALLUSERS") == 0
    assert told(ALL, UNINSTALL, "DisplayVersion") == "0.0.2"
    uninstall(ALL)
    assert not Path(r"C:\Program Files\Desk Phone").exists()


def test_into_a_folder_of_ones_own_and_an_upgrade_finds_it_again() -> None:
    assert setup(1, r"/D=C:\tools\phone here") == 0
    assert place(PERSON) == Path(r"C:\tools\phone here")
    assert setup(2) == 0
    assert place(PERSON) == Path(r"C:\tools\phone here")
    assert told(PERSON, UNINSTALL, "DisplayVersion") == "0.0.2"


def test_what_people_have_stays() -> None:
    data = Path(os.environ["LOCALAPPDATA"]) / "DeskPhone"
    data.mkdir(exist_ok=True)
    (data / "desk-phone.sqlite3").write_text("calls")
    setup(1)
    uninstall(PERSON)
    assert (data / "desk-phone.sqlite3").read_text() == "calls"
    (data / "desk-phone.sqlite3").unlink()


def test_what_the_program_wrote_into_the_registry_goes_with_it() -> None:
    setup(1)
    for path, name, value in (
        (RUN, "Desk Phone", "x"),
        (r"Software\Classes\tel", "Desk Phone", "DeskPhone.Link.1"),
        (r"Software\Classes\sip", "Desk Phone", "somebody else"),
        (r"Software\Desk Phone\Capabilities", "ApplicationName", "Desk Phone"),
    ):
        with winreg.CreateKey(PERSON, path) as key:
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)
    uninstall(PERSON)
    assert told(PERSON, RUN, "Desk Phone") == ""
    assert told(PERSON, r"Software\Classes\tel", "Desk Phone") == ""
    assert told(PERSON, r"Software\Desk Phone\Capabilities", "ApplicationName") == ""
    assert told(PERSON, r"Software\Classes\sip", "Desk Phone") == "somebody else"
    winreg.DeleteKey(PERSON, r"Software\Classes\sip")
