"""The first half of an exchange: a connection. What fails here was surely not sent: `Offline`."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from desk_phone.errors import BadInput, Offline
from desk_phone.i18n import tr
from desk_phone.model.text import clean
from desk_phone.web.limits import Deadline, Limits
from desk_phone.web.meter import Meter


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes, taken apart. ``path`` is everything behind the host."""

    host: str
    port: int
    path: str
    secure: bool

    @property
    def netloc(self) -> str:
        """For the Host header: without the port that everybody expects."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.secure else 80
        return host if self.port == usual else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxy:
    host: str
    port: int
    login: str = field(default="", repr=False)  # "Basic ..." or empty


def address_of(url: str) -> Address:
    """Raises BadInput for anything but ``https://`` (or ``http://`` to this very computer)."""
    parts = _split(url)
    port = _port(parts)
    if parts is None or not parts.hostname or port is None or "@" in parts.netloc:
        raise _bad_url(url if parts is None or "@" not in parts.netloc else "")
    host = _ascii_host(parts.hostname)
    if not host or parts.scheme not in ("https", "http"):
        raise _bad_url(url)
    secure = parts.scheme == "https"
    if not secure and not is_loopback(host):
        raise BadInput(
            tr("The service address is not safe"),
            tr("The password would travel unprotected. Use an address that begins with https://"),
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(host, port or (443 if secure else 80), path, secure)


def proxy_of(setting: str) -> Proxy | None:
    """None when the setting is blank; raises BadInput, which never repeats the setting."""
    if not setting.strip():
        return None
    parts = _split(setting.strip())
    port = _port(parts)
    host = _ascii_host(parts.hostname or "") if parts else ""
    if parts is None or not host or not port or parts.scheme != "http":
        raise BadInput(
            tr("The proxy setting cannot be used"),
            tr("Write it as http://host:port or http://user:password@host:port"),
        )
    if parts.username is None:
        return Proxy(host, port)
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(host, port, "Basic " + b64encode(login.encode()).decode("ascii"))


def connect(
    address: Address, proxy: Proxy | None, tls: ssl.SSLContext | None, limits: Limits
) -> socket.socket:
    """A connection that is ready to carry the password, through TLS wherever ``tls`` is given.

    A proxy is only ever asked for a tunnel. Raises Offline.
    """
    if proxy is None:
        sock = _reach(address.host, address.port, limits)
    else:
        sock = _reach(proxy.host, proxy.port, limits)
    try:
        if proxy is not None:
            _ask_for_tunnel(sock, proxy, address, limits)
        return secure(sock, address, tls, limits) if tls else sock
    except BaseException:
        sock.close()
        raise


def does_not_answer(host: str) -> Offline:
    return Offline(
        tr("%(host)s does not answer") % {"host": host},
        tr("Check the network connection. Nothing was sent."),
    )


def _reach(host: str, port: int, limits: Limits) -> socket.socket:
    names = {"host": host, "port": port}
    try:
        sock = socket.create_connection((host, port), limits.connect)
    except (socket.gaierror, UnicodeError) as error:
        raise Offline(
            tr("The name %(host)s is not known here") % names,
            tr("Check the network connection, and the addresses in the settings."),
        ) from error
    except TimeoutError as error:
        raise does_not_answer(host) from error
    except ConnectionError as error:
        raise Offline(
            tr("Nobody is at %(host)s, port %(port)d") % names,
            tr("Check the addresses in the settings, or try again later."),
        ) from error
    except OSError as error:
        raise Offline(
            tr("There is no way to %(host)s") % names,
            tr("Check the network connection. Nothing was sent."),
        ) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body leave separately
    return sock


def _ask_for_tunnel(sock: socket.socket, proxy: Proxy, address: Address, limits: Limits) -> None:
    meter = Meter(sock, Deadline(limits.connect), limits.connect)
    target = f"[{address.host}]" if ":" in address.host else address.host
    target = f"{target}:{address.port}"
    headers = {"Host": target}
    if proxy.login:
        headers["Proxy-Authorization"] = proxy.login
    connection = meter.attach(HTTPConnection(proxy.host, proxy.port))
    try:
        connection.request("CONNECT", target, headers=headers, preload_content=False)
        status = connection.getresponse().status
    except TimeoutError as error:
        raise Offline(
            tr("The proxy does not answer"), tr("Try again later. Nothing was sent.")
        ) from error
    except (OSError, HTTPException, HTTPError) as error:
        raise Offline(
            tr("The proxy does not understand"), tr("Check the proxy in the settings.")
        ) from error
    finally:
        connection.close()
    if status == 407:
        raise Offline(
            tr("The proxy asks who you are"),
            tr("Put its user name and password into the proxy setting."),
        )
    if status != 200:
        raise Offline(
            tr("The proxy refused (HTTP %(status)d)") % {"status": status},
            tr("Ask who looks after the network to allow %(host)s.") % {"host": address.host},
        )


def secure(
    sock: socket.socket, address: Address, tls: ssl.SSLContext, limits: Limits
) -> ssl.SSLSocket:
    """TLS over a connection there is; raises Offline where the other side is not who it says."""
    names = {"host": address.host}
    try:
        sock.settimeout(limits.connect)
        return tls.wrap_socket(sock, server_hostname=address.host)
    except ssl.SSLCertVerificationError as error:
        raise Offline(
            tr("The certificate of %(host)s is not trusted") % names,
            tr(
                "Nothing was sent. Check the date of this computer; otherwise somebody may be in "
                "between, or your company's certificate is not installed (%(reason)s)."
            )
            % {"reason": clean(error.verify_message or error.reason or "")},
        ) from error
    except TimeoutError as error:
        raise does_not_answer(address.host) from error
    except OSError as error:  # ssl.SSLError is one
        raise Offline(
            tr("No secure connection to %(host)s") % names,
            tr("Nothing was sent. Check the service address, or try again later."),
        ) from error


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url) if url.isprintable() and " " not in url else None
    except ValueError:
        return None
    return parts if parts and (parts.path + parts.query).isascii() else None


def _port(parts: SplitResult | None) -> int | None:
    """0 where none is written, None where it is nonsense."""
    try:
        return None if parts is None else parts.port or 0
    except ValueError:
        return None


def _ascii_host(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bad_url(url: str) -> BadInput:
    shown = clean(url)
    return BadInput(
        tr("The service address cannot be used"),
        tr("%(url)s is no address such as https://host/path/") % {"url": shown or "?"},
    )
