"""An X keyboard: which codes give a key, and which bits its modifiers and locks are. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from desk_phone.model.shortcut import Modifier, Shortcut

SHIFT, LOCK, CONTROL, MOD1, MOD4 = 1, 2, 4, 8, 64
EVERY_MODIFIER = 0xFF  # of an event's state; above are the buttons and the group of keys

# keysymdef.h
_NUM_LOCK, _SCROLL_LOCK = 0xFF7F, 0xFF14
_ALT, _SUPER = (0xFFE9, 0xFFEA), (0xFFEB, 0xFFEC)
_F1 = 0xFFBE
_NAMED = {
    "space": 0x20,
    "insert": 0xFF63,
    "delete": 0xFFFF,
    "home": 0xFF50,
    "end": 0xFF57,
    "pageup": 0xFF55,
    "pagedown": 0xFF56,
    "pause": 0xFF13,
    "print": 0xFF61,
}


@dataclass(frozen=True, slots=True)
class Keyboard:
    """``codes`` of each keysym; ``bits`` of the modifiers; ``locks`` are the bits that may be on
    while somebody types: CapsLock, NumLock, ScrollLock."""

    codes: dict[int, tuple[int, ...]]
    bits: dict[Modifier, int]
    locks: tuple[int, ...]

    def codes_of(self, shortcut: Shortcut) -> tuple[int, ...]:
        """Empty where the keyboard has no such key."""
        return self.codes.get(keysym(shortcut.key), ())

    def mask_of(self, shortcut: Shortcut) -> int:
        mask = 0
        for modifier in shortcut.modifiers:
            mask |= self.bits[modifier]
        return mask

    def with_locks(self, mask: int) -> tuple[int, ...]:
        """The mask with every mix of the locks: a grab holds for exactly one."""
        mixes = (mix for n in range(len(self.locks) + 1) for mix in combinations(self.locks, n))
        return tuple(mask | sum(mix) for mix in mixes)

    def without_locks(self, state: int) -> int:
        """What an event's state says of modifiers alone."""
        return state & EVERY_MODIFIER & ~sum(self.locks)


def keysym(key: str) -> int:
    """Of a `Shortcut`'s key."""
    if key in _NAMED:
        return _NAMED[key]
    return _F1 + int(key[1:]) - 1 if len(key) > 1 else ord(key)


def keyboard(
    first_code: int, keysyms: Sequence[int], width: int, modifiers: Sequence[int]
) -> Keyboard:
    """From the replies of GetKeyboardMapping (``width`` keysyms a code) and GetModifierMapping
    (the codes of the eight modifiers, one after the other)."""
    codes: defaultdict[int, list[int]] = defaultdict(list)
    for at in range(0, len(keysyms), width):
        for symbol in set(keysyms[at : at + width]) - {0}:
            codes[symbol].append(first_code + at // width)
    each = len(modifiers) // 8

    def bit_of(symbols: Iterable[int]) -> int:
        wanted = {code for symbol in symbols for code in codes.get(symbol, ())}
        rows = (set(modifiers[at * each : (at + 1) * each]) for at in range(8))
        return next((1 << at for at, row in enumerate(rows) if row & wanted), 0)

    bits = {
        Modifier.SHIFT: SHIFT,
        Modifier.CTRL: CONTROL,
        Modifier.ALT: bit_of(_ALT) or MOD1,
        Modifier.SUPER: bit_of(_SUPER) or MOD4,
    }
    locks = {LOCK, bit_of((_NUM_LOCK,)), bit_of((_SCROLL_LOCK,))} - {0, *bits.values()}
    found = {symbol: tuple(found) for symbol, found in codes.items()}
    return Keyboard(found, bits, tuple(sorted(locks)))
