"""``sources ...``, each command as a process of its own does it over one data directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desk_phone.app.commands import run
from desk_phone.app.elsewhere import keyring_item
from desk_phone.app.office import overrides
from desk_phone.cli.sources import adds_source, with_password_kept, with_whole_path
from desk_phone.errors import BadInput
from desk_phone.model.secret import Secret
from desk_phone.options import Options, read
from desk_phone.said import Said, Status
from desk_phone.system.secrets import NoKeyring
from tests.contract.address_books import AddressBooks, card
from tests.offices import FailingKeyring, Workplace

SECRET = Secret("verborgen")


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "old contacts.csv"
    file.write_text("Name,Phone,Mobile\nMari,640 1234,5123 4567\nKaja,ask,\n")
    return file


def do(place: Workplace, *words: str) -> Any:
    said = place.command("sources", *words, "--json")
    assert (said.status, said.err) == (0, ""), said
    return json.loads(said.out)


def test_nothing_yet_and_what_to_do(place: Workplace) -> None:
    assert do(place) == []
    assert "sources add" in place.command("sources").out


def test_a_source_is_added_listed_and_removed(place: Workplace, file: Path) -> None:
    (added,) = do(place, "add", "file", str(file), "--label", "Old")
    read_at = added.pop("read_at")
    assert read_at.startswith("2026-11-24T14:30")
    assert added == {
        "id": 1,
        "kind": "file",
        "address": str(file),
        "label": "Old",
        "user": None,
        "entries": 1,
        "left_out": 1,
        "trouble": None,
    }
    assert [source["label"] for source in do(place, "list")] == ["Old"]
    assert "Old" in place.command("sources").out
    assert do(place, "remove", "1") == []
    assert do(place) == []


def test_a_file_that_is_gone_ends_with_bad_input_and_keeps_its_people(
    place: Workplace, file: Path
) -> None:
    do(place, "add", "file", str(file))
    file.unlink()
    said = place.command("sources", "read", "--json")
    assert said.status == Status.BAD_INPUT
    assert said.err.startswith("The file is not there\n")
    (source,) = json.loads(said.out)
    assert source["entries"] == 1
    assert source["trouble"].startswith("The file is not there. ")
    assert "The file is not there" in place.command("sources").out


def test_one_trouble_does_not_keep_the_others_from_being_read(place: Workplace, file: Path) -> None:
    gone = file.with_name("gone.csv")
    gone.write_text("Name,Phone\nJaan,640 1236\n")
    do(place, "add", "file", str(gone))
    gone.unlink()
    do(place, "add", "file", str(file))
    file.write_text("Name,Phone\nMari,640 1234\nKaja,640 1235\n")
    assert place.command("sources", "read").status == Status.BAD_INPUT
    assert [source["entries"] for source in do(place)] == [1, 2]


def test_what_cannot_be_read_at_first_is_not_added(place: Workplace, file: Path) -> None:
    said = place.command("sources", "add", "file", str(file.with_name("gone.csv")))
    assert (said.status, said.out) == (Status.BAD_INPUT, "")
    assert said.err.count("\n") == 2
    assert said.err.endswith("The source was not added.\n")
    assert do(place) == []
    assert do(place, "add", "file", str(file))[0]["entries"] == 1


def test_a_refused_password_adds_nothing_and_is_forgotten(place: Workplace) -> None:
    books = AddressBooks({"work": {"1.vcf": card("Anna", "5123 4567")}}, "mari", "verborgen")
    with books as server:
        words = ("sources", "add", "--user", "mari", "carddav", server.url())
        seen: list[tuple[str, ...]] = []
        assert kept(place, words, Secret("wrong"), seen).status == Status.CREDENTIALS
    assert do(place) == []
    key = seen[0][seen[0].index("--kept") + 1]
    assert not place.keyring.read(keyring_item(key))


@pytest.mark.parametrize(
    "words",
    [
        ("read", "7"),
        ("remove", "7"),
        ("add", "web", "http://host.example/"),
        ("add", "ldap", "ldaps://"),
        ("add", "carddav", "https://host.example/", "--user", "mari"),
    ],
)
def test_what_cannot_be_done_is_bad_input(place: Workplace, words: tuple[str, ...]) -> None:
    said = place.command("sources", *words)
    assert said.status == Status.BAD_INPUT
    assert said.err.count("\n") == 2
    assert do(place) == []


@pytest.mark.parametrize("words", [("add", "fax", "x"), ("add", "file"), ("remove",), ("bogus",)])
def test_other_words_are_no_command(words: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        read(("sources", *words))


def test_the_user_of_a_source_is_not_the_account_s() -> None:
    options = read(("sources", "add", "carddav", "https://host.example/", "--user", "mari"))
    assert "user" not in overrides(options)
    assert "user" in overrides(read(("numbers", "--user", "mari")))


# In the process of the command


def runs(place: Workplace, seen: list[tuple[str, ...]]) -> Callable[..., Said]:
    def run_words(options: Options, words: tuple[str, ...]) -> Said:
        seen.append(words)
        assert read(words) == options
        return place.command(*words)

    return run_words


def kept(place: Workplace, words: tuple[str, ...], password: Secret, seen: list[Any]) -> Said:
    return with_password_kept(
        *(read(words), words, password, place.keyring, runs(place, seen)),
    )


@pytest.mark.parametrize("dashes", [(), ("--",)])
def test_a_password_goes_into_the_keyring_and_not_through_the_words(
    place: Workplace, dashes: tuple[str, ...]
) -> None:
    books = AddressBooks({"work": {"1.vcf": card("Anna", "5123 4567")}}, "mari", "verborgen")
    seen: list[tuple[str, ...]] = []
    with books as server:
        words = ("sources", "add", "--user", "mari", *dashes, "carddav", server.url())
        said = kept(place, words, SECRET, seen)
        assert (said.status, said.err) == (0, "")
        assert do(place)[0]["entries"] == 1
        assert do(place, "read")[0]["trouble"] is None  # another process finds it again
    assert "verborgen" not in repr(seen)
    key = seen[0][seen[0].index("--kept") + 1]
    assert place.keyring.read(keyring_item(key)) == SECRET
    do(place, "remove", "1")
    assert not place.keyring.read(keyring_item(key))


def test_a_password_of_what_was_not_added_is_forgotten(place: Workplace) -> None:
    seen: list[tuple[str, ...]] = []
    words = ("sources", "add", "carddav", "http://host.example/", "--user", "mari")
    assert kept(place, words, SECRET, seen).status == Status.BAD_INPUT
    key = seen[0][seen[0].index("--kept") + 1]
    assert not place.keyring.read(keyring_item(key))


def test_without_a_keyring_nothing_is_added(place: Workplace) -> None:
    place.keyring.trouble = NoKeyring("No keyring", "None")
    seen: list[tuple[str, ...]] = []
    words = ("sources", "add", "carddav", "https://host.example/", "--user", "mari")
    with pytest.raises(NoKeyring):
        kept(place, words, SECRET, seen)
    assert seen == []


def test_nobody_names_a_kept_password_by_hand(place: Workplace) -> None:
    words = ("sources", "add", "web", "https://host.example/", "--user", "m", "--kept", "k")
    with pytest.raises(BadInput, match="not for you"):
        kept(place, words, SECRET, [])


def test_a_file_is_named_from_where_the_command_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("sources", "add", "file", "contacts.csv", "--label", "x")
    options, given = with_whole_path(read(words), words)
    assert options.address == given[3] == str(tmp_path / "contacts.csv")
    words = ("sources", "add", "web", "https://host.example/")
    assert with_whole_path(read(words), words) == (read(words), words)
    assert adds_source(read(words))
    assert not adds_source(read(("sources",)))


def test_a_desk_without_sources_says_so(place: Workplace) -> None:
    from dataclasses import replace

    from desk_phone.app.acts import perform

    with place.open() as office:
        desk = replace(place.desk(office), elsewhere=None)
        assert perform(run(desk, read(("sources",)))).status == Status.BAD_INPUT


def test_a_failing_keyring_is_told_and_the_source_stays(place: Workplace) -> None:
    books = AddressBooks({"work": {"1.vcf": card("Anna", "5123 4567")}}, "mari", "verborgen")
    with books as server:
        words = ("sources", "add", "--user", "mari", "carddav", server.url())
        kept(place, words, SECRET, [])
        assert isinstance(place.keyring, FailingKeyring)
        place.keyring.trouble = NoKeyring("No keyring", "None")
        said = place.command("sources", "read")
    assert said.status != 0
    assert "No keyring" in said.err
    place.keyring.trouble = None
    assert do(place)[0]["entries"] == 1
