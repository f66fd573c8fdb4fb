"""Reading over HTTP: `https://` alone, whole answers alone, a password never to another host."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from desk_phone import __version__
from desk_phone.elsewhere import refusals
from desk_phone.elsewhere.login import Login
from desk_phone.elsewhere.unpacking import Broken, TooMuch, unpacked
from desk_phone.errors import BadInput, Offline, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.web.connecting import Address, address_of, connect, does_not_answer, proxy_of
from desk_phone.web.limits import LIMITS, Deadline, Limits
from desk_phone.web.meter import Meter
from desk_phone.web.pause import pause
from desk_phone.web.trust import system_trust

_CHUNK = 65536
_REDIRECTS_AT_MOST = 5
_ELSEWHERE = frozenset((301, 302, 303, 307, 308))


@dataclass(frozen=True, slots=True)
class Page:
    """A whole answer, unpacked. ``url`` is where it came from in the end; names of ``headers``
    are in small letters."""

    url: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Web:
    """Asks one server, each time over a connection of its own, within one deadline for all.

    With a password it follows no redirect to another host; without, to any `https://` address.
    """

    def __init__(
        self, user: str = "", secret: Secret | None = None, proxy: str = "", limits: Limits = LIMITS
    ) -> None:
        self._login = Login(user, secret or Secret(""))
        self._proxy, self._limits = proxy, limits
        self._deadline = Deadline(limits.whole)
        self._tls: ssl.SSLContext | None = None
        self._home: Address | None = None  # where the password belongs

    def ask(
        self,
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Page:
        """Whatever the server says in the end but 401; raises PhoneError."""
        home = address_in(url)
        if self._home is None:
            self._home = home
        for _ in range(_REDIRECTS_AT_MOST + 1):
            page = self._ask_here(url, method, headers or {}, body)
            if page.status not in _ELSEWHERE or not page.headers.get("location"):
                return page
            url = self._followed(page, home)
        raise refusals.circles(home.host)

    def _followed(self, page: Page, home: Address) -> str:
        url = urljoin(page.url, page.headers["location"]).partition("#")[0]
        if home.secure and not url.startswith("https://"):
            raise refusals.unprotected(home.host)
        return url

    def _ask_here(self, url: str, method: str, headers: Mapping[str, str], body: bytes) -> Page:
        address, home = address_in(url), self._home
        if self._login.user and home is not None and _server(address) != _server(home):
            raise refusals.elsewhere(home.host, address.host)
        asked = 0
        while True:
            login = self._login.header(method, address.path)
            page = self._once(address, url, method, {**headers, **login}, body)
            if page.status != 401:
                return page
            asked += 1
            if asked > 2 or not self._login.hear([page.headers.get("www-authenticate", "")]):
                raise refusals.by_status(page.status, address.host)

    def _once(
        self, address: Address, url: str, method: str, headers: Mapping[str, str], body: bytes
    ) -> Page:
        proxy = proxy_of(self._proxy) if address.secure else None
        tls = self._context() if address.secure else None
        if self._deadline.passed:
            raise does_not_answer(address.host)
        with connect(address, proxy, tls, self._limits) as sock:
            meter = Meter(sock, self._deadline, self._limits.read)
            connection = meter.attach(HTTPConnection(address.host, address.port))
            try:
                connection.request(
                    *(method, address.path, body or None),
                    headers={**_headers(address), **headers},
                    preload_content=False,
                )
                response = connection.getresponse()
                whole = self._read(response)
            except (OSError, HTTPException, HTTPError, Broken) as error:
                raise self._broken(error, address.host) from error
            finally:
                connection.close()
        return Page(url, response.status, _of(response), whole)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = system_trust()
        return self._tls

    def _read(self, response: HTTPResponse) -> bytes:
        at_most = self._limits.answer_bytes
        whole = bytearray()
        while chunk := response.read(_CHUNK, decode_content=False):
            whole += chunk
            if len(whole) > at_most:
                raise _too_large(at_most)
        try:
            return unpacked(bytes(whole), response.headers.get("Content-Encoding", ""), at_most)
        except TooMuch as error:
            raise _too_large(at_most) from error

    def _broken(self, error: Exception, host: str) -> PhoneError:
        if isinstance(error, TimeoutError) or self._deadline.passed:
            return Offline(
                tr("%(host)s took too long") % {"host": host}, tr("It is asked again later.")
            )
        if isinstance(error, Broken):
            return Offline(tr("The answer could not be unpacked"), tr("It is asked again later."))
        return Offline(tr("The answer was cut short"), tr("It is asked again later."))


def address_in(url: str) -> Address:
    """Raises BadInput for anything but ``https://`` (or ``http://`` to this very computer)."""
    try:
        return address_of(url)
    except BadInput:
        raise BadInput(
            tr("This address cannot be used"),
            tr("Write it as https://host/path, without a user name or password in it."),
        ) from None


def _server(address: Address) -> tuple[str, int, bool]:
    return address.host, address.port, address.secure


def retry_after(page: Page) -> float | None:
    return pause(page.headers.get("retry-after", ""), datetime.now(UTC))


def _headers(address: Address) -> dict[str, str]:
    return {
        "Host": address.netloc,
        "User-Agent": f"desk-phone/{__version__}",
        "Accept": "text/vcard, text/csv, text/xml, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


def _too_large(at_most: int) -> refusals.TooLarge:
    return refusals.TooLarge(
        tr("The answer is too large to be a list of contacts"),
        tr("At most %(mb)d MB are read.") % {"mb": at_most // 1_000_000},
    )


def _of(response: HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
