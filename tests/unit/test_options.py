"""The words of the command line."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from desk_phone import __version__
from desk_phone.errors import BadInput
from desk_phone.options import HelpWanted, Options, read
from desk_phone.simulate_options import DEMO_SEED

SECRET = "hunter2"
GLOBALS = [
    "--data-dir",
    "/data",
    "--service",
    "https://tel.example/",
    "--user",
    "P1",
    "--own",
    "6403231",
    "--password-stdin",
    "--json",
    "-v",
    "--lang",
    "et",
]
EVERY = Options(
    data_dir="/data",
    service="https://tel.example/",
    user="P1",
    own="6403231",
    password_stdin=True,
    json=True,
    verbose=True,
    lang="et",
)


def fails(*words: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(words)
    assert caught.value.title
    assert caught.value.message
    return caught.value


# global options


def test_without_a_word_it_is_the_tray_program() -> None:
    assert read([]) == Options()
    assert read(["--hidden"]) == Options(hidden=True)


@pytest.mark.parametrize("at", [0, 2, 4, 6, 8, 9, 10, 11, 13])
def test_global_options_stand_before_or_after_the_command(at: int) -> None:
    found = read([*GLOBALS[:at], "numbers", *GLOBALS[at:]])
    assert found == replace(EVERY, command="numbers")


def test_an_option_given_twice_counts_as_it_was_given_last() -> None:
    assert read(["--user", "A", "numbers", "--user", "B"]).user == "B"


@pytest.mark.parametrize("option", ["--data-dir", "--service", "--user", "--own"])
@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_value_is_a_mistake_and_not_the_default(option: str, value: str) -> None:
    assert option in fails(option, value, "numbers").title


def test_spaces_around_a_value_were_not_meant() -> None:
    assert read(["--user", " P1 "]).user == "P1"


def test_options_are_not_guessed_from_their_beginning() -> None:
    fails("--pas", "numbers")
    fails("--serv", "x", "numbers")
    fails("call", "51234567", "--even")


@pytest.mark.parametrize("words", [["--lang", "fi"], ["--lang"], ["--own"], ["-x"]])
def test_what_is_no_option(words: list[str]) -> None:
    fails(*words)


# a password is no argument


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--password", SECRET, "numbers"], id="as an option"),
        pytest.param([f"--password={SECRET}", "numbers"], id="with ="),
        pytest.param(["numbers", "--passwd", SECRET], id="misspelt"),
        pytest.param([f"--password-stdin={SECRET}", "numbers"], id="behind the right one"),
        pytest.param(["--password-stdin", SECRET, "numbers"], id="in the place of the command"),
        pytest.param(["numbers", "--password-stdin", SECRET], id="as a word too many"),
        pytest.param(["account", "set", SECRET, "--password-stdin"], id="behind set"),
    ],
)
def test_a_password_that_was_typed_is_not_repeated(words: list[str]) -> None:
    error = fails(*words)
    assert SECRET not in f"{error.title} {error.message} {error!r}"
    assert error.__cause__ is None


def test_behind_two_dashes_nothing_is_an_option() -> None:
    assert read(["call", "--", "--password"]).number == "--password"


# commands


def test_a_number_needs_no_quotes() -> None:
    wanted = Options(command="call", number="640 3231", yes=True)
    assert read(["call", "640", "3231", "--yes"]) == wanted
    assert read(["call", "--yes", "640", "3231"]) == wanted
    assert read(["call", "640 3231", "--yes"]) == wanted
    assert read(["call", "--yes", "--", "640", "3231"]) == wanted


def test_a_number_may_begin_with_anything() -> None:
    for number in ("+3726403231", "(640) 3231", "*21#", "-123"):
        assert read(["call", number]).number == number


def test_each_command_has_its_options() -> None:
    assert read(["call", "1", "--even-costly"]) == Options(
        command="call", number="1", even_costly=True
    )
    assert read(["calls", "--missed", "--offline"]) == Options(
        command="calls", missed=True, offline=True
    )
    assert read(["name", "Mari", "Maasikas"]) == Options(
        command="name", first="Mari", last="Maasikas"
    )
    for deed in ("set", "show", "forget"):
        assert read(["account", deed]) == Options(command="account", deed=deed)
    simulation = ["simulate", "--port", "1", "--seed", "2", "--speed", "3", "--first-call", "4"]
    faults = ["--fault", "lost@clickToCall*1", "--fault", "latency=2"]
    assert read([*simulation, *faults]) == Options(
        command="simulate",
        port=1,
        seed=2,
        speed=3.0,
        first_call=4.0,
        fault=("lost@clickToCall*1", "latency=2"),
    )
    assert read(["demo", "--seconds", "5", "--pictures", "x"]) == Options(
        command="demo", seconds=5.0, pictures="x", seed=DEMO_SEED
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["dial", "1"], id="no command"),
        pytest.param(["call"], id="no number"),
        pytest.param(["call", "1", "--missed"], id="another command's option"),
        pytest.param(["--yes", "call", "1"], id="a command's option before it"),
        pytest.param(["numbers", "1"], id="a word too many"),
        pytest.param(["name", "Mari"], id="half a name"),
        pytest.param(["account"], id="no deed"),
        pytest.param(["account", "steal"], id="no such deed"),
        pytest.param(["simulate", "--port", "x"], id="no port"),
        pytest.param(["simulate", "--speed", "fast"], id="no speed"),
        pytest.param(["demo", "--seconds", "soon"], id="no time"),
        pytest.param(["demo", "--seconds", "nan"], id="not a number"),
        pytest.param(["demo", "--seconds", "inf"], id="for ever"),
        pytest.param(["demo", "--seconds", "0"], id="not at all"),
    ],
)
def test_what_is_no_command(words: list[str]) -> None:
    assert fails(*words).message.startswith("usage: desk-phone")


def test_only_the_deeds_for_people_are_named() -> None:
    error = fails("account", "steal")
    assert "set, show, forget" in error.title
    assert "take" not in error.title + error.message


# help


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_names_every_command_and_global_option(word: str) -> None:
    with pytest.raises(HelpWanted) as caught:
        read([word])
    text = str(caught.value)
    commands = ("numbers", "call", "calls", "name", "account", "simulate", "demo")
    options = (word for word in GLOBALS if word.startswith("-"))
    for wanted in itertools.chain(commands, options, ("--version",)):
        assert wanted in text
    assert caught.value.command == ""


@pytest.mark.parametrize("command", ["numbers", "call", "calls", "name", "account", "simulate"])
def test_each_command_has_its_help(command: str) -> None:
    with pytest.raises(HelpWanted) as caught:
        read(["--json", command, "--help"])
    assert caught.value.command == command
    assert f"desk-phone {command}" in str(caught.value)


def test_help_is_given_before_anything_is_found_wrong() -> None:
    with pytest.raises(HelpWanted):
        read(["call", "--help", "--nonsense"])


def test_the_version() -> None:
    with pytest.raises(HelpWanted, match=__version__):
        read(["--version"])
