"""``kill -9`` at seeded moments of several desks over one company, hours in minutes; then peace,
and the question whether anything was lost or done twice.

The desks are processes of their own (`drill_desk`), the company is the simulator over HTTP.
"""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from desk_phone.paths import Paths
from desk_phone.settings import Settings, load, save
from desk_phone.simulator import Simulator
from desk_phone.simulator.calls import Fate
from desk_phone.simulator.company import OWN_NUMBERS, USER
from tests.ports import free_port
from tests.property.drill_checks import Checks, Note
from tests.property.drill_company import Watched, Weather
from tests.property.drill_desk import SECRET, Life, Times, live

DESKS, SPEED = 3, 120.0
NIGHT = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)  # in Tallinn the clocks go back at 01:00 UTC
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
_NIGHT_LASTS = timedelta(
    hours=3
)  # until then nobody's clock may be wrong: it says which hour it is
_A_LIFE = (0.02, 0.45)  # seconds
_WRONG = (timedelta(hours=3), timedelta(minutes=-40), timedelta(hours=-1), timedelta(minutes=2))
_RIGHT, _CALLS_END = timedelta(), timedelta(seconds=100)
_EVENT_EVERY = 0.08  # seconds
_START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


@dataclass
class Outcome:
    kills: int = 0
    seconds: float = 0.0
    counted: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        did = ", ".join(f"{count} {what}" for what, count in sorted(self.counted.items()))
        return (
            f"{self.kills} kills in {self.seconds:.0f} s: {did};"
            f" {sum(self.faults.values())} faults; {len(self.wrong)} wrong"
        )


class Drill:
    def __init__(self, folder: Path, seed: int, kills: int) -> None:
        self._folder, self._seed, self._kills = folder, seed, kills
        self._random = Random(seed)
        self._company = Watched(OWN_NUMBERS[:DESKS])
        self._weather = Weather(seed)
        self._begun = NOON if seed % 2 else NIGHT
        self._times = Times(self._begun, time.monotonic(), SPEED)
        self._simulator = Simulator(
            company=self._company, quiet=True, records=0, clock=self._times, speed=SPEED
        )
        self._simulator._world.faults = self._weather
        self._context = multiprocessing.get_context(_START)
        if _START == "forkserver":
            self._context.set_forkserver_preload(["zeep", "tests.property.drill_desk"])
        self._ports = _free_ports(DESKS)
        self._lives = [self._first_life(number) for number in range(DESKS)]
        self._rung = self._written = 0
        self.outcome = Outcome()

    def play(self) -> Outcome:
        """Whatever is wrong stands in the outcome."""
        begun = time.monotonic()
        with self._simulator:
            self._storm()
            self._weather.chance = 0.0
            time.sleep(_CALLS_END.total_seconds() / SPEED)
            for life in self._lives:
                self._peace(life)
        self.outcome.faults = self._weather.met
        self._check()
        self.outcome.seconds = time.monotonic() - begun
        return self.outcome

    # the storm

    def _storm(self) -> None:
        running = [(life, self._begin(life), self._end_of_life()) for life in self._lives]
        event = time.monotonic()
        while self.outcome.kills < self._kills:
            now = time.monotonic()
            if now >= event:
                self._happen()
                event = now + _EVENT_EVERY
            for at, (life, process, until) in enumerate(running):
                if now >= until:
                    self._kill(process)
                    again = self._next_life(life)
                    running[at] = (again, self._begin(again), self._end_of_life())
            time.sleep(0.005)
        for at, (life, process, _) in enumerate(running):
            self._kill(process)
            self._lives[at] = life

    def _begin(self, life: Life) -> BaseProcess:
        process = self._context.Process(target=live, args=(life,), name=f"desk {life.number}")
        process.start()
        return process

    def _kill(self, process: BaseProcess) -> None:
        if process.exitcode is not None:
            self.outcome.wrong.append(f"{process.name} ended by itself with {process.exitcode}")
        process.kill()
        process.join()
        process.close()
        self.outcome.kills += 1

    def _end_of_life(self) -> float:
        return time.monotonic() + self._random.uniform(*_A_LIFE)

    def _first_life(self, number: int) -> Life:
        place = Paths(self._folder / f"desk{number}")
        place.make()
        own = "+" + self._company.own[number]
        url, port = self._simulator.base_url, self._ports[number]
        save(place.settings, Settings(own_number=own, user=USER, service_url=url))
        self._company.activate(own[1:], f"http://127.0.0.1:{port}/desk-phone/{SECRET}")
        return Life(number, place.root, url, own, port, self._seed * 1000 + number, self._times)

    def _next_life(self, life: Life) -> Life:
        is_day = self._begun == NOON or self._times() - NIGHT > _NIGHT_LASTS
        wrong = self._random.choice(_WRONG) if is_day and self._random.random() < 0.1 else _RIGHT
        return replace(life, seed=life.seed + DESKS, wrong=wrong)

    def _happen(self) -> None:
        """Somebody calls, or the portal writes into the phonebook."""
        if self._random.random() < 0.75:
            self._rung += 1
            fate = Fate.ANSWERED if self._random.random() < 0.3 else Fate.MISSED
            self._simulator.ring(
                *(self._random.choice(self._company.own), f"5{9_000_000 + self._rung}"),
                fate=fate,
                visible_while_ringing=self._random.random() < 0.5,
                ring_seconds=self._random.uniform(0.0, 50.0),
                talk_seconds=30.0,
            )
        else:
            with self._simulator._world.lock:
                self._write()

    def _write(self) -> None:
        self._written += 1
        entries = [entry for entry in self._company.entries() if entry.name.startswith("Portal")]
        self._company.portal = True
        if len(entries) > 40:
            self._company.delete(self._random.choice(entries).id)
        elif entries and self._random.random() < 0.5:
            one = self._random.choice(entries)
            self._company.update(replace(one, name=f"Portal {self._written}"))
        else:
            self._company.add(f"Portal {self._written}", f"6{self._written:06}")
        self._company.portal = False

    # afterwards

    def _peace(self, life: Life) -> None:
        process = self._begin(replace(self._next_life(life), wrong=_RIGHT, peaceful=True))
        process.join(60)
        if process.exitcode != 0:
            self.outcome.wrong.append(f"{process.name}: peace ended with {process.exitcode}")
            process.kill()
            process.join()
        process.close()

    def _check(self) -> None:
        for life in self._lives:
            lines = (self._folder / f"desk{life.number}.journal").read_text().splitlines()
            notes = [Note(*json.loads(line)[:1], tuple(json.loads(line)[1:])) for line in lines]
            checks = Checks(life, notes, self._company)
            with closing(checks):
                self.outcome.wrong += [f"desk {life.number}: {wrong}" for wrong in checks.wrong()]
                self.outcome.counted += checks.counted
            if not load(Paths(life.folder).settings).own_number:
                self.outcome.wrong.append("the settings are lost")


def _free_ports(count: int) -> list[int]:
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return sorted(found)


def stop_forks() -> None:
    """No process of ours is alive afterwards."""
    if _START == "forkserver":
        from multiprocessing.forkserver import _forkserver

        _forkserver._stop()
