"""What of ``desk-phone sources`` belongs to the process of the command: a file's whole path, and
the password, which goes into the keyring here and never through the hand-over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.said import Said, Status

if TYPE_CHECKING:
    from desk_phone.system.secrets import Keyring


def adds_source(options: Options) -> bool:
    return (options.command, options.deed) == ("sources", "add")


def with_whole_path(options: Options, given: Sequence[str]) -> tuple[Options, tuple[str, ...]]:
    """The tray program that may do it stands in another directory."""
    if not (adds_source(options) and options.kind == "file"):
        return options, tuple(given)
    whole = str(Path(options.address).expanduser().absolute())
    words = [whole if word == options.address else word for word in given]
    return replace(options, address=whole), tuple(words)


def with_password_kept(
    options: Options,
    given: Sequence[str],
    password: Secret,
    keyring: Keyring,
    run: Callable[[Options, tuple[str, ...]], Said],
) -> Said:
    """Run it with the name under which the password lies; forget it where nothing was added.

    Raises PhoneError: there is no keyring to keep it in.
    """
    from desk_phone.app.elsewhere import keyring_item, new_key

    if options.kept:  # it is ours to give: another one's password would go to that address
        raise BadInput(tr("--kept is not for you"), tr("Leave it out."))
    if not password:
        return run(options, tuple(given))
    key = new_key()
    keyring.keep(keyring_item(key), password)
    words = tuple(given)
    at = words.index("--") if "--" in words else len(words)
    said = run(replace(options, kept=key), (*words[:at], "--kept", key, *words[at:]))
    if said.status == Status.BAD_INPUT and not said.out:
        try:
            keyring.forget(keyring_item(key))
        except PhoneError:
            return said
    return said
