"""Hears of calls at the company's broker, in a thread of its own, without Qt.

What comes is handed over as frozen values; what was heard is acknowledged once the owner of the
data says so. The session stays the broker's: what was not acknowledged comes again.
"""

from __future__ import annotations

import logging
import random
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_phone.errors import Offline, PhoneError
from desk_phone.i18n import tr
from desk_phone.telco.feed_events import Event, Lost, Receipt, Subscription, Why
from desk_phone.web.connecting import Address, connect, is_loopback
from desk_phone.web.limits import Limits
from desk_phone.web.trust import system_trust

if TYPE_CHECKING:
    from desk_phone.telco.feed_session import Session

_LIMITS = Limits(connect=5.0)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pauses:
    """In seconds, between two tries to connect. ``refused``: nothing but a person changes that."""

    first: float = 1.0
    longest: float = 120.0
    refused: float = 300.0
    good_after: float = 60.0  # a connection that held so long begins anew with ``first``

    def next(self, why: Why, before: float) -> float:
        """Fifty desks that lost the broker in one moment don't come back in one."""
        if why in (Why.REFUSED, Why.TAKEN_OVER):
            return random.uniform(self.refused / 2, self.refused)
        return min(self.longest, random.uniform(self.first, max(self.first, 3 * before)))


class Feed:
    """`start` and `close` it. ``told`` is called on the thread of the feed: do little there."""

    def __init__(
        self,
        subscription: Subscription,
        told: Callable[[Event], object],
        pauses: Pauses = Pauses(),
    ) -> None:
        self._subscription, self._told, self._pauses = subscription, told, pauses
        self._accepted: deque[Receipt] = deque()
        self._again, self._closing = threading.Event(), threading.Event()
        self._for_good = False
        self._sessions = 0
        self._wake, self._waker = socket.socketpair()
        for end in (self._wake, self._waker):
            end.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="relay feed", daemon=True)

    # for whoever owns it

    def start(self) -> None:
        self._thread.start()

    def accept(self, receipt: Receipt) -> None:
        """What came with it is safe: the broker need not send it again. In the order of coming."""
        self._accepted.append(receipt)
        self._rouse()

    def again(self) -> None:
        """Connect anew now: the computer slept, or a network came."""
        self._again.set()
        self._rouse()

    def close(self, patience: float = 0.5, for_good: bool = False) -> None:
        """Say goodbye, and wait so many seconds at most for the end of the thread. ``for_good``:
        the broker keeps nothing for this computer."""
        self._for_good = for_good
        self._closing.set()
        self._rouse()
        if self._thread.ident is None:
            self._wake.close()
        else:
            self._thread.join(patience)
        self._waker.close()

    @property
    def _called(self) -> bool:
        """Whether the owner wants anything else than to go on."""
        return self._closing.is_set() or self._again.is_set()

    def _rouse(self) -> None:
        with suppress(OSError):  # it is full of reasons to wake already, or ended
            self._waker.send(b"!")

    # the thread

    def _run(self) -> None:
        from desk_phone.telco.feed_session import Session  # paho: long to import

        pause = self._pauses.first
        while not self._closing.is_set():
            self._again.clear()
            began = time.monotonic()
            self._sessions += 1
            session = Session(self._subscription, self._sessions, self._reach, self._told)
            lost = self._attend(session)
            if self._closing.is_set():
                break
            if time.monotonic() - began >= self._pauses.good_after and session.up:
                pause = self._pauses.first
            pause = 0.0 if self._again.is_set() else self._pauses.next(session.why, pause)
            self._tell_loss(session, lost, pause)
            self._rest(pause)
            pause = max(pause, self._pauses.first)
        self._wake.close()

    def _attend(self, session: Session) -> PhoneError:
        """Until the connection is gone; why."""
        try:
            session.open()
        except PhoneError as error:
            session.why = Why.UNREACHABLE
            return error
        while session.alive and not self._called:
            self._acknowledge(session)
            session.turn(self._wake)
            self._drain()
        self._acknowledge(session)
        session.leave(self._closing.is_set() and self._for_good)
        return _trouble(session.why, self._subscription.broker.host)

    def _acknowledge(self, session: Session) -> None:
        while self._accepted:
            session.accept(self._accepted.popleft())

    def _tell_loss(self, session: Session, trouble: PhoneError, pause: float) -> None:
        why = f"{session.why}: {trouble.title}" if session.why is Why.UNREACHABLE else session.why
        _log.info("the broker is not there (%s): again in %.0f s", why, pause)
        self._told(Lost(session.why, trouble, pause))

    def _rest(self, seconds: float) -> None:
        """What is acknowledged meanwhile comes again: its connection is gone."""
        until = time.monotonic() + seconds
        while not self._called and (left := until - time.monotonic()) > 0:
            select.select([self._wake], [], [], left)
            self._drain()
        self._accepted.clear()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            self._wake.recv(4096)

    def _reach(self) -> socket.socket:
        """Raises Offline. Only this very computer may be spoken to without TLS."""
        broker = self._subscription.broker
        if not broker.tls and not is_loopback(broker.host):
            raise Offline(
                tr("The relay has no secure connection for calls"),
                tr("Nothing was sent. Ask your administrator: it needs TLS."),
            )
        tls = system_trust() if broker.tls else None
        return connect(Address(broker.host, broker.port, "", broker.tls), None, tls, _LIMITS)


def _trouble(why: Why, host: str) -> PhoneError:
    names = {"host": host}
    if why is Why.REFUSED:
        return Offline(
            tr("The relay does not let this computer listen"),
            tr("Calls are looked up every few minutes. Ask your administrator for a new code."),
        )
    if why is Why.TAKEN_OVER:
        return Offline(
            tr("Another computer uses this computer's place at the relay"),
            tr("Was the data copied? Each computer needs a code of its own."),
        )
    return Offline(
        tr("The connection to %(host)s was lost") % names, tr("It is tried again by itself.")
    )
