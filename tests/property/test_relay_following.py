"""A relay, a broker and a desk that lose, repeat and crash anywhere: in the end the ledger holds
every notice that the relay does, each once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desk_phone.app.acts import Act, perform
from desk_phone.app.relay_following import Following
from desk_phone.errors import BadInput, Offline
from desk_phone.model.calls import Notice
from desk_phone.model.relayed import Page, Position, Relayed
from desk_phone.store.calls import CallLedger
from desk_phone.store.memory import Memory
from desk_phone.telco.feed_events import Message
from tests.relayed import NOON, OWN, Relay, WayTo, heartbeat, message
from tests.reported import empty_database

LATER = NOON + timedelta(days=1)
RARELY = st.integers(0, 4).map(lambda n: n == 4)


class Killed(BaseException):
    """The process ends here."""


class Disk(Memory):
    """Fails, or takes the process with it, when told to."""

    full = killed = False

    def put(self, name: str, value: str) -> None:
        if self.killed:
            raise Killed
        if self.full:
            raise BadInput("No room")
        super().put(name, value)


class Broker:
    """One session that keeps what was not acknowledged, and sometimes does not."""

    def __init__(self) -> None:
        self.kept: deque[Relayed] = deque()
        self.sent = 0  # of the kept ones, on this connection

    def publish(self, relayed: Relayed) -> None:
        self.kept.append(relayed)

    def send(self, count: int) -> list[Message]:
        ready = list(self.kept)[: self.sent + count]
        self.sent = len(ready)
        return [message(one, mid) for mid, one in enumerate(ready, 1)]

    def accept(self, count: int) -> None:
        for _ in range(count):
            self.kept.popleft()
        self.sent -= count

    def lose_connection(self) -> None:
        self.sent = 0

    def lose_session(self, count: int) -> None:
        """Killed: what it had last is gone without a trace."""
        for _ in range(min(count, len(self.kept))):
            self.kept.pop()
        self.sent = 0


class Desk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.db = empty_database()
        self.ledger = CallLedger(self.db)
        self.relay, self.broker = Relay(), Broker()
        self.ever: set[Notice] = set()  # that the ledger was given
        self.unsent: deque[Relayed] = deque()
        self.ledger_full = False
        self.restart()

    def teardown(self) -> None:
        self.settle()
        self.db.close()

    def restart(self) -> None:
        self.disk = Disk(self.db)
        self.following = Following(self.disk, self.hear, lambda: (OWN,))
        self.broker.lose_connection()

    def hear(self, notices: Sequence[Notice]) -> bool:
        if self.ledger_full:
            return False
        self.ledger.hear(*notices, now=LATER)
        self.ever.update(notices)
        return True

    @contextmanager
    def perhaps_killed(self, killed: bool) -> Iterator[None]:
        self.disk.killed = killed
        try:
            yield
        except Killed:
            self.restart()
        self.disk.killed = False

    # what happens

    @rule()
    def somebody_calls(self) -> None:
        self.unsent.append(self.relay.tell())

    @rule(count=st.integers(1, 3), twice=st.booleans(), lost=st.booleans())
    def the_relay_publishes(self, count: int, twice: bool, lost: bool) -> None:
        """``lost``: a broker that said it had it, and died."""
        for _ in range(min(count, len(self.unsent))):
            one = self.unsent.popleft()
            for _ in range(0 if lost else 1 + twice):
                self.broker.publish(one)

    @rule(keep=st.integers(0, 5))
    def the_relay_is_restored(self, keep: int) -> None:
        self.relay.restore(keep)
        self.unsent.clear()

    @rule(count=st.integers(1, 4))
    def the_broker_dies(self, count: int) -> None:
        self.broker.lose_session(count)

    @rule()
    def the_connection_breaks(self) -> None:
        self.broker.lose_connection()

    @rule(full=RARELY, ledger_full=st.booleans())
    def the_disk(self, full: bool, ledger_full: bool) -> None:
        """Room comes and goes between two writes."""
        self.disk.full, self.ledger_full = full, ledger_full

    @rule(count=st.integers(1, 4), killed=RARELY, acknowledged=st.booleans())
    def notices_come(self, count: int, killed: bool, acknowledged: bool) -> None:
        messages = self.broker.send(count)
        with self.perhaps_killed(killed):
            if self.following.take(messages) and acknowledged:
                self.broker.accept(len(messages))

    @rule()
    def a_heartbeat_comes(self) -> None:
        self.following.note_state(heartbeat(self.relay.last))

    @rule(online=st.booleans(), killed=RARELY, meanwhile=st.integers(0, 3))
    def the_desk_asks(self, online: bool, killed: bool, meanwhile: int) -> None:
        """``meanwhile`` so many notices come while the relay thinks."""
        self.relay.trouble = None if online else Offline("no way")
        with self.perhaps_killed(killed), suppress(Offline, BadInput):
            for own in self.following.behind:
                asking = self.following.catch_up(WayTo(self.relay), own)
                perform(self.interrupted(asking, meanwhile))

    def interrupted(self, asking: Act[None], meanwhile: int) -> Act[None]:
        with suppress(StopIteration):
            errand = next(asking)
            while True:
                answer = yield errand
                if meanwhile and self.broker.kept:
                    self.notices_come(meanwhile, False, True)
                errand = asking.send(answer)

    @precondition(lambda self: self.relay.held)
    @rule(data=st.data())
    def an_old_one_comes_again(self, data: Any) -> None:
        self.broker.publish(data.draw(st.sampled_from(self.relay.held)))

    @invariant()
    def nothing_is_thought_known_that_is_not(self) -> None:
        known = self.following.known(OWN)
        if known.epoch == self.relay.epoch:
            claimed = {one.notice for one in self.relay.held[: known.seq]}
            assert claimed <= self.ever

    def settle(self) -> None:
        """All of them are well again."""
        self.disk.full = self.disk.killed = self.ledger_full = False
        self.broker.lose_connection()
        messages = self.broker.send(len(self.broker.kept))
        assert self.following.take(messages)
        self.a_heartbeat_comes()
        self.the_desk_asks(online=True, killed=False, meanwhile=0)
        assert self.following.behind == ()
        assert self.following.known(OWN) == self.relay.last or not self.relay.held
        held = {one.notice for one in self.relay.held}
        assert held <= self.ever
        rows = self.db.execute("SELECT count(*), count(DISTINCT other) FROM notices").fetchone()
        assert rows == (len(self.ever), len(self.ever))


Desk.TestCase.settings = settings(
    max_examples=400,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestDesk = Desk.TestCase


def test_a_relay_that_begins_anew_without_anything_is_followed() -> None:
    db = empty_database()
    relay, heard = Relay(), []

    def hear(notices: Sequence[Notice]) -> bool:
        heard.extend(notices)
        return True

    following = Following(Memory(db), hear, lambda: (OWN,))
    assert following.take([message(relay.tell())])
    following.note_state(heartbeat(Position("", 0)))  # its state is gone
    assert following.behind == ()
    relay.restore(keep=0)
    assert following.take([message(relay.tell(), 2)])
    perform(following.catch_up(WayTo(relay), OWN))
    assert following.known(OWN) == relay.last
    assert len(set(heard)) == 2
    db.close()


def test_what_the_relay_has_purged_is_waited_for_no_longer() -> None:
    db = empty_database()
    relay = Relay()
    following = Following(Memory(db), lambda _: True, lambda: (OWN,))
    following.note_state(heartbeat(Position("e1", 500)))
    assert following.behind == (OWN,)

    def purged(own: str, known: Position) -> Page:
        return Page(Position("e1", 500))

    relay.notices_after = purged  # type: ignore[method-assign]
    perform(following.catch_up(WayTo(relay), OWN))
    assert following.behind == ()
    assert following.known(OWN) == Position("e1", 500)
    db.close()


@pytest.mark.parametrize("size", [1, 3, 500])
def test_a_month_of_notices_comes_in_pages(size: int) -> None:
    db = empty_database()
    ledger, relay = CallLedger(db), Relay(page=size)
    for _ in range(12):
        relay.tell()

    def hear(notices: Sequence[Notice]) -> bool:
        ledger.hear(*notices, now=LATER)
        return True

    following = Following(Memory(db), hear, lambda: (OWN,))
    following.note_state(heartbeat(relay.last))
    perform(following.catch_up(WayTo(relay), OWN))
    assert following.known(OWN) == relay.last
    assert following.behind == ()
    assert db.execute("SELECT count(*) FROM notices").fetchone() == (12,)
    db.close()
