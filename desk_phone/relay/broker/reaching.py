"""The socket of a connection with the broker, and paho over it."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from desk_phone.errors import Offline
from desk_phone.i18n import tr
from desk_phone.relay.configuration import BrokerPlace
from desk_phone.web.connecting import Address, connect, is_loopback
from desk_phone.web.limits import Limits
from desk_phone.web.trust import system_trust

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

_LIMITS = Limits(connect=5.0)


class Wire(Client):
    """paho's, over a socket that it is given."""

    def __init__(self, name: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        self.given: socket.socket | None = None
        self.max_inflight_messages = 0  # how many are sent at a time is decided elsewhere

    @property
    def incoming(self) -> int:
        """Bytes of the packet that is being read."""
        return int(self._in_packet["remaining_length"])

    @property
    def unpacked(self) -> bool:
        """Whether TLS holds something that the socket does not show any more."""
        return bool(getattr(self.socket(), "pending", int)())

    def cut(self) -> None:
        self._sock_close()

    def _create_socket(self) -> SocketLike:
        """In place of paho's own: the system decides whom to trust, and troubles have words."""
        if self.given is None:
            raise ConnectionError("no socket")
        return self.given


async def reached(place: BrokerPlace) -> socket.socket:
    """In a worker; whoever stops waiting leaves no socket behind. Raises Offline."""
    working = asyncio.get_running_loop().run_in_executor(None, _reach, place)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        working.add_done_callback(_close)
        raise


def _close(working: asyncio.Future[socket.socket]) -> None:
    if not working.cancelled() and working.exception() is None:
        working.result().close()


def _reach(place: BrokerPlace) -> socket.socket:
    """Only this very computer may be spoken to without TLS."""
    if not place.tls and not is_loopback(place.host):
        raise Offline(
            tr("The broker has no secure connection"),
            tr("Nothing was sent. Only a broker on this computer may be used without TLS."),
        )
    tls = system_trust() if place.tls else None
    return connect(Address(place.host, place.port, "", place.tls), None, tls, _LIMITS)
