"""Dialling as the windows see it: asked, sent once, and what became of it."""

from __future__ import annotations

from typing import Any

import pytest

from desk_phone.app.dial import Plan
from desk_phone.app.dialler import Dial, Stage
from desk_phone.errors import BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.calls import Outcome
from desk_phone.model.dialing import Source, Verdict
from desk_phone.settings import Settings
from desk_phone.store import changing as store
from desk_phone.telco.refusals import refusal
from tests.offices import full_disk
from tests.ui.conftest import OWN, USER, Desk
from tests.ui.gate import heard, shut

MOBILE, OTHER, FINNISH, ODD = "+37251234567", "+3726011111", "+358401234567", "555111222"
ELSEWHERE = [Source.LINK, Source.CLIPBOARD, Source.COMMAND]


@pytest.fixture
def dials(desk: Desk) -> list[Dial]:
    return heard(desk.dialler.progressed)


def wait_for(desk: Desk, dials: list[Dial], stage: Stage) -> Dial:
    desk.qtbot.waitUntil(lambda: bool(dials) and dials[-1].stage is stage)
    return dials[-1]


def rings(desk: Desk, dials: list[Dial], number: str = MOBILE) -> Dial:
    """Dial it, and wait until the own phone rings."""
    desk.dialler.dial(number)
    return wait_for(desk, dials, Stage.RINGING)


def rows(desk: Desk) -> list[tuple[str, Outcome]]:
    return [(call.other, call.outcome) for call in desk.ledger.page()]


# the policy


def test_an_ordinary_number_is_dialled_at_a_click(desk: Desk, dials: list[Dial]) -> None:
    dial = rings(desk, dials, "5123 4567")
    assert [each.stage for each in dials] == [Stage.SENDING, Stage.RINGING]
    assert (dial.plan.own, dial.plan.reading.key) == (OWN, MOBILE)
    assert desk.telco.dialled == [(OWN, MOBILE)]


@pytest.mark.parametrize("source", ELSEWHERE)
def test_what_did_not_come_from_a_click_is_asked_about(
    desk: Desk, dials: list[Dial], source: Source
) -> None:
    asked: list[Plan] = heard(desk.dialler.asked)
    desk.dialler.dial("tel:+37251234567", source)
    desk.dialler.dial_key(MOBILE, source)
    assert [plan.source for plan in asked] == [source, source]
    assert (dials, desk.telco.dialled, rows(desk)) == ([], [], [])


def test_what_costs_is_asked_about_also_at_a_click(desk: Desk, dials: list[Dial]) -> None:
    asked: list[Plan] = heard(desk.dialler.asked)
    desk.dialler.dial(FINNISH)
    (plan,) = asked
    desk.dialler.confirm(plan)
    wait_for(desk, dials, Stage.RINGING)
    assert desk.telco.dialled == [(OWN, FINNISH)]


def test_a_no_sends_nothing_and_leaves_nothing(desk: Desk, dials: list[Dial]) -> None:
    asked: list[Plan] = heard(desk.dialler.asked)
    desk.dialler.dial(FINNISH)
    desk.dialler.cancel(asked[0])
    assert (dials, desk.telco.dialled, rows(desk)) == ([], [], [])


@pytest.mark.parametrize("text", ["112", "+881612345678", "*21#", "", "Mari", OWN])
def test_what_the_policy_refuses_is_refused_with_a_reason(
    desk: Desk, dials: list[Dial], text: str
) -> None:
    refused: list[PhoneError] = heard(desk.dialler.refused)
    desk.dialler.dial(text)
    (error,) = refused
    assert error.message
    assert (dials, desk.telco.dialled, rows(desk)) == ([], [], [])


def test_a_yes_to_what_the_policy_refuses_counts_for_nothing(desk: Desk, dials: list[Dial]) -> None:
    asked: list[Plan] = heard(desk.dialler.asked)
    desk.dialler.dial(FINNISH)
    (plan,) = asked
    decision = type(plan.decision)(Verdict.REFUSE, plan.decision.why)
    desk.dialler.confirm(Plan(plan.reading, decision, plan.source, plan.own))
    assert (dials, desk.telco.dialled) == ([], [])


