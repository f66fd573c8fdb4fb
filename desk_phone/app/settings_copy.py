"""The settings as a file to keep or to carry elsewhere: without what opens anything. No Qt."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.settings import Settings

_MARK, _VERSION = "desk_phone_settings", 1
_BYTES_AT_MOST = 200_000
_LETTERS_AT_MOST = 2000  # of one text
# Of this computer and this moment; and what says to whom the password is shown: a person enters it.
_LEFT_OUT = frozenset(
    (
        *("window_geometry", "popups_paused_until", "crm_signed", "service_url"),
        *("relay_url", "relay_device", "relay_broker", "relay_numbers"),
    )
)
_LONG_WORD = re.compile(r"[\w-]{24,}", re.ASCII)
_SECRET_NAME = re.compile(r"pass|pwd|secret|token|key|auth|sign", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copied:
    """``left_out``: names of settings that were not empty and may hold a secret."""

    text: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What bringing a setting back changes."""

    name: str
    now: Any
    then: Any


def copied(settings: Settings) -> Copied:
    values = {n: value for n, value in asdict(settings).items() if n not in _LEFT_OUT}
    secret = tuple(n for n, v in values.items() if isinstance(v, str) and _may_hold_secret(v))
    kept = {name: value for name, value in values.items() if name not in secret}
    text = json.dumps({_MARK: _VERSION, "settings": kept}, indent=2, ensure_ascii=False)
    return Copied(text + "\n", secret)


def save(file: Path, settings: Settings) -> Copied:
    """Raises BadInput where it cannot be written."""
    made = copied(settings)
    try:
        draft = file.with_name(file.name + ".new")
        draft.write_text(made.text, encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        raise BadInput(
            tr("The file could not be written"),
            tr("%(file)s: %(why)s") % {"file": file, "why": error.strerror or type(error).__name__},
        ) from error
    return made


def differences(
    file: Path, settings: Settings, locked: Collection[str] = ()
) -> tuple[Difference, ...]:
    """What bringing these settings back would change; what is locked or unknown stays.

    Raises BadInput for what is no such file.
    """
    given = _read(file)
    current = asdict(settings)
    return tuple(
        Difference(each.name, current[each.name], given[each.name])
        for each in fields(Settings)
        if each.name in given and each.name not in _LEFT_OUT and each.name not in locked
        if _fits(each.default, given[each.name]) and given[each.name] != current[each.name]
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as stream:
            text = stream.read(_BYTES_AT_MOST + 1)
    except OSError as error:
        raise BadInput(
            tr("The file could not be read"),
            tr("%(file)s: %(why)s") % {"file": file, "why": error.strerror or type(error).__name__},
        ) from error
    try:
        whole = json.loads(text) if len(text) <= _BYTES_AT_MOST else None
    except (ValueError, RecursionError):
        whole = None
    given = whole.get("settings") if isinstance(whole, dict) else None
    if not isinstance(whole, dict) or whole.get(_MARK) != _VERSION or not isinstance(given, dict):
        raise BadInput(
            tr("These are no settings of Desk Phone"),
            tr("Choose a file that was saved here, in Settings under Advanced."),
        )
    return given


def _fits(default: object, value: object) -> bool:
    if type(value) is not type(default):
        return False
    return not isinstance(value, str) or (value.isprintable() and len(value) <= _LETTERS_AT_MOST)


def _may_hold_secret(text: str) -> bool:
    """A login in an address, a long word such as a key, or something that is called one."""
    if "://" not in text:
        return bool(_LONG_WORD.search(text) and _SECRET_NAME.search(text))
    try:
        parts = urlsplit(text)
        named = any(_SECRET_NAME.search(name) for name, _ in parse_qsl(parts.query))
    except ValueError:
        return True
    return bool("@" in parts.netloc or named or _LONG_WORD.search(f"{parts.path}?{parts.query}"))
