"""The calls as the windows see them: looks that fail, that overlap, and what they announce."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from desk_phone.app.poll import Polled
from desk_phone.errors import BadCredentials, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.attention import Announcement
from desk_phone.model.calls import Attention, Change
from desk_phone.model.line import LineState, Link
from desk_phone.settings import Settings
from desk_phone.store import changing as store
from desk_phone.system import keyring_trouble
from desk_phone.telco.refusals import refusal
from tests.offices import full_disk
from tests.ui.conftest import OWN, USER, Desk, FakeKeyring
from tests.ui.gate import heard, shut

OTHER_LINE = "+3726401234"
WRONG = refusal("ERR001", "x")


@pytest.fixture
def announced(desk: Desk) -> list[Announcement]:
    return heard(desk.calls.announced)


def numbers(calls: Any) -> list[str]:
    return [call.other for call in calls]


# the line


def test_it_starts_without_having_asked(empty_desk: Desk) -> None:
    assert empty_desk.calls.line == LineState(Link.STARTING, OWN)
    assert empty_desk.telco.asked == []


def test_a_look_makes_the_line_ready(empty_desk: Desk) -> None:
    empty_desk.poll()
    assert empty_desk.calls.line == LineState(Link.READY, OWN, None, empty_desk.clock.at)


TROUBLE = [
    pytest.param(Offline("no network"), Link.TROUBLE, id="offline"),
    pytest.param(Uncertain("a login page"), Link.TROUBLE, id="uncertain"),
    pytest.param(Refused("none of yours", "", "ERR003"), Link.TROUBLE, id="refused"),
    pytest.param(WRONG, Link.LOCKED, id="password"),
]


@pytest.mark.parametrize(("error", "link"), TROUBLE)
def test_a_look_that_fails_says_so_and_keeps_when_we_knew_last(
    desk: Desk, error: PhoneError, link: Link
) -> None:
    updated = desk.calls.line.updated
    failed = heard(desk.calls.failed)
    desk.fail(error)
    assert desk.calls.line == LineState(link, OWN, error, updated)
    assert failed == [error]
    assert not desk.calls.polling


def test_the_next_good_look_ends_the_trouble(desk: Desk) -> None:
    desk.fail(Offline("no network"))
    desk.poll()
    assert desk.calls.line == LineState(Link.READY, OWN, None, desk.clock.at)


def test_a_refused_password_is_not_sent_by_the_next_look(desk: Desk) -> None:
    desk.fail(WRONG)
    asked = len(desk.telco.asked)
    for _ in range(3):
        with desk.qtbot.waitSignal(desk.calls.failed):
            desk.calls.poll()
    assert len(desk.telco.asked) == asked
    assert desk.calls.line.link is Link.LOCKED


def test_a_line_that_says_the_same_is_not_told_again(desk: Desk) -> None:
    desk.fail(WRONG)
    desk.calls.poll()  # the refusal is read back once, and then stays the same object
    told = heard(desk.calls.line_changed)
    desk.calls.poll()
    desk.calls.poll()
    assert told == []


class TestWithoutAPassword:
    @pytest.fixture
    def keyring(self) -> FakeKeyring:
        return FakeKeyring()

    def test_the_line_is_locked_and_nothing_is_wrong(self, empty_desk: Desk) -> None:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.failed):
            empty_desk.calls.poll()
        assert empty_desk.calls.line == LineState(Link.LOCKED, OWN)
        assert empty_desk.telco.asked == []


class TestWithALockedKeyring:
    @pytest.fixture
    def keyring(self, monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
        def locked(_self: object) -> None:
            raise keyring_trouble.locked()

        monkeypatch.setattr(FakeKeyring, "_must_be_there", locked)
        return FakeKeyring()

    def test_the_line_is_locked_and_says_why(self, empty_desk: Desk) -> None:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.failed):
            empty_desk.calls.poll()
        line = empty_desk.calls.line
        assert line.link is Link.LOCKED
        assert line.trouble is not None
        assert line.trouble.title == "The keyring is locked"


class TestWithoutALine:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(user=USER)

    def test_only_the_password_is_tried(self, empty_desk: Desk) -> None:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.line_changed):
            empty_desk.calls.poll()
        assert empty_desk.calls.line == LineState(Link.NO_LINE)
        assert empty_desk.telco.asked == [("numbers",)]

    def test_a_line_that_is_chosen_is_looked_at(self, empty_desk: Desk) -> None:
        with empty_desk.qtbot.waitSignal(empty_desk.calls.polled):
            empty_desk.change(own_number=OWN)
        assert empty_desk.calls.line.link is Link.READY

    def test_also_while_the_password_is_tried(
        self, empty_desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = empty_desk
        with shut(desk.qtbot, monkeypatch, desk.telco, "numbers") as gate:
            desk.calls.poll()
            gate.wait_for_somebody()
            desk.change(own_number=OWN)
            with desk.qtbot.waitSignal(desk.calls.polled):
                gate.open()
        assert desk.calls.line.link is Link.READY


# looks that overlap


def test_wishes_while_a_look_is_under_way_are_granted_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    polled = heard(desk.calls.polled)
    with shut(desk.qtbot, monkeypatch, desk.telco, "history") as gate:
        for _ in range(4):
            desk.calls.poll()
        gate.wait_for_somebody()
        assert desk.calls.polling
        gate.open()
        desk.qtbot.waitUntil(lambda: len(polled) == 2)
    assert not desk.calls.polling
    assert gate.passed == 2


def test_a_wish_behind_a_refused_password_is_not_granted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = heard(desk.calls.failed)
    desk.telco.trouble["history"].append(WRONG)
    with shut(desk.qtbot, monkeypatch, desk.telco, "history") as gate:
        desk.calls.poll()
        desk.calls.poll()
        gate.wait_for_somebody()
        gate.open()
        desk.qtbot.waitUntil(lambda: bool(failed))
    assert failed == [WRONG]
    assert not desk.calls.polling


def test_the_answer_about_another_line_makes_this_one_not_ready(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[LineState] = []
    desk.calls.line_changed.connect(lambda: states.append(desk.calls.line))
    polled: list[Polled] = heard(desk.calls.polled)
    with shut(desk.qtbot, monkeypatch, desk.telco, "history") as gate:
        desk.calls.poll()
        gate.wait_for_somebody()
        desk.change(own_number=OTHER_LINE)
        desk.clock.pass_(seconds=1)
        gate.open()
        desk.qtbot.waitUntil(lambda: len(polled) == 2)
    assert [p.own for p in polled] == [OWN, OTHER_LINE]
    assert [(s.own, s.link) for s in states] == [
        (OTHER_LINE, Link.STARTING),
        (OTHER_LINE, Link.READY),
    ]


def test_after_a_bug_it_can_look_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken, desk.qtbot.captureExceptions() as bugs:
        broken.setattr(desk.telco, "history", lambda *_: 1 // 0)
        desk.calls.poll()
        desk.qtbot.waitUntil(lambda: bool(bugs))
    desk.poll()
    assert desk.calls.line.link is Link.READY


# what is announced


def test_the_first_look_announces_nothing(empty_desk: Desk) -> None:
    said = heard(empty_desk.calls.announced)
    empty_desk.miss()
    assert said == []
    assert empty_desk.ledger.missed_people() == 0


def test_a_missed_call_is_announced_once(desk: Desk, announced: list[Announcement]) -> None:
    desk.miss()
    desk.poll()
    assert [numbers(each.cards) for each in announced] == [["+37251234567"]]


def test_after_a_long_trouble_there_is_one_summary(
    desk: Desk, announced: list[Announcement]
) -> None:
    desk.fail(Offline("no network"))
    desk.clock.pass_(minutes=6)
    desk.miss()
    assert [(each.cards, each.summary is not None) for each in announced] == [((), True)]


def test_after_a_short_one_there_are_cards(desk: Desk, announced: list[Announcement]) -> None:
    desk.poll()
    desk.fail(Offline("no network"))
    desk.clock.pass_(minutes=4)
    desk.miss(ago=timedelta(minutes=1))
    assert [len(each.cards) for each in announced] == [1]


def test_after_sleep_there_is_one_summary(desk: Desk, announced: list[Announcement]) -> None:
    desk.calls.woke()
    desk.miss(ago=timedelta(minutes=1))
    assert [(each.cards, each.summary is not None) for each in announced] == [((), True)]


def test_what_a_command_found_is_announced_too(desk: Desk, announced: list[Announcement]) -> None:
    """`desk-phone calls` is done by the running program, and is nobody's look of ours."""
    missed = _missed(desk)
    changed = heard(desk.calls.changed)
    desk.calls.take(missed)
    assert changed == [missed]
    assert [numbers(each.cards) for each in announced] == [["+37251234567"]]


