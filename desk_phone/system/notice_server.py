"""Carries bytes between TCP connections and whoever reads them, in Qt's event loop.

No thread, and nothing that wakes up while nobody is connected: one timer, for the oldest
connection. What the bytes mean, who stays and who goes is the reception's business.
"""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtNetwork import QAbstractSocket, QHostAddress, QTcpServer, QTcpSocket

from desk_phone.errors import BadInput
from desk_phone.i18n import tr

_BACKLOG = 256  # connections that the system holds for us
# So few are let in before those inside are read: a burst drives nobody out whose GET is here.
_A_TURN = 16
_AT_ONCE = 16_384  # bytes of one connection that wait to be read
_TAKE_BREATH_MS = 1000  # where the system has no more files for us


class Reply(Protocol):
    @property
    def send(self) -> bytes: ...

    @property
    def close(self) -> bool: ...


class Reception(Protocol):
    """See `telco.notices`."""

    def enter(self, peer: str) -> int: ...

    def receive(self, visit: int, data: bytes) -> Reply: ...

    def leave(self, visit: int) -> None: ...

    def dismiss(self) -> tuple[int, ...]: ...

    def patience(self) -> float | None: ...


class NoticeServer(QObject):
    """`listen` as often as needed; `close` ends every connection at once."""

    def __init__(self, reception: Reception, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reception = reception
        self._sockets: dict[int, QTcpSocket] = {}
        self._leaving: list[QTcpSocket] = []
        self._let_go = QTimer(self, singleShot=True)
        self._let_go.timeout.connect(self._leaving.clear)
        self.place = ("", 0)  # what `listen` was asked for last
        self._server = QTcpServer(self)
        self._server.setListenBacklogSize(_BACKLOG)
        self._server.setMaxPendingConnections(_A_TURN)
        self._server.newConnection.connect(self._welcome, Qt.ConnectionType.QueuedConnection)
        self._server.acceptError.connect(self._take_breath)
        self._late = QTimer(self, singleShot=True, timerType=Qt.TimerType.CoarseTimer)
        self._late.timeout.connect(self._dismiss)
        self._breath = QTimer(self, singleShot=True, interval=_TAKE_BREATH_MS)
        self._breath.timeout.connect(self._server.resumeAccepting)

    @property
    def port(self) -> int:
        """Where it listens; 0 while it does not."""
        return self._server.serverPort() if self._server.isListening() else 0

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._sockets)

    def listen(self, address: str, port: int) -> None:
        """``port`` 0: any free one. Raises BadInput where it cannot."""
        self.close()
        self.place = (address, port)
        here = QHostAddress(address)
        if here.isNull():
            raise BadInput(
                tr("%(address)s is no address of this computer") % {"address": address},
                tr("Use 127.0.0.1 behind a reverse proxy on this computer, or 0.0.0.0."),
            )
        if not self._server.listen(here, port):
            raise BadInput(
                tr("Notices cannot be listened for on %(address)s, port %(port)d")
                % {"address": address, "port": port},
                tr("Choose another port: %(why)s.") % {"why": self._server.errorString()},
            )

    def close(self) -> None:
        self._server.close()
        self._late.stop()
        self._breath.stop()
        for visit in tuple(self._sockets):
            self._cut(visit)

    def _welcome(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            visit = self._reception.enter(socket.peerAddress().toString())
            self._sockets[visit] = socket
            socket.setReadBufferSize(_AT_ONCE)
            socket.readyRead.connect(partial(self._read, visit))
            socket.disconnected.connect(partial(self._gone, visit))
            if socket.state() is QAbstractSocket.SocketState.UnconnectedState:
                self._gone(visit)
            elif socket.bytesAvailable():
                self._read(visit)
        self._dismiss()

    def _read(self, visit: int) -> None:
        socket = self._sockets.get(visit)
        if socket is None:
            return
        reply = self._reception.receive(visit, bytes(socket.readAll().data()))
        if reply.send:
            socket.write(reply.send)
        if reply.close:
            self._watch()
            socket.flush()
            socket.disconnectFromHost()  # once all is sent

    def _gone(self, visit: int) -> None:
        self._reception.leave(visit)
        socket = self._sockets.pop(visit, None)
        if socket is not None:
            self._throw_away(socket)
        self._watch()

    def _dismiss(self) -> None:
        for visit in self._reception.dismiss():
            self._cut(visit)
        self._watch()

    def _cut(self, visit: int) -> None:
        self._reception.leave(visit)
        socket = self._sockets.pop(visit, None)
        if socket is not None:
            socket.abort()
            self._throw_away(socket)

    def _throw_away(self, socket: QTcpSocket) -> None:
        """On the next turn, for it may be calling us; without a parent it is ours to do so. A
        parent would keep the Python half, a kilobyte each, when Qt deletes the other one."""
        socket.setParent(None)
        self._leaving.append(socket)
        self._let_go.start()

    def _watch(self) -> None:
        patience = self._reception.patience()
        if patience is None:
            self._late.stop()
        elif not self._late.isActive():
            self._late.start(round(patience * 1000) + 1)

    def _take_breath(self, _error: QAbstractSocket.SocketError) -> None:
        """Qt stops accepting when there are too many open files."""
        self._breath.start()
