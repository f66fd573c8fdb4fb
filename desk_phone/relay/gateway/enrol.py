"""A code for a token: docs/relay.md. The broker's account is made first, and taken back if need be.

Whoever tries codes gets no further than five a minute, and all together than sixty.
"""

from __future__ import annotations

import asyncio
import logging
import secrets

from starlette.requests import Request
from starlette.responses import Response

from desk_phone.errors import Offline, PhoneError, Refused
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.relay.gateway.answers import answer_json
from desk_phone.relay.gateway.place import Place
from desk_phone.relay.gateway.rates import Pace
from desk_phone.relay.gateway.requests import NotServed, body_of, texts
from desk_phone.relay.state import devices
from desk_phone.relay.state.devices import Enrolment, Offered
from desk_phone.telco.notices_callers import caller_of, neighbourhood

WRONG_A_MINUTE, ALL_WRONG_A_MINUTE = 5, 60
_PASSWORD_BYTES = 32
_LATER = 30.0  # seconds
_EVERYBODY = ""

log = logging.getLogger(__name__)


class Enrolling:
    """Serves ``POST /v1/enrol``."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._by_caller, self._together = Pace(WRONG_A_MINUTE), Pace(ALL_WRONG_A_MINUTE)
        self._one_at_a_time = asyncio.Lock()

    async def enrol(self, request: Request) -> Response:
        code = Secret(texts(await body_of(request), "code")["code"])
        password = Secret(secrets.token_urlsafe(_PASSWORD_BYTES))
        offered = await self._offered(request, code)
        enrolment = await self._enrol(code, offered, password)
        return answer_json(self._told(enrolment, password), 201)

    async def _offered(self, request: Request, code: Secret) -> Offered:
        """One after the other: fifty desks of an office with right codes are none too many."""
        place = self._place
        async with self._one_at_a_time:
            caller = self._count(request)
            try:
                offered = await place.keep(lambda db: devices.offered(db, code, place.now()))
            except Refused:
                log.info("a code that is none was tried")
                raise
            except PhoneError:
                self._give_back(caller)
                raise
            self._give_back(caller)
        return offered

    async def _enrol(self, code: Secret, offered: Offered, password: Secret) -> Enrolment:
        place, device = self._place, devices.new_id()
        written = False
        try:
            await self._create(device, password, offered.rights.numbers)
            enrolment = await place.keep(lambda db: devices.use_code(db, code, place.now(), device))
            written = True
        finally:
            if not written:
                await self._take_back(device)
        return enrolment

    async def _create(self, device: str, password: Secret, numbers: tuple[str, ...]) -> None:
        try:
            await self._place.accounts.create(device, password, numbers)
        except PhoneError as error:
            log.warning("no account at the broker: %s", type(error).__name__)
            title = tr("The relay's broker does not answer")
            raise Offline(title, tr("The code was not used."), _LATER) from error

    async def _take_back(self, device: str) -> None:
        try:
            await self._place.accounts.revoke(device)
        except PhoneError as error:  # what nobody knows is taken back at the next start
            log.warning("an account at the broker may be left over: %s", type(error).__name__)

    def _count(self, request: Request) -> str:
        """Whose try it is. Raises NotServed: one too many."""
        now = self._place.steady()
        peer = request.client.host if request.client else ""
        forwarded = request.headers.getlist("x-forwarded-for")
        caller = neighbourhood(caller_of(peer, forwarded, self._place.proxies))
        if wait := self._by_caller.wait(caller, now):
            raise NotServed(429, wait)
        if wait := self._together.wait(_EVERYBODY, now):
            self._by_caller.give_back(caller, now)
            raise NotServed(429, wait)
        return caller

    def _give_back(self, caller: str) -> None:
        now = self._place.steady()
        self._by_caller.give_back(caller, now)
        self._together.give_back(_EVERYBODY, now)

    def _told(self, enrolment: Enrolment, password: Secret) -> dict[str, object]:
        place, broker = self._place, self._place.desk_broker
        return {
            "device": enrolment.device,
            "token": enrolment.token.reveal(),
            "numbers": enrolment.rights.numbers,
            "may_edit": enrolment.rights.may_edit,
            "company": {"user": place.user, "service_url": place.service_url},
            "broker": {
                "host": broker.host,
                "port": broker.port,
                "tls": broker.tls,
                "user": enrolment.device,
                "password": password.reveal(),
            },
        }
