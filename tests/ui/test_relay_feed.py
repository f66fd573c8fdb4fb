"""What the relay tells reaches the ledger before the broker hears of it, whatever happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk_phone.app import relay_feed
from desk_phone.app.relay_acts import broker_item
from desk_phone.app.relay_state import Listening
from desk_phone.errors import BadInput, Offline
from desk_phone.model.attention import Announcement
from desk_phone.model.relayed import DOWN, UP, Position, Relayed, state_topic
from desk_phone.store import changing
from desk_phone.store import memory as memory_store
from desk_phone.telco.feed_events import Connected, Message, Receipt
from desk_phone.telco.refusals import refusal
from tests.offices import full_disk
from tests.relayed import (
    OTHER_LINE,
    OWN,
    heartbeat,
    message,
    notice,
    relay_says,
)
from tests.ui.conftest import Desk
from tests.ui.feeding import GONE, Feeding, feeding, keyring, settings
from tests.ui.gate import heard

__all__ = ["feeding", "keyring", "settings"]  # fixtures


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_feed, "_GRACE_MS", 1)
    monkeypatch.setattr(relay_feed, "_AGAIN_MS", 1)


def fresh(desk: Desk, relayed: Relayed, ago: float = 1) -> Relayed:
    """The same, of a call that began just now."""
    at = desk.clock.at - timedelta(seconds=ago)
    one = relayed.notice
    return Relayed(
        relayed.position, at, type(one)(one.own, one.other, at, one.name, one.type, one.answer)
    )


def notices(desk: Desk) -> int:
    return int(desk.ledger._db.execute("SELECT count(*) FROM notices").fetchone()[0])


# a call


def test_a_call_rings_and_is_acknowledged(desk: Desk, feeding: Feeding) -> None:
    feeding.come_up()
    told: list[Announcement] = heard(desk.calls.announced)
    feeding.say(message(fresh(desk, feeding.relay.tell()), mid=7))
    assert [call.other for call in told[0].ringing] == ["+37251000001"]
    assert feeding.feed.accepted == [Receipt(1, 7)]
    assert feeding.it.feed.state.at == desk.clock.at


def test_the_same_again_is_no_news(desk: Desk, feeding: Feeding) -> None:
    feeding.come_up()
    one = fresh(desk, feeding.relay.tell())
    feeding.say(message(one, 1))
    told = heard(desk.calls.announced)
    feeding.say(message(one, 2), message(one, 3))
    assert told == []
    assert len(feeding.feed.accepted) == 3


def test_a_call_behind_a_gap_rings_at_once(desk: Desk, feeding: Feeding) -> None:
    """And what is missing is asked for; the relay cannot answer yet."""
    feeding.come_up()
    feeding.relay.trouble = Offline("The relay does not answer")
    for _ in range(3):
        feeding.relay.tell()
    told: list[Announcement] = heard(desk.calls.announced)
    feeding.say(message(fresh(desk, feeding.relay.tell())))
    assert len(told[0].ringing) == 1
    assert len(feeding.feed.accepted) == 1
    assert feeding.it.feed.state.behind
    desk.qtbot.waitUntil(lambda: bool(feeding.relay.asked))
    feeding.relay.trouble = None
    with desk.qtbot.waitSignal(feeding.it.feed.caught_up):
        pass
    assert notices(desk) >= 4
    assert not feeding.it.feed.state.behind


def test_a_heartbeat_finds_what_the_broker_lost(desk: Desk, feeding: Feeding) -> None:
    for _ in range(5):
        feeding.relay.tell()
    with desk.qtbot.waitSignal(feeding.it.feed.caught_up):
        feeding.come_up()
    assert notices(desk) == 5
    assert not feeding.it.feed.state.behind


def test_another_epoch_is_asked_for_from_its_first(desk: Desk, feeding: Feeding) -> None:
    for _ in range(3):
        feeding.relay.tell()
    with desk.qtbot.waitSignal(feeding.it.feed.caught_up):
        feeding.come_up()
    feeding.relay.restore(keep=1)
    feeding.relay.tell()
    with desk.qtbot.waitSignal(feeding.it.feed.caught_up):
        feeding.say(heartbeat(feeding.relay.last, desk.clock.at))
    assert notices(desk) == 4
    assert feeding.relay.asked[-1] == Position("e1", 3)


def test_three_days_asleep_are_one_summary(desk: Desk, feeding: Feeding) -> None:
    feeding.come_up()
    desk.clock.pass_(days=3)
    feeding.it.feed.woke()
    desk.calls.woke()
    assert feeding.feed.agains == 1
    for minutes in (200, 300, 400, 500, 600):
        desk.add(f"5100000{minutes // 100}", ago=timedelta(minutes=minutes))
    told: list[Announcement] = heard(desk.calls.announced)
    feeding.say(GONE, Connected(kept=True), relay_says(UP))
    held = [
        fresh(desk, feeding.relay.tell(), ago=60.0 * minutes)
        for minutes in (600, 500, 400, 300, 200)
    ]
    feeding.say(*(message(one, mid) for mid, one in enumerate(held, 1)))
    assert len(feeding.feed.accepted) == 5
    desk.poll()
    assert not any(one.ringing or one.cards for one in told)
    (summary,) = [one.summary for one in told if one.summary is not None]
    assert summary.calls == 5


# what is not to be believed


def test_what_is_not_for_us_is_dropped_and_comes_no_more(desk: Desk, feeding: Feeding) -> None:
    feeding.come_up()
    stranger = Relayed(Position("e1", 1), desk.clock.at, notice(1, OTHER_LINE))
    mine = message(fresh(desk, feeding.relay.tell()))
    feeding.say(
        message(stranger, 1),
        Message(mine.topic, b"\xff nonsense", False, Receipt(1, 2)),
        Message(mine.topic, b"x" * 100_000, False, Receipt(1, 3)),
        Message("", mine.payload, False, Receipt(1, 4)),
        Message("desk-phone/v1/3726401234/notices", mine.payload, False, Receipt(1, 5)),
        Message(state_topic(OWN), b"{}", False, None),
    )
    assert notices(desk) == 0
    assert [receipt.mid for receipt in feeding.feed.accepted] == [1, 2, 3, 4, 5]


# no room


def test_a_full_disk_acknowledges_nothing(
    desk: Desk, feeding: Feeding, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeding.come_up()
    told = heard(desk.lanes.failed)
    with monkeypatch.context() as full:
        full.setattr(changing, "writing", full_disk)
        feeding.say(message(fresh(desk, feeding.relay.tell()), 1))
        feeding.say(message(fresh(desk, feeding.relay.tell()), 2))
        assert feeding.feed.accepted == []
        assert told
        assert isinstance(told[0], BadInput)
    desk.qtbot.waitUntil(lambda: len(feeding.feed.accepted) == 2)
    assert notices(desk) == 2


def test_a_position_that_cannot_be_kept_is_no_acknowledgement(
    desk: Desk, feeding: Feeding, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeding.come_up()
    with monkeypatch.context() as full:
        full.setattr(memory_store, "writing", full_disk)
        feeding.say(message(fresh(desk, feeding.relay.tell()), 1))
        assert feeding.feed.accepted == []
    desk.qtbot.waitUntil(lambda: len(feeding.feed.accepted) == 1)


def test_what_waits_on_a_lost_connection_comes_again(
    desk: Desk, feeding: Feeding, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeding.come_up()
    one = fresh(desk, feeding.relay.tell())
    with monkeypatch.context() as full:
        full.setattr(memory_store, "writing", full_disk)
        feeding.say(message(one, 1), GONE)
    feeding.say(Connected(kept=True), message(one, 1, connection=2))
    assert feeding.feed.accepted == [Receipt(2, 1)]


# how it stands


def test_it_is_up_once_the_relay_has_told_of_a_call(desk: Desk, feeding: Feeding) -> None:
    it = feeding.it.feed
    changed = heard(it.up_changed)
    assert it.state.listening is Listening.TRYING
    feeding.come_up()
    assert it.state.listening is Listening.UP
    assert not it.up  # nobody knows yet whether the service tells the relay
    feeding.say(message(fresh(desk, feeding.relay.tell())))
    assert it.up
    assert len(changed) == 1


@pytest.mark.parametrize("way", ["relay down", "connection lost", "no heartbeat", "asleep", "off"])
def test_and_no_longer_when_anything_is_wrong(desk: Desk, feeding: Feeding, way: str) -> None:
    feeding.come_up()
    feeding.say(message(fresh(desk, feeding.relay.tell())))
    it = feeding.it.feed
    assert it.up
    match way:
        case "relay down":
            feeding.say(relay_says(DOWN))
            assert it.state.listening is Listening.NO_RELAY
        case "connection lost":
            feeding.say(GONE)
            assert it.state.trouble is GONE.trouble
        case "no heartbeat":
            desk.clock.pass_(minutes=6)
        case "asleep":
            it.woke()
        case "off":
            feeding.it.tell(False)
            assert feeding.feed.closed == [True]
    assert not it.up


def test_an_old_heartbeat_that_lay_there_is_no_life(desk: Desk, feeding: Feeding) -> None:
    feeding.come_up()
    feeding.say(message(fresh(desk, feeding.relay.tell())))
    desk.clock.pass_(hours=1)
    old = heartbeat(feeding.relay.last, desk.clock.at - timedelta(hours=1), retained=True)
    feeding.say(GONE, Connected(kept=True), relay_says(UP), old)
    assert not feeding.it.feed.up


def test_a_relay_that_misses_calls_is_told_once(desk: Desk, feeding: Feeding) -> None:
    feeding.come_up()
    feeding.say(message(fresh(desk, feeding.relay.tell())))
    silent = heard(feeding.it.feed.went_silent)
    desk.clock.pass_(minutes=30)
    feeding.say(heartbeat(feeding.relay.last, desk.clock.at))
    for minutes in (20, 10):
        desk.add(f"5200000{minutes}", ago=timedelta(minutes=minutes))
    desk.poll()
    feeding.it.feed.polled()
    feeding.it.feed.polled()
    assert len(silent) == 1
    assert feeding.it.feed.state.silent
    assert not feeding.it.feed.up
    feeding.say(message(fresh(desk, feeding.relay.tell())))
    assert feeding.it.feed.up


def test_a_denied_line_is_told(feeding: Feeding) -> None:
    from desk_phone.model.relayed import notices_topic

    feeding.say(Connected(kept=False, denied=(notices_topic(OWN),)))
    assert "does not tell" in str(feeding.it.feed.state.trouble)


# who may listen


def test_a_revoked_computer_listens_no_more(desk: Desk, feeding: Feeding) -> None:
    desk.fail(refusal("ERR001", "x"))
    feeding.it.feed.obey()
    assert feeding.feed.closed == [False]
    assert feeding.it.feed.state.listening is Listening.OFF
    assert feeding.it.state.trouble is not None


def test_a_keyring_that_opens_later_is_asked_again(desk: Desk, feeding: Feeding) -> None:
    secret = desk.keyring.kept.pop(broker_item("d1"))
    desk.change(relay_numbers=f"{OWN} {OTHER_LINE}")
    desk.qtbot.waitUntil(lambda: feeding.it.feed.state.trouble is not None)
    desk.keyring.kept[broker_item("d1")] = secret
    feeding.it.feed.polled()
    desk.qtbot.waitUntil(lambda: len(feeding.feeds) == 2)
    assert feeding.feed.subscription.numbers == (OWN, OTHER_LINE)


def test_what_an_earlier_feed_tells_late_is_not_acknowledged_to_the_next(
    desk: Desk, feeding: Feeding
) -> None:
    early = feeding.feed
    desk.change(relay_numbers=f"{OWN} {OTHER_LINE}")
    desk.qtbot.waitUntil(lambda: len(feeding.feeds) == 2)
    early.told(message(fresh(desk, feeding.relay.tell())))
    feeding.settle()
    assert early.accepted == feeding.feed.accepted == []
    assert notices(desk) == 0


def test_new_numbers_of_this_computer_are_followed(desk: Desk, feeding: Feeding) -> None:
    asked: list[int] = []

    def lines() -> tuple[str, ...]:
        asked.append(1)
        return (OWN, OTHER_LINE)

    desk.telco.lines = lines  # type: ignore[attr-defined]
    feeding.it.polled()
    desk.qtbot.waitUntil(lambda: len(feeding.feeds) == 2)
    assert feeding.feed.subscription.numbers == (OWN, OTHER_LINE)
    assert desk.account.lines == (OWN, OTHER_LINE)
    feeding.it.polled()
    feeding.settle()
    assert len(asked) == 1  # once a day


def test_a_relay_that_does_not_say_leaves_them_as_they_are(desk: Desk, feeding: Feeding) -> None:
    def lines() -> tuple[str, ...]:
        raise Offline("no way")

    desk.telco.lines = lines  # type: ignore[attr-defined]
    feeding.it.polled()
    feeding.settle()
    assert desk.preferences.settings.lines == (OWN,)


def test_leaving_leaves_the_broker_nothing_to_keep(desk: Desk, feeding: Feeding) -> None:
    first = feeding.feed
    feeding.it.leave()
    desk.qtbot.waitUntil(lambda: not feeding.it.state.busy)
    assert first.closed == [True]
    assert desk.keyring.kept == {}
    assert not feeding.it.state.enrolled
