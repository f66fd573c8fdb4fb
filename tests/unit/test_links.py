"""Links and the login under Linux, on files; the other systems as far as they can be had here."""

from __future__ import annotations

import plistlib
import shutil
import sys
from pathlib import Path

import pytest

from desk_phone.system import desktop_entry, ourselves
from desk_phone.system.autostart import Start
from desk_phone.system.autostart_linux import LinuxAutostart
from desk_phone.system.autostart_mac import MacAutostart
from desk_phone.system.links import Holder, Scheme
from desk_phone.system.links_linux import ENTRY, LinuxLinks
from desk_phone.system.this_system import autostart, links

COMMAND = ("/opt/Desk Phone/desk-phone", "--data-dir", '/home/mari/100% "$x`y\\z')
OURS = Holder(is_ours=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "system"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path / 'nothing'}:{tmp_path / 'for-all'}")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def install(home: Path, entry: str, name: str, schemes: str = "") -> None:
    """Another program, perhaps one that says it can open links."""
    folder = home / "system" / "applications"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / entry).write_text(f"[Desktop Entry]\nName={name}\nMimeType={schemes}\n")
    if schemes:
        lines = "".join(f"{kind}={entry};\n" for kind in schemes.split(";") if kind)
        (folder / "mimeinfo.cache").write_text(f"[MIME Cache]\n{lines}")


def chosen(home: Path) -> Path:
    return home / "config" / "mimeapps.list"


def choose(home: Path, text: str) -> None:
    chosen(home).parent.mkdir(parents=True, exist_ok=True)
    chosen(home).write_text(text)


def test_nobody_has_a_scheme_that_nobody_took(home: Path) -> None:
    assert LinuxLinks(COMMAND).holder(Scheme.TEL) == Holder()


def test_a_program_that_says_it_can_has_it_until_somebody_chooses(home: Path) -> None:
    install(home, "calls.desktop", "Calls", "x-scheme-handler/tel;")
    install(home, "skype.desktop", "Skype")
    assert LinuxLinks(COMMAND).holder(Scheme.TEL) == Holder(name="Calls")
    choose(home, "[Default Applications]\nx-scheme-handler/tel=gone.desktop;skype.desktop\n")
    assert LinuxLinks(COMMAND).holder(Scheme.TEL) == Holder(name="Skype")


def test_taking_and_giving_back_leaves_the_file_as_it_was(home: Path) -> None:
    before = (
        "[Added Associations]\nx-scheme-handler/tel=skype.desktop;\n\n"
        "[Default Applications]\ntext/html=firefox.desktop\nx-scheme-handler/tel=skype.desktop\n"
    )
    install(home, "skype.desktop", "Skype")
    choose(home, before)
    taken = LinuxLinks(COMMAND)
    taken.take({Scheme.TEL, Scheme.CALLTO})
    assert taken.holder(Scheme.TEL) == taken.holder(Scheme.CALLTO) == OURS
    assert taken.holder(Scheme.SIP) == Holder()
    assert "text/html=firefox.desktop" in chosen(home).read_text()
    taken.take({Scheme.TEL, Scheme.SIP})  # again: what was there first is not forgotten
    assert taken.holder(Scheme.CALLTO) == Holder()
    taken.give_back()
    assert sorted(chosen(home).read_text().split()) == sorted(before.split())
    assert taken.holder(Scheme.TEL) == Holder(name="Skype")
    assert not (home / "data" / "applications" / ENTRY).exists()


def test_a_first_choice_makes_the_file(home: Path) -> None:
    links = LinuxLinks(COMMAND)
    links.take({Scheme.TEL})
    assert chosen(home).read_text() == f"[Default Applications]\nx-scheme-handler/tel={ENTRY}\n"
    links.give_back()
    assert links.holder(Scheme.TEL) == Holder()


def test_an_entry_that_somebody_deleted_is_not_ours(home: Path) -> None:
    links = LinuxLinks(COMMAND)
    links.take({Scheme.TEL})
    (home / "data" / "applications" / ENTRY).unlink()
    assert links.holder(Scheme.TEL) == Holder()
    links.take({Scheme.TEL})
    assert links.holder(Scheme.TEL) == OURS


def test_a_folder_that_cannot_be_written_is_an_oserror_and_takes_nothing(home: Path) -> None:
    (home / "data").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="data"):
        LinuxLinks(COMMAND).take({Scheme.TEL})
    assert not chosen(home).exists()


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("plain", "plain"),
        ("100%", "100%%"),
        ("two words", '"two words"'),
        ('say "hi"', '"say \\\\"hi\\\\""'),
        ("a\\b c", '"a\\\\\\\\b c"'),
        ("$HOME `x`", '"\\\\$HOME \\\\`x\\\\`"'),
        ("", '""'),
    ],
)
def test_words_of_an_exec_line(word: str, line: str) -> None:
    assert desktop_entry.exec_line((word,)) == line


