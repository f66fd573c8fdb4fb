"""Words that must not leave: found in a text however they are cased, and covered."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "***"
_WORD = re.compile(r"\w+")
_SHORTEST = 3  # letters of a name that is a single word


class Hiding:
    """Covers names in one text. Only what the text has is kept of the names, however many."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = list(_WORD.finditer(text))
        self._words = [match[0].casefold() for match in self._found]
        self._places: dict[str, list[int]] = {}
        for at, word in enumerate(self._words):
            self._places.setdefault(word, []).append(at)
        self._covered: set[int] = set()

    def hide(self, names: Iterable[str]) -> None:
        """Each name is the words it is made of, one after another, whatever stands between."""
        for name in names:
            words = _WORD.findall(name.casefold())
            if not words or (len(words) == 1 and len(words[0]) < _SHORTEST):
                continue
            if all(word.isdigit() for word in words):  # numbers are masked elsewhere
                continue
            for at in self._places.get(words[0], ()):
                if self._words[at : at + len(words)] == words:
                    self._covered.update(range(at, at + len(words)))

    @property
    def text(self) -> str:
        """With all that was hidden covered."""
        pieces, end = [], 0
        for at in sorted(self._covered):
            match = self._found[at]
            pieces += [self._text[end : match.start()], MASK]
            end = match.end()
        return "".join((*pieces, self._text[end:]))
