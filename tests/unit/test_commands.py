"""The commands, each as a process of its own does it over one data directory."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk_phone.app import trials
from desk_phone.app.acts import perform
from desk_phone.app.commands import run
from desk_phone.app.commands.account import keep
from desk_phone.errors import BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.secret import Secret
from desk_phone.options import Options, read
from desk_phone.said import Said, Status
from desk_phone.store import changing
from desk_phone.system.keyring_trouble import locked, none_there, silent
from desk_phone.telco.refusals import refusal
from tests.offices import COLLEAGUE, NOON, OWN, RIGHT, USER, WRONG, Workplace, full_disk, told

MOBILE = "+37251234567"


@pytest.fixture(autouse=True)
def _marks_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials.secrets, "token_hex", lambda _: "salt")


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path)
    place.keyring.keep(USER, RIGHT)
    return place


def parsed(said: Said) -> Any:
    assert (said.status, said.err) == (0, "")
    return json.loads(said.out)


def failed(said: Said, status: Status, *words: str) -> None:
    """One line what is so and one what to do, with these words, and nothing printed."""
    assert (said.status, said.out) == (status, "")
    assert said.err.count("\n") == 2
    assert said.err.endswith("\n")
    for word in words:
        assert word in said.err


# trouble, the same for all of them

ASKING = [
    pytest.param(("numbers",), "numbers", id="numbers"),
    pytest.param(("call", MOBILE, "--yes"), "call", id="call"),
    pytest.param(("name", "Mari", "Maasikas"), "name_line", id="name"),
]
TROUBLE = [
    pytest.param(Offline("No network", "Try later."), Status.OFFLINE, "No network", id="offline"),
    pytest.param(Uncertain("No answer", "Look."), Status.UNKNOWN, "No answer", id="uncertain"),
    pytest.param(refusal("ERR003", "x"), Status.REFUSED, "ERR003: ", id="refused"),
    pytest.param(refusal("ERR1001", "x"), Status.REFUSED, "ERR1001: ", id="not dialled"),
    pytest.param(refusal("ERR77", "ours"), Status.REFUSED, "(ERR77)", id="a code of their own"),
    pytest.param(BadInput("Too long", "Shorter."), Status.BAD_INPUT, "Too long", id="bad input"),
]


@pytest.mark.parametrize(("words", "method"), ASKING)
@pytest.mark.parametrize(("error", "status", "said"), TROUBLE)
def test_trouble_becomes_a_status_and_two_lines(
    place: Workplace,
    words: tuple[str, ...],
    method: str,
    error: PhoneError,
    status: Status,
    said: str,
) -> None:
    place.telco.trouble[method].append(error)
    failed(place.command(*words), status, said)


@pytest.mark.parametrize(("words", "_method"), ASKING)
def test_a_refused_password_is_sent_once(
    place: Workplace, words: tuple[str, ...], _method: str
) -> None:
    place.keyring.keep(USER, WRONG)
    for _ in range(3):
        failed(
            place.command(*words), Status.CREDENTIALS, "does not accept", "desk-phone account set"
        )
    assert place.refused == 1


@pytest.mark.parametrize(("words", "_method"), ASKING)
def test_without_a_password_the_way_to_give_one_is_told(
    place: Workplace, words: tuple[str, ...], _method: str
) -> None:
    place.keyring.trouble = none_there()
    failed(place.command(*words), Status.CREDENTIALS, "no password", "desk-phone account set")
    assert place.knocked == []


@pytest.mark.parametrize(
    ("trouble", "said"), [(locked(), "locked"), (silent(), "does not answer")], ids=str
)
def test_a_keyring_in_trouble_speaks_for_itself(
    place: Workplace, trouble: PhoneError, said: str
) -> None:
    place.keyring.trouble = trouble  # type: ignore[assignment]
    failed(place.command("numbers"), Status.CREDENTIALS, said)


@pytest.mark.parametrize("words", [("call", MOBILE, "--yes"), ("name", "A", "B")], ids=str)
def test_without_a_line_the_way_to_choose_one_is_told(
    place: Workplace, words: tuple[str, ...]
) -> None:
    place.change(own_number="")
    failed(place.command(*words), Status.BAD_INPUT, "line is not chosen", "--own")
    assert place.knocked == []


@pytest.mark.parametrize("command", ["simulate", "demo", "nonsense", ""])
def test_what_is_no_command_for_the_data_is_refused(place: Workplace, command: str) -> None:
    with place.open() as office:
        said = perform(run(place.desk(office), Options(command=command)))
    failed(said, Status.BAD_INPUT)


def test_a_bug_is_nothing_a_command_hides(place: Workplace, monkeypatch: Any) -> None:
    monkeypatch.setattr(place.telco, "numbers", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        place.command("numbers")


# numbers


def test_numbers(place: Workplace) -> None:
    assert place.command("numbers") == Said(out="640 1234\n640 3231  my line\n")
    assert parsed(place.command("numbers", "--json")) == [
        {"number": COLLEAGUE, "shown": "640 1234"},
        {"number": OWN, "shown": "640 3231"},
    ]


def test_a_company_without_numbers(place: Workplace) -> None:
    place.telco.numbers_ = ()
    assert place.command("numbers") == Said()
    assert parsed(place.command("numbers", "--json")) == []


# call


def test_a_call_is_asked_about_and_then_made(place: Workplace) -> None:
    said = place.command("call", "5123", "4567")
    assert said.status == Status.ASKS
    assert said.out == "Call 5123 4567? Your phone 640 3231 rings first.\n"
    assert said.err == (
        "Nothing was sent: nobody answered the question.\nAdd --yes to answer it beforehand.\n"
    )
    assert place.knocked == []

    said = place.command("call", "5123", "4567", "--yes")
    assert said.out == (
        "Your phone 640 3231 is ringing: lift the handset.\nTo cancel, do not lift it.\n"
    )
    assert place.telco.dialled == [(OWN, MOBILE)]


def test_a_call_in_json(place: Workplace) -> None:
    assert parsed(place.command("call", "51234567", "--yes", "--json")) == {
        "outcome": "done",
        "own": OWN,
        "other": MOBILE,
    }


def test_who_is_known_is_named_in_the_question(place: Workplace) -> None:
    record = told(1, talked=timedelta(minutes=1))
    place.telco.records[OWN] = (type(record)(*_with_name(record, "Jaan\x1b Tamm")),)
    place.command("calls")
    assert place.command("call", "51234567").out.startswith("Call Jaan Tamm 5123 4567?")


def _with_name(record: Any, name: str) -> list[str]:
    return [name if f == "name" else getattr(record, f) for f in type(record).__slots__]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        pytest.param("+358 40 1234567", "(abroad: FI)", id="abroad"),
        pytest.param("040 1234567", "country code added", id="assumed"),
        pytest.param("9001234", "(premium rate)", id="premium"),
        pytest.param("1182", "(service number, may cost more)", id="service"),
        pytest.param("6789", "(short number)", id="short"),
    ],
)
def test_a_plain_yes_is_not_enough_for_what_costs(place: Workplace, number: str, kind: str) -> None:
    said = place.command("call", number, "--yes")
    assert said.status == Status.ASKS
    assert kind in said.out
    assert "--yes --even-costly" in said.err
    assert place.command("call", number, "--even-costly").status == Status.ASKS
    assert place.knocked == []
    assert place.command("call", number, "--yes", "--even-costly").status == Status.DONE
    assert len(place.telco.dialled) == 1


@pytest.mark.parametrize("number", ["112", "+881612345678", "*21#", "", "Mari", "640 3231"])
def test_what_the_policy_refuses_no_yes_can_send(place: Workplace, number: str) -> None:
    failed(place.command("call", number, "--yes", "--even-costly"), Status.BAD_INPUT)
    assert place.knocked == []


def test_in_an_emergency_the_first_word_is_not_about_settings(place: Workplace) -> None:
    place.change(own_number="")
    failed(place.command("call", "112"), Status.BAD_INPUT, "Lift the handset")


def test_a_lost_answer_is_never_asked_for_again(place: Workplace) -> None:
    place.telco.trouble["call"].append(Uncertain("No answer", "Look before you call again."))
    failed(place.command("call", MOBILE, "--yes"), Status.UNKNOWN)
    failed(place.command("call", MOBILE, "--yes"), Status.BAD_INPUT, "dialled just now")
    assert len(place.telco.dialled) == 1
    assert len(parsed(place.command("calls", "--offline", "--json"))) == 1


def test_what_was_not_made_is_no_call(place: Workplace) -> None:
    place.telco.trouble["call"].append(Refused("busy", "", "ERR1001"))
    assert place.command("call", MOBILE, "--yes").status == Status.REFUSED
    assert parsed(place.command("calls", "--offline", "--json")) == []
    assert place.command("call", MOBILE, "--yes").status == Status.DONE


def test_the_limits_hold_over_processes(place: Workplace) -> None:
    for n in range(6):
        assert place.command("call", f"600000{n}", "--yes").status == Status.DONE
    failed(place.command("call", "6000006", "--yes"), Status.BAD_INPUT, "Six calls a minute")
    place.clock.pass_(minutes=1)
    assert place.command("call", "6000006", "--yes").status == Status.DONE


def test_a_full_disk_makes_no_call(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "writing", full_disk)
    failed(place.command("call", MOBILE, "--yes"), Status.BAD_INPUT, "No room")
    assert place.knocked == []


def test_another_line_rings_for_one_call(place: Workplace) -> None:
    assert parsed(place.command("call", MOBILE, "--yes", "--json", "--own", "640 1234"))
    assert place.telco.dialled == [(COLLEAGUE, MOBILE)]
    assert place.settings.own_number == OWN


@pytest.mark.parametrize(
    ("own", "key"),
    [
        pytest.param("3726401234", COLLEAGUE, id="as the service asks for it"),
        pytest.param("555111222", "555111222", id="in no plan"),
        pytest.param("60000002", "+37260000002", id="of a sample"),
    ],
)
def test_a_line_is_known_however_it_is_written(place: Workplace, own: str, key: str) -> None:
    place.telco.numbers_ = (key,)
    parsed(place.command("name", "A", "B", "--json", "--own", own))
    assert key in place.telco.line_names


@pytest.mark.parametrize("own", ["Mari", "*21#", "1"])
def test_what_is_no_line(place: Workplace, own: str) -> None:
    failed(place.command("name", "A", "B", "--own", own), Status.BAD_INPUT, own)
    assert place.knocked == []


def test_who_shows_calls_hears_of_the_new_one(place: Workplace) -> None:
    heard: list[Any] = []
    with place.open() as office:
        desk = place.desk(office, heard.append)
        perform(run(desk, read(["call", MOBILE, "--yes"])))
    assert [change.after.other for (change,) in heard] == [MOBILE]


# calls


def test_calls_in_json(place: Workplace) -> None:
    place.telco.records[OWN] = (
        told(7, ago=timedelta(minutes=1)),
        told(6, "6011111", ago=timedelta(hours=1), talked=timedelta(minutes=2)),
        told(5, "", ago=timedelta(hours=2)),
        told(4, "123", ago=timedelta(hours=3), outgoing=True),
    )
    found = parsed(place.command("calls", "--json"))
    assert found[0] == {
        "id": found[0]["id"],
        "record_id": "7",
        "own": OWN,
        "other": MOBILE,
        "direction": "incoming",
        "outcome": "missed",
        "start": "2026-11-24T14:29:00+02:00",
        "answered": None,
        "released": "2026-11-24T14:29:20+02:00",
        "name": "",
        "name_source": "",
        "attention": "seen",
        "note": "",
    }
    assert [each["other"] for each in found] == [MOBILE, "+3726011111", None, None]
    assert [each["outcome"] for each in found] == ["missed", "answered", "missed", "unanswered"]
    assert [each["direction"] for each in found[2:]] == ["incoming", "outgoing"]
    assert found[1]["answered"] == "2026-11-24T13:30:08+02:00"
    assert [set(each) for each in found] == [set(found[0])] * 4
    assert len({each["id"] for each in found}) == 4


def test_calls_for_people(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    place.telco.records[OWN] = (
        told(2),
        told(1, "", ago=timedelta(hours=1), talked=timedelta(minutes=1)),
    )
    lines = place.command("calls").out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        f"{(NOON - ago).astimezone():%Y-%m-%d %H:%M}"
        for ago in (timedelta(minutes=2), timedelta(hours=1))
    ]
    assert "missed" in lines[0]
    assert "5123 4567" in lines[0]
    assert lines[1].endswith("Number withheld")


def test_no_calls(place: Workplace) -> None:
    assert place.command("calls") == Said(out="No calls.\n")
    assert parsed(place.command("calls", "--json", "--missed")) == []


def test_only_missed_calls(place: Workplace) -> None:
    place.telco.records[OWN] = (told(1), told(2, "6011111", talked=timedelta(minutes=1)))
    assert [each["record_id"] for each in parsed(place.command("calls", "--missed", "--json"))] == [
        "1"
    ]


def test_all_of_them_newest_first_also_more_than_a_page(place: Workplace) -> None:
    place.telco.records[OWN] = tuple(
        told(n, f"6{n:06}", ago=timedelta(minutes=n)) for n in range(1, 1203)
    )
    found = parsed(place.command("calls", "--json"))
    starts = [datetime.fromisoformat(each["start"]) for each in found]
    assert len(found) == 1202
    assert starts == sorted(starts, reverse=True)


def test_offline_asks_nobody(place: Workplace) -> None:
    place.telco.records[OWN] = (told(1),)
    place.command("calls")
    place.knocked.clear()
    place.keyring.asked.clear()
    assert len(parsed(place.command("calls", "--offline", "--json"))) == 1
    assert (place.knocked, place.keyring.asked) == ([], [])


@pytest.mark.parametrize(("error", "status", "said"), TROUBLE)
def test_a_look_that_fails_prints_what_is_known_all_the_same(
    place: Workplace, error: PhoneError, status: Status, said: str
) -> None:
    place.telco.records[OWN] = (told(1),)
    place.command("calls")
    place.telco.trouble["history"].append(error)
    printed = place.command("calls", "--json")
    assert printed.status == status
    assert said in printed.err
    assert [each["record_id"] for each in json.loads(printed.out)] == ["1"]


def test_also_without_a_password_or_a_line(place: Workplace) -> None:
    place.telco.records[OWN] = (told(1),)
    place.command("calls")
    place.keyring.forget(USER)
    printed = place.command("calls")
    assert printed.status == Status.CREDENTIALS
    assert "5123 4567" in printed.out
    place.change(own_number="")
    printed = place.command("calls")
    assert printed.status == Status.BAD_INPUT
    assert "5123 4567" in printed.out


# name


def test_name(place: Workplace) -> None:
    assert place.command("name", "Jüri", "Õun").out == "640 3231 is now called Jüri Õun.\n"
    assert place.telco.line_names[OWN] == ("Jüri", "Õun")
    assert parsed(place.command("name", "A", "B", "--json")) == {"outcome": "done"}


def test_a_name_in_other_letters_is_not_sent(place: Workplace) -> None:
    failed(place.command("name", "Жуков", "Õun"), Status.BAD_INPUT, "character")
    assert place.telco.line_names == {}


# account


def set_(place: Workplace, password: Secret, *words: str, user: str = USER) -> Said:
    place.change(user=user)
    with place.open() as office:
        try:
            return perform(keep(place.desk(office), read(["account", "set", *words]), password))
        except PhoneError as error:
            return Said(100, "", f"{type(error).__name__} {error}")


def test_set_tries_the_password_once_and_keeps_it(place: Workplace) -> None:
    place.keyring.forget(USER)
    assert "works" in set_(place, RIGHT).out
    assert place.keyring.read(USER) == RIGHT
    assert len(place.knocked) == 1
    assert parsed(set_(place, RIGHT, "--json")) == {"outcome": "done"}


@pytest.mark.parametrize("own", ["640 1234", COLLEAGUE, "6401234"])
def test_set_keeps_the_line_that_is_named(place: Workplace, own: str) -> None:
    assert set_(place, RIGHT, "--own", own).status == Status.DONE
    assert place.settings.own_number == COLLEAGUE


def test_set_says_that_a_line_is_none_of_the_company_and_keeps_the_password(
    place: Workplace,
) -> None:
    place.keyring.forget(USER)
    said = set_(place, RIGHT, "--own", "640 9999")
    assert said.err.startswith("BadInput 640 9999 is none of the company's numbers")
    assert place.settings.own_number == OWN
    assert place.keyring.read(USER) == RIGHT


def test_set_keeps_the_line_though_the_keyring_keeps_nothing(place: Workplace) -> None:
    place.keyring.trouble = none_there()
    assert set_(place, RIGHT, "--own", "640 1234").err.startswith("NoKeyring")
    assert place.settings.own_number == COLLEAGUE


def test_set_keeps_nothing_that_is_refused(place: Workplace) -> None:
    assert set_(place, WRONG).err.startswith("BadCredentials")
    assert place.keyring.read(USER) == RIGHT


def test_set_says_that_it_works_though_there_is_no_keyring(place: Workplace) -> None:
    place.keyring.trouble = none_there()
    said = set_(place, RIGHT).err
    assert said.startswith("NoKeyring The password works")
    assert "--password-stdin" in said


def test_set_tells_of_a_locked_keyring(place: Workplace) -> None:
    place.keyring.trouble = locked()
    assert set_(place, RIGHT).err.startswith("KeyringLocked")


def test_set_needs_a_user(place: Workplace) -> None:
    assert "--user" in set_(place, RIGHT, user="").err
    assert place.knocked == []


@pytest.mark.parametrize(
    ("prepare", "state"),
    [
        pytest.param(lambda _: None, "kept", id="kept"),
        pytest.param(lambda place: place.keyring.forget(USER), "missing", id="missing"),
        pytest.param(lambda place: place.change(user=""), "missing", id="no user"),
    ],
)
def test_show(place: Workplace, prepare: Any, state: str) -> None:
    prepare(place)
    assert parsed(place.command("account", "show", "--json")) == {
        "user": place.settings.user,
        "password": state,
        "service": "https://teenused.telia.ee/external/",
        "own": OWN,
        "data": str(place.root),
    }
    assert place.knocked == []


def test_show_for_people_never_shows_the_password(place: Workplace) -> None:
    said = place.command("account", "show")
    assert said.out == (
        f"User name: {USER}\nPassword: kept in the keyring\n"
        f"Service: https://teenused.telia.ee/external/\nMy line: 640 3231\nData: {place.root}\n"
    )
    place.change(user="", own_number="")
    assert "none" in place.command("account", "show").out


def test_show_says_that_it_was_refused(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    place.command("numbers")
    assert "Password: refused\n" in place.command("account", "show").out
    assert parsed(place.command("account", "show", "--json"))["password"] == "refused"


def test_show_says_that_it_is_given_for_once(place: Workplace) -> None:
    said = place.command("account", "show", "--json", given=RIGHT)
    assert parsed(said)["password"] == "memory"


def test_show_prints_what_can_be_seen_of_a_locked_keyring(place: Workplace) -> None:
    place.keyring.trouble = locked()
    said = place.command("account", "show", "--json")
    assert said.status == Status.CREDENTIALS
    assert "locked" in said.err
    assert json.loads(said.out)["password"] == "unknown"
    assert place.command("account", "show").out.startswith(f"User name: {USER}\n")


def test_forget(place: Workplace) -> None:
    assert place.command("account", "forget").out == "The password is forgotten.\n"
    assert not place.keyring.read(USER)
    assert parsed(place.command("account", "forget", "--json")) == {"outcome": "done"}
    place.keyring.trouble = locked()
    failed(place.command("account", "forget"), Status.CREDENTIALS, "locked")


# what `set` tells the tray program


def test_take_reads_what_was_put_into_the_keyring(place: Workplace) -> None:
    with place.open() as office:
        desk = place.desk(office)
        perform(run(desk, read(["numbers"])))
        place.passwords["B"] = Secret("new")
        place.keyring.keep("B", Secret("new"))
        said = perform(run(desk, read(["account", "take", "--user", "B", "--json"])))
        assert parsed(said) == {"outcome": "done"}
    assert place.settings.user == "B"
    assert place.knocked[-1] == ("B", "new")


def test_take_without_a_user_is_about_the_one_there_is(place: Workplace) -> None:
    assert place.command("account", "take").status == Status.DONE
    assert place.settings.user == USER


def test_take_keeps_the_line_that_is_named(place: Workplace) -> None:
    assert place.command("account", "take", "--own", "640 1234").status == Status.DONE
    assert place.settings.own_number == COLLEAGUE
    said = place.command("account", "take", "--own", "640 9999")
    failed(said, Status.BAD_INPUT, "none of the company's numbers")
    assert place.settings.own_number == COLLEAGUE


def test_take_says_what_an_administrator_locked(place: Workplace) -> None:
    place.change = lambda **_: None  # type: ignore[method-assign]  # as the windows' settings do
    failed(place.command("account", "take", "--own", "640 1234"), Status.BAD_INPUT, "fixed")
    failed(place.command("account", "take", "--user", "B"), Status.BAD_INPUT, "fixed")
    assert len(place.knocked) == 1


def test_take_again_and_again_sends_no_refused_password_again(place: Workplace) -> None:
    place.keyring.keep(USER, WRONG)
    for _ in range(4):
        assert place.command("account", "take").status == Status.CREDENTIALS
    assert place.refused == 1


def test_leave_is_given_three_times_an_hour(place: Workplace) -> None:
    for _ in range(3):
        assert place.command("account", "may") == Said()
        assert place.command("account", "refused") == Said()
    failed(place.command("account", "may"), Status.BAD_INPUT, "Too many")
    place.clock.pass_(hours=1)
    assert place.command("account", "may") == Said()
    assert place.knocked == []


def test_set_itself_is_never_handed_over(place: Workplace) -> None:
    failed(place.command("account", "set"), Status.BAD_INPUT, "not handed over")