def _missed(desk: Desk) -> tuple[Change, ...]:
    """What somebody else's look brings."""
    found: list[tuple[Change, ...]] = []
    told, desk.calls.take = desk.calls.take, found.append  # type: ignore[method-assign]
    desk.miss()
    desk.calls.take = told  # type: ignore[method-assign]
    (changes,) = found
    return changes


def test_nothing_changed_is_not_told(desk: Desk) -> None:
    changed = heard(desk.calls.changed)
    desk.poll()
    desk.calls.take(())
    desk.calls.mark_seen()
    assert changed == []


# what a person does


def test_seen_and_handled_are_told_and_not_announced(
    desk: Desk, announced: list[Announcement]
) -> None:
    desk.miss()
    announced.clear()
    changed = heard(desk.calls.changed)
    desk.calls.mark_seen()
    desk.calls.handle("+37251234567")
    assert [c.after.attention for (c,) in changed] == [Attention.SEEN, Attention.HANDLED]
    assert announced == []


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda calls: calls.mark_seen(), id="seen"),
        pytest.param(lambda calls: calls.handle("+37251234567"), id="handled"),
    ],
)
def test_a_full_disk_is_told_to_the_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, deed: Callable[[Any], None]
) -> None:
    desk.miss()
    failed = heard(desk.lanes.failed)
    monkeypatch.setattr(store, "writing", full_disk)
    deed(desk.calls)
    assert [error.title for error in failed] == ["No room to save"]
    assert desk.ledger.missed_people() == 1


def test_a_full_disk_ends_a_look(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add()
    with monkeypatch.context() as full:
        full.setattr(store, "writing", full_disk)
        with desk.qtbot.waitSignal(desk.calls.failed):
            desk.calls.poll()
    assert desk.calls.line.link is Link.TROUBLE
    desk.poll()
    assert desk.ledger.missed_people() == 1


def test_when_the_next_look_is_due_can_be_seen(desk: Desk) -> None:
    told = heard(desk.calls.line_changed)
    at = desk.clock.at + timedelta(minutes=2)
    desk.calls.plan_next(at, thrifty=True)
    desk.calls.plan_next(at, thrifty=True)
    assert (desk.calls.line.next_try, desk.calls.line.thrifty) == (at, True)
    assert len(told) == 1
    desk.fail(BadCredentials("locked"))
    assert desk.calls.line.next_try is None
