"""The company for all desks at once: asked seldom, never twice, and not at all once it said no."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field

import pytest

from desk_phone.errors import BadCredentials, Offline, PhoneError, Refused, Uncertain
from desk_phone.model.calls import CallRecord
from desk_phone.relay.company.company import SHARED, Company
from desk_phone.relay.company.lanes import PATIENCE
from desk_phone.relay.company.phonebook import BELIEVED, DOUBTFUL
from desk_phone.relay.company.told import Told, version
from desk_phone.telco.gateway_trouble import CHANGED
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry, History, Listing
from tests.fakes import FakeTelco

OWN, OTHER_OWN, CALLER = "+3726401234", "+3726403231", "+3725123456"
ALICE = Entry("1", "Alice", "+3725550001")
LOGIN = refusal("ERR001", "")


class Service(FakeTelco):
    """All threads ask this one. What is in ``shut`` waits until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.entries_ = {"1": ALICE}
        self.shut: dict[str, threading.Event] = {}
        self.came: dict[str, threading.Event] = {}
        self._one_at_a_time = threading.Lock()

    def shutting(self, method: str) -> threading.Event:
        self.shut[method], self.came[method] = threading.Event(), threading.Event()
        return self.shut[method]

    def call(self, own: str, other: str) -> None:
        self._wait("call")
        with self._one_at_a_time:
            super().call(own, other)

    def history(self, own: str, known: str = "") -> History:
        with self._one_at_a_time:
            answer = super().history(own, known)
        self._wait("history")
        return answer

    def entries(self, known: str = "") -> Listing:
        with self._one_at_a_time:
            answer = super().entries(known)
        self._wait("entries")
        return answer

    def update_entry(self, entry: Entry) -> None:
        self._wait("update_entry")
        super().update_entry(entry)

    def count(self, method: str) -> int:
        return sum(name == method for name, *_ in self.asked)

    def _wait(self, method: str) -> None:
        if method in self.shut:
            self.came[method].set()
            assert self.shut[method].wait(10)


@dataclass
class Place:
    service: Service = field(default_factory=Service)
    time: float = 1000.0
    company: Company = field(init=False)

    def __post_init__(self) -> None:
        self.company = Company(lambda: self.service, lambda: self.time)

    def long_ago(self) -> None:
        """Whatever was in doubt is settled by now."""
        self.time += DOUBTFUL


async def came(service: Service, method: str) -> None:
    assert await asyncio.to_thread(service.came[method].wait, 10)


def run(story: Callable[[Place], Coroutine[None, None, None]]) -> None:
    async def told() -> None:
        place = Place()
        try:
            await story(place)
        finally:
            for gate in place.service.shut.values():
                gate.set()
            await place.company.close()

    asyncio.run(told())


def record(n: int) -> CallRecord:
    start = "2026-03-02T10:00:00"
    return CallRecord(str(n), "5123456", "6401234", "No", "Terminating", start, "Mari", "", "")


def said(told: Told) -> dict[str, list[dict[str, str]]]:
    read: dict[str, list[dict[str, str]]] = json.loads(told.plain())
    return read


async def trouble(asking: Awaitable[object]) -> PhoneError:
    with pytest.raises(PhoneError) as caught:
        await asking
    return caught.value


# histories


def test_trouble_is_told_to_all_who_wait_and_not_remembered() -> None:
    async def story(place: Place) -> None:
        place.service.trouble["history"].append(Offline("No network"))
        company = place.company
        answers = await asyncio.gather(
            *(company.history(OWN) for _ in range(5)), return_exceptions=True
        )
        assert [type(one) for one in answers] == [Offline] * 5
        await company.history(OWN)
        assert place.service.count("history") == 2

    run(story)


def test_one_poll_is_for_all_who_ask_within_ten_seconds() -> None:
    async def story(place: Place) -> None:
        company = place.company
        await asyncio.gather(*(company.history(OWN) for _ in range(50)))
        place.time += SHARED
        await company.history(OWN)
        assert place.service.count("history") == 1
        await company.history(OTHER_OWN)
        place.time += 0.1
        await company.history(OWN)
        assert [own for name, own, *_ in place.service.asked] == [OWN, OTHER_OWN, OWN]
        assert (company.counted.told, company.counted.asked) == (53, 3)

    run(story)


def test_a_notice_makes_it_old() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        first = await company.history(OWN)
        service.records[OWN] = (record(1),)
        assert await company.history(OWN) == first
        company.heard(OWN)
        assert [one["id"] for one in said(await company.history(OWN))["records"]] == ["1"]

    run(story)


