"""The password in the system's keyring: one item, in a kind of keyring we trust, or nowhere.

The library's own choice (``keyring.get_keyring``) is never asked: it obeys an environment variable
and a file, loads plug-ins, and takes an unencrypted file or a chain of several without a word.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol, TypeVar

from desk_phone.errors import BadInput
from desk_phone.i18n import tr
from desk_phone.logs import hide
from desk_phone.model.secret import Secret
from desk_phone.system.attempt import Attempt
from desk_phone.system.keyring_trouble import (
    KeyringLocked,
    KeyringSilent,
    KeyringTrouble,
    NoKeyring,
    none_there,
    odd,
    silent,
    trouble_of,
)

__all__ = [
    "Keyring",
    "KeyringLocked",
    "KeyringSilent",
    "KeyringTrouble",
    "MemoryKeyring",
    "NoKeyring",
    "SystemKeyring",
]

SERVICE = "Desk Phone"

_COPIES_AT_MOST = 9

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Keyring(Protocol):
    """Every method may block for minutes, since a person is asked to unlock the keyring: call it
    from a worker. Raises `KeyringTrouble`, most of all `NoKeyring`.
    """

    def read(self, user: str) -> Secret:
        """Empty when there is none."""

    def keep(self, user: str, secret: Secret) -> None:
        """In place of what was kept for that user. Raises BadInput for one that does not fit."""

    def forget(self, user: str) -> None:
        """Does nothing when there is none."""


@dataclass(frozen=True, slots=True)
class BackEnd:
    """A kind of keyring: a class of the library, and what we must know about it."""

    module: str
    name: str
    persist: str = ""  # how long and where Windows keeps it
    utf16_bytes_at_most: int = 0  # 0: as many as one likes
    keeps_the_old_one: bool = False  # beside the new one, under another name
    knock: Callable[[float], None] | None = None  # raises when nobody is in, and TimeoutError


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds: for what needs no person, and for what may ask one to unlock the keyring."""

    machine: float = 20.0
    person: float = 120.0


PATIENCE = Patience()


def _knock_at_secret_service(seconds: float) -> None:
    """The bus knows its name even while it hangs, or when it cannot be started after all."""
    from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    address = DBusAddress(
        "/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.DBus.Peer"
    )
    with closing(open_dbus_connection()) as bus:
        reply = bus.send_and_get_reply(new_method_call(address, "Ping"), timeout=seconds)
    if reply.header.message_type == MessageType.error:
        why = reply.header.fields.get(HeaderFields.error_name, "?")
        _log.warning("The Secret Service is not there: %s", why)
        raise none_there()


# CRED_MAX_CREDENTIAL_BLOB_SIZE (wincred.h) is 5 * 512 bytes, and the library writes UTF-16. Without
# "local machine" Windows copies the item to every computer the person logs in to.
TRUSTED: dict[str, tuple[BackEnd, ...]] = {
    "linux": (
        BackEnd("keyring.backends.SecretService", "Keyring", knock=_knock_at_secret_service),
        BackEnd("keyring.backends.libsecret", "Keyring"),
        BackEnd("keyring.backends.kwallet", "DBusKeyring"),
    ),
    "darwin": (BackEnd("keyring.backends.macOS", "Keyring"),),
    "win32": (BackEnd("keyring.backends.Windows", "WinVaultKeyring", "local machine", 2560, True),),
}


