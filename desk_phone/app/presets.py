"""What an administrator set for everybody, looked at for its meaning. Free of Qt.

A wrong word does not stop the program: it goes on with the default, and says so. What was meant to
be locked stays locked, to the default.
"""

from __future__ import annotations

import logging
import math
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from functools import partial
from ipaddress import ip_address
from typing import Any

from desk_phone.errors import BadInput
from desk_phone.i18n import LANGUAGES, tr
from desk_phone.model.broker import NoBroker, broker_of
from desk_phone.settings import Preset, Settings, WrongPreset, kind_of

log = logging.getLogger(__name__)

_A_DAY = 86_400  # seconds
_PORTS = 65_535
_LETTERS_AT_MOST = 2000  # of one text
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")


@dataclass(frozen=True, slots=True)
class _Rule:
    """``fits`` is given a value of the right type; ``allowed`` says what else would."""

    fits: Callable[[Any], bool]
    allowed: Callable[[], str]


def checked(preset: Preset) -> Preset:
    """The same without what makes no sense, which is in ``wrong`` instead."""
    odd = {name for name, value in preset.usual.items() if not _fits(name, value)}
    bad = {name for name, value in preset.locked.items() if not _fits(name, value)}
    usual = {name: value for name, value in preset.usual.items() if name not in odd}
    locked = {**preset.locked, **{name: getattr(Settings(), name) for name in bad}}
    told = [*preset.wrong, *(WrongPreset("usual", name) for name in preset.usual if name in odd)]
    told += (WrongPreset("locked", name) for name in preset.locked if name in bad)
    return replace(preset, usual=usual, locked=locked, wrong=tuple(told))


def sensible(chosen: Settings, preset: Preset) -> Settings:
    """The same, and a number that a person wrote into the file and that makes no sense (a look
    every minus one seconds) counts as not chosen. Texts are looked at where they are used."""
    numbers = (f.name for f in fields(Settings) if type(f.default) in (int, float))
    odd = [name for name in numbers if not _fits(name, getattr(chosen, name))]
    for name in odd:
        log.warning("settings: %s makes no sense", name)
    return replace(chosen, **{name: getattr(preset.settings, name) for name in odd})


def allowed(name: str) -> str:
    """What a setting may be, within a sentence."""
    if name in _RULES:
        return _RULES[name].allowed()
    kind = kind_of(name)
    if kind is None:
        return tr("there is no such setting")
    return tr("true or false") if kind is bool else tr("one line of text")


def faults(preset: Preset) -> tuple[str, ...]:
    """What is wrong, a sentence each."""
    return tuple(
        tr("%(part)s, %(name)s: %(allowed)s")
        % {"part": wrong.part, "name": wrong.name, "allowed": allowed(wrong.name)}
        if wrong.name
        else tr("%(part)s: only usual and locked are known") % {"part": wrong.part}
        for wrong in preset.wrong
    )


def in_force(preset: Preset, settings: Settings) -> tuple[str, ...]:
    """The names of what counts as the preset says, a person having chosen nothing else."""
    usual = (name for name, to in preset.usual.items() if getattr(settings, name) == to)
    return tuple(sorted({*usual, *preset.locked}))


# what fits


def _fits(name: str, value: Any) -> bool:
    if isinstance(value, str) and not (value.isprintable() and len(value) <= _LETTERS_AT_MOST):
        return False
    return name not in _RULES or _RULES[name].fits(value)


def _one_of(*words: str) -> _Rule:
    return _Rule(
        lambda value: value in words,
        lambda: tr("one of %(words)s") % {"words": ", ".join(word or '""' for word in words)},
    )


def _from_to(least: int, most: int) -> _Rule:
    return _Rule(
        lambda value: least <= value <= most,
        lambda: tr("a whole number from %(least)d to %(most)d") % {"least": least, "most": most},
    )


def _or_empty(fits: Callable[[str], bool], allowed: Callable[[], str]) -> _Rule:
    return _Rule(lambda value: not value or fits(value), allowed)


def _raises_nothing(check: Callable[[str], object], value: str) -> bool:
    try:
        check(value)
    except (BadInput, NoBroker, ValueError):
        return False
    return True


