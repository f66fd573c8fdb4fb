"""What a computer is given when it is enrolled at the company's relay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk_phone import logs
from desk_phone.model.broker import Broker
from desk_phone.model.numbers import from_service
from desk_phone.model.reading import of_key
from desk_phone.model.relayed import NotOurs
from desk_phone.model.secret import Secret
from desk_phone.model.text import clean

_PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """``numbers``, canonical, are those that this computer may use; ``user`` and ``service_url``
    tell which company the relay speaks for."""

    device: str
    token: Secret
    numbers: tuple[str, ...]
    may_edit: bool
    user: str
    service_url: str
    broker: Broker
    broker_password: Secret


def enrolled_of(given: Mapping[str, object]) -> Enrolled:
    """Of the gateway's answer; raises NotOurs."""
    company, broker = _part(given, "company"), _part(given, "broker")
    token, password = _text(given, "token"), _text(broker, "password")
    for secret in (token, password):
        logs.hide(secret)
    return Enrolled(
        clean(_text(given, "device")),
        Secret(token),
        numbers_of(given),
        given.get("may_edit") is True,
        clean(_text(company, "user")),
        clean(_text(company, "service_url")),
        _broker(broker),
        Secret(password),
    )


def numbers_of(given: Mapping[str, object]) -> tuple[str, ...]:
    """Raises NotOurs."""
    listed = given.get("numbers")
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise NotOurs("no numbers")
    keys = (of_key(from_service(one)).key for one in listed)
    return tuple(dict.fromkeys(filter(None, keys)))


def _broker(given: Mapping[str, object]) -> Broker:
    port, tls = given.get("port"), given.get("tls")
    if type(port) is not int or port not in _PORTS or type(tls) is not bool:
        raise NotOurs("no broker")
    return Broker(clean(_text(given, "host")), port, tls, clean(_text(given, "user")))


def _part(given: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = given.get(name)
    if not isinstance(part, dict):
        raise NotOurs(f"no {name}")
    return part


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise NotOurs(f"no {name}")
    return value
