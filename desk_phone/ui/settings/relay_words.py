"""How the company's relay stands, in sentences."""

from __future__ import annotations

import re
from datetime import datetime

from desk_phone.app.relay_state import Heard, Listening, RelayState
from desk_phone.errors import PhoneError
from desk_phone.i18n import tr
from desk_phone.model.broker import NoBroker, broker_of
from desk_phone.ui import words

_SHORT, _AT_MOST = 40, 500  # characters of an address
_MAY_BREAK = re.compile(r"[/.:?&=_-](?!/)|\w{20}(?=\w)")
_HERE = "\u200b"  # where a line may end


def enrolled(state: RelayState) -> str:
    """Where, and for which numbers."""
    said = tr("Relay: %(url)s") if state.refused else tr("Enrolled at %(url)s.")
    whole = (words.number(key).replace(" ", "\u00a0") for key in state.numbers)
    numbers = ", ".join(whole) or tr("none")
    return "\n".join(
        (
            said % {"url": _address(state.url)},
            tr("Numbers: %(numbers)s") % {"numbers": numbers},
        )
    )


def status(state: RelayState) -> str:
    """What is being done, or what is wrong; empty for neither."""
    if state.busy:
        return tr("Asking the relay...")
    if state.trouble is not None:
        return _trouble(state.trouble)
    return tr("Nothing else is needed: no password, no address.") if state.enrolled else ""


def listening(state: RelayState, now: datetime) -> str:
    """Whether the relay tells of calls, and when it did last."""
    heard = state.heard
    if not state.notices:
        return tr("Calls are looked up every few minutes.")
    lines = [_listening(heard), tr("Some calls have yet to come.") if heard.behind else ""]
    if heard.at is not None:
        last = tr("The last one was told %(when)s.")
        lines.append(last % {"when": words.ago(heard.at, now)})
    return "\n".join(filter(None, lines))


def _listening(heard: Heard) -> str:
    if heard.trouble is not None:
        return _trouble(heard.trouble)
    if heard.silent:
        return tr("Calls came that the relay did not tell of: they are looked up.")
    said = {
        Listening.UP: tr("The relay tells of calls while they ring."),
        Listening.NO_RELAY: tr("The relay is down: calls are looked up until it is back."),
        Listening.TRYING: tr("Connecting to the relay..."),
    }
    return said.get(heard.listening, tr("Calls are looked up every few minutes."))


def broker(text: str) -> str:
    """The broker's host as a person may tell it to an administrator; empty for none."""
    try:
        found = broker_of(text)
    except NoBroker:
        return ""
    return f"{words.plain(found.host)}:{found.port}"


def _trouble(error: PhoneError) -> str:
    return f"{error.title}\n{error.message}".strip()


def _address(url: str) -> str:
    """Whole: half of it is no address. A label breaks lines only where it is told to."""
    shown = "".join(filter(str.isprintable, url))
    if len(shown) > _AT_MOST:
        shown = f"{shown[:_AT_MOST]}…"
    return shown if len(shown) <= _SHORT else _MAY_BREAK.sub(rf"\g<0>{_HERE}", shown)
