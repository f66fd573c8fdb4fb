"""Text made comparable, so that a search finds any spelling: Иванов, Ivanov, Žanna, Zhanna.

Our own small table: the libraries that transliterate more are GPL or many times the size.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Cyrillic by the ICAO table (Doc 9303), and the Latin letters that have no mark to take off.
_SPELT_OUT = (
    "ж=zh х=kh ц=ts ч=ch ш=sh щ=shch ю=iu я=ia є=ie љ=lj њ=nj ь= ъ= æ=ae œ=oe þ=th '= ’= ʼ= `="
)
_ONE_TO_ONE = ("абвгдезиклмнопрстуфыэґіјøłđðıħŋŧ", "abvgdeziklmnoprstufyegijolddihnt")
_LETTERS = str.maketrans(
    dict(zip(*_ONE_TO_ONE, strict=True)) | dict(pair.split("=") for pair in _SPELT_OUT.split())
)
_NOT_A_WORD = re.compile(r"[\W_]+")

# Ways to write one sound, in this order; both the text and what is sought go through it.
_SOUNDS = (
    (re.compile("shch|stsh|sts|sch"), "s"),  # щ: shcherbakov, štšerbakov, scherbakov
    (re.compile("tsh|tch|ch|ts|c(?!k)"), "c"),  # ч and ц: chekhov, tšehhov; tsvetkov, cvetkov
    (re.compile("ck"), "k"),
    (re.compile("zh"), "z"),
    (re.compile("sh"), "s"),
    (re.compile("kh"), "h"),
    (re.compile("ph"), "f"),
    (re.compile("x"), "ks"),
    (re.compile("w"), "v"),
    (re.compile("[yj]"), "i"),
    (re.compile("i+[eo]"), "e"),  # jevgeni, evgeny; pjotr, petr
    (re.compile(r"(.)\1+"), r"\1"),
)

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_ESTONIAN = "qwertyuiopüõasdfghjklöäzxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN = str.maketrans(_QWERTY + _ESTONIAN, _RUSSIAN * 2)
_TO_LATIN = str.maketrans(_RUSSIAN, _ESTONIAN)
_KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Lower case Latin letters, digits and single spaces; other scripts stay themselves."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain.casefold() if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", plain.translate(_LETTERS)).strip()


@lru_cache(maxsize=16384)
def sound(folded: str) -> str:
    """What is left of a folded text when the spellings of one sound are made one.

    Coarse on purpose: for searching beside the folded text, never for saying that two names are
    the same.
    """
    for spellings, one in _SOUNDS:
        folded = spellings.sub(one, folded)
    return folded


def layouts(text: str) -> tuple[str, ...]:
    """``text`` as if typed with the wrong keyboard: ``bdfyjd`` is иванов, ``фттф`` is anna.

    English and Estonian keys become Russian ones and the other way round; none when nothing would
    change.
    """
    lower = text.lower()
    others = (lower.translate(_TO_RUSSIAN), lower.translate(_TO_LATIN))
    return tuple(dict.fromkeys(other for other in others if other != lower))


def t9(folded: str) -> str:
    """The keys of a phone that spell a folded text: ``anna kask`` is ``2662 5275``."""
    return folded.translate(_KEYS)
