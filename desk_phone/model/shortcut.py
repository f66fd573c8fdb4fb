"""Keys pressed together, as people write them on every system: ``Ctrl+Shift+F11``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from desk_phone.errors import BadInput
from desk_phone.i18n import tr

DEFAULT = "Ctrl+Shift+F11"


class Modifier(StrEnum):
    CTRL = "Ctrl"
    ALT = "Alt"
    SHIFT = "Shift"
    SUPER = "Super"  # the Windows key, Command on a Mac


_OTHER_WORDS = {
    "control": Modifier.CTRL,
    "meta": Modifier.SUPER,
    "win": Modifier.SUPER,
    "cmd": Modifier.SUPER,
    "option": Modifier.ALT,
}
_MODIFIERS = {str(modifier).lower(): modifier for modifier in Modifier} | _OTHER_WORDS
_FUNCTION = re.compile("f([1-9]|1[0-9]|2[0-4])")
NAMED = ("space", "insert", "delete", "home", "end", "pageup", "pagedown", "pause", "print")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``key`` is in lower case: a letter, a digit, ``f1`` to ``f24``, or one of `NAMED`."""

    modifiers: frozenset[Modifier]
    key: str

    def __str__(self) -> str:
        held = [str(modifier) for modifier in Modifier if modifier in self.modifiers]
        return "+".join((*held, self.key.upper() if len(self.key) < 4 else self.key.title()))


def read(text: str) -> Shortcut:
    """Raises BadInput, which says what to press instead."""
    *held, key = (part.strip().lower() for part in text.split("+"))
    if not all(word in _MODIFIERS for word in held) or not _is_key(key):
        raise BadInput(
            tr("These keys cannot be a hotkey"),
            tr("Hold Ctrl, Alt, Shift or Super, and press a letter, a digit or a function key."),
        )
    shortcut = Shortcut(frozenset(_MODIFIERS[word] for word in held), key)
    _check(shortcut)
    return shortcut


def _is_key(key: str) -> bool:
    letter = len(key) == 1 and key.isascii() and key.isalnum()
    return letter or key in NAMED or bool(_FUNCTION.fullmatch(key))


def _check(shortcut: Shortcut) -> None:
    held = shortcut.modifiers - {Modifier.SHIFT}
    function = bool(_FUNCTION.fullmatch(shortcut.key))
    if not held and not function:
        raise BadInput(
            tr("%(keys)s is needed for typing") % {"keys": str(shortcut)},
            tr("Hold Ctrl or Super, too."),
        )
    types = len(shortcut.key) == 1
    if types and {Modifier.CTRL, Modifier.ALT} <= held:
        raise BadInput(
            tr("%(keys)s types a letter on many keyboards") % {"keys": str(shortcut)},
            tr("Ctrl and Alt together are AltGr. Choose Ctrl and Shift, or a function key."),
        )