class _Ring(Protocol):
    """The library's KeyringBackend."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class SystemKeyring:
    """The best keyring of this system that we trust, looked for each time: it may come and go."""

    def __init__(
        self,
        trusted: Sequence[BackEnd] = TRUSTED.get(sys.platform, TRUSTED["linux"]),
        patience: Patience = PATIENCE,
    ) -> None:
        self._trusted = trusted
        self._patience = patience
        self._hanging: list[Attempt[Any]] = []

    def read(self, user: str) -> Secret:
        if not user:
            return Secret("")
        _, ring = self._open()
        found = self._ask(lambda: ring.get_password(SERVICE, user)) or ""
        hide(found)
        return Secret(found)

    def keep(self, user: str, secret: Secret) -> None:
        if not secret:
            self.forget(user)
            return
        _check_words(user, secret)
        hide(secret.reveal())
        back_end, ring = self._open()
        _check_length(secret, back_end)
        if back_end.keeps_the_old_one:
            self._ask(lambda: _delete(ring, user))
        # Not every back-end says when it has not done it.
        if not self._ask(lambda: _set(ring, user, secret)):
            _log.warning("The keyring gave back another password than it was given")
            raise odd()

    def forget(self, user: str) -> None:
        if user:
            _, ring = self._open()
            self._ask(lambda: _delete(ring, user))

    def kind(self) -> str:
        """Which keyring of the library would be asked; it answers. Raises what `read` raises."""
        back_end, _ = self._open()
        return back_end.module.rpartition(".")[2]

    def _open(self) -> tuple[BackEnd, _Ring]:
        """Raises NoKeyring, or KeyringSilent."""
        seconds = self._patience.machine
        back_end, ring = self._within(seconds, lambda: _best(self._trusted))
        if back_end.knock is not None:
            knock = back_end.knock
            self._within(seconds, lambda: knock(seconds))
        return back_end, ring

    def _ask(self, deed: Callable[[], T]) -> T:
        return self._within(self._patience.person, deed)

    def _within(self, seconds: float, deed: Callable[[], T]) -> T:
        """In a thread of its own, for a keyring that hangs never comes back."""
        self._hanging = [attempt for attempt in self._hanging if attempt.is_unfinished]
        if self._hanging:
            raise silent()
        attempt = Attempt(deed)
        try:
            failure = attempt.failure(seconds)
        except TimeoutError as error:
            self._hanging.append(attempt)
            raise silent() from error
        if failure is None:
            return attempt.outcome(seconds)
        trouble = trouble_of(failure)
        if trouble is failure:
            raise failure
        raise trouble from failure


class MemoryKeyring:
    """For trying out: nothing leaves the process."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    def read(self, user: str) -> Secret:
        return self._secrets.get(user, Secret(""))

    def keep(self, user: str, secret: Secret) -> None:
        self._secrets[user] = secret

    def forget(self, user: str) -> None:
        self._secrets.pop(user, None)


def _best(trusted: Sequence[BackEnd]) -> tuple[BackEnd, _Ring]:
    """Raises NoKeyring."""
    found = [(back_end, _class_of(back_end)) for back_end in trusted]
    usable = [(back_end, ring) for back_end, ring in found if ring.viable]
    if not usable:
        raise none_there()
    back_end, ring = max(usable, key=lambda one: float(one[1].priority))
    made = ring()
    if back_end.persist:
        made.persist = back_end.persist
    return back_end, made


@cache
def _class_of(back_end: BackEnd) -> Any:
    """The class without what the environment could change: KEYRING_PROPERTY_..., KEYCHAIN_PATH."""
    theirs = getattr(import_module(back_end.module), back_end.name)
    ours = {"set_properties_from_env": lambda _: None, "appid": SERVICE, "keychain": None}
    return type(theirs.__name__, (theirs,), ours)


def _set(ring: _Ring, user: str, secret: Secret) -> bool:
    ring.set_password(SERVICE, user, secret.reveal())
    return ring.get_password(SERVICE, user) == secret.reveal()


def _delete(ring: _Ring, user: str) -> None:
    """Until nothing is left: a keyring may hold several, and each call takes one."""
    from keyring.errors import PasswordDeleteError

    for _ in range(_COPIES_AT_MOST):
        try:
            ring.delete_password(SERVICE, user)
        except PasswordDeleteError:  # there is none, or it will not
            if ring.get_password(SERVICE, user) is not None:
                raise
            return
    raise odd()


def _check_words(user: str, secret: Secret) -> None:
    try:
        secret.reveal().encode()
    except UnicodeEncodeError:
        raise BadInput(  # without the cause, which holds the password
            tr("The password holds half a character"), tr("Type it again.")
        ) from None
    if not user:
        raise BadInput(tr("There is no user name"), tr("Enter the one the password belongs to."))


def _check_length(secret: Secret, back_end: BackEnd) -> None:
    at_most = back_end.utf16_bytes_at_most
    if at_most and len(secret.reveal().encode("utf-16-le")) > at_most:
        raise BadInput(
            tr("The password is too long for the keyring"),
            tr("It takes %(n)d characters at most.") % {"n": at_most // 2},
        )
