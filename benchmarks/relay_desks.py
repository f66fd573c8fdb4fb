"""A thousand desks of a relay in one process and one event loop; `relay_talk` says what they do."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from benchmarks import relay_mqtt as mqtt
from benchmarks.relay_desk import GATEWAY, Desk
from benchmarks.relay_talk import Answer, listen
from desk_phone.model.relayed import (
    RELAY_TOPIC,
    Page,
    Position,
    notices_topic,
    page_from_json,
    state_topic,
)

_PING = mqtt.KEEPALIVE * 0.7


def device_of(own: str) -> str:
    return f"desk-{own[1:]}"


class Line(asyncio.Protocol):
    """A desk's connection with the broker."""

    def __init__(self, crowd: Crowd, desk: Desk) -> None:
        self._crowd, self._desk = crowd, desk
        self._packets = mqtt.Packets()
        self._ping: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(mqtt.connect(*self._crowd.login(self._desk)))

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        receipts = []
        for first, body in self._packets.feed(data):
            kind = first >> 4
            if kind == mqtt.Kind.PUBLISH:
                receipts.append(self._heard(first, body))
            elif kind == mqtt.Kind.CONNECTED:
                self._let_in(body)
            elif kind == mqtt.Kind.SUBSCRIBED:
                self._crowd.came(self._desk, self)
        if receipts:
            self._transport.write(b"".join(receipts))

    def _heard(self, first: int, body: bytes) -> bytes:
        topic, mid, payload = mqtt.published(first, body)
        if topic.endswith("/notices"):
            self._desk.hear(payload)
        elif topic.endswith("/state"):
            self._desk.hear_state(payload)
        return mqtt.taken(mid) if mid else b""

    def _let_in(self, body: bytes) -> None:
        assert self._transport is not None
        if body[1]:
            self._crowd.turned_away += 1
            self._transport.abort()
            return
        own = self._desk.own
        wanted = [(notices_topic(own), 1), (state_topic(own), 0), (RELAY_TOPIC, 0)]
        self._transport.write(mqtt.subscribe(wanted))
        self._stay()

    def _stay(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            if self._ping is not None:
                self._transport.write(mqtt.PING)
            self._ping = asyncio.get_running_loop().call_later(_PING, self._stay)

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._ping is not None:
            self._ping.cancel()
        self._crowd.gone(self._desk)


class Crowd:
    """All desks. They come back by themselves once they were told to `stay`."""

    def __init__(self) -> None:
        self.turned_away = 0
        self._desks: list[Desk] = []
        self._passwords: dict[str, str] = {}
        self._tls: ssl.SSLContext | None = None
        self._tokens: dict[str, str] = {}
        self._port = self._gateway = 0
        self._pauses: tuple[float, float] | None = None
        self._up: dict[str, Line] = {}
        self._away: dict[str, float] = {}  # for how long, from when its connection ends
        self._wandering: asyncio.Task[None] | None = None
        self._all_up = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    # what the parent tells

    async def join(
        self,
        numbers: Sequence[str],
        port: int,
        patience: float = 5.0,
        passwords: Sequence[str] = (),
        authority: str = "",
    ) -> Answer:
        """Be the desks of these numbers; ``passwords`` in their order. ``authority`` vouches for
        the broker, else there is no TLS."""
        self._tls = ssl.create_default_context(cafile=authority) if authority else None
        self._passwords = dict(zip(numbers, passwords, strict=False))
        self._port = port
        self._desks = [Desk(own, self._ask, patience) for own in numbers]
        return {}

    async def reach(self, gateway: int, tokens: Sequence[str]) -> Answer:
        """Where the relay's gateway is, and how each desk proves who it is."""
        self._gateway = gateway
        owns = [desk.own for desk in self._desks]
        self._tokens = dict(zip(owns, tokens, strict=False))
        return {}

    async def connect(self) -> Answer:
        """All at once: how many seconds until the last is subscribed."""
        begun = time.monotonic()
        for desk in self._desks:
            if desk.own not in self._up:
                self._start(desk, 0.0)
        await self._all_up.wait()
        return {"seconds": time.monotonic() - begun}

    async def stay(self, first: float, longest: float) -> Answer:
        """Whoever loses the broker comes again after so many seconds, at random."""
        self._pauses = (first, longest)
        return {}

    async def wander(self, share: float, longest: float) -> Answer:
        """From now on about so many of the desks are away at any time, each for so many seconds at
        most; 0: all come back."""
        if self._wandering is not None:
            self._wandering.cancel()
            self._wandering = None
        if share:
            self._wandering = asyncio.create_task(self._send_away(share, longest))
        return {}

    async def _send_away(self, share: float, longest: float) -> None:
        every = longest / 2 / (share * len(self._desks))
        while True:
            await asyncio.sleep(every)
            own = random.choice(self._desks).own
            self._away[own] = random.uniform(0.0, longest)
            if line := self._up.get(own):
                line.cut()

    async def forget(self, positions: bool) -> Answer:
        """As `Desk.forget` does."""
        for desk in self._desks:
            desk.forget(positions)
        return {}

    async def progress(self) -> Answer:
        desks = self._desks
        return {
            "taken": sum(len(desk.history) for desk in desks),
            "up": len(self._up),
            "behind": sum(not desk.idle for desk in desks),
            "asked": sum(desk.asked for desk in desks),
            "unanswered": sum(desk.unanswered for desk in desks),
            "again": sum(desk.again for desk in desks),
            "turned_away": self.turned_away,
            "gateway": sum(came.how == GATEWAY for desk in desks for came in desk.history.values()),
        }

    async def report(self, file: str) -> Answer:
        """What came, into this file: event -> own number, sequence, moment, way."""
        came = {
            event: (desk.own, one.position.seq, one.at, one.how)
            for desk in self._desks
            for event, one in desk.history.items()
        }
        Path(file).write_text(json.dumps(came))
        return {"wrong": [*self._unlike(), *(one for desk in self._desks for one in desk.wrong)]}

    def _unlike(self) -> list[str]:
        return [
            f"{desk.own}: {desk.known} is reached with {len(desk.history)} in the history"
            for desk in self._desks
            if desk.known.seq != len(desk.history)
        ]

    # what the lines tell

    def login(self, desk: Desk) -> tuple[str, str, str]:
        name = device_of(desk.own)
        password = self._passwords.get(desk.own, "")
        return name, name if password else "", password

    def came(self, desk: Desk, line: Line) -> None:
        self._up[desk.own] = line
        if len(self._up) == len(self._desks):
            self._all_up.set()

    def gone(self, desk: Desk) -> None:
        self._up.pop(desk.own, None)
        self._all_up.clear()
        if self._pauses is not None:
            self._start(desk, self._away.pop(desk.own, random.uniform(*self._pauses)))

    def _start(self, desk: Desk, pause: float) -> None:
        task = asyncio.create_task(self._open(desk, pause))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, desk: Desk, pause: float) -> None:
        await asyncio.sleep(pause)
        line = partial(Line, self, desk)
        try:
            await asyncio.get_running_loop().create_connection(
                *(line, "127.0.0.1", self._port),
                ssl=self._tls,
                server_hostname="localhost" if self._tls else None,
            )
        except OSError:
            self.gone(desk)

    # the gateway

    async def _ask(self, own: str, known: Position) -> Page:
        path = f"/v1/numbers/{quote(own)}/notices?epoch={known.epoch}&after={known.seq}"
        head = f"GET {path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n"
        token = f"Authorization: Bearer {self._tokens.get(own, '')}\r\n\r\n"
        answer = await _exchange(self._gateway, (head + token).encode())
        status, _, rest = answer.partition(b"\r\n")
        if b" 200 " not in status:
            raise OSError(f"the gateway says {status!r}")
        return page_from_json(json.loads(rest.partition(b"\r\n\r\n")[2]))


async def _exchange(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.read(), 10)
    except TimeoutError as error:
        raise OSError("no answer") from error
    finally:
        writer.close()


async def main() -> None:
    crowd = Crowd()
    told = (crowd.join, crowd.reach, crowd.connect, crowd.stay, crowd.wander)
    await listen(
        {each.__name__: each for each in (*told, crowd.forget, crowd.progress, crowd.report)}
    )


if __name__ == "__main__":
    asyncio.run(main())