def test_a_value_cannot_begin_a_line_of_its_own() -> None:
    assert "Exec=evil" not in desktop_entry.entry({"Name": "x\nExec=evil"})


# the login


def test_the_login_is_set_and_forgotten(home: Path) -> None:
    login = LinuxAutostart(COMMAND)
    assert login.state() is Start.OFF
    login.set(False)
    login.set(True)
    assert login.state() is Start.ON
    entry = home / "config" / "autostart" / "desk-phone.desktop"
    assert "--hidden" in entry.read_text()
    login.set(False)
    assert (login.state(), entry.exists()) == (Start.OFF, False)


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_person_switched_off_elsewhere_is_said(home: Path, line: str) -> None:
    login = LinuxAutostart(COMMAND)
    login.set(True)
    entry = home / "config" / "autostart" / "desk-phone.desktop"
    entry.write_text(f"[Desktop Entry]\nType=Application\n{line}\n")
    assert login.state() is Start.FORBIDDEN
    login.set(True)
    assert login.state() is Start.ON


def for_all(home: Path, name: str, text: str) -> Path:
    """What an administrator set for everybody."""
    file = home / "for-all" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_what_an_administrator_starts_is_said_whatever_is_chosen_here(home: Path) -> None:
    login = LinuxAutostart(COMMAND)
    entry = for_all(home, "autostart/desk-phone.desktop", "[Desktop Entry]\nExec=desk-phone\n")
    assert login.state() is Start.EVERYBODY
    login.set(True)
    assert login.state() is Start.EVERYBODY
    login.set(False)
    assert login.state() is Start.EVERYBODY
    own = home / "config" / "autostart" / "desk-phone.desktop"
    own.write_text("[Desktop Entry]\nHidden=true\n")  # the person said so in the desktop's settings
    assert login.state() is Start.FORBIDDEN
    own.unlink()
    entry.write_text("[Desktop Entry]\nHidden=true\n")
    assert login.state() is Start.OFF


def test_links_that_an_administrator_gave_us_are_ours_for_all(home: Path) -> None:
    for_all(home, "mimeapps.list", f"[Default Applications]\nx-scheme-handler/tel={ENTRY}\n")
    it = LinuxLinks(COMMAND)
    assert it.holder(Scheme.TEL) == Holder()  # there is no such entry
    install(home, ENTRY, "Desk Phone", "x-scheme-handler/tel;")
    assert it.holder(Scheme.TEL) == Holder(is_ours=True, for_all=True)
    install(home, "skype.desktop", "Skype")
    choose(home, "[Default Applications]\nx-scheme-handler/tel=skype.desktop\n")
    assert it.holder(Scheme.TEL) == Holder(name="Skype")  # the person chose otherwise
    for_all(home, "mimeapps.list", "[Default Applications]\nx-scheme-handler/sip=skype.desktop\n")
    assert it.holder(Scheme.SIP) == Holder(name="Skype")


def test_the_login_of_a_mac(tmp_path: Path) -> None:
    login = MacAutostart(COMMAND, tmp_path, tmp_path / "root")
    assert login.state() is Start.OFF
    login.set(True)
    assert login.state() is Start.ON
    (agent,) = (tmp_path / "Library" / "LaunchAgents").iterdir()
    assert plistlib.loads(agent.read_bytes())["ProgramArguments"] == [*COMMAND, "--hidden"]
    agent.write_bytes(b"nonsense")
    with pytest.raises(OSError, match="Invalid"):
        login.state()
    login.set(False)
    assert login.state() is Start.OFF
    agents = tmp_path / "root" / "Library" / "LaunchAgents"
    agents.mkdir(parents=True)
    (agents / "ee.desk-phone.login.plist").write_bytes(plistlib.dumps({"RunAtLoad": True}))
    assert login.state() is Start.EVERYBODY


def test_this_system_has_both(home: Path) -> None:
    assert links(COMMAND, home / "former").holder(Scheme.TEL) == Holder()
    assert autostart(COMMAND).state() is Start.OFF


def test_the_program_is_started_by_what_can_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ourselves.command(Path("/data"))
    assert words[-2:] == ("--data-dir", "/data")
    assert shutil.which(words[0])
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert ourselves.command() == (sys.executable,)
