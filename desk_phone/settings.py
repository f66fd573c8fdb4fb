"""What a person chose. Never a password: that lies in the system's keyring."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

SERVICE_URL = "https://teenused.telia.ee/external/"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. Durations are in seconds; numbers are canonical."""

    service_url: str = SERVICE_URL
    proxy: str = ""  # http://host:port, empty: none
    user: str = ""  # the group administrator's name, P0000000@elion.ee
    own_number: str = ""  # the line that rings first, chosen from the company's numbers
    own_name: str = ""
    popups: bool = True
    popups_paused_until: float = 0.0  # unix time
    missed_card_seconds: int = 10  # 0: stays until answered
    ringing_card_seconds: int = 25  # 0: stays until somebody answers, or nobody did
    card_sound: bool = False
    hide_while_presenting: bool = True  # name and number, while a window fills the screen
    quiet_from: str = ""  # HH:MM by the wall clock; empty: no quiet hours
    quiet_until: str = ""  # HH:MM, perhaps the next day
    quiet_weekends: bool = False
    quiet_holidays: bool = False  # Estonian public holidays
    theme: str = "system"  # system, light, dark
    language: str = ""  # one of `i18n.LANGUAGES`; empty: as the system, see `i18n.chosen`
    poll_seconds: int = 0  # 0: the rhythm of model.schedule; else fixed, for trying out
    hidden_at_start: bool = False
    week_shown: bool = False  # the card of the week, on the Calls page
    window_geometry: str = ""  # Qt's own bytes, base64
    hotkey_on: bool = True
    hotkey: str = "Ctrl+Shift+F11"  # as `model.shortcut` reads it
    hotkey_mode: str = "ask"  # ask, at once, palette
    phonebook_unlocked: bool = False  # a person knows that the whole company sees the changes
    keep_months: int = 24  # that calls and their notes are kept; 0: for ever
    notices_on: bool = False  # listen for what the service tells of calls by itself
    notices_address: str = "127.0.0.1"  # where to listen; 0.0.0.0: on every network
    notices_port: int = 8507
    notices_url: str = ""  # what leads there from outside, without the secret
    notices_proxies: str = "127.0.0.1 ::1"  # believed when they name whom they speak for
    notices_callers: str = "84.50.42.87 84.50.42.108"  # the service; empty: who has the secret
    relay_url: str = ""  # the company's relay, https://relay.company.example; empty: none
    relay_device: str = ""  # what the relay calls this computer; empty: not enrolled there
    relay_broker: str = ""  # where it tells of calls, as `model.broker` writes it
    relay_numbers: str = ""  # whose calls this computer may hear of and make, by the relay
    relay_notices: bool = True  # hear of calls there
    update_url: str = ""  # tells of the newest version, https://...; empty: nobody is asked
    crm_url: str = ""  # with placeholders, see model.crm_template; empty: none
    crm_program: str = ""  # and its arguments, with placeholders, see model.crm_program
    crm_open: str = "click"  # click, ringing, answered
    crm_unknown_only: bool = False  # opens by itself only for callers whom nobody here knows
    crm_incoming_only: bool = True
    crm_my_line_only: bool = True
    crm_webhook: str = ""  # https://..., told of each event; empty: none
    crm_signed: bool = False  # the keyring has the secret that signs it

    @property
    def relayed(self) -> bool:
        """Whether the company is reached through its relay, which knows this computer."""
        return bool(self.relay_url and self.relay_device)

    @property
    def lines(self) -> tuple[str, ...]:
        """The numbers that the relay lets this computer use; without a relay it is all."""
        return tuple(self.relay_numbers.split()) if self.relayed else ()

    @property
    def login(self) -> str:
        """Whose password, or token of the relay's, lies in the keyring; empty: nobody's yet."""
        return self.relay_device if self.relayed else self.user


class BadSettings(ValueError):
    """The file is there and cannot be read as settings."""


@dataclass(frozen=True, slots=True)
class WrongPreset:
    """A word of a preset that means nothing: a name in a part, or with an empty name the part."""

    part: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """What an administrator set for everybody: ``usual`` where a person chose nothing, ``locked``
    whatever a person chose. Values have the types of their fields. ``file`` None: there is none.
    """

    usual: Mapping[str, Any] = field(default_factory=dict)
    locked: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[WrongPreset, ...] = ()
    file: Path | None = None

    @property
    def settings(self) -> Settings:
        """Of a person who chose nothing."""
        return Settings(**{**self.usual, **self.locked})


NO_PRESET = Preset()


def load(path: Path, preset: Preset = NO_PRESET) -> Settings:
    """Read the settings; a missing file means the preset's. Unknown names are ignored.

    Raises BadSettings for a file that is not ours to guess at; the caller keeps it aside.
    """
    chosen = _known(_read(path))
    return Settings(**{**preset.usual, **chosen, **preset.locked})


def load_preset(path: Path) -> Preset:
    """``{"usual": {...}, "locked": {...}}``; a missing file presets nothing.

    What has the wrong type does not count, but what was meant to be locked is locked, to the
    default. Raises BadSettings where nobody knows what was meant, also for a file that others than
    an administrator could have written.
    """
    given = _read(path)
    if given and os.name == "posix":
        _check_owner(path)
    parts = {name: given.pop(name, {}) for name in ("usual", "locked")}
    wrong = [WrongPreset(part) for part in given]
    for part, values in parts.items():
        if not isinstance(values, dict):
            raise BadSettings(f"{part}: not an object")
        known = _known(values)
        odd = [name for name in values if name not in known]
        wrong += (WrongPreset(part, name) for name in odd)
        fixed = {n: getattr(Settings(), n) for n in odd if kind_of(n) and part == "locked"}
        parts[part] = {**known, **fixed}
    return Preset(**parts, wrong=tuple(wrong), file=path if path.exists() else None)


def kind_of(name: str) -> type | None:
    """What a setting is; None where there is none of that name."""
    found = (type(each.default) for each in fields(Settings) if each.name == name)
    return next(found, None)


def _check_owner(path: Path) -> None:
    found = path.stat()
    if found.st_uid not in (0, os.getuid()) or found.st_mode & 0o022:
        raise BadSettings("others than an administrator can write to it")


def _read(path: Path) -> dict[str, Any]:
    """Empty for a missing file. Raises BadSettings."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # PowerShell begins with a mark
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(str(error)) from error
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSettings(str(error)) from error
    if not isinstance(given, dict):
        raise BadSettings("not an object")
    return given


def _known(given: dict[str, Any]) -> dict[str, Any]:
    """Only what has the right name and the type of its default."""
    known: dict[str, Any] = {}
    for each in fields(Settings):
        value, kind = given.get(each.name), type(each.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = _as_float(value)
        if type(value) is kind:
            known[each.name] = value
    return known


def _as_float(value: int) -> float | None:
    """None where it is larger than any."""
    try:
        return float(value)
    except OverflowError:
        return None


def save(path: Path, settings: Settings, preset: Preset = NO_PRESET) -> None:
    """Write what differs from the preset, so that a change there reaches who chose nothing.

    All or nothing: a crash leaves the old file whole. Raises OSError (a full disk).
    """
    usual = asdict(preset.settings)
    chosen = {name: value for name, value in asdict(settings).items() if value != usual[name]}
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(chosen, file, indent=2, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o600)
    draft.replace(path)
