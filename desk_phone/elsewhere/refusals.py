"""What keeps a source from being read, in words for whoever added it."""

from __future__ import annotations

from desk_phone.errors import BadCredentials, Offline, PhoneError, Refused
from desk_phone.i18n import tr


class TooLarge(Refused):
    """More than we read at once; a part of it may do."""


def by_status(status: int, host: str, retry_after: float | None = None) -> PhoneError:
    """What an HTTP status means that is not the answer we hoped for."""
    names = {"host": host, "status": status}
    match status:
        case 401:
            return BadCredentials(
                tr("%(host)s wants another user name or password") % names,
                tr("Nothing more is asked there until you give them anew."),
            )
        case 403:
            return Refused(
                tr("%(host)s does not let you read this (HTTP 403)") % names,
                tr("Ask whoever keeps it to share it with you."),
                str(status),
            )
        case 404 | 410:
            return Refused(
                tr("Nothing is at this address any more (HTTP %(status)d)") % names,
                tr("Look whether it moved, and add it anew."),
                str(status),
            )
        case code if code == 429 or code >= 500:
            return Offline(
                tr("%(host)s is busy or being repaired (HTTP %(status)d)") % names,
                tr("It is asked again later."),
                retry_after,
            )
    return Refused(
        tr("%(host)s does not give these contacts (HTTP %(status)d)") % names,
        tr("Check the address."),
        str(status),
    )


def elsewhere(host: str, other: str) -> Refused:
    return Refused(
        tr("%(host)s sends us on to %(other)s") % {"host": host, "other": other},
        tr("We did not follow, to keep the password safe. If it is right, add that address."),
    )


def unprotected(host: str) -> Refused:
    return Refused(
        tr("%(host)s sends us on to an address that is not safe") % {"host": host},
        tr("We did not follow. Use an address that stays with https://"),
    )


def circles(host: str) -> Refused:
    return Refused(tr("%(host)s sends us in circles") % {"host": host}, tr("Check the address."))


def no_address_book(host: str) -> Refused:
    return Refused(
        tr("No address book was found at %(host)s") % {"host": host},
        tr("Give the address of the address book itself, as its own settings show it."),
    )


def not_understood(host: str) -> Refused:
    return Refused(
        tr("What answered at %(host)s is no address book") % {"host": host},
        tr("Check the address."),
    )