def _checked_by(check: Callable[[str], object], allowed: Callable[[], str]) -> _Rule:
    """Empty, or what ``check`` lets pass."""
    return _or_empty(partial(_raises_nothing, check), allowed)


def _address(value: str) -> None:
    from desk_phone.web.connecting import address_of  # with what speaks HTTP

    address_of(value)


def _proxy(value: str) -> None:
    from desk_phone.web.connecting import proxy_of

    proxy_of(value)


def _hotkey(value: str) -> None:
    from desk_phone.model.shortcut import read

    read(value)


def _networks(value: str) -> None:
    from desk_phone.telco.notices_callers import Networks

    Networks.read(value)


def _is_public(value: str) -> bool:
    from desk_phone.app.notices_address import public_problem

    return not public_problem(value)


def _page(value: str) -> None:
    from desk_phone.model.crm_template import check_url

    check_url(value)


def _program(value: str) -> None:
    from desk_phone.model.crm_program import check_program

    check_program(value, sys.platform == "win32")


def _webhook(value: str) -> None:
    from desk_phone.app.crm_acts import check_webhook

    check_webhook(value)


def _is_hour(value: str) -> bool:
    return len(value) == len("08:00") and _raises_nothing(time.fromisoformat, value)


def _are_numbers(value: str) -> bool:
    return all(map(_E164.fullmatch, value.split()))


def _web() -> str:
    return tr("an address such as https://host/path, or empty")


def _hour() -> str:
    return tr("an hour such as 08:00, or empty")


def _networks_said() -> str:
    return tr("addresses such as 84.50.42.87 or 10.0.0.0/8, with blanks between them")


_RULES: Mapping[str, _Rule] = {
    "service_url": _Rule(
        lambda value: bool(value) and _raises_nothing(_address, value),
        lambda: tr("an address such as https://host/path/"),
    ),
    "proxy": _checked_by(_proxy, lambda: tr("http://host:port, or empty")),
    "user": _or_empty(
        lambda value: " " not in value,
        lambda: tr("a user name such as P0000000@elion.ee, or empty"),
    ),
    "own_number": _or_empty(
        lambda value: bool(_E164.fullmatch(value)),
        lambda: tr("a number such as +3726401234, or empty"),
    ),
    "popups_paused_until": _Rule(
        lambda value: value >= 0 and math.isfinite(value), lambda: tr("a number from 0 on")
    ),
    "missed_card_seconds": _from_to(0, 600),
    "ringing_card_seconds": _from_to(0, 600),
    "quiet_from": _or_empty(_is_hour, _hour),
    "quiet_until": _or_empty(_is_hour, _hour),
    "theme": _one_of("system", "light", "dark"),
    "language": _one_of("", *LANGUAGES),
    "poll_seconds": _from_to(0, _A_DAY),
    "hotkey": _Rule(
        partial(_raises_nothing, _hotkey), lambda: tr("keys such as %(keys)s") % {"keys": "Ctrl+F8"}
    ),
    "hotkey_mode": _one_of("ask", "at once", "palette"),
    "keep_months": _from_to(0, 1200),
    "notices_address": _Rule(
        partial(_raises_nothing, ip_address), lambda: tr("an address such as 127.0.0.1")
    ),
    "notices_port": _from_to(0, _PORTS),
    "notices_url": _or_empty(_is_public, _web),
    "notices_proxies": _checked_by(_networks, _networks_said),
    "notices_callers": _checked_by(_networks, _networks_said),
    "relay_url": _checked_by(_address, _web),
    "relay_broker": _checked_by(
        broker_of, lambda: tr("an address such as %(url)s") % {"url": "mqtts://user@host:8883"}
    ),
    "relay_numbers": _or_empty(
        _are_numbers, lambda: tr("numbers such as +3726401234, with blanks between them")
    ),
    "update_url": _checked_by(_address, _web),
    "crm_url": _checked_by(_page, lambda: tr("an address with placeholders, or empty")),
    "crm_program": _checked_by(
        _program, lambda: tr("a program and its arguments with placeholders, or empty")
    ),
    "crm_open": _one_of("click", "ringing", "answered"),
    "crm_webhook": _checked_by(_webhook, _web),
}
