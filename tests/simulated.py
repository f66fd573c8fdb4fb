"""Speaking to the simulator as a stranger would: bare HTTP, XML by hand, a clock that stands."""

from __future__ import annotations

import http.client
import json
import queue
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

from lxml import etree

from desk_phone.simulator import Simulator
from desk_phone.simulator.company import PASSWORD, USER
from desk_phone.simulator.operations import SHAPES, Operation, Place

SAMPLES = Path(__file__).parent / "contract" / "samples"
PATIENCE = 10.0  # seconds; only a broken test waits so long
NOON = datetime(2026, 5, 20, 9, 0, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Tallinn
OWN = "3726401234"
COLLEAGUE = "37264012345"
TEXT = "#PasswordText"
DIGEST = "#PasswordDigest"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_TYPE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


class StandingClock:
    """Stands still until somebody moves it on."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Said:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    def texts(self, name: str) -> list[str]:
        """The texts of all elements of this local name."""
        return [element.text or "" for element in self.root.iter("{*}" + name)]

    @property
    def code(self) -> str:
        """The ErrorCode, empty where there is none."""
        return next(iter(self.texts("ErrorCode")), "")

    @property
    def message(self) -> str:
        return next(iter(self.texts("ErrorMessage")), "")


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.xml").read_text(encoding="utf-8")


def security(user: str = USER, password: str = PASSWORD, kind: str = TEXT) -> str:
    return (
        f'<wsse:Security xmlns:wsse="{_WSSE}"><wsse:UsernameToken>'
        f"<wsse:Username>{escape(user)}</wsse:Username>"
        f'<wsse:Password Type="{_TYPE}{kind}">{escape(password)}</wsse:Password>'
        "</wsse:UsernameToken></wsse:Security>"
    )


def secured(xml: str, header: str | None = None) -> str:
    """The message as it is, with a security header added."""
    header = security() if header is None else header
    empty = "<soapenv:Header/>"
    if empty in xml:
        return xml.replace(empty, f"<soapenv:Header>{header}</soapenv:Header>")
    head, body, rest = xml.partition("<SOAP-ENV:Body>")
    return f"{head}<SOAP-ENV:Header>{header}</SOAP-ENV:Header>{body}{rest}"


def message(
    operation: Operation, header: str | None = None, /, wrapper: str = "", **members: str
) -> str:
    shape = SHAPES[operation]
    inside = "".join(f"<s:{name}>{escape(text)}</s:{name}>" for name, text in members.items())
    wrapper = wrapper or shape.wrapper.replace("*", "updateCallingLineNameIdentity")
    inside = f"<s:{wrapper}>{inside}</s:{wrapper}>" if wrapper and members else inside
    return secured(
        f'<soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:s="{shape.place.namespace}">'
        f"<soapenv:Header/><soapenv:Body><s:{operation}>{inside}</s:{operation}></soapenv:Body>"
        "</soapenv:Envelope>",
        header,
    )


def post(
    sim: Simulator,
    body: str | bytes,
    path: str = Place.SERVICES.path,
    **headers: str,
) -> Said:
    """``headers``' underscores are hyphens."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _exchange(sim, "POST", path, data, {"SOAPAction": '""', **named})


def ask(sim: Simulator, operation: Operation, header: str | None = None, /, **members: str) -> Said:
    return post(sim, message(operation, header, **members), SHAPES[operation].place.path)


def get(sim: Simulator, path: str, **headers: str) -> Said:
    return _exchange(sim, "GET", path, None, headers)


def control(sim: Simulator, wishes: object, **headers: str) -> tuple[int, dict[str, object]]:
    """Post to the control address: the status, and what it tells."""
    body = wishes if isinstance(wishes, bytes) else json.dumps(wishes).encode()
    said = _exchange(sim, "POST", "/_control", body, headers)
    return said.status, json.loads(said.body)


def _exchange(
    sim: Simulator, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> Said:
    connection = http.client.HTTPConnection("127.0.0.1", sim.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return Said(answer.status, dict(answer.headers), answer.read())
    finally:
        connection.close()


def raw(sim: Simulator, sent: bytes) -> bytes:
    """Everything that comes back until the simulator closes the connection."""
    with socket.create_connection(("127.0.0.1", sim.port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        heard = b""
        while got := connection.recv(65536):
            heard += got
    return heard


def posted(body: str, path: str = Place.SERVICES.path, *lines: str) -> bytes:
    """The bytes of a POST whose connection ends with the answer."""
    data = body.encode()
    head = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        f"Content-Length: {len(data)}",
        *lines,
    )
    return ("\r\n".join(head) + "\r\n\r\n").encode() + data


class Listener:
    """Takes notices: `heard` gives the request line's target of each GET, in order."""

    def __init__(self, status: int = 200, *headers: tuple[str, str]) -> None:
        targets: queue.Queue[str] = queue.Queue()
        self._targets = targets

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                targets.put(self.path)
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/notify.php"

    def heard(self) -> str:
        return self._targets.get(timeout=PATIENCE)

    @property
    def nothing_more(self) -> bool:
        return self._targets.empty()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
