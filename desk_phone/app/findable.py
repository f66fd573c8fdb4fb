"""How entries, numbers of the calls and others' contacts become items of the search. Pure.

The first letter of an item's id says what it is; the rest is the entry's id, the number, or the
source and the person within it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from desk_phone.model.elsewhere import Outsider
from desk_phone.model.folding import fold
from desk_phone.model.search import Hit, Item
from desk_phone.store.callers import Caller
from desk_phone.store.phonebook_rows import Line

# Of equal answers whoever was on the phone late or often comes first: a call counts as if the last
# one were half a day later, an entry of the phonebook as if it were a month. Then come those who
# never were on the phone: the rest of the phonebook, the company's lines, others' contacts.
_A_CALL, _CALLS_AT_MOST = int(timedelta(hours=12).total_seconds()), 60
_AN_ENTRY = int(timedelta(days=30).total_seconds())
_NEVER_CALLED = {"entry": 2, "number": 1, "outside": 0}
CALLED = 1000  # the least weight of whoever was ever on the phone

Callers = Mapping[str, Caller]


class Sort(StrEnum):
    ENTRY = "e"
    NUMBER = "n"
    OUTSIDE = "o"


@dataclass(frozen=True, slots=True)
class OutsidePerson:
    """Somebody in others' contacts. ``numbers`` are canonical, the one that was sought first;
    ``label`` is what a person calls the source."""

    name: str
    numbers: tuple[str, ...]
    company: str
    label: str


def sort_of(item: Item) -> Sort:
    return Sort(item.id[0])


def entry_id(contact: int) -> str:
    return f"{Sort.ENTRY}{contact}"


def contact_of(item: Item) -> int:
    """The entry's id; 0 for an item that is none."""
    return int(item.id[1:]) if item.id[0] == Sort.ENTRY else 0


def source_of(item: Item) -> int:
    """Of somebody in others' contacts."""
    return int(item.id[1:].partition(".")[0])


def is_outside(item: Item) -> bool:
    return item.id[0] == Sort.OUTSIDE


def outside_person(hit: Hit, label: str) -> OutsidePerson:
    item = hit.item
    numbers = dict.fromkeys(filter(None, (hit.number, *item.numbers)))
    return OutsidePerson(item.names[0], tuple(numbers), "".join(item.names[1:2]), label)


def number_id(number: str) -> str:
    return f"{Sort.NUMBER}{number}"


def of_entry(line: Line, callers: Callers) -> Item:
    """Its own spelling and the wire's."""
    names = tuple(dict.fromkeys((line.name, line.content.name)))
    numbers = tuple(filter(None, (line.content.number1, line.content.number2)))
    return weighed(Item(entry_id(line.id), names, numbers), callers)


def of_outsider(source: int, person: Outsider) -> Item:
    """Found by the name and the company; not `weighed` yet."""
    names = tuple(filter(None, dict.fromkeys((person.name, person.company))))
    return Item(f"{Sort.OUTSIDE}{source}.{person.id}", names, person.numbers)


def of_caller(caller: Caller) -> Item:
    """Found by what its calls say, not by what its owners are called: they are found themselves."""
    item = Item(number_id(caller.other), caller.names, (caller.other,))
    return weighed(item, {caller.other: caller})


def weighed(item: Item, callers: Callers) -> Item:
    """The same item, with the weight that the calls of its numbers give it."""
    calls, last = 0, 0
    for number in item.numbers:
        caller = callers.get(number)
        if caller is not None and caller.last is not None:
            calls += caller.calls
            last = max(last, int(caller.last.timestamp()))
    weight = _weight(sort_of(item), calls, last)
    return item if weight == item.weight else replace(item, weight=weight)


def _weight(sort: Sort, calls: int, last: int) -> int:
    if not calls:
        return _NEVER_CALLED[sort.name.lower()]
    bonus = _AN_ENTRY if sort is Sort.ENTRY else 0
    return max(CALLED, last + bonus + _A_CALL * min(calls, _CALLS_AT_MOST))


class Spellings:
    """Which folded names the items with a number give it."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self.note(items)

    def note(self, items: Iterable[Item]) -> None:
        for item in items:
            folded = set(map(fold, item.names))
            for number in item.numbers:
                self._names[number] |= folded

    def lack(self, caller: Caller) -> bool:
        """Whether a number must be an item of its own: nobody has it, or its calls say a name
        under which nobody who has it is found."""
        known = self._names.get(caller.other)
        return known is None or not known.issuperset(map(fold, caller.names))
