"""``relay check`` looks at the folder, too: whether the relay could work there."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from desk_phone.model.secret import Secret
from desk_phone.options import read
from desk_phone.relay import command, configuration
from desk_phone.relay.state import checking
from desk_phone.relay.state.schema import STEPS
from desk_phone.said import Said, Status
from desk_phone.system.secrets import MemoryKeyring


class Usage(NamedTuple):
    free: int


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """However full the disk is where this runs."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(checking.ROOM))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    return folder


def check(state: Path) -> Said:
    file = next(folder for folder in state.parents if folder.is_dir()) / "relay.toml"
    file.write_text(
        f'state_dir = "{state}"\n[company]\nuser = "P0"\n[public]\nurl = "https://relay.example"\n'
    )
    options = read(["relay", "check", "--config", str(file)])
    return command.run(options, Secret(""), MemoryKeyring())


def test_all_is_well(state: Path) -> None:
    said = check(state)
    assert (said.status, said.err) == (Status.DONE, "")
    assert list(state.iterdir()) == []  # it only looks


def test_a_folder_that_will_be_made_at_the_start_is_no_fault(state: Path) -> None:
    assert check(state / "deep" / "within").status == Status.DONE


def test_a_file_in_its_place_is_told(state: Path) -> None:
    (state / "in the way").write_text("")
    assert "is no folder" in check(state / "in the way").err


def test_whose_folder_it_is_not_is_told(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root itself may write everywhere
    assert "may not write" in check(state).err
    assert "cannot make it" in check(state / "deep").err


def test_that_others_can_look_in_is_told(state: Path) -> None:
    state.chmod(0o755)
    said = check(state)
    assert (said.status, "chmod 700" in said.err) == (Status.BAD_INPUT, True)


def test_a_disk_that_is_nearly_full_is_told(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = checking.ROOM - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(left))
    assert "nearly full" in check(state).err


def test_a_damaged_database_and_one_of_a_newer_relay_are_told(state: Path) -> None:
    check(state)
    conf = configuration.read(state.parent / "relay.toml")
    conf.database.write_bytes(b"no database, whatever it was" * 100)
    assert "cannot be read" in check(state).err
    conf.database.unlink()
    with closing(sqlite3.connect(conf.database)) as db:
        db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    assert "newer relay" in check(state).err
