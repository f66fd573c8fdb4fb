"""The GETs to activated addresses, exactly as the service's text shows them.

``TARGET?ts=...&anr=...&bnr=...&fn=...&type=Start&answer=No``: the ``?`` is always added. One thread
sends them in time order, each within two seconds; no redirect is followed and no proxy is used.
"""

from __future__ import annotations

import heapq
import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote_plus, urlsplit

from desk_phone.simulator.calls import with_country

_PATIENCE = 2.0  # seconds for one GET
_REMEMBERED = 1000
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
        self.sent: deque[Sent] = deque(maxlen=_REMEMBERED)
        self._address = address
        self._anywhere = anywhere
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Notice]] = []
        self._planned = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="simulator notices")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def plan(self, notice: Notice, after: float) -> None:
        """Send it ``after`` seconds from now."""
        with self._changed:
            self._planned += 1
            heapq.heappush(self._due, (time.monotonic() + after, self._planned, notice))
            self._changed.notify_all()

    def _run(self) -> None:
        while (notice := self._next()) is not None:
            url = self._address(notice)
            if url:
                self.sent.append(Sent(url, self._get(url)))

    def _next(self) -> Notice | None:
        """The next one when its time has come; None when it is time to stop."""
        with self._changed:
            while not self._stopping:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    def _get(self, url: str) -> str:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return "not a URL"
        if not (self._anywhere() or _is_loopback(host)):
            return "not sent: another machine"
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(host, port, timeout=_PATIENCE)
        try:
            connection.request("GET", f"{parts.path or '/'}?{parts.query}")
            return str(connection.getresponse().status)
        except (OSError, HTTPException, ValueError) as error:
            return type(error).__name__
        finally:
            connection.close()


def _is_loopback(host: str) -> bool:
    """By its spelling alone: nothing is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
