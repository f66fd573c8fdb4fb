"""A program and its arguments: no shell, no value that becomes an option or two arguments."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_phone.errors import BadInput
from desk_phone.model.calls import Call, Direction, Outcome
from desk_phone.model.crm import CrmCall
from desk_phone.model.crm_program import check_program, filled_program, split

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
CALL = Call(
    *(7, "+3726401234", "+37251234567", "51234567", Direction.INCOMING, Outcome.RINGING, NOW),
    name="Õie & Pojad",
)


def run(line: str, windows: bool = False, note: str = "", **fields: object) -> tuple[str, ...]:
    return filled_program(check_program(line, windows), CrmCall(replace(CALL, **fields), note))


def test_each_placeholder_stays_in_its_own_argument() -> None:
    assert run("crm --number={e164} {name} 'a b {digits}'") == (
        *("crm", "--number=+37251234567", "Õie & Pojad", "a b 37251234567"),
    )


@pytest.mark.parametrize(
    "name", ["a b", "a' 'b", 'a" "b', "$(reboot)", "`reboot`", "; reboot", "a\\", "{e164}", "\n"]
)
@pytest.mark.parametrize("windows", [False, True])
def test_no_value_becomes_two_arguments(name: str, windows: bool) -> None:
    made = run("crm {name} --note={note} end", windows, note=name, name=name)
    assert len(made) == 4
    assert made[0] == "crm"
    assert made[3] == "end"


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("-rf", "rf"),
        ("--exec=x", "exec=x"),
        ("/s", "s"),
        ("@file", "file"),
        ("+cmd", "cmd"),
        (" - - x", "x"),
        ("---", ""),
        ("Anna-Liisa", "Anna-Liisa"),
    ],
)
def test_a_name_at_the_beginning_is_never_an_option(name: str, argument: str) -> None:
    assert run("crm {name}", name=name) == ("crm", argument)
    assert run("crm {name}{note}", name="", note=name)[1] == argument


def test_behind_other_text_a_name_stays_as_it_is() -> None:
    assert run("crm --name={name}", name="-rf") == ("crm", "--name=-rf")


def test_an_empty_value_keeps_its_place() -> None:
    assert run("crm {name} {e164}", name="", other="") == ("crm", "", "")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("", "There is no program"),
        ("  ", "There is no program"),
        ("'crm", "A quotation mark is missing"),
        ("crm\n{e164}", "The program is one line of text"),
        ("{name}", "The name of the program must be written out"),
        ("/opt/{digits}/crm x", "The name of the program must be written out"),
        ("crm {phone}", "There is no placeholder {phone}"),
        ("cmd /c start {e164}", "Windows would run this through a shell"),
        (r"C:/Windows/System32/cmd.exe /k {name}", "Windows would run this through a shell"),
        ("sh -c 'echo {name}'", "A placeholder must not stand in program text"),
        ("/bin/bash -lc 'echo {name}'", "A placeholder must not stand in program text"),
        ("env bash -c '{name}'", "A placeholder must not stand in program text"),
        ("sh -c -x 'echo {name}'", "A placeholder must not stand in program text"),
        ("python3 -cprint('{name}')", "A placeholder must not stand in program text"),
        ("node --eval {name}", "A placeholder must not stand in program text"),
        ("perl -e 'print 1' -e {name}", "A placeholder must not stand in program text"),
        ("sh {name}", "A placeholder must not stand in program text"),
        ("su -c {name} user", "A placeholder must not stand in program text"),
        ("su user -c {name}", "A placeholder must not stand in program text"),
        ("perl -e {name}", "A placeholder must not stand in program text"),
        ("powershell {name}", "A placeholder must not stand in program text"),
        ("env -S 'crm {name}'", "A placeholder must not stand in program text"),
        ("busybox sh -c {name}", "A placeholder must not stand in program text"),
        ("xterm -e 'crm {name}'", "A placeholder must not stand in program text"),
        ("ssh crm.example open {name}", "A placeholder must not stand in program text"),
        ("cmd.exe. /c {name}", "Windows would run this through a shell"),
        ("pwsh -Command {name}", "A placeholder must not stand in program text"),
    ],
)
def test_a_program_that_cannot_be_run_says_why(line: str, title: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_program(line, windows=False)
    assert caught.value.title == title


@pytest.mark.parametrize("file", ["crm.bat", "C:/x/CRM.CMD", "crm.bat."])
def test_windows_runs_no_batch_files(file: str) -> None:
    with pytest.raises(BadInput, match="through a shell"):
        check_program(f"{file} {{name}}", windows=True)
    assert check_program(f"{file} {{name}}", windows=False).file == file


@pytest.mark.parametrize(
    "line",
    [
        "sh /home/me/crm.sh {name}",
        "python3 crm.py {name} --number={e164}",
        "powershell -File crm.ps1 {name}",
        "sh -c 'echo \"$1\"' x {name}",
        "crm -c {name}",
        "python3 crm.py -p {name}",
        "node crm.js --eval={e164} -n {name}",
        "env LANG=C crm {name}",
        "perl -e 'print 1' {name}",
    ],
)
def test_a_script_in_a_file_gets_values_as_arguments(line: str) -> None:
    assert "Õie & Pojad" in run(line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r"C:\Tools\crm.exe a", [r"C:\Tools\crm.exe", "a"]),
        (r'"C:\Program Files\crm.exe" "a b"', [r"C:\Program Files\crm.exe", "a b"]),
        (r'a "b\"c" d', ["a", 'b"c', "d"]),
        (r'a "b\\" d', ["a", "b\\", "d"]),
        (r"a b\\c 'd", ["a", r"b\\c", "'d"]),
        ('a "" b', ["a", "", "b"]),
        ('a b"c d"e', ["a", "bc de"]),
    ],
)
def test_windows_lines_are_split_as_windows_does(line: str, words: list[str]) -> None:
    assert split(line, windows=True) == words


@given(st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=0)))
def test_what_windows_quotes_is_split_again_into_the_same(words: list[str]) -> None:
    printable = ["".join(c for c in word if ord(c) != 127) for word in words]
    assert split(subprocess.list2cmdline(printable), windows=True) == printable


@pytest.mark.parametrize("name", ["$(touch hacked)", "; touch hacked", "`touch hacked`", "-n"])
def test_the_program_really_gets_what_the_caller_is_called(name: str) -> None:
    """Through the system, where a shell would show."""
    program = "import sys; print(ascii(sys.argv[1:]))"
    words = run(f"'{sys.executable}' - --name={{name}}", name=name)
    done = subprocess.run(
        [words[0], "-c", program, *words[1:]],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.strip() == ascii(["-", f"--name={name}"])
    assert not Path("hacked").exists()
