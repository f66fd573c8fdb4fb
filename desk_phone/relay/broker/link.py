"""One connection of the relay to its broker, in the event loop: MQTT 5 by paho.

The loop itself watches paho's socket, so that nothing is handed from thread to thread: a notice is
at the socket as soon as the loop turns. Each connection is a client of its own, so that nothing of
an earlier one is mixed up with it.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.exception import MQTTException
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from desk_phone.errors import Offline
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.relay.broker.reaching import Wire, reached
from desk_phone.relay.configuration import BrokerPlace
from desk_phone.telco.feed_events import Why

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

KEEPALIVE = 15  # seconds; the broker tells the last will after one and a half of them

_PATIENCE = 10.0  # seconds for the broker to say who it is
_GOODBYE = 2.0  # seconds for a goodbye to leave
_AS_MANY_AS_WE_LIKE = 65_535  # what a broker means that names no limit
_NOT_AUTHORIZED, _BAD_LOGIN, _TAKEN_OVER = 0x87, 0x86, 0x8E  # reason codes of MQTT 5
_WITH_WILL = 0x04
_NONSENSE = (MQTTException, struct.error, ValueError, LookupError, TypeError, AssertionError)


@dataclass(frozen=True, slots=True)
class Login:
    """``name`` is the connection's: the broker ends an older one of that name. ``will``, a topic
    and what is told and kept there if we go without a word. ``largest``: bytes of a packet that we
    take at most."""

    place: BrokerPlace
    password: Secret
    name: str
    will: tuple[str, bytes] | None = None
    largest: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """The broker's about what was sent as ``mid``; ``code`` is MQTT's word for it."""

    mid: int
    accepted: bool
    code: str


class Link:
    """`open` it once; it is usable until it is `gone`. For one event loop.

    ``heard`` is called with the broker's answers, ``came`` with what it delivers.
    """

    def __init__(
        self,
        login: Login,
        heard: Callable[[Sequence[Answer]], object] = len,
        came: Callable[[bytes], object] = len,
    ) -> None:
        self._login, self._heard, self._came = login, heard, came
        self.why = Why.UNREACHABLE
        self.gone = asyncio.Event()
        self.at_most = _AS_MANY_AS_WE_LIKE  # that may be sent and not yet acknowledged
        self._events = asyncio.get_running_loop()
        self._let_in: asyncio.Future[bool] = self._events.create_future()
        self._subscribed: asyncio.Future[bool] = self._events.create_future()
        self._answers: list[Answer] = []
        self._delivered: list[bytes] = []
        self._care: asyncio.TimerHandle | None = None
        self._client = self._made()

    async def open(self) -> None:
        """Connect and say who we are; raises Offline, and ``why`` tells more."""
        place = self._login.place
        self._client.given = await reached(place)
        self.why = Why.LOST
        self._client.connect(place.host, place.port, KEEPALIVE, clean_start=True)
        self._look_after()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                if await self._let_in:
                    return
        raise self._lost()

    def send(self, topic: str, payload: bytes, qos: int = 1, retain: bool = False) -> int:
        """What the broker's answer will be about; there is none for QoS 0."""
        return self._client.publish(topic, payload, qos, retain).mid

    async def subscribe(self, topic: str) -> None:
        """With QoS 1; raises Offline."""
        self._client.subscribe(topic, 1)
        if not await self._subscribed:
            raise self._lost()

    async def leave(self, with_will: bool = False) -> None:
        """Say goodbye behind everything that was sent; the broker is to tell the will, too."""
        if self._client.socket() is not None:
            code = ReasonCode(PacketTypes.DISCONNECT, identifier=_WITH_WILL if with_will else 0)
            self._client.disconnect(code)
            with suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE):
                    await self.gone.wait()
        self.cut()

    def cut(self) -> None:
        self._client.cut()

    def _lost(self) -> Offline:
        self.cut()
        if self.why is Why.REFUSED:
            return Offline(
                tr("The broker does not let the relay in"),
                tr("Check the relay's name and password at the broker, and what it may do there."),
            )
        return Offline(
            tr("The connection to %(host)s was lost") % {"host": self._login.place.host},
            tr("It is tried again by itself."),
        )

    # paho's events

    def _made(self) -> Wire:
        login = self._login
        client = Wire(login.name)
        client.username_pw_set(login.place.user, login.password.reveal())
        if login.will is not None:
            client.will_set(*login.will, qos=1, retain=True)
        client.on_socket_open = self._socket_open
        client.on_socket_close = self._socket_close
        client.on_socket_register_write = self._full
        client.on_socket_unregister_write = self._written
        client.on_connect = self._connected
        client.on_subscribe = self._allowed
        client.on_publish = self._answered
        client.on_message = self._message
        client.on_disconnect = self._disconnected
        return client

    def _socket_open(self, _c: Client, _d: object, sock: SocketLike) -> None:
        self._events.add_reader(sock.fileno(), self._read)

    def _socket_close(self, _c: Client, _d: object, sock: SocketLike) -> None:
        self._events.remove_reader(sock.fileno())
        self._events.remove_writer(sock.fileno())
        if self._care is not None:
            self._care.cancel()
        for waiting in (self._let_in, self._subscribed):
            if not waiting.done():
                waiting.set_result(False)
        self.gone.set()

    def _full(self, _c: Client, _d: object, sock: SocketLike) -> None:
        self._events.add_writer(sock.fileno(), self._write)

    def _written(self, _c: Client, _d: object, sock: SocketLike) -> None:
        self._events.remove_writer(sock.fileno())

    def _connected(
        self, _c: Client, _d: object, _f: ConnectFlags, code: ReasonCode, given: Properties | None
    ) -> None:
        if code.is_failure:
            if code.value in (_NOT_AUTHORIZED, _BAD_LOGIN):
                self.why = Why.REFUSED
            return
        self.at_most = getattr(given, "ReceiveMaximum", _AS_MANY_AS_WE_LIKE)
        if not self._let_in.done():
            self._let_in.set_result(True)

    def _allowed(
        self, _c: Client, _d: object, _m: int, codes: list[ReasonCode], _p: object
    ) -> None:
        allowed = not any(code.is_failure for code in codes)
        if not allowed:
            self.why = Why.REFUSED
        if not self._subscribed.done():
            self._subscribed.set_result(allowed)

    def _answered(self, _c: Client, _d: object, mid: int, code: ReasonCode, _p: object) -> None:
        """Also of QoS 0, when it has left."""
        self._answers.append(Answer(mid, not code.is_failure, code.getName()))

    def _message(self, _c: Client, _d: object, message: MQTTMessage) -> None:
        self._delivered.append(bytes(message.payload))

    def _disconnected(
        self, _c: Client, _d: object, _f: DisconnectFlags, code: ReasonCode, _p: object
    ) -> None:
        if code.value == _TAKEN_OVER:
            self.why = Why.TAKEN_OVER

    # the loop's events

    def _read(self) -> None:
        client = self._client
        try:
            client.loop_read()
            while client.unpacked:
                client.loop_read()
            if client.incoming > self._login.largest:
                self.cut()
        except _NONSENSE:  # what no broker says
            self.cut()
        self._hand_over()

    def _write(self) -> None:
        self._client.loop_write()
        self._hand_over()

    def _hand_over(self) -> None:
        """Outside of paho, which would take our own faults for the broker's."""
        answers, self._answers = self._answers, []
        delivered, self._delivered = self._delivered, []
        if answers:
            self._heard(answers)
        for payload in delivered:
            self._came(payload)

    def _look_after(self) -> None:
        """Ask a silent broker whether it is there; without an answer the connection is gone."""
        self._care = self._events.call_later(KEEPALIVE / 3, self._look_after)
        self._client.loop_misc()
