"""Trouble as a command tells it: where the windows name a page, a terminal names a command."""

from __future__ import annotations

from desk_phone.app.access import NoPassword
from desk_phone.app.no_password import no_token
from desk_phone.errors import BadCredentials, BadInput, PhoneError
from desk_phone.i18n import tr
from desk_phone.said import Said, of_error
from desk_phone.system.secrets import KeyringTrouble


def of_trouble(error: PhoneError, out: str = "") -> Said:
    """``out`` is what is printed all the same."""
    return of_error(_in_a_terminal(error), out)


def no_user() -> BadInput:
    return BadInput(
        tr("The user name is missing"),
        tr("Give it with --user, as in --user P0000000@elion.ee"),
    )


def _in_a_terminal(error: PhoneError) -> PhoneError:
    if error.title == no_token().title:  # the relay's word, or ours: no password helps
        return no_token()
    if isinstance(error, NoPassword):
        return BadCredentials(error.title, tr("Give it with: desk-phone account set --user NAME"))
    if isinstance(error, BadCredentials) and not isinstance(error, KeyringTrouble):
        return BadCredentials(
            error.title, tr("Nothing more is sent before another one: desk-phone account set")
        )
    return error
