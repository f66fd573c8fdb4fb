"""Names in the letters the service takes: printable ASCII and õ ü ö ä Õ Ü Ö Ä.

NuSOAP turns other letters into ``?`` without a word, so none may reach the wire. `wire_name`
proposes a spelling, a person accepts or edits it, `problems` is the last word before sending.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from desk_phone.model.text import AT_MOST, clean

_ODD = re.compile(r"[^ -~õüöäÕÜÖÄ]")


class Problem(StrEnum):
    """Why a name cannot be sent."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    LETTERS = "letters"
    SPACES = "spaces"  # at an end, or two together: a list would show it otherwise


@dataclass(frozen=True, slots=True)
class Remark:
    """A letter the wire cannot carry, and what stands for it; empty: nothing does."""

    letter: str
    became: str


@dataclass(frozen=True, slots=True)
class WireName:
    """``text`` holds allowed letters alone; it may be empty or too long."""

    text: str
    remarks: tuple[Remark, ...] = ()

    @property
    def lost(self) -> tuple[str, ...]:
        """Letters for which nothing stands; the soft sign needs nothing."""
        left_out = (remark.letter for remark in self.remarks if not remark.became)
        return tuple(letter for letter in left_out if letter.lower() not in _SPELLED)


def problems(name: str) -> tuple[Problem, ...]:
    """What keeps ``name`` from being sent as it is; empty when nothing does."""
    found = []
    if not name.strip():
        found.append(Problem.EMPTY)
    if len(name) > AT_MOST:
        found.append(Problem.TOO_LONG)
    if _ODD.search(name):
        found.append(Problem.LETTERS)
    elif name.strip() and " ".join(name.split()) != name:
        found.append(Problem.SPACES)
    return tuple(found)


def odd_letters(name: str) -> str:
    """The letters of ``name`` that the service does not take, each once."""
    return "".join(dict.fromkeys(_ODD.findall(name)))


def wire_name(pretty: str) -> WireName:
    """How ``pretty`` may be spelled for the wire.

    Estonian š and ž become sh and zh, Cyrillic goes by ICAO Doc 9303, other Latin letters lose
    their marks; what is left over is dropped with a remark.
    """
    text = clean(pretty)
    letters, remarks = [], []
    for at, letter in enumerate(text):
        if not _ODD.match(letter):
            letters.append(letter)
            continue
        became = _cased(_spelled(letter), letter, text[at - 1 : at], text[at + 1 : at + 2])
        letters.append(became)
        remarks.append(Remark(letter, became))
    return WireName(" ".join("".join(letters).split()), tuple(dict.fromkeys(remarks)))


def _spelled(letter: str) -> str:
    """In small letters, as far as there are any."""
    small = letter.lower()
    if small in _SPELLED:
        return _SPELLED[small]
    bare = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    if bare != small and bare in _SPELLED:
        return _SPELLED[bare]
    return bare if bare and not _ODD.search(bare) else ""


def _cased(spelled: str, letter: str, before: str, after: str) -> str:
    """``Щ`` is Shch in Щукин and SHCH in ЩУКИН."""
    if letter == letter.lower():
        return spelled
    loud = after.isupper() or (not after.isalpha() and before.isupper())
    return spelled.upper() if loud else spelled[:1].upper() + spelled[1:]


def _table(words: str) -> dict[str, str]:
    """Words of a letter and, right behind it, its spelling."""
    return {word[0]: word[1:] for word in words.split()}


_SPELLED = {
    **_table("šsh žzh"),  # Estonian
    # ICAO Doc 9303, part 3, section 6 B; the soft sign has no letter.
    **_table("аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh"),
    **_table("щshch ъie ыy ь эe юiu яia ґg єie іi їi ўu ђd ѓg ѕdz јj ќk љlj њnj ћc џdz ѣie"),
    # Latin letters that taking the mark away does not spell.
    **_table("ßss æae œoe øo đd ðd þth łl ıi ħh ŋn ĸq ŧt əe №No ·- •- ×x"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
}
