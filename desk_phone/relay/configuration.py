"""What an administrator wrote into relay.toml, checked. Never a secret: see `relay.credentials`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.broker import Broker
from desk_phone.model.reading import of_key
from desk_phone.settings import SERVICE_URL
from desk_phone.telco.notices_callers import Networks
from desk_phone.web.connecting import is_loopback

T = TypeVar("T")

SERVICE_CALLS_FROM = "84.50.42.87 84.50.42.108"  # found by experiment, as in the settings

_AT_MOST = 64 * 1024  # bytes of the file
_MQTT, _MQTTS = 1883, 8883
_LOOPBACK = "127.0.0.1 ::1"


class AccountsBy(StrEnum):
    """Who makes the desks' accounts at the broker."""

    DYNAMIC_SECURITY = "dynamic-security"  # the relay, by Mosquitto's plug-in
    HAND = "none"  # nobody of ours: for trying out


@dataclass(frozen=True, slots=True)
class Listen:
    """Port 0: any that is free."""

    address: str
    port: int


@dataclass(frozen=True, slots=True)
class BrokerPlace:
    """How the relay itself reaches the broker."""

    host: str
    port: int
    tls: bool
    user: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """``numbers`` are canonical; empty: all that the company has. ``public_url`` is what the TLS
    proxy answers to, without a slash at its end; ``notices_url`` is what the service calls there,
    without the secret. ``desk_broker`` is what desks are told, its user
    empty."""

    state_dir: Path
    company_user: str
    service_url: str
    proxy: str
    public_url: str
    notices_url: str
    numbers: frozenset[str]
    endpoint: Listen
    gateway: Listen
    local: Listen
    proxies: Networks
    callers: Networks
    broker: BrokerPlace
    desk_broker: Broker
    accounts: AccountsBy
    forward_url: str

    @property
    def database(self) -> Path:
        return self.state_dir / "relay.sqlite3"

    @property
    def backups(self) -> Path:
        return self.state_dir / "backups"

    @property
    def lock(self) -> Path:
        return self.state_dir / "relay.lock"