def test_who_asks_after_a_notice_is_not_given_what_was_asked_for_before_it() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        gate = service.shutting("history")
        before = asyncio.create_task(company.history(OWN))
        await came(service, "history")
        service.records[OWN] = (record(1),)
        company.heard(OWN)
        after = asyncio.create_task(company.history(OWN))
        await asyncio.sleep(0)
        gate.set()
        assert said(await before) == {"records": []}
        assert len(said(await after)["records"]) == 1
        assert service.count("history") == 2

    run(story)


def test_a_call_makes_it_old() -> None:
    async def story(place: Place) -> None:
        await place.company.history(OWN)
        await place.company.call(OWN, CALLER)
        await place.company.history(OWN)
        place.service.trouble["call"].append(Uncertain("Lost"))
        await trouble(place.company.call(OWN, CALLER))
        await place.company.history(OWN)
        assert place.service.count("history") == 3

    run(story)


def test_what_has_not_changed_is_not_told_again_by_the_service() -> None:
    async def story(place: Place) -> None:
        first = await place.company.history(OWN)
        place.time += 60
        assert await place.company.history(OWN) is first
        assert [bool(known) for *_, known in place.service.asked] == [False, True]

    run(story)


def test_who_stops_waiting_takes_the_answer_from_nobody() -> None:
    async def story(place: Place) -> None:
        gate = place.service.shutting("history")
        first = asyncio.create_task(place.company.history(OWN))
        second = asyncio.create_task(place.company.history(OWN))
        await came(place.service, "history")
        first.cancel()
        gate.set()
        assert said(await second) == {"records": []}
        assert place.service.count("history") == 1

    run(story)


def test_a_long_history_is_packed_once() -> None:
    async def story(place: Place) -> None:
        place.service.records[OWN] = tuple(map(record, range(1000)))
        told = await place.company.history(OWN)
        assert told.packed
        assert len(told.body) < 20_000 < len(told.plain())
        assert len(said(told)["records"]) == 1000

    run(story)


# lanes


def test_a_call_waits_behind_no_history_and_no_list() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        await company.numbers()  # the login is known to be right
        service.shutting("history")
        service.shutting("entries")
        reading = [asyncio.create_task(company.history(f"{OWN}{n}")) for n in range(20)]
        reading.append(asyncio.create_task(company.entries()))
        service.numbers_ = (OWN, *(f"{OWN}{n}" for n in range(20)))
        await came(service, "history")
        await company.call(OWN, CALLER)
        assert service.dialled == [(OWN, CALLER)]
        for gate in service.shut.values():
            gate.set()
        await asyncio.gather(*reading)

    run(story)


def test_a_call_that_waited_too_long_is_not_made() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        gate = service.shutting("call")
        first = asyncio.create_task(company.call(OWN, CALLER))
        await came(service, "call")
        second = asyncio.create_task(company.call(OTHER_OWN, CALLER))
        await asyncio.sleep(0)
        place.time += PATIENCE + 1
        gate.set()
        await first
        assert isinstance(await trouble(second), Offline)
        assert service.dialled == [(OWN, CALLER)]

    run(story)


def test_colleagues_dial_at_once_though_one_does_not_lift_the_handset() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        await company.numbers()
        gate = service.shutting("call")
        slow = asyncio.create_task(company.call(OWN, CALLER))
        await came(service, "call")
        del service.shut["call"]
        await company.call(OTHER_OWN, CALLER)
        assert service.dialled == [(OTHER_OWN, CALLER)]
        gate.set()
        await slow

    run(story)


def test_a_call_that_may_have_been_made_is_not_made_again() -> None:
    async def story(place: Place) -> None:
        place.service.trouble["call"].append(Uncertain("Lost"))
        assert isinstance(await trouble(place.company.call(OWN, CALLER)), Uncertain)
        assert place.service.count("call") == 1

    run(story)


# the login


def test_a_refused_login_stops_everything() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        await company.numbers()
        service.trouble["call"].append(LOGIN)
        await trouble(company.call(OWN, CALLER))
        assert company.locked
        asked = len(service.asked)
        for asking in (
            company.call(OWN, CALLER),
            company.history(OWN),
            company.entries(),
            company.name_line(OWN, "A", "B"),
            company.activate_notices(OWN, "https://a.ee/"),
            company.deactivate_notices(OWN),
            company.add_entry("A", CALLER, ""),
            company.update_entry(ALICE, version(ALICE)),
            company.delete_entry("1", version(ALICE)),
        ):
            assert isinstance(await trouble(asking), BadCredentials)
        assert len(service.asked) == asked

    run(story)


