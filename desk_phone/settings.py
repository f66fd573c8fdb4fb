"""What a person chose. Never a password: that lies in the system's keyring."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
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
    theme: str = "system"  # system, light, dark
    language: str = "en"
    poll_seconds: int = 0  # 0: the rhythm of model.schedule; else fixed, for trying out
    hidden_at_start: bool = False
    window_geometry: str = ""  # Qt's own bytes, base64
    phonebook_unlocked: bool = False  # a person knows that the whole company sees the changes


class BadSettings(ValueError):
    """The file is there and cannot be read as settings."""


def load(path: Path) -> Settings:
    """Read the settings; a missing file means the defaults. Unknown names are ignored.

    Raises BadSettings for a file that is not ours to guess at; the caller keeps it aside.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(str(error)) from error
    try:
        given = json.loads(text)
    except ValueError as error:
        raise BadSettings(str(error)) from error
    if not isinstance(given, dict):
        raise BadSettings("not an object")
    return Settings(**_known(given))


def _known(given: dict[str, Any]) -> dict[str, Any]:
    """Only what has the right name and the type of its default."""
    known: dict[str, Any] = {}
    for field in fields(Settings):
        value = given.get(field.name, field.default)
        kind = type(field.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        known[field.name] = value if type(value) is kind else field.default
    return known


def save(path: Path, settings: Settings) -> None:
    """Write all or nothing: a crash leaves the old file whole. Raises OSError (a full disk)."""
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(settings), file, indent=2, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o600)
    draft.replace(path)
