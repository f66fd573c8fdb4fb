"""HTTP on 127.0.0.1: the two services and the control address."""

from __future__ import annotations

import os
import re
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from desk_phone.simulator.answer import HTML, Answer, Framing
from desk_phone.simulator.operations import Place

LOOPBACK = "127.0.0.1"
_OUR_NAMES = (LOOPBACK, "localhost")
CONTROL_PATH = "/_control"
JSON = "application/json"
_BODY_AT_MOST = 1 << 20
_COUNT = re.compile(r"[0-9]+")
_DIGITS_AT_MOST = 12  # int() of thousands is an error
_CHUNK = 4096
_IDLE = 60.0  # seconds after which a kept connection is closed
_LINGER = 1.0
_BUGS_KEPT = 10
_PLACES = {place.path: place for place in Place}

Soap = Callable[[Place, bytes, str], Answer]
Control = Callable[[bytes | None], Answer]


class Server(ThreadingHTTPServer):
    """Serves from `start` to `stop` on threads of its own; `stop` leaves none alive.

    ``soap`` answers a POST; ``control`` answers a POST's body, or None for a GET. What a handler
    raises is kept in ``bugs``. A connection beyond ``open_at_most`` is closed at once.
    """

    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64
    open_at_most = 256
    timeout = 0.5  # seconds after which it looks whether it shall stop
    allow_reuse_address = os.name != "nt"  # on Windows it would let two servers share a port
    allow_reuse_port = False

    def __init__(self, port: int, soap: Soap, control: Control) -> None:
        self.soap = soap
        self.control = control
        self.bugs: list[BaseException] = []
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__((LOOPBACK, port), _Handler)
        self._thread = threading.Thread(target=self._run, name="simulator server")

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        if self._thread.is_alive():
            with suppress(OSError):  # it need not wait for the end of its patience
                socket.create_connection((LOOPBACK, self.port), self.timeout).close()
            self._thread.join()
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)
        self.server_close()

    def _run(self) -> None:
        while not self.stopping.is_set():
            self.handle_request()

    def server_bind(self) -> None:
        """Without HTTPServer's look-up of this machine's name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.port

    def process_request(self, request: object, client_address: object) -> None:
        connection = cast("socket.socket", request)
        with self._open_lock:
            full = len(self._open) >= self.open_at_most
            if not full:
                self._open.add(connection)
        if full:
            self.shutdown_request(connection)
        else:
            super().process_request(connection, cast("tuple[str, int]", client_address))

    def shutdown_request(self, request: object) -> None:
        with self._open_lock:
            self._open.discard(cast("socket.socket", request))
        super().shutdown_request(cast("socket.socket", request))

    def handle_error(self, _request: object, _client_address: object) -> None:
        """A client that went away is no trouble; all else is a bug of the simulator."""
        error = sys.exception()
        gone = isinstance(error, OSError)  # macOS has EINVAL for it where others have EPIPE
        if error is not None and not gone and len(self.bugs) < _BUGS_KEPT:
            self.bugs.append(error)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SmartCallsSimulator"
    sys_version = ""
    timeout = _IDLE
    disable_nagle_algorithm = True  # head and body are two writes: they need not wait 40 ms

    @property
    def _serving(self) -> Server:
        return cast("Server", self.server)

    def do_GET(self) -> None:
        self.close_connection |= self.headers.get("Content-Length", "0") != "0"  # it stays unread
        path = self._place
        if self._by_a_page:
            self._send(_page(403, "Forbidden"))
        elif path == CONTROL_PATH:
            self._send(self._serving.control(None))
        elif path in _PLACES:
            self._send(_page(200, "This service is spoken to with POST."))
        else:
            self._send(_page(404, "Not Found"))

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        path = self._place
        if self._by_a_page:
            self._send(_page(403, "Forbidden"))
        elif path == CONTROL_PATH:
            self._send(self._serving.control(body))
        elif path in _PLACES:
            charset = _charset(self.headers)
            self._send(self._serving.soap(_PLACES[path], body, charset))
        else:
            self._send(_page(404, "Not Found"))

    def log_message(self, *_args: object) -> None:
        """Nothing: the control address tells what was asked."""

    @property
    def _place(self) -> str:
        return self.path.partition("?")[0]

    @property
    def _by_a_page(self) -> bool:
        """A web page's doing: none may steer the simulator through a browser on this machine.

        A browser names the page's origin, or, where the page's own name leads to this machine (DNS
        rebinding), that name as the host.
        """
        host = self.headers.get("Host", LOOPBACK)
        host = host.rpartition(":")[0] or host
        return "Origin" in self.headers or host.lower() not in _OUR_NAMES

    def _body(self) -> bytes | None:
        """The whole body; None after an answer was sent or the client went away."""
        length = self.headers.get("Content-Length", "")
        if not _COUNT.fullmatch(length) or "Transfer-Encoding" in self.headers:
            self._refuse_body(411)
            return None
        if len(length) > _DIGITS_AT_MOST or int(length) > _BODY_AT_MOST:
            self._refuse_body(413)
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return None
        return body

    def _refuse_body(self, status: int) -> None:
        self.close_connection = True
        self._send(_page(status, "Content-Length"))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER)
        for _ in range(128):  # to close with bytes unread would take the answer back
            if not self.rfile.read1(65536):
                return

    def _send(self, answer: Answer) -> None:
        if answer.delay and self._serving.stopping.wait(answer.delay):
            self.close_connection = True
            return
        if not answer.complete:
            self.close_connection = True
        if answer.silent:
            return
        answer = answer.compressed(self.headers.get("Accept-Encoding", ""))
        self._send_head(answer)
        if answer.framing is Framing.CHUNKED:
            self._send_chunks(answer.sent_body)
        elif answer.byte_pause:
            self._drip(answer)
        else:
            self.wfile.write(answer.sent_body)

    def _send_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.framing is Framing.LENGTH:
            self.send_header("Content-Length", str(len(answer.body)))
        elif answer.framing is Framing.CHUNKED:
            self.send_header("Transfer-Encoding", "chunked")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def _send_chunks(self, body: bytes) -> None:
        for start in range(0, len(body), _CHUNK):
            chunk = body[start : start + _CHUNK]
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def _drip(self, answer: Answer) -> None:
        for byte in answer.sent_body:
            self.wfile.write(bytes((byte,)))
            if self._serving.stopping.wait(answer.byte_pause):
                self.close_connection = True
                return


def _charset(headers: Message) -> str:
    return headers.get_content_charset("")


def _page(status: int, text: str) -> Answer:
    return Answer(f"<html><body><h1>{text}</h1></body></html>".encode(), status, HTML)
