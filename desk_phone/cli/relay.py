"""What of ``desk-phone account enrol`` belongs to the process of the command: the code, which goes
by way of the keyring and never through the hand-over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from desk_phone.errors import BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.model.secret import Secret
from desk_phone.options import Options
from desk_phone.said import Said

if TYPE_CHECKING:
    from desk_phone.system.secrets import Keyring


def enrols(options: Options) -> bool:
    return (options.command, options.deed) == ("account", "enrol")


def with_code_kept(
    options: Options,
    given: Sequence[str],
    code: Secret,
    keyring: Keyring,
    run: Callable[[Options, tuple[str, ...]], Said],
) -> Said:
    """Run it with the name under which the code lies meanwhile.

    Raises PhoneError: there is no keyring, and without one no computer can be enrolled.
    """
    if options.kept:
        raise BadInput(tr("--kept is not for you"), tr("Leave it out."))
    import secrets  # with the keyring's, milliseconds that every start would wait

    key = f"relay code {secrets.token_hex(8)}"
    keyring.keep(key, code)
    words = tuple(given)
    at = words.index("--") if "--" in words else len(words)
    try:
        return run(replace(options, kept=key), (*words[:at], "--kept", key, *words[at:]))
    finally:
        with suppress(PhoneError):
            keyring.forget(key)
