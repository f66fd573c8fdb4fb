"""What desks read: shared answers, and notices from the outbox."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from desk_phone.model.relayed import PAGE, Page, page_as_json
from desk_phone.relay.company.told import FOR_ONE, Told, told
from desk_phone.relay.gateway.answers import answer_json, answer_told
from desk_phone.relay.gateway.door import Door
from desk_phone.relay.gateway.requests import NotServed, number, position_of
from desk_phone.relay.state import outbox
from desk_phone.relay.state.devices import Device

_LONG = 50  # notices: written and packed in a thread, so that nobody who rings waits for it


class Reading:
    def __init__(self, door: Door) -> None:
        self._door, self._place = door, door.place

    async def me(self, request: Request) -> Response:
        device = await self._device(request)
        place, rights = self._place, device.rights
        return answer_json(
            {
                "device": device.id,
                "name": device.name,
                "numbers": rights.numbers,
                "may_edit": rights.may_edit,
                "company": {"user": place.user, "service_url": place.service_url},
            }
        )

    async def numbers(self, request: Request) -> Response:
        await self._device(request)
        return answer_json({"numbers": await self._place.company.numbers()})

    async def history(self, request: Request) -> Response:
        own = await self._own(request)
        return answer_told(await self._place.company.history(own), request)

    async def entries(self, request: Request) -> Response:
        await self._device(request)
        return answer_told(await self._place.company.entries(), request)

    async def notices(self, request: Request) -> Response:
        own, known = await self._own(request), position_of(request)
        page = await self._place.keep(lambda db: outbox.after(db, own, known, PAGE))
        written = asyncio.to_thread(_told, page) if len(page.notices) > _LONG else None
        return answer_told(await written if written else _told(page), request)

    async def _device(self, request: Request) -> Device:
        return await self._door.device(request, self._door.reads)

    async def _own(self, request: Request) -> str:
        device = await self._device(request)
        own = number(request.path_params["own"])
        if own not in device.rights.numbers:
            raise NotServed(403)
        return own


def _told(page: Page) -> Told:
    return told(page_as_json(page), FOR_ONE)