def read(file: Path) -> Configuration:
    """Raises BadInput: it cannot be read, or which word is wrong and what may stand there."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_AT_MOST + 1)
        given = tomllib.loads(text.decode()) if len(text) <= _AT_MOST else None
    except OSError as error:
        raise BadInput(
            tr("%(file)s cannot be read") % {"file": file},
            tr("Write one as in the manual: %(why)s.")
            % {"why": error.strerror or type(error).__name__},
        ) from error
    except ValueError as error:  # a TOMLDecodeError says where
        raise _wrong(file, "", str(error)) from error
    if given is None:
        raise _wrong(file, "", tr("It is too large."))
    return _read(_Table(file, "", given))


class _Table:
    """One part of the file; whatever nobody asked for is a word that is not known."""

    def __init__(self, file: Path, name: str, given: Mapping[str, object]) -> None:
        self._file, self._name = file, name
        self._left = dict(given)

    def part(self, key: str) -> _Table:
        found = self._left.pop(key, {})
        if not isinstance(found, dict):
            raise self.wrong(key, tr("It is a table: [%(name)s].") % {"name": self._full(key)})
        return _Table(self._file, self._full(key), found)

    def text(self, key: str, otherwise: str | None = None) -> str:
        """Raises BadInput where it is missing and there is no other."""
        found = self._left.pop(key, otherwise)
        if not isinstance(found, str) or (otherwise is None and not found.strip()):
            raise self.wrong(key, tr("A text in quotation marks belongs here."))
        return found.strip()

    def whole(self, key: str, otherwise: int) -> int:
        found = self._left.pop(key, otherwise)
        if type(found) is not int:
            raise self.wrong(key, tr("A whole number belongs here."))
        return found

    def truth(self, key: str, otherwise: bool) -> bool:
        found = self._left.pop(key, otherwise)
        if type(found) is not bool:
            raise self.wrong(key, tr("true or false belongs here."))
        return found

    def texts(self, key: str, otherwise: str) -> tuple[str, ...]:
        found = self._left.pop(key, otherwise.split())
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.wrong(key, tr('A list of texts belongs here: ["...", "..."].'))
        return tuple(found)

    def read(self, key: str, text: str, reading: Callable[[str], T], allowed: str) -> T:
        try:
            return reading(text)
        except ValueError as error:
            raise self.wrong(key, allowed) from error

    def end(self) -> None:
        for key in self._left:
            raise self.wrong(key, tr("This word is not known here."))

    def wrong(self, key: str, why: str) -> BadInput:
        return _wrong(self._file, self._full(key), why)

    def _full(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key


def _wrong(file: Path, key: str, why: str) -> BadInput:
    if not key:
        return BadInput(tr("%(file)s is not right") % {"file": file}, why)
    return BadInput(tr("%(file)s: %(key)s is not right") % {"file": file, "key": key}, why)


def _read(table: _Table) -> Configuration:
    company, public = table.part("company"), table.part("public")
    listen, broker, forward = table.part("listen"), table.part("broker"), table.part("forward")
    desks = broker.part("desks")
    host = broker.text("host", "127.0.0.1")
    tls = broker.truth("tls", False)
    public_url = _address(public, "url", base=True)
    found = Configuration(
        state_dir=_folder(table),
        company_user=company.text("user"),
        service_url=_address(company, "service_url", SERVICE_URL),
        proxy=company.text("proxy", ""),
        public_url=public_url,
        notices_url=_address(public, "notices", f"{public_url}/v1/notices").rstrip("/"),
        numbers=_numbers(company),
        endpoint=_listen(listen, "notices", "127.0.0.1:8771"),
        gateway=_listen(listen, "desks", "127.0.0.1:8772"),
        local=_listen(listen, "local", "127.0.0.1:9772"),
        proxies=_networks(listen, "proxies", _LOOPBACK),
        callers=_networks(public, "callers", SERVICE_CALLS_FROM),
        broker=BrokerPlace(
            host, _port(broker, _MQTTS if tls else _MQTT), tls, broker.text("user", "relay")
        ),
        desk_broker=_desks(desks, public_url),
        accounts=broker.read(
            "accounts",
            broker.text("accounts", AccountsBy.DYNAMIC_SECURITY),
            AccountsBy,
            tr("One of these: %(words)s.") % {"words": ", ".join(AccountsBy)},
        ),
        forward_url=_address(forward, "url", ""),
    )
    for each in (desks, broker, company, public, listen, forward, table):
        each.end()
    return found


def _desks(table: _Table, public_url: str) -> Broker:
    tls = table.truth("tls", True)
    host = table.text("host", urlsplit(public_url).hostname or "")
    return Broker(host, _port(table, _MQTTS if tls else _MQTT), tls, "")


def _folder(table: _Table) -> Path:
    folder = Path(table.text("state_dir", "/var/lib/desk-phone-relay"))
    if not folder.is_absolute():
        raise table.wrong("state_dir", tr("A whole path belongs here."))
    return folder


def _port(table: _Table, otherwise: int) -> int:
    port = table.whole("port", otherwise)
    if not 1 <= port <= 65535:
        raise table.wrong("port", tr("A port is between 1 and 65535."))
    return port


def _numbers(table: _Table) -> frozenset[str]:
    texts = table.texts("numbers", "")
    keys = frozenset(of_key(text).key for text in texts)
    if "" in keys:
        raise table.wrong("numbers", tr("Write whole numbers: +3726403231."))
    return keys


def _listen(table: _Table, key: str, otherwise: str) -> Listen:
    def reading(text: str) -> Listen:
        address, _, port = text.rpartition(":")
        if not port.isdecimal() or int(port) > 65535:
            raise ValueError(text)
        return Listen(str(ip_address(address.strip("[]"))), int(port))

    allowed = tr("An address and a port belong here: 127.0.0.1:8771.")
    return table.read(key, table.text(key, otherwise), reading, allowed)


def _networks(table: _Table, key: str, otherwise: str) -> Networks:
    texts = table.texts(key, otherwise)
    allowed = tr("Addresses or networks belong here: 192.0.2.1, 192.0.2.0/24.")
    return table.read(key, "", lambda _: Networks(texts), allowed)


def _address(table: _Table, key: str, otherwise: str | None = None, base: bool = False) -> str:
    """Only this very computer may be spoken to without TLS. ``base``: more is written behind it."""
    text = table.text(key, otherwise)
    if not text and otherwise is not None:
        return text
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises for one that is none
        host = "" if parts.username or parts.fragment else parts.hostname or ""
    except ValueError:
        host = ""
    safe = bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    )
    if not safe or (base and parts.query):
        raise table.wrong(key, tr("A web address belongs here: https://relay.company.example."))
    return text.rstrip("/") if base else text
