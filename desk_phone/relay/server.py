"""``desk-phone relay serve``: the process around the relay. Its signals, its lock, its log."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from pathlib import Path

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.relay import beside, configuration, credentials
from desk_phone.relay.configuration import Configuration
from desk_phone.relay.json_log import to_stderr
from desk_phone.relay.serving import Passwords, Relay, serve
from desk_phone.system.lock import InstanceLock
from desk_phone.system.secrets import Keyring


def run(file: Path, keyring: Keyring, verbose: bool = False) -> int:
    """Until SIGTERM or SIGINT, then 0; SIGHUP reads numbers and passwords anew.

    For the main thread. Raises PhoneError: then nothing was begun.
    """

    def read() -> tuple[Configuration, Passwords]:
        conf = configuration.read(file)
        return conf, _passwords(keyring)

    conf, passwords = read()
    beside.make_folders(conf)
    with InstanceLock(conf.lock) as lock, to_stderr(verbose):
        if not lock.take():
            raise BadInput(
                tr("A relay with this state runs already"),
                tr("Its process is %(pid)d.") % {"pid": lock.holder()},
            )
        asyncio.run(_until_told(Relay(conf, passwords), read))
    return 0


async def _until_told(relay: Relay, again: Callable[[], tuple[Configuration, Passwords]]) -> None:
    ending, hung_up = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for told, event in (
        (signal.SIGTERM, ending),
        (signal.SIGINT, ending),
        (signal.SIGHUP, hung_up),
    ):
        loop.add_signal_handler(told, event.set)
    gc.freeze()  # what was imported never goes: collecting need not look at it
    await serve(relay, again, ending, hung_up)


def _passwords(keyring: Keyring) -> Passwords:
    return Passwords(
        credentials.read(credentials.COMPANY, keyring),
        credentials.read(credentials.BROKER, keyring),
    )
