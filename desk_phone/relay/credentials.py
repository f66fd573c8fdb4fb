"""The relay's secrets: of systemd, of a file for this alone, or of the keyring; never of its
configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from desk_phone import logs
from desk_phone.errors import BadCredentials, BadInput
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.system.secrets import Keyring, NoKeyring

COMPANY, BROKER = "company-password", "broker-password"
PLACE = "CREDENTIALS_DIRECTORY"  # systemd's LoadCredential= puts them there

_AT_MOST = 4096  # bytes


def read(name: str, keyring: Keyring, environment: Mapping[str, str] = os.environ) -> Secret:
    """``name`` is one of the two above.

    Raises BadCredentials where there is none, BadInput for a file that cannot be it, and what a
    keyring raises that does not answer. Blocks.
    """
    folder = environment.get(PLACE, "")
    found = _of_file(Path(folder, name)) if folder else ""
    if not found:
        with suppress(NoKeyring):  # as on most servers
            found = keyring.read(key(name)).reveal()
    if not found:
        raise BadCredentials(
            tr("There is no %(name)s") % {"name": name},
            tr("Give systemd the credential %(name)s, or run “desk-phone relay password”.")
            % {"name": name},
        )
    logs.hide(found)
    return Secret(found)


def key(name: str) -> str:
    """Under which name it lies in the keyring."""
    return f"relay {name}"


def _of_file(file: Path) -> str:
    """Empty where there is none. One line's end does not belong to it."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(_AT_MOST + 1)
        text = raw.decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise _no_credential(file) from error
    text = text.removesuffix("\n").removesuffix("\r")
    if len(raw) > _AT_MOST or not text.isprintable():
        raise _no_credential(file)
    return text


def _no_credential(file: Path) -> BadInput:
    return BadInput(
        tr("%(file)s cannot be read") % {"file": file},
        tr("One line with the password belongs there, in UTF-8."),
    )
