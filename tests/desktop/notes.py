"""What dunst showed, read from the account that ``dunst -print`` gives."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLOCK = re.compile(r"^\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_TEXTS = re.compile(r"^\tsummary: '(.*?)'\n\tbody: '(.*?)'\n\ticon: ", re.MULTILINE | re.DOTALL)
_ACTION = re.compile(r'^\t\t"(.*?)": "(.*)"$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Note:
    """One showing of a notification; an update is one more. Texts as the daemon got them.

    ``actions`` are (name, label); ``timeout`` is in milliseconds, 0: stays.
    """

    id: int
    app: str
    title: str
    body: str
    actions: tuple[tuple[str, str], ...]
    urgency: str
    category: str
    entry: str
    timeout: int


def read(account: str) -> list[Note]:
    return [_note(block) for block in _BLOCK.findall(account)]


def _note(block: str) -> Note:
    def word(name: str) -> str:
        found = re.search(rf"^\t{name}: '?(.*?)'?$", block, re.MULTILINE)
        return found[1] if found else ""

    texts = _TEXTS.search(block)
    return Note(
        int(word("id") or 0),
        word("appname"),
        texts[1] if texts else "",
        texts[2] if texts else "",
        tuple(_ACTION.findall(block)),
        word("urgency"),
        word("category"),
        word("desktop_entry"),
        int(word("timeout") or 0),
    )
