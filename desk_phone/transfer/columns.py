"""Which column of a sheet holds what, guessed from its head or from what is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk_phone.model.folding import fold
from desk_phone.model.reading import read

# Heads of the files that we write; a file with one of these is ours.
OUR_HEADS = {
    "en": ("Name", "Shown on phones as", "Number 1", "Number 2"),
    "et": ("Nimi", "Telefonides kuvatakse", "Number 1", "Number 2"),
    "ru": ("Имя", "На телефонах", "Номер 1", "Номер 2"),
}


def _words(*texts: str) -> frozenset[str]:
    return frozenset(fold(text) for text in texts)


_NAME = _words(
    *("Name", "Full name", "Display name", "File as", "Contact", "Contact name", "FN", "Caller"),
    *("Nimi", "Täisnimi", "Kuvatav nimi", "Kontakt", "Kontakti nimi", "Ees- ja perekonnanimi"),
    *("ФИО", "Ф.И.О.", "Полное имя", "Имя и фамилия", "Отображаемое имя", "Контакт", "Абонент"),
    *("Название", "Наименование"),
)
_GIVEN = _words("First name", "Given name", "Forename", "Eesnimi", "Имя")
_MIDDLE = _words("Middle name", "Additional name", "Teine eesnimi", "Keskmine nimi", "Отчество")
_FAMILY = _words("Last name", "Family name", "Surname", "Perekonnanimi", "Perenimi", "Фамилия")
_COMPANY = _words(
    *("Company", "Company name", "Organization", "Organization name", "Organization 1 - Name"),
    *("Firma", "Ettevõte", "Asutus", "Организация", "Компания", "Фирма"),
)
_WIRE = frozenset(fold(head[1]) for head in OUR_HEADS.values())
_NUMBER = re.compile(
    r"phone|telefon|\btel\b|mobi|\bmob\b|\bgsm\b|\bcell|\bnumber|\bnumbr|\bnr\b|\bnomer|sotov"
)
_NO_NUMBER = re.compile(
    r"fax|faks|pager|peiler|peidzher|telex|teleks|tty|type|label|tuup|liik|\btip\b"
    r"|\bid\b|kood|code|post|konto|account|arve|maja|street"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of columns, from 0. ``name``: the parts of a name, in their order.

    Where the name is empty the first of ``instead`` that is not stands in: say, a company.
    ``company`` is the column of the company itself, if there is one.
    """

    name: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    wire: tuple[int, ...] = ()
    instead: tuple[int, ...] = ()
    company: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        return bool((self.name or self.instead) and self.numbers)


def is_ours(head: Sequence[str]) -> bool:
    return tuple(head) in OUR_HEADS.values()


def is_head(first: Sequence[str]) -> bool:
    """Whether a first row names the columns: it holds no number, and a word that heads use."""
    if any(read(cell).key for cell in first):
        return False
    guessed = by_head(first)
    return bool(guessed.name or guessed.numbers)


def by_head(head: Sequence[str]) -> Columns:
    words = [fold(cell) for cell in head]
    family, given = _places(words, _FAMILY), _places(words, _GIVEN)
    full = _places(words, _NAME)
    if given and not family and not full:  # "Имя" alone is the whole name
        full, given = given, ()
    parts = (*given[:1], *_places(words, _MIDDLE)[:1], *family[:1])
    wire = _places(words, _WIRE)[:1]
    numbers = [
        place
        for place, word in enumerate(words)
        if _NUMBER.search(word) and not _NO_NUMBER.search(word) and place not in wire
    ]
    # Google and Outlook have both, the parts and a whole name, of which either may be empty.
    company = _places(words, _COMPANY)[:1]
    instead = (*full, *company)
    if not parts:
        parts, instead = instead[:1] if full else (), instead[len(full[:1]) :]
    return Columns(parts, tuple(numbers), wire, instead, company)


def by_content(rows: Sequence[Sequence[str]]) -> Columns:
    """Numbers are where most cells are numbers, the name is the first of the other columns."""
    width = max(map(len, rows), default=0)
    numbers, texts = [], []
    for place in range(width):
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        if not cells:
            continue
        if sum(bool(read(cell).key) for cell in cells) * 2 > len(cells):
            numbers.append(place)
        elif any(c.isalpha() for cell in cells for c in cell):
            texts.append(place)
    return Columns(tuple(texts[:1]), tuple(numbers))


def _places(words: Sequence[str], known: frozenset[str]) -> tuple[int, ...]:
    return tuple(place for place, word in enumerate(words) if word in known)
