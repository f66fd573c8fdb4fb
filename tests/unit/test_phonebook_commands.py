"""``phonebook ...``, each command as a process of its own does it over one data directory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desk_phone.app.acts import Act, Errand, perform
from desk_phone.app.commands import run
from desk_phone.app.sync import Synced
from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Uncertain
from desk_phone.options import read
from desk_phone.said import Said, Status
from desk_phone.store import phonebook as store
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry
from tests.offices import RIGHT, USER, WRONG, Workplace, full_disk, told

DOWN = Offline("No network", "Try later.")
SILENT = Uncertain("No answer", "Look.")
MOBILE, OFFICE = "+37251234567", "+3726409999"


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path)
    place.keyring.keep(USER, RIGHT)
    return place


def do(place: Workplace, *words: str) -> Any:
    """What a command that worked printed as JSON."""
    said = place.command("phonebook", *words, "--json")
    assert (said.status, said.err) == (0, ""), said
    return json.loads(said.out)


def failed(said: Said, status: Status, *words: str) -> None:
    assert said.status == status, said
    assert said.err.count("\n") == 2
    for word in words:
        assert word in said.err


def sync(place: Workplace) -> Said:
    return place.command("phonebook", "sync")


def listed(place: Workplace) -> list[dict[str, Any]]:
    return list(do(place, "list"))


def states(place: Workplace) -> dict[str, str]:
    return {entry["name"]: entry["state"] for entry in listed(place)}


def there(place: Workplace) -> list[tuple[str, str, str]]:
    """What the service has."""
    return [(e.name, e.number1, e.number2) for e in place.telco.entries_.values()]


def somebody_writes(place: Workplace, *entries: Entry) -> None:
    place.telco.entries_.update({entry.id: entry for entry in entries})


# what cannot be

REFUSED_WORDS = [
    pytest.param(("add", "", "5123456"), "needs a name", id="no name"),
    pytest.param(("add", " \u200b ", "5123456"), "needs a name", id="a name that is not seen"),
    pytest.param(("add", "☎☎", "5123456"), "needs a name", id="a name of no letters"),
    pytest.param(("add", "A" * 129, "5123456"), "128", id="a long name"),
    pytest.param(("add", "щ" * 40, "5123456"), "128", id="a name that is long on the phones"),
    pytest.param(("add", "Anna", ""), "needs one number", id="no number"),
    pytest.param(("add", "Anna", "abc"), "abc is no phone number", id="letters"),
    pytest.param(("add", "Anna", "*21#"), "* and #", id="codes"),
    pytest.param(("add", "Anna", "640 3231-33"), "range", id="a range"),
    pytest.param(("add", "Anna", "640 3231 ext 5"), "extension", id="an extension"),
    pytest.param(("add", "Anna", "12"), "Too short", id="a short number"),
    pytest.param(("add", "Anna", "1" * 20), "no phone number", id="a long number"),
    pytest.param(("add", "Anna", "5123456", "x"), "x is no phone number", id="the second number"),
    pytest.param(("edit", "7", "--name", "Bob"), "no entry 7", id="nobody to edit"),
    pytest.param(("delete", "7"), "no entry 7", id="nobody to delete"),
    pytest.param(("resolve", "7", "mine"), "no such conflict", id="no conflict"),
    pytest.param(("undo",), "nothing to undo", id="nothing to undo"),
    pytest.param(("restore", "7"), "no snapshot 7", id="no snapshot"),
    pytest.param(("import", "/nowhere/x.csv"), "", id="no file"),
    pytest.param(("export", "/nowhere/x.pdf"), ".csv, .txt, .vcf, .vcard", id="an odd ending"),
    pytest.param(("export", "/nowhere/x"), ".csv, .txt, .vcf, .vcard", id="no ending"),
    pytest.param(("export", "/nowhere/x.csv"), "could not be written", id="no folder"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED_WORDS)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    place: Workplace, words: tuple[str, ...], said: str
) -> None:
    failed(place.command("phonebook", *words), Status.BAD_INPUT, said)
    assert listed(place) == []
    assert place.knocked == []


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="no deed"),
        pytest.param(("rename",), id="an unknown deed"),
        pytest.param(("add", "Anna"), id="no number"),
        pytest.param(("edit", "--name", "Anna"), id="no id"),
        pytest.param(("delete", "Anna"), id="an id of letters"),
        pytest.param(("resolve", "1", "ours"), id="an unknown decision"),
        pytest.param(("sync", "--wait", "-1"), id="time that is past"),
        pytest.param(("sync", "--wait", "soon"), id="time without a number"),
        pytest.param(("add", "A", "1", "2", "3"), id="three numbers"),
    ],
)
def test_words_that_are_no_command_are_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        read(["phonebook", *words])


def test_a_full_disk_keeps_nothing_and_says_so(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(place, "list")
    monkeypatch.setattr(store, "writing", full_disk)
    failed(place.command("phonebook", "add", "Anna", MOBILE), Status.BAD_INPUT, "No room")


def test_the_same_twice_is_already_there(place: Workplace) -> None:
    do(place, "add", "Anna", MOBILE, OFFICE)
    failed(place.command("phonebook", "add", "Anna", OFFICE, MOBILE), Status.BAD_INPUT, "already")
    assert len(listed(place)) == 1


def test_an_edit_that_changes_nothing_is_no_edit(place: Workplace) -> None:
    do(place, "add", "Anna", MOBILE)
    failed(place.command("phonebook", "edit", "1"), Status.BAD_INPUT, "--number2")


def test_an_entry_in_the_trash_is_not_edited(place: Workplace) -> None:
    somebody_writes(place, Entry("5", "Anna", MOBILE), Entry("6", "Bob", OFFICE))
    sync(place)
    do(place, "delete", "1")
    sync(place)
    failed(place.command("phonebook", "edit", "1", "--name", "A"), Status.BAD_INPUT, "trash")
    assert do(place, "conflicts") == []


# offline

LISTING_TROUBLE = [
    pytest.param(DOWN, Status.OFFLINE, id="offline"),
    pytest.param(SILENT, Status.UNKNOWN, id="uncertain"),
    pytest.param(refusal("ERR003", "x"), Status.REFUSED, id="not allowed"),
    pytest.param(BadCredentials("No", "Enter"), Status.CREDENTIALS, id="credentials"),
]


@pytest.mark.parametrize(("error", "status"), LISTING_TROUBLE)
def test_edits_without_a_connection_are_kept_and_sent_later(
    place: Workplace, error: PhoneError, status: Status
) -> None:
    do(place, "add", "Anna", MOBILE)
    do(place, "edit", "1", "--name", "Anna Tamm")
    assert place.knocked == []
    place.telco.trouble["entries"].append(error)
    failed(sync(place), status)
    assert (states(place), there(place)) == ({"Anna Tamm": "waiting"}, [])
    place.command("account", "forget")
    place.keyring.keep(USER, RIGHT)
    assert sync(place).status == 0
    assert (states(place), there(place)) == ({"Anna Tamm": "synced"}, [("Anna Tamm", MOBILE, "")])


def test_a_refused_password_is_sent_once(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    do(place, "add", "Anna", MOBILE)
    for _ in range(3):
        failed(sync(place), Status.CREDENTIALS, "desk-phone account set")
    assert place.refused == 1
    assert states(place) == {"Anna": "waiting"}


# names and numbers


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        pytest.param("Žanna Šults", "Zhanna Shults", id="Estonian"),
        pytest.param("Наталья Щербакова", "Natalia Shcherbakova", id="Cyrillic"),
        pytest.param("Õnne Äöü", "Õnne Äöü", id="as it is"),
        pytest.param("  Anna \t Tamm ", "Anna Tamm", id="spaces"),
        pytest.param("O\u0308ie", "Öie", id="composed"),
        pytest.param("R&D <b> 'x'", "R&D <b> 'x'", id="signs"),
    ],
)
def test_the_own_spelling_stays_here_and_the_phones_get_theirs(
    place: Workplace, name: str, wire: str
) -> None:
    entry = do(place, "add", name, "640 9999")
    assert (entry["name"], entry["wire_name"]) == (
        " ".join(name.replace("O\u0308", "Ö").split()),
        wire,
    )
    assert sync(place).status == 0
    assert there(place) == [(wire, OFFICE, "")]
    assert listed(place)[0]["name"] == entry["name"]


@pytest.mark.parametrize(
    ("text", "e164", "on_the_wire"),
    [
        pytest.param("640 9999", OFFICE, "6409999", id="national"),
        pytest.param("+372 5123 4567", MOBILE, "51234567", id="international"),
        pytest.param("00358401234567", "+358401234567", "00358401234567", id="abroad"),
        pytest.param("112", None, "112", id="short"),
        pytest.param("555111222", None, "555111222", id="in no plan, as in the service's sample"),
    ],
)
def test_numbers_are_read_in_any_form(
    place: Workplace, text: str, e164: str | None, on_the_wire: str
) -> None:
    entry = do(place, "add", "Anna", text)
    assert (entry["number1"], entry["number1_text"]) == (e164, on_the_wire)
    assert (entry["number2"], entry["number2_text"]) == (None, None)
    sync(place)
    assert states(place) == {"Anna": "synced"}


def test_a_record_says_all_of_an_entry(place: Workplace) -> None:
    somebody_writes(place, Entry("17", "Zhanna", MOBILE, "555111222"))
    sync(place)
    do(place, "edit", "1", "--name", "Žanna")
    assert listed(place) == [
        {
            "id": 1,
            "server_id": 17,
            "name": "Žanna",
            "wire_name": "Zhanna",
            "number1": MOBILE,
            "number2": None,
            "number1_text": "51234567",
            "number2_text": "555111222",
            "state": "synced",  # the phones show the same as before
            "source": "service",
        }
    ]


@pytest.mark.parametrize(
    ("options", "name", "numbers"),
    [
        pytest.param(("--name", "Bob"), "Bob", (MOBILE, "555111222"), id="the name"),
        pytest.param(("--number1", "6409999"), "Anna", (OFFICE, "555111222"), id="one number"),
        pytest.param(("--number2", "6409999"), "Anna", (MOBILE, OFFICE), id="the other"),
        pytest.param(("--number2", ""), "Anna", (MOBILE, ""), id="none any more"),
        pytest.param(("--number1", ""), "Anna", ("555111222", ""), id="the second becomes first"),
    ],
)
def test_what_an_edit_does_not_name_stays(
    place: Workplace, options: tuple[str, ...], name: str, numbers: tuple[str, str]
) -> None:
    somebody_writes(place, Entry("17", "Anna", MOBILE, "555111222"))
    sync(place)
    do(place, "edit", "1", *options)
    assert sync(place).status == 0
    assert there(place) == [(name, *numbers)]


def test_a_new_number_leaves_the_own_spelling(place: Workplace) -> None:
    do(place, "add", "Žanna", MOBILE)
    entry = do(place, "edit", "1", "--number1", OFFICE)
    assert (entry["name"], entry["wire_name"]) == ("Žanna", "Zhanna")


def test_an_undone_name_comes_back_in_its_own_spelling(place: Workplace) -> None:
    do(place, "add", "Žanna", MOBILE)
    do(place, "edit", "1", "--name", "Шанна")
    assert do(place, "undo")["name"] == "Žanna"


# lost answers


def test_an_add_without_an_answer_is_looked_for_not_sent_again(place: Workplace) -> None:
    do(place, "add", "Anna", MOBILE)
    place.telco.trouble["add_entry"].append(SILENT)
    failed(sync(place), Status.UNKNOWN, "No answer")
    assert states(place) == {"Anna": "waiting"}
    assert sync(place).status == 0
    assert there(place) == [("Anna", MOBILE, "")]


def test_what_was_sent_and_what_was_not_is_told_apart(place: Workplace) -> None:
    do(place, "add", "Anna", MOBILE)
    do(place, "add", "Bob", OFFICE)
    do(place, "add", "Chef", "112")
    place.telco.trouble["add_entry"] += [SILENT]
    sync(place)
    failed(
        place.command("phonebook", "status"),
        *(Status.UNKNOWN, "2 changes are not sent yet; 1 change is not confirmed yet"),
    )


@pytest.mark.parametrize(("error", "status"), LISTING_TROUBLE)
def test_a_sync_that_did_nothing_counts_nothing(
    place: Workplace, error: PhoneError, status: Status
) -> None:
    place.telco.trouble["entries"].append(error)
    said = sync(place)
    assert (said.status, said.out) == (status, "")


def test_an_add_that_no_list_shows_is_parked(place: Workplace) -> None:
    do(place, "add", "Anna", MOBILE)
    place.telco.trouble["add_entry"].append(SILENT)
    sync(place)
    place.telco.entries_.clear()
    failed(sync(place), Status.UNKNOWN, "1 change is not confirmed yet")
    place.clock.pass_(seconds=100)
    failed(sync(place), Status.UNKNOWN, "in no list")
    assert states(place) == {"Anna": "parked"}
    do(place, "delete", "1")
    assert sync(place).status == 0


def test_what_the_service_refused_tells_its_words(place: Workplace) -> None:
    do(place, "add", "Anna", MOBILE)
    place.telco.trouble["add_entry"].append(refusal("ERR002", "Bad member"))
    failed(sync(place), Status.REFUSED, "Entry 1 was refused")
    assert states(place) == {"Anna": "parked"}
    do(place, "edit", "1", "--number1", OFFICE)
    assert sync(place).status == 0


def test_a_list_that_lost_everything_removes_nothing_and_stops_writing(place: Workplace) -> None:
    somebody_writes(place, *(Entry(str(n), f"Name {n}", f"+3726400{n:03}") for n in range(1, 10)))
    sync(place)
    do(place, "edit", "1", "--name", "Anna")
    kept, place.telco.entries_ = place.telco.entries_, {}
    failed(sync(place), Status.UNKNOWN, "9 entries are gone at once")
    assert len(states(place)) == 9
    assert there(place) == []
    asked = len(place.telco.asked)
    failed(place.command("phonebook", "sync", "--wait", "5"), Status.UNKNOWN, "gone at once")
    assert len(place.telco.asked) == asked  # whoever waits does not look the sooner
    place.telco.entries_ = kept
    assert sync(place).status == 0
    assert there(place)[0] == ("Anna", "+3726400001", "")


def test_a_list_in_doubt_is_told_even_when_nothing_of_ours_waits(place: Workplace) -> None:
    somebody_writes(place, *(Entry(str(n), f"Name {n}", f"+3726400{n:03}") for n in range(1, 10)))
    sync(place)
    place.telco.entries_.clear()
    said = sync(place)
    assert said.status == 0
    assert "gone at once" in said.err


# others


@pytest.fixture
def at_odds(place: Workplace) -> Workplace:
    """A colleague renamed an entry while we did."""
    somebody_writes(place, Entry("5", "Anna", MOBILE), Entry("6", "Bob", OFFICE))
    sync(place)
    do(place, "edit", "1", "--name", "Anna Tamm")
    somebody_writes(place, Entry("5", "Anna Saar", MOBILE))
    failed(sync(place), Status.BAD_INPUT, "1 conflict waits for you", "phonebook conflicts")
    return place


def test_a_conflict_shows_all_three_texts(at_odds: Workplace) -> None:
    assert states(at_odds) == {"Anna Saar": "conflict", "Bob": "synced"}
    (conflict,) = do(at_odds, "conflicts")
    said = {who: conflict[who]["name"] for who in ("ours", "theirs", "base")}
    assert said == {"ours": "Anna Tamm", "theirs": "Anna Saar", "base": "Anna"}
    assert conflict["entry"] == 1
    lines = at_odds.command("phonebook", "conflicts").out
    assert "Anna Tamm, 5123 4567" in lines
    assert "Anna Saar, 5123 4567" in lines


@pytest.mark.parametrize(
    ("decision", "names"),
    [
        ("mine", ["Anna Tamm", "Bob"]),
        ("theirs", ["Anna Saar", "Bob"]),
        ("both", ["Anna Saar", "Bob", "Anna Tamm"]),
    ],
)
def test_a_person_settles_a_conflict(at_odds: Workplace, decision: str, names: list[str]) -> None:
    (conflict,) = do(at_odds, "conflicts")
    do(at_odds, "resolve", str(conflict["id"]), decision)
    assert sync(at_odds).status == 0
    assert [name for name, _, _ in there(at_odds)] == names
    assert do(at_odds, "conflicts") == []
    assert at_odds.command("phonebook", "conflicts").out == "No conflicts.\n"


def test_both_of_a_deletion_is_refused_and_their_entry_stays(place: Workplace) -> None:
    somebody_writes(place, Entry("5", "Anna", MOBILE), Entry("6", "Bob", OFFICE))
    sync(place)
    do(place, "delete", "1")
    somebody_writes(place, Entry("5", "Anna Saar", MOBILE))
    sync(place)
    (conflict,) = do(place, "conflicts")
    assert conflict["ours"] is None
    said = place.command("phonebook", "resolve", str(conflict["id"]), "both")
    failed(said, Status.BAD_INPUT, "no text of yours", "mine", "theirs")
    assert do(place, "conflicts") == [conflict]
    do(place, "resolve", str(conflict["id"]), "theirs")
    assert sync(place).status == 0
    assert there(place)[0] == ("Anna Saar", MOBILE, "")


def test_what_a_colleague_did_is_received(place: Workplace) -> None:
    somebody_writes(place, Entry("5", "Anna", MOBILE))
    said = sync(place)
    assert said.out.startswith("Sent: 0. Received: 1.\n<     1  Anna")
    assert do(place, "sync") == {
        "sent": 0,
        "received": 0,
        "waiting": 0,
        "parked": 0,
        "conflicts": 0,
        "trust": "trusted",
    }


# deleting, undoing, bringing back


def test_deleting_waits_for_the_sync_and_leaves_it_in_the_trash(place: Workplace) -> None:
    somebody_writes(place, Entry("5", "Anna", MOBILE), Entry("6", "Bob", OFFICE))
    sync(place)
    assert do(place, "delete", "1")["state"] == "waiting"
    assert len(there(place)) == 2
    assert sync(place).status == 0
    assert there(place) == [("Bob", OFFICE, "")]
    assert states(place) == {"Anna": "trash", "Bob": "synced"}
    assert "Anna" not in place.command("phonebook", "list").out


def test_undo_takes_one_act_after_the_other_back(place: Workplace) -> None:
    do(place, "add", "Anna", MOBILE)
    do(place, "edit", "1", "--name", "Anna Tamm")
    assert do(place, "undo")["name"] == "Anna"
    do(place, "undo")
    sync(place)
    assert there(place) == []
    failed(place.command("phonebook", "undo"), Status.BAD_INPUT)


def test_a_snapshot_is_brought_back(place: Workplace) -> None:
    somebody_writes(place, Entry("5", "Anna", MOBILE), Entry("6", "Bob", OFFICE))
    sync(place)
    do(place, "delete", "1")
    do(place, "add", "Chef", "112")
    sync(place)
    snapshot = do(place, "snapshots")[-1]
    assert snapshot["entries"] == 2
    told = place.command("phonebook", "restore", str(snapshot["id"]), "--dry-run").out
    assert sorted(told.splitlines()) == ["+ Anna, 5123 4567", "- Chef, 112"]
    assert there(place) == [("Bob", OFFICE, ""), ("Chef", "112", "")]
    assert do(place, "restore", str(snapshot["id"])) == {"done": 2, "refused": 0}
    sync(place)
    place.clock.pass_(minutes=2)
    assert sync(place).status == 0
    assert sorted(there(place)) == [("Anna", MOBILE, ""), ("Bob", OFFICE, "")]


# files


def test_a_file_is_imported_after_a_dry_run(place: Workplace, tmp_path: Path) -> None:
    do(place, "add", "Anna", MOBILE)
    file = tmp_path / "people.csv"
    file.write_text(
        "Name;Number 1;Number 2\nŽanna;640 9999;\nAnna;51234567;112\nX;abc;\n", encoding="utf-8"
    )
    dry = place.command("phonebook", "import", str(file), "--dry-run", "--json")
    assert [row["result"] for row in json.loads(dry.out)] == ["add", "change", "error"]
    assert len(listed(place)) == 1
    said = place.command("phonebook", "import", str(file))
    failed(said, Status.BAD_INPUT, "1 row is not imported")
    *rows, last = said.out.splitlines()
    assert [line.split()[1] for line in rows] == ["added", "changed", "error"]
    assert last == "1 added, 1 changed, 1 not imported"
    assert {e["name"]: e["number2_text"] for e in listed(place)} == {"Anna": "112", "Žanna": None}


def test_a_dry_run_ends_with_what_cannot_be_imported_and_the_sum(
    place: Workplace, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Name;Number\nX;abc\nAnna;51234567\nBob;6409999\n", encoding="utf-8")
    said = place.command("phonebook", "import", str(file), "--dry-run")
    *rows, last = said.out.splitlines()
    assert [line.split()[1] for line in rows] == ["add", "add", "error"]
    assert last == "2 would be added, 1 cannot be imported"
    failed(said, Status.BAD_INPUT, "1 row cannot be imported", "Nothing was changed.")


def test_an_import_is_undone_as_one(place: Workplace, tmp_path: Path) -> None:
    do(place, "add", "Chef", "112")
    file = tmp_path / "people.csv"
    rows = "".join(f"Name {n};6400{n:03}\n" for n in range(25))
    file.write_text(f"Name;Number\n{rows}Chef;112,6409999\n", encoding="utf-8")
    do(place, "import", str(file))
    assert len(listed(place)) == 26
    said = place.command("phonebook", "undo")
    assert (said.status, said.out) == (0, "26 entries were changed.\n")
    sync(place)
    assert there(place) == [("Chef", "112", "")]
    assert do(place, "undo")["name"] == "Chef"
    failed(place.command("phonebook", "undo"), Status.BAD_INPUT, "nothing to undo")


def test_a_row_that_was_changed_since_its_import_stays(place: Workplace, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Name;Number\nAnna;51234567\nBob;6409999\n", encoding="utf-8")
    do(place, "import", str(file))
    sync(place)
    (anna,) = (e for e in place.telco.entries_.values() if e.name == "Anna")
    somebody_writes(place, Entry(anna.id, "Anna Saar", MOBILE))
    sync(place)
    said = place.command("phonebook", "undo")
    failed(said, Status.BAD_INPUT, "1 entry had changed meanwhile")
    assert said.out == "1 entry was changed.\n"
    sync(place)
    assert there(place) == [("Anna Saar", MOBILE, "")]


@pytest.mark.parametrize("name", ["people.csv", "people.vcf"])
def test_what_was_exported_is_the_same_when_imported(
    place: Workplace, tmp_path: Path, name: str
) -> None:
    do(place, "add", "Žanna Щукина", MOBILE, OFFICE)
    do(place, "add", "Anna", "555111222")
    file = tmp_path / name
    assert do(place, "export", str(file))["entries"] == 2
    assert [row["result"] for row in do(place, "import", str(file))] == ["same", "same"]
    other = Workplace(tmp_path / "other")
    assert place.command("phonebook", "export", str(file)).out.startswith("2 entries")
    assert {row["result"] for row in do(other, "import", str(file))} == {"added"}
    assert {entry["name"] for entry in listed(other)} == {"Anna", "Žanna Щукина"}


def test_an_export_that_fails_leaves_the_old_file(place: Workplace, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.mkdir()
    failed(place.command("phonebook", "export", str(file)), Status.BAD_INPUT, "written")
    assert [each.name for each in tmp_path.glob("people*")] == ["people.csv"]


# names of callers


def calls(place: Workplace) -> list[tuple[str, str]]:
    said = place.command("calls", "--offline", "--json")
    return [(call["name"], call["name_source"]) for call in json.loads(said.out)]


def test_callers_are_called_what_the_phonebook_says(place: Workplace) -> None:
    place.telco.records["+3726403231"] = (told(1, "51234567"),)
    place.command("calls")
    assert calls(place) == [("", "")]
    do(place, "add", "Mari Maasikas", MOBILE)
    assert calls(place) == [("Mari Maasikas", "phonebook")]
    do(place, "add", "Vastuvõtt", OFFICE, MOBILE)
    assert calls(place) == [("Mari Maasikas / Vastuvõtt", "phonebook")]
    do(place, "edit", "1", "--name", "Žanna")
    assert calls(place) == [("Žanna / Vastuvõtt", "phonebook")]
    do(place, "delete", "1")
    do(place, "delete", "2")
    assert calls(place) == [("", "")]


def test_names_that_a_sync_brings_rename_past_calls(place: Workplace) -> None:
    place.telco.records["+3726403231"] = (told(1, "51234567"),)
    place.command("calls")
    somebody_writes(place, Entry("5", "Anna", MOBILE))
    sync(place)
    assert calls(place) == [("Anna", "phonebook")]


def test_the_question_before_a_call_names_the_entry(place: Workplace) -> None:
    do(place, "add", "Žanna", MOBILE)
    assert place.command("call", MOBILE).out.startswith("Call Žanna 5123 4567?")


def finish(act: Act[Synced], errand: Errand) -> None:
    try:
        while True:
            errand = act.send(errand.work())
    except StopIteration:
        return


def test_one_sync_at_a_time(place: Workplace) -> None:
    """A second one waits in the lane for the first, and both are done."""
    do(place, "add", "Anna", MOBILE)
    with place.open() as office:
        first = office.phonebook.sync()
        errand = next(first)
        second = run(place.desk(office), read(["phonebook", "sync"]))
        assert next(second).work() is None
        finish(first, errand)
        said = perform(second)
    assert said.status == 0
    assert [asked[0] for asked in place.telco.asked].count("add_entry") == 1


# another account


OTHER = "P9999999@elion.ee"


@pytest.fixture
def elsewhere(place: Workplace) -> Workplace:
    """An entry and an edit of ours, and then another company's account."""
    somebody_writes(place, Entry("5", "Anna", MOBILE))
    sync(place)
    do(place, "edit", "1", "--name", "Anna Tamm")
    place.passwords[OTHER] = RIGHT
    place.keyring.keep(OTHER, RIGHT)
    place.change(user=OTHER)
    place.knocked.clear()
    return place


