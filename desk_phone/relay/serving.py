"""The relay while it runs: every part of docs/relay.md, wired in one event loop."""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Self

from desk_phone import logs
from desk_phone.errors import PhoneError
from desk_phone.model.relayed import Relayed
from desk_phone.model.secret import Secret
from desk_phone.relay import forwarding, systemd
from desk_phone.relay.broker.accounts import Accounts, DynamicSecurity, NoAccounts
from desk_phone.relay.broker.publishing import Publishing
from desk_phone.relay.broker.reconciling import Reconciling
from desk_phone.relay.company.company import Company
from desk_phone.relay.company.counting import CountingJournal
from desk_phone.relay.company.lines import Lines
from desk_phone.relay.company.targets import Targets
from desk_phone.relay.configuration import AccountsBy, Configuration
from desk_phone.relay.forwarding import Forwarding
from desk_phone.relay.local import Figures, local
from desk_phone.relay.receiving import Receiving
from desk_phone.relay.state import audit, copies, idempotency, kept
from desk_phone.relay.state.database import Keeper, open_keeper
from desk_phone.relay.telling import counts, gauges, problems
from desk_phone.relay.upkeep import Upkeep
from desk_phone.store.database import Recovery
from desk_phone.telco.account import Account
from desk_phone.telco.notices import Rules
from desk_phone.telco.service import Telco
from desk_phone.telco.soap import SoapTelco
from desk_phone.web.limits import Limits

_SECRET, _SECRET_BYTES = "notices secret", 32
_SAME_PASSWORD_AGAIN = 1200.0  # seconds: each time it may be tried three times, and accounts lock
# A desk gives up after 60 s: by then it is to know what became of what it asked for.
_LIMITS = Limits(connect=5.0, read=25.0, whole=30.0)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Passwords:
    company: Secret
    broker: Secret


@dataclass(frozen=True, slots=True)
class Ports:
    """Where it listens, whatever was configured."""

    notices: int
    desks: int
    local: int


