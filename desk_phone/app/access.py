"""The way to the company: the account, its password, and when nothing may be asked. Free of Qt.

Every question to the service goes through `Access.ask`, so that one refused password stops all
traffic, in every process that uses this data directory, until a person acts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from desk_phone.app.acts import Act, LaneName, away
from desk_phone.app.connections import Connections, NotAsked
from desk_phone.app.no_password import NoPassword, no_password, no_token, through_relay
from desk_phone.app.trials import Trials
from desk_phone.errors import BadCredentials, BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.company import AnotherCompany, Company, company_of
from desk_phone.model.secret import Secret
from desk_phone.settings import Settings
from desk_phone.store.memory import Memory
from desk_phone.system.secrets import Keyring, KeyringTrouble, NoKeyring
from desk_phone.telco.account import Account
from desk_phone.telco.service import Telco

__all__ = ["Access", "NoPassword"]

R = TypeVar("R")

_log = logging.getLogger(__name__)


class Access:
    """``settings`` and ``now`` are asked each time; ``given`` is a password for this run alone.
    ``heard`` is told the company's numbers, canonical, each time they are heard.

    Through the company's relay the token of this computer stands in the password's place.
    """

    def __init__(
        self,
        memory: Memory,
        keyring: Keyring,
        connect: Callable[[Account], Telco],
        settings: Callable[[], Settings],
        now: Callable[[], datetime],
        given: Secret | None = None,
        heard: Callable[[tuple[str, ...]], object] = lambda _: None,
    ) -> None:
        self._memory, self._keyring, self._connect = memory, keyring, connect
        self._settings, self._trials = settings, Trials(memory, now)
        self._heard = heard
        self._password = given or Secret("")
        self._whose = settings().user if given and not settings().relayed else ""
        self._stored = False
        self._proven: Account | None = None  # what the service took last, in this process
        self._keyring_trouble: KeyringTrouble | None = None
        self._keeping_trouble: PhoneError | None = None
        self._connections = Connections(connect)

    # what is so

    @property
    def password_known(self) -> bool:
        """Whether this process has the password in hand."""
        return bool(self._password) and self._whose == self._settings().login

    @property
    def stored(self) -> bool:
        """Whether the password in hand lies in the system's keyring too."""
        return self._stored

    @property
    def keyring_trouble(self) -> KeyringTrouble | None:
        """Why the password could not be read when it was needed last: a locked keyring, say."""
        return self._keyring_trouble

    @property
    def keeping_trouble(self) -> PhoneError | None:
        """Why the password that was entered last is kept in memory only."""
        return self._keeping_trouble

    @property
    def refusal(self) -> BadCredentials | None:
        """Why nothing is sent: the service refused this account, and nobody has acted since."""
        login = self._settings().login
        if not self.password_known:
            return self._trials.refusal(login)
        if self._proven is not None and self._proven == self._in_hand():
            return None
        return self._trials.refusal(login, self._password)

    @property
    def company(self) -> Company:
        """Whose account the settings name; its user is empty where there is none."""
        settings = self._settings()
        return company_of(settings.user, settings.service_url)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The company's numbers as last heard, canonical."""
        return tuple(self._memory.get(_numbers(self._settings().user)).split())

    # asking the service

    def ask(
        self, lane: LaneName, question: Callable[[Telco], R], company: Company | None = None
    ) -> Act[R]:
        """Put a question on a lane; raises PhoneError, and remembers a refused password.

        Raises AnotherCompany before anything is sent, where the account is not ``company``'s.
        """
        account = yield from self._account(lane)
        now = company_of(account.user, account.service_url)
        if company is not None and not company.is_same(now):
            raise AnotherCompany(company, now)
        stored = self._stored
        try:
            answer = yield from away(lane, lambda: self._connections.put(lane, account, question))
        except NotAsked:
            raise
        except BadCredentials as refusal:
            self._refused(account, refusal)
            raise
        if account != self._proven and self._is_in_hand(account):
            self._trials.took(_login(account), account.password, stored)
            self._proven = account
        return answer

    def ask_numbers(self, lane: LaneName) -> Act[tuple[str, ...]]:
        """listOwnNumbers; kept for the time without a connection."""
        user = self._settings().user
        found = yield from self.ask(lane, lambda telco: telco.numbers())
        self._keep_numbers(user, found)
        return found

    # a person acts

    def enter(self, user: str, password: Secret) -> Act[tuple[str, ...]]:
        """Try a new account once and keep it if the service takes it; the caller keeps ``user``.
        Gives the company's numbers.

        Raises BadInput before a fourth refused try within an hour: more could lock the account.
        """
        if not (user.strip() and password):
            raise BadInput(
                tr("The user name or the password is missing"), tr("Enter both, then try again.")
            )
        settings = self._settings()
        if settings.relayed:
            raise through_relay()
        self._trials.check_tries()
        account = Account(user, password, settings.service_url, settings.proxy)
        try:
            found = yield from away(LaneName.DIAL, lambda: self._connect(account).numbers())
        except BadCredentials as refusal:
            self._trials.refused(user, password, refusal, stored=False)
            raise
        self._keep_numbers(user, found)
        if user == settings.user:  # else it is not asked for before the caller keeps the user
            self._take(account, stored=False)
        stored = yield from self._keep_password(account)
        self._trials.took(user, password, stored)
        self._take(account, stored)
        return found

    def take_token(self, device: str, token: Secret, trouble: PhoneError | None) -> None:
        """The relay has just given it; the caller keeps ``device`` at once. ``trouble`` is why the
        keyring does not have it; None: it has."""
        self._trials.took(device, token, stored=trouble is None)
        self._password, self._whose, self._stored = token, device, trouble is None
        self._proven, self._keyring_trouble, self._keeping_trouble = None, None, trouble
        self._connections.forgive()

    def read_token(self, lane: LaneName) -> Act[Secret]:
        """The token of this computer at the relay. Raises KeyringTrouble, or NotEnrolled."""
        while (login := self._settings().login) and not self.password_known:
            yield from self._read_password(lane, login)
        return self._password

    def check_tries(self) -> None:
        """Raises BadInput when no more passwords may be tried for now."""
        self._trials.check_tries()

    def count_try(self) -> None:
        """Another process tried a password in our place, and it was refused."""
        self._trials.count()

    def try_again(self) -> None:
        """A person asks again with the password there is; raises BadInput when too often."""
        self._trials.check_tries()
        self._trials.forgive(self._settings().login)
        self._connections.forgive()

    def look_again(self) -> None:
        """The keyring may hold another password now: forget the one in hand."""
        self._password, self._whose, self._stored = Secret(""), "", False
        self._proven = self._keyring_trouble = None
        self._connections.forgive()

    def is_kept(self) -> Act[bool]:
        """Whether there is a password: in hand, or in the keyring. Raises KeyringTrouble."""
        if self.password_known:
            return True
        try:
            yield from self._read_password(LaneName.DIAL, self._settings().login)
        except NoPassword:
            return False
        return True

    def forget(self) -> Act[None]:
        """Forget the password here and in the keyring, and that it was refused."""
        login = self._settings().login
        self.look_again()
        self._trials.forgive(login)
        self._connections.forget()
        try:
            yield from away(LaneName.DIAL, lambda: self._keyring.forget(login))
        except NoKeyring:
            return

    # inside

    def _account(self, lane: LaneName) -> Act[Account]:
        while (login := self._settings().login) and not self.password_known:
            yield from self._read_password(lane, login)
        if not login:
            raise self._no_password()
        account = self._in_hand()
        if account != self._proven:
            self._trials.check(login, account.password, self._stored)
        return account

    def _in_hand(self) -> Account:
        settings = self._settings()
        relay = (settings.relay_url, settings.relay_device) if settings.relayed else ()
        way = (settings.service_url, settings.proxy, *relay)
        return Account(settings.user, self._password, *way)

    def _is_in_hand(self, account: Account) -> bool:
        """Nobody entered another one while the service was asked."""
        return self.password_known and account == self._in_hand()

    def _refused(self, account: Account, refusal: BadCredentials) -> None:
        stored = self._stored and self._is_in_hand(account)
        self._trials.refused(_login(account), account.password, refusal, stored)
        if account == self._proven:
            self._proven = None

    def _read_password(self, lane: LaneName, login: str) -> Act[None]:
        try:
            found = yield from away(lane, lambda: self._keyring.read(login))
        except NoKeyring:
            raise self._no_password() from None
        except KeyringTrouble as trouble:
            self._keyring_trouble = trouble
            raise
        self._keyring_trouble = None
        if not found:
            raise self._no_password()
        self._password, self._whose, self._stored = found, login, True

    def _keep_password(self, account: Account) -> Act[bool]:
        """Whether the keyring has it. The service took it: the keyring's no does not undo that."""
        user, password = account.user, account.password
        try:
            yield from away(LaneName.DIAL, lambda: self._keyring.keep(user, password))
        except PhoneError as trouble:
            self._keeping_trouble = trouble
            return False
        self._keeping_trouble = None
        return True

    def _take(self, account: Account, stored: bool) -> None:
        self._password, self._whose = account.password, account.user
        self._stored, self._proven = stored, account
        self._keyring_trouble = None
        self._connections.forgive()

    def _no_password(self) -> NoPassword:
        return no_token() if self._settings().relayed else no_password()

    def _keep_numbers(self, user: str, found: tuple[str, ...]) -> None:
        with suppress(BadInput):
            self._memory.put(_numbers(user), " ".join(found))
            self._heard(found)
            return
        _log.warning("no room to keep the company's numbers")


def _numbers(user: str) -> str:
    return f"company numbers {user}"


def _login(account: Account) -> str:
    """As `Settings.login`."""
    return account.device if account.relay_url else account.user