def test_a_number_of_the_history_is_asked_about_however_odd(desk: Desk, dials: list[Dial]) -> None:
    asked: list[Plan] = heard(desk.dialler.asked)
    desk.dialler.dial_key(ODD)
    desk.dialler.confirm(asked[0])
    wait_for(desk, dials, Stage.RINGING)
    assert desk.telco.dialled == [(OWN, ODD)]


class TestWithoutALine:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user=USER)

    @pytest.mark.parametrize("text", [MOBILE, FINNISH])
    def test_nothing_is_asked_or_sent(self, empty_desk: Desk, text: str) -> None:
        refused: list[PhoneError] = heard(empty_desk.dialler.refused)
        asked = heard(empty_desk.dialler.asked)
        empty_desk.dialler.dial(text)
        assert [error.title for error in refused] == ["Your line is not chosen yet"]
        assert (asked, empty_desk.telco.asked) == ([], [])


# what becomes of it


FAILED = [
    pytest.param(Offline("no network"), id="offline"),
    pytest.param(Refused("busy", "", "ERR1001"), id="refused"),
    pytest.param(refusal("ERR001", "x"), id="password"),
    pytest.param(BadInput("too long"), id="bad input"),
]


@pytest.mark.parametrize("error", FAILED)
def test_a_dial_that_was_not_made_says_why_and_leaves_no_row(
    desk: Desk, dials: list[Dial], error: PhoneError
) -> None:
    changed = heard(desk.calls.changed)
    desk.telco.trouble["call"].append(error)
    desk.dialler.dial(MOBILE)
    assert wait_for(desk, dials, Stage.FAILED).trouble is error
    assert rows(desk) == []
    assert len(changed) == 2  # who shows the calls read them when it came, and when it went


def test_a_dial_that_may_have_been_made_keeps_its_row(desk: Desk, dials: list[Dial]) -> None:
    error = Uncertain("no answer", "look")
    changed = heard(desk.calls.changed)
    desk.telco.trouble["call"].append(error)
    desk.dialler.dial(MOBILE)
    assert wait_for(desk, dials, Stage.FAILED).trouble is error
    assert rows(desk) == [(MOBILE, Outcome.RINGING)]
    assert len(changed) == 1
    assert len(desk.telco.dialled) == 1


