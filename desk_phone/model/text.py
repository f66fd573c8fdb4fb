"""Text from outside: callers' names, phonebook entries, what the service says."""

from __future__ import annotations

import unicodedata

AT_MOST = 128  # characters

# Cc control, Cf invisible (bidi marks, zero-width, soft hyphen), Cs half a character, Zl and Zp
# separators of lines and paragraphs.
_OUT = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def clean(text: str) -> str:
    """``text`` fit to be shown, stored and compared: NFC, one line, at most 128 characters.

    Every run of white space becomes one space, none stays at the ends; control, bidi and other
    invisible characters go. Cleaning twice changes nothing.
    """
    if text.isprintable() and "  " not in text:  # nearly everything the service sends
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if len(text) <= AT_MOST:
            return text.strip()
    visible = "".join(
        c if unicodedata.category(c) not in _OUT else " " if c.isspace() else "" for c in text
    )
    composed = " ".join(unicodedata.normalize("NFC", visible).split())
    return composed[:AT_MOST].rstrip()
