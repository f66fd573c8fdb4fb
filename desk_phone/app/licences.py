"""Whose work the program stands on, and under which terms. Free of Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from desk_phone.assets import resource

_OURS = "desk-phone"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_TEXTS = re.compile(r"(^|/)(licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)
_LETTERS_AT_MOST = 60  # of a licence's name: some packages give its whole text there
_CLASSIFIER = "License :: "
LUCIDE = "Lucide"


@dataclass(frozen=True, slots=True)
class Licence:
    """``terms`` is the licence's name as the package gives it, empty where it gives none."""

    name: str
    version: str
    terms: str


def licences() -> tuple[Licence, ...]:
    """Of everything that the program needs to run, as far as it is installed; by name."""
    found = {licence.name.casefold(): licence for licence in _needed()}
    found[LUCIDE.casefold()] = Licence(LUCIDE, "", "ISC")
    return tuple(found[name] for name in sorted(found))


def text_of(name: str) -> str:
    """The texts that come with a package, or that its terms name; empty where there are none."""
    if name == LUCIDE:
        return resource("icons", "LICENSE-lucide").read_text(encoding="utf-8")
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return ""
    texts = [_read(file) for file in found.files or [] if _TEXTS.search(file.as_posix())]
    return "\n\n".join(filter(None, texts)) or _named(_terms(found))


def _named(terms: str) -> str:
    """Qt's wheels bring no text of their licence: the LGPL, and the GPL that it adds to."""
    if "LGPL-3.0" not in terms:
        return ""
    files = (resource("licences", name) for name in ("LGPL-3.txt", "GPL-3.txt"))
    return "\n\n".join(file.read_text(encoding="utf-8") for file in files)


def _needed() -> Iterator[Licence]:
    waiting, seen = [_OURS], set()
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:
            continue
        seen.add(key)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # of another system
            continue
        if key != _OURS:
            yield Licence(found.metadata["Name"], found.version, _terms(found))
        waiting += [match[0] for one in found.requires or () if (match := _wanted(one))]


def _wanted(requirement: str) -> re.Match[str] | None:
    """The name of what is needed without any extra."""
    return None if re.search(r"\bextra\s*==", requirement) else _NAME.match(requirement)


def _terms(found: metadata.Distribution) -> str:
    said = found.metadata
    for expression in said.get_all("License-Expression") or ():
        return str(expression)
    named = [c for c in said.get_all("Classifier") or () if c.startswith(_CLASSIFIER)]
    if named:
        return ", ".join(one.rpartition(" :: ")[2] for one in named)
    text = "".join(said.get_all("License") or ()).strip()
    return text if len(text) <= _LETTERS_AT_MOST and "\n" not in text else ""


def _read(file: metadata.PackagePath) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
