"""Notices as they come in: over a real socket into a real ledger, and what a person sees of it."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from desk_phone.app.acts import perform
from desk_phone.app.calls import Calls
from desk_phone.app.notices import NoticeDesk
from desk_phone.app.notices_activation import Activation
from desk_phone.app.notices_state import Stage
from desk_phone.app.poll import Looked
from desk_phone.app.poller import Poller
from desk_phone.errors import Offline
from desk_phone.model.calls import Outcome
from desk_phone.model.notices import Finding, Freshness, Heard, Refusal, TurnedAway
from desk_phone.store.memory import Memory
from desk_phone.system.bus import Bus, Which
from desk_phone.system.presence import Presence
from desk_phone.ui.settings.notices_words import service
from tests.notices import NOT_FOUND, OK, SERVICE, dial, get, target
from tests.ui.conftest import OWN, Desk
from tests.ui.noticing import activation, call, knock, made, notices, settings

__all__ = ["activation", "notices", "settings"]  # fixtures

OTHER = "+37262000001"


# what arrives


def test_a_call_rings_before_any_poll(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    announced = []
    desk.calls.announced.connect(announced.append)
    with desk.qtbot.waitSignal(desk.calls.changed):
        (answer,) = knock(desk.qtbot, notices, call(desk, activation, fn="%D5nne"))
    assert answer.startswith(OK)
    (row,) = desk.ledger.page()
    assert (row.own, row.other, row.name) == (OWN, OTHER, "Õnne")
    assert row.outcome is Outcome.RINGING
    assert [call.id for call in announced[-1].ringing] == [row.id]
    seen = notices.state.last_event
    assert seen is not None
    assert isinstance(seen.arrival, Heard)
    assert seen.arrival.freshness is Freshness.RINGING
    assert notices.state.last_refused is None


@pytest.mark.parametrize("ago", [31, 15 * 60 + 1])
def test_an_old_notice_never_rings(
    desk: Desk, notices: NoticeDesk, activation: Activation, ago: float
) -> None:
    announced = []
    desk.calls.announced.connect(announced.append)
    with desk.qtbot.waitSignal(notices.changed):
        knock(desk.qtbot, notices, call(desk, activation, ago))
    desk.qtbot.waitUntil(lambda: notices.state.last_event is not None)
    assert not any(announcement.ringing for announcement in announced)
    assert len(desk.ledger.page()) == 1


def test_a_replayed_url_is_answered_and_changes_nothing(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    request = call(desk, activation)
    with desk.qtbot.waitSignal(desk.calls.changed):
        knock(desk.qtbot, notices, request)
    known, news = desk.ledger.page(), []
    desk.calls.changed.connect(news.append)
    desk.calls.announced.connect(news.append)
    answers = knock(desk.qtbot, notices, request, request.replace(b"?ts", b"?x=1&ts"))
    assert [answer[:15] for answer in answers] == [OK] * 2
    notices._take()
    assert news == []
    assert desk.ledger.page() == known


def test_a_restart_forgets_no_replay(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    request = call(desk, activation)
    with desk.qtbot.waitSignal(desk.calls.changed):
        knock(desk.qtbot, notices, request)
    notices.close()
    looked = Looked(Memory(desk.ledger._db))
    again = Calls(
        desk.lanes, desk.access, desk.ledger, looked, desk.preferences, desk.now, desk.calls
    )
    news: list[object] = []
    again.announced.connect(news.append)
    anew = made(desk, activation, lambda heard: again.hear(*heard))
    knock(desk.qtbot, anew, request)
    anew._take()
    assert anew.state.last_event is not None
    assert news == []
    anew.close()


def test_the_answer_does_not_wait_for_the_work(desk: Desk, activation: Activation) -> None:
    """200 is on its way before anything is written down."""
    order: list[str] = []
    notices = made(desk, activation, lambda heard: order.append("work"))
    port = int(notices.state.listening.rpartition(":")[2])
    with dial(port) as connection:
        connection.sendall(call(desk, activation))
        connection.setblocking(False)

        def answered() -> bool:
            try:
                found = connection.recv(1000)
            except BlockingIOError:
                return False
            order.append("answer" if found.startswith(OK) else "nothing")
            return True

        notices._hear = lambda heard: (answered(), order.append("work"))
        desk.qtbot.waitUntil(lambda: "work" in order)
    assert order == ["answer", "work"]
    notices.close()


def test_strangers_are_shown_and_change_nothing(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    answers = knock(
        desk.qtbot,
        notices,
        get("/"),
        call(desk, activation).replace(SERVICE.encode(), b"198.51.100.7"),
    )
    assert [answer[:22] for answer in answers] == [NOT_FOUND] * 2
    desk.qtbot.waitUntil(lambda: notices.state.last_refused is not None)
    seen = notices.state.last_refused
    assert seen is not None
    assert seen.arrival == TurnedAway(Refusal.CALLER, "198.51.100.7")
    assert notices.state.last_event is None
    assert desk.ledger.page() == []


def test_a_flood_of_strangers_is_told_at_leisure(desk: Desk, notices: NoticeDesk) -> None:
    told: list[int] = []
    notices.changed.connect(lambda: told.append(1))
    knock(desk.qtbot, notices, *[get("/", f"198.51.100.{n}") for n in range(100)])
    desk.qtbot.waitUntil(lambda: bool(told))
    assert len(told) < 10


# listening


def test_it_listens_only_where_a_person_said_so(desk: Desk, notices: NoticeDesk) -> None:
    before = notices.state.listening
    assert before.startswith("127.0.0.1:")
    desk.change(notices_on=False)
    assert notices.state.listening == ""
    desk.change(notices_on=True)
    assert notices.state.listening != ""
    desk.change(notices_address="127.0.0.2")
    assert notices.state.listening.startswith("127.0.0.2:")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"notices_address": "203.0.113.1"}, id="not our address"),
        pytest.param({"notices_callers": "everybody"}, id="no address at all"),
    ],
)
def test_why_it_does_not_listen_is_told(
    desk: Desk, notices: NoticeDesk, change: dict[str, str]
) -> None:
    desk.change(**change)
    assert notices.state.listening == ""
    assert notices.state.trouble is not None
    desk.change(notices_address="127.0.0.1", notices_callers="84.50.42.87")
    assert notices.state.trouble is None
    assert notices.state.listening != ""


def test_a_network_that_comes_late_is_listened_on(desk: Desk, notices: NoticeDesk) -> None:
    """A computer that starts before its network, or beside another program on the port."""
    port = int(notices.state.listening.rpartition(":")[2])
    desk.change(notices_on=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        desk.change(notices_on=True, notices_port=port)
        assert notices.state.listening == ""
        assert notices.state.trouble is not None
        notices.polled()
        assert notices.state.listening == ""
    notices.polled()
    assert notices.state.listening == f"127.0.0.1:{port}"
    assert notices.state.trouble is None


def test_what_a_command_told_the_service_is_shown(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    told: list[int] = []
    notices.changed.connect(lambda: told.append(1))
    perform(activation.activate(OWN))
    assert told
    assert [active.own for active in notices.state.active] == [OWN]
    assert activation.state == notices.state


def test_new_callers_are_welcome_without_listening_anew(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    before = notices.state.listening
    desk.change(notices_callers="198.51.100.0/24")
    assert notices.state.listening == before
    request = call(desk, activation).replace(SERVICE.encode(), b"198.51.100.7")
    assert knock(desk.qtbot, notices, request)[0].startswith(OK)


def test_closing_the_desk_hands_over_what_came(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    knock(desk.qtbot, notices, call(desk, activation))
    notices.close()
    assert len(desk.ledger.page()) == 1


# telling the service


def test_the_service_is_told_only_when_a_person_says_so(desk: Desk, notices: NoticeDesk) -> None:
    assert desk.telco.notices == {}
    notices.activate()
    assert notices.state.busy
    desk.qtbot.waitUntil(lambda: not notices.state.busy)
    assert desk.telco.notices == {OWN: notices.state.url}
    assert not notices.state.outdated
    notices.renew_secret()
    assert notices.state.outdated
    assert desk.telco.notices != {OWN: notices.state.url}
    notices.deactivate()
    desk.qtbot.waitUntil(lambda: not notices.state.busy)
    assert desk.telco.notices == {}


def test_trouble_with_telling_is_shown(desk: Desk, notices: NoticeDesk) -> None:
    desk.telco.trouble["activate_notices"].append(Offline("No connection", "Try later."))
    notices.activate()
    desk.qtbot.waitUntil(lambda: not notices.state.busy)
    assert notices.state.trouble is not None
    assert notices.state.trouble.title == "No connection"
    assert notices.state.listening != ""  # that goes on


def test_what_could_not_be_told_is_told_after_the_next_good_look(
    desk: Desk, notices: NoticeDesk
) -> None:
    desk.telco.trouble["activate_notices"].append(Offline("No connection", "Try later."))
    notices.activate()
    desk.qtbot.waitUntil(lambda: not notices.state.busy)
    assert notices.state.waiting
    assert "as soon as it can be asked" in service(notices.state, desk.now())
    desk.calls.polled.connect(notices.polled)
    desk.calls.poll()
    desk.qtbot.waitUntil(lambda: desk.telco.notices == {OWN: notices.state.url})
    desk.qtbot.waitUntil(lambda: not notices.state.busy)
    assert (notices.state.waiting, notices.state.trouble) == (False, None)


def test_without_a_line_nothing_is_told(desk: Desk, notices: NoticeDesk) -> None:
    desk.change(own_number="")
    notices.activate()
    assert notices.state.trouble is not None
    assert desk.telco.notices == {}


def test_a_new_secret_shuts_the_old_address(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    old = call(desk, activation)
    notices.renew_secret()
    answers = knock(desk.qtbot, notices, old, call(desk, activation))
    assert [answer[:12] for answer in answers] == [NOT_FOUND[:12], OK[:12]]


# the test of the whole way


def test_a_real_call_ends_the_test(desk: Desk, notices: NoticeDesk, activation: Activation) -> None:
    notices.test()
    assert notices.state.trial.stage is Stage.PROBING
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.WAITING)
    assert notices.state.trial.until == desk.clock.at + timedelta(minutes=2)
    assert notices.state.last_refused is None  # our own knock is nobody's
    knock(desk.qtbot, notices, get("/"), call(desk, activation))
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.DONE)
    assert notices.state.trial.finding is Finding.WORKS


def test_who_knows_the_secret_and_comes_from_elsewhere_ends_the_test(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    notices.test()
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.WAITING)
    knock(desk.qtbot, notices, call(desk, activation).replace(SERVICE.encode(), b"198.51.100.7"))
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.DONE)
    assert notices.state.trial.finding is Finding.CALLER


def test_after_two_minutes_the_test_says_what_it_looks_like(
    desk: Desk, notices: NoticeDesk
) -> None:
    notices.test()
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.WAITING)
    assert notices.trial._over.isActive()
    knock(desk.qtbot, notices, get(target(path="/" + "x" * 43)))
    notices._take()
    notices.trial._over.timeout.emit()
    assert notices.state.trial.finding is Finding.SECRET
    assert not notices.trial._over.isActive()


def test_who_does_not_listen_need_not_wait(desk: Desk, notices: NoticeDesk) -> None:
    desk.change(notices_on=False)
    notices.test()
    assert notices.state.trial.finding is Finding.PORT


def test_a_port_that_does_not_answer_ends_the_test(desk: Desk, notices: NoticeDesk) -> None:
    notices.trial.begin("127.0.0.3", 1)
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.DONE)
    assert notices.state.trial.finding is Finding.PORT


def test_a_test_that_was_stopped_says_nothing_more(desk: Desk, notices: NoticeDesk) -> None:
    notices.test()
    notices.trial.stop()
    notices.test()
    desk.qtbot.waitUntil(lambda: notices.state.trial.stage is Stage.WAITING)
    notices.trial.stop()
    assert notices.state.trial.stage is Stage.NONE


# silence, and the pace of looking


def in_force(desk: Desk, notices: NoticeDesk) -> None:
    notices.activate()
    desk.qtbot.waitUntil(lambda: not notices.state.busy)
    desk.clock.pass_(minutes=5)


def test_a_call_that_no_notice_told_of_is_silence(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    desk.calls.polled.connect(notices.polled)
    in_force(desk, notices)
    with desk.qtbot.waitSignal(notices.went_silent):
        desk.miss(ago=timedelta(minutes=2))
    assert notices.state.silent
    said: list[int] = []
    notices.went_silent.connect(lambda: said.append(1))
    desk.miss("51234568", ago=timedelta(minutes=2))
    assert said == []  # once
    knock(desk.qtbot, notices, call(desk, activation))
    desk.qtbot.waitUntil(lambda: not notices.state.silent)


@pytest.mark.parametrize(
    "why",
    ["told", "before", "asleep", "not told to the service", "just now"],
)
def test_no_silence(desk: Desk, notices: NoticeDesk, activation: Activation, why: str) -> None:
    if why != "not told to the service":
        in_force(desk, notices)
    if why == "told":
        knock(desk.qtbot, notices, call(desk, activation, 120, anr="51234567"))
        notices._take()
    if why == "asleep":
        desk.clock.pass_(minutes=5)
        notices.woke()
    ago = {"before": 7, "just now": 0.5}.get(why, 2)
    desk.miss(ago=timedelta(minutes=ago))
    notices.polled()
    assert not notices.state.silent


def test_notices_are_up_once_one_came(
    desk: Desk, notices: NoticeDesk, activation: Activation
) -> None:
    assert not notices.up
    in_force(desk, notices)
    assert not notices.up
    with desk.qtbot.waitSignal(notices.up_changed):
        knock(desk.qtbot, notices, call(desk, activation))
    assert notices.up
    with desk.qtbot.waitSignal(notices.up_changed):
        desk.change(notices_on=False)
    assert not notices.up


@pytest.mark.parametrize(("up", "minutes"), [(False, 2), (True, 15)])
def test_while_notices_come_looking_is_rare(desk: Desk, up: bool, minutes: int) -> None:
    from desk_phone.app.office import now

    bus = Bus(Which.SESSION)
    presence = Presence(bus, bus)
    memory = Memory(desk.ledger._db)
    poller = Poller(desk.calls, desk.preferences, presence, memory, lambda: up)
    desk.poll()
    due = desk.calls.line.next_try
    assert due is not None
    assert 0.7 * minutes < (due - now()).total_seconds() / 60 < 1.3 * minutes
    poller.stop()
    bus.close()
