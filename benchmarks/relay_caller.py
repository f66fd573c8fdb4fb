"""Who tells of calls: the service's GETs at a steady pace, or, for the floor, a bare publisher.

The pace does not wait for answers: a slow relay gets no easier work. Each event has another number
of its own, by which it is known everywhere.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import relay_mqtt as mqtt
from benchmarks.relay_talk import Answer, listen
from desk_phone.model.calls import Notice
from desk_phone.model.relayed import Position, Relayed, notices_topic, write

_SERVICE = ("84.50.42.87", "84.50.42.108")  # whom the proxy names
_PATIENCE = 10.0  # seconds for an answer
_NAME = "Turvateenistus Alfastar AS"
_EPOCH = "bare"
USER, PASSWORD = "relay", "the relay's own password"  # at the broker
IN_FLIGHT = 100  # as many as the relay sends ahead of the broker's acknowledgements


@dataclass(frozen=True, slots=True)
class Told:
    """``began`` and ``ended`` in nanoseconds of the steady clock; ``status`` 0: no answer."""

    own: str
    began: int
    ended: int
    status: int


def other_of(event: int) -> str:
    return f"+3725{event:07}"


class Caller:
    def __init__(self) -> None:
        self._told: dict[str, Told] = {}
        self._seq: Counter[str] = Counter()
        self._late = 0.0
        self._deadly: list[int] = []
        self._pid_file = Path()

    # what the parent tells

    async def call(
        self,
        port: int,
        path: str,
        numbers: Sequence[str],
        first: int,
        count: int,
        a_second: float,
    ) -> Answer:
        """Tell of so many events, the lines in turn, each over a connection of its own."""

        async def tell(event: int) -> None:
            own = numbers[event % len(numbers)]
            await self._get(port, _request(path, own, event), own, event)

        return await self._steadily(tell, first, count, a_second)

    async def publish(
        self, port: int, numbers: Sequence[str], first: int, count: int, a_second: float
    ) -> Answer:
        """The same messages to the broker without a relay; its acknowledgement is the 200."""
        events = asyncio.get_running_loop()
        _, publisher = await events.create_connection(Publisher, "127.0.0.1", port)
        await publisher.let_in

        async def tell(event: int) -> None:
            own = numbers[event % len(numbers)]
            began = time.monotonic_ns()
            await publisher.publish(notices_topic(own), write(self._relayed(own, event)))
            self._told[other_of(event)] = Told(own, began, time.monotonic_ns(), 200)

        answer = await self._steadily(tell, first, count, a_second)
        publisher.leave()
        return answer

    async def kill_at(self, events: Sequence[int], pid_file: str) -> Answer:
        """In the moment in which one of these, or the next one, is answered 200, kill whom the
        file names."""
        self._deadly, self._pid_file = sorted(events), Path(pid_file)
        return {}

    async def report(self, file: str) -> Answer:
        """What was told, into this file: event -> own number, began, ended, status."""
        told = {
            event: (one.own, one.began, one.ended, one.status) for event, one in self._told.items()
        }
        Path(file).write_text(json.dumps(told))
        return {"sent": len(told)}

    async def forget(self) -> Answer:
        self._told.clear()
        self._seq.clear()
        return {}

    # inside

    async def _steadily(
        self, tell: Callable[[int], Awaitable[None]], first: int, count: int, a_second: float
    ) -> Answer:
        begun, self._late = time.monotonic(), 0.0
        under_way: set[asyncio.Task[None]] = set()
        for nth in range(count):
            due = begun + nth / a_second
            if (early := due - time.monotonic()) > 0:
                await asyncio.sleep(early)
            self._late = max(self._late, time.monotonic() - due)
            task = asyncio.ensure_future(tell(first + nth))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        if under_way:
            await asyncio.wait(under_way)
        events = map(other_of, range(first, first + count))
        good = sum(self._told[event].status == 200 for event in events)
        return {"seconds": time.monotonic() - begun, "answered": good, "late": self._late}

    async def _get(self, port: int, request: bytes, own: str, event: int) -> None:
        began, status = time.monotonic_ns(), 0
        try:
            async with asyncio.timeout(_PATIENCE):
                status = await _status(port, request)
        except (OSError, TimeoutError, ValueError):
            pass
        if status == 200 and self._deadly and event >= self._deadly[0]:
            with suppress(OSError, ValueError):  # it is dead already
                os.kill(int(self._pid_file.read_text()), signal.SIGKILL)
                self._deadly.pop(0)
        self._told[other_of(event)] = Told(own, began, time.monotonic_ns(), status)

    def _relayed(self, own: str, event: int) -> Relayed:
        self._seq[own] += 1
        now = datetime.now(UTC)
        notice = Notice(own, other_of(event), now.replace(microsecond=0), _NAME, "Start", "No")
        return Relayed(Position(_EPOCH, self._seq[own]), now, notice)


class Publisher(asyncio.Protocol):
    """A bare connection with the broker that publishes with QoS 1."""

    def __init__(self) -> None:
        events = asyncio.get_running_loop()
        self.let_in: asyncio.Future[None] = events.create_future()
        self._packets = mqtt.Packets()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._mid = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(mqtt.connect("bare-publisher", USER, PASSWORD, kept=False))

    def data_received(self, data: bytes) -> None:
        for first, body in self._packets.feed(data):
            if first >> 4 == mqtt.Kind.CONNECTED:
                self.let_in.set_result(None)
            elif first >> 4 == mqtt.Kind.TAKEN:
                self._waiting.pop(mqtt.about(body)).set_result(None)

    async def publish(self, topic: str, payload: bytes) -> None:
        async with self._room:
            self._mid = self._mid % 65_535 + 1
            answer = asyncio.get_running_loop().create_future()
            self._waiting[self._mid] = answer
            self._transport.write(mqtt.publish(topic, payload, self._mid))
            await answer

    def leave(self) -> None:
        self._transport.write(mqtt.GOODBYE)
        self._transport.close()


def _request(path: str, own: str, event: int) -> bytes:
    """As the proxy hands the service's on."""
    words = f"ts={int(time.time())}&anr={other_of(event)[1:]}&bnr={own[1:]}"
    words += f"&fn={_NAME.replace(' ', '+')}&type=Start&answer=No"
    lines = (
        f"GET {path}?{words} HTTP/1.1",
        "Host: relay.company.example",
        f"X-Forwarded-For: {_SERVICE[event % 2]}",
    )
    return "".join(f"{one}\r\n" for one in (*lines, "")).encode()


async def _status(port: int, request: bytes) -> int:
    events = asyncio.get_running_loop()
    with socket.socket() as plug:
        plug.setblocking(False)
        await events.sock_connect(plug, ("127.0.0.1", port))
        await events.sock_sendall(plug, request)
        answer = await events.sock_recv(plug, 1024)
    return int(answer.split(b" ", 2)[1]) if answer else 0


async def main() -> None:
    caller = Caller()
    told = (caller.call, caller.publish, caller.kill_at)
    await listen({each.__name__: each for each in (*told, caller.report, caller.forget)})


if __name__ == "__main__":
    asyncio.run(main())
