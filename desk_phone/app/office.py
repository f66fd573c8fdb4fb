"""Opens what lies in a data directory, for whoever holds its lock: the command or the program."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from desk_phone.app.access import Access
from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.commands.desk import own_of
from desk_phone.app.elsewhere import Elsewhere
from desk_phone.app.notices_activation import Activation
from desk_phone.app.phonebook import Phonebook
from desk_phone.app.poll import Looked
from desk_phone.errors import BadInput
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.paths import Paths
from desk_phone.settings import Settings
from desk_phone.store.calls import CallLedger
from desk_phone.store.database import Opened, back_up_file, open_database
from desk_phone.store.elsewhere import Outsiders, Sources
from desk_phone.store.memory import Memory
from desk_phone.store.phonebook import ContactBook
from desk_phone.store.phonebook_belonging import Belonging
from desk_phone.store.phonebook_counts import Counting
from desk_phone.store.phonebook_doubt import Doubt
from desk_phone.store.phonebook_watch import WatchedExchange
from desk_phone.system.secrets import Keyring
from desk_phone.telco.account import Account
from desk_phone.telco.journal import Journal
from desk_phone.telco.service import Telco


def now() -> datetime:
    return datetime.now(UTC)


def connect(account: Account, journal: Journal | None = None) -> Telco:
    """``journal`` hears what becomes of each request."""
    if account.relay_url:  # its password is a token, and not for the company's own service
        from desk_phone.telco.gateway import GatewayTelco

        return GatewayTelco(account, journal=journal)
    from desk_phone.telco.soap import SoapTelco  # long to import: in the lane, on first use

    return SoapTelco(account, journal=journal)


_connect = connect  # `open_office` has an argument of that name


def overrides(options: Options) -> dict[str, Any]:
    """The settings that the command line changes for one run; raises BadInput."""
    given = {
        "service_url": options.service,
        "user": "" if options.command == "sources" else options.user,  # a source has its own
        "own_number": own_of(options.own) if options.own else "",
        "language": options.lang,
    }
    return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Office:
    """The open database and all that stands on it. `close` it."""

    paths: Paths
    opened: Opened
    memory: Memory
    ledger: CallLedger
    looked: Looked
    access: Access
    phonebook: Phonebook
    elsewhere: Elsewhere
    notices: Activation
    journal: Journal = field(default_factory=Journal)

    def back_up(self) -> Act[None]:
        """Once a day, beside the owner of the data; raises BadInput where there is no room."""
        file, backups, at = self.paths.database, self.paths.backups, now()
        yield from away(LaneName.UPKEEP, lambda: back_up_file(file, backups, at))

    def close(self) -> None:
        self.opened.db.close()


def open_office(
    paths: Paths,
    settings: Callable[[], Settings],
    keyring: Keyring,
    given: Secret | None = None,
    connect: Callable[[Account], Telco] | None = None,
    now: Callable[[], datetime] = now,
) -> Office:
    """``connect`` None: to the company itself.

    Raises BadInput: a full disk, no permission, a database of a newer program.
    """
    journal = Journal()
    reach = connect or partial(_connect, journal=journal)
    opened = open_database(paths.database, paths.backups, now())
    memory, ledger = Memory(opened.db), CallLedger(opened.db)
    access = Access(memory, keyring, reach, settings, now, given, ledger.hear_lines)
    phonebook = open_phonebook(opened, ledger, memory, access, now)
    outside = (Sources(opened.db), Outsiders(opened.db), ledger)
    elsewhere = Elsewhere(*outside, keyring, settings, now)
    notices = Activation(memory, access, settings, now)
    data = (memory, ledger, Looked(memory), access, phonebook)
    return Office(paths, opened, *data, elsewhere, notices, journal)


def open_phonebook(
    opened: Opened,
    ledger: CallLedger,
    memory: Memory,
    access: Access,
    now: Callable[[], datetime] = now,
) -> Phonebook:
    """Of an open database; names that a crash kept from the calls come now."""
    with suppress(BadInput):  # no room: they wait
        while ledger.names_due:
            ledger.rename()
    db = opened.db
    parts = (ContactBook(db), WatchedExchange(db), Doubt(db), Counting(db), Belonging(db))
    return Phonebook(*parts, ledger, memory, access.ask, lambda: access.company, now)