def test_the_row_is_seen_while_it_is_sent(
    desk: Desk, dials: list[Dial], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[Any] = heard(desk.calls.changed)
    with shut(desk.qtbot, monkeypatch, desk.telco, "call") as gate:
        desk.dialler.dial(MOBILE)
        gate.wait_for_somebody()
        assert [c.after.other for (c,) in changed] == [MOBILE]
        assert [each.stage for each in dials] == [Stage.SENDING]
        gate.open()
        wait_for(desk, dials, Stage.RINGING)


def test_a_full_disk_is_told_and_nothing_is_sent(
    desk: Desk, dials: list[Dial], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "writing", full_disk)
    desk.dialler.dial(MOBILE)
    trouble = wait_for(desk, dials, Stage.FAILED).trouble
    assert trouble is not None
    assert trouble.title == "No room to save"
    assert desk.telco.dialled == []


def test_a_bug_is_not_swallowed_and_the_next_dial_works(
    desk: Desk, dials: list[Dial], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, desk.qtbot.captureExceptions() as bugs:
        broken.setattr(desk.telco, "call", lambda *_: 1 // 0)
        desk.dialler.dial(MOBILE)
        desk.qtbot.waitUntil(lambda: bool(bugs))
    assert rows(desk) == [(MOBILE, Outcome.RINGING)]  # nobody can say whether it was sent
    rings(desk, dials, OTHER)


# twice


def test_a_double_click_sends_once_and_brings_the_first_one_forward(
    desk: Desk, dials: list[Dial], monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[Dial] = heard(desk.dialler.again)
    with shut(desk.qtbot, monkeypatch, desk.telco, "call") as gate:
        desk.dialler.dial(MOBILE)
        desk.dialler.dial("5123 4567")
        assert [each.stage for each in again] == [Stage.SENDING]
        assert all(each.stage is Stage.SENDING for each in dials)
        gate.open()
        wait_for(desk, dials, Stage.RINGING)
    desk.clock.pass_(seconds=5)
    desk.dialler.dial_key(MOBILE)
    assert [each.stage for each in again] == [Stage.SENDING, Stage.RINGING]
    assert desk.telco.dialled == [(OWN, MOBILE)]


def test_the_one_brought_forward_is_the_one_to_that_number(desk: Desk, dials: list[Dial]) -> None:
    again: list[Dial] = heard(desk.dialler.again)
    rings(desk, dials, MOBILE)
    rings(desk, dials, OTHER)
    desk.dialler.dial(MOBILE)
    assert [each.plan.reading.key for each in again] == [MOBILE]
    assert dials[-1].plan.reading.key == MOBILE


def test_a_number_that_somebody_else_dialled_just_now_is_held_back(
    desk: Desk, dials: list[Dial]
) -> None:
    """By a command before this program began, say."""
    rings(desk, dials, MOBILE)
    desk.dialler._dials.clear()
    desk.dialler.dial(MOBILE)
    trouble = wait_for(desk, dials, Stage.FAILED).trouble
    assert trouble is not None
    assert "just now" in trouble.title
    assert len(desk.telco.dialled) == 1


def test_what_failed_may_be_dialled_again_at_once(desk: Desk, dials: list[Dial]) -> None:
    desk.telco.trouble["call"].append(Offline("no network"))
    desk.dialler.dial(MOBILE)
    wait_for(desk, dials, Stage.FAILED)
    rings(desk, dials)
    assert len(desk.telco.dialled) == 1


def test_a_seventh_call_within_a_minute_is_held_back(desk: Desk, dials: list[Dial]) -> None:
    for n in range(6):
        rings(desk, dials, f"600000{n}")
    desk.dialler.dial("6000006")
    trouble = wait_for(desk, dials, Stage.FAILED).trouble
    assert trouble is not None
    assert trouble.title == "Six calls a minute are enough"
    assert len(desk.telco.dialled) == 6


def test_a_click_does_not_wait_for_a_look(
    desk: Desk, dials: list[Dial], monkeypatch: pytest.MonkeyPatch
) -> None:
    with shut(desk.qtbot, monkeypatch, desk.telco, "history") as gate:
        desk.calls.poll()
        gate.wait_for_somebody()
        rings(desk, dials)
        assert desk.calls.polling


def test_quitting_while_it_is_sent_keeps_the_row(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shut(desk.qtbot, monkeypatch, desk.telco, "call") as gate:
        desk.dialler.dial(MOBILE)
        gate.wait_for_somebody()
        desk.lanes.close(patience=0)
    assert rows(desk) == [(MOBILE, Outcome.RINGING)]


def test_a_click_while_the_answer_is_still_to_come_sends_nothing(
    desk: Desk, dials: list[Dial], monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[Dial] = heard(desk.dialler.again)
    with shut(desk.qtbot, monkeypatch, desk.telco, "call") as gate:
        desk.dialler.dial(MOBILE)
        gate.wait_for_somebody()
        desk.clock.pass_(seconds=12)
        desk.dialler.dial(MOBILE)
        gate.open()
        wait_for(desk, dials, Stage.RINGING)
    rings(desk, dials, OTHER)  # whatever waited in the lane has been sent by now
    assert desk.telco.dialled == [(OWN, MOBILE), (OWN, OTHER)]
    assert [each.stage for each in again] == [Stage.SENDING]


def test_after_a_bug_the_same_number_can_be_dialled(
    desk: Desk, dials: list[Dial], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, desk.qtbot.captureExceptions() as bugs:
        broken.setattr(desk.telco, "call", lambda *_: 1 // 0)
        desk.dialler.dial(MOBILE)
        desk.qtbot.waitUntil(lambda: bool(bugs))
    desk.clock.pass_(seconds=12)
    rings(desk, dials, MOBILE)
