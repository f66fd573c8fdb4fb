"""What the service's error codes mean, in our words. Its own texts vary and have typos."""

from __future__ import annotations

from desk_phone.errors import BadCredentials, PhoneError, Refused
from desk_phone.i18n import tr
from desk_phone.model.text import clean

# FailedAuthentication is WS-Security's own word for ERR001 (Web Services Security 1.1, chapter 12).
_LOGIN_CODES = ("ERR001", "FailedAuthentication")


def refusal(code: str, said: str) -> PhoneError:
    """The error for a ServiceError or Fault; only ``code`` is matched, ``said`` is only shown."""
    code, said = clean(code), clean(said)
    if code.rpartition(":")[2] in _LOGIN_CODES:
        return BadCredentials(
            tr("The service does not accept the user name or password"),
            tr("Nothing more is sent until you check them on the account page."),
        )
    title, message = _words(code, said)
    return Refused(title, message, code)


def _words(code: str, said: str) -> tuple[str, str]:
    match code:
        case "ERR002":
            return (
                tr("The service misses something in the request"),
                tr("Update this program, or report this: %(said)s") % {"said": said or code},
            )
        case "ERR003":
            return (
                tr("The service does not allow this number"),
                tr("It is none of your company's. Choose your own line in the settings."),
            )
        case "ERR1001":
            return (
                tr("The call could not be made"),
                tr("Check the number, and that your own phone is free and connected."),
            )
        case "ERR1002":
            return (
                tr("This entry is gone"),
                tr("Somebody has deleted it from the company's phonebook meanwhile."),
            )
        case "ERR1003":
            return (
                tr("The service does not take a character of this name"),
                tr("It takes plain Latin letters, digits, signs, and õ ä ö ü."),
            )
    return (
        tr("The service refused (%(code)s)") % {"code": code or "?"},
        tr("It says: %(said)s") % {"said": said} if said else tr("It gives no reason."),
    )
