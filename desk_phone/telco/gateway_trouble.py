"""What the relay's gateway says when it does not do something, in our words."""

from __future__ import annotations

import json

from desk_phone.errors import BadCredentials, BadInput, Offline, PhoneError, Refused, Uncertain
from desk_phone.i18n import tr
from desk_phone.telco.operations import Operation, when_in_doubt
from desk_phone.telco.refusals import refusal
from desk_phone.telco.reply import Reply

CHANGED = "CHANGED"  # the code of an entry that somebody else changed meanwhile
LOCKED_PAUSE = 600.0  # seconds until a relay is asked again that the company refused


def trouble_of(reply: Reply, operation: Operation) -> PhoneError:
    """Of an answer that is no success; docs/relay.md lists them."""
    match reply.status:
        case 400:
            return BadInput(
                tr("The relay does not understand this"), tr("Update this program or the relay.")
            )
        case 401:
            return BadCredentials(
                tr("This computer is no longer enrolled"),
                tr("Ask your administrator for a new code."),
            )
        case 403:
            return Refused(
                tr("The relay does not let this computer do that"),
                tr("Ask your administrator."),
                "403",
            )
        case 409:
            return refusal(_code(reply), "")
        case 412:
            return Refused(
                tr("Somebody else changed this entry meanwhile"),
                tr("The phonebook is listed again."),
                CHANGED,
            )
        case 423:
            return Offline(  # nothing that stops this desk: somebody else mends it, elsewhere
                tr("The relay's own password was refused"),
                tr("Nothing was done. Tell your administrator; it is tried again by itself."),
                reply.retry_after or LOCKED_PAUSE,
            )
        case 429:
            return Offline(
                tr("This computer asks the relay too often"),
                tr("Nothing was done. It is tried again later."),
                reply.retry_after,
            )
        case 503:
            return Offline(
                tr("The relay does not reach the service"),
                tr("Nothing was done. It is tried again later."),
                reply.retry_after,
            )
    return in_doubt(operation)


def in_doubt(operation: Operation) -> Uncertain:
    """It was handed on, and nobody heard what became of it."""
    message = f"{tr('The relay got no answer from the service.')} {when_in_doubt(operation)}"
    return Uncertain(tr("It is not known whether it was done"), message.strip())


def no_relay(operation: Operation) -> Uncertain:
    message = tr("Check the relay's address with your administrator.")
    return Uncertain(
        tr("What answered is no relay"), f"{message} {when_in_doubt(operation)}".strip()
    )


def _code(reply: Reply) -> str:
    """The service's own word; empty where there is none."""
    try:
        given = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    code = given.get("code") if isinstance(given, dict) else None
    return code if isinstance(code, str) else ""
