"""What the service does with a request: reads it, checks it, acts, and writes the answer."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from desk_phone.simulator import wire
from desk_phone.simulator.answer import Answer
from desk_phone.simulator.company import Company, Refusal, bad_login
from desk_phone.simulator.operations import Operation, Place
from desk_phone.simulator.tricks import TRICKS, spoiled
from desk_phone.simulator.wire import Element, Request, Unreadable
from desk_phone.simulator.world import World
from desk_phone.telco.service import Entry

UNREADABLE = "unreadable"  # the name under which such requests are counted


class Service:
    """``history_asked`` is told the own number of each getCallHistory that is answered."""

    def __init__(self, world: World, history_asked: Callable[[str], None]) -> None:
        self._world = world
        self._history_asked = history_asked

    def answer(self, place: Place, body: bytes, charset: str) -> Answer:
        """One answer to one POST, with the faults that are on."""
        world = self._world
        with world.lock:
            try:
                request = wire.read_request(body, place, charset)
            except Unreadable as error:
                return self._unreadable(str(error))
            world.requests[request.operation] += 1
            return spoiled(
                [
                    (TRICKS[fault.name], fault.value)
                    for fault in world.faults.take(request.operation)
                ],
                request.operation,
                lambda: self._perform(request),
            )

    def _unreadable(self, why: str) -> Answer:
        world = self._world
        world.requests[UNREADABLE] += 1
        tricks = [(TRICKS[fault.name], fault.value) for fault in world.faults.take(UNREADABLE)]
        return spoiled(tricks, None, lambda: wire.bare_error("SOAP-ENV:Client", why))

    def _perform(self, request: Request) -> Element:
        try:
            self._check_login(request)
            request.check()
            return self._act(request) or wire.success(request.operation)
        except Refusal as refusal:
            return wire.refused(request.operation, refusal)

    def _check_login(self, request: Request) -> None:
        company = self._world.company
        given = (request.user, request.password or "")
        wanted = (company.user, company.password)
        same = [
            hmac.compare_digest(one.encode(), other.encode())
            for one, other in zip(given, wanted, strict=True)
        ]
        if request.password is None or not all(same):
            raise bad_login()

    def _act(self, request: Request) -> Element | None:
        """Do it; the response element where it is more than success."""
        company = self._world.company
        match request.operation:
            case Operation.NUMBERS:
                return wire.numbers(company.own_numbers())
            case Operation.ENTRIES:
                return wire.entries(company.entries())
            case Operation.ADD_ENTRY | Operation.UPDATE_ENTRY | Operation.DELETE_ENTRY:
                _write(company, request.operation, self._entry(request))
                return None
            case _:
                return self._act_for(company.owner(request.members["Anumber"]), request)

    def _act_for(self, own: str, request: Request) -> Element | None:
        world, members = self._world, request.members
        match request.operation:
            case Operation.HISTORY:
                self._history_asked(own)
                return wire.history(world.company.history(own, world.clock()))
            case Operation.CALL:
                world.dial(own, members["Bnumber"])
            case Operation.ACTIVATE:
                world.company.activate(own, members["TargetURL"])
            case Operation.DEACTIVATE:
                world.company.deactivate(own)
            case _:
                first, last = (self._named(members[name]) for name in ("FirstName", "LastName"))
                world.company.name_line(own, first, last)
        return None

    def _entry(self, request: Request) -> Entry:
        members = request.members
        return Entry(
            id=members.get("id", ""),
            name=self._named(members.get("DisplayName", "")),
            number1=members.get("PhoneNumber1", ""),
            number2=members.get("PhoneNumber2", ""),
        )

    def _named(self, name: str) -> str:
        if self._world.faults.has("question-marks"):
            return name.encode("iso-8859-1", "replace").decode("iso-8859-1")
        return name


def _write(company: Company, operation: Operation, entry: Entry) -> None:
    if operation is Operation.ADD_ENTRY:
        company.add(entry.name, entry.number1, entry.number2)
    elif operation is Operation.UPDATE_ENTRY:
        company.update(entry)
    else:
        company.delete(entry.id)