def test_a_login_that_was_never_right_is_tried_three_times_at_most() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        for method in ("call", "history", "add_entry"):
            service.trouble[method].extend([LOGIN] * 30)
        asking: list[Awaitable[object]] = [company.call(OWN, CALLER) for _ in range(20)]
        asking += [company.history(own) for own in (OWN, OTHER_OWN)] * 10
        asking += [company.add_entry("A", CALLER, "") for _ in range(20)]
        answers = await asyncio.gather(*asking, return_exceptions=True)
        assert {type(one) for one in answers} == {BadCredentials}
        assert len(service.asked) <= 3

    run(story)


def test_the_administrator_unlocks_it_with_another_login() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        service.trouble["call"].append(LOGIN)
        await trouble(company.call(OWN, CALLER))
        other = Service()
        company.unlock(lambda: other)
        assert not company.locked
        await company.call(OWN, CALLER)
        assert (service.dialled, other.dialled) == ([], [(OWN, CALLER)])

    run(story)


def test_an_old_login_that_is_refused_late_locks_nothing() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        gate = service.shutting("call")
        service.trouble["call"].append(LOGIN)
        late = asyncio.create_task(company.call(OWN, CALLER))
        await came(service, "call")
        company.unlock(Service)
        gate.set()
        await trouble(late)
        assert not company.locked

    run(story)


# the phonebook


async def listed(company: Company) -> dict[str, str]:
    return {one["id"]: one["version"] for one in said(await company.entries())["entries"]}


def test_what_somebody_changed_meanwhile_is_not_written_over() -> None:
    async def story(place: Place) -> None:
        place.long_ago()
        company, service = place.company, place.service
        known = (await listed(company))["1"]
        service.entries_["1"] = Entry("1", "Alice Cooper", CALLER)
        place.time += BELIEVED + 1
        for asking in (
            company.update_entry(Entry("1", "Bob", CALLER), known),
            company.delete_entry("1", known),
        ):
            refused = await trouble(asking)
            assert isinstance(refused, Refused)
            assert refused.code == CHANGED
        assert service.entries_["1"].name == "Alice Cooper"
        assert not service.count("update_entry") + service.count("delete_entry")

    run(story)


def test_the_writer_believes_its_own_list_for_half_a_minute() -> None:
    async def story(place: Place) -> None:
        place.long_ago()
        company, service = place.company, place.service
        known = await company.update_entry(Entry("1", "Bob", CALLER), version(ALICE))
        place.time += BELIEVED
        known = await company.update_entry(Entry("1", "Bobby", CALLER), known)
        assert service.count("entries") == 1
        service.entries_["1"] = Entry("1", "Portal", CALLER)
        place.time += 1
        assert isinstance(await trouble(company.delete_entry("1", known)), Refused)
        assert "1" in service.entries_

    run(story)


def test_of_two_who_change_the_same_entry_the_second_is_told() -> None:
    async def story(place: Place) -> None:
        place.long_ago()
        company, service = place.company, place.service
        known = (await listed(company))["1"]
        names = [f"Bob {n}" for n in range(20)]
        answers = await asyncio.gather(
            *(company.update_entry(Entry("1", name, CALLER), known) for name in names),
            return_exceptions=True,
        )
        done = [name for name, one in zip(names, answers, strict=True) if isinstance(one, str)]
        assert done == [service.entries_["1"].name]
        refused = [one.code for one in answers if isinstance(one, Refused)]
        assert refused == [CHANGED] * 19

    run(story)


def test_one_that_is_gone_is_said_so() -> None:
    async def story(place: Place) -> None:
        for asking in (
            place.company.update_entry(Entry("9", "Bob", CALLER), "x"),
            place.company.delete_entry("9", ""),
        ):
            refused = await trouble(asking)
            assert isinstance(refused, Refused)
            assert refused.code == "ERR1002"
        assert not place.service.count("update_entry") + place.service.count("delete_entry")

    run(story)


def test_a_change_gives_the_version_for_the_next_one() -> None:
    async def story(place: Place) -> None:
        place.long_ago()
        company, service = place.company, place.service
        first = await company.update_entry(Entry("1", "Bob", CALLER), version(ALICE))
        second = await company.update_entry(Entry("1", "Bobby", CALLER), first)
        assert (await listed(company))["1"] == second
        await company.delete_entry("1", second)
        assert await listed(company) == service.entries_ == {}
        assert service.count("entries") == 3  # one to compare with, two for the readers

    run(story)


def test_a_list_of_the_readers_is_good_for_the_writer() -> None:
    async def story(place: Place) -> None:
        place.long_ago()
        known = (await listed(place.company))["1"]
        await place.company.update_entry(Entry("1", "Bob", CALLER), known)
        assert place.service.count("entries") == 1

    run(story)


