"""The half of a hand-over that the running program plays: it takes requests and answers them."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.system.lock import InstanceLock
from desk_phone.system.request import (
    HEAD,
    REQUEST_AT_MOST,
    Answer,
    Garbled,
    Request,
    answer_frame,
    greeting,
    read_request,
)
from desk_phone.system.wire import peer_uid


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and how many others may be connected at once."""

    request: float = 5.0  # to send the whole request
    reading: float = 30.0  # to read the whole answer
    clients: int = 100


LIMITS = Limits()


class Asked:
    """A request from a second start, which waits for the answer.

    It comes from this user's programs, yet perhaps from a link on a web page: its words are not to
    be trusted. Where nobody waits any more the answer is dropped; only the first one counts.
    """

    __slots__ = ("_reply", "request")

    def __init__(self, request: Request, reply: Callable[[Answer], None]) -> None:
        self.request = request
        self._reply = reply

    def answer(self, answer: Answer) -> None:
        self._reply(answer)


class Instance(QObject):
    """Listens at ``endpoint`` from `listen` to `close`, for the holder of ``lock`` only.

    ``asked`` carries an `Asked`, whose answer may be given at once or any time later.
    """

    asked = Signal(object)

    def __init__(
        self,
        lock: InstanceLock,
        endpoint: str,
        limits: Limits = LIMITS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lock, self._endpoint, self._limits = lock, endpoint, limits
        self._clients: set[_Client] = set()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setListenBacklogSize(limits.clients)
        self._server.setMaxPendingConnections(limits.clients)
        self._server.newConnection.connect(self._take_clients)

    def listen(self) -> None:
        """Raises BadInput when nobody could reach us there."""
        if not self._lock.is_held:
            raise RuntimeError("only who holds the lock may take the address")
        QLocalServer.removeServer(self._endpoint)  # whoever left it there is gone
        if not self._server.listen(self._endpoint):
            raise BadInput(
                tr("Other starts of this program cannot reach it"),
                tr("%(address)s: %(reason)s")
                % {"address": self._endpoint, "reason": self._server.errorString()},
            )

    def close(self) -> None:
        """Drop whoever still waits. Call it before the lock is released."""
        self._server.close()
        for client in tuple(self._clients):
            client.drop()

    def _take_clients(self) -> None:
        while self._server.hasPendingConnections():
            wire = self._server.nextPendingConnection()
            if len(self._clients) >= self._limits.clients or not _is_ours(wire):
                wire.abort()
                wire.deleteLater()
                continue
            client = _Client(wire, self._limits, self)
            self._clients.add(client)
            client.asked.connect(self.asked)
            client.gone.connect(self._clients.discard)


class _Client(QObject):
    """One connection: greeted, asks once, is answered once, and leaves."""

    asked = Signal(object)
    gone = Signal(object)  # itself

    def __init__(self, wire: QLocalSocket, limits: Limits, parent: QObject) -> None:
        super().__init__(parent)
        self._wire: QLocalSocket | None = wire
        self._limits = limits
        self._received = bytearray()
        self._has_asked = self._is_answered = False
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.timeout.connect(self.drop)
        self._deadline.start(int(limits.request * 1000))
        wire.setParent(self)
        wire.setReadBufferSize(HEAD.size + REQUEST_AT_MOST)
        wire.readyRead.connect(self._read)
        wire.disconnected.connect(self.drop)
        wire.write(greeting())

    def drop(self) -> None:
        if self._wire is None:
            return
        wire, self._wire = self._wire, None
        self._deadline.stop()
        wire.abort()
        self.gone.emit(self)
        self.deleteLater()

    def answer(self, answer: Answer) -> None:
        if self._wire is None or self._is_answered:
            return
        self._is_answered = True
        self._wire.write(answer_frame(answer))
        self._wire.flush()  # now: the request may have been to quit
        # It closes when it has read all: on Windows our closing would take away what it has not.
        self._deadline.start(int(self._limits.reading * 1000))

    def _read(self) -> None:
        if self._wire is None:
            return
        self._received += self._wire.readAll().data()
        if self._has_asked:
            self.drop()  # nobody has more to say than one request
            return
        try:
            request = _request_in(self._received)
        except Garbled:
            self.drop()
            return
        if request is not None:
            self._has_asked = True
            self._deadline.stop()
            self.asked.emit(Asked(request, self.answer))


def _request_in(received: bytearray) -> Request | None:
    """None while it is incomplete; raises Garbled."""
    if len(received) < HEAD.size:
        return None
    (size,) = HEAD.unpack_from(received)
    if size > REQUEST_AT_MOST or len(received) > HEAD.size + size:
        raise Garbled("too long")
    if len(received) < HEAD.size + size:
        return None
    return read_request(bytes(received[HEAD.size :]))


def _is_ours(wire: QLocalSocket) -> bool:
    """Whether this user is at the other end; Windows itself lets nobody else in."""
    if sys.platform == "win32":
        return True
    try:
        with closing(socket.socket(fileno=os.dup(wire.socketDescriptor()))) as copy:
            return peer_uid(copy) == os.geteuid()
    except OSError:  # it has gone already
        return False
