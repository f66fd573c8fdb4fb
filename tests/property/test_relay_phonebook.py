"""Desks, the portal and lost answers around one relay: nothing is written over unseen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from desk_phone.errors import Offline, Refused, Uncertain
from desk_phone.relay.company.company import Company
from desk_phone.relay.company.phonebook import BELIEVED, DOUBTFUL, SHARED
from desk_phone.relay.company.told import Told, version
from desk_phone.telco.service import Entry
from tests.fakes import FakeTelco

DESKS, IDS = 3, ("1", "2")
KINDS = ("list", "update", "delete", "portal", "add", "lose", "no list")


@dataclass(frozen=True)
class Step:
    """``whose`` desk does it, with the entry ``which``; ``pause`` seconds pass before."""

    kind: str
    whose: int
    which: str
    pause: float


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(KINDS),
        st.integers(0, DESKS - 1),
        st.sampled_from(IDS),
        st.sampled_from([0.0, 0.0, 1.0, BELIEVED - 1, BELIEVED + 1, SHARED, DOUBTFUL]),
    ),
    max_size=30,
)


class Service(FakeTelco):
    """Remembers what stood there when a write came."""

    def __init__(self) -> None:
        super().__init__()
        self.entries_ = {which: Entry(which, f"First {which}", "+3725550001") for which in IDS}
        self.found: list[Entry] = []  # by each update and deletion that was done

    def update_entry(self, entry: Entry) -> None:
        before = self.entries_.get(entry.id)
        try:
            super().update_entry(entry)
        finally:
            self._note(before)

    def delete_entry(self, entry_id: str) -> None:
        before = self.entries_.get(entry_id)
        try:
            super().delete_entry(entry_id)
        finally:
            self._note(before)

    def _note(self, before: Entry | None) -> None:
        if before is not None:
            self.found.append(before)


@dataclass
class World:
    service: Service = field(default_factory=Service)
    time: float = 1000.0
    known: list[dict[str, str]] = field(default_factory=lambda: [{} for _ in range(DESKS)])
    portal: dict[str, float] = field(default_factory=dict)  # when it wrote last
    count: int = 0

    def __post_init__(self) -> None:
        self.company = Company(lambda: self.service, lambda: self.time)

    def name(self) -> str:
        self.count += 1
        return f"Name {self.count}"

    async def play(self, story: Sequence[Step]) -> None:
        self.time += DOUBTFUL
        try:
            for step in story:
                self.time += step.pause
                await self._step(step)
        finally:
            await self.company.close()

    async def _step(self, step: Step) -> None:
        match step.kind:
            case "list":
                await self._list(step.whose)
            case "add":
                await self._tried(self.company.add_entry(self.name(), "+3725550002", ""))
            case "portal":
                if (entry := self.service.entries_.get(step.which)) is not None:
                    self.service.entries_[step.which] = replace(entry, name=self.name())
                    self.portal[step.which] = self.time
            case "lose":
                for method in ("update_entry", "delete_entry", "add_entry"):
                    self.service.trouble[method].append(Uncertain("Lost"))
            case "no list":
                self.service.trouble["entries"].append(Uncertain("Lost"))
            case _:
                await self._write(step)

    async def _list(self, whose: int) -> None:
        told = await self._tried(self.company.entries())
        if isinstance(told, Told):
            listed = json.loads(told.plain())["entries"]
            self.known[whose] = {one["id"]: one["version"] for one in listed}

    async def _write(self, step: Step) -> None:
        known = self.known[step.whose].get(step.which, "")
        writes = len(self.service.found)
        if step.kind == "update":
            entry = Entry(step.which, self.name(), "+3725550003")
            new = await self._tried(self.company.update_entry(entry, known))
            if isinstance(new, str):
                self.known[step.whose][step.which] = new
        else:
            await self._tried(self.company.delete_entry(step.which, known))
        done = self.service.found[writes:]
        assert len(done) <= 1, "done twice"
        for before in done:
            just_now = self.time - self.portal.get(before.id, -1e9) <= BELIEVED
            assert version(before) == known or just_now, "written over unseen"

    async def _tried(self, asking: Awaitable[object]) -> object:
        with suppress(Refused, Uncertain, Offline):
            return await asking
        return None


@settings(max_examples=300)
@given(steps)
def test_nothing_is_written_over_that_its_writer_has_not_seen(story: list[Step]) -> None:
    asyncio.run(World().play(story))
