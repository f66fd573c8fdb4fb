"""Starting a program: really, without a shell, and with a word when it cannot be."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from desk_phone.errors import BadInput
from desk_phone.system import opening
from desk_phone.system.opening import run_program

HOSTILE = ["$(touch hacked)", "; touch hacked", "a b", "", "Õie", "'\"\\", "-n"]


@pytest.mark.skipif(sys.platform == "win32", reason="a script needs an interpreter there")
def test_a_program_gets_its_arguments_as_they_are(tmp_path: Path) -> None:
    script, out = tmp_path / "crm tool", tmp_path / "out"
    script.write_text(
        f"#!{sys.executable}\nimport sys, os\n"
        f"open({str(out)!r} + '.new', 'w').write(ascii(sys.argv[1:]))\n"
        f"os.rename({str(out)!r} + '.new', {str(out)!r})\n",
        encoding="utf-8",
    )
    script.chmod(0o700)
    run_program([str(script), *HOSTILE])
    _wait_for(out)
    assert out.read_text(encoding="utf-8") == ascii(HOSTILE)


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no program no-such-crm"):
        run_program(["no-such-crm", "x"])
    with pytest.raises(BadInput, match="There is no program"):
        run_program([str(tmp_path / "gone"), "x"])


def test_a_folder_is_no_program(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no program"):
        run_program([str(tmp_path)])


@pytest.mark.skipif(sys.platform == "win32", reason="there every file may be run")
def test_a_file_that_may_not_be_run_is_told(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(BadInput, match=r"notes\.txt is no program"):
        run_program([str(file)])


@pytest.mark.skipif(sys.platform == "win32", reason="there every file may be run")
def test_what_the_system_cannot_start_is_told(tmp_path: Path) -> None:
    file = tmp_path / "broken"
    file.write_text("#!/no/such/interpreter\n", encoding="utf-8")
    file.chmod(0o700)
    with pytest.raises(BadInput, match="broken could not be started"):
        run_program([str(file)])


def test_nothing_is_run_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "crm"
    file.write_text("#!/bin/sh\n", encoding="utf-8")
    file.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    for name in ("crm", "./crm"):
        with pytest.raises(BadInput, match="There is no program"):
            run_program([name])


def test_a_name_that_is_found_as_a_batch_file_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "crm.bat"
    file.write_text("@echo off\n", encoding="utf-8")
    file.chmod(0o700)
    monkeypatch.setattr(opening.shutil, "which", lambda _: str(file))
    with pytest.raises(BadInput, match="through a shell"):
        opening._found("crm", windows=True)
    assert opening._found("crm", windows=False) == file


def _wait_for(file: Path, seconds: float = 20.0) -> None:
    """Of another process there is nothing to be told by."""
    end = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert file.exists()
