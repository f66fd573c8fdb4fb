"""What the running program does for second starts and commands, whose words it does not trust."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from desk_phone.app.commands import Desk as Office
from desk_phone.app.instance import Asked
from desk_phone.app.poll import Looked
from desk_phone.app.requests import Requests
from desk_phone.errors import Offline, PhoneError, Uncertain
from desk_phone.model.attention import Announcement
from desk_phone.model.secret import Secret
from desk_phone.store.memory import Memory
from desk_phone.system.request import Answer, Request
from desk_phone.telco.refusals import refusal
from tests.ui.conftest import OWN, USER, Desk
from tests.ui.gate import heard, shut

MOBILE = "+37251234567"


@pytest.fixture
def requests(desk: Desk) -> Requests:
    office = Office(
        *(desk.access, desk.ledger, Looked(Memory(desk.ledger._db)), desk.contacts._phonebook),
        *(lambda: desk.preferences.settings, desk.preferences.change, desk.now, desk.calls.take),
    )
    return Requests(desk.lanes, office)


Ask = Callable[..., list[Answer]]


@pytest.fixture
def begin(requests: Requests) -> Ask:
    """Hand words over; the list holds the answer once it has come."""

    def begin(*words: str, token: str = "") -> list[Answer]:
        answers: list[Answer] = []
        requests.take(Asked(Request(words, token), answers.append))
        return answers

    return begin


@pytest.fixture
def ask(desk: Desk, begin: Ask) -> Callable[..., Answer]:
    """Hand words over, and wait for the one answer."""

    def ask(*words: str) -> Answer:
        answers = begin(*words)
        desk.qtbot.waitUntil(lambda: bool(answers))
        (answer,) = answers
        return answer

    return ask


# second starts


def test_a_second_start_wants_the_window(requests: Requests, begin: Ask) -> None:
    wanted = heard(requests.window_wanted)
    assert begin(token="leave") == [Answer(0)]
    assert begin("--data-dir", "/x", "-v", token="") == [Answer(0)]
    assert wanted == ["leave", ""]


def test_a_hidden_second_start_wants_nothing(requests: Requests, begin: Ask) -> None:
    """Started at login, and by hand before that."""
    wanted = heard(requests.window_wanted)
    assert begin("--hidden") == [Answer(0)]
    assert wanted == []


# commands


def test_a_command_is_done_here(desk: Desk, ask: Callable[..., Answer]) -> None:
    answer = ask("numbers", "--json")
    assert (answer.status, answer.err) == (0, "")
    assert [each["number"] for each in json.loads(answer.out)] == list(desk.telco.numbers_)


def test_the_window_stays_alive_meanwhile(
    desk: Desk, begin: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shut(desk.qtbot, monkeypatch, desk.telco, "numbers") as gate:
        answers = begin("numbers")
        gate.wait_for_somebody()
        assert answers == []
        gate.open()
        desk.qtbot.waitUntil(lambda: bool(answers))


def test_a_call_without_yes_is_only_asked_about(desk: Desk, ask: Callable[..., Answer]) -> None:
    answer = ask("call", MOBILE)
    assert answer.status == 64
    assert answer.out.startswith("Call 5123 4567?")
    assert desk.telco.dialled == []


def test_a_call_that_was_said_yes_to_is_made_and_shown(
    desk: Desk, ask: Callable[..., Answer]
) -> None:
    changed = heard(desk.calls.changed)
    assert ask("call", MOBILE, "--yes").status == 0
    assert desk.telco.dialled == [(OWN, MOBILE)]
    assert [c.after.other for (c,) in changed] == [MOBILE]


def test_clicks_and_commands_share_the_limits(desk: Desk, ask: Callable[..., Answer]) -> None:
    with desk.qtbot.waitSignals([desk.dialler.progressed] * 2):
        desk.dialler.dial(MOBILE)
    answer = ask("call", MOBILE, "--yes")
    assert (answer.status, "just now" in answer.err) == (2, True)
    assert len(desk.telco.dialled) == 1


def test_a_missed_call_that_a_command_finds_gets_its_card(
    desk: Desk, ask: Callable[..., Answer]
) -> None:
    announced: list[Announcement] = heard(desk.calls.announced)
    desk.add()
    answer = ask("calls", "--json")
    assert [call["outcome"] for call in json.loads(answer.out)] == ["missed"]
    assert [len(each.cards) for each in announced] == [1]
    desk.poll()
    assert len(announced) == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(Offline("no network", "later"), 4, id="offline"),
        pytest.param(Uncertain("no answer", "look"), 5, id="uncertain"),
        pytest.param(refusal("ERR003", "x"), 3, id="refused"),
        pytest.param(refusal("ERR001", "x"), 6, id="password"),
    ],
)
def test_trouble_is_answered(
    desk: Desk, ask: Callable[..., Answer], error: PhoneError, status: int
) -> None:
    desk.telco.trouble["numbers"].append(error)
    answer = ask("numbers")
    assert (answer.status, answer.out, answer.err.count("\n")) == (status, "", 2)


def test_a_password_refused_to_a_command_stops_the_looks_too(
    desk: Desk, ask: Callable[..., Answer]
) -> None:
    desk.telco.trouble["numbers"].append(refusal("ERR001", "x"))
    ask("numbers")
    asked = len(desk.telco.asked)
    with desk.qtbot.waitSignal(desk.calls.failed):
        desk.calls.poll()
    assert len(desk.telco.asked) == asked


def test_a_bug_is_answered_and_not_swallowed(
    desk: Desk, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.telco, "numbers", lambda: 1 // 0)
    with desk.qtbot.captureExceptions() as bugs:
        answer = ask("numbers")
        assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert [kind for kind, *_ in bugs] == [ZeroDivisionError]


def test_quitting_meanwhile_answers_nothing_twice(
    desk: Desk, begin: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shut(desk.qtbot, monkeypatch, desk.telco, "numbers") as gate:
        answers = begin("numbers")
        gate.wait_for_somebody()
        desk.lanes.close(patience=0)
    desk.lanes.close(patience=5)
    assert len(answers) <= 1


# words that are not to be trusted


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("dial", "1"), id="no command"),
        pytest.param(("call",), id="half a command"),
        pytest.param(("--nonsense",), id="no option"),
        pytest.param(("simulate",), id="not for here"),
        pytest.param(("demo",), id="not for here either"),
        pytest.param(("account", "set"), id="a password is not handed over"),
        pytest.param(("numbers", "--own", "Mari"), id="no line"),
        pytest.param(("call", "*21#", "--yes", "--even-costly"), id="codes"),
        pytest.param(("call", "112", "--yes", "--even-costly"), id="emergency"),
        pytest.param(("call", "+881612345678", "--yes", "--even-costly"), id="satellite"),
        pytest.param(("\udc80", "\x00", "\n"), id="garbage"),
    ],
)
def test_what_cannot_be_done_is_answered(
    desk: Desk, ask: Callable[..., Answer], words: tuple[str, ...]
) -> None:
    asked = len(desk.telco.asked)
    answer = ask(*words)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err
    assert len(desk.telco.asked) == asked


@pytest.mark.parametrize("words", [("--help",), ("call", "--help"), ("--version",)])
def test_help_is_help(ask: Callable[..., Answer], words: tuple[str, ...]) -> None:
    answer = ask(*words)
    assert (answer.status, answer.err) == (0, "")
    assert "desk-phone" in answer.out


# options that are another's


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--service", "https://other.example/"), id="service"),
        pytest.param(("--user", "P0000001@example.ee"), id="user"),
    ],
)
def test_another_account_is_not_to_be_had(
    desk: Desk, ask: Callable[..., Answer], options: tuple[str, ...]
) -> None:
    asked = len(desk.telco.asked)
    answer = ask("numbers", *options)
    assert answer.status == 2
    assert "another service or user" in answer.err
    assert len(desk.telco.asked) == asked


def test_the_same_account_may_be_named(desk: Desk, ask: Callable[..., Answer]) -> None:
    service = desk.preferences.settings.service_url
    assert ask("numbers", "--service", service, "--user", USER, "--own", OWN).status == 0


def test_another_line_is_for_that_command_alone(desk: Desk, ask: Callable[..., Answer]) -> None:
    assert ask("call", MOBILE, "--yes", "--own", "640 1234").status == 0
    assert desk.telco.dialled == [("+3726401234", MOBILE)]
    assert desk.preferences.settings.own_number == OWN


# `account set` beside us


def test_another_user_is_taken_from_the_keyring(desk: Desk, ask: Callable[..., Answer]) -> None:
    other = "P0000001@example.ee"
    assert ask("account", "may", "--user", other) == Answer(0)
    desk.keyring.kept[other] = Secret("battery staple")
    assert ask("account", "take", "--user", other).status == 0
    assert desk.preferences.settings.user == other
    assert desk.account.state.stored


def test_what_is_refused_beside_us_counts_here(desk: Desk, ask: Callable[..., Answer]) -> None:
    for _ in range(3):
        assert ask("account", "may", "--user", USER) == Answer(0)
        assert ask("account", "refused", "--user", USER) == Answer(0)
    assert ask("account", "may", "--user", USER).status == 2
    desk.poll()  # with the one that works
