"""Makes people of rows: numbers in one form, names cleaned, each person once."""

from __future__ import annotations

from collections.abc import Iterable

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.model.elsewhere import PEOPLE_AT_MOST, Listing, Outsider
from desk_phone.model.numbers import from_service
from desk_phone.model.reading import read
from desk_phone.model.text import clean
from desk_phone.transfer.rows import Row

_BETWEEN = ":::"  # Google's, between several numbers in one cell


def gather(rows: Iterable[Row], mark: str = "") -> Listing:
    """Raises BadInput where there are more people than one source may have."""
    people: dict[str, Outsider] = {}
    left_out = 0
    for row in rows:
        person, lost = _person(row)
        left_out += lost
        if person is not None:
            people[person.id] = person
        if len(people) > PEOPLE_AT_MOST:
            raise BadInput(
                tr("There are too many people in this source"),
                tr("At most %(n)d are taken. Choose a part of it.") % {"n": PEOPLE_AT_MOST},
            )
    return Listing(tuple(people.values()), left_out, mark)


def _person(row: Row) -> tuple[Outsider | None, int]:
    """And how much had to be left out."""
    texts = [part for text in row.numbers for part in text.split(_BETWEEN) if part.strip()]
    numbers: dict[str, str] = {}
    lost = 0
    for text in texts:
        key = _key(text, row.ours)
        if key:
            numbers.setdefault(key, clean(text))
        else:
            lost += 1
    company = clean(row.company)
    name = clean(row.name) or company
    if row.trouble or not name or not numbers:
        return None, max(lost, 1)
    company = "" if company == name else company
    return Outsider(name, tuple(numbers), tuple(numbers.values()), company), lost


def _key(text: str, ours: bool) -> str:
    return (from_service(text) if ours else "") or read(text).key
