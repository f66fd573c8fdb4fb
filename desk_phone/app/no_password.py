"""Why there is nothing to ask the service with, and what a person can do about it."""

from __future__ import annotations

from desk_phone.errors import BadCredentials, BadInput
from desk_phone.i18n import tr


class NoPassword(BadCredentials):
    """Nobody has given one yet, or it is kept where this process cannot read it."""


class NotEnrolled(NoPassword):
    """The token of this computer at the relay is nowhere to be found."""


def no_password() -> NoPassword:
    return NoPassword(
        tr("There is no password yet"),
        tr("Enter the company's user name and password on the account page."),
    )


def no_token() -> NotEnrolled:
    return NotEnrolled(
        tr("This computer is no longer enrolled"), tr("Ask your administrator for a new code.")
    )


def through_relay() -> BadInput:
    """Whoever enters a password where none is needed."""
    return BadInput(
        tr("This computer reaches the company through its relay"),
        tr("It needs no password. Leave the relay first to enter one."),
    )
