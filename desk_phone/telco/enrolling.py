"""Handing a code that works once to the company's relay."""

from __future__ import annotations

import json

from desk_phone.errors import Offline, PhoneError, Refused, Uncertain
from desk_phone.i18n import tr
from desk_phone.model.relayed import NotOurs
from desk_phone.model.secret import Secret
from desk_phone.telco.enrolled import Enrolled, enrolled_of
from desk_phone.telco.reply import Reply
from desk_phone.telco.wire import Wire

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_GIVEN = (200, 201)
_NO_SUCH_CODE = (400, 401, 403, 404, 409, 410, 422)
_TOO_MANY, _NOT_NOW = 429, 503


def enrol(url: str, code: Secret, proxy: str = "") -> Enrolled:
    """Never repeated by itself: the code works once.

    Raises BadInput (an address that cannot be used), Offline (surely not sent), Refused (a code
    that does not work, or too many tries) or Uncertain.
    """
    body = json.dumps({"code": code.reveal()}).encode()
    reply = Wire(proxy).post(f"{url.rstrip('/')}/v1/enrol", body, _HEADERS)
    if reply.status not in _GIVEN:
        raise _no(reply)
    try:
        given = json.loads(reply.body)
        if not isinstance(given, dict):
            raise NotOurs("no object")
        return enrolled_of(given)
    except (ValueError, RecursionError) as error:
        raise Uncertain(
            tr("What answered is no relay"),
            tr("Check the relay's address with your administrator."),
        ) from error


def _no(reply: Reply) -> PhoneError:
    if reply.status == _TOO_MANY:
        return Offline(
            tr("Too many codes were tried"),
            tr("Wait some minutes, then try again. The code was not used."),
            reply.retry_after,
        )
    if reply.status in _NO_SUCH_CODE:
        return Refused(
            tr("The relay does not take this code"),
            tr("Is it typed right? It works once and not for long: ask for a new one."),
        )
    title, message = tr("The relay has a problem of its own"), tr("Tell your administrator.")
    if _is_unused(reply):
        return Offline(title, f"{tr('The code was not used.')} {message}", reply.retry_after)
    return Uncertain(title, message)


def _is_unused(reply: Reply) -> bool:
    """The relay itself says so, and not something before it."""
    try:
        said = json.loads(reply.body) if reply.status == _NOT_NOW else None
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("kind") == "offline"
