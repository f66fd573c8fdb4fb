"""What can be wrong with a keyring, and what the person can do about it."""

from __future__ import annotations

import logging

from desk_phone.errors import BadCredentials, PhoneError
from desk_phone.i18n import tr

_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}
_ABSENT = {"NoKeyringError", "SecretServiceNotAvailableException"}
_LIBRARIES = {"keyring", "secretstorage", "jeepney", "gi", "dbus", "win32ctypes", "pywintypes"}

_log = logging.getLogger(__name__)


class KeyringTrouble(BadCredentials):
    """The keyring did not do it; with the password in memory the program works all the same."""


class NoKeyring(KeyringTrouble):
    """This system has none that we trust: keep the password in memory only."""


class KeyringLocked(KeyringTrouble):
    """It is locked, and nobody unlocked it when it asked."""


class KeyringSilent(KeyringTrouble):
    """It does not answer, or still asks the person. What was to be done may yet be done."""


def trouble_of(failure: BaseException) -> BaseException:
    """What it means for us; what neither the library nor the system raised is a bug and stays.

    By name, since most of these classes exist on one system only. An InitError hides in its cause
    whether the keyring is gone or the person said no.
    """
    if isinstance(failure, PhoneError):
        return failure
    if isinstance(failure, TimeoutError):
        return silent()
    chain = (failure, failure.__cause__)
    names = {kind.__name__ for error in chain for kind in type(error).__mro__}
    if names & _LOCKED:
        return locked()
    if names & _ABSENT:
        return none_there()
    whose = type(failure).__module__.partition(".")[0]
    if whose in _LIBRARIES or isinstance(failure, OSError | UnicodeError):
        _log.warning("The keyring failed: %s: %s", type(failure).__name__, failure)
        return odd()
    return failure


def none_there() -> NoKeyring:
    return NoKeyring(
        tr("This computer has no keyring for the password"),
        tr("It is kept in memory until the program ends. GNOME Keyring or KWallet would keep it."),
    )


def locked() -> KeyringLocked:
    return KeyringLocked(
        tr("The keyring is locked"),
        tr("Try again and unlock it in the window that opens, or give the password here."),
    )


def silent() -> KeyringSilent:
    return KeyringSilent(
        tr("The keyring does not answer"),
        tr(
            "If it asks for its own password in some window, answer there and try again. Otherwise "
            "log out of the computer and in again."
        ),
    )


def odd() -> KeyringTrouble:
    return KeyringTrouble(
        tr("The keyring cannot be used now"),
        tr("The password is kept in memory until the program ends. The log says more."),
    )
