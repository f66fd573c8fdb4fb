"""What the gateway says: docs/relay.md has the table."""

from __future__ import annotations

import json
import logging
import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from desk_phone.errors import BadCredentials, BadInput, Offline, Refused, Uncertain
from desk_phone.relay.company.told import Told
from desk_phone.relay.gateway.requests import NotServed
from desk_phone.relay.state.audit import DONE
from desk_phone.relay.state.idempotency import Outcome
from desk_phone.telco.gateway_trouble import CHANGED

_JSON = "application/json"
_ALWAYS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_BUG = Outcome(500)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Became:
    """An outcome, and its word in the audit log."""

    outcome: Outcome
    word: str = DONE


def became_of(error: BaseException) -> Became:
    """Of what ended something: trouble that a desk can tell, or a bug of ours."""
    match error:
        case Refused(code=code) if code == CHANGED:
            return Became(_trouble(412, "refused", code), "changed meanwhile")
        case Refused(code=code):
            return Became(_trouble(409, "refused", code), f"refused {code}".strip())
        case Uncertain():
            return Became(_trouble(502, "uncertain"), "uncertain")
        case Offline():
            return Became(_trouble(503, "offline", pause=error.retry_after), "offline")
        case BadInput():
            return Became(_trouble(400, "bad input"), "bad input")
        case BadCredentials():
            return Became(_trouble(423, "locked"), "locked")
        case NotServed():
            return Became(_not_served(error), f"{error.status}")
    say_bug(error)
    return Became(_BUG, "bug")


def answer(outcome: Outcome) -> Response:
    headers = dict(_ALWAYS)
    if outcome.retry_after:
        headers["Retry-After"] = str(outcome.retry_after)
    if outcome.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = outcome.body or None
    return Response(body, outcome.status, headers, _JSON if outcome.body else None)


def answer_json(members: Mapping[str, object], status: int = 200) -> Response:
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return answer(Outcome(status, text))


def answer_told(told: Told, request: Request) -> Response:
    """304 where the desk has it; packed where it takes that."""
    headers = {**_ALWAYS, "ETag": f'"{told.etag}"', "Vary": "Accept-Encoding"}
    if told.etag in _known(request):
        return Response(None, 304, headers)
    packed = told.packed and _takes_gzip(request)
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = told.body if packed or not told.packed else told.plain()
    return Response(body, 200, headers, _JSON)


def say_bug(error: BaseException) -> None:
    """Where it is, and nothing of what was being done: that may be about a person."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{one.name}:{one.lineno}" for one in reversed(frames[-4:]))
    log.error("a bug: %s in %s", type(error).__name__, where or "?")


def _not_served(ended: NotServed) -> Outcome:
    pause = math.ceil(ended.retry_after)
    kind = {400: "bad input", 409: "refused"}.get(ended.status)
    return Outcome(ended.status, _written(kind, "") if kind else "", pause)


def _trouble(status: int, kind: str, code: str = "", pause: float | None = None) -> Outcome:
    return Outcome(status, _written(kind, code), math.ceil(pause or 0))


def _written(kind: str, code: str) -> str:
    return json.dumps({"kind": kind, "code": code}, separators=(",", ":"))


def _known(request: Request) -> frozenset[str]:
    """The answers that the desk has, by their names."""
    given = request.headers.get("if-none-match", "")
    return frozenset(one.strip().removeprefix("W/").strip('"') for one in given.split(","))


def _takes_gzip(request: Request) -> bool:
    for one in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, weight = one.replace(" ", "").partition(";")
        if coding == "gzip":
            return weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
