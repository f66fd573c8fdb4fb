"""The company lives: when its first call comes, how fast it lives, and that it can be quiet."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from desk_phone.simulator import Simulator
from desk_phone.simulator import living as living_module
from desk_phone.simulator.calls import PhoneCall
from desk_phone.simulator.company import CALLS_KEPT, OWN_NUMBERS, Company
from desk_phone.simulator.living import Living
from desk_phone.simulator.operations import Operation
from desk_phone.simulator.world import World
from tests.simulated import COLLEAGUE, OWN, PATIENCE, Listener, StandingClock, ask


class Noted(Company):
    """Tells when a call begins."""

    def __init__(self) -> None:
        super().__init__()
        self.began: list[PhoneCall] = []
        self.changed = threading.Condition()

    def note(self, *calls: PhoneCall) -> tuple[PhoneCall, ...]:
        noted = super().note(*calls)
        with self.changed:
            self.began.extend(noted)
            self.changed.notify_all()
        return noted

    def wait_for(self, count: int) -> list[PhoneCall]:
        """The first calls that began."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.began) >= count, PATIENCE)
            return self.began[:count]


@pytest.fixture
def company() -> Noted:
    return Noted()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every wait that was asked for, which then takes no time."""
    asked: list[float] = []
    sleep = Living._sleep

    def noted(living: Living, seconds: float) -> bool:
        asked.append(seconds)
        return sleep(living, 0.0)

    monkeypatch.setattr(Living, "_sleep", noted)
    return asked


def running(company: Company, **options: object) -> Simulator:
    return Simulator(company=company, records=0, clock=StandingClock(), **options)  # type: ignore[arg-type]


# the first call


def test_the_first_call_comes_twelve_seconds_after_the_start(
    company: Noted, waits: list[float]
) -> None:
    with running(company):
        first = company.wait_for(1)[0]
    assert waits[:2] == [12.0, 0.0]
    assert (first.own, first.talks) == (OWN, None)


def test_a_company_that_lives_faster_does_not_wait_so_long(
    company: Noted, waits: list[float]
) -> None:
    with running(company, speed=60.0):
        company.wait_for(1)
    assert waits[0] == pytest.approx(0.2)


def test_a_first_call_that_is_wished_waits_for_the_first_question(
    company: Noted, waits: list[float]
) -> None:
    with running(company, speed=60.0, first_call=5.0) as sim:
        ask(sim, Operation.NUMBERS)
        ask(sim, Operation.HISTORY, Anumber="5999999")  # nobody's number
        sim.fault("ERR003", times=1)
        ask(sim, Operation.HISTORY, Anumber=OWN)  # not answered
        assert waits == []
        ask(sim, Operation.HISTORY, Anumber="64012345")
        ask(sim, Operation.HISTORY, Anumber=OWN)
        first = company.wait_for(3)
    assert waits[0] == 5.0  # real seconds, whatever the speed
    assert {call.own for call in first} == {COLLEAGUE}


def test_only_the_first_question_counts(company: Noted, waits: list[float]) -> None:
    with running(company, quiet=True, first_call=0.0) as sim:
        ask(sim, Operation.HISTORY, Anumber=COLLEAGUE)
        ask(sim, Operation.HISTORY, Anumber=OWN)
        sim.be_quiet(False)
        assert company.wait_for(1)[0].own == COLLEAGUE


def test_the_number_asked_about_stays_the_busiest(company: Noted, waits: list[float]) -> None:
    with running(company, first_call=0.0) as sim:
        ask(sim, Operation.HISTORY, Anumber=COLLEAGUE)
        began = company.wait_for(300)
    count = {own: sum(call.own == own for call in began) for own in OWN_NUMBERS}
    assert all(count[COLLEAGUE] > 2 * n for own, n in count.items() if own != COLLEAGUE)
    assert all(count.values())


def test_the_first_call_is_told_and_recorded(company: Noted) -> None:
    with running(company, speed=1000.0, first_call=0.0) as sim, Listener() as listener:
        ask(sim, Operation.ACTIVATE, Anumber=OWN, TargetURL=listener.url)
        ask(sim, Operation.HISTORY, Anumber=OWN)
        first = company.wait_for(1)[0]
        assert f"&bnr={OWN}&" in listener.heard()
        sim.be_quiet()
        clock = sim._world.clock
        assert isinstance(clock, StandingClock)
        clock.go_on(3600)
        assert str(first.id) in ask(sim, Operation.HISTORY, Anumber=OWN).texts("id")


# the same again


def lived(seed: int, count: int) -> list[tuple[str, str, str, object]]:
    company = Noted()
    with running(company, seed=seed, speed=10_000.0):
        return [(call.own, call.other, call.name, call.talks) for call in company.wait_for(count)]


def test_the_same_seed_lives_the_same_life(waits: list[float]) -> None:
    assert lived(3, 40) == lived(3, 40)
    assert lived(3, 40) != lived(4, 40)


def test_the_whole_state_is_the_same_for_the_same_seed_and_clock() -> None:
    def answers(seed: int) -> list[bytes]:
        with Simulator(seed=seed, quiet=True, clock=StandingClock()) as sim:
            sim.ring(OWN, "5123456", fate="answered", after=-300)
            ask(sim, Operation.CALL, Anumber=OWN, Bnumber="6403231")
            sim._world.clock.go_on(600)  # type: ignore[attr-defined]
            return [ask(sim, Operation.HISTORY, Anumber=own).body for own in OWN_NUMBERS]

    assert answers(1) == answers(1)
    assert answers(1) != answers(2)


def test_speed_makes_calls_shorter(company: Noted, waits: list[float]) -> None:
    slow = Noted()
    with running(slow, speed=1.0), running(company, speed=10.0):
        for one, ten in zip(slow.wait_for(20), company.wait_for(20), strict=True):
            assert one.rings / ten.rings == pytest.approx(10, rel=1e-3)


def test_a_month_is_there_at_the_start() -> None:
    with Simulator(quiet=True, clock=StandingClock()) as sim:
        starts = ask(sim, Operation.HISTORY, Anumber=OWN).texts("StartTime")
    assert 600 < len(starts) < 1000
    assert starts == sorted(starts, reverse=True)
    assert "2026-04-19T12:00:00" < starts[-1] < "2026-04-23"
    assert starts[0] < "2026-05-20T12:00:00"


def test_what_is_older_than_31_days_is_not_told(company: Noted) -> None:
    clock = StandingClock()
    with Simulator(company=company, quiet=True, records=0, clock=clock) as sim:
        sim.ring(OWN, "5123456", after=-31 * 86400 + 1)
        sim.ring(OWN, "5123457", after=-31 * 86400)
        assert ask(sim, Operation.HISTORY, Anumber=OWN).texts("CallingNumber") == ["5123456"]
        clock.go_on(1)
        assert ask(sim, Operation.HISTORY, Anumber=OWN).texts("CallingNumber") == []


# quiet


def test_a_quiet_company_starts_nothing_by_itself(company: Noted, waits: list[float]) -> None:
    with running(company, quiet=True, first_call=0.0) as sim:
        ask(sim, Operation.HISTORY, Anumber=OWN)
        sim.ring(OWN, "5123456")
        assert waits == []
        assert len(company.began) == 1
        sim.be_quiet(False)
        company.wait_for(5)


def test_nothing_begins_any_more_once_it_is_told_to_be_quiet(
    company: Noted, waits: list[float]
) -> None:
    with running(company, speed=1000.0) as sim:
        for turn in range(1, 20):
            sim.be_quiet(False)
            company.wait_for(len(company.began) + 3)
            sim.be_quiet()
            before = len(company.began)
            entries = sim.state()["entries"]
            sim._living.history_asked(OWN)  # wakes it
            assert len(company.began) == before, turn
            assert sim.state()["entries"] == entries


def test_an_event_that_met_quiet_takes_place_afterwards() -> None:
    """It comes between the end of the wait and the act: the event is neither lost nor early."""
    company = Noted()
    world = World(company, 1, 1.0, StandingClock())
    living = Living(world, None, quiet=False)
    event = next(living_module.events(1, OWN_NUMBERS, world.crowd))
    awaken = living._awaken
    turns: list[int] = []

    def awakened() -> bool:
        turns.append(len(company.began))
        answer = awaken() if len(turns) == 1 else True
        living._quiet = len(turns) == 1  # told just now; and later no more
        return answer

    living._awaken = awakened  # type: ignore[method-assign]
    assert living._lived(event)
    assert turns == [0, 0]
    assert len(company.began) == 1


# it may go on for hours


def test_full_speed_does_not_fill_the_memory() -> None:
    """What half an hour at speed 1000 brings, here without the waiting."""
    world = World(Company(), 1, 1000.0, StandingClock())
    events = living_module.events(1, OWN_NUMBERS, world.crowd)
    for _ in range(12_000):
        world.live(next(events))
    company = world.company
    assert all(len(company.calls(own)) <= CALLS_KEPT for own in OWN_NUMBERS)
    assert len(company.calls(OWN)) == CALLS_KEPT
    assert len(company.entries()) < 250
    assert len(world._written_by_others) < 250


def test_records_grow_over_http(company: Noted) -> None:
    clock = StandingClock()

    def told() -> tuple[list[str], list[str], list[str]]:
        said = ask(sim, Operation.HISTORY, Anumber=OWN)
        return said.texts("AnswerIndic"), said.texts("AnswerTime"), said.texts("ReleaseTime")

    with Simulator(company=company, quiet=True, records=0, clock=clock) as sim:
        sim.ring(
            OWN, "5123456", fate="answered",
            visible_while_ringing=True, ring_seconds=5, talk_seconds=60, after=2,
        )  # fmt: skip
        assert told() == ([], [], [])
        clock.go_on(2)
        assert told() == (["No"], [], [])
        clock.go_on(5)
        assert told() == (["Yes"], ["2026-05-20T12:00:07"], [])
        clock.go_on(60)
        assert told() == (["Yes"], ["2026-05-20T12:00:07"], ["2026-05-20T12:01:07"])


def test_in_the_doubled_hour_records_tell_the_wall_clock(company: Noted) -> None:
    clock = StandingClock(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    with Simulator(company=company, quiet=True, records=0, clock=clock) as sim:
        sim.ring(OWN, "5123456")
        clock.now += timedelta(hours=1)
        sim.ring(OWN, "5123456")
        said = ask(sim, Operation.HISTORY, Anumber=OWN)
    assert said.texts("StartTime") == ["2026-10-25T03:30:00"] * 2
