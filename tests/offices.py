"""An office over a real database with a company, a keyring and a clock that a test holds in hand.

Each `Workplace.open` stands for one process of the program: what it kept in memory only is gone
with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from desk_phone.app.acts import LaneName, perform
from desk_phone.app.commands import Desk, run
from desk_phone.app.office import Office, open_office
from desk_phone.errors import BadInput
from desk_phone.model.calls import CallRecord, Change
from desk_phone.model.numbers import wire_own
from desk_phone.model.secret import Secret
from desk_phone.options import read
from desk_phone.paths import Paths
from desk_phone.said import Said
from desk_phone.settings import Settings
from desk_phone.system.secrets import KeyringTrouble, MemoryKeyring
from desk_phone.telco.account import Account
from desk_phone.telco.refusals import refusal
from desk_phone.telco.service import Telco
from tests.fakes import FakeTelco

OWN, COLLEAGUE = "+3726403231", "+3726401234"
USER, RIGHT, WRONG = "P0000000@elion.ee", Secret("correct horse"), Secret("battery staple")
NOON = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
_TALLINN = ZoneInfo("Europe/Tallinn")


class Clock:
    """The wall clock of everybody; it moves when told."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **length: float) -> None:
        self.at += timedelta(**length)


class FailingKeyring(MemoryKeyring):
    """Works like any other while ``trouble`` is None."""

    def __init__(self, trouble: KeyringTrouble | None = None) -> None:
        super().__init__()
        self.trouble = trouble
        self.asked: list[str] = []

    def read(self, user: str) -> Secret:
        self._ask("read")
        return super().read(user)

    def keep(self, user: str, secret: Secret) -> None:
        self._ask("keep")
        super().keep(user, secret)

    def forget(self, user: str) -> None:
        self._ask("forget")
        super().forget(user)

    def _ask(self, deed: str) -> None:
        self.asked.append(deed)
        if self.trouble is not None:
            raise self.trouble


class _Door:
    """The company behind its login: ERR001 for everything that comes with a wrong password."""

    def __init__(self, place: Workplace, account: Account) -> None:
        self._place, self._account = place, account

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def knock(*arguments: Any) -> Any:
            self._place.knocked.append((self._account.user, self._account.password.reveal()))
            if self._place.passwords.get(self._account.user) != self._account.password:
                raise refusal("ERR001", "Aiuthentication error")
            return getattr(self._place.telco, method)(*arguments)

        return knock


@dataclass
class Workplace:
    """``knocked``: each request that would have left us, as (user, password)."""

    root: Path
    telco: FakeTelco = field(default_factory=FakeTelco)
    keyring: FailingKeyring = field(default_factory=FailingKeyring)
    clock: Clock = field(default_factory=Clock)
    settings: Settings = field(default_factory=lambda: Settings(user=USER, own_number=OWN))
    passwords: dict[str, Secret] = field(default_factory=lambda: {USER: RIGHT})
    knocked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.paths = Paths(self.root)
        self.paths.make()

    def connect(self, account: Account) -> Telco:
        return cast("Telco", _Door(self, account))

    @property
    def refused(self) -> int:
        """How many requests came with a wrong password."""
        return sum(self.passwords.get(user) != Secret(word) for user, word in self.knocked)

    @contextmanager
    def open(self, given: Secret | None = None) -> Iterator[Office]:
        office = open_office(
            *(self.paths, lambda: self.settings, self.keyring, given, self.connect, self.clock)
        )
        try:
            yield office
        finally:
            office.close()

    def change(self, **fields: Any) -> None:
        self.settings = replace(self.settings, **fields)

    def desk(
        self, office: Office, told: Callable[[tuple[Change, ...]], None] | None = None
    ) -> Desk:
        return Desk(
            *(office.access, office.ledger, office.looked, office.phonebook),
            *(lambda: self.settings, self.change, self.clock, told or (lambda _: None), self.root),
            elsewhere=office.elsewhere,
            notices=office.notices,
        )

    def command(self, *words: str, given: Secret | None = None) -> Said:
        """One command as one process does it."""
        with self.open(given) as office:
            return perform(run(self.desk(office), read(words)))

    def ask(self, given: Secret | None = None) -> tuple[str, ...]:
        """One harmless question as one process puts it."""
        with self.open(given) as office:
            return perform(office.access.ask_numbers(LaneName.DIAL))


@contextmanager
def full_disk(_db: object) -> Iterator[None]:
    """In the place of `writing`: nothing changes, and it says why."""
    raise BadInput("No room to save", "Nothing was changed.")
    yield


def told(
    number: int,
    other: str = "51234567",
    ago: timedelta = timedelta(minutes=2),
    talked: timedelta | None = None,
    now: datetime = NOON,
    own: str = OWN,
    outgoing: bool = False,
) -> CallRecord:
    """A record of the history; ``talked`` None: nobody answered within 20 s."""
    start = now - ago
    answer = None if talked is None else start + timedelta(seconds=8)
    release = start + timedelta(seconds=20) if talked is None else start + talked
    parties = (wire_own(own), other) if outgoing else (other, wire_own(own))
    return CallRecord(
        *(str(number), *parties, "" if answer is None else parties[1]),
        *("Originating" if outgoing else "Terminating", _wall(start), ""),
        *("" if answer is None else _wall(answer), _wall(release)),
    )


def _wall(at: datetime) -> str:
    return at.astimezone(_TALLINN).replace(tzinfo=None).isoformat(timespec="seconds")
