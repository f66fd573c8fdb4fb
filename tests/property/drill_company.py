"""The company of a drill: it remembers all that was ever done to it, and its weather is bad."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from random import Random

from desk_phone.simulator.calls import PhoneCall, Way
from desk_phone.simulator.company import OWN_NUMBERS, Company, Dialled
from desk_phone.simulator.faults import Fault, Switchboard, fault
from desk_phone.telco.service import Entry

FAULTS = (
    *(("lost", ""), ("dropped", ""), ("500", ""), ("html", "200"), ("503", "1"), ("cut", "0.5")),
    *(
        ("cut-open", "0.4"),
        ("latency", "0.3"),
        ("empty", "200"),
        ("redirect", "http://127.0.0.1:9/"),
    ),
)


class Weather(Switchboard):
    """Of all requests so many meet one fault, as long as it is bad."""

    def __init__(self, seed: int, chance: float = 0.05) -> None:
        super().__init__()
        self._random, self.chance = Random(seed), chance
        self.met: Counter[str] = Counter()

    def take(self, operation: str) -> tuple[Fault, ...]:
        if self._random.random() >= self.chance:
            return super().take(operation)
        name, value = self._random.choice(FAULTS)
        self.met[name] += 1
        return (fault(name, value), *super().take(operation))


class Watched(Company):
    """Whoever changes the phonebook by the service is told apart from `portal`, by no name but by
    who calls."""

    def __init__(self, owns: Iterable[str] = OWN_NUMBERS[:3]) -> None:
        super().__init__(own=tuple(owns), entries=())
        self.added: Counter[str] = Counter()
        self.shown: set[str] = set()  # names that the list ever had
        self.deleted: list[str] = []  # names, by the service
        self.dialled_ever: Counter[str] = Counter()
        self.rang: defaultdict[str, Counter[str]] = defaultdict(Counter)  # own: others
        self.portal = False

    def add(self, name: str, number1: str, number2: str = "") -> Entry:
        entry = super().add(name, number1, number2)
        self.added[name] += 1
        self.shown.add(name)
        return entry

    def update(self, entry: Entry) -> None:
        super().update(entry)
        self.shown.add(entry.name)

    def delete(self, entry_id: str) -> None:
        before = {entry.id: entry.name for entry in self.entries()}
        super().delete(entry_id)
        if not self.portal:
            self.deleted.append(before[entry_id])

    def dial(self, own: str, other: str, now: datetime) -> Dialled:
        dialled = super().dial(own, other, now)
        self.dialled_ever[other] += 1
        return dialled

    def note(self, *calls: PhoneCall) -> tuple[PhoneCall, ...]:
        noted = super().note(*calls)
        for call in noted:
            if call.way is Way.INCOMING:
                self.rang[call.own][call.other] += 1
        return noted
