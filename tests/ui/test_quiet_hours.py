"""Quiet hours and pauses: pop-ups only count, and one summary comes when they end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from desk_phone.model.line import LineState, Link
from desk_phone.settings import Settings
from desk_phone.ui.cards.caller_card import SummaryCard
from desk_phone.ui.cards.notified import Notified
from desk_phone.ui.cards.stack import CardStack
from desk_phone.ui.pause import Pause, tomorrow
from desk_phone.ui.settings.popups_section import PopupsSection
from desk_phone.ui.sign import Sign, sign
from tests.ui.card_stack import ring
from tests.ui.conftest import OWN, Desk
from tests.ui.gate import heard
from tests.ui.test_notified import FakeNotifications

QUIET = {"quiet_from": "00:00", "quiet_until": "23:59"}


def at(desk: Desk, hour: int, minute: int = 0, days: int = 0) -> None:
    """Set everybody's clock, to the computer's own wall time."""
    day = desk.clock.at.astimezone().date() + timedelta(days=days)
    desk.clock.at = datetime(day.year, day.month, day.day, hour, minute).astimezone()


def look(*things: object) -> None:
    """As their timers do."""
    for thing in things:
        thing._allowed._pause._look()  # type: ignore[attr-defined]


@pytest.fixture
def desktop() -> FakeNotifications:
    return FakeNotifications()


@pytest.fixture
def notified(desk: Desk, desktop: FakeNotifications) -> Iterator[Notified]:
    return Notified(*(desk.calls, desk.dialler, desk.preferences, desktop, True), now=desk.now)


def test_in_quiet_hours_calls_only_count(
    desk: Desk, stack: CardStack, notified: Notified, desktop: FakeNotifications
) -> None:
    desk.change(**QUIET)
    ring(desk)
    desk.miss("6401111")
    assert stack.cards == ()
    assert desktop.shown == {}
    assert desk.ledger.missed_people() == 1


def test_when_they_end_there_is_one_summary(
    desk: Desk, stack: CardStack, notified: Notified, desktop: FakeNotifications
) -> None:
    at(desk, 20)
    desk.change(quiet_from="18:00", quiet_until="08:00")
    desk.miss("6401111")
    desk.miss("6401112")
    at(desk, 8, 0, days=1)
    look(stack, notified)
    (card,) = stack.cards
    assert isinstance(card, SummaryCard)
    assert card.text.title == "2 missed calls from 2 callers"
    (note,) = desktop.shown.values()
    assert note.title == "2 missed calls from 2 callers"


def test_nothing_missed_makes_no_summary(desk: Desk, stack: CardStack) -> None:
    at(desk, 20)
    desk.change(quiet_from="18:00", quiet_until="08:00")
    desk.miss("6401111")
    desk.calls.mark_seen()
    at(desk, 8, 0, days=1)
    look(stack)
    assert stack.cards == ()


def test_a_start_in_quiet_hours_sums_up_from_their_beginning(desk: Desk) -> None:
    at(desk, 20)
    desk.change(quiet_from="18:00", quiet_until="08:00")
    desk.miss("6401111")
    at(desk, 23)
    later = CardStack(desk.calls, desk.dialler, desk.preferences, now=desk.now)
    at(desk, 8, 0, days=1)
    look(later)
    assert len(later.cards) == 1
    later.clear()


def test_the_end_of_a_pause_is_summed_up_too(desk: Desk, stack: CardStack) -> None:
    desk.change(popups_paused_until=desk.clock.at.timestamp() + 600)
    desk.miss("6401111")
    assert stack.cards == ()
    desk.change(popups_paused_until=0.0)
    (card,) = stack.cards
    assert isinstance(card, SummaryCard)


def test_turning_pop_ups_on_brings_nothing_back(desk: Desk, stack: CardStack) -> None:
    desk.change(popups=False)
    desk.miss("6401111")
    desk.change(popups=True)
    assert stack.cards == ()


def test_quiet_hours_take_away_what_is_up(desk: Desk, stack: CardStack) -> None:
    desk.miss("6401111")
    assert len(stack.cards) == 1
    desk.change(**QUIET)
    assert stack.cards == ()


def test_a_quiet_time_begins_and_ends_by_itself(desk: Desk) -> None:
    at(desk, 17, 59)
    desk.change(quiet_from="18:00", quiet_until="08:00")
    pause = Pause(desk.preferences, desk.now)
    told = heard(pause.changed)
    assert pause.allows
    assert 0 < pause._timer.interval() <= 60_001
    at(desk, 18)
    pause._look()
    assert not pause.allows
    assert len(told) == 1
    assert pause.until is None  # that is for a pause alone


READY = LineState(Link.READY, OWN)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        pytest.param(Settings(), Sign.READY, id="ready"),
        pytest.param(Settings(**QUIET), Sign.QUIET, id="quiet hours"),  # type: ignore[arg-type]
        pytest.param(Settings(popups=False), Sign.QUIET, id="off"),
        pytest.param(
            Settings(popups_paused_until=4e9, **QUIET),  # type: ignore[arg-type]
            Sign.PAUSED,
            id="paused in quiet hours",
        ),
    ],
)
def test_the_sign_of_quiet_hours_is_the_bell_that_is_off(
    desk: Desk, chosen: Settings, shown: Sign
) -> None:
    assert sign(READY, chosen, desk.clock.at) is shown


@pytest.mark.parametrize(
    ("evening", "length"),
    [("2026-03-28 18:00", 11), ("2026-10-24 18:00", 13), ("2026-11-24 18:00", 12)],
)
def test_until_tomorrow_ends_at_six_on_the_wall(
    monkeypatch: pytest.MonkeyPatch, evening: str, length: int
) -> None:
    import time

    monkeypatch.setenv("TZ", "Europe/Tallinn")
    time.tzset()
    try:
        now = datetime.fromisoformat(evening).astimezone()
        assert tomorrow(now) - now == timedelta(hours=length)
    finally:
        monkeypatch.undo()
        time.tzset()


# the settings


@pytest.fixture
def section(desk: Desk) -> PopupsSection:
    section = PopupsSection(desk.preferences, desk.now)
    desk.qtbot.addWidget(section)
    return section


def test_quiet_hours_are_turned_on_with_usual_ones_and_changed(
    desk: Desk, section: PopupsSection
) -> None:
    section.quiet.hours.click()
    assert desk.preferences.settings.quiet_from == "18:00"
    section.quiet.until.setCurrentText("07:15")
    section.quiet.until.activated.emit(section.quiet.until.currentIndex())
    section.quiet.weekends.click()
    section.quiet.holidays.click()
    kept = desk.preferences.settings
    assert (kept.quiet_from, kept.quiet_until) == ("18:00", "07:15")
    assert kept.quiet_weekends
    assert kept.quiet_holidays
    section.quiet.hours.click()
    assert desk.preferences.settings.quiet_from == ""


def test_a_time_between_those_offered_is_shown(desk: Desk, section: PopupsSection) -> None:
    desk.change(quiet_from="17:50", quiet_until="06:05")
    assert section.quiet.since.currentText() == "17:50"
    assert section.quiet.until.currentText() == "06:05"


def test_it_says_until_when_it_is_quiet(desk: Desk, section: PopupsSection) -> None:
    at(desk, 20)
    desk.change(quiet_from="18:00", quiet_until="22:00")
    assert section.status == "Quiet until 22:00; then one summary."


def test_the_other_fields_are_kept(desk: Desk, section: PopupsSection) -> None:
    section.ringing_seconds.setValue(40)
    section.hides.click()
    section.sound.click()
    kept = desk.preferences.settings
    assert kept.ringing_card_seconds == 40
    assert not kept.hide_while_presenting
    assert kept.card_sound
    section.none.click()
    for control in (section.quiet.hours, section.sound, section.hides, section.ringing_seconds):
        assert not control.isEnabled()
