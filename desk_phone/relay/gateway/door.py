"""Who comes, how often, and with what right; and that a change is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from desk_phone.errors import BadCredentials
from desk_phone.relay.gateway.answers import answer
from desk_phone.relay.gateway.once import Doing, Once
from desk_phone.relay.gateway.place import Place
from desk_phone.relay.gateway.rates import Pace, Seldom
from desk_phone.relay.gateway.requests import NotServed, key_of, token_of
from desk_phone.relay.state import audit, devices, idempotency
from desk_phone.relay.state.audit import Act
from desk_phone.relay.state.devices import Device
from desk_phone.relay.state.idempotency import fingerprint

_TRIED_AGAIN = 3600.0  # seconds between two rows of the audit log that say the same
CALLS_A_MINUTE, CHANGES_A_MINUTE, READS_A_MINUTE = 10, 120, 120  # for each device
_NOT_ALLOWED = "not allowed"


def _within(device: Device, ours: frozenset[str]) -> Device:
    if not ours:
        return device
    numbers = tuple(one for one in device.rights.numbers if one in ours)
    return replace(device, rights=replace(device.rights, numbers=numbers))


class Door:
    """One for a gateway. Raises NotServed for whoever is not let in, and PhoneError."""

    def __init__(self, place: Place) -> None:
        self.place, self.once = place, Once(place)
        self.calls = Pace(CALLS_A_MINUTE)
        self.changes = Pace(CHANGES_A_MINUTE)
        self.reads = Pace(READS_A_MINUTE)
        self._tried = Seldom(_TRIED_AGAIN)

    async def device(self, request: Request, pace: Pace) -> Device:
        token, place = token_of(request), self.place
        try:
            device = await place.keep(lambda db: devices.by_token(db, token, place.now()))
        except BadCredentials as error:
            raise NotServed(401) from error
        if wait := pace.wait(device.id, place.steady()):
            raise NotServed(429, wait)
        return _within(device, place.ours())

    async def must(self, allowed: bool, act: Act) -> None:
        """What a device tries and may not do is in the audit log, too; of each kind once an hour,
        so that a broken one does not fill it."""
        if allowed:
            return
        now = self.place.now()
        if self._tried.is_due((act.who, act.what), self.place.steady()):
            await self.place.keep(lambda db: audit.append(db, act, _NOT_ALLOWED, now))
        raise NotServed(403)

    def still(self, device: Device, own: str) -> Callable[[], None]:
        """For a lane's thread, after the wait in the lane: raises NotServed where the device was
        revoked meanwhile, or lost this line, and Offline where nobody can say."""
        loop = asyncio.get_running_loop()

        def may() -> None:
            asking = self.place.keep(lambda db: devices.live(db, device.id))
            now = asyncio.run_coroutine_threadsafe(asking, loop).result()
            if now is None:
                raise NotServed(401)
            if own not in _within(now, self.place.ours()).rights.numbers:
                raise NotServed(403)

        return may

    async def change(self, request: Request, body: bytes, act: Act, doing: Doing) -> Response:
        """Do it, unless it was done under its key before."""
        path = request.scope["raw_path"].decode("latin-1")
        match = request.headers.get("if-match", "")
        same = fingerprint(request.method, path, match, body)
        asked = idempotency.Request(act.who, key_of(request), same, act)
        return answer(await self.once.do(asked, doing))
