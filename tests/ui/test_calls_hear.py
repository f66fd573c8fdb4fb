"""What the service says by itself: told while it rings, once, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from desk_phone.app import poller as poller_module
from desk_phone.app.calls import Calls
from desk_phone.app.poll import Looked
from desk_phone.app.poller import Poller
from desk_phone.model.attention import Announcement
from desk_phone.model.calls import Attention, Call, Outcome
from desk_phone.store import changing as store
from desk_phone.store.memory import Memory
from desk_phone.system.bus import Bus, Which
from desk_phone.system.presence import Presence
from tests.offices import full_disk
from tests.ui.card_stack import ring
from tests.ui.conftest import OWN, Desk
from tests.ui.gate import heard

JAAN = "+37251234567"


@pytest.fixture
def announced(desk: Desk) -> list[Announcement]:
    return heard(desk.calls.announced)


def told(announced: list[Announcement]) -> list[tuple[int, int, int]]:
    """How many ring, are over, are missed, each time something was told."""
    return [(len(a.ringing), len(a.over), len(a.cards)) for a in announced]


def only_call(desk: Desk) -> Call:
    (call,) = desk.ledger.page()
    return call


def test_a_live_notice_rings(desk: Desk, announced: list[Announcement]) -> None:
    ring(desk, name="Jaan Tamm")
    assert told(announced) == [(1, 0, 0)]
    (call,) = announced[0].ringing
    assert (call.other, call.name, call.outcome) == (JAAN, "Jaan Tamm", Outcome.RINGING)


def test_an_old_notice_does_not(desk: Desk, announced: list[Announcement]) -> None:
    ring(desk, ago=31)
    assert announced == []
    assert only_call(desk).outcome is Outcome.RINGING


def test_the_same_again_says_nothing_and_asks_nothing(
    desk: Desk, announced: list[Announcement]
) -> None:
    said, changed = ring(desk), heard(desk.calls.changed)
    asked = heard(desk.calls.heard)
    for _ in range(3):
        desk.calls.hear(said, said)
    assert told(announced) == [(1, 0, 0)]
    assert (changed, asked) == ([], [])


def test_nor_does_it_after_a_restart(desk: Desk) -> None:
    said = ring(desk)
    memory = Memory(desk.ledger._db)
    again = Calls(
        *(desk.lanes, desk.access, desk.ledger, Looked(memory), desk.preferences, desk.now)
    )
    announced = heard(again.announced)
    again.hear(said)
    desk.clock.pass_(seconds=5)
    again.hear(said)
    assert announced == []


def test_another_name_of_the_same_ring_does_not_ring_again(
    desk: Desk, announced: list[Announcement]
) -> None:
    ring(desk, name="Jaan")
    ring(desk, name="Jaan Tamm")
    assert told(announced) == [(1, 0, 0)]


def test_two_callers_at_once_ring_each(desk: Desk, announced: list[Announcement]) -> None:
    ring(desk)
    ring(desk, "+3726401111")
    assert told(announced) == [(1, 0, 0), (1, 0, 0)]


@pytest.mark.parametrize(
    ("type_", "answer", "outcome", "cards"),
    [
        pytest.param("Missed", "No", Outcome.MISSED, 1, id="missed"),
        pytest.param("Answer", "Yes", Outcome.ANSWERED, 0, id="answered"),
    ],
)
def test_a_second_notice_ends_the_ringing(
    desk: Desk,
    announced: list[Announcement],
    type_: str,
    answer: str,
    outcome: Outcome,
    cards: int,
) -> None:
    ring(desk)
    desk.clock.pass_(seconds=12)
    ring(desk, type_=type_, answer=answer, ago=0)
    assert told(announced) == [(1, 0, 0), (0, 1, cards)]
    assert announced[-1].over[0].outcome is outcome


@pytest.mark.parametrize("talked", [None, timedelta(minutes=1)], ids=["missed", "answered"])
def test_a_record_ends_the_ringing(
    desk: Desk, announced: list[Announcement], talked: timedelta | None
) -> None:
    ring(desk)
    desk.add(JAAN.removeprefix("+372"), ago=timedelta(seconds=2), talked=talked)
    desk.clock.pass_(seconds=90)
    desk.poll()
    assert told(announced) == [(1, 0, 0), (0, 1, talked is None)]
    desk.poll()
    assert len(announced) == 2


def test_a_notice_after_its_record_says_nothing_new(
    desk: Desk, announced: list[Announcement]
) -> None:
    desk.miss(JAAN.removeprefix("+372"), ago=timedelta(seconds=20))
    ring(desk, ago=20)
    assert told(announced) == [(0, 0, 1)]


def test_nobody_says_how_it_went(desk: Desk, announced: list[Announcement]) -> None:
    """The network is down: after a minute the call rings no more, and nobody claims it missed."""
    desk.calls._ring_is_old.setInterval(10)
    ring(desk)
    desk.clock.pass_(seconds=61)
    desk.qtbot.waitUntil(lambda: len(announced) == 2)
    assert told(announced)[1] == (0, 1, 0)
    assert only_call(desk).outcome is Outcome.UNKNOWN
    assert only_call(desk).attention is Attention.NONE


def test_news_ask_for_a_look(desk: Desk) -> None:
    asked = heard(desk.calls.heard)
    ring(desk)
    assert len(asked) == 1


def test_a_full_disk_is_told_and_announces_nothing(
    desk: Desk, announced: list[Announcement], monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, asked = heard(desk.lanes.failed), heard(desk.calls.heard)
    monkeypatch.setattr(store, "writing", full_disk)
    ring(desk)
    assert [error.title for error in failed] == ["No room to save"]
    assert (announced, asked) == ([], [])


# the looks that follow


@pytest.fixture
def poller(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Poller]:
    monkeypatch.setattr(poller_module, "now", desk.now)
    session, system = Bus(Which.SESSION), Bus(Which.SYSTEM)
    found = Poller(desk.calls, desk.preferences, Presence(session, system), Memory(desk.ledger._db))
    yield found
    found.stop()
    for bus in (session, system):
        bus.close()


def soon(desk: Desk) -> float:
    """In how many seconds the next look is due."""
    assert desk.calls.line.next_try is not None
    return (desk.calls.line.next_try - desk.clock.at).total_seconds()


def test_after_a_ring_it_looks_soon(desk: Desk, poller: Poller) -> None:
    ring(desk, ago=0)
    assert soon(desk) == 5
    desk.clock.pass_(seconds=5)
    desk.poll()
    assert soon(desk) == 25


def test_calls_one_after_another_put_no_look_off(desk: Desk, poller: Poller) -> None:
    ring(desk, ago=0)
    desk.clock.pass_(seconds=3)
    ring(desk, "+3726401111", ago=0)
    assert soon(desk) == 2
    desk.clock.pass_(seconds=2)
    desk.poll()
    assert soon(desk) == 3


def test_a_record_that_leaves_it_open_long_after_is_looked_at_again(
    desk: Desk, poller: Poller
) -> None:
    ring(desk, ago=0)
    desk.clock.pass_(seconds=30)
    desk.add(JAAN.removeprefix("+372"), ago=timedelta(seconds=30))
    (record,) = desk.telco.records[OWN]
    desk.telco.records[OWN] = (replace(record, release=""),)
    desk.poll()
    assert only_call(desk).outcome is Outcome.RINGING
    assert soon(desk) == 5
    desk.clock.pass_(seconds=5)
    desk.poll()
    assert only_call(desk).outcome is Outcome.MISSED
