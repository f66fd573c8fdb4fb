"""A language that nobody speaks, to see whether every word on the screen can be translated.

Each text of the code becomes longer by a third, spelt with accents, between brackets: ``Call`` is
``[Ćàłł~~]``. What has no brackets was never asked for; what came from outside has none either.
"""

from __future__ import annotations

import gettext
import math
import re

_PLAIN = "aceginorsuyACEGINORSUYldtzLDTZ"
_ODD = "àćéğíñòŕśúýÀĆÉĞÍÑÒŔŚÚÝłđťžŁĐŤŽ"
_LOOK_ALIKE = str.maketrans(_PLAIN, _ODD)
_HOLE = re.compile(r"%(?:\(\w+\))?[-0-9]*[sdr%]|%\d|\{\w*\}|\n|&")
_LETTER = re.compile(r"[^\W\d_]")


def pseudo(text: str) -> str:
    """The text in that language; holes, new lines and marks of keys as they are."""
    if not _LETTER.search(_HOLE.sub("", text)):
        return text
    pieces, at = [], 0
    for hole in _HOLE.finditer(text):
        pieces += [text[at : hole.start()].translate(_LOOK_ALIKE), hole[0]]
        at = hole.end()
    pieces.append(text[at:].translate(_LOOK_ALIKE))
    longer = "~" * max(1, math.ceil(len(text) * 0.35) - 2)
    return f"[{''.join(pieces)}{longer}]"


class PseudoLanguage(gettext.NullTranslations):
    """``asked`` are the texts it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return pseudo(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)

    def pgettext(self, context: str, message: str) -> str:
        return message if context == "date" else self.gettext(message)
