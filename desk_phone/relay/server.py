"""``desk-phone relay serve``: the process around the relay. Its signals, its lock, its log."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from desk_phone.errors import BadInput, Offline, PhoneError
from desk_phone.i18n import tr
from desk_phone.relay import configuration, credentials, working
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.json_log import to_stderr
from desk_phone.relay.serving import Passwords, Relay, serve
from desk_phone.relay.state import beside
from desk_phone.said import Status
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import Keyring

_PATIENCE = 3.0  # seconds: a command beside may hold the state for a moment

log = logging.getLogger(__name__)


def run(file: Path, keyring: Keyring, verbose: bool = False) -> int:
    """Until SIGTERM or SIGINT, then 0, or 1 where a bug ended a part of it; SIGHUP reads numbers
    and passwords anew.

    For the main thread. Raises PhoneError: then nothing was begun. BadInput and BadCredentials are
    about what an administrator wrote; Offline is a disk, a port or a lock, and worth another try.
    """
    early = _Early()
    signal.signal(signal.SIGHUP, early.hear)

    def read() -> tuple[Configuration, Passwords]:
        conf = configuration.read(file)
        return conf, _passwords(keyring)

    conf, passwords = read()
    try:
        beside.make_folders(conf)
        with InstanceLock(conf.lock) as lock, to_stderr(verbose):
            if not lock.take(_PATIENCE):
                raise BadInput(
                    tr("A relay with this state runs already"),
                    tr("Its process is %(pid)d.") % {"pid": lock.holder()},
                )
            return _run(lambda: _until_told(Relay(conf, passwords), read, early))
    except BadInput as error:
        raise Offline(error.title, error.message) from error


@dataclass(slots=True)
class _Early:
    """Who is told to reload before it can must neither die of that nor forget it."""

    came: bool = False

    def hear(self, _signal: int, _frame: FrameType | None) -> None:
        self.came = True


def _run(story: Callable[[], Coroutine[None, None, Status]]) -> Status:
    try:
        return asyncio.run(story())
    except PhoneError:
        raise
    except BaseException as bug:  # where whoever looks after the server looks
        log.critical("the relay has ended: %s", type(bug).__name__, exc_info=bug)
        raise


async def _until_told(
    relay: Relay, again: Callable[[], tuple[Configuration, Passwords]], early: _Early
) -> Status:
    ending, hung_up, broken = asyncio.Event(), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for told, event in (
        (signal.SIGTERM, ending),
        (signal.SIGINT, ending),
        (signal.SIGHUP, hung_up),
    ):
        loop.add_signal_handler(told, event.set)
    if early.came:
        hung_up.set()
    gc.freeze()  # what was imported never goes: collecting need not look at it

    def end_broken() -> None:
        broken.set()
        ending.set()

    working.when_broken(end_broken)
    await serve(relay, again, ending, hung_up)
    return Status.BUG if broken.is_set() else Status.DONE


def _passwords(keyring: Keyring) -> Passwords:
    return Passwords(
        credentials.read(credentials.COMPANY, keyring),
        credentials.read(credentials.BROKER, keyring),
    )