class Relay:
    """``async with Relay(configuration, passwords) as relay:`` runs meanwhile. Raises BadInput."""

    def __init__(
        self,
        configuration: Configuration,
        passwords: Passwords,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._configuration, self._passwords, self.now = configuration, passwords, now
        self._stack = AsyncExitStack()
        self.journal = CountingJournal()
        self.ports = Ports(0, 0, 0)
        self.began = now()
        self._unlocked = -_SAME_PASSWORD_AGAIN
        self.heard: datetime | None = None  # when the last notice came, since then

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self._begin(stack)
            self._stack = stack.pop_all()
        log.info(
            "listening: notices on %d, desks on %d, local on %d",
            *(self.ports.notices, self.ports.desks, self.ports.local),
        )
        systemd.tell(systemd.READY)
        return self

    async def __aexit__(self, *ending: object) -> None:
        """First desks get their last answers, then nobody new is heard, and what was heard goes
        where it can."""
        systemd.tell(systemd.STOPPING)
        await self._stack.aclose()

    async def read_anew(self, configuration: Configuration, passwords: Passwords) -> None:
        """Other numbers or other passwords; everything else needs a new start.

        Raises BadInput and sqlite3.Error, and then nothing is other.
        """
        act = audit.Act(audit.ADMINISTRATOR, audit.What.UNLOCK)
        await self.keeper.do(lambda db: audit.append(db, act, audit.DONE, self.now()))
        is_another = passwords.company != self._passwords.company
        self._passwords = passwords
        self._unlock(is_another)
        self.publishing.read_anew(passwords.broker)
        if isinstance(self.accounts, DynamicSecurity):
            self.accounts.read_anew(passwords.broker)
        self.lines.choose(configuration.numbers)
        self.targets.look()
        log.info("read anew: numbers and password")

    def _unlock(self, is_another: bool) -> None:
        """A password that was refused is tried again now and then, however often one reloads."""
        now = time.monotonic()
        if is_another or now - self._unlocked >= _SAME_PASSWORD_AGAIN:
            self._unlocked = now
            self.company.unlock(self._telco)
        elif self.company.locked:
            log.warning("this password was refused a moment ago: it is not tried again yet")

    # the parts, in the order in which each needs the one before

    async def _begin(self, stack: AsyncExitStack) -> None:
        conf, now = self._configuration, self.now
        self.keeper = await self._keeper(stack)
        self.secret = Secret(await self.keeper.do(_secret))
        logs.hide(self.secret.reveal())
        self.company = Company(self._telco)
        stack.push_async_callback(self.company.close)
        self.lines = Lines(self.keeper, self.company, conf.numbers, self._lines_changed)
        self.accounts = self._accounts()
        self.reconciling = Reconciling(self.keeper, self.accounts)
        self.figures = Figures(counts(self), gauges(self), lambda: problems(self), now)
        self.publishing = Publishing(
            *(self.keeper, conf.broker, self._passwords.broker, lambda: self.lines.now, now),
            taken=self.figures.published,
        )
        self.forwarding = Forwarding(self.keeper, conf.forward_url, now)
        self.receiving = self._receiving()
        self.targets = Targets(
            *(self.keeper, self.company, lambda: self.lines.now, self._target, now)
        )
        self.upkeep = Upkeep(
            *(self.keeper, self._reconcile, lambda: copies.back_up_daily(conf, now()), now),
            alive=lambda: systemd.tell(systemd.ALIVE),
        )
        if conf.forward_url:
            await stack.enter_async_context(self.forwarding)
        await stack.enter_async_context(self.publishing)
        await stack.enter_async_context(self.lines)
        self._lines_changed()  # those that were known before are believed from the first notice on
        await self._listen(stack)
        for part in (self.targets, self.upkeep):
            await stack.enter_async_context(part)

    async def _keeper(self, stack: AsyncExitStack) -> Keeper:
        conf, now = self._configuration, self.now()
        settle = partial(copies.brought_back, now=now)
        copies.finish_restore(conf, now)
        keeper = await open_keeper(conf.database, conf.backups, now, settle)
        stack.push_async_callback(keeper.close)
        in_doubt = await keeper.do(lambda db: idempotency.settle_interrupted(db, now))
        recovery = keeper.opened.recovery
        if recovery is Recovery.RESTORED:
            log.error(
                "the state was damaged: the copy of %s is in use", keeper.opened.restored_from
            )
        elif recovery is Recovery.STARTED_ANEW:
            log.error("the state was damaged, without a copy: every desk needs a new code")
        if in_doubt:
            log.warning("%d requests of desks were under way when the relay ended", in_doubt)
        return keeper

    async def _listen(self, stack: AsyncExitStack) -> None:
        from desk_phone.relay.gateway.app import gateway
        from desk_phone.relay.gateway.place import Place
        from desk_phone.relay.web_server import WebServer

        conf = self._configuration
        self.place = Place(
            *(self.keeper, self.company, self.accounts, conf.company_user, conf.service_url),
            *(conf.desk_broker, conf.proxies),
            ours=lambda: self.lines.chosen,
        )
        watched = await stack.enter_async_context(WebServer(local(self.figures), conf.local))
        # Calls are heard of as long as desks are waited for, which may take half a minute.
        address, port = conf.endpoint.address, conf.endpoint.port
        listener = await stack.enter_async_context(self.receiving.listener(address, port))
        desks = await stack.enter_async_context(WebServer(gateway(self.place), conf.gateway))
        self.ports = Ports(listener.port, desks.port, watched.port)

    @property
    def room(self) -> int:
        """Bytes that the state may still grow by; one that cannot be asked has none."""
        try:
            return shutil.disk_usage(self._configuration.state_dir).free
        except OSError:
            return 0

    # what they need

    @property
    def _target(self) -> str:
        return f"{self._configuration.notices_url}/{self.secret.reveal()}"

    def _receiving(self) -> Receiving:
        conf = self._configuration
        rules = Rules(self.secret, self.lines.now, conf.callers, conf.proxies)
        beside = forwarding.append if conf.forward_url else _nothing
        return Receiving(self.keeper, rules, self._told, self.now, beside)

    def _told(self, relayed: Relayed) -> None:
        self.publishing.tell(relayed)
        self.heard = relayed.heard
        self.company.heard(relayed.notice.own)
        if self._configuration.forward_url:
            self.forwarding.wake()

    def _lines_changed(self) -> None:
        conf, reception = self._configuration, self.receiving.reception
        reception.rules = Rules(self.secret, self.lines.now, conf.callers, conf.proxies)
        self.targets.look()
        log.info("the relay speaks for %d lines", len(self.lines.now))

    def _telco(self) -> Telco:
        conf = self._configuration
        account = Account(conf.company_user, self._passwords.company, conf.service_url, conf.proxy)
        return SoapTelco(account, _LIMITS, self.journal)

    async def _reconcile(self) -> None:
        if self._configuration.accounts is not AccountsBy.HAND:
            await self.reconciling.look()

    def _accounts(self) -> Accounts:
        conf = self._configuration
        if conf.accounts is AccountsBy.HAND:
            return NoAccounts()
        return DynamicSecurity(conf.broker, self._passwords.broker)


async def serve(
    relay: Relay,
    again: Callable[[], tuple[Configuration, Passwords]],
    ending: asyncio.Event,
    hung_up: asyncio.Event,
) -> None:
    """Until ``ending``; at each ``hung_up`` numbers and password are read anew by ``again``."""
    async with relay:
        while not ending.is_set():
            waits = [asyncio.create_task(event.wait()) for event in (ending, hung_up)]
            _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in pending:
                wait.cancel()
            if hung_up.is_set() and not ending.is_set():
                hung_up.clear()
                try:
                    await relay.read_anew(*await asyncio.to_thread(again))
                except PhoneError as error:
                    log.error("nothing was read anew: %s", error.title)
                except sqlite3.Error as error:
                    log.error("nothing was read anew: %s", type(error).__name__)


def _secret(db: sqlite3.Connection) -> str:
    """Of the address that the service calls; made once."""
    found = kept.get(db, _SECRET)
    if not found:
        found = secrets.token_urlsafe(_SECRET_BYTES)
        kept.put(db, _SECRET, found)
    return found


def _nothing(_db: sqlite3.Connection, _relayed: Relayed) -> None:
    """Nobody else is told."""
