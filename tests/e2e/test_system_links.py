"""`system.links_linux` as the desktop's own tools see it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from desk_phone.system.links import Scheme
from desk_phone.system.links_linux import ENTRY, LinuxLinks
from tests.desktop import until

COMMAND = ("/usr/bin/env", "--data-dir", '/home/mari/100% "$x`y')  # one that is there


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "KDE_FULL_SESSION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def ask(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=20)
    return done.stdout + done.stderr


def test_the_entry_is_valid(home: Path) -> None:
    LinuxLinks(COMMAND).take(set(Scheme))
    entry = home / "XDG_DATA_HOME" / "applications" / ENTRY
    assert ask("desktop-file-validate", str(entry)) == ""


@pytest.mark.parametrize("scheme", Scheme)
def test_the_desktop_opens_the_links_with_us(home: Path, scheme: Scheme) -> None:
    kind = f"x-scheme-handler/{scheme}"
    links = LinuxLinks(COMMAND)
    links.take({scheme})
    assert ask("xdg-mime", "query", "default", kind).strip() == ENTRY
    assert ENTRY in ask("gio", "mime", kind)
    links.give_back()
    assert ENTRY not in ask("xdg-mime", "query", "default", kind)


def test_a_link_reaches_the_command_as_one_word(home: Path) -> None:
    """Through the desktop's own launcher, with a path that needs every quote there is."""
    script, said = home / "a $pla`ce" / 'say "it"', home / "said"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nfor word in "$@"; do echo "$word"; done > "{said}.new"\n'
                      f'mv "{said}.new" "{said}"\n')  # fmt: skip
    script.chmod(0o755)
    LinuxLinks((str(script), "--data-dir", "two words 100%")).take({Scheme.TEL})
    subprocess.run(["gio", "open", "tel:+372-640;x='y'"], check=True, timeout=20)
    until(said.exists, "the command ran")
    assert said.read_text().splitlines() == [
        *("--data-dir", "two words 100%", "open", "--", "tel:+372-640;x='y'"),
    ]
