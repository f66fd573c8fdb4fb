"""``desk-phone phonebook ...`` as a real process, against a company over HTTP; no screen needed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from desk_phone.said import Status
from desk_phone.simulator.company import PASSWORD
from tests.desktop import Program, until
from tests.desktop.sandbox import ROOT, Sandbox
from tests.desktop.waiting import PATIENCE
from tests.e2e.program import COMMAND, OWN, Company, Phone

pytestmark = pytest.mark.e2e

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
SAMPLES = ["Alice", "Bob", "A Client"]  # what the company has from the start


@pytest.fixture
def place() -> Iterator[Sandbox]:
    with Sandbox() as place:
        yield place


@pytest.fixture
def company(place: Sandbox) -> Company:
    return Company(place)


@pytest.fixture
def phone(place: Sandbox, company: Company) -> Phone:
    return Phone(place, company.url)


class Command:
    """Runs ``phonebook ...`` with the password on standard input, as there is no keyring."""

    def __init__(self, place: Sandbox, phone: Phone) -> None:
        self._place = place
        self._words = [*COMMAND, "--data-dir", str(phone.paths.root), "--password-stdin"]

    def begin(self, *words: str) -> Program:
        program = self._place.start_python(*self._words, "phonebook", *words, stdin=subprocess.PIPE)
        program.tell(PASSWORD)
        return program

    def __call__(self, *words: str) -> tuple[int, str]:
        """Its status and all that it said."""
        program = self.begin(*words)
        return program.wait(4 * PATIENCE), program.said()

    def json(self, *words: str) -> Any:
        status, said = self(*words, "--json")
        assert status == 0, said
        return json.loads(said)

    def states(self) -> dict[str, str]:
        return {entry["name"]: entry["state"] for entry in self.json("list")}


@pytest.fixture
def phonebook(place: Sandbox, phone: Phone) -> Command:
    return Command(place, phone)


def names(company: Company) -> list[str]:
    return [entry["name"] for entry in company.state()["entries"]]


def begin_offscreen(phone: Phone) -> Program:
    program = phone.start("--hidden", env=OFFSCREEN)
    program.wait_for("phonebook trusted")
    return program


def test_edits_without_a_connection_reach_the_service_later(
    company: Company, phonebook: Command
) -> None:
    company.tell(fault="dropped@listPhoneBookEntries*1")
    assert phonebook.json("add", "Žanna Щукина", "640 9999")["state"] == "waiting"
    assert phonebook.json("add", "Õnne", "00358401234567", "112")["state"] == "waiting"
    assert company.requests() == 0
    status, said = phonebook("sync")
    assert status in (Status.OFFLINE, Status.UNKNOWN), said
    assert phonebook.states() == {"Žanna Щукина": "waiting", "Õnne": "waiting"}
    assert phonebook.json("sync")["sent"] == 2
    assert names(company) == [*SAMPLES, "Zhanna Shchukina", "Õnne"]
    assert phonebook.states()["Žanna Щукина"] == "synced"


def test_a_lost_answer_adds_nobody_twice(company: Company, phonebook: Command) -> None:
    company.tell(fault="lost@AddEntry*1")
    phonebook.json("add", "Anna", "640 9999")
    assert phonebook("sync", "--wait", "20")[0] == 0
    assert names(company) == [*SAMPLES, "Anna"]
    assert company.requests("AddEntry") == 1


def test_killed_while_it_sends_it_sends_nothing_twice(company: Company, phonebook: Command) -> None:
    phonebook.json("add", "Anna", "640 9999")
    phonebook.json("sync")
    phonebook.json("edit", "1", "--name", "Anna Tamm")
    phonebook.json("add", "Bob B", "640 9998")
    company.tell(fault=["latency=60@updateEntry*1", "latency=60@AddEntry*1"])
    for operation, before in (("updateEntry", 0), ("AddEntry", 1)):
        command = phonebook.begin("sync")
        until(lambda op=operation, n=before: company.requests(op) > n, f"{operation} is sent")
        command.kill_all()
    assert phonebook("sync", "--wait", "20")[0] == 0
    assert sorted(names(company)) == sorted([*SAMPLES, "Anna Tamm", "Bob B"])
    assert (company.requests("AddEntry"), company.requests("updateEntry")) == (2, 1)


def test_killed_between_edit_and_sync_it_loses_nothing(
    company: Company, phone: Phone, phonebook: Command
) -> None:
    program = begin_offscreen(phone)
    company.tell(fault="500@listPhoneBookEntries")
    said = phone.run("phonebook", "add", "Anna", "640 9999")
    assert said.status == 0, said
    program.kill_all()
    company.tell(clear=True)
    assert phonebook.states()["Anna"] == "waiting"
    assert phonebook.json("sync")["sent"] == 1
    assert names(company) == [*SAMPLES, "Anna"]


def test_a_colleagues_edit_wins_and_ours_is_kept(company: Company, phonebook: Command) -> None:
    phonebook.json("sync")
    phonebook.json("edit", "1", "--name", "Alice Tamm")
    company.tell(entry={"id": "1", "name": "Alice Saar", "number1": "555111222"})
    status, said = phonebook("sync")
    assert status == Status.BAD_INPUT, said
    assert names(company)[0] == "Alice Saar"
    (conflict,) = phonebook.json("conflicts")
    assert conflict["ours"]["name"] == "Alice Tamm"
    phonebook.json("resolve", str(conflict["id"]), "mine")
    assert phonebook("sync")[0] == 0
    assert names(company)[0] == "Alice Tamm"


def test_an_empty_list_removes_nothing(company: Company, phonebook: Command) -> None:
    phonebook.json("sync")
    phonebook.json("edit", "1", "--name", "Alice Tamm")
    company.tell(fault="empty-list@listPhoneBookEntries")
    status, said = phonebook("sync")
    assert status == Status.UNKNOWN, said
    assert "gone at once" in said
    assert set(phonebook.states()) == {"Alice Tamm", "Bob", "A Client"}
    assert company.requests("updateEntry") == 0
    company.tell(clear=True)
    assert phonebook("sync")[0] == 0
    assert names(company)[0] == "Alice Tamm"


def test_the_running_program_does_it_and_names_its_calls(company: Company, phone: Phone) -> None:
    """Commands are handed over; two syncs at a time are one after the other."""
    company.ring("6409999", "SOMEBODY", after=-3600)
    program = begin_offscreen(phone)
    program.wait_for("line ready")
    said = phone.run("phonebook", "add", "Žanna", "640 9999", "--json")
    assert json.loads(said.out)["state"] == "waiting"
    assert [call["name"] for call in phone.calls()] == ["Žanna"]
    assert phone.run("phonebook", "sync").status == 0
    assert names(company) == [*SAMPLES, "Zhanna"]
    assert company.requests("AddEntry") == 1
    (call,) = phone.calls()
    assert (call["name"], call["name_source"]) == ("Žanna", "phonebook")


def test_an_edit_is_sent_by_the_running_program_by_itself(company: Company, phone: Phone) -> None:
    begin_offscreen(phone)
    said = phone.run("phonebook", "edit", "1", "--number2", OWN, "--json")
    assert said.status == 0, said
    until(lambda: company.requests("updateEntry") == 1, "the change is sent")
    until(lambda: '"synced"' in phone.run("phonebook", "list", "--json").out.split("}")[0], "done")


def test_files_are_named_from_where_the_command_stands(
    place: Sandbox, company: Company, phone: Phone
) -> None:
    begin_offscreen(phone)
    done = subprocess.run(
        [sys.executable, *phone.words("phonebook", "export", "people.vcf")],
        cwd=place.home,
        env={**place.env, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=4 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "FN:Alice" in (place.home / "people.vcf").read_text(encoding="utf-8")


def test_whoever_waits_in_vain_is_told_what_is_so(
    company: Company, phone: Phone, phonebook: Command
) -> None:
    """In a process of its own, and beside the running program, which goes on with the sync."""
    for number in range(4):
        phonebook.json("add", f"New {number}", f"640 000{number}")
    company.tell(fault="latency=5@AddEntry")
    status, said = phonebook("sync", "--wait", "4")
    assert status == Status.UNKNOWN, said
    assert "not sent yet; " in said
    assert "not confirmed yet" in said
    assert 0 < company.requests("AddEntry") < 4
    begin_offscreen(phone).wait_for("line ready")
    company.tell(fault="latency=4@AddEntry")
    assert phone.run("phonebook", "add", "Newer", "640 0009").status == 0
    waited = phone.run("phonebook", "sync", "--wait", "1")
    assert waited.status == Status.UNKNOWN, waited
    assert "The sync is still under way" in waited.err
    company.tell(clear=True)
    assert phone.run("phonebook", "sync", "--wait", "30").status == 0
    assert phone.run("phonebook", "status").status == 0
    assert company.requests("AddEntry") == 5


def test_another_accounts_copy_is_asked_about(
    company: Company, place: Sandbox, phone: Phone, phonebook: Command
) -> None:
    phonebook.json("sync")
    asked = company.requests("listPhoneBookEntries")
    status, said = phonebook("sync", "--user", "P9999999@elion.ee")
    assert status == Status.UNKNOWN, said
    assert "belongs to P0000000@elion.ee; you are now P9999999@elion.ee" in said
    assert company.requests("listPhoneBookEntries") == asked
    assert phonebook("resolve", "account", "new", "--user", "P9999999@elion.ee")[0] == 0
    assert phonebook.states() == {}
    assert phonebook("resolve", "account", "new")[0] == 0
    assert set(phonebook.states()) == set(SAMPLES)