@pytest.mark.parametrize("deed", ["sync", "status"])
def test_another_accounts_phonebook_is_not_touched(elsewhere: Workplace, deed: str) -> None:
    said = elsewhere.command("phonebook", deed)
    words = (f"belongs to {USER}; you are now {OTHER}", "phonebook resolve account same, or new")
    failed(said, Status.UNKNOWN, *words)
    assert elsewhere.knocked == []
    assert states(elsewhere) == {"Anna Tamm": "waiting"}


def test_the_same_company_carries_on(elsewhere: Workplace) -> None:
    assert do(elsewhere, "resolve", "account", "same") == {"outcome": "done", "account": OTHER}
    assert sync(elsewhere).status == 0
    assert there(elsewhere) == [("Anna Tamm", MOBILE, "")]


def test_a_new_copy_lays_the_old_one_aside_until_its_account_is_back(elsewhere: Workplace) -> None:
    ours, elsewhere.telco.entries_ = elsewhere.telco.entries_, {}
    said = elsewhere.command("phonebook", "resolve", "account", "new")
    assert (said.status, said.out) == (0, f"This phonebook belongs to {OTHER} now.\n")
    assert listed(elsewhere) == []
    somebody_writes(elsewhere, Entry("5", "Stranger", OFFICE))
    assert sync(elsewhere).status == 0
    failed(elsewhere.command("phonebook", "undo"), Status.BAD_INPUT, "nothing to undo")
    elsewhere.change(user=USER)
    elsewhere.telco.entries_ = ours
    failed(sync(elsewhere), Status.UNKNOWN, f"belongs to {OTHER}; you are now {USER}")
    do(elsewhere, "resolve", "account", "new")
    assert states(elsewhere) == {"Anna Tamm": "waiting"}
    assert sync(elsewhere).status == 0
    assert there(elsewhere) == [("Anna Tamm", MOBILE, "")]


