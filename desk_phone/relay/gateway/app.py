"""The gateway of docs/relay.md: what desks ask over HTTP.

    app = gateway(place)    # for uvicorn: no access log (paths hold numbers), no proxy headers

A socket that uvicorn is given has to be made with IPPROTO_TCP: else asyncio leaves Nagle's waiting
on, and an answer takes 40 ms. Only who serves it imports this: starlette is in the extra `relay`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk_phone.relay.gateway.answers import answer, became_of
from desk_phone.relay.gateway.changing import Changing
from desk_phone.relay.gateway.door import Door
from desk_phone.relay.gateway.enrol import Enrolling
from desk_phone.relay.gateway.place import Place
from desk_phone.relay.gateway.reading import Reading

Serving = Callable[[Request], Coroutine[None, None, Response]]


def gateway(place: Place) -> Starlette:
    """Everything under ``/v1/``. Its end waits for what is under way: serve it with its lifespan,
    and close company and keeper afterwards."""
    door = Door(place)
    read, change, enrolling = Reading(door), Changing(door), Enrolling(place)

    def at(path: str, **servings: Serving) -> Route:
        return Route(f"/v1/{path}", _served(place, servings), methods=list(servings))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await door.once.settle()

    app = Starlette(
        routes=[
            at("enrol", POST=enrolling.enrol),
            at("me", GET=read.me),
            at("numbers", GET=read.numbers),
            at("calls", POST=change.call),
            at("numbers/{own}/history", GET=read.history),
            at("numbers/{own}/notices", GET=read.notices),
            at("numbers/{own}/name", PUT=change.name_line),
            at("numbers/{own}/target", PUT=change.set_target, DELETE=change.no_target),
            at("entries", GET=read.entries, POST=change.add_entry),
            at("entries/{id}", PUT=change.update_entry, DELETE=change.delete_entry),
        ],
        exception_handlers={HTTPException: _elsewhere},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def _served(place: Place, servings: Mapping[str, Serving]) -> Serving:
    """Apart from the connection: a desk that hangs up stops nothing, and a bug shows nothing."""

    async def served(request: Request) -> Response:
        if {"content-length", "transfer-encoding"} <= set(request.headers):
            return Response(None, 400, {"Connection": "close"})  # two readings of where it ends
        method = "GET" if request.method == "HEAD" else request.method
        task = asyncio.create_task(servings[method](request))
        await asyncio.wait([task])
        error = task.exception()
        answered = task.result() if error is None else answer(became_of(error).outcome)
        place.answers[answered.status_code] += 1
        return answered

    return served


async def _elsewhere(_request: Request, error: Exception) -> Response:
    """There is no such place, or it is not asked like this."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    return Response(None, status, headers)
