"""Files that tell a Linux desktop of a program (Desktop Entry Specification 1.5)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

_NEEDS_QUOTES = frozenset(" \t\n\"'\\><~|&;$*?#()`")


def exec_line(words: Iterable[str], *fields: str) -> str:
    """The words as a value of ``Exec``; ``fields`` are its codes, such as ``%u``."""
    return " ".join((*(_quoted(word) for word in words), *fields))


def entry(values: Mapping[str, str]) -> str:
    """The text of a file; a value that would end its line is left out of it."""
    lines = (f"{name}={value}" for name, value in values.items() if "\n" not in value)
    return "\n".join(("[Desktop Entry]", *lines, ""))


def value_in(text: str, name: str, group: str = "Desktop Entry") -> str:
    """Of a file's text; empty where it has none."""
    inside = False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.strip() == f"[{group}]"
        elif inside and line.partition("=")[0].strip() == name:
            return line.partition("=")[2].strip()
    return ""


def write(file: Path, text: str) -> None:
    """All or nothing. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def config_home() -> Path:
    return _home("XDG_CONFIG_HOME", ".config")


def data_home() -> Path:
    return _home("XDG_DATA_HOME", ".local/share")


def config_folders() -> list[Path]:
    """Where an administrator's files lie, the one that counts first."""
    others = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return [Path(folder) for folder in others.split(":") if folder.startswith("/")]


def data_folders() -> list[Path]:
    """Where the files of programs are looked for, the person's own first."""
    others = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [data_home(), *(Path(folder) for folder in others.split(":") if folder)]


def _home(name: str, usual: str) -> Path:
    given = os.environ.get(name, "")
    return Path(given) if given.startswith("/") else Path.home() / usual


def _quoted(word: str) -> str:
    """A value is unescaped twice: as a text, then as an argument."""
    word = word.replace("%", "%%")
    if word and not _NEEDS_QUOTES & set(word):
        return word
    for letter in ("\\", '"', "`", "$"):
        word = word.replace(letter, f"\\{letter}")
    return f'"{word}"'.replace("\\", "\\\\")