@pytest.mark.parametrize(
    "words", [("account", "mine"), ("1", "new"), ("account", "same"), ("account", "new")]
)
def test_where_nothing_is_to_be_decided_that_is_said(
    place: Workplace, words: tuple[str, str]
) -> None:
    somebody_writes(place, Entry("5", "Anna", MOBILE))
    sync(place)
    assert place.command("phonebook", "resolve", *words).status == Status.BAD_INPUT
    assert states(place) == {"Anna": "synced"}


@pytest.mark.parametrize("id_", ["0", "-1", "accounts"])
def test_a_conflict_has_a_number(id_: str) -> None:
    with pytest.raises(BadInput):
        read(["phonebook", "resolve", id_, "mine"])


# how it stands


def test_the_status_asks_nobody(place: Workplace) -> None:
    do(place, "add", "Anna", "5123 4567")
    said = place.command("phonebook", "status")
    failed(said, Status.UNKNOWN, "1 change is not sent yet")
    assert said.out == "The phonebook was never read.\n"
    assert place.knocked == []
    sync(place)
    assert place.command("phonebook", "status").out.startswith("The phonebook as of 20")
    asked = len(place.knocked)
    assert do(place, "status")["waiting"] == 0
    assert len(place.knocked) == asked


def test_the_status_tells_how_far_a_sync_is(place: Workplace) -> None:
    do(place, "add", "Anna", "5123 4567")
    do(place, "add", "Bob", "5123 4568")
    with place.open() as office:
        desk = place.desk(office)
        act = run(desk, read(["phonebook", "sync"]))
        errand = next(act)
        while not there(place):
            errand = act.send(errand.work())
        said = perform(run(desk, read(["phonebook", "status"])))
        failed(said, Status.UNKNOWN, "still under way", "2 changes wait")
        assert "Sent: 2." in said.out  # one was, the other is under way
        act.close()


def test_a_sync_that_is_told_to_stop_says_what_waits(place: Workplace) -> None:
    do(place, "add", "Anna", "5123 4567")
    do(place, "add", "Bob", "5123 4568")
    with place.open() as office:
        act = run(place.desk(office), read(["phonebook", "sync"]))
        errand = next(act)
        office.phonebook.stop()
        try:
            while True:
                errand = act.send(errand.work())
        except StopIteration as end:
            failed(end.value, Status.UNKNOWN, "2 changes are not sent yet", "phonebook sync")
    assert there(place) == []