def test_an_old_list_says_no_to_nobody() -> None:
    """The portal wrote; the desk knows it by a newer list than the writer has."""

    async def story(place: Place) -> None:
        place.long_ago()
        company, service = place.company, place.service
        await company.update_entry(Entry("1", "Bob", CALLER), version(ALICE))
        service.entries_["1"] = carol = Entry("1", "Carol", CALLER)
        await company.update_entry(Entry("1", "Dora", CALLER), version(carol))
        assert service.entries_["1"].name == "Dora"

    run(story)


def test_a_list_is_shared_and_old_after_every_write() -> None:
    async def story(place: Place) -> None:
        place.long_ago()
        company, service = place.company, place.service
        await asyncio.gather(*(company.entries() for _ in range(50)))
        place.time += 59
        await company.entries()
        assert service.count("entries") == 1
        await company.add_entry("Bob", CALLER, "")
        assert len(await listed(company)) == 2
        service.trouble["add_entry"].append(Uncertain("Lost"))
        await trouble(company.add_entry("Carol", CALLER, ""))
        assert len(await listed(company)) == 3
        assert service.count("entries") == 3

    run(story)


def test_a_list_under_way_while_somebody_writes_is_old_when_it_comes() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        await company.numbers()
        gate = service.shutting("entries")
        early = asyncio.create_task(company.entries())
        await came(service, "entries")
        await company.add_entry("Bob", CALLER, "")
        gate.set()
        assert len(said(await early)["entries"]) == 1
        assert len(await listed(company)) == 2

    run(story)


def test_a_change_in_doubt_is_compared_with_a_new_list_next_time() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        service.trouble["update_entry"].append(Uncertain("Lost"))
        bob = Entry("1", "Bob", CALLER)
        assert isinstance(await trouble(company.update_entry(bob, version(ALICE))), Uncertain)
        assert service.count("update_entry") == 1
        refused = await trouble(company.delete_entry("1", version(ALICE)))
        assert isinstance(refused, Refused)
        await company.delete_entry("1", version(bob))

    run(story)


@pytest.mark.parametrize("begins", [True, False])
def test_while_a_write_may_still_arrive_no_old_list_is_believed(begins: bool) -> None:
    """Not at the start either: the relay before may have died in one."""

    async def story(place: Place) -> None:
        company, service = place.company, place.service
        if not begins:
            place.long_ago()
            service.trouble["add_entry"].append(Uncertain("Lost"))
            await trouble(company.add_entry("Carol", CALLER, ""))
        known = (await listed(company))["1"]
        place.time += DOUBTFUL - 1
        service.entries_["1"] = Entry("1", "Late", CALLER)  # now it arrives
        assert (await listed(company))["1"] != known
        service.entries_["1"] = ALICE
        await trouble(company.delete_entry("1", (await listed(company))["1"]))
        assert "1" in service.entries_
        place.time += 2
        known = (await listed(company))["1"]
        service.entries_["1"] = Entry("1", "Portal", CALLER)
        place.time += SHARED
        assert (await listed(company))["1"] == known

    run(story)


def test_without_a_list_to_compare_with_nothing_is_written() -> None:
    async def story(place: Place) -> None:
        place.service.trouble["entries"].append(Uncertain("Lost", "", 7.0))
        told = await trouble(place.company.delete_entry("1", version(ALICE)))
        assert isinstance(told, Offline)
        assert told.retry_after == 7.0
        assert "1" in place.service.entries_

    run(story)


def test_writers_come_one_after_the_other() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        await company.numbers()
        gate = service.shutting("update_entry")
        first = asyncio.create_task(company.update_entry(Entry("1", "Bob", CALLER), version(ALICE)))
        await came(service, "update_entry")
        second = asyncio.create_task(company.add_entry("Carol", CALLER, ""))
        await company.name_line(OWN, "A", "B")  # no entry: it need not wait
        assert not service.count("add_entry")
        gate.set()
        await asyncio.gather(first, second)
        assert service.count("add_entry") == 1

    run(story)


# the end


def test_at_the_end_what_was_asked_is_waited_for_and_nothing_else_is_done() -> None:
    async def story(place: Place) -> None:
        company, service = place.company, place.service
        gate = service.shutting("call")
        first = asyncio.create_task(company.call(OWN, CALLER))
        await came(service, "call")
        closing = asyncio.create_task(company.close())
        await asyncio.sleep(0)
        gate.set()
        await closing
        await first
        assert isinstance(await trouble(company.call(OWN, CALLER)), Offline)
        assert service.dialled == [(OWN, CALLER)]

    run(story)
