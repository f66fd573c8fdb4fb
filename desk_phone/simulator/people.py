"""The people who call: names and numbers made up from a seed. None of them exists."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

# Letters of every kind that turn up in names: õäöü that the phonebook takes, šž and Cyrillic that
# it does not, and an ampersand that must be escaped.
_FIRST = (
    "Mari", "Jüri", "Õnne", "Ülle", "Tõnu", "Kärt", "Pille", "Rein", "Anu", "Märt", "Liis",
    "Urmas", "Žanna", "Šarlotte", "Helgi", "Kalev", "Öie", "Siim", "Triin", "Väino",
)  # fmt: skip
_LAST = (
    "Tamm", "Saar", "Sepp", "Mägi", "Kask", "Kukk", "Rebane", "Ilves", "Pärn", "Koppel",
    "Õunapuu", "Jõgi", "Põder", "Kõiv", "Lõhmus", "Järv", "Võsu", "Šults", "Ülejõe", "Pöial",
)  # fmt: skip
_CYRILLIC = (
    "Иван Петров", "Светлана Орлова", "Наталья Щербакова", "Андрей Ёлкин", "Юлия Жукова",
    "Пётр Крылов",
)  # fmt: skip
_COMPANIES = (
    "Põhja Veod OÜ", "Kägu & Pojad AS", "Šokolaaditehas OÜ", "Raamatukoda MTÜ", "Žiguli Varuosad",
    "Külmasalv AS", "Lõunatäht OÜ", "Hambaravi Nääl", "Öökull Turva OÜ",
)  # fmt: skip
# Nobody knows in which form the service sends a foreign number: both likely ones occur.
_FOREIGN = (
    ("358", 9, "Virtanen Matti"),
    ("00358", 9, "Helsingin Kirjapaino"),
    ("46", 9, "Nordin Lars"),
    ("00371", 8, "Bērziņš Jānis"),
    ("49", 10, ""),
    ("0044", 10, ""),
)
_LISTED = (("555111222", "Alice"), ("6123455", "Bob"), ("60000002", "A Client"))


@dataclass(frozen=True, slots=True)
class Person:
    """A caller: ``number`` as records write it, empty when withheld; ``name`` empty if unknown."""

    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody outside the company, and how often each of them is on the phone."""

    regulars: tuple[Person, ...]
    companies: tuple[Person, ...]
    unknown: tuple[Person, ...]
    foreign: tuple[Person, ...]
    withheld: Person

    def anyone(self, rng: Random) -> Person:
        kinds = (self.regulars, self.companies, self.unknown, self.foreign, (self.withheld,))
        (kind,) = rng.choices(kinds, weights=(62, 16, 10, 8, 4))
        (person,) = rng.choices(kind, weights=[1 / rank for rank in range(2, len(kind) + 2)])
        return person

    def reachable(self, rng: Random) -> Person:
        """Somebody whom one can call."""
        while True:
            person = self.anyone(rng)
            if person.number:
                return person


def crowd(seed: int) -> Crowd:
    """The same people for the same seed."""
    rng = Random(f"{seed} people")
    named = [f"{first} {last}" for first in _FIRST for last in _LAST]
    regulars = [Person(_mobile(rng), name) for name in (*rng.sample(named, 30), *_CYRILLIC)]
    regulars += [Person(number, name) for number, name in _LISTED]
    rng.shuffle(regulars)
    return Crowd(
        regulars=tuple(regulars),
        companies=tuple(Person(_landline(rng), name) for name in _COMPANIES),
        unknown=tuple(
            Person(_mobile(rng) if index % 2 else _landline(rng), "") for index in range(12)
        ),
        foreign=tuple(
            Person(prefix + _digits(rng, length), name) for prefix, length, name in _FOREIGN
        ),
        withheld=Person("", ""),
    )


def someone_new(rng: Random) -> Person:
    """Whom another writer puts into the phonebook: a name that it takes."""
    names = [name for name in _FIRST + _LAST if not set(name) & set("ŽžŠš")]
    return Person(_mobile(rng), f"{rng.choice(names)} {rng.choice(names)}")


def _mobile(rng: Random) -> str:
    return "5" + rng.choice("1356") + _digits(rng, rng.choice((5, 6)))


def _landline(rng: Random) -> str:
    return rng.choice(("60", "61", "64", "66", "73", "44")) + _digits(rng, 5)


def _digits(rng: Random, count: int) -> str:
    return rng.choice("23456789") + "".join(rng.choices("0123456789", k=count - 1))
