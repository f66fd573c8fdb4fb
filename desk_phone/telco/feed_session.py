"""One connection of the desk's session at the broker: MQTT 5 by paho, for one thread.

The session itself is the broker's: it keeps what came and was not acknowledged for 31 days. Each
connection is a client of its own, so that nothing of an earlier one is mixed up with it.
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.exception import MQTTException
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from desk_phone.model.relayed import LARGEST, RELAY_TOPIC, notices_topic, state_topic
from desk_phone.telco.feed_events import Connected, Event, Message, Receipt, Subscription, Why

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

KEEPALIVE = 60  # seconds; the broker gives up after one and a half of them
KEPT = 31 * 24 * 3600  # seconds that the broker keeps the session, as long as the relay its notices
AT_ONCE = 20  # messages that may wait for us
PACKET_AT_MOST = LARGEST + 1024  # bytes, with its topic and head

_PATIENCE = 20.0  # seconds for the broker to say who it is
_TURN = 15.0  # seconds that a turn waits at most: so late a ping may be
_NOT_AUTHORIZED, _BAD_LOGIN, _TAKEN_OVER = 0x87, 0x86, 0x8E  # reason codes of MQTT 5
_NONSENSE = (MQTTException, struct.error, ValueError, LookupError, TypeError, AssertionError)


class Session(Client):
    """`open` it, then let it `turn` while it is `alive`. ``told`` hears what comes."""

    def __init__(
        self,
        subscription: Subscription,
        number: int,
        reach: Callable[[], socket.socket],
        told: Callable[[Event], object],
    ) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=subscription.device,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,  # the ledger comes first
            reconnect_on_failure=False,
        )
        self._subscription, self._number = subscription, number
        self._reach, self._told = reach, told
        self._until = time.monotonic() + _PATIENCE
        self._asked: tuple[str, ...] = ()
        self._kept = False
        self.why = Why.LOST
        self.up = False  # the broker took us, and what we asked for
        self.on_connect = self._connected
        self.on_subscribe = self._subscribed
        self.on_message = self._came
        self.on_disconnect = self._gone

    @property
    def alive(self) -> bool:
        return self.socket() is not None

    def open(self) -> None:
        """Connect and say who we are; raises Offline."""
        broker, password = self._subscription.broker, self._subscription.password
        self.username_pw_set(broker.user, password.reveal())
        wishes = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        wishes.SessionExpiryInterval = KEPT
        wishes.ReceiveMaximum = AT_ONCE
        wishes.MaximumPacketSize = PACKET_AT_MOST
        self.connect(broker.host, broker.port, KEEPALIVE, clean_start=False, properties=wishes)

    def turn(self, wake: socket.socket) -> None:
        """Wait for something to come, for seconds at most, or for ``wake`` to be readable."""
        sock = self.socket()
        if sock is None:
            return
        pending = getattr(sock, "pending", int)() > 0  # unpacked by TLS already
        try:
            readable = pending or self._wait(sock, wake)
            if readable:
                self.loop_read()
                self._check_size()
            if self.want_write():
                self.loop_write()
            self.loop_misc()
        except _NONSENSE:  # what no broker says
            self._cut()
        if self.alive and not self.up and time.monotonic() >= self._until:
            self._cut()

    def accept(self, receipt: Receipt) -> None:
        """Acknowledge; what came by an earlier connection the broker sends again."""
        if receipt.connection == self._number and self.alive:
            self.ack(receipt.mid, 1)

    def leave(self, for_good: bool) -> None:
        """Say goodbye; ``for_good``: the broker need not keep anything for us."""
        if not self.alive:
            return
        wishes = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]
        wishes.SessionExpiryInterval = 0 if for_good else KEPT
        self.disconnect(properties=wishes)
        self._cut()

    # inside

    def _create_socket(self) -> SocketLike:
        """In place of paho's own: the system decides whom to trust, and troubles have words."""
        return self._reach()

    def _wait(self, sock: SocketLike, wake: socket.socket) -> bool:
        """Whether the broker says something."""
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.want_write() else 0)
        left = self._until - time.monotonic()
        seconds = _TURN if self.up else max(0.0, min(_TURN, left))
        with selectors.DefaultSelector() as selector:
            selector.register(sock, wanted)
            selector.register(wake, selectors.EVENT_READ)
            ready = {key.fileobj: events for key, events in selector.select(seconds)}
        return bool(ready.get(sock, 0) & selectors.EVENT_READ)

    def _check_size(self) -> None:
        """It was told how much we take at most; memory is not its to fill."""
        if self._in_packet["remaining_length"] > PACKET_AT_MOST:
            self._cut()

    def _cut(self) -> None:
        self._sock_close()

    def _connected(
        self, _c: Client, _d: object, flags: ConnectFlags, code: ReasonCode, _p: object
    ) -> None:
        if code.is_failure:
            self.why = Why.REFUSED if code.value in (_NOT_AUTHORIZED, _BAD_LOGIN) else Why.LOST
            return
        self._kept = flags.session_present
        numbers = self._subscription.numbers
        # The broker must not fill the session with heartbeats while nobody listens: QoS 0.
        wanted = [(notices_topic(own), 1) for own in numbers]
        wanted += [(topic, 0) for topic in (*map(state_topic, numbers), RELAY_TOPIC)]
        self._asked = tuple(topic for topic, _ in wanted)
        self.subscribe(wanted)

    def _subscribed(
        self, _c: Client, _d: object, _m: int, codes: list[ReasonCode], _p: object
    ) -> None:
        pairs = zip(self._asked, codes, strict=False)
        denied = tuple(topic for topic, code in pairs if code.is_failure)
        self.up = True
        self._told(Connected(self._kept, denied))

    def _came(self, _c: Client, _d: object, message: MQTTMessage) -> None:
        receipt = Receipt(self._number, message.mid) if message.qos == 1 else None
        self._told(Message(_topic(message), bytes(message.payload), message.retain, receipt))

    def _gone(
        self, _c: Client, _d: object, _f: DisconnectFlags, code: ReasonCode, _p: object
    ) -> None:
        if code.value == _TAKEN_OVER:
            self.why = Why.TAKEN_OVER


def _topic(message: MQTTMessage) -> str:
    """Empty for one that is no text: nobody of ours writes to it."""
    try:
        return message.topic
    except UnicodeDecodeError:
        return ""
