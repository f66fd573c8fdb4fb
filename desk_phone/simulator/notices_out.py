"""The GETs to activated addresses, exactly as the service's text shows them.

``TARGET?ts=...&anr=...&bnr=...&fn=...&type=Start&answer=No``: the ``?`` is always added. One thread
sends them in time order, each within two seconds; no redirect is followed and no proxy is used.
Whoever listens so slowly that a notice would be a minute late loses it.
"""

from __future__ import annotations

import heapq
import ipaddress
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote_plus, urlsplit

from desk_phone.simulator.calls import with_country

_PATIENCE = 2.0  # seconds for one GET
_LATE = 60.0  # seconds
_REMEMBERED = 1000
_HEAD_AT_MOST = 16384
_LONGEST_WAIT = 3600.0  # seconds; more than a month is too much for Windows
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})\b")
START = "Start"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told about one moment of a call. ``ts`` is a unix timestamp in whole seconds."""

    ts: int
    caller: str
    own: str
    name: str
    type: str = START
    answer: str = "No"

    def url(self, target: str, name_codec: str = "utf-8") -> str:
        name = quote_plus(self.name.encode(name_codec, "replace"))
        return (
            f"{target}?ts={self.ts}&anr={with_country(self.caller)}&bnr={self.own}"
            f"&fn={name}&type={quote_plus(self.type)}&answer={self.answer}"
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """A GET that was tried: ``result`` is the status, or why there is none."""

    url: str
    result: str


class NoticesOut:
    """``address`` gives the URL for a notice at the moment of sending, empty for nobody."""

    def __init__(self, address: Callable[[Notice], str], anywhere: Callable[[], bool]) -> None:
        self._sent: deque[Sent] = deque(maxlen=_REMEMBERED)
        self._address = address
        self._anywhere = anywhere
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Notice]] = []
        self._planned = 0
        self._tried = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="simulator notices")

    @property
    def sent(self) -> tuple[Sent, ...]:
        """The last thousand."""
        with self._changed:
            return tuple(self._sent)

    def wait_for(self, count: int, seconds: float) -> bool:
        """Until so many were tried since the start; False when the time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: self._tried >= count, seconds)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def plan(self, notice: Notice, after: float) -> None:
        """Send it ``after`` seconds from now."""
        with self._changed:
            self._planned += 1
            heapq.heappush(self._due, (time.monotonic() + after, self._planned, notice))
            self._changed.notify_all()

    def _run(self) -> None:
        while (due := self._next()) is not None:
            moment, notice = due
            url = self._address(notice)
            if not url:
                continue
            late = time.monotonic() - moment > _LATE
            result = "not sent: too late" if late else self._get(url)
            with self._changed:
                self._sent.append(Sent(url, result))
                self._tried += 1
                self._changed.notify_all()

    def _next(self) -> tuple[float, Notice] | None:
        """The next one when its time has come; None when it is time to stop."""
        with self._changed:
            while not self._stopping:
                wait = self._due[0][0] - time.monotonic() if self._due else _LONGEST_WAIT
                if wait <= 0:
                    moment, _, notice = heapq.heappop(self._due)
                    return moment, notice
                self._changed.wait(min(wait, _LONGEST_WAIT))
        return None

    def _get(self, url: str) -> str:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return "not a URL"
        if parts.scheme not in ("http", "https") or not host:
            return "not a URL"
        if not (self._anywhere() or _is_loopback(host)):
            return "not sent: another machine"
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(host, port, timeout=_PATIENCE)
        until = time.monotonic() + _PATIENCE
        try:
            connection.request("GET", f"{parts.path or '/'}?{parts.query}")
            return _status(connection.sock, until)
        except (OSError, HTTPException, ValueError) as error:
            return type(error).__name__
        finally:
            connection.close()


def _status(answering: socket.socket, until: float) -> str:
    """The status of an answer whose head is whole; a byte a second does not beat ``until``."""
    head = b""
    while b"\r\n\r\n" not in head:
        answering.settimeout(max(until - time.monotonic(), 0.001))
        got = answering.recv(4096)
        head += got
        if not got or len(head) > _HEAD_AT_MOST:
            return "no answer"
    found = _STATUS.match(head)
    return found[1].decode() if found else "no answer"


def _is_loopback(host: str) -> bool:
    """By its spelling alone: nothing is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
