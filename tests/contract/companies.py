"""Two companies that keep the same promises: the simulator over HTTP, and the fake in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from desk_phone.errors import Uncertain
from desk_phone.model.calls import CallRecord
from desk_phone.model.numbers import from_service, wire_other, wire_own
from desk_phone.model.secret import Secret
from desk_phone.simulator import Simulator
from desk_phone.simulator.company import OWN_NUMBERS, PASSWORD, USER
from desk_phone.telco.account import Account
from desk_phone.telco.operations import Operation, when_in_doubt
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Entry, Telco
from desk_phone.telco.soap import SoapTelco
from tests.fakes import FakeTelco

OPERATIONS: Mapping[str, Operation] = {  # by the names of Telco's methods
    "call": Operation.CALL,
    "numbers": Operation.NUMBERS,
    "history": Operation.HISTORY,
    "name_line": Operation.NAME_LINE,
    "activate_notices": Operation.ACTIVATE_NOTICES,
    "deactivate_notices": Operation.DEACTIVATE_NOTICES,
    "entries": Operation.ENTRIES,
    "add_entry": Operation.ADD_ENTRY,
    "update_entry": Operation.UPDATE_ENTRY,
    "delete_entry": Operation.DELETE_ENTRY,
}


class Company(Protocol):
    """A company one can speak to, and see and do things behind the service's back."""

    telco: Telco

    def misses(self, own: str, other: str, name: str) -> None:
        """Somebody calls ``own`` and nobody answers."""

    def refuse(self, method: str, code: str) -> None:
        """The next such request is refused."""

    def lose(self, method: str) -> None:
        """The next such request is done, and its answer gets lost."""

    def asked(self, method: str) -> int: ...

    def dialled(self) -> list[tuple[str, str]]: ...

    def notices(self) -> Mapping[str, str]: ...

    def line_name(self, own: str) -> tuple[str, str]: ...


class OverHttp:
    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.telco: Telco = SoapTelco(Account(USER, Secret(PASSWORD), simulator.base_url))

    def misses(self, own: str, other: str, name: str) -> None:
        self.simulator.ring(wire_own(own), wire_other(other), name=name, after=-60.0)

    def refuse(self, method: str, code: str) -> None:
        self.simulator.fault("error", code, operation=OPERATIONS[method], times=1)

    def lose(self, method: str) -> None:
        self.simulator.fault("lost", operation=OPERATIONS[method], times=1)

    def asked(self, method: str) -> int:
        return self.simulator.requests(OPERATIONS[method])

    def dialled(self) -> list[tuple[str, str]]:
        dialled = self.simulator.company.dialled
        return [(from_service(each.own), from_service(each.other)) for each in dialled]

    def notices(self) -> Mapping[str, str]:
        targets = self.simulator.company.targets
        return {from_service(own): url for own, url in targets.items()}

    def line_name(self, own: str) -> tuple[str, str]:
        name = self.simulator.company.line_names[wire_own(own)]
        return name.first, name.last


class InMemory:
    """``way`` leads to it; without one, one has the company itself."""

    def __init__(self, way: Callable[[FakeTelco], Telco] = lambda fake: fake) -> None:
        self.fake = FakeTelco()
        self.fake.numbers_ = tuple(from_service(number) for number in OWN_NUMBERS)
        self.fake.entries_ = {"1": Entry("1", "Alice", "555111222")}
        self.telco: Telco = way(self.fake)

    def misses(self, own: str, other: str, name: str) -> None:
        calls = self.fake.records[own]
        numbers = (wire_other(other), wire_other(own))
        start = "2026-03-02T10:00:00"
        record = CallRecord(str(len(calls) + 1), *numbers, "No", "Terminating", start, name, "", "")
        self.fake.records[own] = (record, *calls)

    def refuse(self, method: str, code: str) -> None:
        self.fake.trouble[method].append(refusal(code, "for a test"))

    def lose(self, method: str) -> None:
        self.fake.trouble[method].append(Uncertain("Lost", when_in_doubt(OPERATIONS[method])))

    def asked(self, method: str) -> int:
        return sum(name == method for name, *_ in self.fake.asked)

    def dialled(self) -> list[tuple[str, str]]:
        return self.fake.dialled

    def notices(self) -> Mapping[str, str]:
        return self.fake.notices

    def line_name(self, own: str) -> tuple[str, str]:
        return self.fake.line_names[own]
