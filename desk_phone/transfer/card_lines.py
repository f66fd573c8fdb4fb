"""The lines of a vCard file: put together, taken apart, decoded.

vCard 2.1 (versit, 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350). Lines stay bytes until their own
CHARSET is known, and because a folded line may be cut inside a letter.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

WANTED = frozenset(("BEGIN", "END", "VERSION", "PRODID", "KIND", "FN", "N", "ORG", "TEL"))
WIRE = "X-DESK-PHONE-NAME"  # ours: the spelling for the desk phones
_GROUP = "X-ADDRESSBOOKSERVER-KIND"  # Apple's
_PARTS_AT_MOST = 1000  # physical lines of one that are kept

_HEAD = re.compile(rb"\s*(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<rest>[;:].*)", re.DOTALL)
_PARAMETER = re.compile(rb';\s*(?:(?P<key>[\w-]+)\s*=)?(?P<value>(?:"[^"]*"|[^";:])*)')
_QUOTED = re.compile(rb";\s*(?:ENCODING\s*=\s*)?QUOTED-PRINTABLE\b[^:]*:", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FIELD = re.compile(r"(?:\\.|[^;\\])*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Property:
    """``value`` still has its escapes; ``types`` are in small letters. ``name`` is empty for a
    line that is none of a card."""

    line: int
    name: str
    value: str = ""
    types: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return unescaped(self.value)

    @property
    def fields(self) -> list[str]:
        """The parts of a structured value (``N``, ``ORG``)."""
        return [unescaped(field) for field in split_fields(self.value)]


def properties(lines: Iterable[bytes], encodings: Sequence[str]) -> Iterator[Property]:
    """Those properties that a phonebook has a use for, and lines that are none at all.

    A value is in the first of ``encodings`` that it can be in, unless it names one itself.
    """
    for number, line in _unfolded(lines):
        found = _HEAD.match(line)
        if not found:
            if line.strip():
                yield Property(number, "")
            continue
        name = found["name"].decode().upper()
        if name in WANTED or name in (WIRE, _GROUP):
            yield _property(number, "KIND" if name == _GROUP else name, found["rest"], encodings)


def split_fields(value: str) -> list[str]:
    fields, at = [], 0
    while at <= len(value):
        found = _FIELD.match(value, at)
        fields.append(found[0] if found else "")
        at += len(fields[-1]) + 1
    return fields


def unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _property(line: int, name: str, rest: bytes, encodings: Sequence[str]) -> Property:
    types: set[str] = set()
    quoted = False
    at = 0
    while found := _PARAMETER.match(rest, at):
        at = found.end()
        key = (found["key"] or b"").decode().upper()
        words = found["value"].replace(b'"', b"").decode("ascii", "replace").strip().lower()
        quoted = quoted or words == "quoted-printable"
        if key == "CHARSET":
            encodings = (words, *encodings)
        elif key in ("", "TYPE"):
            types.update(word.strip() for word in words.split(","))
        elif key == "PREF":
            types.add("pref")
    value = rest[at:].removeprefix(b":")
    if quoted:
        value = quopri.decodestring(value)
    return Property(line, name, _decoded(value, encodings).strip(), frozenset(types))


def _decoded(value: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            return value.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return value.decode("utf-8", "replace")


def _unfolded(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Whole lines, each with the number of its first. Of a very long one (a picture) the middle
    is left out."""
    begins, parts, quoted = 0, [b""], False
    for number, line in enumerate(lines, 1):
        soft_end = quoted and parts[-1].endswith(b"=")
        if soft_end:
            # Quoted-printable goes on in the next line where it ends with "=" (Outlook, Android).
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        elif begins and line[:1] in (b" ", b"\t"):
            parts.append(line[1:])
        else:
            if begins:
                yield begins, b"".join(parts)
            begins, parts = number, [line.removeprefix(codecs.BOM_UTF8)]
            quoted = _QUOTED.search(line) is not None
        if len(parts) > _PARTS_AT_MOST:
            del parts[-2]
    if begins:
        yield begins, b"".join(parts)
