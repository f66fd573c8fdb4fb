"""One HTTP exchange, in two halves: whatever fails once a byte has left us is `Uncertain`.

Neither redirects nor retries, no pool, no cookies, and nothing from the environment: urllib3's
bare connection does exactly what is written here.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError, ReadTimeoutError
from urllib3.response import HTTPResponse

from desk_phone import __version__
from desk_phone.errors import Uncertain
from desk_phone.i18n import tr
from desk_phone.model.text import clean
from desk_phone.telco.reply import Reply
from desk_phone.web.clock import ahead
from desk_phone.web.connecting import Address, address_of, connect, does_not_answer, proxy_of
from desk_phone.web.limits import LIMITS, Deadline, Limits
from desk_phone.web.meter import Meter
from desk_phone.web.pause import pause
from desk_phone.web.trust import system_trust

_CHUNK = 65536
_UNCHANGED = 304  # an answer, and no redirect


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    address: Address
    body: bytes
    headers: Mapping[str, str]


class Wire:
    """Sends requests, each over a connection of its own. For one thread at a time."""

    def __init__(self, proxy: str = "", limits: Limits = LIMITS) -> None:
        self._proxy = proxy
        self._limits = limits
        self._tls: ssl.SSLContext | None = None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        return self.ask("POST", url, body, headers)

    def ask(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send once and read the whole answer, whatever it says; an empty ``body`` is none.

        Raises BadInput (an address that cannot be used), Offline (surely not sent) or Uncertain.
        """
        address = address_of(url)
        proxy = proxy_of(self._proxy) if address.secure else None  # else it is this computer
        deadline = Deadline(self._limits.whole)
        tls = self._context() if address.secure else None
        with connect(address, proxy, tls, self._limits) as sock:
            if deadline.passed:
                raise does_not_answer(address.host)
            asked = _Asked(method, address, body, {**_headers(address), **headers})
            return self._converse(sock, deadline, asked)

    def _context(self) -> ssl.SSLContext:
        """Made on first use: it costs milliseconds and belongs into the caller's thread."""
        if self._tls is None:
            self._tls = system_trust()
        return self._tls

    def _converse(self, sock: socket.socket, deadline: Deadline, asked: _Asked) -> Reply:
        address = asked.address
        meter = Meter(sock, deadline, self._limits.read)
        connection = meter.attach(HTTPConnection(address.host, address.port))
        try:
            connection.request(
                asked.method,
                address.path,
                body=asked.body or None,
                headers=asked.headers,
                preload_content=False,
            )
            response = connection.getresponse()
            if 300 <= response.status < 400 and response.status != _UNCHANGED:
                raise _redirected(address, response.headers.get("Location", ""))
            whole = self._read(response)
        except (OSError, HTTPException, HTTPError) as error:
            raise _doubt(error, meter, deadline) from error
        finally:
            connection.close()
        now = datetime.now(UTC)
        return Reply(
            response.status,
            response.headers.get("Content-Type", ""),
            whole,
            meter.sent + meter.received,
            pause(response.headers.get("Retry-After", ""), now),
            ahead(response.headers.get("Date", ""), now),
            response.headers.get("ETag", "").removeprefix("W/").strip('"'),
        )

    def _read(self, response: HTTPResponse) -> bytes:
        whole = bytearray()
        while chunk := response.read(_CHUNK, decode_content=True):
            whole += chunk
            if len(whole) > self._limits.answer_bytes:
                raise Uncertain(
                    tr("The answer is too large to be one"),
                    tr("Check the service address in the settings."),
                )
        return bytes(whole)


def _headers(address: Address) -> dict[str, str]:
    return {
        "Host": address.netloc,
        "User-Agent": f"desk-phone/{__version__}",
        "Accept": "text/xml",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def _redirected(address: Address, location: str) -> Uncertain:
    """Following it would hand the password to whoever is named there."""
    try:
        other = urlsplit(urljoin(f"https://{address.netloc}{address.path}", location)).hostname
    except ValueError:
        other = None
    return Uncertain(
        tr("The service address points elsewhere"),
        tr(
            "%(host)s sends us on to %(other)s. We did not follow, to keep the password safe. "
            "Check the service address in the settings."
        )
        % {"host": address.host, "other": clean(other or "?")},
    )


def _doubt(error: Exception, meter: Meter, deadline: Deadline) -> Uncertain:
    """What to say when it left us and no whole answer came."""
    if isinstance(error, TimeoutError | ReadTimeoutError):
        if deadline.passed:
            return Uncertain(tr("The answer took too long"), tr("Try again later."))
        return Uncertain(tr("The service did not answer in time"), tr("Try again later."))
    if isinstance(error, DecodeError):
        return Uncertain(tr("The answer could not be unpacked"), tr("Try again later."))
    if not meter.received:
        return Uncertain(
            tr("The connection was closed without an answer"),
            tr("Check the network connection, then try again."),
        )
    if isinstance(error, ProtocolError | OSError):
        return Uncertain(
            tr("The answer was cut short"), tr("Check the network connection, then try again.")
        )
    return Uncertain(
        tr("What answered is not the service"), tr("Check the service address in the settings.")
    )
