"""A newer version of this program, as its makers or the company's IT tell of it. Pure.

``{"version": "1.2.0", "url": "https://..."}``: where to read more; nothing is ever installed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

LARGEST = 64 * 1024  # bytes of the whole document
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){1,3}", re.ASCII)
_URL_AT_MOST = 500  # characters


class NoRelease(ValueError):
    """The document does not say what it should."""


@dataclass(frozen=True, slots=True)
class Release:
    """``url`` is a page for people, always ``https://``; empty where none is named."""

    version: str = ""
    url: str = ""


NONE = Release()


def read(document: bytes) -> Release:
    """Raises NoRelease. What else the document says is for later versions of this program."""
    if len(document) > LARGEST:
        raise NoRelease("too large")
    try:
        given = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise NoRelease("no JSON") from error
    version = given.get("version") if isinstance(given, dict) else None
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise NoRelease("no version")
    url = given.get("url")
    safe = isinstance(url, str) and url.startswith("https://") and url.isprintable()
    return Release(version, url if safe and len(url) <= _URL_AT_MOST else "")


def is_newer(version: str, than: str) -> bool:
    """Whether a version is later than the other one; one that is no version never is."""
    return _parts(version) > _parts(than)


def _parts(version: str) -> tuple[int, ...]:
    """Without zeros at the end: 1.2 and 1.2.0 are the same."""
    if not _VERSION.fullmatch(version):
        return ()
    parts = [int(part) for part in version.split(".")]
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)
