"""The queue of the webhook under any order of answers, crashes and restarts."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from desk_phone.app.crm_acts import Step
from desk_phone.errors import Offline, PhoneError
from desk_phone.web.posting import Heard
from tests.crm import Killed, Place
from tests.reported import empty_database


class Queue(RuleBasedStateMachine):
    """Every event is heard at least once, unless it was refused; the first time in order; what is
    heard again bears the same id."""

    def __init__(self) -> None:
        super().__init__()
        self.db = empty_database()
        self.place = Place(self.db)
        self.put_in: list[str] = []
        self.settled: list[str] = []  # taken or refused

    def teardown(self) -> None:
        self.db.close()

    @rule()
    def something_happens(self) -> None:
        one = f"e{len(self.put_in)}"
        self.put_in.append(one)
        self.place.put(one)

    @rule(
        answer=st.sampled_from(
            [Heard(200), Heard(204), Heard(404), Heard(429), Heard(503), Offline("x")]
        )
    )
    def send(self, answer: Heard | PhoneError) -> None:
        self.place.receiver.answers = [answer]
        first = self.place.queue.first()
        step = self.place.deliver()
        if step in (Step.TAKEN, Step.REFUSED):
            assert first is not None
            self.settled.append(first.id)

    @rule()
    def sent_and_killed(self) -> None:
        self.place.receiver.answers = [Killed()]
        with suppress(Killed):
            self.place.deliver()
        self.place.restart()

    @rule()
    def restart(self) -> None:
        self.place.restart()

    @invariant()
    def nothing_is_lost_and_nothing_out_of_order(self) -> None:
        assert self.settled == self.put_in[: len(self.settled)]
        assert self.place.queue.waiting == len(self.put_in) - len(self.settled)
        first_times = list(dict.fromkeys(self.place.receiver.ids))
        assert first_times == self.put_in[: len(first_times)]


Queue.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestQueue = Queue.TestCase
