"""A report on the program itself: parts with facts, none of them about a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from desk_phone.settings import Preset, Settings

_SHOWN = frozenset(  # texts that can say nothing of a person; any other is told as set or empty
    (
        *("quiet_from", "quiet_until", "theme", "language", "hotkey", "hotkey_mode"),
        "crm_open",
    )
)
_SHOWN_AT_MOST = 60  # letters: somebody may have written anything into the file


@dataclass(frozen=True, slots=True)
class Part:
    """Each fact is a name and what is so; a name may stand several times."""

    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Report:
    made: datetime
    parts: tuple[Part, ...]


def as_text(report: Report) -> str:
    lines = [f"Desk Phone diagnostics, {report.made.isoformat(timespec='seconds')}"]
    for part in report.parts:
        lines += ["", part.title, "-" * len(part.title)]
        width = max((len(name) for name, _ in part.facts), default=0)
        lines += [f"{name:<{width}}  {value}".rstrip() for name, value in part.facts]
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    said = {"made": report.made.isoformat(timespec="seconds"), "parts": parts_out(report.parts)}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def parts_out(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [{"title": part.title, "facts": [list(fact) for fact in part.facts]} for part in parts]


def parts_in(given: Any) -> tuple[Part, ...]:
    """What `parts_out` gave. Raises ValueError for anything else."""
    try:
        return tuple(
            Part(str(one["title"]), tuple((str(name), str(value)) for name, value in one["facts"]))
            for one in given
        )
    except (TypeError, KeyError) as error:
        raise ValueError("no parts of a report") from error


def covered(report: Report, cover: Callable[[str], str]) -> Report:
    """The same, each value after ``cover`` went over it."""
    parts = (
        Part(part.title, tuple((name, cover(value)) for name, value in part.facts))
        for part in report.parts
    )
    return Report(report.made, tuple(parts))


def preset_part(preset: Preset) -> Part:
    """What an administrator set for everybody: the names alone."""
    wrong = (f"{each.part} {each.name}"[:_SHOWN_AT_MOST] for each in preset.wrong)
    facts = (
        ("file", "there" if preset.file else "none"),
        *(("usual", name) for name in sorted(preset.usual)),
        *(("locked", name) for name in sorted(preset.locked)),
        *(("wrong", name.strip()) for name in wrong),
    )
    return Part("Settings for everybody", facts)


def settings_part(settings: Settings) -> Part:
    """Switches and figures as they are; of texts no more than whether there is one."""
    usual = Settings()
    values: Mapping[str, Any] = asdict(settings)
    facts = []
    for each in fields(Settings):
        value = values[each.name]
        said = _said(each.name, value)
        mark = "" if value == getattr(usual, each.name) else " (changed)"
        facts.append((each.name, said + mark))
    return Part("Settings", tuple(facts))


def _said(name: str, value: object) -> str:
    if not isinstance(value, str):
        return str(value)
    if not value:
        return "empty"
    if value == getattr(Settings(), name):
        return value if name in _SHOWN else "as usual"
    if name == "service_url":
        return f"another one, {_scheme(value)}"
    if name in _SHOWN and len(value) <= _SHOWN_AT_MOST:
        return value
    return f"set, {len(value)} letters"


def _scheme(url: str) -> str:
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    return scheme if scheme in ("https", "http") else "of no kind we know"
