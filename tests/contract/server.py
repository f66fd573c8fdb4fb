"""A server that says exactly the bytes it is told to, and remembers what it heard."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_PATIENCE = 20.0  # seconds; only a broken test waits so long


@dataclass(frozen=True)
class Heard:
    head: str
    body: bytes

    @property
    def request_line(self) -> str:
        return self.head.partition("\r\n")[0]

    def header(self, name: str) -> str | None:
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None


Answer = Callable[[Heard, socket.socket, threading.Event], None]


def http(
    body: str | bytes = b"", status: int = 200, *headers: str, content_type: str = "text/xml"
) -> bytes:
    """A whole answer with its Content-Length."""
    body = body.encode() if isinstance(body, str) else body
    lines = (f"HTTP/1.1 {status} .", f"Content-Type: {content_type}", *headers)
    return head(*lines, f"Content-Length: {len(body)}") + body


def head(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


def chunks(data: bytes, size: int = 100) -> bytes:
    """For Transfer-Encoding: chunked."""
    cut = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in cut) + b"0\r\n\r\n"


def said(data: bytes) -> Answer:
    def answer(_heard: Heard, connection: socket.socket, _stopping: threading.Event) -> None:
        connection.sendall(data)

    return answer


def dripped(data: bytes, pause: float, start: bytes = b"") -> Answer:
    """``start`` at once, then one byte every ``pause`` seconds until the client has enough."""

    def answer(_heard: Heard, connection: socket.socket, stopping: threading.Event) -> None:
        connection.sendall(start)
        for byte in data:
            if stopping.wait(pause):
                return
            connection.sendall(bytes((byte,)))

    return answer


def silence(_heard: Heard, connection: socket.socket, _stopping: threading.Event) -> None:
    """Not a byte until the client goes away."""
    while connection.recv(4096):
        pass


class Server:
    """``answers`` are given one after the other, the last one again and again.

    With ``tls`` it speaks TLS. With ``tunnel`` it is a proxy: it answers the request for a tunnel
    with these bytes, noting it in ``tunnels``, and if they allow it is itself what lies behind.
    With ``deaf`` it answers without having heard anything.
    Connections are served one at a time; ``visits`` counts them, whatever became of them.
    """

    def __init__(
        self,
        *answers: bytes | Answer,
        tls: ssl.SSLContext | None = None,
        tunnel: bytes = b"",
        deaf: bool = False,
    ) -> None:
        self.heard: list[Heard] = []
        self.tunnels: list[Heard] = []
        self.visits = 0
        self._answers: Sequence[Answer] = [
            said(answer) if isinstance(answer, bytes) else answer for answer in answers
        ]
        self._tls = tls
        self._tunnel = tunnel
        self._deaf = deaf
        self._stopping = threading.Event()
        self._bugs: list[BaseException] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run, name="scripted server")

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/external/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes accept()
        self._thread.join()
        self._listener.close()
        if self._bugs:
            raise self._bugs[0]

    def _run(self) -> None:
        while True:
            connection = self._listener.accept()[0]
            with connection:
                if self._stopping.is_set():
                    return
                self.visits += 1
                connection.settimeout(_PATIENCE)
                try:
                    self._serve(connection)
                except OSError:
                    pass  # the client went away, or did not trust us: both are what tests do
                except BaseException as bug:
                    self._bugs.append(bug)

    def _serve(self, connection: socket.socket) -> None:
        if self._deaf:
            self._answers[0](Heard("", b""), connection, self._stopping)
            return
        if self._tunnel:
            self.tunnels.append(_hear(connection))
            connection.sendall(self._tunnel)
            if not self._tunnel.startswith(b"HTTP/1.1 200"):
                return
        if self._tls is None:
            self._converse(connection)
        else:
            with self._tls.wrap_socket(connection, server_side=True) as secured:
                self._converse(secured)

    def _converse(self, connection: socket.socket) -> None:
        heard = _hear(connection)
        self.heard.append(heard)
        turn = min(len(self.heard), len(self._answers)) - 1
        self._answers[turn](heard, connection, self._stopping)


def _hear(connection: socket.socket) -> Heard:
    """One request, whole. Raises ConnectionError when the client goes away before."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head_bytes, _, body = data.partition(b"\r\n\r\n")
    heard = Heard(head_bytes.decode("latin-1"), body)
    length = int(heard.header("Content-Length") or 0)
    while len(body) < length:
        body += _more(connection)
    return Heard(heard.head, body)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionAbortedError
    return data
