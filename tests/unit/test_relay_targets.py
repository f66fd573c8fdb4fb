"""That the service calls the relay about each of its numbers, whatever comes in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk_phone.errors import BadCredentials, Offline, PhoneError, Refused, Uncertain
from desk_phone.relay import working
from desk_phone.relay.company.targets import AGAIN, Targets
from desk_phone.relay.state.database import open_keeper
from tests.relayed import NOON, OTHER_LINE, OWN

URL = "https://relay.company.example/v1/notices/secret"


@dataclass
class Service:
    """Raises ``says`` in turn, then does what it is asked."""

    says: list[PhoneError] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)

    async def activate_notices(self, own: str, url: str) -> None:
        self._hear(own)
        self.targets[own] = url

    async def deactivate_notices(self, own: str) -> None:
        self._hear(own)
        self.targets.pop(own, None)

    def _hear(self, own: str) -> None:
        self.asked.append(own)
        if self.says:
            raise self.says.pop(0)


@dataclass
class Place:
    service: Service = field(default_factory=Service)
    numbers: set[str] = field(default_factory=lambda: {OWN, OTHER_LINE})
    now: datetime = NOON
    url: str = URL
    asked_numbers: int = 0  # each look does so once, and so does whoever counts what is missing

    def _numbers(self) -> set[str]:
        self.asked_numbers += 1
        return self.numbers

    async def look(self, wake: Callable[[], None]) -> None:
        """Wake the targets, and wait until they have looked: only then they look once more."""
        for _ in range(2):
            self.asked_numbers = 0
            wake()
            await until(lambda: self.asked_numbers > 0)

    def play(self, folder: Path, story: Callable[[Targets], Coroutine[None, None, None]]) -> None:
        async def told() -> None:
            keeper = await open_keeper(folder / "relay.sqlite3", folder / "backups", NOON)

            async def no_rest(_seconds: float) -> None:
                return

            try:
                async with Targets(
                    *(keeper, self.service, self._numbers, self.url),
                    *(lambda: self.now, no_rest),
                ) as targets:
                    await story(targets)
            finally:
                await keeper.close()

        asyncio.run(told())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.001)


async def settled(_targets: Targets) -> None:
    await until(lambda: not _targets.missing)


def test_each_number_is_told_once_and_not_again_after_a_restart(tmp_path: Path) -> None:
    place = Place()
    place.play(tmp_path, settled)
    assert place.service.targets == {OWN: URL, OTHER_LINE: URL}
    place.now += AGAIN - timedelta(seconds=1)

    async def nothing_more(targets: Targets) -> None:
        assert targets.missing == 0
        await place.look(targets.look)

    place.play(tmp_path, nothing_more)
    assert len(place.service.asked) == 2


def test_once_a_day_it_is_told_anew(tmp_path: Path) -> None:
    place = Place()
    place.play(tmp_path, settled)
    place.service.targets[OWN] = "https://somebody.else.example"
    place.now += AGAIN

    async def told_again(_targets: Targets) -> None:
        await until(lambda: len(place.service.asked) == 4)

    place.play(tmp_path, told_again)
    assert place.service.targets == {OWN: URL, OTHER_LINE: URL}


def test_another_address_is_told_at_once(tmp_path: Path) -> None:
    place = Place()
    place.play(tmp_path, settled)
    place.url = "https://elsewhere.company.example/v1/notices/secret"
    place.play(tmp_path, settled)
    assert set(place.service.targets.values()) == {place.url}


def test_what_nobody_heard_the_end_of_is_not_believed(tmp_path: Path) -> None:
    place = Place(Service([Uncertain("lost"), Uncertain("lost")]))

    async def asked(targets: Targets) -> None:
        await until(lambda: len(place.service.asked) == 2)
        assert targets.missing == 2

    place.play(tmp_path, asked)
    place.now += timedelta(minutes=1)
    place.play(tmp_path, settled)
    assert len(place.service.asked) == 4


def test_trouble_with_one_number_leaves_the_others_alone_and_is_not_hammered(
    tmp_path: Path,
) -> None:
    place = Place(Service([Refused("no", "", "ERR1001")]))

    async def story(targets: Targets) -> None:
        await until(lambda: targets.missing == 1)
        for _ in range(5):
            await place.look(targets._woken.set)  # by the clock
        assert len(place.service.asked) == 2
        place.now += timedelta(minutes=1)
        targets._woken.set()
        await settled(targets)

    place.play(tmp_path, story)
    assert len(place.service.asked) == 3


def test_a_refused_password_stops_everything_until_somebody_acts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    place, paused = Place(Service([BadCredentials("no")])), []

    async def pause(woken: asyncio.Event, seconds: float) -> None:
        paused.append(seconds)
        await woken.wait()

    monkeypatch.setattr(working, "pause", pause)

    async def story(targets: Targets) -> None:
        await until(lambda: "refuses the password" in caplog.text)
        assert paused == []  # no time of its own after which it would go on
        assert len(place.service.asked) == 1
        targets.look()
        await settled(targets)

    place.play(tmp_path, story)


def test_a_clock_that_is_set_back_holds_nothing_up(tmp_path: Path) -> None:
    place = Place(Service([Offline("away"), Offline("away")]))

    async def story(targets: Targets) -> None:
        await until(lambda: len(place.service.asked) == 2)
        place.now -= timedelta(days=400)
        targets._woken.set()
        await settled(targets)

    place.play(tmp_path, story)


def test_while_no_number_is_known_none_is_let_go_of(tmp_path: Path) -> None:
    place = Place()
    place.play(tmp_path, settled)
    ours, place.numbers = place.numbers, set()

    async def story(targets: Targets) -> None:
        await place.look(targets.look)
        place.numbers = ours
        targets.look()
        await settled(targets)

    place.play(tmp_path, story)
    assert len(place.service.asked) == 2


def test_a_number_that_is_ours_no_more_is_let_go_of(tmp_path: Path) -> None:
    place = Place(numbers={OWN, OTHER_LINE, "+3726405678"})
    place.play(tmp_path, settled)
    place.numbers.remove(OTHER_LINE)

    async def gone(_targets: Targets) -> None:
        await until(lambda: OTHER_LINE not in place.service.targets)

    place.play(tmp_path, gone)
    place.service.says = [Offline("away")]
    place.numbers.remove(OWN)

    async def asked(_targets: Targets) -> None:
        await until(lambda: len(place.service.asked) == 5)

    place.play(tmp_path, asked)
    assert OWN in place.service.targets  # and it stays written down
    place.now += timedelta(hours=2)

    async def gone_too(_targets: Targets) -> None:
        await until(lambda: set(place.service.targets) == {"+3726405678"})

    place.play(tmp_path, gone_too)
