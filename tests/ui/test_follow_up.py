"""Notes and reminders as the windows see them: durable, told in time and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from desk_phone.app.follow_up import FollowUp
from desk_phone.model.attention import CARDS_AT_ONCE, Announcement
from desk_phone.model.follow_up import By, Reminder
from desk_phone.store import changing, notes
from desk_phone.ui.cards.caller_card import SummaryCard
from desk_phone.ui.cards.reminded import Reminded
from desk_phone.ui.cards.stack import CardStack
from tests.offices import full_disk
from tests.ui.conftest import HOSTILE, Desk

ANNA = "+37251234567"


@pytest.fixture
def follow_up(desk: Desk) -> Iterator[FollowUp]:
    follow_up = FollowUp(desk.calls, desk.now)
    follow_up.start()
    yield follow_up
    follow_up.stop()


@pytest.fixture
def told(follow_up: FollowUp) -> list[tuple[Reminder, ...]]:
    told: list[tuple[Reminder, ...]] = []
    follow_up.due.connect(told.append)
    return told


def newest(desk: Desk) -> int:
    return desk.ledger.page()[0].id


def test_notes_are_kept_and_told(desk: Desk, follow_up: FollowUp) -> None:
    desk.miss()
    with desk.qtbot.waitSignals([follow_up.changed, follow_up.changed]):
        assert follow_up.write_call_note(newest(desk), "of the call")
        assert follow_up.write_person_note(ANNA, "about Anna")
    assert follow_up.call_note(newest(desk)) == "of the call"
    assert follow_up.person_note(ANNA) == "about Anna"
    assert (follow_up.call_note(77), follow_up.person_note("")) == ("", "")


def test_a_note_that_finds_no_room_is_told_once(
    desk: Desk, follow_up: FollowUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[str] = []
    follow_up.failed.connect(lambda error: failed.append(error.title))
    with monkeypatch.context() as full:
        full.setattr(notes, "writing", full_disk)
        for _ in range(3):  # a field tries again and again
            assert not follow_up.write_person_note(ANNA, "x")
    assert failed == ["No room to save"]
    assert follow_up.write_person_note(ANNA, "x")
    with monkeypatch.context() as full:
        full.setattr(notes, "writing", full_disk)
        assert not follow_up.write_person_note(ANNA, "y")
    assert len(failed) == 2


def test_a_deed_that_finds_no_room_changes_nothing(
    desk: Desk, follow_up: FollowUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.miss()
    monkeypatch.setattr(changing, "writing", full_disk)
    with desk.qtbot.waitSignal(follow_up.failed):
        assert not follow_up.handle(ANNA)
    assert desk.ledger.missed_people() == 1


def test_what_is_due_is_told_by_itself(
    desk: Desk, follow_up: FollowUp, told: list[tuple[Reminder, ...]]
) -> None:
    desk.miss()
    until = desk.clock.at + timedelta(milliseconds=30)
    assert follow_up.snooze(ANNA, until)
    assert desk.ledger.missed_people() == 0
    desk.clock.at = until
    desk.qtbot.waitUntil(lambda: bool(told))
    assert [[one.other for one in each] for each in told] == [[ANNA]]
    assert desk.ledger.missed_people() == 1
    follow_up.look()
    assert len(told) == 1


def test_a_timer_that_is_early_tells_nothing_and_waits_on(
    desk: Desk, follow_up: FollowUp, told: list[tuple[Reminder, ...]]
) -> None:
    desk.miss()
    follow_up.snooze(ANNA, desk.clock.at + timedelta(milliseconds=20))
    with desk.qtbot.assertNotEmitted(follow_up.due, wait=100):
        pass  # the clock stands still
    desk.clock.pass_(seconds=1)
    desk.qtbot.waitUntil(lambda: bool(told))


@pytest.mark.parametrize("how", ["look", "poll"])
def test_after_a_sleep_or_a_set_clock_it_is_told_at_the_next_occasion(
    desk: Desk, follow_up: FollowUp, told: list[tuple[Reminder, ...]], how: str
) -> None:
    desk.miss()
    follow_up.snooze(ANNA, desk.clock.at + timedelta(hours=2))
    desk.clock.pass_(hours=3)
    assert told == []
    if how == "look":
        follow_up.look()
    else:
        desk.poll()
    assert len(told) == 1


def test_what_came_due_while_nothing_ran_is_told_at_start_once(
    desk: Desk, follow_up: FollowUp
) -> None:
    desk.miss()
    follow_up.snooze(ANNA, desk.clock.at + timedelta(hours=2))
    follow_up.stop()
    desk.clock.pass_(days=3)
    told: list[tuple[Reminder, ...]] = []
    for _ in range(2):
        again = FollowUp(desk.calls, desk.now)
        again.due.connect(told.append)
        again.start()
        again.stop()
    assert [[one.other for one in each] for each in told] == [[ANNA]]


def test_a_reminder_in_a_year_is_no_bug(desk: Desk, follow_up: FollowUp) -> None:
    follow_up.snooze(ANNA, desk.clock.at + timedelta(days=365))
    assert [one.told for one in follow_up.reminders()] == [False]


def test_without_room_it_is_said_once_and_told_later(
    desk: Desk,
    follow_up: FollowUp,
    told: list[tuple[Reminder, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.miss()
    follow_up.snooze(ANNA, desk.clock.at + timedelta(hours=1))
    desk.clock.pass_(hours=2)
    failed: list[object] = []
    follow_up.failed.connect(failed.append)
    with monkeypatch.context() as full:
        full.setattr(changing, "writing", full_disk)
        follow_up.look()
        follow_up.look()
    assert (len(failed), told) == (1, [])
    follow_up.look()
    assert len(told) == 1


def test_a_talk_makes_it_needless(
    desk: Desk, follow_up: FollowUp, told: list[tuple[Reminder, ...]]
) -> None:
    desk.miss()
    follow_up.snooze(ANNA, desk.clock.at + timedelta(hours=2))
    desk.clock.pass_(hours=1)
    desk.add(ago=timedelta(minutes=5), talked=timedelta(minutes=2), outgoing=True)
    with desk.qtbot.waitSignal(follow_up.changed):
        desk.poll()
    assert follow_up.reminder(ANNA) is None
    why = follow_up.why_handled(ANNA)
    assert why is not None
    assert why.by is By.TALK
    desk.clock.pass_(hours=2)
    follow_up.look()
    assert told == []


def test_what_is_done_is_heard_by_all_and_taken_back(desk: Desk, follow_up: FollowUp) -> None:
    desk.miss()
    with desk.qtbot.waitSignals([desk.calls.changed, follow_up.changed]):
        assert follow_up.handle(ANNA)
    assert desk.ledger.missed_people() == 0
    assert follow_up.undo()
    assert desk.ledger.missed_people() == 1
    assert follow_up.handle(ANNA)
    assert follow_up.take_up(ANNA)
    assert follow_up.snooze(ANNA, desk.clock.at + timedelta(hours=1))
    assert follow_up.wake(ANNA)
    assert follow_up.reminders() == ()


def test_done_in_the_list_is_taken_back_too(desk: Desk, follow_up: FollowUp) -> None:
    desk.miss()
    desk.calls.handle(ANNA)
    why = follow_up.why_handled(ANNA)
    assert why is not None
    assert (why.by, why.at) == (By.PERSON, desk.clock.at)
    follow_up.undo()
    assert desk.ledger.missed_people() == 1


def test_who_cannot_be_called_cannot_be_put_off(desk: Desk, follow_up: FollowUp) -> None:
    with desk.qtbot.waitSignal(follow_up.failed):
        assert not follow_up.snooze("", desk.clock.at + timedelta(hours=1))


@pytest.mark.parametrize("people", [1, 3, 4])
def test_who_is_due_is_announced_as_if_new(desk: Desk, follow_up: FollowUp, people: int) -> None:
    announced: list[Announcement] = []
    follow_up.announced.connect(announced.append)
    for n in range(people):
        for _ in range(2):
            desk.add(f"5123456{n}")
    desk.poll()
    for n in range(people):
        follow_up.snooze(f"+3725123456{n}", desk.clock.at + timedelta(hours=1))
    follow_up.snooze("+3726000000", desk.clock.at + timedelta(hours=1))  # was not missed
    desk.clock.pass_(hours=1)
    follow_up.look()
    (told,) = announced
    if people > 3:
        assert told.summary is not None
        assert (told.summary.calls, told.summary.people) == (2 * people, people)
    else:
        assert [call.other for call in told.cards] == [f"+3725123456{n}" for n in range(people)]


def test_many_that_come_due_one_after_another_are_few_on_the_screen(
    desk: Desk, follow_up: FollowUp
) -> None:
    follow_up.announced.connect(desk.calls.announced)
    stack = CardStack(desk.calls, desk.dialler, desk.preferences, now=desk.now)
    people = [f"512345{n:02}" for n in range(12)]
    for number in people:
        desk.add(number, ago=timedelta(hours=1))
    desk.poll()
    stack.clear()
    for n, number in enumerate(people):
        follow_up.snooze(f"+372{number}", desk.clock.at + timedelta(seconds=60 + 2 * n))
    for _ in range(60):
        desk.clock.pass_(seconds=2)
        follow_up.look()
    summary, *cards = stack.cards
    assert isinstance(summary, SummaryCard)
    assert len(cards) == CARDS_AT_ONCE
    assert summary.text.title == "12 missed calls from 12 callers"
    stack.clear()


def test_who_was_told_long_before_is_not_told_again(desk: Desk, follow_up: FollowUp) -> None:
    announced: list[Announcement] = []
    follow_up.announced.connect(announced.append)
    people = [f"+3725123450{n}" for n in range(4)]
    for n, other in enumerate(people):
        desk.add(other)
        desk.poll()
        follow_up.snooze(other, desk.clock.at + timedelta(minutes=5 * (n + 1)))
    for _ in people:
        desk.clock.pass_(minutes=5)
        follow_up.look()
    assert [[call.other for call in told.cards] for told in announced] == [[o] for o in people]


def test_a_reminder_without_a_missed_call_is_due_and_not_announced(
    desk: Desk, follow_up: FollowUp, told: list[tuple[Reminder, ...]]
) -> None:
    follow_up.snooze(ANNA, desk.clock.at + timedelta(hours=1))
    desk.clock.pass_(hours=1)
    with desk.qtbot.assertNotEmitted(follow_up.announced):
        follow_up.look()
    assert len(told) == 1


def test_a_card_comes_again_when_its_time_has_come(desk: Desk, follow_up: FollowUp) -> None:
    follow_up.announced.connect(desk.calls.announced)
    stack = CardStack(desk.calls, desk.dialler, desk.preferences, now=desk.now)
    desk.miss()
    follow_up.snooze(ANNA, desk.clock.at + timedelta(hours=1))
    assert list(stack.cards) == []
    desk.clock.pass_(hours=1)
    follow_up.look()
    assert len(stack.cards) == 1
    stack.clear()


def test_whom_no_card_tells_of_is_told_otherwise(desk: Desk, follow_up: FollowUp) -> None:
    said: list[tuple[str, str]] = []
    reminded = Reminded(
        follow_up, desk.ledger, lambda *texts: said.append(texts), desk.now, follow_up
    )
    assert reminded.parent() is follow_up
    desk.add("6401111", HOSTILE, timedelta(minutes=9), timedelta(minutes=2))
    desk.miss()
    follow_up.write_person_note("+3726401111", "Offer\nis ready")
    for other in (ANNA, "+3726401111", "+3726000000"):
        follow_up.snooze(other, desk.clock.at + timedelta(hours=1))
    desk.clock.pass_(hours=1)
    follow_up.look()
    assert said[1][1].startswith("640 1111\n")
    assert said[0][0] == "To call back: 600 0000"
    assert said[1][1].endswith("Note: Offer is ready")
    assert len(said) == 2


def test_many_that_no_card_tells_of_are_told_at_once(desk: Desk, follow_up: FollowUp) -> None:
    said: list[tuple[str, str]] = []
    Reminded(follow_up, desk.ledger, lambda *texts: said.append(texts), desk.now, follow_up)
    for last in range(5):
        follow_up.snooze(f"+372640000{last}", desk.clock.at + timedelta(hours=1))
    desk.clock.pass_(hours=1)
    follow_up.look()
    assert said == [("5 people to call back", "640 0000\n640 0001\n640 0002\nand 2 more")]
