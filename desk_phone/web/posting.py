"""Telling a program on the web something: one POST or GET, and what its answer's head says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from desk_phone import __version__
from desk_phone.errors import BadInput, Uncertain
from desk_phone.i18n import tr
from desk_phone.web.connecting import Address, address_of, connect, does_not_answer, proxy_of
from desk_phone.web.limits import Deadline, Limits
from desk_phone.web.meter import Meter
from desk_phone.web.pause import pause
from desk_phone.web.trust import system_trust

PATIENCE = Limits(connect=5.0, read=15.0, whole=30.0)


@dataclass(frozen=True, slots=True)
class Heard:
    """The body is nobody's business and is not read. ``retry_after`` in seconds, see `pause`."""

    status: int
    retry_after: float | None = None


def post(
    url: str, body: bytes, headers: Mapping[str, str], proxy: str = "", limits: Limits = PATIENCE
) -> Heard:
    """Send once, over a connection of its own; a redirect is an answer like any other.

    Raises BadInput (an address that cannot be used), Offline (surely not sent) or Uncertain (sent,
    and no answer came). Nothing is taken from the environment.
    """
    return _tell("POST", url, body, headers, proxy, limits)


def get(url: str, proxy: str = "", limits: Limits = PATIENCE) -> Heard:
    """The same where the address itself says everything."""
    return _tell("GET", url, None, {}, proxy, limits)


def _tell(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    proxy: str,
    limits: Limits,
) -> Heard:
    address = posting_address(url)
    way = proxy_of(proxy) if address.secure else None  # else it is this computer
    deadline = Deadline(limits.whole)
    tls = system_trust() if address.secure else None
    with connect(address, way, tls, limits) as sock:
        if deadline.passed:
            raise does_not_answer(address.host)
        meter = Meter(sock, deadline, limits.read)
        connection = meter.attach(HTTPConnection(address.host, address.port))
        try:
            connection.request(
                *(method, address.path, body),
                headers={**_headers(address), **headers},
                preload_content=False,
            )
            response = connection.getresponse()
        except (OSError, HTTPException, HTTPError) as error:
            raise _doubt(address, meter) from error
        finally:
            connection.close()
    return Heard(response.status, pause(response.headers.get("Retry-After", ""), datetime.now(UTC)))


def posting_address(url: str) -> Address:
    """Raises BadInput for anything but ``https://`` (or ``http://`` to this very computer)."""
    try:
        return address_of(url)
    except BadInput:
        raise BadInput(
            tr("This address cannot be used"),
            tr(
                "Write it as https://host/path, without a user name or password in it. Only this "
                "computer itself may have http://"
            ),
        ) from None


def _headers(address: Address) -> dict[str, str]:
    return {
        "Host": address.netloc,
        "User-Agent": f"desk-phone/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def _doubt(address: Address, meter: Meter) -> Uncertain:
    names = {"host": address.host}
    if meter.received:
        return Uncertain(
            tr("What answers at %(host)s is no web server") % names, tr("Check the address.")
        )
    return Uncertain(
        tr("%(host)s did not answer") % names,
        tr("It may have heard us all the same. Check the address, and that the receiver runs."),
    )
