"""Missed calls as the desktop's own notifications."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, Signal

from desk_phone.errors import Refused
from desk_phone.model.calls import Attention
from desk_phone.store.calls import CallFilter
from desk_phone.system.notifications import DEFAULT, Notification
from desk_phone.ui.cards.notified import Notified
from tests.ui.card_stack import FakeDeeds, ring
from tests.ui.conftest import HOSTILE, Desk

JAAN = "missed +37251234567"


class FakeNotifications(QObject):
    """A desktop that shows everything: by key, as it stands there now."""

    acted = Signal(str, str)
    closed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, Notification] = {}

    def show(self, notification: Notification) -> None:
        self.shown[notification.key] = notification

    def close(self, key: str) -> None:
        if self.shown.pop(key, None) is not None:
            self.closed.emit(key)

    def press(self, key: str, action: str) -> None:
        """As most servers do: the notification goes with the press."""
        self.acted.emit(key, action)
        self.close(key)


class Presenting:
    is_on = False


@pytest.fixture
def desktop() -> FakeNotifications:
    return FakeNotifications()


@pytest.fixture
def room() -> Presenting:
    return Presenting()


def _make(desk: Desk, desktop: FakeNotifications, room: Presenting, instead: bool) -> Notified:
    return Notified(
        *(desk.calls, desk.dialler, desk.preferences, desktop, instead),
        presenting=lambda: room.is_on,
        now=desk.now,
    )


@pytest.fixture
def alone(desk: Desk, desktop: FakeNotifications, room: Presenting) -> Notified:
    """Instead of cards."""
    return _make(desk, desktop, room, True)


@pytest.fixture
def beside(desk: Desk, desktop: FakeNotifications, room: Presenting) -> Notified:
    """Beside the cards."""
    return _make(desk, desktop, room, False)


def test_a_missed_call_is_told_with_buttons(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("51234567", "Jaan Tamm")
    note = desktop.shown[JAAN]
    assert note.title == "Jaan Tamm"
    assert note.body.startswith("Missed ")
    assert "ago" not in note.body  # nobody keeps it current
    assert "5123 4567" in note.body
    assert [action for action, _ in note.actions] == [DEFAULT, "call", "done"]
    assert note.timeout_ms == 10_000


def test_beside_a_card_it_only_speaks(
    desk: Desk, desktop: FakeNotifications, beside: Notified
) -> None:
    desk.miss("51234567", "Jaan Tamm")
    note = desktop.shown[JAAN]
    assert note.actions == ()
    assert note.transient


def test_the_same_caller_again_takes_its_place(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("51234567", "Jaan Tamm", timedelta(minutes=4))
    desk.miss("51234567", "Jaan Tamm")
    assert list(desktop.shown) == [JAAN]
    assert desktop.shown[JAAN].title == "Jaan Tamm ×2"


def test_a_withheld_number_cannot_be_called_back(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("")
    (note,) = desktop.shown.values()
    assert [action for action, _ in note.actions] == [DEFAULT, "done"]


def test_call_back_rings_and_says_so(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("51234567")
    desktop.press(JAAN, "call")
    desk.qtbot.waitUntil(lambda: JAAN in desktop.shown)
    assert desktop.shown[JAAN].title == "Your phone 640 3231 is ringing: lift the handset."
    assert desk.telco.dialled == [("+3726403231", "+37251234567")]


def test_a_call_back_that_fails_says_why(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.telco.trouble["call"].append(Refused("The service said no", "Try later."))
    desk.miss("51234567")
    desktop.press(JAAN, "call")
    desk.qtbot.waitUntil(lambda: JAAN in desktop.shown)
    assert desktop.shown[JAAN].title == "The service said no"


def test_a_costly_call_back_is_asked_about(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("00358401234567")
    with desk.qtbot.waitSignal(desk.dialler.asked):
        desktop.press("missed +358401234567", "call")
    assert desk.telco.dialled == []


def test_done_means_handled(desk: Desk, desktop: FakeNotifications, alone: Notified) -> None:
    desk.miss("51234567")
    desktop.press(JAAN, "done")
    (call,) = desk.ledger.page()
    assert call.attention is Attention.HANDLED
    assert desktop.shown == {}


def test_a_press_on_it_shows_the_missed_calls(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("51234567")
    with desk.qtbot.waitSignal(alone.calls_wanted) as asked:
        desktop.press(JAAN, DEFAULT)
    assert asked.args == [CallFilter.MISSED]


@pytest.mark.parametrize("key", ["something else", "missed calls", ""])
def test_what_others_show_never_dials(
    desk: Desk, desktop: FakeNotifications, alone: Notified, key: str
) -> None:
    with desk.qtbot.assertNotEmitted(desk.dialler.progressed):
        desktop.acted.emit(key, "call")
        desktop.acted.emit(key, "done")


def test_calls_seen_elsewhere_take_it_away(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("51234567")
    desk.calls.mark_seen()
    assert desktop.shown == {}


@pytest.mark.parametrize("chosen", [{"popups": False}, {"popups_paused_until": 4e9}])
def test_nothing_while_pop_ups_are_off_or_paused(
    desk: Desk, desktop: FakeNotifications, alone: Notified, chosen: dict[str, object]
) -> None:
    desk.miss("6401111")
    desk.change(**chosen)
    assert desktop.shown == {}
    desk.miss("51234567")
    assert desktop.shown == {}


def test_many_at_once_come_in_one(desk: Desk, desktop: FakeNotifications, alone: Notified) -> None:
    desk.calls.woke()
    for n in range(5):
        desk.add(f"5123450{n % 4}", ago=timedelta(hours=n + 1))
    desk.poll()
    (note,) = desktop.shown.values()
    assert note.title == "5 missed calls from 4 callers"
    desk.calls.mark_seen()
    assert desktop.shown == {}


def test_while_somebody_presents_nobody_reads_who_called(
    desk: Desk, desktop: FakeNotifications, alone: Notified, room: Presenting
) -> None:
    room.is_on = True
    desk.miss("51234567", "Jaan Tamm")
    note = desktop.shown[JAAN]
    assert note.title == "Missed call"
    assert "Jaan" not in note.body
    assert "5123" not in note.body


def test_a_hostile_name_goes_out_as_clean_text(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    desk.miss("51234567", HOSTILE)
    note = desktop.shown[JAAN]
    assert "\u202e" not in note.title
    assert "<img src='file:///x'>" in note.title  # escaped where it is sent


# a call that rings


def test_a_ringing_call_is_told_while_it_rings(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    ring(desk, name="Jaan Tamm")
    note = desktop.shown[JAAN]
    assert note.title == "Jaan Tamm"
    assert note.body.splitlines()[0] == "Calling 640 3231"
    assert note.timeout_ms == 25_000
    assert note.category == "call.incoming"


def test_missed_the_same_notification_says_so(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    ring(desk)
    desk.clock.pass_(seconds=20)
    ring(desk, type_="Missed", ago=0)
    note = desktop.shown[JAAN]
    assert note.body.startswith("Missed ")
    assert note.category == "call.unanswered"
    assert [action for action, _ in note.actions] == [DEFAULT, "call", "done"]


def test_of_many_that_rang_at_once_the_summary_alone_tells(
    desk: Desk, desktop: FakeNotifications, beside: Notified
) -> None:
    callers = [f"5123450{n}" for n in range(5)]
    for other in callers:
        ring(desk, f"+372{other}")
    assert len(desktop.shown) == 5
    for other in callers[:4]:
        desk.add(other, ago=timedelta(seconds=2))
    desk.clock.pass_(seconds=20)
    desk.poll()
    assert set(desktop.shown) == {"missed calls", "missed +37251234504"}


@pytest.mark.parametrize("missed_before", [False, True])
def test_answered_it_goes(
    desk: Desk, desktop: FakeNotifications, alone: Notified, missed_before: bool
) -> None:
    if missed_before:
        desk.miss("51234567", ago=timedelta(minutes=5))
    ring(desk)
    ring(desk, type_="Answer", answer="Yes", ago=0)
    assert desktop.shown == {}


def test_with_reminders_and_a_crm_there_are_buttons_for_them(
    desk: Desk, desktop: FakeNotifications
) -> None:
    fake = FakeDeeds()
    both = Notified(
        *(desk.calls, desk.dialler, desk.preferences, desktop, True),
        now=desk.now,
        deeds=fake.deeds,
        has_crm=lambda: True,
    )
    ring(desk)
    assert [action for action, _ in desktop.shown[JAAN].actions] == [DEFAULT, "crm"]
    with desk.qtbot.waitSignal(both.crm_wanted) as asked:
        desktop.press(JAAN, "crm")
    assert asked.args[0].other == "+37251234567"
    desk.miss("6401111")
    desktop.press("missed +3726401111", "later")
    assert fake.snoozed == [("+3726401111", desk.clock.at + timedelta(minutes=30))]
    desk.miss("6401112")
    desktop.press("missed +3726401112", "done")
    assert fake.handled == ["+3726401112"]


def test_a_press_on_a_ringing_one_shows_the_calls(
    desk: Desk, desktop: FakeNotifications, alone: Notified
) -> None:
    ring(desk)
    with desk.qtbot.waitSignal(alone.calls_wanted) as asked:
        desktop.press(JAAN, DEFAULT)
    assert asked.args == [CallFilter.ALL]


def test_while_somebody_presents_nobody_reads_who_calls(
    desk: Desk, desktop: FakeNotifications, alone: Notified, room: Presenting
) -> None:
    room.is_on = True
    ring(desk, name="Jaan Tamm")
    note = desktop.shown[JAAN]
    assert (note.title, note.body) == ("Incoming call", "Calling 640 3231")
