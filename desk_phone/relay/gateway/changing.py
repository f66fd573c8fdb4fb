"""What desks have done: each once under its key, and in the audit log."""

from __future__ import annotations

import json
from collections.abc import Coroutine

from starlette.requests import Request
from starlette.responses import Response

from desk_phone.relay.gateway.door import Door
from desk_phone.relay.gateway.requests import (
    body_of,
    entry_id,
    entry_number,
    match_of,
    name,
    never_dialled,
    number,
    target,
    texts,
)
from desk_phone.relay.state.audit import Act, What, other_ending, own_ending
from desk_phone.relay.state.devices import Device
from desk_phone.relay.state.idempotency import Outcome
from desk_phone.telco.service import Entry

_DONE = Outcome(204)


class Changing:
    def __init__(self, door: Door) -> None:
        self._door, self._company = door, door.place.company

    async def call(self, request: Request) -> Response:
        device = await self._door.device(request, self._door.calls)
        body = await body_of(request)
        given = texts(body, "own", "other")
        own, other = number(given["own"]), number(given["other"])
        act = Act(device.id, What.CALL, own_ending(own), other_ending(other))
        allowed = own in device.rights.numbers and not never_dialled(other)
        await self._door.must(allowed, act)
        may = self._door.still(device, own)
        return await self._door.change(
            request, body, act, lambda: _done(self._company.call(own, other, may))
        )

    async def name_line(self, request: Request) -> Response:
        device = await self._device(request)
        body = await body_of(request)
        given = texts(body, "first", "last")
        first, last = name(given["first"]), name(given["last"])
        own, act = await self._own(request, device, What.NAME)
        return await self._door.change(
            request, body, act, lambda: _done(self._company.name_line(own, first, last))
        )

    async def set_target(self, request: Request) -> Response:
        device = await self._device(request)
        body = await body_of(request)
        url = target(texts(body, "url")["url"])
        own, act = await self._own(request, device, What.TARGET)
        await self._door.must(device.rights.may_target, act)
        return await self._door.change(
            request, body, act, lambda: _done(self._company.activate_notices(own, url))
        )

    async def no_target(self, request: Request) -> Response:
        device = await self._device(request)
        body = await body_of(request)
        texts(body)
        own, act = await self._own(request, device, What.NO_TARGET)
        await self._door.must(device.rights.may_target, act)
        return await self._door.change(
            request, body, act, lambda: _done(self._company.deactivate_notices(own))
        )

    async def add_entry(self, request: Request) -> Response:
        device = await self._device(request)
        body = await body_of(request)
        entry = _entry(body, "")
        act = await self._editing(device, What.ADD)
        members = entry.name, entry.number1, entry.number2
        return await self._door.change(
            request, body, act, lambda: _done(self._company.add_entry(*members))
        )

    async def update_entry(self, request: Request) -> Response:
        device = await self._device(request)
        body = await body_of(request)
        entry = _entry(body, entry_id(request.path_params["id"]))
        known = match_of(request)
        act = await self._editing(device, What.UPDATE, entry.id)
        return await self._door.change(request, body, act, lambda: self._updated(entry, known))

    async def delete_entry(self, request: Request) -> Response:
        device = await self._device(request)
        body = await body_of(request)
        texts(body)
        which, known = entry_id(request.path_params["id"]), match_of(request)
        act = await self._editing(device, What.DELETE, which)
        return await self._door.change(
            request, body, act, lambda: _done(self._company.delete_entry(which, known))
        )

    async def _updated(self, entry: Entry, known: str) -> Outcome:
        new = await self._company.update_entry(entry, known)
        return Outcome(200, json.dumps({"version": new}))

    async def _device(self, request: Request) -> Device:
        return await self._door.device(request, self._door.changes)

    async def _own(self, request: Request, device: Device, what: What) -> tuple[str, Act]:
        own = number(request.path_params["own"])
        act = Act(device.id, what, own_ending(own))
        await self._door.must(own in device.rights.numbers, act)
        return own, act

    async def _editing(self, device: Device, what: What, entry: str = "") -> Act:
        act = Act(device.id, what, entry=entry)
        await self._door.must(device.rights.may_edit, act)
        return act


def _entry(body: bytes, which: str) -> Entry:
    given = texts(body, "name", "number1", "number2")
    numbers = entry_number(given["number1"]), entry_number(given["number2"])
    return Entry(which, name(given["name"]), *numbers)


async def _done(doing: Coroutine[None, None, None]) -> Outcome:
    await doing
    return _DONE
