"""Words for answers that are none: web pages, silence, damage. All of them leave doubt."""

from __future__ import annotations

import re

from lxml import etree

from desk_phone.errors import BadCredentials, PhoneError, Uncertain
from desk_phone.i18n import tr
from desk_phone.telco.reply import Reply

_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ENVELOPE = re.compile(rb"<(\?xml|[\w-]*:?Envelope)\b")
_LETTERS = (
    etree.ErrorTypes.ERR_INVALID_CHAR,
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.I18N_CONV_FAILED,
)


def by_status(reply: Reply) -> PhoneError | None:
    """What an HTTP status says by itself; None for 200 and what says nothing to a person.

    401 counts as bad credentials although the service documents none: asking on might lock the
    account. Every other status leaves in doubt whether the request was done.
    """
    status = {"status": reply.status}
    match reply.status:
        case 401:
            return BadCredentials(
                tr("The server wants another user name or password (HTTP 401)"),
                tr("Nothing more is sent until you check them on the account page."),
            )
        case 403:
            return Uncertain(
                tr("The server does not let this computer in (HTTP 403)"),
                tr("Ask who looks after the network, or the company's contact at the service."),
            )
        case 404 | 405 | 410:
            return Uncertain(
                tr("The service is not at this address (HTTP %(status)d)") % status,
                tr("Check the service address in the settings."),
            )
        case 429 | 503:
            return Uncertain(
                tr("The service is busy or being repaired (HTTP %(status)d)") % status,
                tr("Try again later."),
                reply.retry_after,
            )
        case code if code >= 400:
            return Uncertain(
                tr("The service has a fault of its own (HTTP %(status)d)") % status,
                tr("Try again later."),
                reply.retry_after,
            )
    return None


def empty() -> Uncertain:
    return Uncertain(tr("The service sent an empty answer"), tr("Try again later."))


def web_page() -> Uncertain:
    return Uncertain(
        tr("A web page came instead of an answer"),
        tr("Perhaps this network wants you to log in first: open a web browser and look."),
    )


def not_xml(body: bytes, error: etree.XMLSyntaxError) -> Uncertain:
    """``body`` without what may stand before the first ``<``."""
    if _PAGE.match(body):
        return web_page()
    found = _ENVELOPE.search(body)
    more = error.code == etree.ErrorTypes.ERR_DOCUMENT_END  # type: ignore[attr-defined]
    if found and (found.start() > 0 or more):
        return Uncertain(
            tr("The service mixed words of its own into the answer"), tr("Try again later.")
        )
    if found and error.code in _LETTERS:  # type: ignore[attr-defined]
        return Uncertain(
            tr("The answer's letters are damaged"),
            tr("Nothing of it was used. If it stays so, report it."),
        )
    if found:
        return Uncertain(
            tr("The answer was cut short"), tr("Check the network connection, then try again.")
        )
    if _PAGE.search(body):
        return web_page()
    return not_understood()


def forbidden_xml() -> Uncertain:
    return Uncertain(
        tr("The answer holds what no answer may hold"),
        tr("It was not read. Check the service address in the settings."),
    )


def other_answer(name: str) -> Uncertain:
    return Uncertain(
        tr("The answer belongs to another question"),
        tr("It is called %(name)s. Try again later.") % {"name": name},
    )


def not_understood() -> Uncertain:
    return Uncertain(
        tr("What answered is not the service"), tr("Check the service address in the settings.")
    )
