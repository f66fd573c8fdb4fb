"""The server's side of the benchmarks: the endpoint, or a bare QTcpServer as the floor under it."""

from __future__ import annotations

import sys
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket

from desk_phone.system.notice_server import NoticeServer
from desk_phone.telco.notices import Reception
from tests.notices import Desk, rules

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def endpoint(app: QCoreApplication) -> int:
    """Any caller of 10.0.0.0/8, as a trusted proxy names it."""
    desk = Desk()
    reception = Reception(rules("10.0.0.0/8"), lambda _: None, now=lambda: desk.now)
    server = NoticeServer(reception, app)
    server.listen("127.0.0.1", 0)
    return server.port


def bare(app: QCoreApplication) -> int:
    """Reads once, answers, closes; understands nothing."""
    server = QTcpServer(app)
    server.setListenBacklogSize(256)

    def answer(socket: QTcpSocket) -> None:
        socket.readAll()
        socket.write(ANSWER)
        socket.disconnectFromHost()

    def welcome() -> None:
        while server.hasPendingConnections():
            socket = server.nextPendingConnection()
            socket.readyRead.connect(partial(answer, socket))
            socket.disconnected.connect(socket.deleteLater)

    server.newConnection.connect(welcome)
    server.listen(QHostAddress("127.0.0.1"), 0)
    return int(server.serverPort())


def main(kind: str) -> int:
    app = QCoreApplication([])
    print({"endpoint": endpoint, "bare": bare}[kind](app), flush=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
