"""Addresses with placeholders, and what fills them.

Every value comes from outside: it is one clean line, and in an address each letter of it that means
something there is escaped. The address itself, up to the first ``/`` behind the host, is the
person's own: no placeholder may stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.calls import Direction
from desk_phone.model.crm import CrmCall
from desk_phone.model.text import clean

URL_AT_MOST = 2000  # characters: Windows hands no more to a browser
NOTE_AT_MOST = 200  # of a note, in an address or an argument
_TEMPLATE_AT_MOST = 1000


class Placeholder(StrEnum):
    E164 = "e164"
    NATIONAL = "national"
    DIGITS = "digits"
    NAME = "name"
    OWN = "own"
    DIRECTION = "direction"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Literal:
    text: str


Part = Literal | Placeholder

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
# What runs code, reads files, or dials: a page that opens by itself must do none of it.
_NEVER = frozenset(
    (
        *("about", "blob", "chrome", "data", "edge", "file", "filesystem", "ftp", "ftps", "jar"),
        *("javascript", "ldap", "mhtml", "ms-appinstaller", "ms-msdt", "ms-officecmd", "nfs"),
        *("res", "search", "search-ms", "shell", "smb", "ssh", "telnet", "vbscript"),
        *("view-source", "callto", "desk-phone", "facetime", "facetime-audio", "sip", "sips"),
        *("sms", "tel", "whatsapp"),
    )
)


def parse(text: str) -> tuple[Part, ...]:
    """The pieces of a template; ``{{`` and ``}}`` stand for braces. Raises BadInput."""
    if len(text) > _TEMPLATE_AT_MOST:
        raise BadInput(
            tr("This is too long"),
            tr("%(n)d characters are enough.") % {"n": _TEMPLATE_AT_MOST},
        )
    return tuple(_part(found) for found in _TOKEN.finditer(text))


def fill(parts: tuple[Part, ...], value: Callable[[Placeholder], str]) -> str:
    return "".join(part.text if isinstance(part, Literal) else value(part) for part in parts)


def values(call: CrmCall) -> Mapping[Placeholder, str]:
    """Each one line of clean text, perhaps empty."""
    known = {Direction.INCOMING: "incoming", Direction.OUTGOING: "outgoing"}
    return {
        Placeholder.E164: call.number,
        Placeholder.NATIONAL: call.national,
        Placeholder.DIGITS: call.digits,
        Placeholder.NAME: clean(call.call.name),
        Placeholder.OWN: call.call.own,
        Placeholder.DIRECTION: known.get(call.call.direction, ""),
        Placeholder.NOTE: one_line(call.note, NOTE_AT_MOST),
    }


def one_line(text: str, at_most: int) -> str:
    """Like `clean`, for a text that may be longer than a name."""
    lines = (
        clean(line[at:][:100]) for line in text.splitlines() for at in range(0, len(line), 100)
    )
    return " ".join(filter(None, lines))[:at_most].rstrip()


def check_url(template: str) -> tuple[Part, ...]:
    """The pieces of an address that may be opened. Raises BadInput, which says why not."""
    parts = parse(template.strip())
    given = _SCHEME.match(parts[0].text) if parts and isinstance(parts[0], Literal) else None
    if given is None or not _is_plain(parts):
        raise BadInput(
            tr("This is no address"),
            tr("It begins like https://crm.example/search?q={e164} and has no spaces."),
        )
    scheme = given[1].lower()
    if scheme in _NEVER:
        raise BadInput(
            tr("Addresses that begin with %(scheme)s: are not opened") % {"scheme": scheme},
            tr("Use the address of a web page, or of the CRM's own program."),
        )
    if scheme in ("http", "https"):
        _check_host(parts, given.end())
    return parts


def filled_url(parts: tuple[Part, ...], call: CrmCall) -> str:
    """Without the note where it would be too long with it. Raises BadInput when it still is."""
    known = dict(values(call))
    for _ in range(2):
        url = fill(parts, lambda placeholder: _escaped(known[placeholder]))
        if len(url) <= URL_AT_MOST:
            return url
        known[Placeholder.NOTE] = ""
    raise BadInput(
        tr("The address of the page is too long"),
        tr("Shorten the address in the settings, or leave {name} and {note} out."),
    )


def list_of_placeholders() -> str:
    return " ".join(f"{{{placeholder}}}" for placeholder in Placeholder)


def _part(found: re.Match[str]) -> Part:
    text = found[0]
    if text in ("{{", "}}"):
        return Literal(text[0])
    if text in ("{", "}"):
        raise BadInput(
            tr("There is a { or } too many"),
            tr("Write {{ or }} where you mean the sign itself."),
        )
    if not text.startswith("{"):
        return Literal(text)
    name = found[1].strip().lower()
    if name not in set(Placeholder):
        raise BadInput(
            tr("There is no placeholder %(name)s") % {"name": "{" + clean(found[1])[:40] + "}"},
            tr("Known are: %(names)s") % {"names": list_of_placeholders()},
        )
    return Placeholder(name)


def _is_plain(parts: tuple[Part, ...]) -> bool:
    """No blanks, no control or invisible characters in what the person typed."""
    typed = "".join(part.text for part in parts if isinstance(part, Literal))
    return typed.isprintable() and not any(c.isspace() or c in '"<>\\^`|' for c in typed)


def _check_host(parts: tuple[Part, ...], after_scheme: int) -> None:
    typed = ""
    for part in parts:
        if not isinstance(part, Literal):
            break
        typed += part.text
    rest = typed[after_scheme:]
    whole = len(typed) == len(fill(parts, lambda _: "?"))
    ends = re.search(r"[/?#]", rest[2:])
    host = rest[2:][: ends.start()] if ends else rest[2:]
    if not rest.startswith("//") or not host or (ends is None and not whole):
        raise BadInput(
            tr("The name of the server must be written out"),
            tr("Placeholders come behind it, as in https://crm.example/search?q={e164}"),
        )
    if "@" in host or not _is_host(typed):
        raise BadInput(
            tr("The name of the server cannot be used"),
            tr("It looks like https://crm.example/ and has no user name or password."),
        )


def _is_host(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return False
    return bool(parts.hostname)


def _escaped(value: str) -> str:
    """A value of dots alone would lead a page up instead of to it."""
    return "" if value in (".", "..") else quote(value, safe="")
