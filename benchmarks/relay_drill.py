"""A company's relay and its broker, killed (`kill -9`) at seeded moments while the service tells of
calls; then peace, and the question what the desks have.

Every process is a real one: `Drill(folder, Plan(seed=1)).play()`.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.relay_broker import Broker
from benchmarks.relay_caller import Told
from benchmarks.relay_desk import BROKER, GATEWAY
from benchmarks.relay_place import Relay, numbers_of
from benchmarks.relay_talk import Child

_AT_ANSWERS = 0.25  # how many of the kills come in the very moment of an answer
_DOWN = (0.0, 0.4)  # seconds that something stays dead
_DESKS_BACK = (0.05, 0.5)  # seconds until a desk tries again
_PEACE = 120.0  # seconds that all of it may take to arrive; a relay's longest pause is 60
_AWAY = (0.1, 3.0)  # how many of the desks at any time, and how many seconds at most
# How many of the broker's lives write its sessions down before their end, and after how many of
# them its disk is lost.
_SAVES, _FORGETS = 0.4, 0.2

RelayMade = Callable[[Path, int, Sequence[str]], Relay]


@dataclass(frozen=True, slots=True)
class Plan:
    """``patience``: seconds until a desk believes that what a heartbeat told of does not come."""

    seed: int
    events: int = 500
    kills: int = 10
    desks: int = 20
    a_second: float = 80.0
    patience: float = 0.3


@dataclass(frozen=True, slots=True)
class Kill:
    at: float  # seconds from the first event
    what: str


@dataclass
class Outcome:
    plan: Plan
    kills: list[Kill] = field(default_factory=list)
    sent: int = 0
    answered: int = 0
    statuses: Counter[int] = field(default_factory=Counter)  # 0: no answer
    unsaid: int = 0  # kept, but the service did not hear so
    ways: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    again: int = 0
    peace: float = 0.0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        what = {kind: sum(one.what == kind for one in self.kills) for kind in ("relay", "broker")}
        return (
            f"{len(self.kills)} kills ({what['relay']} of the relay, {what['broker']} of the"
            f" broker) in {self.seconds:.0f} s: {self.sent} events, {self.answered} answered"
            f" 200{self._others()};"
            f" {self.ways.get(BROKER, 0)} came by the broker, {self.ways.get(GATEWAY, 0)} by asking"
            f" the gateway ({self.asked} times), {self.again} came again and were known;"
            f" {self.unsaid} kept without a 200; all was there {self.peace:.1f} s after the last"
            f" event; {len(self.wrong)} wrong"
        )

    def _others(self) -> str:
        """Beside those that nobody answered, because nobody was there."""
        told = [
            f", {count} {code}" for code, count in self.statuses.items() if code not in (0, 200)
        ]
        return "".join(told)


class Drill:
    def __init__(self, folder: Path, plan: Plan, relay: RelayMade = Relay) -> None:
        self._folder, self._plan = folder, plan
        self._random = Random(plan.seed)
        self._numbers = numbers_of(plan.desks)
        (folder / "broker").mkdir()
        self._broker = Broker(folder / "broker")
        self._relay = relay(folder / "relay", self._broker.port, self._numbers)
        self._began = 0.0
        self.outcome = Outcome(plan)

    def play(self) -> Outcome:
        """Whatever is wrong stands in the outcome."""
        begun = time.monotonic()
        try:
            with (
                Child("benchmarks.relay_desks") as desks,
                Child("benchmarks.relay_caller") as caller,
            ):
                self._broker.start()
                self._relay.start()
                self._open(desks)
                self._storm(caller)
                self._make_peace(desks)
                self._check(desks, caller)
        finally:
            self._relay.stop()
            self._broker.stop()
        self.outcome.seconds = time.monotonic() - begun
        return self.outcome

    def _open(self, desks: Child) -> None:
        port, patience = self._broker.port, self._plan.patience
        desks.ask("join", numbers=self._numbers, port=port, patience=patience)
        desks.ask("reach", gateway=self._relay.gateway, tokens=self._relay.tokens)
        desks.ask("connect")
        desks.ask("stay", first=_DESKS_BACK[0], longest=_DESKS_BACK[1])
        desks.ask("wander", share=_AWAY[0], longest=_AWAY[1])

    # the storm

    def _storm(self, caller: Child) -> None:
        plan, relay = self._plan, self._relay
        kills_of_caller = int(plan.kills * _AT_ANSWERS)
        deadly = self._random.sample(range(1, plan.events + 1), kills_of_caller)
        caller.ask("kill_at", events=deadly, pid_file=str(relay.pid_file))
        where = {"port": relay.port, "path": relay.path, "numbers": self._numbers}
        pace = {"first": 1, "count": plan.events, "a_second": plan.a_second}
        lasts = plan.events / plan.a_second
        own_kills = plan.kills - kills_of_caller
        moments = sorted(self._random.uniform(0.0, lasts) for _ in range(own_kills))
        self._began = time.monotonic()
        caller.begin("call", **where, **pace)
        for moment in moments:
            self._look_after_it_until(moment)
            self._kill()
        self._look_after_it_until(lasts)
        self.outcome.answered = caller.end()["answered"]
        self._raise_the_dead()
        self.outcome.sent = plan.events

    def _look_after_it_until(self, moment: float) -> None:
        while self._now() < moment:
            self._raise_the_dead()
            time.sleep(min(0.01, max(0.0, moment - self._now())))

    def _raise_the_dead(self) -> None:
        """Whom the caller killed."""
        if (status := self._relay.ended) is None:
            return
        if status != -signal.SIGKILL:
            self.outcome.wrong.append(f"the relay ended with {status} at {self._now():.3f} s")
        self._note("relay", self._relay.kill)
        time.sleep(self._random.uniform(*_DOWN))
        self._relay.start()

    def _kill(self) -> None:
        chance = self._random.random()
        if chance < 0.5:
            self._note("relay", self._relay.kill)
        else:
            if self._random.random() < _SAVES:  # it may die over its writing
                os.kill(self._broker.pid, signal.SIGUSR1)
                time.sleep(self._random.choice((0.0, 0.001, 0.05)))
            self._note("broker", self._broker.kill)
            if self._random.random() < _FORGETS:
                self._broker.forget()
        if chance > 0.9:  # both at once
            self._note("relay", self._relay.kill)
        time.sleep(self._random.uniform(*_DOWN))
        if chance >= 0.5:
            self._broker.start()
        if chance < 0.5 or chance > 0.9:
            self._relay.start()

    def _note(self, what: str, kill: Callable[[], None]) -> None:
        self.outcome.kills.append(Kill(self._now(), what))
        kill()

    def _now(self) -> float:
        return time.monotonic() - self._began

    # afterwards

    def _make_peace(self, desks: Child) -> None:
        """Until the desks have all that the relay holds, or for as long as that may take."""
        begun = time.monotonic()
        desks.ask("wander", share=0.0, longest=0.0)
        while (waits := time.monotonic() - begun) < _PEACE:
            kept, waiting = self._kept(), self._relay.waiting()
            said = desks.ask("progress")
            if not waiting and not said["behind"] and said["taken"] >= kept:
                break
            time.sleep(0.1)
        else:
            self.outcome.wrong.append(f"after {waits:.0f} s: {kept} kept, {waiting} wait, {said}")
        self.outcome.peace = waits
        self.outcome.asked, self.outcome.again = said["asked"], said["again"]

    def _kept(self) -> int:
        with closing(self._relay.read_database()) as db:
            return int(db.execute("SELECT count(*) FROM notices").fetchone()[0])

    def _check(self, desks: Child, caller: Child) -> None:
        came_file, told_file = self._folder / "came.json", self._folder / "told.json"
        outcome = self.outcome
        outcome.wrong += desks.ask("report", file=str(came_file))["wrong"]
        caller.ask("report", file=str(told_file))
        came: dict[str, list[object]] = json.loads(came_file.read_text())
        told = {event: Told(*one) for event, one in json.loads(told_file.read_text()).items()}
        for way in (BROKER, GATEWAY):
            outcome.ways[way] = sum(one[3] == way for one in came.values())
        outcome.unsaid = sum(told[event].status != 200 for event in came if event in told)
        outcome.wrong += [f"{event} came and nobody told it" for event in came if event not in told]
        outcome.statuses = Counter(one.status for one in told.values())
        for event, one in told.items():
            if one.status == 200 and event not in came:
                outcome.wrong.append(self._lost(event, one))
            elif event in came and came[event][0] != one.own:
                outcome.wrong.append(f"{event} of {one.own} came to {came[event][0]}")
        outcome.wrong += self._kept_twice()

    def _lost(self, event: str, one: Told) -> str:
        """Which, when, and what was killed next to it."""
        ended = one.ended / 1e9 - self._began
        near = [f"{kill.what} {kill.at - ended:+.3f} s" for kill in self.outcome.kills]
        near.sort(key=lambda text: abs(float(text.split()[1])))
        return (
            f"seed {self._plan.seed}: LOST {event} of {one.own}, answered 200 at {ended:.3f} s;"
            f" killed: {', '.join(near[:3])}"
        )

    def _kept_twice(self) -> list[str]:
        query = "SELECT other, count(*) FROM notices GROUP BY other HAVING count(*) > 1"
        with closing(self._relay.read_database()) as db:
            return [f"{other} is kept {count} times" for other, count in db.execute(query)]
